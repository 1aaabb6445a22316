"""A clip in parts, each of which plays by itself. Runs in the worker only.

Cut at key frames, packets are copied and nothing is lost. Where the key frames lie too far apart, or the codec is none that
every player reads from an MP4, the clip is first encoded anew with one every second.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from av.container import InputContainer
from av.stream import Stream

from adapters.media.conform import size_of
from adapters.media.opening import audio_of, copied, mp4, open_clip, seconds_of, tags_of, video_of, whole
from adapters.media.shrink import FIXED, PER_FRAME, PER_SOUND, encode, plan_for
from bot.errors import MediaFault

MOST: Final = 50
"""Parts; nobody would look at more."""
TRIES: Final = 3
TIGHTER: Final = 0.96
"""What is aimed at after a part came out larger than it was counted."""

WATCHABLE: Final = 400_000
"""Bits a second."""

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Run:
    """From one key frame to the next. `start` in seconds on the clip's clock; `size` in bytes, sound and packing included."""

    start: Fraction
    size: int


def split(file: str, into: str, limit: int, tell: Tell) -> dict[str, Any]:
    """Write ``part-1.mp4`` and on into the folder `into`, each of at most `limit` bytes: ``{parts: [names]}``.

    Raises `MediaFault` where that cannot be done in `MOST` parts.
    """
    with suppress(_TooCoarse):
        return {"parts": _cut(file, Path(into), limit)}
    with TemporaryDirectory(prefix=".finer-", dir=into) as folder:
        finer = str(Path(folder) / "finer.mp4")
        _encode_finer(file, finer, tell)
        try:
            return {"parts": _cut(finer, Path(into), limit)}
        except _TooCoarse:
            raise MediaFault(f"a second of it is larger than {limit} bytes") from None


class _TooCoarse(Exception):
    """Its key frames do not lie where it would have to be cut."""


def _cut(file: str, into: Path, limit: int) -> list[str]:
    with open_clip(file) as clip:
        if "mp4" not in clip.format.name or video_of(clip).codec_context.name not in ("h264", "hevc", "av1"):
            raise _TooCoarse
        runs = _runs(clip)
    room = limit
    for _ in range(TRIES):
        starts = _starts(runs, room - FIXED)
        parts = _write(file, into, starts)
        if all(part.stat().st_size <= limit for part in parts):
            return [part.name for part in parts]
        for part in parts:
            part.unlink()
        room = int(room * TIGHTER)
    raise MediaFault(f"its parts do not come out under {limit} bytes")


def _runs(clip: InputContainer) -> list[Run]:
    """How much there is from each key frame on. Sound counts where it is heard."""
    starts: list[Fraction] = []
    sizes: list[int] = []
    heard: list[tuple[Fraction, int]] = []
    for packet in clip.demux(_streams(clip)):
        if packet.pts is None:
            continue
        at = packet.pts * packet.time_base
        if packet.stream.type == "audio":
            heard.append((at, packet.size + PER_SOUND))
            continue
        if packet.is_keyframe:
            starts.append(at)
            sizes.append(0)
        if sizes:
            sizes[-1] += packet.size + PER_FRAME
    for at, size in heard if starts else ():
        sizes[_place(at, starts)] += size
    return [Run(*each) for each in zip(starts, sizes, strict=True)]


def _place(at: Fraction, starts: Sequence[Fraction]) -> int:
    """Index of the last start that is not after `at`; what comes before all of them belongs to the first."""
    return max(0, bisect_right(starts, at) - 1)


def _starts(runs: Sequence[Run], room: int) -> list[Fraction]:
    """Where the parts begin: as few as there can be, and among those as even as there can be."""
    fewest = len(_filled(runs, room))
    if fewest > MOST:
        raise MediaFault(f"it would take {fewest} parts")
    rooms = [each for share in range(50, 101, 2) if _fits_each(runs, each := room * share // 100)]
    return next(starts for each in rooms if len(starts := _filled(runs, each)) == fewest)


def _fits_each(runs: Sequence[Run], room: int) -> bool:
    return all(run.size <= room for run in runs)


def _filled(runs: Sequence[Run], room: int) -> list[Fraction]:
    """Starts of parts that are filled one after the other. Raises `_TooCoarse` where a single run is too much."""
    if not runs or not _fits_each(runs, room):
        raise _TooCoarse
    starts, filled = [runs[0].start], 0
    for run in runs:
        if filled + run.size > room:
            starts.append(run.start)
            filled = 0
        filled += run.size
    return starts


def _write(file: str, into: Path, starts: Sequence[Fraction]) -> list[Path]:
    parts: list[Path] = []
    try:
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else None
            part = into / f"part-{number + 1}.mp4"
            with whole(str(part)) as unfinished:
                _copy(file, unfinished, None if number == 0 else start, end, shift=start)
            parts.append(part)
    except BaseException:
        for part in parts:
            part.unlink()
        raise
    return parts


def _copy(file: str, part: str, start: Fraction | None, end: Fraction | None, shift: Fraction) -> None:
    """Copy the packets from one key frame up to another; the time of the first becomes zero."""
    with open_clip(file) as clip, mp4(part, tags_of(clip)) as out:
        wanted = _streams(clip)
        streams = {stream.index: copied(out, stream) for stream in wanted}
        begun = False
        for packet in clip.demux(wanted):
            if packet.pts is None or packet.dts is None:
                continue
            at = packet.pts * packet.time_base
            inside = (start is None or at >= start) and (end is None or at < end)
            if packet.stream.type == "video":  # a frame belongs to the key frame before it, whenever it is shown
                begun = inside if packet.is_keyframe else begun
                inside = begun
            if inside:
                moved = round(shift / packet.time_base)
                packet.pts, packet.dts = packet.pts - moved, packet.dts - moved
                packet.stream = streams[packet.stream.index]
                out.mux(packet)


def _streams(clip: InputContainer) -> list[Stream]:
    sound = audio_of(clip)
    return [video_of(clip), *([sound] if sound else [])]


def _encode_finer(file: str, into: str, tell: Tell) -> None:
    """About as large as it is, but not too small to be watched, with a key frame every second."""
    with open_clip(file) as clip:
        size, seconds, heard = size_of(clip), max(0.04, seconds_of(clip)), audio_of(clip) is not None
        rate = min(120.0, max(1.0, float(video_of(clip).average_rate or 24)))
    room = max(Path(file).stat().st_size, int(WATCHABLE * seconds / 8))
    plan = plan_for(room, seconds, rate, size, heard)
    with whole(into) as part:
        encode(file, part, plan, tell, keyframe_every=math.ceil(rate))
