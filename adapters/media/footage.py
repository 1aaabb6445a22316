"""Clips: what they are, and a still of them. Runs in the worker only.

Only a few demuxers may open a file, and only the file itself: by default FFmpeg would take a playlist that is named
``.mp4`` and read whatever local file it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
from av.container import InputContainer
from PIL import Image, ImageStat

from bot.errors import MediaFault

OPTIONS = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"}
WEB_CODECS = {"vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9"}
POSTER_WIDTH = 960
POSTER_TIMES = (1 / 3, 1 / 2, 2 / 3, 1 / 6, 5 / 6, 0.0)
"""Where to look for a still, in shares of the length, best first."""
BLACK = 20
"""Mean luma (0..255) under which a frame tells nothing, unless something in it is bright."""


def probe(file: str) -> dict[str, Any]:
    """``{seconds, width, height, media_type, has_sound}``; the first frame must decode. Raises `MediaFault`."""
    with _open(file) as clip:
        frame = next(_frames(clip, 0.0), None)
        if frame is None:
            raise MediaFault("there is no picture in it")
        shown = _size(clip, frame)
        return {
            "seconds": _seconds(clip),
            "width": shown[0],
            "height": shown[1],
            "media_type": _media_type(file, clip),
            "has_sound": bool(clip.streams.audio),
        }


def poster(file: str, into: str) -> None:
    """Write the still as JPEG of at most `POSTER_WIDTH`. Raises `MediaFault`."""
    with _open(file) as clip:
        length = _seconds(clip)
        best: Image.Image | None = None
        for share in POSTER_TIMES:
            frame = next(_frames(clip, share * length), None)
            if frame is None:
                continue
            still = _still(clip, frame)
            if best is None or _light(still) > _light(best):
                best = still
            if _light(best) >= BLACK:
                break
    if best is None:
        raise MediaFault("no frame of it can be decoded")
    best.save(into, "JPEG", quality=88, optimize=True)


def _open(file: str) -> InputContainer:
    try:
        return av.open(file, options=OPTIONS, metadata_errors="ignore")
    except (av.FFmpegError, ValueError, IndexError) as fault:
        raise MediaFault(f"not a clip: {fault}") from fault


def _frames(clip: InputContainer, at: float) -> Iterator[av.VideoFrame]:
    """Frames from `at` seconds on. Raises `MediaFault` where there is no picture."""
    if not clip.streams.video:
        raise MediaFault("there is no picture in it")
    stream = clip.streams.video[0]
    if at > 0:
        clip.seek(int(at * av.time_base), backward=True)
    for frame in clip.decode(stream):
        if frame.pts is None or frame.time >= at - 0.001:
            yield frame


def _seconds(clip: InputContainer) -> float:
    stream = clip.streams.video[0]
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return float(clip.duration or 0) / av.time_base


def _media_type(file: str, clip: InputContainer) -> str:
    if "webm" in clip.format.name:
        codecs = {stream.codec_context.name for stream in clip.streams.video}
        return "video/webm" if codecs <= WEB_CODECS else "video/x-matroska"
    with open(file, "rb") as source:  # noqa: PTH123 - ISO base media: the brand stands in the first box
        return "video/quicktime" if source.read(12)[8:12] == b"qt  " else "video/mp4"


def _size(clip: InputContainer, frame: av.VideoFrame) -> tuple[int, int]:
    """Pixels as shown: pixel aspect and rotation applied."""
    aspect = clip.streams.video[0].sample_aspect_ratio or 1
    wide, high = round(frame.width * float(aspect)), frame.height
    return (high, wide) if frame.rotation % 180 else (wide, high)


def _still(clip: InputContainer, frame: av.VideoFrame) -> Image.Image:
    """The frame upright, at most `POSTER_WIDTH` wide."""
    wide, high = _size(clip, frame)
    scale = min(1.0, POSTER_WIDTH / wide)
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    picture = picture.rotate(frame.rotation, expand=True)
    return picture.resize((max(1, round(wide * scale)), max(1, round(high * scale))), Image.Resampling.LANCZOS)


def _light(still: Image.Image) -> float:
    """How much there is to see: the mean, or a third of the brightest, 0..255."""
    luma = still.convert("L")
    bright = luma.getextrema()[1]
    return max(ImageStat.Stat(luma).mean[0], float(bright if isinstance(bright, (int, float)) else 0) / 6)
