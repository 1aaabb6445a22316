"""Sheets: where a layer is drawn, mask by mask, in the world's units, before it is flattened into a bitmap.

Flattened in strips, so that the wide numbers it takes never fill much memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from adapters.video.animatic.camera import Camera
from adapters.video.animatic.canvas import Plane, ycc
from adapters.video.animatic.layers import LAP, Box, Layer
from adapters.video.animatic.palette import Colour, ramp

PERIOD = 6.0
"""The world repeats after so many units: a tracking shot never comes to its end, and nothing depends on its width."""
STRIP = 96
Stops = Sequence[tuple[float, Colour]]
"""Colours down a layer: (world y, colour), from top to bottom."""
Line = NDArray[np.float64]
Points = Sequence[tuple[float, float]] | NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One mask of a layer and what is painted, or shone, through it."""

    mask: Image.Image
    colour: Colour | Stops
    shines: bool = False


@dataclass
class Ink:
    """A mask that is drawn in the world's units; everything is repeated with the world's period."""

    sheet: Sheet
    image: Image.Image

    def __post_init__(self) -> None:
        self._draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Points, value: int = 255) -> None:
        """A filled outline."""
        corners = np.asarray(points, np.float64)
        for shift in self.sheet.copies(float(corners[:, 0].min()), float(corners[:, 0].max())):
            self._draw.polygon([self.sheet.pixel(x + shift, y) for x, y in corners.tolist()], fill=value)

    def below(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Everything below a line, without repetition: `x` covers all that is seen."""
        outline = [self.sheet.pixel(*each) for each in zip(x.tolist(), y.tolist(), strict=True)]
        wide, low = self.image.width + 9.0, self.image.height + 9.0
        self._draw.polygon([*outline, (wide, low), (-9.0, low)], fill=255)

    def between(
        self, x: NDArray[np.float64], upper: NDArray[np.float64], lower: NDArray[np.float64], value: int
    ) -> None:
        """Everything between two lines, without repetition."""
        outline = [
            *zip(x.tolist(), upper.tolist(), strict=True),
            *zip(x[::-1].tolist(), lower[::-1].tolist(), strict=True),
        ]
        self._draw.polygon([self.sheet.pixel(*each) for each in outline], fill=value)

    def rect(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        """A filled rectangle."""
        for shift in self.sheet.copies(left, right):
            corners = (*self.sheet.pixel(left + shift, top), *self.sheet.pixel(right + shift, bottom))
            if corners[2] >= corners[0] and corners[3] >= corners[1]:
                self._draw.rectangle(corners, fill=value)

    def frame(self, box: Box, width: float, value: int = 255) -> None:
        """The outline of a rectangle (left, top, right, bottom), `width` units thick."""
        left, top, right, bottom = box
        thick = max(2, round(width * self.sheet.ppu))
        for shift in self.sheet.copies(left, right):
            corners = (*self.sheet.pixel(left + shift, top), *self.sheet.pixel(right + shift, bottom))
            self._draw.rectangle(corners, outline=value, width=thick)

    def line(self, points: Points, width: float, value: int = 255) -> None:
        """A stroke, `width` units thick."""
        corners = np.asarray(points, np.float64)
        thick = max(1, round(width * self.sheet.ppu))
        for shift in self.sheet.copies(float(corners[:, 0].min()), float(corners[:, 0].max())):
            self._draw.line([self.sheet.pixel(x + shift, y) for x, y in corners.tolist()], value, thick, "curve")

    def disc(self, x: float, y: float, radius: float, value: int = 255, flat: float = 1.0) -> None:
        """A filled ellipse, `flat` times as high as wide."""
        size = radius * self.sheet.ppu
        for shift in self.sheet.copies(x - radius, x + radius):
            across, down = self.sheet.pixel(x + shift, y)
            self._draw.ellipse((across - size, down - size * flat, across + size, down + size * flat), fill=value)


@dataclass
class Sheet:
    """Where a layer is drawn: the part of the world that this shot will see at a depth, between two heights."""

    camera: Camera
    depth: float
    top: float
    bottom: float
    fine: float = 2.0
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        left, right, above, below, scale = self.camera.span(self.depth)
        self.left, self.right = left - 0.03, right + 0.03
        self.turns = PERIOD if self.right - self.left > PERIOD + 2 * LAP else 0.0
        self.right = min(self.right, self.left + PERIOD + 2 * LAP)
        self.blur = self.camera.blur(self.depth)
        detail = self.fine if self.blur < 2.2 else 1.25 if self.blur < 6 else 0.75
        self.screen = self.camera.unit * self.camera.spread(self.depth) * scale
        self.ppu = self.screen * detail
        spill = 2.5 * self.blur / self.screen
        self.high = max(self.lifted(self.top) - spill, above - 0.02)
        low = max(min(self.lifted(self.bottom), below + 0.02), self.high + 4 / self.ppu)
        wide, tall = ((end - start) * self.ppu for start, end in ((self.left, self.right), (self.high, low)))
        self.size = (_whole(wide), _whole(tall))

    def lifted(self, y: float) -> float:
        """A height above the horizon, stretched in tall frames."""
        return y * self.camera.lift if y < 0 else y

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Bitmap pixel of a place in the world."""
        return (x - self.left) * self.ppu, (self.lifted(y) - self.high) * self.ppu

    def copies(self, left: float, right: float) -> list[float]:
        """By how much something has to be moved to be seen, for each of its repetitions that are."""
        first = int(np.ceil((self.left - right) / PERIOD))
        last = int(np.floor((self.right - left) / PERIOD))
        return [turn * PERIOD for turn in range(first, last + 1)]

    def columns(self, step: float = 2.0) -> NDArray[np.float64]:
        """World x of every second pixel column."""
        return np.arange(self.left, self.right + step / self.ppu, step / self.ppu)

    def ink(self) -> Ink:
        """An empty mask."""
        return Ink(self, Image.new("L", (self.size[0], self.size[1])))

    def out_of_focus(self, ink: Ink) -> Image.Image:
        """The mask as the lens shows it: blurred, or smoothed for sampling."""
        ratio = self.ppu / self.screen
        if self.blur > 0.9:
            return ink.image.filter(ImageFilter.GaussianBlur(self.blur * ratio * 0.8))
        return ink.image.filter(ImageFilter.BoxBlur((ratio - 1) / 2)) if ratio > 1.5 else ink.image

    def paint(self, ink: Ink, colour: Colour | Stops) -> None:
        """Paint a colour, or colours from top to bottom, through a mask."""
        self.parts.append(Part(self.out_of_focus(ink), colour))

    def shade(self, ink: Ink, mask: Image.Image, colour: Colour | Stops) -> None:
        """Paint through a mask of pixels, only where `ink` is."""
        self.parts.append(Part(ImageChops.multiply(self.out_of_focus(ink), mask), colour))

    def edge(self, ink: Ink, colour: Colour, toward: float, width: float = 0.004, strength: float = 1.0) -> None:
        """A lit edge on the side `toward` (-1 left, 1 right) and above."""
        step = max(1, round(width * self.ppu))
        moved = ImageChops.offset(ink.image, round(-toward * step), step)
        rim = ImageChops.subtract(ink.image, moved)
        rim = rim.filter(ImageFilter.GaussianBlur(max(step * 0.6, self.blur * 0.6)))
        self.parts.append(Part(_scaled(ImageChops.multiply(rim, ink.image), strength), colour, shines=True))

    def shine(self, ink: Ink, colour: Colour, glow: float = 0.006, strength: float = 1.0) -> None:
        """Light through a mask, with a glow of so many units around it."""
        image = self.out_of_focus(ink)
        if self.blur <= 3 and glow:
            image = ImageChops.add(image, image.filter(ImageFilter.GaussianBlur(glow * self.ppu)))
        self.parts.append(Part(_scaled(image, strength), colour, shines=True))

    def layer(self, fill: Colour | None = None) -> Layer:
        """All parts flattened into one, cut to what there is on it."""
        planes = _flattened(self)
        left, top, right, bottom = _used(planes[0] if planes[3] is None else planes[3], fill is not None)
        left, right = (0, self.size[0]) if self.turns else (left, right)
        y, cb, cr, alpha, half = (
            None if plane is None else plane[top // by : bottom // by, left // by : right // by]
            for plane, by in zip(planes, (1, 2, 2, 1, 2), strict=True)
        )
        assert y is not None
        assert cb is not None
        assert cr is not None
        return Layer(
            self.depth, self.left + left / self.ppu, self.high + top / self.ppu, self.ppu,
            Image.fromarray(y), Image.fromarray(cb), Image.fromarray(cr),
            None if alpha is None else Image.fromarray(alpha), None if half is None else Image.fromarray(half),
            _solid_from(alpha) if fill is not None else None, fill, self.turns,
        )  # fmt: skip

    def colours(self, colour: Colour | Stops, top: int, bottom: int) -> Colour:
        """The colour of the bitmap rows top..bottom: (3,) or (rows, 3)."""
        if isinstance(colour, np.ndarray):
            return colour
        rows = self.high + (np.arange(top, bottom) + 0.5) / self.ppu
        return ramp([(self.lifted(y), each) for y, each in colour], rows.astype(np.float64))


def _whole(pixels: float) -> int:
    """A size that halves."""
    return max(2, int(np.ceil(pixels / 2)) * 2)


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    return image if factor == 1 else image.point([min(255, round(value * factor)) for value in range(256)])


Planes = tuple[Plane, Plane, Plane, Plane | None, Plane | None]


def _flattened(sheet: Sheet) -> Planes:
    wide, high = sheet.size
    covers = any(not part.shines for part in sheet.parts)
    y, alpha = np.empty((high, wide), np.uint8), np.empty((high, wide), np.uint8)
    cb, cr, half = (np.empty((high // 2, wide // 2), np.uint8) for _ in range(3))
    masks = [(part, np.asarray(part.mask)) for part in sheet.parts]
    for top in range(0, high, STRIP):
        bottom = min(high, top + STRIP)
        rows, halves = slice(top, bottom), slice(top // 2, bottom // 2)
        y[rows], cb[halves], cr[halves], alpha[rows], half[halves] = _strip(sheet, masks, top, bottom)
    return y, cb, cr, alpha if covers else None, half if covers else None


def _strip(sheet: Sheet, masks: list[tuple[Part, Plane]], top: int, bottom: int) -> tuple[Plane, ...]:
    """Rows top..bottom of all planes. Premultiplied; chroma + 128."""
    wide = sheet.size[0]
    y, alpha = np.zeros((2, bottom - top, wide), np.float32)
    cb, cr, half = np.zeros((3, (bottom - top) // 2, wide // 2), np.float32)
    for part, whole in masks:
        mask = whole[top:bottom].astype(np.float32)
        if not mask.any():
            continue
        mask *= np.float32(1 / 255)
        small = (mask[::2, ::2] + mask[1::2, ::2] + mask[::2, 1::2] + mask[1::2, 1::2]) * np.float32(0.25)
        luma, blue, red = ycc(np.clip(sheet.colours(part.colour, top, bottom), 0, 1))
        if not part.shines:
            for plane, by in ((y, mask), (cb, small), (cr, small), (alpha, mask), (half, small)):
                np.multiply(plane, 1 - by, out=plane)
            alpha += mask
            half += small
        y += _down_rows(luma) * mask
        cb += _down_rows(blue, 2) * small - np.float32(128) * small
        cr += _down_rows(red, 2) * small - np.float32(128) * small
    return _codes(y), _codes(cb + 128), _codes(cr + 128), _codes(alpha * 255), _codes(half * 255)


def _down_rows(value: Colour, step: int = 1) -> NDArray[np.float32]:
    single = np.asarray(value, np.float32)
    return single if single.ndim == 0 else single[::step, None]


def _codes(values: NDArray[np.float32]) -> Plane:
    values += np.float32(0.5)
    return np.clip(values, 0, 255).astype(np.uint8)


def _used(mask: Plane, filled: bool) -> tuple[int, int, int, int]:
    """The part of a mask that is not empty, in pixels that divide by four; all the way down if a fill goes on below it."""
    rows, columns = np.flatnonzero(mask.max(axis=1)), np.flatnonzero(mask.max(axis=0))
    if not len(rows):
        end = mask.shape[0] // 4 * 4
        return 0, end - 4 if filled else 0, 4, end if filled else 4
    left, top = int(columns[0]) // 4 * 4, int(rows[0]) // 4 * 4
    right = min(mask.shape[1], -(-(int(columns[-1]) + 1) // 4) * 4)
    bottom = mask.shape[0] if filled else min(mask.shape[0], -(-(int(rows[-1]) + 1) // 4) * 4)
    return left, top, right, bottom


def _solid_from(alpha: Plane | None) -> int | None:
    """The first row from which on all is opaque."""
    if alpha is None:
        return None
    clear = np.flatnonzero(alpha.min(axis=1) < 253)
    return int(clear[-1]) + 1 if len(clear) else 0
