"""The card of a stand-in: its word, in any script, lettered on the finished sprite so that it always reads forwards."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from adapters.type.typesetting import STRONG, Style, draw_text, measure
from adapters.video.animatic.figures.lightness import FigureLight, Paint, shaded, ycc
from adapters.video.animatic.figures.parts import NEAR, Part
from adapters.video.animatic.figures.raster import Plane, Sprite

HIGH, LEAST, MOST = 0.15, 0.26, 0.62
"""Height and least and greatest width of a card, in body heights."""
PAINT, INK = Paint((244, 238, 222), 0.86), Paint((34, 30, 30), 0.9)
TYPE = 96
LONGEST = 28


@lru_cache(maxsize=64)
def _lettering(label: str) -> Image.Image:
    """The word as a mask, cropped to its ink, at a large size."""
    text = label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
    style = Style(STRONG, TYPE, (255, 255, 255))
    width = max(1, round(measure(text, STRONG, TYPE)))
    picture = Image.new("RGB", (width + TYPE, TYPE * 2))
    draw_text(ImageDraw.Draw(picture), (TYPE // 2, round(TYPE * 1.35)), text, style)
    mask = picture.convert("L")
    return mask.crop(mask.getbbox() or (0, 0, 1, 1))


def card_size(label: str, size: float = 1.0) -> tuple[float, float]:
    """Width and height of the card for this word, in body heights; `size` 1 is for a whole figure."""
    ink = _lettering(label)
    wide = ink.width / TYPE * HIGH * 0.72 + 0.06
    return min(MOST, max(LEAST, wide)) * size, HIGH * size


def card_parts(label: str, middle: complex, size: float = 1.0) -> list[Part]:
    """The card itself, with a dark edge."""
    wide, high = card_size(label, size)
    edge = 0.014 * size
    return [
        Part(_box(middle, wide + edge, high + edge), "dark", NEAR, flat=True),
        Part(_box(middle, wide, high), "card", NEAR, flat=True),
    ]


def _box(middle: complex, wide: float, high: float) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
    half = complex(wide, high) / 2
    return np.array([middle - half, middle + half.conjugate(), middle + half, middle - half.conjugate()])


def lettered(sprite: Sprite, label: str, middle: complex, px: float, light: FigureLight) -> Sprite:
    """The sprite with the word on its card; `px` are the pixels of a body height of a card of size 1,
    `middle` is in pixels from the foot."""
    wide, high = card_size(label)
    ink = _lettering(label)
    scale = min((wide - 0.04) * px / ink.width, high * 0.62 * px / ink.height)
    size = max(1, round(ink.width * scale)), max(1, round(ink.height * scale))
    mask = np.asarray(ink.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR))
    left = round(sprite.foot[0] + middle.real - size[0] / 2)
    top = round(sprite.foot[1] + middle.imag - size[1] / 2)
    colour = ycc(shaded(INK, light))
    planes = [
        _inked(plane, mask, (left, top), value)
        for plane, value in zip((sprite.y, sprite.cb, sprite.cr), colour, strict=True)
    ]
    return replace(sprite, y=planes[0], cb=planes[1], cr=planes[2])


def _inked(plane: Plane, mask: Plane, at: tuple[int, int], value: float) -> Plane:
    left, top = max(0, at[0]), max(0, at[1])
    right, bottom = min(plane.shape[1], at[0] + mask.shape[1]), min(plane.shape[0], at[1] + mask.shape[0])
    if right <= left or bottom <= top:
        return plane
    part = mask[top - at[1] : bottom - at[1], left - at[0] : right - at[0]].astype(np.float32) / 255
    result = plane.copy()
    window = result[top:bottom, left:right].astype(np.float32)
    result[top:bottom, left:right] = (window + (value - window) * part).round().astype(np.uint8)
    return result
