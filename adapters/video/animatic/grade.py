"""The finish: a light touch of style, the grade, vignette, grain, and the encoder's limited range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from adapters.video.animatic.canvas import Canvas, Plane, Wide
from adapters.video.animatic.light import Light
from adapters.video.animatic.noise import Field, clouds, stream
from adapters.video.animatic.spec import ShotSpec

ROAM = 128
"""How far the grain's field is moved about from frame to frame."""
STEPS = np.arange(256) / 255.0
GRADES: dict[str, tuple[float, float, tuple[float, float], tuple[float, float]]] = {
    "teal_amber": (1.05, 1.10, (11, -13), (-15, 10)),
    "bleach": (0.42, 1.42, (2, -1), (-1, 1)),
    "warm": (1.02, 1.0, (-7, 5), (-11, 7)),
    "cool": (0.95, 1.03, (10, -6), (7, -6)),
    "mono": (0.0, 1.12, (0, 0), (0, 0)),
    "sepia": (0.0, 1.0, (-12, 13), (-16, 15)),
}
"""Chroma gain, contrast, and what is added to (Cb, Cr) in the shadows and in the lights."""


@dataclass(frozen=True)
class Finish:
    """The finish of one shot. Applied in place, a pure function of the frame's number."""

    spec: ShotSpec
    light: Light
    width: int
    height: int

    def apply(self, canvas: Canvas, number: int) -> None:
        """Style, grade, vignette, grain."""
        self._style(canvas, number)
        self._grade(canvas)
        self._vignette(canvas)
        self._grain(canvas, number)

    @cached_property
    def _falloff(self) -> tuple[Wide, NDArray[np.int16]]:
        x = np.linspace(-1, 1, self.width, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, self.height, dtype=np.float32)[:, None]
        strength = self.light.vignette * (1.25 if self.spec.style == "super8" else 1.0)
        fall = np.clip(1 - strength * np.clip(x**2 * 0.8 + y**2 * 0.9 - 0.25, 0, 2) * 0.62, 0.2, 1)
        return (fall * 256).astype(np.uint16), ((fall[::2, ::2] * 0.25 + 0.75) * 127).astype(np.int16)

    def _vignette(self, canvas: Canvas) -> None:
        luma, chroma = self._falloff
        total = canvas.y * luma
        total >>= 8
        canvas.y[...] = total
        for plane in (canvas.cb, canvas.cr):
            away = plane.astype(np.int16)
            away -= 128
            away *= chroma
            away >>= 7
            away += 128
            plane[...] = away

    @cached_property
    def _noise(self) -> NDArray[np.int16]:
        rng = stream(self.spec.seed, "grain")
        noise = rng.standard_normal((self.height + ROAM, self.width + ROAM), np.float32)
        noise += np.roll(noise, 1, 0)
        noise += np.roll(noise, 1, 1)
        level = self.light.grain * {"super8": 2.2, "vhs": 1.5}.get(self.spec.style, 1.0)
        return np.asarray(np.rint(noise * np.float32(level / 2)), np.int16)

    def _grain(self, canvas: Canvas, number: int) -> None:
        down, across = stream(self.spec.seed, "grain", number).integers(0, ROAM, 2).tolist()
        total = canvas.y.astype(np.int16)
        total += self._noise[down : down + self.height, across : across + self.width]
        np.clip(total, 0, 255, out=total)
        canvas.y[...] = total

    @cached_property
    def _tables(self) -> tuple[list[int], NDArray[np.int16], NDArray[np.int16], int]:
        """Luma curve; what is added to Cb and Cr by luma; chroma gain in 128ths."""
        gain, contrast, shadows, lights = GRADES[self.spec.grade]
        curve = np.clip(0.5 + (STEPS - 0.5) * contrast - 0.02 * (contrast - 1), 0, 1)
        shares = np.stack([np.clip(1 - STEPS * 2.2, 0, 1), np.clip(STEPS * 1.8 - 0.5, 0, 1)])
        offsets = [
            np.rint(shares[0] * low + shares[1] * high).astype(np.int16)
            for low, high in zip(shadows, lights, strict=True)
        ]
        if self.spec.grade in ("sepia", "warm", "cool"):
            offsets = [
                np.rint(low + (high - low) * STEPS).astype(np.int16) for low, high in zip(shadows, lights, strict=True)
            ]
        return np.rint(curve * 255).astype(int).tolist(), offsets[0], offsets[1], round(gain * 128)

    def _grade(self, canvas: Canvas) -> None:
        if self.spec.grade not in GRADES:
            return
        curve, blue, red, gain = self._tables
        half = canvas.y[::2, ::2]
        for plane, offset in ((canvas.cb, blue), (canvas.cr, red)):
            away = plane.astype(np.int16)
            away -= 128
            away *= gain
            away >>= 7
            away += offset[half]
            away += 128
            np.clip(away, 0, 255, out=away)
            plane[...] = away
        canvas.y[...] = np.asarray(Image.fromarray(canvas.y).point(curve))

    def _style(self, canvas: Canvas, number: int) -> None:
        match self.spec.style:
            case "oil":
                self._brushed(canvas)
            case "watercolour":
                self._washed(canvas)
            case "ink":
                self._inked(canvas)
            case "vhs":
                self._taped(canvas, number)
            case "super8":
                self._projected(canvas, number)

    @cached_property
    def _texture(self) -> Field:
        """Canvas weave, paper or hatching, -1..1."""
        size = (self.width, self.height)
        rng = stream(11, "texture", self.spec.style)
        if self.spec.style == "oil":
            return clouds(rng, size, 7, octaves=2, gain=0.6, stretch=5.0) * 2 - 1
        if self.spec.style == "ink":
            x, y = np.arange(self.width)[None, :], np.arange(self.height)[:, None]
            hatch = np.sin((x + y) * math.pi / 4.0) * 0.75
            return np.asarray(hatch + (clouds(rng, size, 9, octaves=3) - 0.5) * 0.9, np.float32)
        return clouds(rng, size, 5, octaves=3, gain=0.8) * 2 - 1

    def _brushed(self, canvas: Canvas) -> None:
        """Oil: tones flow together, strokes stand out."""
        coarse = Image.fromarray(canvas.y).reduce(2).filter(ImageFilter.MedianFilter(5))
        smooth = np.asarray(coarse.resize((self.width, self.height), Image.Resampling.BILINEAR)).astype(np.int16)
        smooth = (smooth + 6) // 12 * 12
        strokes = (self._texture * 11).astype(np.int16)
        canvas.y[...] = np.clip(smooth + strokes, 0, 255)
        for plane in (canvas.cb, canvas.cr):
            plane[...] = np.clip((plane.astype(np.int16) - 128) * 5 // 4 + 128, 0, 255)

    def _washed(self, canvas: Canvas) -> None:
        """Watercolour: paper shines through, pigment gathers at the edges."""
        soft = Image.fromarray(canvas.y).reduce(4).filter(ImageFilter.GaussianBlur(1.6))
        smooth = np.asarray(soft.resize((self.width, self.height), Image.Resampling.BILINEAR)).astype(np.int16)
        edge = np.minimum(np.abs(canvas.y.astype(np.int16) - smooth), 60)
        wash = 255 - (255 - (smooth + canvas.y) // 2) * 3 // 4
        canvas.y[...] = np.clip(wash - edge // 2 + (self._texture * 9).astype(np.int16), 0, 255)
        for plane in (canvas.cb, canvas.cr):
            plane[...] = np.asarray(Image.fromarray(plane).filter(ImageFilter.BoxBlur(2)))

    def _inked(self, canvas: Canvas) -> None:
        """Ink: hatched shadows on pale paper."""
        y = canvas.y.astype(np.int16)
        hatched = y + (self._texture * 62).astype(np.int16)
        steps = np.where(hatched < 52, 22, np.where(hatched < 118, 120, 226)).astype(np.int16)
        canvas.y[...] = np.clip((steps * 3 + y) // 4, 0, 255)
        canvas.cb[...] = ((canvas.cb.astype(np.int16) - 128) // 4 + 124).astype(np.uint8)
        canvas.cr[...] = ((canvas.cr.astype(np.int16) - 128) // 4 + 130).astype(np.uint8)

    def _taped(self, canvas: Canvas, number: int) -> None:
        """VHS: soft luma, colour that lags behind, lines, a tear that wanders."""
        rng = stream(self.spec.seed, "tape", number)
        canvas.y[...] = np.asarray(Image.fromarray(canvas.y).filter(ImageFilter.BoxBlur((1.6, 0))))
        canvas.y[::2] = canvas.y[::2] - (canvas.y[::2] >> 4)
        for plane, lag in ((canvas.cb, 3), (canvas.cr, 5)):
            plane[...] = np.roll(np.asarray(Image.fromarray(plane).filter(ImageFilter.BoxBlur((3, 1)))), lag, 1)
        tear = int((number * 3.7 + float(rng.uniform(0, 4))) % self.height) // 2 * 2
        rows = slice(tear, min(self.height, tear + 10))
        canvas.y[rows] = np.roll(canvas.y[rows], int(rng.integers(4, 14)), 1) | 24

    def _projected(self, canvas: Canvas, number: int) -> None:
        """Super 8: the gate weaves, the lamp flickers, dust and a scratch go by; warm stock."""
        rng = stream(self.spec.seed, "gate", number)
        down, across = (round(float(value)) * 2 for value in rng.normal(0, 0.5, 2))
        for plane, step in ((canvas.y, 1), (canvas.cb, 2), (canvas.cr, 2)):
            plane[...] = np.roll(plane, (down // step, across // step), (0, 1))
        lamp = 256 - int(abs(float(rng.normal(0, 9))))
        canvas.y[...] = (canvas.y.astype(np.uint16) * lamp) >> 8
        for x, y, size in rng.integers((0, 0, 2), (self.width - 6, self.height - 6, 5), (3, 3)).tolist():
            canvas.y[y : y + size, x : x + size] = 235 if size % 2 else 18
        if rng.random() < 0.3:
            canvas.y[:, int(rng.integers(0, self.width))] |= 96
        canvas.cb[...] = np.maximum(canvas.cb, 9) - 9
        canvas.cr[...] = np.minimum(canvas.cr, 248) + 5


def _luma_codes() -> list[int]:
    """A gentle S from full range to codes 16..235."""
    bent = STEPS + 0.12 * (STEPS - 0.5) * (1 - np.abs(2 * STEPS - 1))
    return [int(value) for value in (16 + np.clip(bent, 0, 1) * 219 + 0.5)]


LUMA_CODES = _luma_codes()
CHROMA_CODES = [int(value) for value in np.clip(128 + (np.arange(256) - 128) * 224 / 255 * 1.06 + 0.5, 16, 240)]


def limited(canvas: Canvas) -> tuple[Plane, Plane, Plane]:
    """The planes as an encoder wants them: BT.709 limited range."""
    y, cb, cr = (
        np.asarray(Image.fromarray(plane).point(codes))
        for plane, codes in zip(canvas.planes, (LUMA_CODES, CHROMA_CODES, CHROMA_CODES), strict=True)
    )
    return y, cb, cr
