"""How a clip fits a place: as it is, made smaller, by a link, or in parts. Never cropped, never cut short.

A clip is made smaller as long as it stays watchable. A longer one, a film of several minutes in ten mebibytes, is linked
where a public address is configured, else it comes in at most ten parts, which is as many files as one message takes
(Discord: 10 attachments; Telegram: 10 in an album).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.cards import Card, CardClip
from bot.errors import DeliveryFault, MediaFault
from bot.ports import Clips, Gate, Link
from bot.text import say

log = logging.getLogger("throughline.delivery")

MOST_PARTS: Final = 10
LEAST_BITS: Final = 400_000
"""Bits a second, sound included: under it the eye sees the blocks before it sees the picture."""
LINK_DAYS: Final = 7
"""How long a signed link works."""
TOUCH: Final = 0.9
"""What is left of a limit where the place has not told its true one, or has told it wrongly."""


@dataclass(frozen=True)
class Fit:
    """What is posted: files, or a link to the whole. `how`: ``smaller``, ``parts`` or ``linked``; empty: as it is."""

    parts: tuple[Path, ...]
    url: str = ""
    how: str = ""


async def no_link(digest: str) -> str | None:
    """The `Link` of a Throughline that has no public address."""
    return None


def fits(file: Path, room: int) -> bool:
    """Whether it has no more than `room` bytes."""
    return _size(file) <= room


def watchable(clip: CardClip, room: int) -> bool:
    """Whether it may be made as small as `room` bytes."""
    return room * 8 >= LEAST_BITS * clip.seconds


@dataclass(frozen=True)
class Fitter:
    """Makes clips fit."""

    clips: Clips
    gate: Gate
    link: Link = no_link

    @asynccontextmanager
    async def fitted(self, clip: CardClip, file: Path, room: int | None) -> AsyncIterator[Fit]:
        """The clip for a place that takes files of `room` bytes; what was made for it is gone at the end.

        Raises `DeliveryFault` (final) where nothing helps, `DiskFull` where the disk has no room to try.
        """
        if room is None or fits(file, room):
            yield Fit((file,))
            return
        async with self.clips.scratch() as folder:
            yield await self._made_to_fit(clip, file, room, folder)

    @asynccontextmanager
    async def with_stills(
        self, parts: Sequence[Path], most: int, poster: Path | None = None
    ) -> AsyncIterator[tuple[Path, ...]]:
        """The same files with a still beside each, as a place shows it before it plays; without one where none can be made.

        `poster`: what was taken of the whole clip; to make it smaller is quicker than to open the clip once more.
        """
        if not most or not parts:
            yield tuple(parts)
            return
        async with self.clips.scratch() as folder:
            beside = []
            for number, part in enumerate(parts):
                link = folder / f"{number}{part.suffix}"
                link.symlink_to(part.absolute())
                try:
                    whole = poster if poster and len(parts) == 1 else part
                    await self.gate.poster(whole, Path(f"{link}.jpg"), most)
                except MediaFault as fault:
                    log.info("no still for a clip: %s", fault.reason)
                beside.append(link)
            yield tuple(beside)

    async def linked(self, clip: CardClip, file: Path, room: int | None) -> Fit | None:
        """A new link for a clip that has to be linked in that place; None: it has not."""
        if room is None or fits(file, room) or watchable(clip, room):
            return None
        url = await self.link(clip.digest)
        return Fit((), url, "linked") if url else None

    async def _made_to_fit(self, clip: CardClip, file: Path, room: int, folder: Path) -> Fit:
        if watchable(clip, room):
            smaller = await self._shrunk(file, room, folder / "smaller.mp4")
            if smaller is not None:
                return Fit((smaller,), how="smaller")
        url = await self.link(clip.digest)
        if url is not None:
            return Fit((), url, "linked")
        parts = await self._in_parts(clip, file, room, folder)
        if parts:
            return Fit(tuple(parts), how="parts")
        raise DeliveryFault(f"a clip of {_size(file)} bytes cannot be made to fit into {room}", final=True)

    async def _shrunk(self, file: Path, limit: int, into: Path) -> Path | None:
        try:
            await self.gate.shrink(file, limit, into)
        except MediaFault as fault:
            log.warning("a clip was not made smaller: %s", fault.reason)
            return None
        return into if fits(into, limit) else None

    async def _in_parts(self, clip: CardClip, file: Path, room: int, folder: Path) -> Sequence[Path]:
        """None where even ten would not do. A clip of more than ten parts is first made as small as ten."""
        most = int(MOST_PARTS * room * TOUCH)
        if not fits(file, most):
            smaller = await self._shrunk(file, most, folder / "whole.mp4") if watchable(clip, most) else None
            if smaller is None:
                return ()
            file = smaller
        try:
            parts = await self.gate.split(file, room, folder)
        except MediaFault as fault:
            log.warning("a clip was not split: %s", fault.reason)
            return ()
        return parts if len(parts) <= MOST_PARTS and all(fits(part, room) for part in parts) else ()


def after_refusal(fit: Fit, limit: int) -> int:
    """The room to try next, where the place refused `fit` and named `limit`: always less than what it refused.

    Raises `DeliveryFault` (final) where there was no file to refuse.
    """
    if not fit.parts:
        raise DeliveryFault("a link was refused as too large", final=True)
    sent = max(_size(part) for part in fit.parts)
    return limit if limit < sent else int(sent * TOUCH)


def told(card: Card, fit: Fit, locale: str) -> Card:
    """The card that says in one line how its clip was made to fit, and where it can be watched."""
    if card.clip is None or not fit.how:
        return card
    media_type = card.clip.media_type if fit.how == "linked" else "video/mp4"
    line = say(f"fit.{fit.how}", locale, count=len(fit.parts), days=LINK_DAYS)
    return replace(card, lines=(*card.lines, line), clip=replace(card.clip, url=fit.url, media_type=media_type))


def _size(file: Path) -> int:
    return file.stat().st_size
