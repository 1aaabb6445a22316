"""Media by content hash, in a local folder. Implements `ports.Clips`.

``<root>/ab/abcd….mp4`` is the file whose SHA-256 begins with ``abcd``; ``<root>/scratch`` holds what is not finished yet.
A file gets its name in one step, after it has reached the disk: whatever bears a hash is whole.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.errors import DiskFull

STALE_SECONDS: Final = 24 * 3600.0
"""A scratch folder untouched for so long belongs to nobody: other workers may share the root, so younger ones stay."""

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
SUFFIX: Final = re.compile(r"(\.[A-Za-z0-9]{1,8})?")
_FULL = (errno.ENOSPC, errno.EDQUOT)


class LocalClips:
    """The clips under `root`, which is made when it is first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._swept = False

    async def store(self, file: Path, suffix: str) -> str:
        """Move the file into the store; returns its SHA-256 in hexadecimal. Raises `DiskFull`.

        ValueError for a `suffix` that is not like ``.mp4``. A file of the same content stays as it is.
        """
        if not SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a suffix: {suffix!r}")
        with told_when_full(self._root):
            return await asyncio.to_thread(self._store, file, suffix)

    async def path(self, digest: str) -> Path | None:
        """The file of that hash, or None; also None for anything that is no hash."""
        if not DIGEST.fullmatch(digest):
            return None
        return await asyncio.to_thread(self._find, digest)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        """A private folder on the same disk, gone at the end. A full disk inside it is told as `DiskFull`."""
        with told_when_full(self._root):
            folder = await asyncio.to_thread(self._new_scratch)
            try:
                yield folder
            finally:
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))

    def _store(self, file: Path, suffix: str) -> str:
        digest = sha256_of(file)
        if self._find(digest) is not None:
            file.unlink()
            return digest
        target = self._root / digest[:2] / f"{digest}{suffix}"
        self._folder(target.parent)
        _sync(file)
        try:
            file.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._bring_over(file, target)
        _sync(target.parent)
        return digest

    def _bring_over(self, file: Path, target: Path) -> None:
        """From another disk: copied first, so that the name still appears in one step."""
        folder = self._new_scratch()
        try:
            copy = folder / target.name
            shutil.copyfile(file, copy)
            _sync(copy)
            copy.replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        file.unlink()

    def _find(self, digest: str) -> Path | None:
        shard = self._root / digest[:2]
        return next((found for found in shard.glob(f"{digest}*") if found.is_file()), None)

    def _folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)

    def _new_scratch(self) -> Path:
        home = self._root / "scratch"
        self._folder(home)
        if not self._swept:
            self._swept = True
            _sweep(home)
        return Path(tempfile.mkdtemp(dir=home))


@contextmanager
def told_when_full(root: Path) -> Iterator[None]:
    """Raises `DiskFull` where the system says that there is no room; other errors pass as they are."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(path=str(root)) from error
        raise


def sha256_of(file: Path) -> str:
    """In hexadecimal. Blocks."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until a file, or a folder with the names in it, has reached the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such thing for folders
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(home: Path) -> None:
    oldest = time.time() - STALE_SECONDS
    for folder in home.iterdir():
        with suppress(OSError):  # somebody else was quicker
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
