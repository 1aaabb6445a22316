"""What a film needs to know of its clips, from one pass over each: where their packets are, and how they sound. Worker only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from adapters.media.conform import Listener, Size, begin_of
from adapters.media.opening import audio_of, frames_from, open_clip, shown_size, tags_of, video_of
from adapters.workers.loudness import Sound
from bot.cut import RATE
from bot.errors import MediaFault

COPIED_CODECS: Final = frozenset(("h264", "hevc", "av1", "libdav1d", "vp9"))
"""Decoders of pictures whose packets stand in an MP4 as they are."""


@dataclass(frozen=True)
class Sample:
    """One packet of picture: the frame of the piece that it holds, its place and size in the file, bytes."""

    frame: int
    position: int
    size: int
    is_key: bool


@dataclass(frozen=True)
class Reel:
    """One clip of the film, looked through."""

    file: str
    frames: int
    """So many of its frames are wanted, at 24 a second."""
    size: Size
    """As shown."""
    kind: tuple[object, ...]
    """All that a decoder has to be told: reels of the same kind can stand behind each other."""
    samples: tuple[Sample, ...]
    """In order of decoding; none where it has other frames than are wanted, or packets that cannot be copied."""
    sound: Sound | None
    """At most as long as its frames; None: it has none."""
    tags: dict[str, str]


@contextmanager
def said_of(slate: str) -> Iterator[None]:
    """Whatever goes wrong in it is said of that piece. Raises `MediaFault`."""
    try:
        yield
    except MediaFault as fault:
        raise MediaFault(f"{slate}: {fault.reason}") from fault
    except (av.FFmpegError, ValueError, IndexError) as fault:
        raise MediaFault(f"{slate}: it cannot be read: {type(fault).__name__}") from fault


def look_through(file: str, frames: int) -> Reel:
    """Read all of it once. Raises `MediaFault`."""
    with open_clip(file) as clip:
        picture = video_of(clip)
        picture.codec_context.thread_count = 1  # for a single frame more threads only cost more
        packets, frame, sound = _read(clip, picture, frames / RATE)
        frame = frame or next(frames_from(clip, 0.0), None)
        if frame is None:
            raise MediaFault("no frame of it can be decoded")
        size = Size.even(*shown_size(picture, frame))
        kind = (*_kind(clip, picture), frame.rotation, size)
        samples = _samples(packets, frames) if _can_be_copied(clip, picture) else ()
        return Reel(file, frames, size, kind, samples, sound, tags_of(clip))


@dataclass(frozen=True)
class _Seen:
    """A packet of picture, its content let go."""

    at: float
    """Frames of ours since the clip's zero."""
    position: int | None
    """None: it is not to be copied."""
    size: int
    is_key: bool


def _read(
    clip: InputContainer, picture: VideoStream, seconds: float
) -> tuple[list[_Seen], av.VideoFrame | None, Sound | None]:
    """Its packets of picture, its first frame if that can be had alone, and so many seconds of its sound."""
    voice = audio_of(clip)
    listener = Listener(voice, begin_of(picture), seconds) if voice else None
    seen: list[_Seen] = []
    first: av.VideoFrame | None = None
    for packet in clip.demux([picture, voice] if voice else [picture]):
        if packet.dts is None:
            continue
        if packet.stream is picture and packet.pts is not None:
            first = _alone(picture, packet) if not seen else first
            seen.append(_seen(packet))
        elif packet.stream is voice and listener and not listener.content:
            for frame in packet.decode():
                listener.hear(frame)  # type: ignore[arg-type]
    return seen, first, listener.sound() if listener else None


def _seen(packet: Packet[Any]) -> _Seen:
    whole = not (packet.is_discard or packet.is_corrupt or packet.has_sidedata("new_extradata"))
    at = float((packet.pts or 0) * packet.time_base * RATE)
    return _Seen(at, packet.pos if whole else None, packet.size, packet.is_keyframe)


def _alone(picture: VideoStream, packet: Packet[Any]) -> av.VideoFrame | None:
    """The frame of that packet, decoded without any other."""
    try:
        found = [*picture.codec_context.decode(packet), *picture.codec_context.decode(None)]
    except av.FFmpegError:
        found = []
    picture.codec_context.flush_buffers()
    return found[0] if found else None


def _kind(clip: InputContainer, picture: VideoStream) -> tuple[object, ...]:
    context = picture.codec_context
    colours = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
    shape = (picture.width, picture.height, picture.pix_fmt, picture.sample_aspect_ratio)
    return (clip.format.name, context.name, context.codec_tag, bytes(context.extradata or b""), *shape, *colours)


def _can_be_copied(clip: InputContainer, picture: VideoStream) -> bool:
    return "mp4" in clip.format.name and picture.codec_context.name in COPIED_CODECS


def _samples(packets: Sequence[_Seen], frames: int) -> tuple[Sample, ...]:
    """The first `frames` packets, where they hold exactly the first `frames` frames at 24 a second; else none.

    A frame that is off its place by less than half a frame belongs there: so are those of 23.976 a second for a while.
    """
    begin = min((packet.at for packet in packets), default=0.0)
    found = []
    for packet in packets[:frames]:
        frame = round(packet.at - begin)
        if packet.position is None:
            return ()
        found.append(Sample(frame, packet.position, packet.size, packet.is_key))
    fits = sorted(sample.frame for sample in found) == list(range(frames)) and found[0].is_key
    return tuple(found) if fits else ()
