"""Cards out: `DiscordPoster` shows, edits, answers and delivers by REST alone, in any process.

Everything of one key (a take) is done one after the other, so that a late progress edit never overtakes its clip.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.chat import ChatSettings
from adapters.chat.discord.answering import Answering
from adapters.chat.discord.delivering import Delivering
from adapters.chat.discord.fetch import fetch
from adapters.chat.discord.landing import Landing
from adapters.chat.discord.library import PLATFORM
from adapters.chat.discord.notes import Notes
from adapters.chat.discord.out import Out
from adapters.chat.discord.pace import GAP
from adapters.chat.discord.rest import PATIENCE, PAUSES, Rest
from adapters.chat.discord.room import Room
from adapters.chat.discord.showing import Showing
from adapters.chat.discord.threads import thread_of
from adapters.chat.discord.turns import Turns
from bot.cards import Card
from bot.people import Address
from bot.ports import WorkFactory

log = logging.getLogger("throughline.discord")

PARTING_SECONDS: Final = 2.0


class DiscordPoster:
    """`ChatPoster` for Discord. Logs in at its first use, with two requests and no gateway connection."""

    platform = PLATFORM
    pace = GAP
    still_pixels = 0

    def __init__(
        self,
        setting: ChatSettings,
        work: WorkFactory,
        *,
        now: Callable[[], float] = time.time,
        gap: float = GAP,
        patience: float = PATIENCE,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`gap`, `patience`, `pauses`: seconds between progress edits, for one request, between its attempts."""
        self._api = setting.options.get("DISCORD_API_URL", "")
        token, gateway = setting.options.get("DISCORD_TOKEN", ""), setting.options.get("DISCORD_GATEWAY_URL", "")
        self._rest = Rest(token, self._api, gateway, patience=patience, pauses=pauses)
        notes, self._room, self._turns = Notes(work, now), Room(self._rest), Turns()
        out = Out(self._rest, notes, self._room, Landing(self._rest, notes, self._room), now)
        self._showing, self._answering, self._delivering = (
            Showing(out, self._turns, gap),
            Answering(out),
            Delivering(out),
        )
        self._later: set[asyncio.Task[None]] = set()

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Post the card or edit the one at `posted`; the reference. Raises `DeliveryFault`."""
        async with self._turns.turn(key):
            return await self._showing.show(address, key, card, posted)

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Show how it goes when there is room for it. Returns at once and never raises."""
        try:
            self._showing.offer(address, key, card, posted)
        except ValueError:
            log.warning("no message of Discord: %s", posted)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """Answer a wish that made no take. Raises `DeliveryFault`, and `TooLarge` for a file."""
        async with self._turns.turn(key):
            await self._answering.answer(address, key, card, picture, file)

    async def room(self, address: Address) -> int | None:
        """Largest file there, in bytes."""
        return await self._room.at(address)

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """Post the clip with its card, exactly once per key; the reference. Raises `DeliveryFault`, `TooLarge`."""
        async with self._turns.turn(key):
            self._showing.pacer.drop(key)
            posted = self._showing.now_at(posted) if posted else None
            reference = await self._delivering.deliver(address, key, card, parts, posted)
            self._showing.seen.note(key, card)
        self._soon(self._delivering.give_way(address, card, posted, reference))
        return reference

    async def thread(self, address: Address, title: str) -> Address:
        """Where a thread of that message goes on; the same address where there can be none. Raises `DeliveryFault`."""
        return await thread_of(self._rest, address, title)

    async def fetch(self, attachment: str, into: Path) -> None:
        """Write an attachment to the file `into`. Raises `AttachmentGone`, `ImageTooLarge`, `DeliveryFault`."""
        await fetch(attachment, into, self._api)

    async def close(self) -> None:
        """Let what is being sent end, for two seconds; then let go of the connection."""
        await self._showing.pacer.close()
        if self._later:
            _, late = await asyncio.wait(self._later, timeout=PARTING_SECONDS)
            for task in late:
                task.cancel()
        await self._rest.close()

    def _soon(self, deed: Coroutine[Any, Any, None]) -> None:
        """Nobody has to wait for it."""
        task = asyncio.create_task(deed)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
