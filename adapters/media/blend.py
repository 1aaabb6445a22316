"""The picture of a film where it must be decoded: unlike clips, fades through black, dissolves. Runs in the worker only.

Every clip is brought to one size at 24 frames a second and to exactly as many frames as its piece has; everything is encoded
once. Memory: the frames of one transition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream
from numpy.typing import NDArray

from adapters.media.conform import Size, add_video, conformed, in_step
from adapters.media.opening import open_clip, video_of
from adapters.media.reels import Reel, said_of
from bot.cut import LAP, RATE, Cut, Transition
from bot.errors import MediaFault

QUALITY = {"crf": "20", "g": str(2 * RATE), "forced-idr": "1"}
BT709, LIMITED = 1, 1
"""Of ITU-T H.273, and FFmpeg's `AVCOL_RANGE_MPEG`."""
BLACK_LUMA, GREY = 16, 128
HELD = LAP
"""Frames that the last one of a clip may stand for when the clip is shorter than its piece says."""

Planes = NDArray[np.uint8]
"""Luma above, chroma below: ``[height x 3/2, width]``."""


def size_of_most(reels: Sequence[Reel]) -> Size:
    """The size that most of the film has; of several the one that is seen first."""
    frames: dict[Size, int] = {}
    for reel in reels:
        frames[reel.size] = frames.get(reel.size, 0) + reel.frames
    return max(frames, key=lambda size: frames[size])


def picture_stream(out: OutputContainer, size: Size) -> VideoStream:
    """The stream to encode to."""
    stream = add_video(out, size, RATE, QUALITY)
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED
    return stream


def packets_of(cut: Cut, reels: Sequence[Reel], stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """The film's picture, encoded for `stream`; each piece begins with a frame that players can jump to. Raises `MediaFault`."""
    size = Size(stream.width, stream.height)
    begins = {edit.begins for edit in cut.edits}
    for number, frame in enumerate(_blended(cut, reels, size)):
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        frame.pict_type = PictureType.I if number in begins else PictureType.NONE
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _blended(cut: Cut, reels: Sequence[Reel], size: Size) -> Iterator[av.VideoFrame]:
    """Every frame of the film."""
    shared: list[Planes] = []
    last = len(reels) - 1
    for number, (piece, reel) in enumerate(zip(cut.pieces, reels, strict=True)):
        ends = _Ends(cut, reel.frames, opens=number > 0, closes=number < last, before=shared)
        with said_of(piece.slate):
            for place, frame in enumerate(_frames(reel, size)):
                shown = ends.shown(place, frame)
                if shown is not None:
                    yield shown
        shared = ends.shared


@dataclass
class _Ends:
    """What happens to one piece at its two ends. `before`: the frames of the piece before that it is dissolved with."""

    cut: Cut
    frames: int
    opens: bool
    closes: bool
    before: Sequence[Planes]
    shared: list[Planes] = field(default_factory=list)
    """Its own last frames, for the piece after it."""

    def shown(self, place: int, frame: av.VideoFrame) -> av.VideoFrame | None:
        """The frame of the film at that place of the piece; None where the next piece will show it."""
        lap = self.cut.lap
        into, left = place + 1, self.frames - place
        opening, closing = self.opens and into <= lap, self.closes and left <= lap
        if not opening and not closing:
            return frame
        planes = _planes(frame)
        if self.cut.transition is Transition.FADE:
            planes = _mixed(planes, _black_like(planes), into / (lap + 1)) if opening else planes
            return _frame(_mixed(planes, _black_like(planes), (left - 1) / lap) if closing else planes)
        if opening:
            planes = _mixed(planes, self.before[place], into / (lap + 1))
        if closing:
            self.shared.append(planes)
            return None
        return _frame(planes)


def _frames(reel: Reel, size: Size) -> Iterator[av.VideoFrame]:
    """Exactly its frames; a last one that stands for a few missing ones may come several times."""
    count, frame = 0, None
    with open_clip(reel.file) as clip:
        picture = video_of(clip)
        for frame in conformed(islice(in_step(clip, RATE), reel.frames), picture, size, to_hd=True):
            yield frame
            count += 1
    if frame is None:
        raise MediaFault("no frame of it can be decoded")
    if reel.frames - count > HELD:
        raise MediaFault(f"it has {count} frames, not {reel.frames}")
    for _ in range(reel.frames - count):
        yield _frame(_planes(frame))


def _planes(frame: av.VideoFrame) -> Planes:
    return np.asarray(frame.to_ndarray(), np.uint8)


def _mixed(new: Planes, old: Planes, share: float) -> Planes:
    """`share` of the new over the old."""
    weight = np.uint16(round(256 * share))
    mixed = (old * (np.uint16(256) - weight) + new * weight + np.uint16(128)) >> np.uint16(8)
    return mixed.astype(np.uint8)


def _black_like(planes: Planes) -> Planes:
    black = np.full_like(planes, GREY)
    black[: planes.shape[0] * 2 // 3] = BLACK_LUMA
    return black


def _frame(planes: Planes) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(planes, "yuv420p")
