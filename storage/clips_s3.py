"""Media by content hash, in an S3-compatible bucket that several machines share. Implements `ports.Clips`.

``<prefix>/ab/abcd….mp4`` is the object whose SHA-256 begins with ``abcd``: the names of `storage.clips`, so a folder of clips that
is copied into a bucket is a store. What is used lies at hand too, as a copy in a local folder; what does not have the content
that its name says is not handed out.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from bot.errors_operator import ClipsUnreachable
from storage.bucket import Bucket
from storage.clips import DIGEST, SUFFIX, LocalClips, sha256_of, told_when_full
from storage.s3 import Place

log = logging.getLogger("throughline.clips")

GIB: Final = 1024**3
IN_USE_SECONDS: Final = 3600.0
"""What was handed out within this time may still be read by somebody, and stays."""
UNUSED_SECONDS: Final = 30 * 86_400.0
"""A copy that nobody asked for in so long goes, whether there is room or not."""
_OBJECT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.[A-Za-z0-9]{1,8})?")


def clip_store(home: Path, url: str, gib: int, **s3: str) -> LocalClips | S3Clips:
    """The clips of a data folder; or, where `url` names one, of a bucket, with copies of `gib` GiB in that folder.

    `s3`: what `Place.read` takes. Opens no connection. Raises `BadSetting`.
    """
    if not url:
        return LocalClips(home / "clips")
    return S3Clips(Bucket(Place.read(url, **s3)), Copies(home / "clips-cache", gib * GIB))


@dataclass
class Copies:
    """Copies of clips under `root`: at most `limit` bytes, but for what is in use; the least recently used go first."""

    root: Path
    limit: int = 10 * GIB
    clock: Callable[[], float] = time.time
    _near: LocalClips = field(init=False, repr=False)
    _new: int = field(default=-1, init=False)
    """Bytes that came since they were last counted; below 0: they never were."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self._near = LocalClips(self.root)

    async def path(self, digest: str) -> Path | None:
        """The copy of that hash, from now on in use; or None."""
        found = await self._near.path(digest)
        return found if found is not None and await asyncio.to_thread(self._touched, found) else None

    async def keep(self, file: Path, suffix: str) -> None:
        """Move the file among the copies. Raises `DiskFull`."""
        size = (await asyncio.to_thread(file.stat)).st_size
        await self.path(await self._near.store(file, suffix))
        await asyncio.to_thread(self._make_room, size)

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """A private folder on the same disk, gone at the end."""
        return self._near.scratch()

    def _touched(self, copy: Path) -> bool:
        with self._lock, suppress(FileNotFoundError):
            os.utime(copy, (self.clock(), self.clock()))
            return True
        return False

    def _make_room(self, size: int) -> None:
        """Counting takes a while, so room is made for a tenth at once, and nothing is counted until that is filled."""
        step = self.limit // 10
        if self._new >= 0 and self._new + size <= step:
            self._new += size
            return
        self._new = 0
        held = 0
        for used, bytes_, copy in sorted(self._all(), reverse=True):
            held += bytes_
            if held > self.limit - step or self.clock() - used > UNUSED_SECONDS:
                held -= bytes_ if self._let_go(copy) else 0

    def _let_go(self, copy: Path) -> bool:
        with self._lock, suppress(FileNotFoundError):
            if self.clock() - copy.stat().st_mtime < IN_USE_SECONDS:
                return False
            copy.unlink()
        return True

    def _all(self) -> Iterator[tuple[float, int, Path]]:
        """(when it was last used, bytes, file)."""
        for copy in self.root.glob("??/*"):
            with suppress(FileNotFoundError):
                told = copy.stat()
                yield told.st_mtime, told.st_size, copy


class S3Clips:
    """The clips in `bucket`, with `copies` of them at hand.

    Everything raises `ClipsUnreachable` where the server is away (try again), `BadSetting` where an operator has to mend
    something, `DiskFull` where there is no room for a copy.
    """

    def __init__(self, bucket: Bucket, copies: Copies) -> None:
        self._bucket, self._copies = bucket, copies
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __str__(self) -> str:
        return str(self._bucket.place)

    async def store(self, file: Path, suffix: str) -> str:
        """Move the file into the store; returns its SHA-256 in hexadecimal. It is in the bucket when this returns.

        ValueError for a `suffix` that is not like ``.mp4``. An object of the same content stays as it is.
        """
        if not SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a suffix: {suffix!r}")
        with told_when_full(self._copies.root):
            digest = await asyncio.to_thread(sha256_of, file)
            size = (await asyncio.to_thread(file.stat)).st_size
            async with self._turn(digest):
                there = await self._bucket.find(_shelf(digest))
                if not any(each.size == size for each in there):
                    await self._bucket.put(f"{_shelf(digest)}{suffix}", file, digest)
                await self._copies.keep(file, suffix)
        return digest

    async def path(self, digest: str) -> Path | None:
        """A copy of the clip of that hash, brought from the bucket if there is none yet; or None."""
        if not DIGEST.fullmatch(digest):
            return None
        found = await self._copies.path(digest)
        if found is not None:
            return found
        async with self._turn(digest):  # whoever comes second finds the copy of the first
            return await self._copies.path(digest) or await self._bring(digest)

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """A private folder on the disk of the copies, gone at the end. A full disk inside it is told as `DiskFull`."""
        return self._copies.scratch()

    async def examine(self) -> None:
        """Put, list, get and delete an object of our own. Raises a `SetupFault` that says what stands in the way."""
        body = secrets.token_hex(16).encode()
        name, digest = f"throughline-doctor-{secrets.token_hex(8)}", hashlib.sha256(body).hexdigest()
        async with self._copies.scratch() as folder:
            await asyncio.to_thread((folder / "probe").write_bytes, body)
            await self._bucket.put(name, folder / "probe", digest)
            try:
                listed = [each.size for each in await self._bucket.find(name)]
                brought = await self._bucket.get(name, folder / "back", len(body))
            finally:
                await self._bucket.delete(name)
        if listed != [len(body)] or brought != digest:
            raise ClipsUnreachable(place=str(self), reason="what was written does not come back as it was")

    async def _bring(self, digest: str) -> Path | None:
        for each in await self._bucket.find(_shelf(digest)):
            if not _OBJECT.fullmatch(each.name):
                continue
            async with self._copies.scratch() as folder:
                file = folder / "clip"
                if await self._fetched(each.name, file, each.size, digest):
                    await self._copies.keep(file, Path(each.name).suffix)
                    return await self._copies.path(digest)
        return None

    async def _fetched(self, name: str, into: Path, size: int, digest: str) -> bool:
        """Whether it is what its name says, once more asked for if it was not."""
        for _ in range(2):
            found = await self._bucket.get(name, into, size)
            if found in (digest, None):
                return found is not None
        log.error("%s holds something else as %s; it is not used", self, name)
        return False

    def _turn(self, digest: str) -> asyncio.Lock:
        turn = self._turns.get(digest)
        if turn is None:
            turn = self._turns[digest] = asyncio.Lock()
        return turn


def _shelf(digest: str) -> str:
    """What the names of its objects begin with."""
    return f"{digest[:2]}/{digest}"
