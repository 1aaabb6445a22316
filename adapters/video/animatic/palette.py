"""Colour: sRGB triples 0..1, mixed in OKLab, drawn to the anchors of a palette without losing their own lightness.

OKLab: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.video.animatic.spec import Rgb

Colour = NDArray[np.float64]
"""sRGB, 0..1; shape (3,) or (n, 3)."""
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FROM_CONES, FROM_LAB = np.linalg.inv(TO_CONES), np.linalg.inv(TO_LAB)


def hexed(text: str) -> Colour:
    """``"FFB02E"`` -> colour."""
    return np.array([int(text[at : at + 2], 16) / 255 for at in (0, 2, 4)])


def of(rgb: Rgb) -> Colour:
    """A colour from 8-bit values."""
    return np.array(rgb, np.float64) / 255


def eight_bit(colour: Colour) -> Rgb:
    """8-bit values of a colour."""
    red, green, blue = (int(value) for value in np.clip(np.rint(colour * 255), 0, 255))
    return red, green, blue


def linear(colour: Colour) -> Colour:
    """Linear light."""
    dark = colour / 12.92
    return np.where(colour <= 0.04045, dark, ((np.maximum(colour, 0) + 0.055) / 1.055) ** 2.4)


def encoded(light: Colour) -> Colour:
    """Back to sRGB, clipped."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def lab(colour: Colour) -> Colour:
    """OKLab: lightness 0..1, green-red, blue-yellow."""
    return np.asarray(np.cbrt(linear(colour) @ TO_CONES.T) @ TO_LAB.T)


def from_lab(values: Colour) -> Colour:
    """Back to sRGB, clipped."""
    return encoded((values @ FROM_LAB.T) ** 3 @ FROM_CONES.T)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """From `one` (share 0) to `other` (share 1)."""
    return from_lab(lab(one) * (1 - share) + lab(other) * share)


def dim(colour: Colour, factor: float) -> Colour:
    """Darker or brighter by a factor."""
    return np.clip(colour * factor, 0, 1)


def lightness(colour: Colour) -> float:
    """OKLab lightness."""
    return float(lab(colour)[..., 0])


def anchored(colour: Colour, anchors: Sequence[Rgb], strength: float = 0.72) -> Colour:
    """The colour with hue and chroma of the anchor nearest in lightness; very dark roles take less of the chroma."""
    if not anchors:
        return colour
    own = lab(colour)
    others = lab(np.array(anchors, np.float64) / 255)
    near = others[int(np.argmin(np.abs(others[:, 0] - own[0])))]
    taper = min(1.0, 0.35 + own[0]) if own[0] < 0.65 else 1.0
    wanted = np.array([own[0] * 0.72 + near[0] * 0.28, near[1] * taper, near[2] * taper])
    return from_lab(own * (1 - strength) + wanted * strength)


def ramp(stops: Sequence[tuple[float, Colour]], places: Colour) -> Colour:
    """Colours [n, 3] at `places`, between (place, colour) stops in rising order; mixed in OKLab."""
    keys = [place for place, _ in stops]
    values = np.array([lab(colour) for _, colour in stops])
    return from_lab(np.stack([np.interp(places, keys, values[:, axis]) for axis in range(3)], -1))
