"""Small media files for tests: a valid clip, a valid picture, a picture that is a bomb."""

import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

FPS = 24
RATE = 48_000


def tiny_clip(path: Path, seconds: float = 1, size: tuple[int, int] = (64, 36)) -> Path:
    """Write a valid MP4 (H.264, AAC, faststart) of that length in seconds and size in even pixels; returns `path`."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
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
