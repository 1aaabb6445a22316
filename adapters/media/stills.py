"""The last frame of a clip, and any frame as a picture. Runs in the worker only."""

from __future__ import annotations

from typing import Any

import av
from av.container import InputContainer
from PIL import Image

from adapters.media.opening import open_clip, seconds_of, shown_size, video_of, whole
from bot.errors import MediaFault

BACK = (1.0, 5.0, None)
"""Seconds before the end to begin to decode at, until there is a frame; None: the beginning."""


def last_frame(file: str, into: str) -> dict[str, Any]:
    """Write the last frame upright in its full size, PNG or (by the name) JPEG. ``{width, height, seconds}``."""
    with open_clip(file) as clip:
        frame, picture = _last(clip)
    _save(picture, into)
    return {"width": picture.width, "height": picture.height, "seconds": float(frame.time or 0.0)}


def _last(clip: InputContainer) -> tuple[av.VideoFrame, Image.Image]:
    stream = video_of(clip)
    length = seconds_of(clip)
    for back in BACK:
        clip.seek(int(max(0.0, length - back if back else 0.0) * av.time_base), backward=True)
        last = None
        for last in clip.decode(stream):  # noqa: B007 - the last one is what we want
            pass
        if last is not None:
            return last, upright(last, shown_size(stream, last))
    raise MediaFault("no frame of it can be decoded")


def upright(frame: av.VideoFrame, size: tuple[int, int]) -> Image.Image:
    """The frame as shown, in that size."""
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    picture = picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def _save(picture: Image.Image, into: str) -> None:
    with whole(into) as part:
        if into.lower().endswith((".jpg", ".jpeg")):
            picture.save(part, "JPEG", quality=90)
        else:
            picture.save(part, "PNG", compress_level=3)
