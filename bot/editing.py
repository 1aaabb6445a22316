"""The edit room: makes what an answer asks to be made (`Card.makes`), and posts it. It takes its time, outside transactions.

An answer says *what* is to be made (``film:<film>``, ``sheet:<film>``, ``export:<film>``, ``check:<anchor>:<takes>``), so it
survives a crash with the stored wish: whatever was interrupted is begun again, and what was finished before is found: a film's
clip in its row, a measure under its clip, a card under its key. One thing at a time is made for a member; the next waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from bot import checking, handout, sheeting
from bot.bench import Bench, account_of
from bot.cards import Card, Tone
from bot.errors import Declined, DeliveryFault, MediaFault, SetupFault
from bot.errors_film import UnknownFilm
from bot.film import Film, new_id
from bot.filmcard import cutting_card, failed_card, film_card
from bot.leases import at_work, leased
from bot.paperwork import Wish
from bot.posting import Finished, post_clip
from bot.text import explain, say

log = logging.getLogger("throughline.editing")

FILM: Final = "film"
Maker = Callable[[Bench, Wish, str], Awaitable[None]]
MAKERS: Final[Mapping[str, Maker]] = {
    checking.CHECK: checking.check,
    handout.EXPORT: handout.export,
    sheeting.SHEET: sheeting.sheet,
}
"""What is made for an answer; the film itself is more than an answer."""
COMMANDS: Final = frozenset({FILM, *MAKERS})
"""Names of the commands whose answers take their time."""


def takes_its_time(wish: Wish) -> bool:
    """Whether nothing else should wait for its answer."""
    return wish.command["name"] in COMMANDS


@dataclass
class EditRoom:
    """`owner`: what this process is called; processes of one name never run side by side."""

    bench: Bench
    owner: str = field(default_factory=new_id)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def finish(self, wish: Wish, card: Card) -> None:
        """Make what the wish's answer asks for, and post it. Harmless to repeat. Raises `DeliveryFault`: later again."""
        kind, _, what = card.makes.partition(":")
        try:
            if kind == FILM:
                await self._film(wish, what)
            else:
                async with self._at_work(wish):
                    await MAKERS[kind](self.bench, wish, what)
        except SetupFault as fault:  # a full disk: it is made when there is room for it
            raise DeliveryFault(str(fault)) from fault
        except DeliveryFault:
            raise
        except Declined as declined:
            await self._say(wish, explain(declined, wish.address.locale))
        except Exception:
            log.exception("what wish %s asked for could not be made", wish.id)
            await self._say(wish, say("error.fault", wish.address.locale))

    @asynccontextmanager
    async def _at_work(self, wish: Wish) -> AsyncIterator[None]:
        """One thing at a time for a member. Raises `DeliveryFault` where another process is at it."""
        member = wish.member.id
        turn = self._turns.get(member)
        if turn is None:
            turn = self._turns[member] = asyncio.Lock()
        async with turn, leased(self.bench.work, self.bench.clock, at_work(member), self.owner):
            yield

    async def _say(self, wish: Wish, sentence: str) -> None:
        await self.bench.poster(wish.address).answer(wish.address, wish.id, Card(tone=Tone.FAILED, lines=(sentence,)))

    async def _film(self, wish: Wish, film_id: str) -> None:
        """The card that it is being cut, at once; then, when it is the member's turn, the film."""
        film = await self.bench.film(film_id)
        try:
            posted = film.posted or await self._shown(wish, film, cutting_card(film, wish.address.locale))
            async with self._at_work(wish):
                await self._cut(wish, await self.bench.film(film_id), posted)
        except DeliveryFault as fault:
            if not fault.final:
                raise
            log.warning("film %s: nothing can be said there: %s", film.id, fault.reason)

    async def _cut(self, wish: Wish, film: Film, posted: str) -> None:
        """The finished film in place of its card, or why there is none. Raises `DeliveryFault`."""
        locale = wish.address.locale
        try:
            await self._finished(wish, film, posted)
            return
        except MediaFault as fault:
            log.warning("film %s was not cut: %s", film.id, fault.reason)
            sentence = say("film.not_made", locale)
        except Declined as declined:
            sentence = explain(declined, locale)
        except DeliveryFault as fault:
            if not fault.final:
                raise
            log.warning("film %s cannot be posted: %s", film.id, fault.reason)
            sentence = say("film.not_taken", locale)
        await self._show(wish, film, failed_card(film, sentence, locale), posted)

    async def _shown(self, wish: Wish, film: Film, card: Card) -> str:
        """Show it for the first time; where it stands is remembered."""
        posted = await self._show(wish, film, card, None)
        async with self.bench.work() as w:
            await w.films.set_posted(film.id, posted)
        return posted

    async def _show(self, wish: Wish, film: Film, card: Card, posted: str | None) -> str:
        return await self.bench.poster(wish.address).show(wish.address, film.id, card, posted)

    async def _finished(self, wish: Wish, film: Film, posted: str) -> None:
        """Cut it, and put the clip into the chat: once for the film, however often this is begun."""
        bench = self.bench
        film = await bench.joined(film)
        async with bench.work() as w:
            card = film_card(film, (await account_of(w, film)).cost, wish.address.locale)
        path = await bench.clips.path(film.clip.digest) if film.clip else None
        if path is None:
            raise UnknownFilm
        done = Finished(wish.address, film.id, card, path, posted)
        reference = await post_clip(bench.fitter, bench.poster(wish.address), done)
        async with bench.work() as w:
            await w.films.set_posted(film.id, reference)
