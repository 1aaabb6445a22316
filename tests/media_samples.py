"""Small media files for tests: a valid clip, a valid picture, a picture that is a bomb."""

import zlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FPS = 24
RATE = 48_000
NONE: Mapping[str, str] = MappingProxyType({})


def tiny_clip(
    path: Path,
    seconds: float = 1,
    size: tuple[int, int] = (64, 36),
    *,
    fast: bool = True,
    tags: Mapping[str, str] = NONE,
) -> Path:
    """Write a valid MP4 (H.264, AAC) of that length in seconds and size in even pixels; returns `path`.

    `fast`: the index in front. `tags`: of the container, unknown ones too.
    """
    flags = "+use_metadata_tags" + ("+faststart" if fast else "")
    with av.open(str(path), "w", format="mp4", options={"movflags": flags if tags else flags[18:]}) as out:
        out.metadata.update(tags)
        video = out.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.options = {"preset": "ultrafast"}
        sound = out.add_stream("aac", rate=RATE, layout="stereo")
        for number in range(round(seconds * FPS)):
            out.mux(video.encode(_frame(number, size)))
        for start in range(0, round(seconds * RATE), 1024):
            out.mux(sound.encode(_quiet_tone(start, min(1024, round(seconds * RATE) - start))))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))
    return path


def _frame(number: int, size: tuple[int, int]) -> av.VideoFrame:
    """A teal ground on which a light bar moves, so that no two neighbouring frames are alike."""
    pixels = np.full((size[1], size[0], 3), (40, 120, 130), np.uint8)
    pixels[:, number * 4 % size[0]] = (236, 233, 226)
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


def _quiet_tone(start: int, samples: int) -> av.AudioFrame:
    """A stretch of a 440 Hz tone in stereo, planar floats."""
    wave = 0.05 * np.sin(2 * np.pi * 440 / RATE * np.arange(start, start + samples))
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), "fltp", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame


def grey_clip(path: Path, lumas: Sequence[int], *, codec: str = "libx264", rate: int = FPS, **shape: Any) -> Path:
    """Write a clip without sound, each frame one grey of that code value; returns `path`.

    `shape`: `size` in even pixels (64 by 36), `turned` degrees that a player is to turn it by.
    """
    size: tuple[int, int] = shape.get("size", (64, 36))
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "10"} if codec == "libx264" else {}
        for number, luma in enumerate(lumas):
            planes = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
            planes[: size[1]] = luma
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def noisy_clip(path: Path, seconds: float, size: tuple[int, int], bits: int) -> Path:
    """Write an MP4 with sound, 30 frames a second, that takes about `bits` a second because nothing in it repeats."""
    chance = np.random.default_rng(5)
    grain = chance.integers(40, 200, (size[1] + 64, size[0] + 256), dtype=np.uint8)
    with av.open(str(path), "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.options = {"preset": "ultrafast", "b": str(bits), "maxrate": str(bits), "bufsize": str(bits)}
        sound = out.add_stream("aac", rate=RATE, layout="stereo")
        for number in range(round(seconds * 30)):
            planes = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
            left = number * 3 % 256
            planes[: size[1]] = grain[number % 64 : number % 64 + size[1], left : left + size[0]]
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(video.encode(frame))
        for start in range(0, round(seconds * RATE), 1024):
            out.mux(sound.encode(_quiet_tone(start, min(1024, round(seconds * RATE) - start))))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))
    return path


def frames_of(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame as planes of 4:2:0, luma above."""
    with av.open(str(path)) as clip:
        return [frame.to_ndarray(format="yuv420p").astype(np.uint8) for frame in clip.decode(video=0)]


def sound_of(path: Path) -> NDArray[np.float32]:
    """The decoded sound, `[channels, samples]`."""
    with av.open(str(path)) as clip:
        return np.concatenate([frame.to_ndarray() for frame in clip.decode(audio=0)], axis=1).astype(np.float32)


def tiny_png(path: Path, size: tuple[int, int] = (64, 36)) -> Path:
    """Write a valid PNG with a diagonal ramp; returns `path`."""
    ramp = np.add.outer(np.linspace(0, 127, size[1]), np.linspace(0, 127, size[0])).astype(np.uint8)
    Image.fromarray(np.stack([ramp, ramp // 2, 255 - ramp], axis=-1)).save(path, "PNG")
    return path


def bomb_png(path: Path, side: int = 30_000) -> Path:
    """Write a valid black PNG of `side` by `side` pixels, one bit each: about 110 kB that unpack to 900 megapixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.compress(row * (side % 100))
    header = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", body + packer.flush()) + _chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
