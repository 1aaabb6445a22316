"""What lies between things and the lens: mist, sunbeams, shafts from windows, mirrors on the ground. All soft, so all coarse."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from adapters.video.animatic.camera import Camera, Pose
from adapters.video.animatic.canvas import Canvas, Plane, ycc
from adapters.video.animatic.light import Light
from adapters.video.animatic.noise import Field, clouds, stream
from adapters.video.animatic.palette import Colour, mix
from adapters.video.animatic.spec import ShotSpec
from adapters.video.animatic.stage import Mirror, Opening

COARSE = 4
Places = NDArray[np.intp]
RING = 1024
MIST = {"fog": 0.85, "rain": 0.30, "storm": 0.36, "drizzle": 0.34, "snow": 0.32, "dust": 0.46}
BEAMY = ("golden", "dawn")


def grown(coarse: Plane, size: tuple[int, int]) -> Plane:
    """A coarse mask at its full size, smooth."""
    return np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BILINEAR))


@dataclass(frozen=True)
class Mist:
    """Banks of mist along the horizon, drifting."""

    bank: Image.Image
    wrap: int
    """Coarse columns after which the bank repeats."""
    colour: Colour
    top: int
    bottom: int

    def paint(self, canvas: Canvas, seconds: float, shift: tuple[float, float], strength: float) -> None:
        """Lay the mist over what is there, moved with the horizon."""
        top = max(0, int(self.top + shift[1]) // 4 * 4)
        bottom = min(canvas.height, int(self.bottom + shift[1]) // 4 * 4)
        if bottom - top < 8:
            return
        left = (seconds * 5 - shift[0] / COARSE) % self.wrap
        rows = ((top - shift[1] - self.top) / COARSE, (bottom - shift[1] - self.top) / COARSE)
        first = min(max(rows[0], 0.0), self.bank.height - 2.0)
        box = (left, first, left + canvas.width / COARSE, min(max(rows[1], first + 1), float(self.bank.height)))
        seen = self.bank.resize((canvas.width, bottom - top), Image.Resampling.BILINEAR, box=box)
        canvas.tint(np.asarray(seen), self.colour, 0, top, int(256 * strength))


def mist_of(spec: ShotSpec, light: Light, camera: Camera) -> Mist | None:
    """The mist of this weather and hour, if any."""
    strength = MIST.get(spec.weather, 0.28 if spec.light in ("golden", "dawn", "blue", "moon") else 0.0)
    if not strength:
        return None
    spread = (0.26 if spec.weather == "fog" else 0.15) * min(camera.height, 1.3 * camera.unit)
    middle = camera.horizon + 0.04 * camera.unit
    top, bottom = int(middle - 2.2 * spread) // 4 * 4, int(middle + 2.6 * spread) // 4 * 4
    wide, high = camera.width * 2 // COARSE, (bottom - top) // COARSE
    noise = clouds(
        stream(spec.place_seed, "mist"), (wide, high), max(8.0, high / 2.4), octaves=5, gain=0.55, stretch=3.0
    )
    rows = np.arange(high, dtype=np.float32)[:, None] * COARSE + top
    mask = np.clip((noise - 0.25) * 1.7, 0, 1) * np.exp(-(((rows - middle) / spread) ** 2)) * strength
    bank = (np.concatenate([mask, mask[:, : camera.width // COARSE + 8]], 1) * 255).astype(np.uint8)
    return Mist(Image.fromarray(bank), wide, mix(light.haze, light.low, 0.35), top, bottom)


@dataclass(frozen=True)
class Sunbeams:
    """Rays from the sun that slowly change."""

    rays: tuple[Field, Field]
    angle: Places
    reach: Field
    colour: Colour

    def paint(self, canvas: Canvas, seconds: float, shift: tuple[float, float], strength: float) -> None:
        """Add the rays, moved with the sky."""
        share = np.float32(0.5 + 0.5 * math.sin(seconds * 0.7))
        ring = self.rays[0] * share + np.roll(self.rays[1], int(seconds * 3)) * (1 - share) + np.float32(0.12)
        mask = Image.fromarray((ring[self.angle] * self.reach).astype(np.uint8))
        if abs(shift[0]) + abs(shift[1]) > 0.5:
            moved = (1, 0, -shift[0] / COARSE, 0, 1, -shift[1] / COARSE)
            mask = mask.transform(mask.size, Image.Transform.AFFINE, moved, Image.Resampling.BILINEAR)
        seen = mask.resize((canvas.width, canvas.height), Image.Resampling.BILINEAR)
        canvas.shine(np.asarray(seen), self.colour, strength=strength)


def sunbeams_of(spec: ShotSpec, light: Light, camera: Camera, sun: tuple[float, float]) -> Sunbeams | None:
    """Rays where the words ask for them, and faint ones at golden hour and dawn."""
    faint = spec.light in BEAMY and spec.weather in ("clear", "dust", "petals")
    if not (spec.beams or faint):
        return None
    x = np.arange(camera.width // COARSE, dtype=np.float32)[None, :] * COARSE - sun[0]
    y = np.arange(camera.height // COARSE, dtype=np.float32)[:, None] * COARSE - sun[1]
    away = np.hypot(x, y) / camera.unit
    angle = ((np.arctan2(y, x) / (2 * math.pi) + 0.5) * (RING - 1)).astype(np.intp)
    low = np.clip(1.15 - np.clip(y / camera.height, 0, 1) * 1.9, 0.25, 1)
    reach = np.clip(1 - away / 1.15, 0, 1) ** 1.25 * np.clip(away / 0.07, 0, 1) * low
    strength = (66 if spec.beams else 22) * (0.55 + 0.45 * min(1.0, light.halo / 0.5))
    rng = stream(spec.place_seed, "beams")
    return Sunbeams((_ring(rng), _ring(rng)), angle, (reach * strength).astype(np.float32), light.light)


def _ring(rng: np.random.Generator) -> Field:
    turn = np.arange(RING) / RING * 2 * math.pi
    waves = sum(
        height * np.sin(turn * count + rng.uniform(0, 6.28))
        for count, height in ((7, 0.8), (19, 0.9), (37, 0.8), (61, 0.6))
    )
    return np.asarray(np.clip(waves / 2.6 + 0.28, 0, 1) ** 1.4, np.float32)


@dataclass(frozen=True)
class Shafts:
    """Light that falls in through windows, with drifting dust in it."""

    light: Field
    dust: Field
    colour: Colour

    def paint(self, canvas: Canvas, seconds: float, shift: tuple[float, float], strength: float) -> None:
        """Add the shafts."""
        high, wide = self.light.shape
        place = seconds * 7 % (self.dust.shape[1] // 2)
        column, share = int(place), np.float32(place % 1)
        dust = self.dust[:, column : column + wide] * (1 - share) + self.dust[:, column + 1 : column + 1 + wide] * share
        mask = Image.fromarray(
            np.clip(self.light * (np.float32(0.5) + np.float32(0.72) * dust), 0, 255).astype(np.uint8)
        )
        moved = (1, 0, -shift[0] / COARSE, 0, 1, -shift[1] / COARSE)
        mask = mask.transform((wide, high), Image.Transform.AFFINE, moved, Image.Resampling.BILINEAR)
        seen = mask.resize((canvas.width, canvas.height), Image.Resampling.BILINEAR)
        canvas.shine(np.asarray(seen), self.colour, strength=strength)


def shafts_of(spec: ShotSpec, light: Light, camera: Camera, openings: list[Opening]) -> Shafts | None:
    """Shafts through the openings by day, or where the words ask for them."""
    if not openings or not (spec.beams or not light.lamps):
        return None
    wide, high = camera.width // COARSE, camera.height // COARSE
    total = np.zeros((high, wide), np.float32)
    for opening in openings:
        one = Image.new("L", (wide, high))
        ImageDraw.Draw(one).polygon(_shaft(camera, opening), fill=150 if spec.beams else 80)
        if one.getbbox() is not None:
            start = camera.across(Pose(), opening.depth, opening.x) / COARSE
            fall = np.clip(
                1.1 - np.abs(np.arange(wide, dtype=np.float32) - start) / (camera.unit / COARSE * 1.25), 0.1, 1
            )
            np.maximum(total, np.asarray(one, np.float32) * fall[None, :], out=total)
    soft = Image.fromarray(total.astype(np.uint8)).filter(ImageFilter.GaussianBlur(camera.unit / COARSE / 26))
    dust = clouds(stream(spec.place_seed, "dust"), (wide * 2, high), 26, octaves=4, gain=0.6, stretch=1.6)
    return Shafts(np.asarray(soft, np.float32), dust, light.light)


def _shaft(camera: Camera, opening: Opening) -> list[tuple[float, float]]:
    """The outline of the light from one window, falling to the right and down; coarse pixels."""
    left, top = (opening.x - opening.width / 2, (opening.y - opening.height / 2) * camera.lift)
    scale = camera.spread(opening.depth) * camera.unit / COARSE
    x, y = camera.across(Pose(), opening.depth, left) / COARSE, camera.down(Pose(), opening.depth, top) / COARSE
    wide, high = opening.width * scale, opening.height * scale * camera.lift
    across, down = 0.95 * camera.unit / COARSE, 0.66 * camera.unit / COARSE
    return [
        (x, y), (x + wide, y), (x + wide * 1.35 + across, y + down),
        (x + wide * 1.2 + across, y + high * 1.5 + down), (x + across, y + high * 1.5 + down), (x, y + high),
    ]  # fmt: skip


def reflect(canvas: Canvas, mirror: Mirror, *, horizon: float, seconds: float, sun: float | None, light: Light) -> None:
    """Everything below the horizon shows what is above it, in waves."""
    row = int(np.clip(horizon, 0, canvas.height)) // 8 * 8
    below = canvas.height - row
    if below < 16 or row < 16:
        return
    high, wide = below // COARSE, canvas.width // COARSE
    lines = np.arange(high)
    swing = mirror.ripple * (0.6 + lines / high * 4)
    waves = np.sin(lines * 0.55 + seconds * 4.6) + 0.6 * np.sin(lines * 1.37 - seconds * 3.7 + 1)
    columns = np.clip(np.arange(wide)[None, :] + np.rint(swing * waves).astype(np.intp)[:, None], 0, wide - 1)
    source = max(0, row - int(below * 1.25))
    for number, plane in enumerate(canvas.planes):
        half = 1 if number else 0
        seen = _mirrored(plane[source >> half : row >> half], (wide, high), columns, mirror)
        target = plane[row >> half :]
        tint = float(ycc(np.clip(mirror.tint, 0, 1))[number])
        _mix_mirror(target, grown(seen, (target.shape[1], target.shape[0])), mirror.strength, tint)
    if mirror.glitter and sun is not None:
        _glitter(canvas, (row, sun), seconds, light, mirror.glitter)


def _mirrored(above: Plane, size: tuple[int, int], columns: Places, mirror: Mirror) -> Plane:
    flipped = Image.fromarray(np.ascontiguousarray(above[::-1])).resize(size, Image.Resampling.BOX)
    if mirror.smear:
        flipped = flipped.filter(ImageFilter.BoxBlur((0, mirror.smear)))
    waved = np.take_along_axis(np.asarray(flipped), columns, 1)
    return np.asarray(Image.fromarray(waved).filter(ImageFilter.BoxBlur((0.6, 1.0)))) if mirror.smear else waved


def _mix_mirror(target: Plane, seen: Plane, strength: float, tint: float) -> None:
    fall = (1 - 0.55 * np.linspace(0, 1, target.shape[0]) ** 0.8) * strength * 256
    share = fall.astype(np.uint16)[:, None]
    mixed = seen * share
    mixed += (np.uint16(256) - share) * np.uint16(np.clip(tint, 0, 255))
    mixed >>= 8
    target[...] = mixed


def _glitter(canvas: Canvas, below: tuple[int, float], seconds: float, light: Light, strength: float) -> None:
    """The sun's path on the water: from a row downwards, about a column."""
    row, sun = below
    high, wide = (canvas.height - row) // COARSE, canvas.width // COARSE
    y = np.arange(high, dtype=np.float32)[:, None]
    x = np.arange(wide, dtype=np.float32)[None, :] - sun / COARSE
    path = np.exp(-((x / (wide * 0.03 + y * 0.55)) ** 2))
    waves = np.sin(y * 1.9 + seconds * 5 + 2.2 * np.sin(x * 0.11 + y * 0.07)) * np.sin(
        x * 0.35 - seconds * 2.3 + y * 0.9
    )
    mask = (np.clip(waves - 0.15, 0, 1) * path * 255 * strength).astype(np.uint8)
    canvas.shine(grown(mask, (canvas.width, canvas.height - row)), light.light, 0, row)
