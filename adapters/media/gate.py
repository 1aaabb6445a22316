"""The gate of `bot.ports`: every file that came from outside is opened in a worker process, never in ours."""

from __future__ import annotations

from pathlib import Path

from adapters.workers.process import Workers
from bot.paperwork import Footage, Picture

WORKER = ("-m", "adapters.media.worker")
LOOK, MAKE = 20.0, 40.0
"""Seconds that looking at a file, and making a picture of it, may take."""


class MediaGate:
    """Looks at files by content, whatever they are called; two at once. Raises `MediaFault` when a worker crashed."""

    def __init__(self, workers: Workers | None = None) -> None:
        self._workers = workers or Workers(*WORKER)

    async def picture(self, file: Path) -> Picture:
        """Size as shown (EXIF orientation applied) of a JPEG, PNG or WebP. Raises `NotAnImage` or `ImageTooLarge`."""
        return Picture(**await self._workers.run("picture", {"file": str(file)}, timeout=LOOK))

    async def footage(self, file: Path) -> Footage:
        """Length and size as shown (upright) of an MP4, QuickTime, WebM or Matroska clip. Raises `MediaFault`."""
        return Footage(**await self._workers.run("footage", {"file": str(file)}, timeout=LOOK))

    async def poster(self, file: Path, into: Path) -> None:
        """Write a JPEG, at most 960 pixels wide, of a frame that is not black, near one third of the clip."""
        await self._workers.run("poster", {"file": str(file), "into": str(into)}, timeout=MAKE)

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        """Write the picture as PNG of exactly that size, without its metadata; see `pictures.fit`."""
        request = {"file": str(file), "width": width, "height": height, "into": str(into)}
        await self._workers.run("fit", request, timeout=MAKE)
