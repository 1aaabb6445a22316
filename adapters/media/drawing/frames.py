"""The first, the middle and the last frame of a clip, with as little decoding as they can be had for. Runs in the worker only."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from adapters.media.opening import open_clip, seconds_of, shown_size, video_of
from bot.errors import MediaFault

NEAR = 0.15
"""A frame that can be decoded by itself stands for the middle when it is no farther from it than this share of the length."""
BACK: tuple[float, ...] = (0.5, 5.0, math.inf)
"""Seconds before the end from which the last frame is looked for."""
EXACT = 0.3
"""So many seconds before the frame that is wanted, none is left out any more."""


@dataclass(frozen=True)
class Frames:
    """Stills of one clip, upright, each as wide as was asked for."""

    first: Image.Image
    middle: Image.Image
    last: Image.Image

    @property
    def all(self) -> tuple[Image.Image, ...]:
        """In the order of time."""
        return self.first, self.middle, self.last


def frames(file: str, width: int) -> Frames:
    """Three stills `width` pixels wide; the same one thrice where there is but one. Raises `MediaFault`."""
    with open_clip(file) as clip:
        stream = video_of(clip)
        stream.codec_context.thread_count = 1  # for so few frames more threads only cost more
        length = seconds_of(clip)
        first = next(iter(clip.decode(stream)), None)
        if first is None:
            raise MediaFault("no frame of it can be decoded")
        keys = [_seconds(stream, entry.timestamp) for entry in stream.index_entries if entry.is_keyframe]
        middle = _middle(clip, stream, length, keys) or first
        onwards = not any((middle.time or 0.0) < key <= length - BACK[0] for key in keys)
        last = _last(clip, stream, length, onwards=onwards and middle is not first) or middle
        return Frames(*(_still(stream, frame, width) for frame in (first, middle, last)))


def _middle(clip: InputContainer, stream: VideoStream, length: float, keys: Sequence[float]) -> av.VideoFrame | None:
    """A keyframe where one is near; else the very middle."""
    nearest = min(keys, key=lambda at: abs(at - length / 2), default=0.0)
    if nearest > 0 and abs(nearest - length / 2) <= NEAR * length:
        # the index has times of decoding, which come a few frames before those of showing
        clip.seek(_ticks(nearest + EXACT / 2), backward=True)
        return next(iter(clip.decode(stream)), None)
    clip.seek(_ticks(length / 2), backward=True)
    return next((frame for frame in _quickly(clip, stream, length / 2) if (frame.time or 0.0) >= length / 2), None)


def _last(clip: InputContainer, stream: VideoStream, length: float, *, onwards: bool) -> av.VideoFrame | None:
    """`onwards`: there is nothing nearer to the end to begin from than where we are."""
    found = None
    if onwards:
        for found in _quickly(clip, stream, length):  # noqa: B007 - the last one is what we want
            pass
    for back in BACK if found is None else ():
        clip.seek(_ticks(max(0.0, length - back)), backward=True)
        for found in _quickly(clip, stream, length):  # noqa: B007 - the last one is what we want
            pass
        if found is not None:
            break
    return found


def _quickly(clip: InputContainer, stream: VideoStream, until: float) -> Iterator[av.VideoFrame]:
    """Frames from here on; those that no other refers to are left out until shortly before that time."""
    context = stream.codec_context
    context.skip_frame = "NONREF"
    try:
        for frame in clip.decode(stream):
            if (frame.time or until) >= until - EXACT:
                context.skip_frame = "DEFAULT"
            yield frame
    finally:
        context.skip_frame = "DEFAULT"


def _seconds(stream: VideoStream, timestamp: int) -> float:
    return float((timestamp - (stream.start_time or 0)) * (stream.time_base or 0))


def _ticks(seconds: float) -> int:
    return int(seconds * av.time_base)


def _still(stream: VideoStream, frame: av.VideoFrame, width: int) -> Image.Image:
    """Upright in that width; scaled before it becomes a picture, which is where the time would go."""
    wide, high = shown_size(stream, frame)
    size = (width, max(1, min(4 * width, round(width * high / wide))))
    turned = frame.rotation % 180
    scaled = size[::-1] if turned else size
    picture: Image.Image = frame.to_image(width=scaled[0], height=scaled[1], interpolation="LANCZOS")  # type: ignore[no-untyped-call]
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
