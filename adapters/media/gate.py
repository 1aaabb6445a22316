"""The gate of `bot.ports`: every file that came from outside is opened in a worker process, never in ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from adapters.media import faces
from adapters.workers.child import MIB, Limits
from adapters.workers.process import Workers
from bot.errors import ThroughlineError
from bot.paperwork import Footage, Picture

log = logging.getLogger("throughline.gate")

WORKER = ("-m", "adapters.media.worker")
PREPARED = (
    "av", "numpy", "PIL.Image", "adapters.media.footage", "adapters.media.stills", "adapters.media.pictures",
    "adapters.media.film", "adapters.media.drawing.contact_sheet",
)  # fmt: skip
"""What most operations import; see `adapters.workers.nursery`."""
LOOK, MAKE, ENCODE = 20.0, 40.0, 900.0
"""Seconds that looking at a file, making a picture of it, and encoding may take."""
GLANCE = 10.0
"""Seconds for which a wish waits to know whether its picture may show a face, a seat to look from included."""
LONG = Limits(cpu=1800, file=4096 * MIB)
"""What encoding may use."""


class MediaGate:
    """Looks at files by content, whatever they are called; two at once. Raises `MediaFault` when a worker crashed.

    Encoding has seats of its own, so that nobody's picture waits for somebody's film. `ready`: whether pictures can be looked at
    for faces; `glance`: seconds that this may take.
    """

    def __init__(
        self,
        workers: Workers | None = None,
        encoders: Workers | None = None,
        *,
        ready: Callable[[], bool] = faces.ready,
        glance: float = GLANCE,
    ) -> None:
        self._workers = workers or Workers(*WORKER, prepared=PREPARED)
        self._encoders = encoders or Workers(*WORKER, limits=LONG, prepared=PREPARED)
        self._ready, self._glance = ready, glance

    async def picture(self, file: Path) -> Picture:
        """Size as shown (EXIF orientation applied) of a JPEG, PNG or WebP. Raises `NotAnImage` or `ImageTooLarge`."""
        return Picture(**await self._workers.run("picture", {"file": str(file)}, timeout=LOOK))

    async def may_show_face(self, file: Path) -> bool:
        """Whether a picture may show a face (`bot.pictures.SeesFaces`); see `faces`. Starts nothing without the extra."""
        if not self._ready():
            return False
        try:
            async with asyncio.timeout(self._glance):
                return bool((await self._workers.run("faces", {"file": str(file)}, timeout=self._glance))["found"])
        except (TimeoutError, ThroughlineError) as fault:
            log.warning("a picture was not looked at for faces: %s", str(fault) or "it took too long")
            return False

    async def footage(self, file: Path) -> Footage:
        """Length and size as shown (upright) of an MP4, QuickTime, WebM or Matroska clip. Raises `MediaFault`."""
        return Footage(**await self._workers.run("footage", {"file": str(file)}, timeout=LOOK))

    async def poster(self, file: Path, into: Path, most: int = 960) -> None:
        """Write a JPEG, at most 960 pixels wide, of a frame that is not black, near one third of the clip; or a smaller still."""
        await self._workers.run("poster", {"file": str(file), "into": str(into), "most": most}, timeout=MAKE)

    async def last_frame(self, file: Path, into: Path) -> None:
        """Write the last frame, upright in full size, as PNG. Raises `MediaFault`."""
        await self._workers.run("last_frame", {"file": str(file), "into": str(into)}, timeout=MAKE)

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        """Write the picture as PNG of exactly that size, without its metadata; see `pictures.fit`."""
        request = {"file": str(file), "width": width, "height": height, "into": str(into)}
        await self._workers.run("fit", request, timeout=MAKE)

    async def shrink(self, file: Path, limit: int, into: Path) -> None:
        """Write the clip as MP4 of at most `limit` bytes, in two passes; one that fits is only remuxed. See `shrink`."""
        request = {"file": str(file), "into": str(into), "limit": limit}
        await self._encoders.run("fit_bytes", request, timeout=ENCODE)

    async def split(self, file: Path, limit: int, into: Path) -> Sequence[Path]:
        """Write the clip as ``part-1.mp4`` and on, each of at most `limit` bytes, each playable by itself. See `split`."""
        request = {"file": str(file), "into": str(into), "limit": limit}
        answer = await self._encoders.run("split", request, timeout=ENCODE)
        return [into / name for name in answer["parts"]]
