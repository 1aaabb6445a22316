"""From outlines to a shaded sprite: polygons into an index picture, paint by palette, soft volume, an edge of light."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from adapters.video.animatic.figures.lightness import FigureLight, Paint, shaded, ycc
from adapters.video.animatic.figures.outline import Points
from adapters.video.animatic.figures.parts import Look, Part

Plane = NDArray[np.uint8]
BASE_SHADE, LIT_SHADE, CORE_SHADE = 70, 215, 150
GAIN = 120
"""Added to the shade: 136 of 256 keeps a colour as it is painted."""
RIM_CURVE = [min(255, round(value * 1.6)) for value in range(256)]
LARGE = 260_000
"""Pixels of a sprite from which colour is drawn at half the resolution of the outline."""
Roles = Sequence[tuple[str, int]]
"""What the numbers of an index picture stand for: paint and closeness."""


@dataclass(frozen=True)
class Sprite:
    """A figure as planes [h, w]: BT.709 full range, straight alpha."""

    y: Plane
    cb: Plane
    cr: Plane
    alpha: Plane
    foot: tuple[float, float]
    """Pixel (x, y) in these arrays that stands on the ground."""


@dataclass(frozen=True)
class _Frame:
    """The window of the sprite: size in pixels, origin of the figure in it, pixels per body height."""

    width: int
    height: int
    x: float
    y: float
    px: float

    @property
    def halved(self) -> _Frame:
        """The same window at half the resolution."""
        return _Frame(self.width // 2, self.height // 2, self.x / 2, self.y / 2, self.px / 2)

    def pixels(self, points: Points, scale: float) -> Any:
        """Points as Pillow takes them fastest: float32 pairs [n, 2], in pixels times `scale`."""
        pairs = np.empty((len(points), 2), np.float32)
        np.multiply(points.real, self.px * scale, out=pairs[:, 0], casting="unsafe")
        np.multiply(points.imag, self.px * scale, out=pairs[:, 1], casting="unsafe")
        pairs += np.array((self.x * scale, self.y * scale), np.float32)
        return pairs


@dataclass(frozen=True)
class _Palette:
    """What the numbers of an index picture stand for, from 1."""

    paints: tuple[Paint, ...]
    depths: tuple[int, ...]

    @property
    def closeness(self) -> list[int]:
        """For the edge of light, from 1."""
        return list(self.depths)


class _Outlines:
    """All outlines of a sprite as one array, so that arithmetic is done once for all of them."""

    def __init__(self, parts: Sequence[Part], floor: float) -> None:
        self.parts = parts
        self.every = np.concatenate([part.points for part in parts])
        np.minimum(self.every.imag, floor, out=self.every.imag)
        self.sizes = np.array([len(part.points) for part in parts], np.intp)
        ends = np.cumsum(self.sizes)
        self.starts: NDArray[np.intp] = ends - self.sizes
        self.spans = [slice(*span) for span in zip(self.starts.tolist(), ends.tolist(), strict=True)]

    def shrunk(self, share: float, towards: complex, step: float) -> Points:
        """Every outline shrunk about its middle and moved by a share of its thickness."""
        centre = np.add.reduceat(self.every, self.starts) / self.sizes
        inner = self.every - np.repeat(centre, self.sizes)
        spread = np.abs(inner)
        thick = np.minimum.reduceat(spread, self.starts) * 0.5 + np.add.reduceat(spread, self.starts) / self.sizes * 0.1
        return np.asarray(np.repeat(centre + towards * step * thick, self.sizes) + inner * share, np.complex128)


def rasterise(parts: Sequence[Part], look: Look, light: FigureLight, px: float, floor: float = 0.0) -> Sprite:
    """The sprite of these parts at `px` pixels per body height; nothing is lower than `floor`. Parts must not be empty."""
    outlines = _Outlines(parts, floor)
    frame = _window(outlines.every, px)
    roles = tuple(dict.fromkeys((part.role, part.depth) for part in parts))
    palette = _Palette(tuple(look[role] for role, _ in roles), tuple(depth for _, depth in roles))
    oversample = 3 if px < 150 else 2
    index = _index(outlines, roles, frame, oversample)
    alpha = index.point(_table([255] * len(roles))).reduce(oversample)
    if frame.width * frame.height > LARGE:
        small = index.resize((index.width // 2, index.height // 2), Image.Resampling.NEAREST)
        planes = _painted(outlines, palette, light, small, frame.halved)
        grown = [np.asarray(Image.fromarray(plane).resize(alpha.size, Image.Resampling.BILINEAR)) for plane in planes]
        return Sprite(grown[0], grown[1], grown[2], np.asarray(alpha), (float(frame.x), float(frame.y)))
    planes = _painted(outlines, palette, light, index, frame)
    return Sprite(*planes, np.asarray(alpha), (float(frame.x), float(frame.y)))


def _painted(
    outlines: _Outlines, palette: _Palette, light: FigureLight, index: Image.Image, frame: _Frame
) -> tuple[Plane, Plane, Plane]:
    """Y, Cb and Cr of an index picture that is 2 or 3 times as large as its frame."""
    colour = _colours(index, palette.paints, light, index.width // frame.width)
    return _lit(colour, _shade(outlines, frame, light), _rim(index, palette, light, frame), light)


def _table(values: Sequence[int]) -> list[int]:
    """A lookup of 256 for an index picture in which 0 is nothing."""
    return [0, *values, *[0] * (255 - len(values))]


def _window(every: Points, px: float) -> _Frame:
    left, top = math.floor(every.real.min() * px) - 2, math.floor(every.imag.min() * px) - 2
    right, bottom = math.ceil(every.real.max() * px) + 2, math.ceil(every.imag.max() * px) + 2
    width, height = right - left, bottom - top
    return _Frame(width + width % 2, height + height % 2, -left, -top, px)


def _index(outlines: _Outlines, roles: Roles, frame: _Frame, scale: int) -> Image.Image:
    picture = Image.new("L", (frame.width * scale, frame.height * scale))
    draw = ImageDraw.Draw(picture)
    number = {role: place + 1 for place, role in enumerate(roles)}
    pixels = frame.pixels(outlines.every, scale)
    for part, span in zip(outlines.parts, outlines.spans, strict=True):
        draw.polygon(pixels[span], fill=number[part.role, part.depth])
    return picture


@lru_cache(maxsize=256)
def _palette(paints: tuple[Paint, ...], light: FigureLight) -> bytes:
    """Index to (Y, Cb, Cr). Nothing is dark, so that soft edges darken."""
    rows = [ycc(light.dark), *(ycc(shaded(paint, light)) for paint in paints)]
    return bytes(min(255, max(0, round(value))) for row in rows for value in row)


def _colours(index: Image.Image, paints: tuple[Paint, ...], light: FigureLight, oversample: int) -> Plane:
    """[h, w, 3], smooth between parts."""
    indexed = Image.frombytes("P", index.size, index.tobytes())
    indexed.putpalette(_palette(paints, light))
    return np.asarray(indexed.convert("RGB").reduce(oversample))


def _shade(outlines: _Outlines, frame: _Frame, light: FigureLight) -> Plane:
    """Soft volume, 0-255: every part brighter in its middle and towards the light. Drawn small, blurred, enlarged."""
    scale = min(1.0, 144 / max(frame.px, 1))
    picture = Image.new(
        "L", (max(4, math.ceil(frame.width * scale)), max(4, math.ceil(frame.height * scale))), BASE_SHADE
    )
    draw = ImageDraw.Draw(picture)
    towards = _towards(light)
    whole = frame.pixels(outlines.every, scale)
    core = frame.pixels(outlines.shrunk(0.76, towards, 0.6), scale)
    bright = frame.pixels(outlines.shrunk(0.5, towards, 1.0), scale)
    for part, span in zip(outlines.parts, outlines.spans, strict=True):
        draw.polygon(whole[span], fill=CORE_SHADE if part.flat else BASE_SHADE)
        if not part.flat:
            draw.polygon(core[span], fill=CORE_SHADE)
            draw.polygon(bright[span], fill=LIT_SHADE)
    soft = picture.filter(ImageFilter.GaussianBlur(1.2 + 0.02 * frame.px * scale))
    return np.asarray(soft.resize((frame.width, frame.height), Image.Resampling.BILINEAR))


def _towards(light: FigureLight) -> complex:
    way = complex(light.rim_dx, light.rim_dy)
    return way / abs(way) if abs(way) > 1e-6 else -1j


def _rim(index: Image.Image, palette: _Palette, light: FigureLight, frame: _Frame) -> Plane:
    """The edge towards the light, 0-255: where the figure's closeness falls off in that direction."""
    shrink = 2 if frame.px >= 260 else 1
    level = index.point(_table(palette.closeness)).reduce(index.width // frame.width * shrink)
    wide = _rim_width(frame.px) / shrink
    step = _towards(light) * wide
    away = ImageChops.offset(level, -round(step.real), -round(step.imag))
    edge = ImageChops.subtract(level, away.filter(ImageFilter.GaussianBlur(wide * 0.7)))
    edge = edge.point(RIM_CURVE)
    return np.asarray(edge if shrink == 1 else edge.resize((frame.width, frame.height), Image.Resampling.BILINEAR))


def _rim_width(px: float) -> float:
    """Pixels: about a hundredth of the body, less of a large one."""
    return max(1.0, 0.026 * math.pow(min(px, 900.0), 0.85) + max(0.0, px - 900) * 0.0025)


def _lit(colour: Plane, shade: Plane, rim: Plane, light: FigureLight) -> tuple[Plane, Plane, Plane]:
    """Colour times shade, a little of the light's own colour, the edge, the air."""
    gain = (shade.astype(np.uint16) + GAIN) >> 1
    wash = shade.astype(np.int16) >> 4
    edge = rim.astype(np.int16) >> 1
    lit, bright = ycc(light.lit), ycc(light.rim)
    planes = []
    for channel in range(3):
        plane = colour[..., channel]
        if channel == 0:
            value = ((plane * gain) >> 7).astype(np.int16)
        else:
            value = (((plane.astype(np.int16) - 128) * gain.view(np.int16)) >> 7) + np.int16(128)
        value += ((np.int16(round(lit[channel])) - value) * wash) >> 7
        np.clip(value, 0, 255, out=value)
        value += ((np.int16(round(bright[channel])) - value) * edge) >> 7
        planes.append(_hazed(value.astype(np.uint8), channel, light))
    return planes[0], planes[1], planes[2]


def _hazed(plane: Plane, channel: int, light: FigureLight) -> Plane:
    if light.haze_amount <= 0:
        return plane
    haze = ycc(light.haze)[channel]
    levels = np.arange(256) + (haze - np.arange(256)) * min(1.0, light.haze_amount)
    hazed: Plane = levels.round().astype(np.uint8)[plane]
    return hazed
