"""Sees which files of a folder anybody opens: inotify, so it works for C code in other processes. Linux only."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

IN_OPEN = 0x20
HEADER = 16


class OpenWatch:
    """``with OpenWatch(folder) as watch: …; watch.opened()``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: set[str] = set()

    def __enter__(self) -> "OpenWatch":
        assert sys.platform == "linux"
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(self._watch, os.fsencode(self._folder), IN_OPEN) > 0, os.strerror(
            ctypes.get_errno()
        )
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._watch)

    def opened(self) -> set[str]:
        """Names of the files in the folder that were opened so far."""
        with suppress(BlockingIOError):
            while events := os.read(self._watch, 65_536):
                self._note(events)
        return self._names

    def _note(self, events: bytes) -> None:
        at = 0
        while at < len(events):
            length = int.from_bytes(events[at + 12 : at + 16], sys.byteorder)
            self._names.add(events[at + HEADER : at + HEADER + length].rstrip(b"\0").decode())
            at += HEADER + length
