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

from adapters.media.opening import audio_of, open_clip, shown_size, video_of
from adapters.workers.loudness import RATE, Sound
from bot.errors import MediaFault

LONGEST_HOLD = 60.0
"""Seconds that one frame may stand: beyond it the clock of the clip is broken."""
TURNS = {0: (), 90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}
"""Filters for a rotation, degrees counterclockwise."""
FULL_RANGE = 2
"""FFmpeg's `AVCOL_RANGE_JPEG`."""
HD = "bt709"
MATRICES = {1: HD, 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020"}
"""FFmpeg's names of the matrices that have these numbers in ITU-T H.273."""
HD_WIDTH, SD_HEIGHT = 1280, 576
"""A picture at least that wide or higher than that is HD, whatever it does not say."""
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


def conformed(
    frames: Iterator[av.VideoFrame], stream: VideoStream, size: Size, *, to_hd: bool = False
) -> Iterator[av.VideoFrame]:
    """Every frame in that size, its time kept. Raises `MediaFault` where the kind of picture changes midway.

    `to_hd`: colours as BT.709 has them, whatever the clip says of its own, so that clips of both kinds can stand together.
    """
    graph: Graph | None = None
    for frame in frames:
        if graph is None:
            matrix = _matrix(frame)
            graph = _graph(frame, stream, size, f"in_color_matrix={matrix}:out_color_matrix={HD if to_hd else matrix}")
        try:
            graph.push(frame)
            out = graph.pull()
        except (av.FFmpegError, ValueError) as fault:
            raise MediaFault(f"its picture cannot be converted: {fault}") from fault
        assert isinstance(out, av.VideoFrame)
        yield out


def _graph(frame: av.VideoFrame, stream: VideoStream, size: Size, matrix: str) -> Graph:
    wide, high = shown_size(stream, frame)
    scale = min(size.width / wide, size.height / high)
    inner = Size.even(wide * scale, high * scale)
    inner = Size(min(inner.width, size.width), min(inner.height, size.height))
    reach = ":out_range=tv" if frame.color_range == FULL_RANGE else ""
    steps = [
        *TURNS.get(frame.rotation % 360, ()),
        ("scale", f"{inner.width}:{inner.height}:flags=bicubic{reach}:{matrix}"),
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


def _matrix(frame: av.VideoFrame) -> str:
    """How its colours are coded: as it says; where it says nothing, as players take a picture of its size to be.

    The filter is always told: left to itself it makes BT.601 of everything.
    """
    small = frame.width < HD_WIDTH and frame.height <= SD_HEIGHT
    return MATRICES.get(frame.colorspace, "bt601" if small else HD)


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


class Listener:
    """Takes the decoded sound of a clip piece by piece and makes one of it: stereo at 48 kHz.

    `since`: where it begins, in seconds of the clip's clock. `most`: seconds that are wanted; None: everything, and what is
    longer than `LONGEST_SOUND` is refused.
    """

    def __init__(self, stream: AudioStream, since: float = 0.0, most: float | None = None) -> None:
        self._stream, self._since, self._most = stream, since, most
        self._resampler = av.AudioResampler("fltp", "stereo", RATE)
        self._pieces: list[Sound] = []
        self._begins: float | None = None
        self._samples = 0

    @property
    def content(self) -> bool:
        """Whether there is as much as was wanted."""
        late = (self._begins or 0.0) - self._since
        return self._most is not None and self._samples / (self._stream.rate or RATE) + late > self._most + 0.1

    def hear(self, frame: av.AudioFrame) -> None:
        """What comes next. Raises `MediaFault`."""
        if self._begins is None:
            self._begins = frame.time if frame.pts is not None else 0.0
        self._pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in self._resampler.resample(frame)]
        self._samples += frame.samples
        if self._most is None and self._samples > LONGEST_SOUND * (self._stream.rate or RATE):
            raise MediaFault("its sound is too long")

    def sound(self) -> Sound | None:
        """All of it; None where there was none."""
        self._pieces += [np.asarray(piece.to_ndarray(), np.float32) for piece in self._resampler.resample(None)]
        if not self._pieces:
            return None
        sound = np.nan_to_num(np.concatenate(self._pieces, axis=1))
        sound = _aligned(sound, (self._begins or 0.0) - self._since)
        return sound if self._most is None else sound[:, : round(self._most * RATE)]


def pcm(clip: InputContainer, since: float = 0.0, most: float | None = None) -> Sound | None:
    """All its sound, or `most` seconds of it, from `since` on (seconds of its clock); None where there is none."""
    stream = audio_of(clip)
    if stream is None:
        return None
    listener = Listener(stream, since, most)
    for frame in clip.decode(stream):
        listener.hear(frame)
        if listener.content:
            break
    return listener.sound()


def heard_in(file: str, most: float | None = None) -> Sound:
    """`pcm` of a file, from zero on its clock or, where so many seconds are wanted, from its first frame; none: no samples."""
    with open_clip(file) as clip:
        sound = pcm(clip) if most is None else pcm(clip, begin_of(video_of(clip)), most)
    return np.zeros((2, 0), np.float32) if sound is None else sound


def begin_of(stream: VideoStream) -> float:
    """When its first frame is shown, in seconds of its clock."""
    return float((stream.start_time or 0) * (stream.time_base or 0))


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
