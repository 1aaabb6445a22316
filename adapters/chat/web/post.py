"""Cards out: the studio's chat is our own table, so posting is writing a row and ringing the bell."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from adapters.chat.web.bell import Bell
from bot.cards import Card
from bot.people import Address
from bot.ports import WorkFactory

PLATFORM = "web"


class WebPoster:
    """`ports.Poster` for the studio. Works in any process: without a bell the studio finds the card within a second."""

    platform = PLATFORM
    pace = 0.3

    def __init__(self, work: WorkFactory, bell: Bell | None = None, now: Callable[[], float] = time.time) -> None:
        self._work, self._bell, self._now = work, bell, now

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Put the card into the chat; one post per key, an older revision never replaces a newer one."""
        async with self._work() as w:
            await w.posts.put(address.place, key, card, self._now())
        if self._bell:
            self._bell.ring()
        return key

    async def deliver(self, address: Address, key: str, card: Card, clip: Path, posted: str | None) -> str:
        """The card becomes the clip: the page plays it by its digest from the clip store, so the file stays where it is."""
        return await self.show(address, key, card, posted)
