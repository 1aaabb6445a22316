"""Cards out: the studio's chat is our own table, so posting is writing a row and ringing the bell."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from adapters.chat.web.bell import Bell
from bot.cards import Button, Card
from bot.people import Address
from bot.ports import WorkFactory
from bot.text import say

PLATFORM = "web"
log = logging.getLogger(__name__)


class WebPoster:
    """`ports.Poster` for the studio. Works in any process: without a bell the studio finds the card within a second."""

    platform = PLATFORM
    pace = 0.3
    still_pixels = 0

    def __init__(self, work: WorkFactory, bell: Bell | None = None, now: Callable[[], float] = time.time) -> None:
        self._work, self._bell, self._now = work, bell, now

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Put the card into the chat; one post per key, an older revision never replaces a newer one."""
        key = _key_of(posted) or key
        async with self._work() as w:
            await w.posts.put(address.place, key, card, self._now())
        if self._bell:
            self._bell.ring()
        return key

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """As `show`: writing a row is quick."""
        try:
            await self.show(address, key, card, posted)
        except Exception as fault:  # noqa: BLE001 - the port asks for it: a card of progress may be lost
            log.info("progress not shown: %s", fault)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """A post of its own, or in place of the one whose button was pressed. Nobody but the studio's member sees any of it.

        The page shows a picture by its digest from the clip store, as it plays clips; a file to take home it serves from there.
        """
        if file is not None and card.file:
            url = f"/clips/{card.file}{file.suffix}?download=1&name={quote(file.stem)}"
            card = replace(card, buttons=(Button(say("button.download", address.locale), "", url=url), *card.buttons))
        await self.show(address, key, card, address.pressed if card.replaces else None)

    async def room(self, address: Address) -> int | None:
        """Any size: the page streams it from the clip store."""
        return None

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """The card becomes the clip: the page plays it by its digest from the clip store, so the file stays where it is."""
        return await self.show(address, key, card, posted)


def _key_of(reference: str | None) -> str:
    """The key of the post that is meant: ``web/studio/<key>``, or the key alone."""
    return (reference or "").rpartition("/")[2]
