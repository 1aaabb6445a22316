"""Stills from evenly spread moments of a clip, with as little decoding as they can be had for. Runs in the worker only.

A frame that can be decoded by itself stands for its part of the clip. Where a part has none, the clip is decoded up to there,
without the frames that no other refers to and without smoothing the edges of blocks: at the size of a still nobody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from adapters.media.opening import open_clip, shown_size, video_of
from bot.cut import RATE
from bot.errors import MediaFault

SLACK = 0.02
"""Seconds behind a key frame from which it is sought, so that rounding does not find the one before it."""


@dataclass(frozen=True)
class Moment:
    """A still, upright, and its frame of the piece, 24 to a second."""

    frame: int
    picture: Image.Image


def moments(file: str, frames: int, count: int, width: int) -> list[Moment]:
    """At most `count` stills `width` pixels wide from its first `frames` frames, in order. Raises `MediaFault`."""
    count = min(count, frames)
    with open_clip(file) as clip:
        stream = video_of(clip)
        stream.codec_context.thread_count = 1  # others are drawn from at the same time
        stream.codec_context.options = {"skip_loop_filter": "all"}
        begins = float((stream.start_time or 0) * (stream.time_base or 0))
        part = frames / RATE / count
        keys = _keys(stream, begins, part, count)
        found = _alone(clip, stream, keys, begins) if len(keys) == count else []
        if len(found) < count:
            found = _decoded(clip, stream, [begins + (number + 0.5) * part for number in range(count)])
        if not found:
            raise MediaFault("no frame of it can be decoded")
        numbers = [round((_time(stream, frame) - begins) * RATE) for frame in found]
        stills = [_still(stream, frame, width) for frame in found]
        return [Moment(max(0, min(frames - 1, number)), still) for number, still in zip(numbers, stills, strict=True)]


def _keys(stream: VideoStream, begins: float, part: float, count: int) -> list[float]:
    """In each part the time of the key frame nearest its middle; parts without one left out.

    The index has times of decoding: taken from the first of them they are those of showing.
    """
    base = float(stream.time_base or 0)
    nearest: dict[int, float] = {}
    for entry in stream.index_entries:
        if entry.is_keyframe:
            at = (entry.timestamp - stream.index_entries[0].timestamp) * base
            number = int(at / part + 0.01)
            middle = (number + 0.5) * part
            if number < count and abs(at - middle) < abs(nearest.get(number, -1e9) - middle):
                nearest[number] = at
    return [begins + nearest[number] for number in sorted(nearest)]


def _alone(clip: InputContainer, stream: VideoStream, keys: Sequence[float], begins: float) -> list[av.VideoFrame]:
    """The frames at those times, each decoded without any other."""
    found = []
    for at in keys:
        clip.seek(int((at + SLACK if at > begins else at) * av.time_base), backward=True)
        packet = next((packet for packet in clip.demux(stream) if packet.size), None)
        if packet is None:
            break
        found += [*stream.decode(packet), *stream.decode(None)][:1]
        stream.codec_context.flush_buffers()
    return found


def _decoded(clip: InputContainer, stream: VideoStream, wanted: Sequence[float]) -> list[av.VideoFrame]:
    """The frames at those times or shortly after; the last one for times when there is none any more."""
    found: list[av.VideoFrame] = []
    clip.seek(0)
    frames = _leaping(clip, stream)
    last: av.VideoFrame | None = None
    for at in wanted:
        last = next((frame for frame in frames if _time(stream, frame) >= at - 0.5 / RATE), last)
        if last is None:
            clip.seek(0)
            last = next(iter(clip.decode(stream)), None)
        if last is not None:
            found.append(last)
    return found


def _leaping(clip: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    stream.codec_context.skip_frame = "NONREF"
    yield from clip.decode(stream)


def _time(stream: VideoStream, frame: av.VideoFrame) -> float:
    """When it is shown; a frame that was decoded alone has lost its clock."""
    return float((frame.pts or 0) * (stream.time_base or 0))


def _still(stream: VideoStream, frame: av.VideoFrame, width: int) -> Image.Image:
    """Upright in that width; scaled before it becomes a picture, which is where the time would go."""
    wide, high = shown_size(stream, frame)
    size = (width, max(1, min(4 * width, round(width * high / wide))))
    scaled = size[::-1] if frame.rotation % 180 else size
    picture: Image.Image = frame.to_image(width=scaled[0], height=scaled[1], interpolation="AREA")  # type: ignore[no-untyped-call]
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
