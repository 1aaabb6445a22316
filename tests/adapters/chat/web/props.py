"""What stands on the stage: clips, a gate, a reel; and how to wait for something."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ImageTooLarge, NotAnImage
from bot.paperwork import Footage, Picture


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until `true()` is, at most that long. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - looks at what has no event
            await asyncio.sleep(0.01)


class FakeClips:
    """Clips by content in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def store(self, file: Path, suffix: str) -> str:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        shutil.move(file, self.folder / f"{digest}{suffix}")
        return digest

    async def path(self, digest: str) -> Path | None:
        return next(iter(self.folder.glob(f"{digest}.*")), None)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)


class FakeGate:
    """Knows a PNG by its first bytes and its sides by the next; has no eyes for anything else."""

    def __init__(self) -> None:
        self.looked_at = 0

    async def picture(self, file: Path) -> Picture:
        self.looked_at += 1
        head = file.read_bytes()[:24]
        if not head.startswith(b"\x89PNG\r\n\x1a\n"):
            raise NotAnImage
        width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
        if width * height > 50_000_000:
            raise ImageTooLarge(limit="50 megapixels")
        return Picture(width, height, "image/png")

    async def footage(self, file: Path) -> Footage:
        raise AssertionError("the studio looks at pictures only")

    async def poster(self, file: Path, into: Path, most: int = 960) -> None:
        raise AssertionError("the studio looks at pictures only")

    async def last_frame(self, file: Path, into: Path) -> None:
        raise AssertionError("the studio looks at pictures only")

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        raise AssertionError("the studio looks at pictures only")

    async def shrink(self, file: Path, limit: int, into: Path) -> None:
        raise AssertionError("the studio looks at pictures only")

    async def split(self, file: Path, limit: int, into: Path) -> Sequence[Path]:
        raise AssertionError("the studio looks at pictures only")


@dataclass
class Reel:
    """The clip that every take of the crew turns out to be."""

    digest: str
    poster: str | None
    seconds: float = 2.0
    width: int = 320
    height: int = 180
