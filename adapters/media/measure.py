"""What there is to measure in a clip, for the continuity check (`bot.measures.Measures`). Runs in the worker only.

The clip is decoded once, without the frames that no other refers to; of what is left, a few give the colours and the texture, and
all that are an eighth of a second apart give the movement. Rows and columns of black, and the matte bars in which an animatic
says what it is, count as no part of the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from adapters.media.conform import pcm
from adapters.media.opening import open_clip, seconds_of, shown_size, video_of
from adapters.workers.loudness import RATE
from adapters.workers.loudness import measure as loudness_of
from bot.errors import MediaFault
from bot.measures import Measures, Spot

Codes = NDArray[np.uint8]
Floats = NDArray[np.float32]

LOOKS = 7
"""Frames of which colours are taken."""
PIXELS = 7000
"""About so many of each of them."""
STEP = 0.12
"""Seconds between two frames that are compared for movement: the same for every frame rate."""
ROWS = 90
"""Of a picture in which movement is looked for."""
TEXTURED = 3
"""Frames of which grain and sharpness are taken."""
BAR, MOST_BAR = 34, 0.2
"""Code value (sRGB) up to which most of a row must be to count as a bar, and the share of the height that a bar may have."""
BLACK, CLIPPED = 0.12, 250
"""Lightness under which a colour tells nothing, and the code value above which a channel may have been cut off."""
CELL = np.array([0.25, 0.012, 0.012], np.float32)
"""How coarsely colours are gathered: stops, and two axes of OKLab."""
MOST_SPOTS = 320
BANDS = np.geomspace(60, 12_000, 13)
HEARD = 12
"""Seconds of sound that are looked at for its spectrum."""
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_CODES = np.arange(256) / 255
LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Light of every sRGB code value."""


@dataclass(frozen=True)
class Seen:
    """What was kept of the frames: small ones in colour, a few large ones in grey, and how much moved."""

    small: list[Codes]
    large: list[Codes]
    motion: float


def measure(file: str) -> dict[str, Any]:
    """`Measures` of a clip, as data. Raises `MediaFault`."""
    with open_clip(file) as clip:
        seen = _watched(clip)
    with open_clip(file) as clip:
        loudness, spectrum = _listened(clip)
    return asdict(of_pictures(seen.small, seen.large, seen.motion, loudness, spectrum))


def of_pictures(
    small: Sequence[Codes],
    large: Sequence[Codes],
    motion: float,
    loudness: float | None = None,
    spectrum: tuple[float, ...] | None = None,
) -> Measures:
    """The measures of frames `[height, width, 3]` in sRGB, and of larger ones in grey `[height, width]`."""
    edges = bars(small)
    codes = np.concatenate([cropped(each, edges).reshape(-1, 3) for each in small])
    light = LINEAR[codes]
    lab = np.cbrt(light @ TO_LMS.T) @ TO_LAB.T
    order = np.sort(lab[:, 0])
    fifth, twentieth = len(order) // 5, len(order) // 20
    grain, sharpness = _texture(large)
    return Measures(
        spots=spots(lab, codes),
        dark=_mean(lab[lab[:, 0] <= order[fifth]]),
        mid=_mean(lab[(lab[:, 0] >= order[2 * fifth]) & (lab[:, 0] <= order[-1 - 2 * fifth])]),
        light=_mean(lab[lab[:, 0] >= order[-1 - fifth]]),
        exposure=_round(np.log2(light @ LUMA + 0.001).mean()),
        contrast=_round(order[-1 - twentieth] - order[twentieth]),
        saturation=_round(np.hypot(lab[:, 1], lab[:, 2]).mean()),
        warmth=_round(np.median(lab[:, 2])),
        grain=grain,
        sharpness=sharpness,
        motion=_round(motion),
        loudness=None if loudness is None else _round(loudness),
        spectrum=spectrum,
    )


def spots(lab: Floats, codes: Codes) -> tuple[Spot, ...]:
    """The colours gathered in cells, each the mean of its own, the largest first."""
    tells = (lab[:, 0] > BLACK) & (codes.max(axis=1) < CLIPPED)
    kept = lab[tells]
    if not len(kept):
        return ()
    stops = 3 * np.log2(kept[:, :1])
    cells = np.rint(np.concatenate([stops, kept[:, 1:]], axis=1) / CELL).astype(np.int64)
    keys = ((cells[:, 0] + 64) * 256 + cells[:, 1] + 128) * 256 + cells[:, 2] + 128
    _, place, count = np.unique(keys, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(place, kept[:, axis]) / count for axis in range(3)], axis=1)
    first = np.argsort(-count, kind="stable")[:MOST_SPOTS]
    shares = np.rint(count[first] * 10_000 / len(lab)).astype(int)
    whole = np.rint(means[first] * 1000).astype(int)
    return tuple(
        (int(light), int(a), int(b), int(share)) for (light, a, b), share in zip(whole, shares, strict=True) if share
    )


def bars(frames: Sequence[Codes]) -> tuple[int, int, int, int]:
    """Rows above and below and columns left and right that are a bar in every frame, one more each for a soft edge."""
    brightest = np.max([each.max(axis=2) for each in frames], axis=0)
    rows, columns = np.median(brightest, axis=1) <= BAR, np.median(brightest, axis=0) <= BAR
    return (_run(rows), _run(rows[::-1]), _run(columns), _run(columns[::-1]))


def cropped(frame: Codes, edges: tuple[int, int, int, int]) -> Codes:
    """The frame without its bars; `edges` may have been found in a smaller one of the same shape."""
    top, bottom, left, right = edges
    return frame[top : len(frame) - bottom, left : frame.shape[1] - right]


def _run(dark: NDArray[np.bool_]) -> int:
    """How many there are from the beginning; none where more than a bar is dark, since then it is the picture."""
    length = int(np.argmin(dark)) if not dark.all() else len(dark)
    return length + 1 if 0 < length <= MOST_BAR * len(dark) else 0


def _watched(clip: InputContainer) -> Seen:
    """One pass over the clip. Raises `MediaFault`."""
    stream = video_of(clip)
    stream.codec_context.skip_frame = "NONREF"
    stream.codec_context.thread_count = 1  # more of them only cost more, and others are measured at the same time
    length = seconds_of(clip)
    small: list[Codes] = []
    large: list[Codes] = []
    changes: list[float] = []
    before: NDArray[np.int16] | None = None
    looked, compared = -1e9, -1e9
    for at, frame in _timed(clip):
        if at - compared >= STEP - 0.001:
            grey = _coarse(_luma(frame))
            if before is not None:
                changes.append(float(np.abs(grey - before).mean()))
            before, compared = grey, at
        if at - looked >= length / LOOKS:
            looked = at
            small.append(_small(frame, shown_size(stream, frame)))
            if len(small) % 2 == 1 and len(large) < TEXTURED:
                large.append(_middle(_luma(frame)))
    if not small:
        raise MediaFault("no frame of it can be decoded")
    return Seen(small, large, float(np.mean(changes)) if changes else 0.0)


def _timed(clip: InputContainer) -> Iterator[tuple[float, av.VideoFrame]]:
    """Every frame with its time from the first one on."""
    begins: float | None = None
    for number, frame in enumerate(clip.decode(video=0)):
        at = float(frame.time) if frame.pts is not None else number / 24
        begins = at if begins is None else begins
        yield at - begins, frame


def _small(frame: av.VideoFrame, shown: tuple[int, int]) -> Codes:
    """In colour, about `PIXELS`, its shape kept."""
    wide, high = (shown[1], shown[0]) if frame.rotation % 180 else shown
    scale = (PIXELS / (wide * high)) ** 0.5
    size = (max(8, round(wide * scale)), max(8, round(high * scale)))
    return np.asarray(frame.reformat(*size, format="rgb24", interpolation="AREA").to_ndarray(), np.uint8)


def _luma(frame: av.VideoFrame) -> Codes:
    """How bright it is, as large as it is: taken as it was decoded where that can be, since converting costs most of the time."""
    if frame.format.name.startswith(("yuv", "nv12", "gray")) and frame.format.components[0].bits == 8:
        plane = frame.planes[0]
        return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    return np.asarray(frame.reformat(format="gray8").to_ndarray(), np.uint8)


def _coarse(luma: Codes) -> NDArray[np.int16]:
    """About `ROWS` rows, each value the mean of four, so that grain does not count as movement."""
    step = max(1, min(luma.shape) // (2 * ROWS))
    few = luma[::step, ::step].astype(np.int16)
    few = few[: len(few) // 2 * 2, : few.shape[1] // 2 * 2]
    return (few[::2, ::2] + few[1::2, ::2] + few[::2, 1::2] + few[1::2, 1::2]) >> 2


def _middle(luma: Codes) -> Codes:
    """Its middle, away from any bars."""
    high, wide = luma.shape
    return luma[high // 5 : high * 4 // 5, wide // 5 : wide * 4 // 5].copy()


def _texture(frames: Sequence[Codes]) -> tuple[float, float]:
    """Grain and sharpness, medians over the frames; zeros where they are too small to tell."""
    found = [_grain_and_edges(each.astype(np.float32)) for each in frames if min(each.shape) >= 48]
    if not found:
        return 0.0, 0.0
    grain, edges = np.median(np.array(found), axis=0)
    return _round(grain), _round(edges)


def _grain_and_edges(grey: Floats) -> tuple[float, float]:
    fine = grey[1:-1, 1:-1] * 4 - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    high, wide = fine.shape[0] // 16 * 16, fine.shape[1] // 16 * 16
    blocks = fine[:high, :wide].reshape(high // 16, 16, wide // 16, 16).std(axis=(1, 3)) / np.sqrt(20)
    across, down = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    steepest = max(np.quantile(across[::2], 0.95), np.quantile(down[:, ::2], 0.95))
    return float(np.quantile(blocks, 0.25)), float(steepest / (grey.std() + 1))


def _listened(clip: InputContainer) -> tuple[float | None, tuple[float, ...] | None]:
    """Loudness and spectrum; None where there is no sound."""
    sound = pcm(clip)
    if sound is None or sound.shape[1] < RATE // 10:
        return None, None
    heard = sound.mean(axis=0)[: HEARD * RATE]
    power = np.abs(np.fft.rfft(heard)) ** 2
    edges = np.minimum((BANDS * len(heard) / RATE).astype(int), len(power) - 1)
    sums = [power[low : max(low + 1, high)].sum() for low, high in pairwise(edges)]
    energy = np.array(sums) + 1e-9
    return loudness_of(sound), tuple(_round(each) for each in 10 * np.log10(energy / energy.sum() + 1e-6))


def _mean(colours: Floats) -> tuple[float, float, float]:
    light, a, b = colours.mean(axis=0)
    return _round(light), _round(a), _round(b)


def _round(value: Any) -> float:
    return round(float(value), 4)
