"""Clips: what they are, and a poster of them. Runs in the worker only."""

from __future__ import annotations

from typing import Any

import av
from av.container import InputContainer
from PIL import Image, ImageStat

from adapters.media.opening import frames_from, open_clip, seconds_of, shown_size, video_of
from adapters.media.stills import upright
from bot.errors import MediaFault

WEB_CODECS = {"vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9"}
POSTER_WIDTH = 960
POSTER_TIMES = (1 / 3, 1 / 2, 2 / 3, 1 / 6, 5 / 6, 0.0)
"""Where to look for a still, in shares of the length, best first."""
BLACK = 20
"""Mean luma (0..255) under which a frame tells nothing, unless something in it is bright."""


def probe(file: str) -> dict[str, Any]:
    """``{seconds, width, height, media_type, has_sound}``; the first frame must decode. Raises `MediaFault`."""
    with open_clip(file) as clip:
        frame = next(frames_from(clip, 0.0), None)
        if frame is None:
            raise MediaFault("there is no picture in it")
        shown = shown_size(clip.streams.video[0], frame)
        return {
            "seconds": seconds_of(clip),
            "width": shown[0],
            "height": shown[1],
            "media_type": _media_type(file, clip),
            "has_sound": bool(clip.streams.audio),
        }


def poster(file: str, into: str, most: int) -> None:
    """Write the still as JPEG at most `POSTER_WIDTH` wide; where `most` is less, no side is longer. Raises `MediaFault`.

    `file` may be a still that was taken before (``….jpg``).
    """
    best = _taken(file) if file.endswith(".jpg") else _found(file)
    if most < POSTER_WIDTH:
        best.thumbnail((most, most))
    best.save(into, "JPEG", quality=88, optimize=True)


def _taken(file: str) -> Image.Image:
    try:
        with Image.open(file, formats=("JPEG",)) as still:
            still.load()
            return still
    except OSError as fault:
        raise MediaFault(f"the still cannot be read: {type(fault).__name__}") from fault


def _found(file: str) -> Image.Image:
    """A frame in which there is something to see."""
    with open_clip(file) as clip:
        video_of(clip)
        length = seconds_of(clip)
        best: Image.Image | None = None
        for share in POSTER_TIMES:
            frame = next(frames_from(clip, share * length), None)
            if frame is None:
                continue
            still = _still(clip, frame)
            if best is None or _light(still) > _light(best):
                best = still
            if _light(best) >= BLACK:
                break
    if best is None:
        raise MediaFault("no frame of it can be decoded")
    return best


def _media_type(file: str, clip: InputContainer) -> str:
    if "webm" in clip.format.name:
        codecs = {stream.codec_context.name for stream in clip.streams.video}
        return "video/webm" if codecs <= WEB_CODECS else "video/x-matroska"
    with open(file, "rb") as source:  # noqa: PTH123 - ISO base media: the brand stands in the first box
        return "video/quicktime" if source.read(12)[8:12] == b"qt  " else "video/mp4"


def _still(clip: InputContainer, frame: av.VideoFrame) -> Image.Image:
    """The frame upright, at most `POSTER_WIDTH` wide."""
    wide, high = shown_size(clip.streams.video[0], frame)
    scale = min(1.0, POSTER_WIDTH / wide)
    return upright(frame, (max(1, round(wide * scale)), max(1, round(high * scale))))


def _light(still: Image.Image) -> float:
    """How much there is to see: the mean, or a third of the brightest, 0..255."""
    luma = still.convert("L")
    bright = luma.getextrema()[1]
    return max(ImageStat.Stat(luma).mean[0], float(bright if isinstance(bright, (int, float)) else 0) / 6)
