"""The index to the front, everything else as it was, byte for byte: players can then begin before they have the whole clip.

An MP4 is a row of boxes. FFmpeg would write a new one and drop what it does not know, provenance above all; here the
``moov`` box moves before ``mdat``, and the chunk offsets in it (ISO/IEC 14496-12, ``stco`` and ``co64``) grow by its size.
Other containers are copied packet by packet into an MP4, with the tags of the container and of the streams.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from adapters.media.opening import copied, mp4, open_clip, tags_of, video_of, whole
from bot.errors import MediaFault

HOLDERS = (b"trak", b"mdia", b"minf", b"stbl")
LARGEST_INDEX = 64 * 1024 * 1024


@dataclass(frozen=True)
class Box:
    """One box: its kind, where it starts, its bytes with the header, and the bytes of its header."""

    kind: bytes
    start: int
    size: int
    header: int


def remux(file: str, into: str) -> None:
    """Write the clip to `into` with its index in front. Raises `MediaFault`."""
    with open_clip(file) as clip:
        video_of(clip)
        is_iso = "mp4" in clip.format.name
    with whole(into) as part:
        boxes = _top_boxes(Path(file)) if is_iso else None
        if boxes is None or not _move_index(Path(file), boxes, Path(part)):
            _copy_packets(file, part)


def _top_boxes(file: Path) -> list[Box] | None:
    """The boxes of the file; None if they do not fill it exactly or it is in fragments."""
    size = file.stat().st_size
    with file.open("rb") as source:
        boxes = list(_boxes(source, 0, size))
    kinds = [box.kind for box in boxes]
    if kinds.count(b"moov") != 1 or b"mdat" not in kinds or b"moof" in kinds:
        return None
    return boxes if sum(box.size for box in boxes) == size else None


def _boxes(source: IO[bytes], start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        source.seek(start)
        head = source.read(16)
        size, header = int.from_bytes(head[:4]), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            return
        yield Box(head[4:8], start, size, header)
        start += size


def _move_index(file: Path, boxes: list[Box], part: Path) -> bool:
    """Whether the file could be written anew, box by box."""
    index = next(box for box in boxes if box.kind == b"moov")
    first = next(box for box in boxes if box.kind == b"mdat")
    if index.start < first.start:
        shutil.copyfile(file, part)
        return True
    if index.size > LARGEST_INDEX:
        return False
    with file.open("rb") as source:
        source.seek(index.start)
        moved = _shifted(source.read(index.size), index, first.start)
        if moved is None:
            return False
        with part.open("wb") as out:
            for start, end in (
                (0, first.start),
                (None, None),
                (first.start, index.start),
                (index.start + index.size, -1),
            ):
                if start is None or end is None:
                    out.write(moved)
                else:
                    _copy(source, out, start, file.stat().st_size if end < 0 else end)
    return True


def _copy(source: IO[bytes], out: IO[bytes], start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        piece = source.read(min(1024 * 1024, end - start))
        if not piece:
            raise MediaFault("the file ends early")
        out.write(piece)
        start += len(piece)


def _shifted(index: bytes, box: Box, first: int) -> bytes | None:
    """The index with the offsets of what will move up by its own size; None where that cannot be done."""
    data = bytearray(index)
    for table in _tables(index, box.header, len(index)):
        width = 8 if table.kind == b"co64" else 4
        count = int.from_bytes(data[table.start + 12 : table.start + 16])
        begin = table.start + 16
        if table.header != 8 or begin + count * width > table.start + table.size:
            return None
        for at in range(begin, begin + count * width, width):
            offset = int.from_bytes(data[at : at + width])
            if offset >= box.start + box.size:
                continue
            if offset < first or offset + box.size >= 1 << (8 * width):
                return None
            data[at : at + width] = (offset + box.size).to_bytes(width)
    return None if b"cmov" in index[:64] else bytes(data)


def _tables(index: bytes, start: int, end: int) -> Iterator[Box]:
    """Every ``stco`` and ``co64`` in it."""
    while start + 8 <= end:
        size, kind = int.from_bytes(index[start : start + 4]), index[start + 4 : start + 8]
        if size < 8 or start + size > end:
            return
        if kind in (b"stco", b"co64") and size >= 16:
            yield Box(kind, start, size, 8)
        elif kind in HOLDERS:
            yield from _tables(index, start + 8, start + size)
        start += size


def _copy_packets(file: str, part: str) -> None:
    with open_clip(file) as clip, mp4(part, tags_of(clip)) as out:
        wanted = [stream for stream in clip.streams if stream.type in ("video", "audio")]
        streams = {stream.index: copied(out, stream) for stream in wanted}
        for packet in clip.demux(wanted):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
