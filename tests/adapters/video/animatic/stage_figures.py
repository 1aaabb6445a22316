"""A plain stage for figures: neutral light, and what a test measures on a sprite."""

from __future__ import annotations

import colorsys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.video.animatic.figures import FigureLight, Sprite, sprite
from adapters.video.animatic.spec import Figure, Garment, Rgb

NEUTRAL = FigureLight((40, 40, 42), (255, 252, 246), (255, 255, 255), 0.6, -0.6, (200, 200, 200), 0.0)
GAITS = ("still", "walk", "run", "sit", "fly", "swim", "drive")
STANDING = ("still", "walk", "run", "sit")


def figure(kind: str = "person", gait: str = "still", *worn: Garment, name: str = "", count: int = 1) -> Figure:
    """Somebody of that kind."""
    return Figure(kind=kind, name=name or kind, label="octopus", gait=gait, wardrobe=worn, count=count)


def drawn(one: Figure, t: float = 0.0, **changes: Any) -> Sprite:
    """The sprite at 200 pixels, looking right, in neutral light, unless said otherwise."""
    asked: dict[str, Any] = {
        "height_px": 200.0, "facing": 1, "bust": False, "back": False, "light": NEUTRAL, "wind": 0.2, "seed": 5,
    }  # fmt: skip
    return sprite(one, t, **{**asked, **changes})


def solid(image: Sprite) -> NDArray[np.bool_]:
    """Where the figure is."""
    return image.alpha > 127


def bottom(image: Sprite) -> int:
    """The row below the lowest that is solid."""
    return int(np.nonzero(solid(image).any(axis=1))[0].max()) + 1


def top(image: Sprite) -> int:
    """The highest solid row."""
    return int(np.nonzero(solid(image).any(axis=1))[0].min())


def bytes_of(image: Sprite) -> bytes:
    """All of a sprite."""
    return b"".join(plane.tobytes() for plane in (image.y, image.cb, image.cr, image.alpha)) + repr(image.foot).encode()


def pixels_of_hue(image: Sprite, rgb: Rgb) -> int:
    """How many solid pixels are clearly of that colour's hue."""
    luma = image.y.astype(float)
    blue, red = image.cb.astype(float) - 128, image.cr.astype(float) - 128
    r, b = luma + 1.5748 * red, luma + 1.8556 * blue
    g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152
    high, low = np.maximum(np.maximum(r, g), b), np.minimum(np.minimum(r, g), b)
    angle = np.arctan2(np.sqrt(3) * (g - b), 2 * r - g - b)
    wanted = colorsys.rgb_to_hsv(*(value / 255 for value in rgb))[0] * 2 * np.pi
    away = np.abs((angle - wanted + np.pi) % (2 * np.pi) - np.pi)
    return int(np.count_nonzero(solid(image) & (away < 0.3) & (high - low > 50)))
