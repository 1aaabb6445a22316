"""Layers: drawn once in the world's units (`sheets`) at twice the pixels, then sampled for every frame.

Bitmaps are stored larger than they are seen and smoothed beforehand, so that each frame can take the nearest pixel: many
times cheaper than interpolation and off by a quarter of a pixel at most, which the grain covers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from adapters.video.animatic.camera import Camera, Pose
from adapters.video.animatic.canvas import Canvas, Cel, Plane
from adapters.video.animatic.palette import Colour

LAP = 0.1
"""Units by which a layer that repeats is wider than its period on either side, so that its seams do not show."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True)
class Layer:
    """A flattened layer. `left`, `top`: world place of its corner (top already lifted); `ppu`: bitmap pixels a unit."""

    depth: float
    left: float
    top: float
    ppu: float
    y: Image.Image
    cb: Image.Image
    cr: Image.Image
    alpha: Image.Image | None
    half_alpha: Image.Image | None
    solid: int | None = None
    """Bitmap row from which on nothing can be seen through it."""
    fill: Colour | None = None
    """What goes on below the bitmap, down to the edge of the picture."""
    turns: float = 0.0
    """Units after which it repeats, for shots that see more than the world's period; it overlaps itself by `LAP` then."""

    def place(self, camera: Camera, pose: Pose) -> tuple[float, float, float]:
        """Pixel of the corner, and screen pixels a bitmap pixel."""
        scale = camera.scale(pose, self.depth) * camera.spread(self.depth) * camera.unit / self.ppu
        return camera.across(pose, self.depth, self.left), camera.down(pose, self.depth, self.top), scale

    def covers_from(self, camera: Camera, pose: Pose) -> int:
        """The row from which on it hides all that is further away."""
        if self.solid is None or self.fill is None:
            return camera.height
        _, top, scale = self.place(camera, pose)
        return min(camera.height, max(0, int(np.ceil((top + self.solid * scale) / 2)) * 2 + 2))

    def paint(self, canvas: Canvas, camera: Camera, pose: Pose, bottom: int) -> None:
        """Paint what is above the row `bottom`."""
        left, top, scale = self.place(camera, pose)
        end = top + self.y.height * scale
        if not self.turns:
            self._piece(canvas, (left, top, 0.0, float(canvas.width)), scale, bottom)
        else:
            unit = self.ppu * scale
            step, lap = self.turns * unit, LAP * unit
            first = int(np.floor(-(left + lap) / step))
            for turn in range(first, first + int(canvas.width / step) + 2):
                start = left + turn * step
                self._piece(canvas, (start, top, start + lap, start + lap + step), scale, bottom)
        start_row = max(0, _down(end))
        if self.fill is not None and start_row < bottom:
            canvas.fill(start_row, bottom, self.fill)

    def _piece(self, canvas: Canvas, at: Box, scale: float, bottom: int) -> None:
        """Paint the bitmap with its corner at the first two of `at`, between the columns that are the last two."""
        left, top, first, last = at
        x0, x1 = max(0, _up(left), _up(first)), min(canvas.width, _down(left + self.y.width * scale), _up(last))
        y0, y1 = max(0, _up(top)), min(bottom, _down(top + self.y.height * scale))
        solid = y1 if self.solid is None else min(max(_up(top + self.solid * scale), y0), y1)
        if x1 - x0 >= 2 and solid - y0 >= 2:
            canvas.lay(
                self._sample((x0 - left, y0 - top, x1 - left, solid - top), scale, (x1 - x0, solid - y0)), x0, y0
            )
        if x1 - x0 >= 2 and y1 - solid >= 2:
            whole = self._sample(
                (x0 - left, solid - top, x1 - left, y1 - top), scale, (x1 - x0, y1 - solid), opaque=True
            )
            canvas.copy(whole, x0, solid)

    def _sample(self, box: Box, scale: float, size: tuple[int, int], opaque: bool = False) -> Cel:
        wide, high = self.y.size
        left, top, right, bottom = (value / scale for value in box)
        full = (max(0.0, left), max(0.0, top), min(float(wide), right), min(float(high), bottom))
        half = tuple(min(value / 2, edge) for value, edge in zip(full, (*self.cb.size, *self.cb.size), strict=True))
        small = (size[0] // 2, size[1] // 2)

        def nearest(picture: Image.Image, to: tuple[int, int], area: tuple[float, ...]) -> Plane:
            return np.asarray(picture.resize(to, Image.Resampling.NEAREST, box=area))  # type: ignore[arg-type]

        chroma = (nearest(self.cb, small, half), nearest(self.cr, small, half))
        if opaque or self.alpha is None or self.half_alpha is None:
            return Cel(nearest(self.y, size, full), *chroma)
        alphas = (nearest(self.alpha, size, full), nearest(self.half_alpha, small, half))
        return Cel(nearest(self.y, size, full), *chroma, *alphas)


def _up(value: float) -> int:
    return int(np.ceil(value / 2)) * 2


def _down(value: float) -> int:
    return int(value // 2) * 2
