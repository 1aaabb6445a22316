"""A clip in no more bytes than a platform takes: two passes of x264, so that it fits at the first try. Worker only."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.media.conform import Ear, Size, add_video, colours_like, conformed, forward, heard_in, shown, size_of
from adapters.media.opening import audio_of, mp4, open_clip, seconds_of, tags_of, video_of, whole
from adapters.media.remux import remux
from adapters.workers.loudness import RATE
from bot.errors import MediaFault

TRIES = 4
AIM = 0.975
"""Share of the bytes to aim at: two passes miss by less than 2 %, but for very short clips."""
BITS_PER_PIXEL = 0.045
"""Under it the picture breaks up: better a smaller one."""
SMALLEST = 0.2
"""The least share of width and height."""
VOICES = (128_000, 96_000, 64_000, 48_000)
"""Bits a second for the sound: the most that takes no more than a sixth."""
PER_FRAME, PER_SOUND, FIXED = 16, 10, 4_000
"""Bytes that an MP4 needs beside pictures and sound."""
ROOMY = 200_000
"""Bytes: a clip that fits but is no MP4 becomes at most twice as large and this, however much room there is."""
LEAST = 12_000
"""Bits a second under which there is no picture worth keeping."""

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Plan:
    """What the two passes are told."""

    size: Size
    video: int
    audio: int


def fit_bytes(file: str, into: str, limit: int, tell: Tell) -> dict[str, Any]:
    """Write the clip as MP4 of at most `limit` bytes; one that fits is only remuxed. ``{bytes, tries, width, height}``.

    Raises `MediaFault` where that leaves nothing of it.
    """
    with open_clip(file) as clip:
        size, seconds = size_of(clip), max(0.04, seconds_of(clip))
        if "mp4" in clip.format.name and Path(file).stat().st_size <= limit:
            clip.close()
            remux(file, into)
            return {"bytes": Path(into).stat().st_size, "tries": 0, "width": size.width, "height": size.height}
        rate = min(120.0, max(1.0, float(video_of(clip).average_rate or 24)))
        heard = audio_of(clip) is not None
    room = min(limit, ROOMY + 2 * Path(file).stat().st_size)
    aim = AIM
    for number in range(TRIES):
        plan = plan_for(int(room * aim), seconds, rate, size, heard)
        with whole(into) as part:
            encode(file, part, plan, lambda done: tell(0.99 * done))
            written = Path(part).stat().st_size
            if written > limit:
                Path(part).write_bytes(b"")
        if written <= limit:
            return {"bytes": written, "tries": number + 1, "width": plan.size.width, "height": plan.size.height}
        aim *= limit / written * 0.97
    Path(into).unlink(missing_ok=True)
    raise MediaFault(f"it does not fit into {limit} bytes")


def plan_for(room: int, seconds: float, rate: float, size: Size, heard: bool) -> Plan:
    """How to spend `room` bytes. Raises `MediaFault` where there are too few."""
    total = room * 8 / seconds
    audio = next((bits for bits in VOICES if bits <= total / 6), VOICES[-1]) if heard else 0
    packing = 8 * (FIXED / seconds + PER_FRAME * rate + (PER_SOUND * RATE / 1024 if heard else 0))
    video = int(total - audio - packing)
    if video < LEAST:
        raise MediaFault(f"{room} bytes are too few for {seconds:.0f} s")
    scale = min(1.0, max(SMALLEST, (video / (size.width * size.height * rate) / BITS_PER_PIXEL) ** 0.5))
    return Plan(size if scale == 1 else Size.even(size.width * scale, size.height * scale), video, audio)


def encode(file: str, part: str, plan: Plan, tell: Tell, keyframe_every: int | None = None) -> None:
    """Write `part` in two passes; `keyframe_every` so many frames at most.

    The statistics file is named relative to a folder of its own: x264 reads `:` in a path as its separator.

    That folder is beside the result, where somebody tidies up after a worker that was killed.
    """
    more = f":keyint={keyframe_every}" if keyframe_every else ""
    file, part, home = os.path.abspath(file), os.path.abspath(part), Path.cwd()  # noqa: PTH100
    with TemporaryDirectory(prefix=".two-passes-", dir=Path(part).parent) as folder:
        os.chdir(folder)
        try:
            _pass(file, os.path.join(folder, "first.mp4"), plan, f"1{more}", lambda done: tell(0.45 * done))  # noqa: PTH118
            _pass(file, part, plan, f"2{more}", lambda done: tell(0.45 + 0.55 * done))
        finally:
            os.chdir(home)


def _pass(file: str, part: str, plan: Plan, number: str, tell: Tell) -> None:
    """`number`: of the pass, with further parameters of x264 behind it."""
    with open_clip(file) as clip, mp4(part, tags_of(clip)) as out:
        source = video_of(clip)
        length = max(0.04, seconds_of(clip))
        options = {"b": str(plan.video), "x264-params": f"stats=passes.log:pass={number}"}
        video = add_video(out, plan.size, source.average_rate or 24, options)
        colours_like(video, source)
        ear = Ear(out, plan.audio) if plan.audio and number.startswith("2") else None
        if ear:
            ear.add(heard_in(file))
        for count, frame in enumerate(conformed(forward(clip), source, plan.size)):
            out.mux(video.encode(shown(frame)))
            at = float(frame.time or 0.0)
            if ear:
                ear.until(at)
            if count % 12 == 0:
                tell(min(1.0, max(0.0, at / length)))
        out.mux(video.encode(None))
        if ear:
            ear.end()
