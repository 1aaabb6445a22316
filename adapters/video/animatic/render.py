"""From a spec to a finished MP4: frames painted ahead by two threads while x264 encodes, then the sound. Worker only."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from adapters.video.animatic.canvas import Plane, to_rgb
from adapters.video.animatic.figures import footfalls
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.spec import FPS, ShotSpec
from adapters.video.encoding import RATE, audio_stream, video_frame, video_stream

COMMENT = "Made by Throughline. Animatic: a previsualisation, not a generated video."
CRF, CRF_RAIN = 25, 26
"""Rain costs twice the bits of anything else and hides what is saved."""
BLOCK = 1024
Sound = NDArray[np.float32]
Progress = Callable[[float], None]


def render(spec: ShotSpec, out: Path, *, threads: int = 2, progress: Progress | None = None) -> None:
    """Write the clip to `out`, all at once at the end. Raises `KeyError` for an unknown place, `OSError`, `av.FFmpegError`."""
    tell = progress or _silent
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as clip:
            clip.metadata.update(title=spec.slate, comment=COMMENT)
            rainy = spec.weather in ("rain", "storm", "drizzle", "snow")
            video = video_stream(clip, (spec.width, spec.height), FPS, CRF_RAIN if rainy else CRF)
            audio = audio_stream(clip)
            _film(spec, clip, video, threads, tell)
            _record(spec, clip, audio)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    tell(1.0)


def frame(spec: ShotSpec, number: int) -> Image.Image:
    """One frame as it looks, for tests and the gallery."""
    return to_rgb(*picture_of(spec).frame(number).planes)


@lru_cache(maxsize=1)
def picture_of(spec: ShotSpec) -> Picture:
    """The picture of a shot; the last one is kept."""
    return Picture(spec)


def sound_of(spec: ShotSpec) -> Sound:
    """The sound of a shot, [2, samples]."""
    from adapters.video.animatic.sound import bed

    steps = [step for figure in spec.figures for step in footfalls(figure, spec.seconds)]
    return np.asarray(bed(spec, tuple(sorted(steps))), np.float32)


def _silent(_share: float) -> None:
    """Nobody asked."""


def _film(spec: ShotSpec, clip: OutputContainer, video: VideoStream, threads: int, tell: Progress) -> None:
    tell(0.0)
    picture = Picture(spec)
    tell(0.08)
    for number, planes in enumerate(_painted(picture, threads)):
        flat = np.concatenate([plane.reshape(-1) for plane in planes])
        clip.mux(video.encode(video_frame(flat, (spec.width, spec.height), number, FPS)))
        if number % 6 == 5:
            tell(0.08 + 0.87 * (number + 1) / spec.frames)
    clip.mux(video.encode(None))


def _painted(picture: Picture, threads: int) -> Iterator[tuple[Plane, Plane, Plane]]:
    """All frames in order, painted ahead by so many threads."""
    waiting: deque[Future[tuple[Plane, Plane, Plane]]] = deque()
    with ThreadPoolExecutor(threads) as painters:
        for number in range(picture.spec.frames):
            waiting.append(painters.submit(picture.planes, number))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _record(spec: ShotSpec, clip: OutputContainer, audio: AudioStream) -> None:
    sound = sound_of(spec)
    for start in range(0, sound.shape[1], BLOCK):
        block = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[:, start : start + BLOCK]), "fltp", "stereo")
        block.sample_rate, block.pts, block.time_base = RATE, start, Fraction(1, RATE)
        clip.mux(audio.encode(block))
    clip.mux(audio.encode(None))
