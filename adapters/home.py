"""The data folder: made, with room on its disk, and held by one process where the database is a file."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import IO, Final

from adapters.settings import Settings
from bot.errors import DiskFull, HomeInUse, HomeMissing

ROOM_LEAST: Final = 16 << 20
"""Bytes free on the disk of the data folder, below which nothing is begun."""
FULL: Final = 1 << 20
"""Bytes free, below which what was begun cannot go on."""


def check_room(home: Path, least: int = ROOM_LEAST) -> None:
    """Raises `DiskFull` where fewer than `least` bytes are free: a database that cannot grow loses its next step."""
    if shutil.disk_usage(home).free < least:
        raise DiskFull(path=str(home))


def open_home(settings: Settings) -> None:
    """Make the data folder. Raises `HomeMissing` or `DiskFull`."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=str(settings.home)) from None
        raise HomeMissing(path=str(settings.home), reason=error.strerror or str(error)) from None
    check_room(settings.home)


def lock_home(settings: Settings) -> IO[bytes] | None:
    """Hold the data folder for this process. Raises `HomeInUse`. On PostgreSQL many may run, so nothing is held."""
    if not settings.on_sqlite:
        return None
    file = (settings.home / "lock").open("ab")
    try:
        import fcntl
    except ImportError:  # Windows: no advisory locks; two processes there are the operator's care
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise HomeInUse(path=str(settings.home)) from None
        raise
    return file
