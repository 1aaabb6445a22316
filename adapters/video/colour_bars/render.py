"""From an order to a finished MP4: slate, tone, H.264 and AAC by PyAV. Runs in the worker only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageOps

from adapters.video.colour_bars.slate import FPS, POP_FRAMES, Slate
from adapters.video.encoding import RATE, audio_stream, video_frame, video_stream
from bot.brief import Brief

TONE, LEVEL, EDGE = 1000, -20.0, 96
"""The sync pop: 1 kHz at -20 dBFS (SMPTE RP 155 line-up level), with edges of 2 ms so that it does not click."""
CRF = 22
COMMENT = "Made by Throughline. Test signal, not a generated video."
SECONDS = 4
"""What a clip lasts when nobody said."""


@dataclass(frozen=True)
class Film:
    """One order, as the worker has it."""

    slate: str
    brief: Brief
    reference: Path | None

    @property
    def seconds(self) -> int:
        """Length of the clip."""
        return self.brief.seconds or SECONDS


def render(film: Film, into: Path, tell: Callable[[float], None]) -> dict[str, float]:
    """Write the clip to `into`, all at once at the end; returns its length in seconds and its frames."""
    tell(0.0)
    slate = Slate(film.slate, film.brief, film.seconds, _inset(film.reference))
    part = into.with_name(f"{into.name}.{os.getpid()}.part")
    try:
        _encode(film, slate, part, tell)
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return {"seconds": float(film.seconds), "frames": float(slate.frames)}


def _encode(film: Film, slate: Slate, part: Path, tell: Callable[[float], None]) -> None:
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as clip:
        clip.metadata.update(title=film.slate, comment=COMMENT, description=film.brief.text)
        video, audio = video_stream(clip, slate.size, FPS, CRF), audio_stream(clip)
        for number in range(slate.frames):
            clip.mux(video.encode(_picture(slate, number)))
            for sound in _second(number // FPS) if number % FPS == 0 else ():
                clip.mux(audio.encode(sound))
            if number % 6 == 5:
                tell(min(0.99, (number + 1) / slate.frames))
        clip.mux(video.encode(None))
        clip.mux(audio.encode(None))


def _picture(slate: Slate, number: int) -> av.VideoFrame:
    planes = slate.frame(number)
    return video_frame(planes.flat, (planes.width, planes.height), number, FPS)


def _second(number: int) -> Iterator[av.AudioFrame]:
    """One second of sound: a pop with the flash in the picture, then silence."""
    sound = np.zeros(RATE, np.float32)
    length = POP_FRAMES * RATE // FPS
    pop = 10 ** (LEVEL / 20) * np.sin(2 * np.pi * TONE / RATE * np.arange(length))
    rise = np.sin(np.linspace(0, np.pi / 2, EDGE)) ** 2
    pop[:EDGE] *= rise
    pop[-EDGE:] *= rise[::-1]
    sound[:length] = pop
    for start in range(0, RATE, 1000):
        yield _samples(sound[start : start + 1000], number * RATE + start)


def _samples(mono: np.ndarray[tuple[int], np.dtype[np.float32]], start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.stack([mono, mono]), "fltp", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame


def _inset(reference: Path | None) -> Image.Image | None:
    """The reference picture, small and upright; it went through the gate before."""
    if reference is None:
        return None
    with Image.open(reference, formats=("JPEG", "PNG", "WEBP")) as picture:
        picture.draft("RGB", (512, 512))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((512, 512))
        return upright.convert("RGB")
