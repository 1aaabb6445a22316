"""The light that falls on a figure, and paint as shaded Y, Cb, Cr (BT.709, full range, 0-255)."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.video.animatic.spec import Rgb

Ycc = tuple[float, float, float]


@dataclass(frozen=True)
class FigureLight:
    """What a place does to a figure. Colours are sRGB, 0-255."""

    dark: Rgb
    """The colour of a body in the shade."""
    lit: Rgb
    """The colour that the light gives to the lit side."""
    rim: Rgb
    """The thin edge towards the light."""
    rim_dx: float
    """Where the light stands, seen from the figure: right is positive."""
    rim_dy: float
    """Down is positive, so a sun above has a negative `rim_dy`."""
    haze: Rgb
    """The colour of the air between figure and camera."""
    haze_amount: float = 0.0
    """0: no air, 1: the figure is gone."""


@dataclass(frozen=True)
class Paint:
    """The colour of a part, and how much of it survives the silhouette: 0 takes the light's dark, 1 keeps its own."""

    rgb: Rgb
    own: float = 0.3
    glow: bool = False
    """Shines by itself: takes no shade, no rim."""


def mix(a: Rgb, b: Rgb, amount: float) -> Rgb:
    """`amount` of `b` in `a`."""
    red, green, blue = (round(x + (y - x) * amount) for x, y in zip(a, b, strict=True))
    return red, green, blue


def ycc(rgb: Rgb) -> Ycc:
    """BT.709 luma and colour differences, full range, offset 128."""
    red, green, blue = rgb
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return luma, 128 + (blue - luma) / 1.8556, 128 + (red - luma) / 1.5748


def shaded(paint: Paint, light: FigureLight) -> Rgb:
    """The paint's colour at middle shade under this light."""
    if paint.glow:
        return paint.rgb
    tinted = tuple(min(255, round(c * (0.55 + 0.45 * lit / 255))) for c, lit in zip(paint.rgb, light.lit, strict=True))
    return mix(light.dark, (tinted[0], tinted[1], tinted[2]), paint.own)
