"""Opening strangers' clips and writing our own: what every operation on clips stands on. Runs in the worker only.

Only a few demuxers may open a file, and only the file itself: by default FFmpeg would take a playlist that is named
``.mp4`` and read whatever local file it names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from bot.errors import MediaFault

OPTIONS = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"}
THREADS = 4
"""Of a decoder: each holds frames of its own, and a worker may have only so much memory on however many cores."""
MOST_PIXELS = 40_000_000
"""Of one frame: 8K has 33 million."""
StreamT = TypeVar("StreamT", bound=Stream)
KNOWN_TAGS = frozenset(
    (
        "title", "artist", "album_artist", "album", "comment", "description", "synopsis", "genre", "copyright", "date",
        "grouping", "lyrics", "composer", "encoder", "show", "episode_id", "network", "keywords", "creation_time",
    )
)  # fmt: skip
"""Container tags that MP4 has boxes of its own for, or that the muxer writes itself."""


def open_clip(file: str) -> InputContainer:
    """The clip, to be closed by the caller. Raises `MediaFault`."""
    try:
        clip = av.open(file, options=OPTIONS, metadata_errors="ignore")
    except (av.FFmpegError, ValueError, IndexError) as fault:
        raise MediaFault(f"not a clip: {fault}") from fault
    for stream in clip.streams.video:
        if getattr(stream, "width", 0):
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = THREADS
    return clip


def video_of(clip: InputContainer) -> VideoStream:
    """Its picture. Raises `MediaFault` where there is none, or one that is too large."""
    if not clip.streams.video:
        raise MediaFault("there is no picture in it")
    stream = clip.streams.video[0]
    if not getattr(stream, "width", 0):
        raise MediaFault("its picture cannot be decoded")
    if stream.width * stream.height > MOST_PIXELS:
        raise MediaFault(f"its picture is too large: {stream.width} x {stream.height}")
    return stream


def audio_of(clip: InputContainer) -> AudioStream | None:
    """Its sound, if it has any that can be decoded."""
    return next((stream for stream in clip.streams.audio if getattr(stream, "rate", 0)), None)


def sound_of(clip: InputContainer) -> AudioStream:
    """Its sound. Raises `MediaFault`."""
    stream = audio_of(clip)
    if stream is None:
        raise MediaFault("there is no sound in it")
    return stream


def seconds_of(clip: InputContainer) -> float:
    """Length of the picture; read through to the end where the file does not say. 0 if nobody knows."""
    stream = clip.streams.video[0]
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if clip.duration:
        return clip.duration / av.time_base
    last = 0.0
    for packet in clip.demux(stream):
        if packet.pts is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    clip.seek(0)
    return last


def frames_from(clip: InputContainer, at: float) -> Iterator[av.VideoFrame]:
    """Frames from `at` seconds on. Raises `MediaFault` where there is no picture."""
    stream = video_of(clip)
    with nullcontext() if at > 0 else suppress(av.FFmpegError):  # at its beginning it may be already
        clip.seek(int(at * av.time_base), backward=True)
    for frame in clip.decode(stream):
        if frame.pts is None or frame.time >= at - 0.001:
            yield frame


def shown_size(stream: VideoStream, frame: av.VideoFrame) -> tuple[int, int]:
    """Pixels as shown: pixel aspect and rotation applied."""
    aspect = stream.sample_aspect_ratio or 1
    wide, high = max(1, round(frame.width * float(aspect))), frame.height
    if wide * high > MOST_PIXELS:
        raise MediaFault(f"its picture is too large: {wide} x {high}")
    return (high, wide) if frame.rotation % 180 else (wide, high)


@contextmanager
def whole(into: str) -> Iterator[str]:
    """A file to write to that becomes `into` at the end, or nothing at all where that fails."""
    target = Path(into)
    part = target.with_name(f"{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield str(part)
        if not part.exists():  # FFmpeg makes the file with the first packet
            raise MediaFault("nothing came of it")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def mp4(part: str, tags: dict[str, str]) -> Iterator[OutputContainer]:
    """An MP4 with its index in front. Tags that MP4 has no box for are kept too, QuickTime's way."""
    flags = "+faststart" if set(tags) <= KNOWN_TAGS else "+faststart+use_metadata_tags"
    with av.open(part, "w", format="mp4", options={"movflags": flags}) as out:
        out.metadata.update(tags)
        yield out


def tags_of(clip: InputContainer) -> dict[str, str]:
    """The container's tags without those that describe the old container."""
    return {
        key: value
        for key, value in clip.metadata.items()
        if key not in ("major_brand", "minor_version", "compatible_brands")
    }


def common_tags(files: Sequence[str]) -> dict[str, str]:
    """What all of them say of themselves."""
    said = []
    for file in files:
        with open_clip(file) as clip:
            said.append(tags_of(clip))
    return {key: value for key, value in said[0].items() if all(each.get(key) == value for each in said)}


def copied(out: OutputContainer, stream: StreamT) -> StreamT:
    """A stream of `out` that takes the packets of `stream` as they are, with its tags. Raises `MediaFault`."""
    try:
        copy = out.add_stream_from_template(stream)
    except (av.FFmpegError, ValueError) as fault:
        raise MediaFault(f"it cannot be copied into an MP4: {fault}") from fault
    copy.metadata.update(stream.metadata)
    return copy
