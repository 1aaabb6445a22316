"""From updates to stored wishes: a whole batch in one insert, and only then is anything answered.

What was not stored raises, so that Telegram is asked for it, or delivers it, once more; wishes heard twice are one wish.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from telegram import Update

from adapters.chat.telegram.albums import Albums
from adapters.chat.telegram.answering import Answering
from adapters.chat.telegram.library import PLATFORM, place_of
from adapters.chat.telegram.staff import Staff
from adapters.chat.telegram.understand import Outcome, Wanted, tapped, understood
from adapters.chat.telegram.updates import Event, Left, Moved, Pressed, Said, Staffed, Surroundings, read
from bot.commands import to_dict
from bot.errors import Busy, Declined
from bot.intake import Intake
from bot.paperwork import Wish
from bot.people import Member

log = logging.getLogger("throughline.telegram")
T = TypeVar("T")

LOOK_SECONDS: Final = 2.0
TICK: Final = 1e-6
"""Between the times of two wishes of one batch, which keep their order by them."""
MODERATED: Final = frozenset({"cancel", "circle", "drop", "edit", "more"})
"""Commands for which it matters at once whether a member moderates."""


@dataclass(frozen=True)
class Heard:
    """What an event came to."""

    event: Said | Pressed
    outcome: Outcome | Declined


@dataclass
class Hearing:
    """Takes updates in."""

    intake: Intake
    answering: Answering
    staff: Staff
    around: Surroundings
    albums: Albums = field(default_factory=Albums)

    async def take(self, *updates: Update) -> int:
        """Store what they wish; how many wishes that was.

        Raises `Busy`, or whatever storage raises, with nothing of the last part stored.

        Parts end where a chat moves or is left, for what comes behind lives under other circumstances.
        """
        events, extras = self.albums.sift([event for each in updates if (event := self._event(each)) is not None])
        stored = 0
        for part in _parts(events):
            stored += await self._take(part)
        for extra in extras:
            if self.albums.due(extra):
                self.answering.one_picture(extra)
        return stored

    async def _take(self, part: Sequence[Event]) -> int:
        spoken = [event for event in part if isinstance(event, Said | Pressed)]
        heard = [found for event in spoken if (found := await self._heard(event)) is not None]
        if wishes := await self._wishes(heard):
            await self.intake.hear(*wishes)
        for event in part:
            await self._followed(event)
        for each in heard:
            if isinstance(each.event, Said):
                self.albums.note(each.event, ours=each.outcome is not None)
            self.answering.answer(each.event, each.outcome)
        return len(wishes)

    def _event(self, update: Update) -> Event | None:
        try:
            return read(update, self.around)
        except Exception as odd:  # noqa: BLE001 - whatever it is, one update must not stop those behind it
            log.warning("telegram: update %s passed over, it makes no sense: %s", update.update_id, place_of(odd))
            return None

    async def _heard(self, event: Said | Pressed) -> Heard | None:
        meaning = None
        if isinstance(event, Said) and event.reply_to:
            meaning = await in_time(self._meaning(event, event.reply_to))
        try:
            return Heard(event, tapped(event.data) if isinstance(event, Pressed) else understood(event, meaning))
        except Declined as declined:
            return Heard(event, declined)
        except Exception as odd:  # noqa: BLE001 - as above
            log.warning("telegram: %s passed over, it makes no sense: %s", event.wish, place_of(odd))
            return None

    async def _meaning(self, event: Said, replied: str) -> str | None:
        meaning = await self.intake.meaning(replied)
        if meaning is None and await self.answering.written(event.address.chat):
            meaning = await self.intake.meaning(replied)
        return meaning

    async def _wishes(self, heard: Iterable[Heard]) -> list[Wish]:
        wanted = [(each.event, each.outcome.command) for each in heard if isinstance(each.outcome, Wanted)]
        chats = {event.address.chat for event, command in wanted if _group(event) and command.name in MODERATED}
        await asyncio.gather(*(self.staff.settled(chat) for chat in chats))
        now = self.intake.clock.now()
        return [
            Wish(event.wish, self._member(event), event.address, to_dict(command), now + number * TICK)
            for number, (event, command) in enumerate(wanted)
        ]

    def _member(self, event: Said | Pressed) -> Member:
        if not _group(event) or event.member.moderator:
            return event.member
        return replace(event.member, moderator=self.staff.moderates(event.address.chat, event.user))

    async def _followed(self, event: Event) -> None:
        """What happened to a chat."""
        if isinstance(event, Moved):
            await self.intake.moved(PLATFORM, event.old, event.new)
        elif isinstance(event, Left):
            await self.intake.left(PLATFORM, event.chat)
        elif isinstance(event, Staffed):
            self.staff.changed(event.chat)


def _group(event: Said | Pressed) -> bool:
    return not event.address.direct


def _parts(events: Iterable[Event]) -> list[list[Event]]:
    parts: list[list[Event]] = [[]]
    for event in events:
        parts[-1].append(event)
        if isinstance(event, Moved | Left):
            parts.append([])
    return parts


async def in_time(look: Awaitable[T]) -> T:
    """What a look into the database finds. Raises `Busy` if that takes too long."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await look
    except TimeoutError as slow:
        raise Busy from slow
