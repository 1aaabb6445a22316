"""Clips that were drawn before, by what decides them: ``<folder>/<key>.mp4``. All functions block.

The least recently used go first when there are more bytes than it may hold. Clips are linked, not copied, where the disk
can do that: a clip in the spool and in the cache takes its room once.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GIB = 1024**3


@dataclass(frozen=True)
class Cache:
    """Clips by key; `limit` in bytes."""

    folder: Path
    limit: int = 2 * GIB

    def give(self, key: str, into: Path) -> bool:
        """Put the clip at `into`; False if it is not here (or cannot be read any more)."""
        clip = self._place(key)
        try:
            os.utime(clip)
            _link(clip, into)
        except OSError:
            return False
        return True

    def take(self, key: str, clip: Path) -> None:
        """Keep the clip, and let go of the oldest beyond the limit. Raises `OSError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _link(clip, self._place(key))
        os.utime(self._place(key))
        self._shrink()

    def _place(self, key: str) -> Path:
        return self.folder / f"{key}.mp4"

    def _shrink(self) -> None:
        held = 0
        for _, size, clip in sorted(self._clips(), reverse=True):
            held += size
            if held > self.limit:
                clip.unlink(missing_ok=True)

    def _clips(self) -> list[tuple[int, int, Path]]:
        """(time of last use, bytes, file); with drafts that a killed process left."""
        found = []
        for clip in self.folder.iterdir():
            with suppress(FileNotFoundError):
                stat = clip.stat()
                found.append((stat.st_mtime_ns, stat.st_size, clip))
        return found


def _link(source: Path, into: Path) -> None:
    """The same file under another name, or a copy where the disk has no links; whole or not at all. Raises `OSError`."""
    draft = into.with_name(f"{into.name}.{os.getpid()}.draft")
    try:
        draft.unlink(missing_ok=True)
        try:
            os.link(source, draft)
        except OSError:
            shutil.copyfile(source, draft)
        draft.replace(into)  # of two names of one file, rename(2) leaves both
    finally:
        draft.unlink(missing_ok=True)
