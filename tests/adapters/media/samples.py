"""Clips that are awkward to join: with any sound, with frames that come unevenly or out of order, with colours of any standard."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.media_samples import FPS, RATE

GREY = 128
TEAL = {1: (105, 140, 92), 5: (99, 144, 92)}
"""RGB 40, 120, 130 in limited YCbCr, by the number of the matrix in ITU-T H.273: BT.709 and BT.601."""


def heard_clip(
    path: Path,
    seconds: float,
    wave: Callable[[np.ndarray], np.ndarray],
    *,
    rate: int = RATE,
    layout: str = "stereo",
    picture: bool = True,
) -> Path:
    """Write an MP4 whose sound is `wave` of the times in seconds, the same in every channel; returns `path`."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=rate, layout=layout)
        sound.codec_context.bit_rate = 256_000
        if picture:
            video = out.add_stream("libx264", rate=FPS)
            video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
            video.options = {"preset": "ultrafast"}
            for number in range(round(seconds * FPS)):
                out.mux(video.encode(_flat((90, GREY, GREY), number)))
            out.mux(video.encode(None))
        samples = np.asarray(wave(np.arange(round(seconds * rate)) / rate), np.float32)
        channels = sound.codec_context.layout.nb_channels
        for start in range(0, samples.size, 1024):
            piece = np.ascontiguousarray(np.tile(samples[start : start + 1024], (channels, 1)))
            frame = av.AudioFrame.from_ndarray(piece, "fltp", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    return path


def uneven_clip(path: Path, shown: Sequence[tuple[int, int]], *, preset: str = "ultrafast", keys: int = 250) -> Path:
    """Write a clip without sound: greys, each with the frame (of 24 a second) from which on it is shown; returns `path`.

    `keys`: at most so many frames from one that can be decoded alone to the next.
    """
    return _silent(path, [((luma, GREY, GREY), at) for luma, at in shown], preset=preset, keys=keys)


def teal_clip(path: Path, matrix: int) -> Path:
    """Write a second of one and the same teal, coded with that matrix of `TEAL` and saying so; returns `path`."""
    return _silent(path, [(TEAL[matrix], at) for at in range(FPS)], matrix=matrix)


def moving_clip(path: Path, frames: int) -> Path:
    """Write patches of light that wander, 160 by 90, every frame leaning on others and only the first on none."""
    chance = np.random.default_rng(7)
    field = np.kron(chance.integers(20, 230, (12, 40)), np.ones((8, 8))).astype(np.uint8)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.options = {"preset": "medium", "g": "1000", "sc_threshold": "0", "crf": "18"}
        for number in range(frames):
            planes = np.full((135, 160), GREY, np.uint8)
            planes[:90] = field[:90, number : number + 160]
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _silent(
    path: Path,
    shown: Sequence[tuple[tuple[int, int, int], int]],
    *,
    preset: str = "ultrafast",
    matrix: int = 2,
    keys: int = 250,
) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        stream.options = {"preset": preset, "crf": "10", "g": str(keys), "sc_threshold": "0"}
        stream.codec_context.time_base, stream.codec_context.colorspace = Fraction(1, FPS), matrix
        for colour, at in shown:
            out.mux(stream.encode(_flat(colour, at)))
        out.mux(stream.encode(None))
    return path


def _flat(colour: tuple[int, int, int], at: int) -> av.VideoFrame:
    planes = np.empty((36 * 3 // 2, 64), np.uint8)
    for number, value in enumerate(colour):
        planes.reshape(-1)[(0, 64 * 36, 64 * 36 * 5 // 4)[number] :] = value
    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
    frame.pts, frame.time_base = at, Fraction(1, FPS)
    return frame
