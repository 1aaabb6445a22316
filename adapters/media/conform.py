"""Clips of any size, shape, rate and make, as frames and sound of one kind. Runs in the worker only.

Frames come out upright, in square pixels, planar 4:2:0, whole in the size asked for (black bars where the shape differs).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.frame import PictureType
from av.video.stream import VideoStream

from adapters.media.opening import audio_of, shown_size, video_of
from adapters.workers.loudness import RATE, Sound
from bot.errors import MediaFault

LONGEST_HOLD = 60.0
"""Seconds that one frame may stand: beyond it the clock of the clip is broken."""
TURNS = {0: (), 90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}
"""Filters for a rotation, degrees counterclockwise."""
FULL_RANGE = 2
"""FFmpeg's `AVCOL_RANGE_JPEG`."""
LONGEST_SOUND = 3600
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


def in_step(frames: Iterator[av.VideoFrame], rate: int) -> Iterator[av.VideoFrame]:
    """At `rate` frames a second: each moment shows the latest frame that had begun. Raises `MediaFault`."""
    shown, number, start = None, 0, 0.0
    for frame in frames:
        at = frame.time if frame.pts is not None else start + number / rate
        if shown is None:
            start = at
        elif at - start - number / rate > LONGEST_HOLD:
            raise MediaFault("its clock jumps")
        else:
            while number / rate < at - start - 1e-6:
                yield shown
                number += 1
        shown = frame
    if shown is not None:
        yield shown


def planes_of(frame: av.VideoFrame) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Luma above, chroma below: ``[height x 3/2, width]``."""
    return np.asarray(frame.to_ndarray(), np.uint8)


def pcm(clip: InputContainer) -> Sound | None:
    """All its sound, stereo at 48 kHz, from the moment its picture begins; None where there is none."""
    stream = audio_of(clip)
    if stream is None:
        return None
    resampler = av.AudioResampler("fltp", "stereo", RATE)
    pieces: list[Sound] = []
    begins: float | None = None
    for frame in clip.decode(stream):
        if begins is None:
            begins = frame.time if frame.pts is not None else 0.0
        pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in resampler.resample(frame)]
        if sum(piece.shape[1] for piece in pieces[-1:]) and len(pieces) * 1024 > LONGEST_SOUND * RATE:
            raise MediaFault("its sound is too long")
    pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in resampler.resample(None)]
    if not pieces:
        return None
    sound = np.nan_to_num(np.concatenate(pieces, axis=1))
    return _from_zero(sound, begins or 0.0)


def _from_zero(sound: Sound, begins: float) -> Sound:
    """Silence before what begins late, nothing of what begins before the picture."""
    shift = round(min(max(begins, -10.0), LONGEST_HOLD) * RATE)
    return np.pad(sound, ((0, 0), (shift, 0))) if shift > 0 else sound[:, -shift:]


def add_video(out: OutputContainer, size: Size, rate: Fraction | int, options: dict[str, str]) -> VideoStream:
    """An H.264 stream that takes frames with times of their own, 1/90000 s exact."""
    stream = out.add_stream("libx264", rate=rate)
    stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
    stream.options = {"preset": "veryfast"} | options
    stream.codec_context.time_base = Fraction(1, 90_000)
    stream.codec_context.thread_count = 2
    return stream


def colours_like(stream: VideoStream, source: VideoStream) -> None:
    """Say of the new picture what the source says of its colours: they were not converted."""
    new, old = stream.codec_context, source.codec_context
    new.color_primaries, new.color_trc, new.colorspace = old.color_primaries, old.color_trc, old.colorspace
    new.color_range = 1


def add_audio(out: OutputContainer, bits: int) -> AudioStream:
    """An AAC stream, stereo at 48 kHz, of `bits` a second."""
    stream = out.add_stream("aac", rate=RATE, layout="stereo")
    stream.codec_context.bit_rate = bits
    return stream


class Ear:
    """Feeds one AAC stream, in step with the picture. `sound` may come in pieces."""

    def __init__(self, out: OutputContainer, bits: int) -> None:
        self._out, self._stream = out, add_audio(out, bits)
        self._waiting: Sound = np.zeros((2, 0), np.float32)
        self._at = 0

    def hear(self, sound: Sound) -> None:
        """Encode it; what does not fill a packet waits for more."""
        waiting = np.concatenate([self._waiting, sound], axis=1)
        whole = waiting.shape[1] // 1024 * 1024
        for start in range(0, whole, 1024):
            self._encode(waiting[:, start : start + 1024])
        self._waiting = waiting[:, whole:]

    def end(self) -> None:
        """Encode the rest."""
        if self._waiting.shape[1]:
            self._encode(self._waiting)
        self._out.mux(self._stream.encode(None))

    def _encode(self, sound: Sound) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += sound.shape[1]
        self._out.mux(self._stream.encode(frame))


def shown(frame: av.VideoFrame) -> av.VideoFrame:
    """A frame that leaves it to the encoder what kind of frame it becomes."""
    frame.pict_type = PictureType.NONE
    return frame
