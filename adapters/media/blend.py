"""Joining by decoding: cuts between unlike clips, fades through black, dissolves. Runs in the worker only.

Memory: the sound of one clip and the frames of one transition.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from adapters.media.conform import Ear, Size, add_video, conformed, heard_in, in_step, planes_of
from adapters.media.opening import audio_of, common_tags, mp4, open_clip, seconds_of, video_of
from adapters.workers.loudness import RATE, Sound

FPS = 24
SOUND_BITS = 160_000
TRANSITIONS = ("cut", "fade", "dissolve")
BLACK_LUMA, GREY = 16, 128
CLICK = 144
"""Samples over which sound is faded at a cut: 3 ms."""

Planes = NDArray[np.uint8]
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Style:
    """A transition and the frames that it lasts (at each of the two clips)."""

    transition: str
    lap: int


def style_of(files: Sequence[str], transition: str, seconds: float) -> Style:
    """A transition of `seconds`, or shorter where half of the shortest clip is."""
    return Style(transition, 0 if transition == "cut" or len(files) == 1 else _lap(files, seconds))


def blend_all(files: Sequence[str], part: str, size: Size, style: Style, tell: Tell) -> None:
    """Write all of them to `part`, in that size. Raises `MediaFault`."""
    with mp4(part, common_tags(files)) as out:
        video = add_video(out, size, FPS, {"crf": "20"})
        mix = _Mix(Ear(out, SOUND_BITS), style) if any(map(_is_heard, files)) else None
        tail: list[Planes] = []
        count = 0
        for number, file in enumerate(files):
            shots = _Shots(file, size, style, first=number == 0, last=number == len(files) - 1)
            if mix:  # the sound of a clip is encoded along with its pictures, so it is read before them
                mix.lay(heard_in(file, with_picture=True), shots.count() * RATE // FPS, last=number == len(files) - 1)
            for planes in shots.blended(tail):
                out.mux(video.encode(_frame(planes, count)))
                count += 1
                if mix:
                    mix.ear.until(count / FPS)
            tail = shots.tail
            tell((number + 1) / len(files) * 0.99)
        out.mux(video.encode(None))
        if mix:
            mix.ear.end()


def _lap(files: Sequence[str], seconds: float) -> int:
    """Frames of a transition: no more than half of the shortest clip."""
    lengths = []
    for file in files:
        with open_clip(file) as clip:
            video_of(clip)
            lengths.append(seconds_of(clip))
    return max(1, min(round(seconds * FPS), int(min(lengths) * FPS) // 2))


def _is_heard(file: str) -> bool:
    with open_clip(file) as clip:
        return audio_of(clip) is not None


class _Shots:
    """The frames of one clip on their way through the transitions at its two ends."""

    def __init__(self, file: str, size: Size, style: Style, *, first: bool, last: bool) -> None:
        self._file, self._size, self._lap, self._transition = file, size, style.lap, style.transition
        self._first, self._last = first, last
        self.tail: list[Planes] = []
        """Of a dissolve: frames that are still to be blended with the next clip's."""

    def _frames(self) -> Iterator[Planes]:
        with open_clip(self._file) as clip:
            for frame in conformed(in_step(clip, FPS), video_of(clip), self._size):
                yield planes_of(frame)

    def count(self) -> int:
        """Frames of the clip at our rate."""
        with open_clip(self._file) as clip:
            return sum(1 for _ in in_step(clip, FPS))

    def blended(self, before: list[Planes]) -> Iterator[Planes]:
        """Its frames as shown; those at its end are held back for the transition."""
        held: deque[Planes] = deque()
        for number, planes in enumerate(self._frames()):
            held.append(self._opened(planes, number, before))
            if len(held) > (0 if self._last else self._lap):
                yield held.popleft()
        if self._transition == "dissolve":
            self.tail = list(held)
        else:
            for number, planes in enumerate(held):
                yield _mixed(_black_like(planes), planes, (number + 1) / (len(held) + 1))

    def _opened(self, planes: Planes, number: int, before: list[Planes]) -> Planes:
        share = (number + 1) / (self._lap + 1)
        if self._transition == "dissolve" and number < len(before):
            return _mixed(planes, before[number], share)
        if self._transition == "fade" and not self._first and number < self._lap:
            return _mixed(planes, _black_like(planes), share)
        return planes


def _mixed(new: Planes, old: Planes, share: float) -> Planes:
    """`share` of the new over the old."""
    weight = np.uint16(round(256 * share))
    mixed = (old * (np.uint16(256) - weight) + new * weight + np.uint16(128)) >> np.uint16(8)
    return mixed.astype(np.uint8)


def _black_like(planes: Planes) -> Planes:
    black = np.full_like(planes, GREY)
    black[: planes.shape[0] * 2 // 3] = BLACK_LUMA
    return black


def _frame(planes: Planes, number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


class _Mix:
    """The sound of clip after clip, through the transitions."""

    def __init__(self, ear: Ear, style: Style) -> None:
        self.ear, self._style = ear, style
        self._rest: Sound = np.zeros((2, 0), np.float32)
        """Of a dissolve: what is still to be blended with the next clip."""

    def lay(self, sound: Sound, length: int, *, last: bool) -> None:
        """Add the clip's sound, cut or padded to `length` samples."""
        sound = np.pad(sound[:, :length], ((0, 0), (0, max(0, length - sound.shape[1]))))
        lapped = min(self._style.lap * RATE // FPS, length // 2)
        overlap = min(self._rest.shape[1], length)
        ramp = overlap or min(length // 2, lapped or CLICK)
        sound[:, :ramp] *= np.sin(_quarter(ramp))  # a dissolve keeps the power; elsewhere sound comes from silence
        sound[:, :overlap] += self._rest[:, :overlap] * np.cos(_quarter(overlap))
        self._rest = np.zeros((2, 0), np.float32)
        if not last and self._style.transition == "dissolve":
            sound, self._rest = sound[:, : length - lapped], sound[:, length - lapped :]
        elif not last:
            sound[:, length - ramp :] *= np.cos(_quarter(ramp))
        self.ear.add(sound)


def _quarter(samples: int) -> Sound:
    """From nothing to a quarter of a turn."""
    return np.linspace(0, np.pi / 2, samples, dtype=np.float32)
