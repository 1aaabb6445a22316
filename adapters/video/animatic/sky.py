"""The sky: gradient, halo, sun or moon, stars; clouds that drift over it, painted anew every few frames."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from adapters.video.animatic.camera import Camera, Pose, even
from adapters.video.animatic.canvas import Canvas, Plane, ycc
from adapters.video.animatic.light import Light
from adapters.video.animatic.noise import Field, clouds, stream
from adapters.video.animatic.palette import Colour, encoded, linear
from adapters.video.animatic.spec import FPS, ShotSpec

STEP = 6
"""Frames between two paintings of the clouds: they drift about a pixel."""
DRIFT = 6.0
"""Pixels a second, on a picture 720 high."""
COARSE = 4
COVER = {"overcast": 0.22, "storm": 0.20, "rain": 0.24, "drizzle": 0.27, "snow": 0.30, "fog": 0.34}


@dataclass
class Sky:
    """The sky behind one shot. `left` and `top` are its corner on the canvas with the camera at rest."""

    camera: Camera
    light: Light
    left: int
    top: int
    plain: Canvas
    veil: Image.Image | None
    """Clouds in shadow, and the light on them: coarse masks that tile sideways."""
    lit: Image.Image | None
    sun: tuple[float, float]
    """Where the sun stands on the canvas with the camera at rest, pixels."""
    _painted: dict[int, Canvas] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def shift(self, pose: Pose) -> tuple[float, float]:
        """By how many pixels what is infinitely far has moved on the picture."""
        return -pose.yaw * self.camera.unit, self.camera.horizon_row(pose) - self.camera.horizon

    def paint(self, canvas: Canvas, pose: Pose, seconds: float, bottom: int) -> None:
        """Everything above the row `bottom`."""
        painted = self._at(int(seconds * FPS) // STEP)
        across, down = self.shift(pose)
        x = int(np.clip(even(-self.left - across), 0, painted.width - canvas.width))
        y = int(np.clip(even(-self.top - down), 0, painted.height - canvas.height))
        canvas.y[:bottom] = painted.y[y : y + bottom, x : x + canvas.width]
        for mine, its in ((canvas.cb, painted.cb), (canvas.cr, painted.cr)):
            mine[: bottom // 2] = its[y // 2 : (y + bottom) // 2, x // 2 : (x + canvas.width) // 2]

    def _at(self, step: int) -> Canvas:
        if self.veil is None or self.lit is None:
            return self.plain
        with self._lock:
            if step not in self._painted:
                for old in sorted(self._painted)[:-2]:
                    del self._painted[old]
                self._painted[step] = self._clouded(step, self.veil, self.lit)
            return self._painted[step]

    def _clouded(self, step: int, veil: Image.Image, lit: Image.Image) -> Canvas:
        whole = Canvas(self.plain.width, self.plain.height)
        for mine, its in zip(whole.planes, self.plain.planes, strict=True):
            mine[...] = its
        high = min(even(self.camera.horizon - self.top), whole.height)
        wide = whole.width / COARSE
        at = step * STEP / FPS * DRIFT * self.camera.unit / 720 / COARSE % (veil.width - wide)
        for mask, colour, opacity in ((veil, self.light.shade, 190), (lit, self.light.cloud, 205)):
            seen = mask.resize((whole.width, high), Image.Resampling.BILINEAR, box=(at, 0, at + wide, mask.height))
            whole.tint(np.asarray(seen), colour, opacity=opacity)
        return whole


def sky_of(spec: ShotSpec, light: Light, camera: Camera, space: bool = False) -> Sky:
    """The sky of a shot, as large as its camera will see."""
    left, top, width, height = _extent(camera)
    sun = _sun_at(light, camera)
    plain = _gradient(light, camera, (left, top, width, height), sun, space)
    rng = stream(spec.place_seed, "sky", spec.place)
    if light.stars or space:
        _add_stars(plain, rng, (light.stars or 200) * (5 if space else 1), even(camera.horizon - top), space)
    if light.sun[2] > 0 and not space:
        _add_disc(plain, light, camera, (sun[0] - left, sun[1] - top))
    veil, lit = (None, None) if space else _cloud_masks(spec, light, rng, width, even(camera.horizon - top))
    return Sky(camera, light, left, top, plain, veil, lit, sun)


def _extent(camera: Camera) -> tuple[int, int, int, int]:
    """Left, top, width and height of all sky that is seen in the shot, on the canvas at rest."""
    poses = [camera.pose(frame) for frame in range(0, camera.spec.frames, 4)] + [camera.pose(camera.spec.frames - 1)]
    across = [-pose.yaw * camera.unit for pose in poses]
    down = [camera.horizon_row(pose) - camera.horizon for pose in poses]
    left, right = even(-max(across)) - 4, even(camera.width - min(across)) + 4
    top, bottom = even(-max(down)) - 4, even(camera.height - min(down)) + 4
    return left, top, (right - left + 3) // 4 * 4, (bottom - top + 3) // 4 * 4


def _sun_at(light: Light, camera: Camera) -> tuple[float, float]:
    across = light.sun[0] * min(camera.width, 1.9 * camera.unit)
    down = light.sun[1] * min(camera.horizon, 0.8 * camera.unit)
    return camera.width / 2 + across, camera.horizon - down


def _gradient(
    light: Light, camera: Camera, extent: tuple[int, int, int, int], sun: tuple[float, float], space: bool
) -> Canvas:
    left, top, width, height = extent
    x = (np.arange(width // COARSE, dtype=np.float32) * COARSE + left + COARSE / 2)[None, :]
    y = (np.arange(height // COARSE, dtype=np.float32) * COARSE + top + COARSE / 2)[:, None]
    sky = np.zeros((*np.broadcast_shapes(x.shape, y.shape), 3), np.float32)
    sky += _bands(light, y / camera.horizon)[:, None, :] * (0.16 if space else 1.0)
    away = np.hypot(x - sun[0], y - sun[1]) / camera.unit
    halo = light.halo * (
        0.6 * np.exp(-away / 0.10) + 0.35 * np.exp(-away / 0.32) + 0.25 * np.exp(-((away / 0.06) ** 2))
    )
    low = np.exp(-np.abs(y - camera.horizon) / camera.unit / 0.07) * np.exp(-np.abs(x - sun[0]) / camera.unit / 0.6)
    if not space:
        sky += (halo + 0.35 * light.halo * low)[..., None] * linear(light.light).astype(np.float32)
    sky = (1 - np.exp(-1.18 * sky)) / (1 - np.exp(-1.18))
    return _dithered(encoded(sky), width, height)


def _bands(light: Light, height: Field) -> Field:
    """Linear light by height: 0 the zenith, 1 the horizon."""
    place = np.clip(height[:, 0], -0.3, 1.02)
    upper, lower = np.clip(place / 0.62, 0, 1), np.clip((place - 0.55) / 0.45, 0, 1)
    upper, lower = (share * share * (3 - 2 * share) for share in (upper, lower))
    top, mid, low = (linear(colour) for colour in (light.top, light.mid, light.low))
    colour = top * (1 - upper)[:, None] + mid * upper[:, None]
    return np.asarray(colour * (1 - lower)[:, None] + low * lower[:, None], np.float32)


def _dithered(rgb: Colour, width: int, height: int) -> Canvas:
    """Coarse colours as a canvas, with half a step of noise so that the gradient shows no bands."""
    canvas = Canvas(width, height)
    noise = stream(0, "dither").random((64, 64), np.float32)
    for plane, values in zip(canvas.planes, ycc(rgb), strict=True):
        smooth = Image.fromarray(values.astype(np.float32)).resize(
            (plane.shape[1], plane.shape[0]), Image.Resampling.BICUBIC
        )
        fine = (
            np.asarray(smooth) + np.tile(noise, (height // 64 + 1, width // 64 + 1))[: plane.shape[0], : plane.shape[1]]
        )
        plane[...] = np.clip(fine, 0, 255).astype(np.uint8)
    return canvas


def _add_stars(canvas: Canvas, rng: np.random.Generator, count: int, horizon: int, space: bool) -> None:
    high = canvas.height if space else horizon
    x = rng.integers(2, canvas.width - 2, count * 2)
    y = (rng.beta(1, 1 if space else 1.7, count * 2) * max(high - 6, 4)).astype(np.int64) + 2
    glow = (rng.power(0.45, count * 2) * 200).astype(np.int64)
    for column, row, value in zip(x.tolist(), y.tolist(), glow.tolist(), strict=True):
        _brighten(canvas.y, column, row, value)
        if value > 130:
            for step in (-1, 1):
                _brighten(canvas.y, column + step, row, value // 3)
                _brighten(canvas.y, column, row + step, value // 3)


def _brighten(plane: Plane, x: int, y: int, by: int) -> None:
    if 0 <= x < plane.shape[1] and 0 <= y < plane.shape[0]:
        plane[y, x] = min(255, int(plane[y, x]) + by)


def _add_disc(canvas: Canvas, light: Light, camera: Camera, at: tuple[float, float]) -> None:
    """The sun, or the moon with its seas."""
    radius = light.sun[2] * camera.unit * camera.lens**0.5
    size = even(radius + 4)
    x, y = even(at[0]), even(at[1])
    if not (size <= x < canvas.width - size and size <= y < canvas.height - size):
        return
    grid = np.arange(-size, size) + 0.5
    away = np.hypot(grid[None, :], grid[:, None])
    disc = np.clip(radius - away + 0.5, 0, 1)
    canvas.tint(
        (disc * 255).astype(np.uint8),
        light.light if light.moon else np.minimum(light.light * 1.06, 1),
        x - size,
        y - size,
    )
    if light.moon:
        seas = clouds(stream(7, "moon"), (2 * size, 2 * size), size * 0.8, octaves=4)
        mask = np.clip((seas - 0.50) * 1.8, 0, 0.34) * disc
        canvas.tint((mask * 255).astype(np.uint8), light.mid, x - size, y - size)


def _cloud_masks(
    spec: ShotSpec, light: Light, rng: np.random.Generator, width: int, horizon: int
) -> tuple[Image.Image, Image.Image]:
    wide, high = int(width * 1.3) // COARSE, max(8, horizon // COARSE)
    noise = clouds(rng, (wide, high), max(10.0, min(high * 0.38, wide * 0.16)), octaves=6, gain=0.56, stretch=2.6)
    height = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    cover = COVER.get(spec.weather, COVER.get(light.name, 0.52 if not light.stars else 0.61))
    veil = np.clip((noise - cover) / 0.22, 0, 1)
    veil = veil * veil * (3 - 2 * veil) * np.clip(height * 3.2 + 0.25, 0, 1) * np.clip((1 - height) * 3.0, 0, 1)
    from_light = np.roll(noise, (3, -5 if light.sun[0] > 0 else 5), (0, 1))
    lit = veil * np.clip((noise - from_light) * 5.5 + 0.35, 0, 1)
    return Image.fromarray((veil * 205).astype(np.uint8)), Image.fromarray((lit * 200).astype(np.uint8))
