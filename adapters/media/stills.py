"""Stills of a clip: its last frame, and a contact sheet. Runs in the worker only."""

from __future__ import annotations

from typing import Any

import av
from av.container import InputContainer
from PIL import Image, ImageDraw, ImageFont

from adapters.media.opening import frames_from, open_clip, seconds_of, shown_size, video_of, whole
from bot.errors import MediaFault

BACK = (1.0, 5.0, None)
"""Seconds before the end to begin to decode at, until there is a frame; None: the beginning."""
GAP, STRIP, ROOM, INK = 12, 26, (0x11, 0x11, 0x11), (0xB8, 0xB4, 0xAC)
MOST_STILLS = 64


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


def contact_sheet(file: str, into: str, *, columns: int, rows: int, width: int = 320) -> dict[str, Any]:
    """Write stills from evenly spread moments, each with its timecode; `width` of one still. ``{width, height}``."""
    if not 1 <= columns * rows <= MOST_STILLS:
        raise MediaFault(f"a contact sheet has 1 to {MOST_STILLS} stills")
    with open_clip(file) as clip:
        rate = float(video_of(clip).average_rate or 24)
        length = seconds_of(clip)
        times = [(number + 0.5) * length / (columns * rows) for number in range(columns * rows)]
        cells = [_cell(clip, at, width, rate) for at in times]
    high = max(cell.height for cell in cells)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (high + GAP) + GAP), ROOM)
    for number, cell in enumerate(cells):
        sheet.paste(cell, (GAP + number % columns * (width + GAP), GAP + number // columns * (high + GAP)))
    _save(sheet, into)
    return {"width": sheet.width, "height": sheet.height}


def _cell(clip: InputContainer, at: float, width: int, rate: float) -> Image.Image:
    """One still with its timecode below."""
    frame = next(frames_from(clip, at), None) or next(frames_from(clip, 0.0), None)
    if frame is None:
        raise MediaFault("no frame of it can be decoded")
    wide, high = shown_size(video_of(clip), frame)
    still = upright(frame, (width, max(1, min(4 * width, round(high * width / wide)))))
    cell = Image.new("RGB", (width, still.height + STRIP), ROOM)
    cell.paste(still, (0, 0))
    font = ImageFont.load_default(15)
    ImageDraw.Draw(cell).text((2, still.height + 5), timecode(frame.time or 0.0, rate), fill=INK, font=font)
    return cell


def timecode(seconds: float, rate: float) -> str:
    """``HH:MM:SS:FF``, non-drop."""
    base = max(1, round(rate))
    whole_seconds, frames = divmod(round(seconds * base), base)
    return f"{whole_seconds // 3600:02}:{whole_seconds // 60 % 60:02}:{whole_seconds % 60:02}:{frames:02}"


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
