"""What falls and floats: rain, storm, drizzle, snow, dust, embers, petals. Chance of the take; a pure function of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from adapters.video.animatic.canvas import Canvas, Plane, Wide, ycc
from adapters.video.animatic.light import Light
from adapters.video.animatic.noise import Floats, stream
from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.spec import ShotSpec

SHEETS = ((520, 26, 50, 1.25, 1), (260, 48, 78, 1.9, 1), (70, 95, 70, 3.0, 2))
"""Rain in three distances: drops, length, brightness, speed in heights a second, width."""
DENSITY = {"rain": 1.0, "storm": 1.35, "drizzle": 0.45}
SLANT = {"rain": -0.10, "storm": -0.24, "drizzle": -0.06}


@dataclass(frozen=True)
class Floating:
    """How one kind of thing floats. Speeds in pictures a second."""

    count: int
    sizes: tuple[float, float, float]
    across: float
    down: float
    bright: int
    sway: float = 0.012
    twinkles: bool = True
    colour: str = ""


KINDS = {
    "snow": Floating(260, (1.2, 2.1, 3.6), 0.05, 0.22, 215, 0.014, twinkles=False, colour="FFFFFF"),
    "dust": Floating(80, (1.0, 1.6, 2.6), 0.012, -0.006, 140),
    "sand": Floating(170, (1.0, 1.5, 2.4), 0.30, 0.02, 120, colour="E8C08A"),
    "embers": Floating(90, (1.1, 1.8, 3.0), 0.03, -0.16, 230, colour="FF7A28"),
    "petals": Floating(70, (2.0, 3.2, 5.0), 0.10, 0.11, 200, 0.035, twinkles=False, colour="FFC2D4"),
}


@dataclass(frozen=True)
class Rain:
    """Sheets of rain that scroll: masks, speed in pixels a second, slant."""

    sheets: tuple[tuple[Plane, float, float], ...]

    def paint(self, canvas: Canvas, seconds: float, shift: tuple[float, float]) -> None:
        """Add the streaks."""
        for mask, speed, slant in self.sheets:
            down = int(-seconds * speed - shift[1]) % mask.shape[0]
            across = int(-seconds * speed * slant - shift[0] * 1.2) % mask.shape[1]
            _add_scrolled(canvas.y, mask, across, down)


def _add_scrolled(plane: Plane, mask: Plane, across: int, down: int) -> None:
    """Add a mask of the plane's own size, its origin moved to (across, down), wrapped around."""
    high, wide = plane.shape
    for rows, source_rows in ((slice(0, high - down), slice(down, high)), (slice(high - down, high), slice(0, down))):
        for columns, source in (
            (slice(0, wide - across), slice(across, wide)),
            (slice(wide - across, wide), slice(0, across)),
        ):
            area = plane[rows, columns]
            total = area.astype(np.uint16)
            total += mask[source_rows, source]
            np.minimum(total, 255, out=total)
            area[...] = total


def rain_of(spec: ShotSpec, width: int, height: int, unit: float) -> Rain | None:
    """The rain of this take, if it rains."""
    if spec.weather not in DENSITY:
        return None
    slant = SLANT[spec.weather] * spec.direction
    sheets = SHEETS[: 2 if spec.weather == "drizzle" else 3]
    pace = height * (0.7 if spec.weather == "drizzle" else 1)
    masks = (_rain_sheet(spec, (width, height), unit, number) for number in range(len(sheets)))
    return Rain(tuple((mask, row[3] * pace, slant) for mask, row in zip(masks, sheets, strict=True)))


def _rain_sheet(spec: ShotSpec, size: tuple[int, int], unit: float, number: int) -> Plane:
    slant = SLANT[spec.weather] * spec.direction
    drops, length, bright, _, wide = SHEETS[number]
    rng = stream(spec.seed, "rain", number)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for _ in range(int(drops * DENSITY[spec.weather] * size[0] * size[1] / 921600)):
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        long = length * rng.uniform(0.7, 1.3) * unit / 720
        value = int(bright * rng.uniform(0.28, 0.78))
        for dx in (-size[0], 0, size[0]):
            for dy in (-size[1], 0):
                draw.line((x + dx, y + dy, x + dx + slant * long, y + dy + long), fill=value, width=wide)
    return np.asarray(image.filter(ImageFilter.GaussianBlur(0.45 if wide == 1 else 1.5)))


@dataclass(frozen=True)
class Motes:
    """Things that float, each with its own chance; near ones are larger and out of focus."""

    kind: Floating
    chance: Floats
    stamps: tuple[Wide, Wide, Wide]
    colour: Colour

    def paint(self, canvas: Canvas, seconds: float, shift: tuple[float, float]) -> None:
        """Add them all."""
        x, y, sizes, bright = self._at(canvas, seconds, shift)
        _, blue, red = ycc(self.colour)
        tints = tuple((plane, float(value) - 128) for plane, value in ((canvas.cb, blue), (canvas.cr, red)))
        for across, down, size, value in zip(x.tolist(), y.tolist(), sizes.tolist(), bright.tolist(), strict=True):
            _stamp(canvas, self.stamps[size], (across, down), value, tints)

    def _at(self, canvas: Canvas, seconds: float, shift: tuple[float, float]) -> tuple[Floats, ...]:
        one, kind = self.chance, self.kind
        near = 0.35 + one[:, 2] * 1.3
        sway_x = kind.sway * np.sin(seconds * (1 + one[:, 3] * 2) + one[:, 4] * 6.28)
        sway_y = kind.sway * 0.8 * np.cos(seconds * (0.8 + one[:, 4]) + one[:, 3] * 6.28)
        x = (
            (one[:, 0] + seconds * kind.across * near + sway_x + shift[0] / canvas.width * near * 1.2)
            % 1
            * canvas.width
        )
        y = (
            (one[:, 1] + seconds * kind.down * near + sway_y + shift[1] / canvas.height * near * 1.2)
            % 1
            * canvas.height
        )
        twinkle = (
            0.55 + 0.45 * np.sin(seconds * (1.5 + one[:, 5] * 3) + one[:, 3] * 6.28)
            if kind.twinkles
            else np.ones(len(one))
        )
        sizes = np.minimum(one[:, 2] ** (1.6 if kind.twinkles else 1) * 3, 2)
        return x.astype(np.int64), y.astype(np.int64), sizes.astype(np.int64), (twinkle * 256).astype(np.int64)


def motes_of(spec: ShotSpec, light: Light, unit: float, dusty: bool, shallow: bool) -> Motes | None:
    """What floats in this take: by the weather, else dust where light makes it seen."""
    name = {"snow": "snow", "embers": "embers", "petals": "petals", "dust": "sand"}.get(spec.weather)
    if name is None and not (spec.weather == "clear" and (dusty or spec.beams or spec.light == "golden")):
        return None
    kind = KINDS[name or "dust"]
    colour = hexed(kind.colour) if kind.colour else light.light
    colour = mix(colour, light.low, 0.15) if name in ("snow", "petals") else colour
    larger = (1.1, 1.6, 2.4) if shallow else (1.0, 1.0, 1.0)
    stamps = tuple(
        _stamp_of(max(0.8, size * more * unit / 720), kind) for size, more in zip(kind.sizes, larger, strict=True)
    )
    chance = stream(spec.seed, "motes", name or "dust").random((kind.count, 6))
    return Motes(kind, chance, (stamps[0], stamps[1], stamps[2]), colour)


def _stamp_of(size: float, kind: Floating) -> Wide:
    half = math.ceil(size * 2.2) + 1
    away = np.hypot(*np.mgrid[-half:half, -half:half])
    mask = np.clip((size + 0.8 - away) / 1.6, 0, 1) * 0.42 if size > 4 else np.exp(-((away / size) ** 2))
    return np.asarray(mask * kind.bright, np.uint16)


def _stamp(
    canvas: Canvas, stamp: Wide, at: tuple[int, int], value: int, tints: tuple[tuple[Plane, float], ...]
) -> None:
    size, (x, y) = stamp.shape[0], at
    left, top = (x - size // 2) // 2 * 2, (y - size // 2) // 2 * 2
    if left < 0 or top < 0 or left + size > canvas.width or top + size > canvas.height:
        return
    area = canvas.y[top : top + size, left : left + size]
    light = stamp * np.uint16(value)
    light >>= 8
    light += area
    np.minimum(light, 255, out=light)
    area[...] = light
    for plane, tint in tints:
        if abs(tint) < 14:
            continue
        patch = plane[top // 2 : (top + size) // 2, left // 2 : (left + size) // 2]
        share = stamp[::2, ::2] / 256.0
        patch[...] = np.clip(patch + (tint + 128 - patch) * share[: patch.shape[0], : patch.shape[1]], 0, 255).astype(
            np.uint8
        )


def flash(spec: ShotSpec, seconds: float) -> float:
    """Lightning: how bright, 0..1, at this moment of a storm."""
    if spec.weather != "storm":
        return 0.0
    slot = int(seconds / 2.6)
    start = float(stream(spec.seed, "lightning", slot).uniform(0.2, 2.0)) + slot * 2.6
    since = seconds - start
    if not 0 <= since < 0.34:
        return 0.0
    return (1.0 if since < 0.05 or 0.12 <= since < 0.18 else 0.35) * (1 - since / 0.34)
