"""Putting files into a zip. Runs in the worker only: it is disk work of up to hundreds of megabytes.

Media are stored as they are, for nothing makes them smaller; texts are deflated. The same entries give the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from adapters.media.opening import whole
from bot.errors import MediaFault

CHUNK: Final = 1024 * 1024
READABLE: Final = 0o644 << 16
"""Mode of a file as zips keep it (in the upper half, and made by Unix): anybody may read it, its owner may write."""


def pack(entries: Sequence[dict[str, Any]], into: str, tell: Callable[[float], None]) -> int:
    """Write ``[{name, text} or {name, file}]`` to `into`; returns its bytes. Raises `MediaFault` where a file is missing."""
    for entry in entries:
        if entry.get("file") and not Path(entry["file"]).is_file():
            raise MediaFault(f"{entry['name']} is not there")
    total = sum(_size(entry) for entry in entries) or 1
    done = 0
    with whole(into) as part:
        with ZipFile(part, "w") as archive:
            for entry in entries:
                _add(archive, entry)
                done += _size(entry)
                tell(done / total)
        return Path(part).stat().st_size


def _size(entry: dict[str, Any]) -> int:
    return Path(entry["file"]).stat().st_size if entry.get("file") else len(entry["text"])


def _add(archive: ZipFile, entry: dict[str, Any]) -> None:
    info = ZipInfo(_safe(entry["name"]))  # of 1980, so that nothing depends on when it was packed
    info.create_system, info.external_attr = 3, READABLE
    info.compress_type = ZIP_STORED if entry.get("file") else ZIP_DEFLATED
    if not entry.get("file"):
        archive.writestr(info, entry["text"].encode("utf-8", "replace"))
        return
    info.file_size = Path(entry["file"]).stat().st_size
    with Path(entry["file"]).open("rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, CHUNK)


def _safe(name: str) -> str:
    """The name, where it stays within the folder that the zip is unpacked to. Raises `MediaFault`."""
    if not name.isascii() or not name.isprintable() or "\\" in name or set(name.split("/")) & {"", ".", ".."}:
        raise MediaFault(f"not a name within a zip: {name!r}")
    return name
