"""The one way in for every chat platform: a wish is stored before it is acknowledged, then taken up.

Listeners turn an event into a `Wish` and call `hear`; what else they need to know (what a reply means, what to complete, what a
form is filled in with) they ask here, so that no rule lives in a listener.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from bot import forms, leaving, suggestions
from bot.asking import Desk
from bot.errors import Busy
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.ports import Clock, WorkFactory
from bot.suggestions import Suggestion, Typing

log = logging.getLogger("throughline.intake")

STORE_SECONDS: Final = 2.0
"""A database that takes longer is "busy, nothing was started": Discord waits three seconds for an acknowledgement."""
ACKNOWLEDGED_SECONDS: Final = 3.0
"""An acknowledgement that takes longer is not waited for."""


@dataclass
class Intake:
    """Stores wishes and has them taken up, each in a task of its own."""

    work: WorkFactory
    take_up: Callable[[str], Coroutine[Any, Any, None]]
    desk: Desk
    clock: Clock
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def hear(self, *wishes: Wish, after: asyncio.Event | None = None) -> None:
        """Store all in one transaction; when this returns they may be acknowledged. Raises `Busy` with nothing stored.

        A wish of an id that was heard before is passed over: platforms deliver twice. `after`: what is stored is taken up once
        this is set (or soon anyway), for platforms where an answer cannot come before the acknowledgement.
        """
        try:
            async with asyncio.timeout(STORE_SECONDS), self.work() as w:
                new = [wish for wish in wishes if await w.wishes.add(wish)]
        except TimeoutError as slow:
            raise Busy from slow
        for wish in new:
            task = asyncio.create_task(self._take_up(wish.id, after), name=f"wish {wish.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take_up(self, wish_id: str, after: asyncio.Event | None) -> None:
        if after is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(ACKNOWLEDGED_SECONDS):
                    await after.wait()
        await self.take_up(wish_id)

    async def meaning(self, reference: str) -> str | None:
        """What a reply with words to that message means: an action for `commands.from_action`; None: not one of ours."""
        async with self.work() as w:
            return await w.messages.action(reference)

    async def filled_in(self, action: str, member: Member, address: Address) -> Mapping[str, str]:
        """What a form behind a button is filled in with, by the names of `forms.PARTS`.

        Raises `UnknownTake` or `UnknownIdea`.
        """
        async with self.work() as w:
            return await forms.filled_in(w, action, member, address)

    async def asked_about(self, action: str, member: Member, address: Address) -> tuple[str, str]:
        """What a question in place of a form says: the slate of the take that the action names, and the words that it replaces.

        Either is empty where there is none. Raises `UnknownTake` or `UnknownIdea`.
        """
        async with self.work() as w:
            slate = await forms.slate_behind(w, action, member, address)
            return slate, await forms.words_behind(w, action, member, address)

    async def suggest(self, option: str, typed: str, member: Member, address: Address) -> Sequence[Suggestion]:
        """At most 25 completions for an option: ``take``, ``from``, ``name``, ``preset``, ``field``, ``model``, ``title``."""
        async with self.work() as w:
            return await suggestions.suggest(w, option, typed, Typing(self.desk, member, address))

    async def moved(self, platform: str, old: str, new: str) -> None:
        """A chat has got another id: everything that points to it follows, in one transaction."""
        async with self.work() as w:
            await w.move_chat(platform, old, new)

    async def left(self, platform: str, chat: str) -> None:
        """The bot was removed from a chat or server: what waits there is cancelled and its money given back."""
        async with self.work() as w:
            await leaving.leave(w, f"{platform}/{chat}", self.clock.now())

    async def close(self) -> None:
        """Let what is being taken up end; it is stored, so it may also be cut short."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
