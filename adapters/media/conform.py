"""Clips of any size, shape, rate and make, as frames and sound of one kind. Runs in the worker only.

Frames come out upright, in square pixels, planar 4:2:0, whole in the size asked for (black bars where the shape differs).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.frame import PictureType
from av.video.stream import VideoStream

from adapters.media.opening import audio_of, open_clip, shown_size, video_of
from adapters.workers.loudness import RATE, Sound
from bot.errors import MediaFault

LONGEST_HOLD = 60.0
"""Seconds that one frame may stand: beyond it the clock of the clip is broken."""
TURNS = {0: (), 90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}
"""Filters for a rotation, degrees counterclockwise."""
FULL_RANGE = 2
"""FFmpeg's `AVCOL_RANGE_JPEG`."""
LONGEST_SOUND = 1200
"""Seconds of sound that are held in memory at most."""


@dataclass(frozen=True)
class Size:
    """Pixels, both even."""

    width: int
    height: int

    @classmethod
    def even(cls, width: float, height: float) -> Size:
        """The nearest even one, 16 at least."""
        return cls(max(16, round(width / 2) * 2), max(16, round(height / 2) * 2))


def size_of(clip: InputContainer) -> Size:
    """Its size as shown. Reads its first frame and goes back. Raises `MediaFault`."""
    stream = video_of(clip)
    frame = next(clip.decode(stream), None)
    if frame is None:
        raise MediaFault("no frame of it can be decoded")
    clip.seek(0)
    return Size.even(*shown_size(stream, frame))


def conformed(frames: Iterator[av.VideoFrame], stream: VideoStream, size: Size) -> Iterator[av.VideoFrame]:
    """Every frame in that size, its time kept. Raises `MediaFault` where the kind of picture changes midway."""
    graph: Graph | None = None
    for frame in frames:
        if graph is None:
            graph = _graph(frame, stream, size)
        try:
            graph.push(frame)
            out = graph.pull()
        except (av.FFmpegError, ValueError) as fault:
            raise MediaFault(f"its picture cannot be converted: {fault}") from fault
        assert isinstance(out, av.VideoFrame)
        yield out


def _graph(frame: av.VideoFrame, stream: VideoStream, size: Size) -> Graph:
    wide, high = shown_size(stream, frame)
    scale = min(size.width / wide, size.height / high)
    inner = Size.even(wide * scale, high * scale)
    inner = Size(min(inner.width, size.width), min(inner.height, size.height))
    reach = ":out_range=tv" if frame.color_range == FULL_RANGE else ""
    steps = [
        *TURNS.get(frame.rotation % 360, ()),
        ("scale", f"{inner.width}:{inner.height}:flags=bicubic{reach}"),
        ("pad", f"{size.width}:{size.height}:{_middle(size.width, inner.width)}:{_middle(size.height, inner.height)}"),
        ("setsar", "1"),
        ("format", "yuv420p"),
    ]
    graph = Graph()
    base = stream.time_base or Fraction(1, 90_000)
    last = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=base)
    for name, options in steps:
        step = graph.add(name, options)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _middle(whole: int, part: int) -> int:
    return (whole - part) // 4 * 2


def in_step(clip: InputContainer, rate: int) -> Iterator[av.VideoFrame]:
    """Its frames at `rate` a second: each moment shows the latest that had begun. Raises `MediaFault`."""
    step = float(_usual_step(video_of(clip)) * (video_of(clip).time_base or Fraction(1, 90_000)))
    latest, number, start, at = None, 0, 0.0, 0.0
    for frame in forward(clip):
        if latest is None:
            start = frame.time
        at = frame.time - start
        if at - number / rate > LONGEST_HOLD:
            raise MediaFault("its clock jumps")
        while latest is not None and number / rate < at - 1e-6:
            yield latest
            number += 1
        latest = frame
    while latest is not None and (number == 0 or number / rate < at + min(step, LONGEST_HOLD) - 1e-3):
        yield latest
        number += 1


def planes_of(frame: av.VideoFrame) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Luma above, chroma below: ``[height x 3/2, width]``."""
    return np.asarray(frame.to_ndarray(), np.uint8)


def pcm(clip: InputContainer, since: float = 0.0) -> Sound | None:
    """All its sound, stereo at 48 kHz, from `since` on (seconds of its clock); None where there is none."""
    stream = audio_of(clip)
    if stream is None:
        return None
    resampler = av.AudioResampler("fltp", "stereo", RATE)
    pieces: list[Sound] = []
    begins: float | None = None
    samples = 0
    for frame in clip.decode(stream):
        if begins is None:
            begins = frame.time if frame.pts is not None else 0.0
        pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in resampler.resample(frame)]
        samples += frame.samples
        if samples > LONGEST_SOUND * (stream.rate or RATE):
            raise MediaFault("its sound is too long")
    pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in resampler.resample(None)]
    if not pieces:
        return None
    sound = np.nan_to_num(np.concatenate(pieces, axis=1))
    return _aligned(sound, (begins or 0.0) - since)


def heard_in(file: str, *, with_picture: bool = False) -> Sound:
    """`pcm` of a file, from the first frame on or from zero on its clock; nothing where there is no sound."""
    with open_clip(file) as clip:
        picture = video_of(clip)
        since = float((picture.start_time or 0) * (picture.time_base or 0)) if with_picture else 0.0
        sound = pcm(clip, since)
    return np.zeros((2, 0), np.float32) if sound is None else sound


def _aligned(sound: Sound, begins: float) -> Sound:
    """Silence before what begins late, nothing of what begins too early."""
    shift = round(min(max(begins, -10.0), LONGEST_HOLD) * RATE)
    return np.pad(sound, ((0, 0), (shift, 0))) if shift > 0 else sound[:, -shift:]


def add_video(out: OutputContainer, size: Size, rate: Fraction | int, options: dict[str, str]) -> VideoStream:
    """An H.264 stream that takes frames with times of their own, 1/90000 s exact."""
    stream = out.add_stream("libx264", rate=rate)
    stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
    stream.options = {"preset": "veryfast", **options}
    stream.codec_context.time_base = Fraction(1, 90_000)
    stream.codec_context.thread_count = 2
    return stream


def colours_like(stream: VideoStream, source: VideoStream) -> None:
    """Say of the new picture what the source says of its colours: they were not converted."""
    new, old = stream.codec_context, source.codec_context
    new.color_primaries, new.color_trc, new.colorspace = old.color_primaries, old.color_trc, old.colorspace
    new.color_range = 1


class Ear:
    """Feeds one AAC stream in step with the picture. `bits` a second."""

    def __init__(self, out: OutputContainer, bits: int) -> None:
        self._out, self._stream = out, out.add_stream("aac", rate=RATE, layout="stereo")
        self._stream.codec_context.bit_rate = bits
        self._sound: Sound = np.zeros((2, 0), np.float32)
        self._first = self._at = 0
        """Samples: where `_sound` begins, and what is encoded so far."""

    def add(self, sound: Sound) -> None:
        """What comes next."""
        self._sound = np.concatenate([self._sound[:, self._at - self._first :], sound], axis=1)
        self._first = self._at

    def until(self, seconds: float) -> None:
        """Encode what is heard before that time, as far as it is there."""
        while (self._at + 1024) <= min(seconds * RATE, self._first + self._sound.shape[1]):
            self._encode(1024)

    def end(self) -> None:
        """Encode the rest."""
        while rest := min(1024, self._first + self._sound.shape[1] - self._at):
            self._encode(rest)
        self._out.mux(self._stream.encode(None))

    def _encode(self, samples: int) -> None:
        start = self._at - self._first
        piece = np.ascontiguousarray(self._sound[:, start : start + samples], np.float32)
        frame = av.AudioFrame.from_ndarray(piece, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += samples
        self._out.mux(self._stream.encode(frame))


def forward(clip: InputContainer) -> Iterator[av.VideoFrame]:
    """Its frames, those left out whose time goes back or stands still."""
    stream = video_of(clip)
    last: int | None = None
    for frame in clip.decode(stream):
        if frame.pts is None:
            frame.pts = 0 if last is None else last + _usual_step(stream)
        if last is None or frame.pts > last:
            last = frame.pts
            yield frame


def _usual_step(stream: VideoStream) -> int:
    base = stream.time_base or Fraction(1, 90_000)
    return max(1, round(1 / (base * (stream.average_rate or 24))))


def shown(frame: av.VideoFrame) -> av.VideoFrame:
    """A frame that leaves it to the encoder what kind of frame it becomes."""
    frame.pict_type = PictureType.NONE
    return frame
