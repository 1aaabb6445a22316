"""The frame while it is painted: planes Y', Cb, Cr 4:2:0, full range, BT.709. Every stroke is a few passes of numpy.

Blending is affine, so it is right in Y'CbCr as well as in R'G'B', and 1.5 planes are painted instead of 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adapters.video.animatic.palette import Colour

Plane = NDArray[np.uint8]
Wide = NDArray[np.uint16]
KR, KB = 0.2126, 0.0722  # ITU-R BT.709-6, item 3.2
KG = 1 - KR - KB


def ycc(colour: Colour) -> tuple[Colour, Colour, Colour]:
    """Y', Cb, Cr 0..255 (chroma centred on 128) of colours [..., 3]; shape [...] each."""
    red, green, blue = colour[..., 0], colour[..., 1], colour[..., 2]
    luma = KR * red + KG * green + KB * blue
    return (
        luma * 255,
        128 + (blue - luma) / (2 * (1 - KB)) * 255,
        128 + (red - luma) / (2 * (1 - KR)) * 255,
    )


def halved(mask: Plane) -> Plane:
    """Half size each way: the mean of two corners of each 2 x 2 block."""
    total = mask[::2, ::2].astype(np.uint16)
    total += mask[1::2, 1::2]
    total += 1
    total >>= 1
    return total.astype(np.uint8)


def weights(mask: Plane, opacity: int = 256) -> Wide:
    """A mask 0..255 as weights 0..256, times opacity 0..256."""
    weight = mask.astype(np.uint16)
    weight += mask >> 7
    if opacity != 256:
        weight *= np.uint16(opacity)
        weight >>= 8
    return weight


@dataclass(frozen=True)
class Cel:
    """A piece of picture: premultiplied Y', Cb, Cr (chroma + 128) and alpha, at full and at half size; no alpha: pure light."""

    y: Plane
    cb: Plane
    cr: Plane
    alpha: Plane | None = None
    half_alpha: Plane | None = None


@dataclass
class Canvas:
    """One frame. `width` and `height` even; places given to its strokes even as well."""

    width: int
    height: int

    def __post_init__(self) -> None:
        self.y = np.empty((self.height, self.width), np.uint8)
        self.cb = np.empty((self.height // 2, self.width // 2), np.uint8)
        self.cr = np.empty_like(self.cb)

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """Y', Cb, Cr."""
        return self.y, self.cb, self.cr

    def tint(self, mask: Plane, colour: Colour, x: int = 0, y: int = 0, opacity: int = 256) -> None:
        """Paint a colour (3,), or one a row (h, 3), through a mask."""
        high, wide = mask.shape
        luma, blueness, redness = ycc(np.clip(colour, 0, 1))
        _blend(self.y[y : y + high, x : x + wide], weights(mask, opacity), luma)
        weight = weights(halved(mask), opacity)
        for plane, value in ((self.cb, blueness), (self.cr, redness)):
            area = plane[y // 2 : (y + high) // 2, x // 2 : (x + wide) // 2]
            _blend(area, weight, value if value.ndim == 0 else value[::2])

    def shine(self, mask: Plane, colour: Colour, x: int = 0, y: int = 0, strength: float = 1.0) -> None:
        """Add light of a colour through a mask."""
        high, wide = mask.shape
        luma, blueness, redness = ycc(np.clip(colour, 0, 1))
        light = mask.astype(np.uint16)
        light *= np.uint16(min(float(luma) * strength, 255))
        light >>= 8
        area = self.y[y : y + high, x : x + wide]
        light += area
        np.minimum(light, 255, out=light)
        area[...] = light
        half = halved(mask).astype(np.int16)
        for plane, value in ((self.cb, blueness), (self.cr, redness)):
            gain = int(np.clip((float(value) - 128) * strength / 2, -127, 127))
            if gain:
                _shift(plane[y // 2 : (y + high) // 2, x // 2 : (x + wide) // 2], (half * np.int16(gain)) >> 7)

    def lay(self, cel: Cel, x: int, y: int, opacity: int = 256) -> None:
        """Lay a piece of picture, or add it if it is pure light."""
        high, wide = cel.y.shape
        luma = self.y[y : y + high, x : x + wide]
        weight = None if cel.alpha is None else weights(cel.alpha, opacity)
        total = luma.astype(np.uint16) if weight is None else _under(luma, weight)
        total += cel.y if opacity == 256 else (cel.y * np.uint16(opacity)) >> 8
        np.minimum(total, 255, out=total)
        luma[...] = total
        half = None
        if cel.alpha is not None:
            half = weights(halved(cel.alpha) if cel.half_alpha is None else cel.half_alpha, opacity)
        for plane, piece in ((self.cb, cel.cb), (self.cr, cel.cr)):
            area = plane[y // 2 : y // 2 + piece.shape[0], x // 2 : x // 2 + piece.shape[1]]
            _lay_chroma(area, piece, half, opacity)

    def copy(self, cel: Cel, x: int, y: int) -> None:
        """Lay a piece of picture that nothing shows through."""
        for plane, piece in ((self.y, cel.y), (self.cb, cel.cb), (self.cr, cel.cr)):
            left, top = (x, y) if plane is self.y else (x // 2, y // 2)
            plane[top : top + piece.shape[0], left : left + piece.shape[1]] = piece

    def fill(self, top: int, bottom: int, colour: Colour, left: int = 0, right: int | None = None) -> None:
        """One colour (3,), or one a row (bottom - top, 3), over whole rows."""
        luma, blueness, redness = ycc(np.clip(colour, 0, 1))
        right = self.width if right is None else right
        self.y[top:bottom, left:right] = _column(luma)
        for plane, value in ((self.cb, blueness), (self.cr, redness)):
            area = plane[top // 2 : bottom // 2, left // 2 : right // 2]
            area[...] = _column(value if value.ndim == 0 else value[: 2 * area.shape[0] : 2])

    def rgb(self) -> Image.Image:
        """The frame as it looks."""
        return to_rgb(self.y, self.cb, self.cr)


def to_rgb(y: Plane, cb: Plane, cr: Plane) -> Image.Image:
    """Full-range planes as an RGB picture."""
    luma = y.astype(np.float32)
    blue, red = (np.repeat(np.repeat(plane, 2, 0), 2, 1).astype(np.float32) - 128 for plane in (cb, cr))
    rgb = np.stack([luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue], -1)
    return Image.fromarray(np.clip(rgb + 0.5, 0, 255).astype(np.uint8))


def _column(value: Colour) -> Plane:
    rounded = np.clip(np.rint(value), 0, 255).astype(np.uint8)
    return rounded if rounded.ndim == 0 else rounded[:, None]


def _under(area: Plane, weight: Wide) -> Wide:
    """What stays of the picture under a layer."""
    rest = np.subtract(np.uint16(256), weight)
    rest *= area
    rest += 128
    rest >>= 8
    return rest


def _blend(area: Plane, weight: Wide, value: Colour) -> None:
    stroke = weight * _column(value).astype(np.uint16)
    rest = np.subtract(np.uint16(256), weight)
    rest *= area
    stroke += rest
    stroke += 128
    stroke >>= 8
    area[...] = stroke


def _lay_chroma(area: Plane, piece: Plane, weight: Wide | None, opacity: int) -> None:
    if opacity != 256:
        piece = (((piece.astype(np.int16) - 128) * opacity >> 8) + 128).astype(np.uint8)
    if weight is None:
        _shift(area, piece.astype(np.int16) - 128)
        return
    total = _under(area, weight)
    total += weight >> 1
    total += piece
    np.clip(total, 128, 383, out=total)
    total -= 128
    area[...] = total


def _shift(area: Plane, by: NDArray[np.int16]) -> None:
    total = area.astype(np.int16)
    total += by
    np.clip(total, 0, 255, out=total)
    area[...] = total
