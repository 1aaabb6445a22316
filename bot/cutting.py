"""Which takes make the film, and in which order: a production's takes in, the pieces of a `bot.cut.Cut` out.

Where a member has circled takes, those are the film, one a shot; where none is circled, the newest finished take of each shot.
They follow one another as the member named them, else as the production is arranged, what is not arranged by its slate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import speech
from bot.asking import Ask
from bot.assembly import Arrange
from bot.brief import Brief, PartName
from bot.cut import Cut, Piece, Spoken, Transition, frames_in
from bot.errors import UnknownTake
from bot.errors_film import FilmTooLong, NothingToCut, NotInFilm
from bot.film import Film, Production, Shot, Slate, Take
from bot.ports import Work
from bot.rewording import own_words

MOST: Final = 100
"""Pieces of one film."""
_BETWEEN: Final = re.compile(r"[\s,;，、；]+")
_SAID_IN: Final = (PartName.WORDS, PartName.CAMERA, PartName.ACTION, PartName.DIALOGUE)


@dataclass(frozen=True)
class Reel:
    """All of a production that a film can be made of."""

    production: Production
    shots: Sequence[Shot]
    """In the order of their slates."""
    takes: Sequence[Take]
    """In the order of their slates."""

    @property
    def finished(self) -> Sequence[Take]:
        """Those that have a clip."""
        return [take for take in self.takes if take.clip]

    @property
    def standing(self) -> Mapping[str, Take]:
        """The take that stands for its shot in the film, by the shot's id; a shot without one is not in the film."""
        finished = self.finished
        chosen = [take for take in finished if take.circled] or finished
        return {take.shot: take for take in chosen}

    @property
    def arranged(self) -> Sequence[Shot]:
        """The shots in the order of the film."""
        place = {shot: number for number, shot in enumerate(self.production.arranged)}
        return sorted(self.shots, key=lambda shot: place.get(shot.id, len(place)))

    def named(self, slate: Slate) -> Take | None:
        """The finished take of that slate; of a shot's slate the one that stands for it, else its newest."""
        mine = [take for take in self.finished if replace(take.slate, take=0) == replace(slate, take=0)]
        if slate.take:
            return next((take for take in mine if take.slate == slate), None)
        circled = [take for take in mine if take.circled]
        return next(reversed(circled or mine), None)


async def reel_of(w: Work, production: Production) -> Reel:
    """Read it."""
    return Reel(production, await w.productions.shots(production.id), await w.takes.of_production(production.id))


async def reel_in_hand(w: Work, ask: Ask) -> Reel:
    """That of the production in hand. Raises `NothingToCut` where nothing is finished in it, or there is none."""
    session = await w.sessions.get(ask.member.id, ask.place)
    production = await w.productions.get(session.production) if session.production else None
    reel = await reel_of(w, production) if production else None
    if reel is None or not reel.finished:
        raise NothingToCut
    return reel


def takes_of(reel: Reel, order: str | None = None) -> tuple[Take, ...]:
    """The takes of the film; with `order` (slates, blanks between) exactly those that it names, in its order.

    Raises `NotInFilm` for a name that stands for no finished take, `FilmTooLong`.
    """
    if order and order.strip():
        takes = tuple(_take_named(reel, name) for name in names_in(order))
    else:
        standing = reel.standing
        takes = tuple(standing[shot.id] for shot in reel.arranged if shot.id in standing)
    if len(takes) > MOST:
        raise FilmTooLong(count=len(takes), limit=MOST)
    return takes


def cut_of(reel: Reel, takes: Sequence[Take], transition: Transition = Transition.CUT) -> Cut:
    """These takes as a cut of the production's title."""
    return Cut(reel.production.title, tuple(map(piece_of, takes)), transition)


def piece_of(take: Take) -> Piece:
    """A finished take as a piece of a film."""
    clip = take.clip
    assert clip is not None  # only finished takes are cut
    return Piece(
        take=take.id,
        slate=str(take.slate),
        scene=take.slate.scene,
        words=own_words(take),
        clip=clip.digest,
        frames=frames_in(clip.seconds),
        width=clip.width,
        height=clip.height,
        circled=take.circled,
        spoken=spoken_in(take.brief, clip.seconds),
    )


def spoken_in(brief: Brief, seconds: float) -> tuple[Spoken, ...]:
    """What is said in a clip of that brief, laid out over its length.

    What a change makes somebody say replaces what was said before. A take that goes on from another has had its lines there.
    """
    if brief.starts_at:
        return ()
    said = [*_lines(brief, (PartName.CHANGE,))] or [*_lines(brief, _SAID_IN)]
    return speech.laid_out(said[: speech.LINES_MAX], seconds)


def _lines(brief: Brief, names: Sequence[PartName]) -> Iterator[speech.Said]:
    for part in brief.parts:
        if part.name in names:
            yield from speech.spoken(part.text, script=part.name is PartName.DIALOGUE)


def names_in(order: str) -> Sequence[str]:
    """The slates of an order, as they were written."""
    return [name for name in _BETWEEN.split(order) if name]


def _take_named(reel: Reel, name: str) -> Take:
    try:
        take = reel.named(Slate.read(name))
    except UnknownTake:
        take = None
    if take is None:
        raise NotInFilm(shot=name[:40])
    return take


def shots_named(reel: Reel, wish: Arrange) -> Sequence[str]:
    """Ids of the shots that an order names, each once. Raises `NotInFilm` for a name of none of them."""
    known = {(shot.scene, shot.number): shot.id for shot in reel.shots}
    found: dict[str, None] = {}
    for name in names_in(wish.order):
        try:
            slate = Slate.read(name)
        except UnknownTake:
            raise NotInFilm(shot=name[:40]) from None
        if (slate.scene, slate.shot) not in known:
            raise NotInFilm(shot=name[:40])
        found[known[slate.scene, slate.shot]] = None
    return tuple(found)


def same_film(cut: Cut, other: Cut) -> bool:
    """Whether both give the same file: title and slates stand in it as chapters, what was said about the takes does not."""
    return _content(cut) == _content(other)


def _content(cut: Cut) -> tuple[object, ...]:
    return (cut.title, cut.transition, tuple((piece.slate, piece.clip, piece.frames) for piece in cut.pieces))


def made_before(films: Sequence[Film], cut: Cut) -> Film | None:
    """One among these that is this very film, and has its clip."""
    return next((film for film in films if film.clip and same_film(film.cut, cut)), None)
