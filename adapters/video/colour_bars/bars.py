"""The frame as 8-bit Y'CbCr 4:2:0 planes, BT.709 limited range, and the colour bars of SMPTE RP 219 in it.

Worked in the encoder's own format: the bars get exact code values, and only what moves is drawn anew for each frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in even pixels."""

KR, KB = 0.2126, 0.0722  # ITU-R BT.709-6, item 3.2
KG = 1 - KR - KB
TO_YCC = np.array(
    [
        [219 * KR, 219 * KG, 219 * KB],
        [-112 * KR / (1 - KB), -112 * KG / (1 - KB), 112],
        [112, -112 * KG / (1 - KR), -112 * KB / (1 - KR)],
    ],
    np.float32,
) / np.float32(255)


def code(red: float, green: float, blue: float) -> tuple[int, int, int]:
    """8-bit Y', Cb, Cr code values of a colour given as signal levels 0..1 (below 0 and above 1 are meant)."""
    luma, blueness, redness = TO_YCC @ (np.array([red, green, blue]) * 255)
    return round(16 + float(luma)), round(128 + float(blueness)), round(128 + float(redness))


@dataclass
class Planes:
    """One frame. `flat` is the memory of all three planes, in the order an encoder wants them."""

    width: int
    height: int
    flat: Plane

    @classmethod
    def blank(cls, width: int, height: int) -> Planes:
        """A black frame; both sizes even."""
        flat = np.full(width * height * 3 // 2, 128, np.uint8)
        flat[: width * height] = 16
        return cls(width, height, flat)

    def copy(self) -> Planes:
        """The same picture in memory of its own."""
        return Planes(self.width, self.height, self.flat.copy())

    @property
    def luma(self) -> Plane:
        """Y', full size."""
        return self.flat[: self.width * self.height].reshape(self.height, self.width)

    @property
    def chroma(self) -> tuple[Plane, Plane]:
        """Cb and Cr, half size each way."""
        size, shape = self.width * self.height, (self.height // 2, self.width // 2)
        return self.flat[size : size * 5 // 4].reshape(shape), self.flat[size * 5 // 4 :].reshape(shape)

    def fill(self, box: Box, value: tuple[int, int, int]) -> None:
        """One colour, as code values, over a box."""
        left, top, right, bottom = box
        self.luma[top:bottom, left:right] = value[0]
        for plane, chroma in zip(self.chroma, value[1:], strict=True):
            plane[top // 2 : bottom // 2, left // 2 : right // 2] = chroma

    def paste(self, other: Planes, left: int, top: int) -> None:
        """Lay a smaller picture on this one, at even pixels."""
        self.luma[top : top + other.height, left : left + other.width] = other.luma
        for mine, theirs in zip(self.chroma, other.chroma, strict=True):
            mine[top // 2 : (top + other.height) // 2, left // 2 : (left + other.width) // 2] = theirs

    def rows(self, top: int, bottom: int) -> Planes:
        """A copy of the rows from `top` to `bottom`, both even."""
        part = Planes.blank(self.width, bottom - top)
        part.luma[:] = self.luma[top:bottom]
        for mine, theirs in zip(part.chroma, self.chroma, strict=True):
            mine[:] = theirs[top // 2 : bottom // 2]
        return part


def planes(picture: Image.Image) -> Planes:
    """An RGB picture of even size as planes; chroma is the mean of each four pixels."""
    frame = Planes.blank(*picture.size)
    for top in range(0, picture.height, 256):  # in strips: a long prompt makes a long picture
        strip = np.asarray(picture.crop((0, top, picture.width, min(top + 256, picture.height))), np.float32) @ TO_YCC.T
        high = strip.shape[0]
        frame.luma[top : top + high] = np.rint(strip[..., 0] + 16)
        for plane, channel in zip(frame.chroma, (1, 2), strict=True):
            pairs = strip[::2, :, channel] + strip[1::2, :, channel]
            plane[top // 2 : (top + high) // 2] = np.rint((pairs[:, ::2] + pairs[:, 1::2]) / 4 + 128)
    return frame


P75 = [(r, g, b) for g in (1, 0) for r in (1, 0) for b in (1, 0)]
SEVEN = [tuple(0.75 * level for level in bar) for bar in P75[:7]]
"""White, yellow, cyan, green, magenta, red, blue at 75 %."""
GREY40, GREY15, BLACK, WHITE = (0.4,) * 3, (0.15,) * 3, (0.0,) * 3, (1.0,) * 3
PLUGE = (-0.02, 0.0, 0.02, 0.0, 0.04)
"""Just under and just over black: with a monitor set up well only the last step is to be seen."""


def draw_bars(frame: Planes, box: Box) -> None:
    """The bars of RP 219-1, figure 1, in its proportions: 7 of 12 parts of the height, then 1, 1 and 3."""
    left, top, right, bottom = box
    twelfth = (bottom - top) / 12
    rows = [top, *(top + int(twelfth * part) // 2 * 2 for part in (7, 8, 9)), bottom]
    side = (right - left) / 8
    bar = (right - left) * 3 / 4 / 7
    middle = [side, *[bar] * 7, side]
    _row(frame, (left, rows[0]), rows[1], middle, [GREY40, *SEVEN, GREY40])
    _row(frame, (left, rows[1]), rows[2], [side, bar, bar * 6, side], [(0, 1, 1), WHITE, SEVEN[0], (0, 0, 1)])
    _row(frame, (left, rows[2]), rows[3], [side, bar, bar * 5, bar, side], [(1, 1, 0), BLACK, BLACK, WHITE, (1, 0, 0)])
    _ramp(frame, (left + _even(side + bar), rows[2], left + _even(side + bar * 6), rows[3]))
    widths = [side, bar * 1.5, bar * 2, bar * 5 / 6, *[bar / 3] * 5, bar, side]
    steps: list[tuple[float, ...]] = [(level,) * 3 for level in PLUGE]
    _row(frame, (left, rows[3]), rows[4], widths, [GREY15, BLACK, WHITE, BLACK, *steps, BLACK, GREY15])


def _even(value: float) -> int:
    return round(value / 2) * 2


def _row(
    frame: Planes, corner: tuple[int, int], bottom: int, widths: list[float], colours: list[tuple[float, ...]]
) -> None:
    left, at = corner[0], 0.0
    for width, colour in zip(widths, colours, strict=True):
        box = (left + _even(at), corner[1], left + _even(at + width), bottom)
        frame.fill(box, code(colour[0], colour[1], colour[2]))
        at += width


def _ramp(frame: Planes, box: Box) -> None:
    """Black to white, linear in code values."""
    left, top, right, bottom = box
    frame.luma[top:bottom, left:right] = np.rint(np.linspace(16, 235, right - left))
