"""What a whole film is ordered by from a terminal: a storyboard's text, or the ``film.json`` of a film that was made before.

Both become jobs of a member of their own, so that nobody's spine changes and no member's caps count; see `adapters.film_cli`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot import casting, ideas, rebuilding, storyboards
from bot.asking import Ask, Desk, open_production
from bot.assembly import Storyboard
from bot.budget import Caps, Quotas
from bot.commands import Shoot, to_dict
from bot.cut import Transition
from bot.exporting.film_json import FilmFile
from bot.film import Shape
from bot.looks import Cast, CastAction
from bot.paperwork import Wish
from bot.picks import Opening
from bot.ports import Work
from bot.spine import Spine
from bot.storyboard_text import Board, write

MANY = 100_000
TITLE_MOST = 200


@dataclass(frozen=True)
class Line:
    """One take that will be filmed."""

    slate: str
    words: str
    seconds: int | None
    price: int | None
    """Micro-dollars; None: nobody knows."""


@dataclass(frozen=True)
class Offer:
    """All that will be filmed, before anything is spent."""

    backend: str
    lines: tuple[Line, ...]

    @property
    def price(self) -> int | None:
        """Of all of it; None where that of one take is not known."""
        prices = [line.price for line in self.lines if line.price is not None]
        return sum(prices) if len(prices) == len(self.lines) else None

    @property
    def seconds(self) -> int | None:
        """Of all of it."""
        lengths = [line.seconds for line in self.lines if line.seconds is not None]
        return sum(lengths) if len(lengths) == len(self.lines) else None


class Order(Protocol):
    """A film to be made. `wish` names it, and is what its jobs are known by together."""

    @property
    def title(self) -> str: ...

    @property
    def transition(self) -> Transition: ...

    async def prepare(self, w: Work, desk: Desk, ask: Ask) -> Offer:
        """What it will be; look, cast and production are made for it. Raises `Declined`."""

    async def book(self, w: Work, desk: Desk, ask: Ask) -> None:
        """Book all of it, once prepared."""

    def in_order(self, count: int) -> Sequence[int]:
        """Which of so many takes, in the order of their booking, follow one another in the film."""


def desk_for(desk: Desk, backend: str | None) -> Desk:
    """The operator's own desk: no member's caps, no tap above a price; what the house may spend in all still holds."""
    caps = Caps(rolling=desk.caps.rolling, waiting=MANY, takes_a_day=MANY)
    mine = replace(desk, caps=caps, quotas=Quotas(house=desk.quotas.house))
    return replace(mine, default=backend, offered=(backend, *desk.offered)) if backend else mine


@dataclass(frozen=True)
class BoardOrder:
    """A storyboard."""

    board: Board
    shape: Shape | None = None
    start: Opening | None = None
    transition: Transition = Transition.CUT

    @property
    def title(self) -> str:
        """As the storyboard says."""
        return " ".join(self.board.title.split())[:TITLE_MOST] or "Storyboard"

    async def prepare(self, w: Work, desk: Desk, ask: Ask) -> Offer:
        """Spine, cast and production as the text says; then the storyboard's wish, answered with its price."""
        if self.board.style:
            await w.sessions.set_spine(ask.member.id, Spine().set(look=self.board.style))
        for name, description in self.board.cast:
            await casting.cast(desk, w, ask, Cast(action=CastAction.ADD, who=name, description=description))
        production = await open_production(w, ask, self.title)
        session = await w.sessions.get(ask.member.id, ask.place)
        await w.sessions.save(replace(session, production=production.id))
        command = Storyboard(text=write(self.board), shape=self.shape, start=self.start)
        await w.wishes.add(Wish(ask.wish, ask.member, ask.address, to_dict(command), ask.now))
        answer = await storyboards.storyboard(desk, w, ask, command)
        await w.wishes.handled(ask.wish, answer.card, None)
        await w.wishes.answered(ask.wish)
        quote = await storyboards.quote(desk, w, ask, command)
        shots = (Line(str(each.slate), each.said.words, each.seconds, each.price) for each in quote.shots)
        return Offer(quote.backend, tuple(shots))

    async def book(self, w: Work, desk: Desk, ask: Ask) -> None:
        """The tap on its price."""
        await ideas.shoot(desk, w, ask, Shoot(idea=ask.wish))

    def in_order(self, count: int) -> Sequence[int]:
        """As they were booked."""
        return range(count)


@dataclass(frozen=True)
class FileOrder:
    """A film that was made before."""

    film: FilmFile
    transition: Transition = Transition.CUT

    @property
    def title(self) -> str:
        """As the file says."""
        return self.film.title.strip() or "film.json"

    async def prepare(self, w: Work, desk: Desk, ask: Ask) -> Offer:
        """Nothing is made for it: its briefs are whole."""
        again = rebuilding.quote(desk, ask, self.film)
        lines = (Line(each.shot.slate, each.shot.words, each.seconds, each.price) for each in again)
        return Offer(desk.choose(None), tuple(lines))

    async def book(self, w: Work, desk: Desk, ask: Ask) -> None:
        """Every take of it once."""
        await rebuilding.film(desk, w, ask, ask.wish, self.film)

    def in_order(self, count: int) -> Sequence[int]:
        """As the cut of the file has them; one may come back."""
        place = {shot.slate: at for at, shot in enumerate(self.film.shots)}
        return [place[slate] for slate in self.film.order]
