"""What several places are built of: ridges of hills, the ground that figures stand on, lit panes. World units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from adapters.video.animatic.noise import clouds, profile, stream
from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.sheets import PERIOD, Ink, Line, Sheet
from adapters.video.animatic.stage import Stage

GROUND = 1.04
"""Depth of the ground that the figures stand on."""
WARM, COOL = hexed("FFAE55"), hexed("8FD8FF")


@dataclass(frozen=True)
class Ridge:
    """A line of hills: `base` above (-) the horizon, `swell` high, `waves` hills in the world's period."""

    name: str
    depth: float
    base: float
    swell: float
    waves: float
    octaves: int = 6
    gain: float = 0.5
    mist: float = 0.6
    """How much of the foot is haze."""
    folds: float = 0.0
    """How much the slopes show light and shade."""
    snow: float = 0.0
    """How far down from the tops snow lies, in units."""


Pane = tuple[float, float, float, float, int]
"""A lit pane: left, top, width, height, brightness 0..255."""
Extra = Callable[[Sheet, Ink, Callable[[float], float]], None]


def line_of(stage: Stage, ridge: Ridge) -> Callable[[Line], Line]:
    """The ridge's height at any x: the same in every shot of the place."""
    form = profile(stage.rng("ridge", ridge.name), PERIOD, ridge.waves, ridge.octaves, ridge.gain)
    return lambda x: ridge.base - ridge.swell * form(x)


def hills(stage: Stage, ridge: Ridge, colour: Colour, above: float = 0.0, extra: Extra | None = None) -> None:
    """One ridge as a layer; `extra` may draw what stands on it, up to `above` units high."""
    line, light = line_of(stage, ridge), stage.light
    stage.note("ridge", ridge.depth, 0.0, PERIOD, ridge.swell)
    top, foot = ridge.base - ridge.swell, max(stage.ground(ridge.depth), ridge.base + ridge.swell) + 0.02
    sheet = stage.sheet(ridge.depth, top - above - 0.02, foot)
    x = sheet.columns()
    y = line(x)
    body = sheet.ink()
    body.below(x, y)
    if extra is not None:
        extra(sheet, body, lambda place: float(line(np.array([place]))[0]))
    hazy = mix(colour, light.haze, ridge.mist)
    sheet.paint(body, [(top + ridge.swell * 0.4, colour), (max(foot - 0.02, ridge.base + 0.6 * ridge.swell), hazy)])
    if ridge.folds:
        _fold(stage, sheet, body, ridge, (x, y))
    if ridge.snow:
        _snow_caps(stage, sheet, body, ridge, (x, y))
    clear = 1 - light.air(ridge.depth) * 0.6
    sheet.edge(body, light.rim, stage.toward, 0.0035, (0.14 if light.lamps else 0.30) * clear)
    stage.put(sheet, hazy)


def _fold(stage: Stage, sheet: Sheet, body: Ink, ridge: Ridge, line: tuple[Line, Line]) -> None:
    """Ribs that run down from the tops: one side in the light."""
    wide, high = max(4, sheet.size[0] // 4), max(4, sheet.size[1] // 4)
    x = np.linspace(sheet.left, sheet.right, wide)
    top = np.interp(x, *line)
    y = (sheet.high + np.arange(high) / high * sheet.size[1] / sheet.ppu)[:, None]
    ribs = profile(stage.rng("folds", ridge.name), PERIOD, ridge.waves * 5, 4, 0.62)
    below = np.maximum(y - np.array([sheet.lifted(float(each)) for each in top])[None, :], 0)
    wind = 0.30 * np.sin(x[None, :] * 7 + ridge.depth) + 0.12 * ribs(3 * below + x[None, :])
    bent = x[None, :] + wind * below
    slope = ribs(bent) - ribs(bent + 0.018 * stage.toward)
    side = np.clip(0.35 + slope * 1.6 + 0.45 * stage.toward * np.gradient(top, x)[None, :], 0, 1)
    side *= np.exp(-below / (ridge.swell * 1.2))
    mask = Image.fromarray((side * 255 * ridge.folds).astype(np.uint8)).resize(sheet.size, Image.Resampling.BICUBIC)
    bright = mix(stage.light.far(ridge.depth), mix(stage.light.light, stage.light.haze, 0.35), 0.55)
    sheet.shade(body, mask, bright)


def _snow_caps(stage: Stage, sheet: Sheet, body: Ink, ridge: Ridge, line: tuple[Line, Line]) -> None:
    """Snow on the highest tops, with a ragged lower edge."""
    x = line[0]
    ragged = profile(stage.rng("snow", ridge.name), PERIOD, ridge.waves * 9, 4, 0.6)(x)
    edge = ridge.base - ridge.swell + ridge.snow * (1 + 0.5 * ragged)
    cap = sheet.ink()
    cap.between(x, line[1] - 0.005, np.where(line[1] < edge, edge, line[1]), 200)
    white = mix(mix(hexed("E8EEF4"), stage.light.light, 0.4), stage.light.far(ridge.depth), 0.42)
    sheet.shade(body, sheet.out_of_focus(cap), white)


def ground(
    stage: Stage, colour: Colour, *, name: str = "ground", swell: float = 0.010, waves: float = 5, texture: float = 0.35
) -> None:
    """What the figures stand on: level with their feet, a little uneven, mottled, darker towards the camera."""
    level = stage.camera.foot - 0.012
    if level * stage.camera.unit + stage.camera.horizon > stage.camera.height * 1.25:
        return
    form = profile(stage.rng("ridge", name), PERIOD, waves, 4, 0.45)
    bottom = level + 0.55
    sheet = stage.sheet(GROUND, level - 2 * swell - 0.01, bottom, fine=1.5)
    body = sheet.ink()
    x = sheet.columns()
    body.below(x, level - swell + swell * form(x))
    near = mix(colour, stage.light.dark, 0.45)
    sheet.paint(body, [(level, colour), (level + 0.30, near)])
    if texture:
        sheet.shade(body, mottle(stage, sheet, level, texture), mix(colour, stage.light.light, 0.22))
    sheet.edge(body, stage.light.rim, stage.toward, 0.004, 0.22)
    stage.put(sheet, near)


def mottle(stage: Stage, sheet: Sheet, level: float, strength: float) -> Image.Image:
    """Flat patches that grow towards the camera, as light and dark lie on the ground."""
    tile = clouds(stage.rng("mottle"), (512, 256), 26, octaves=4, gain=0.6, stretch=2.6)
    wide, high = max(2, sheet.size[0] // 3), max(2, sheet.size[1] // 3)
    y = sheet.high + np.arange(high) / high * sheet.size[1] / sheet.ppu
    near = np.maximum((y - level) / max(level, 0.12), 0)
    x = sheet.left + np.arange(wide) / wide * sheet.size[0] / sheet.ppu
    rows = (255 * near / (near + 0.8)).astype(np.int64)
    columns = (x / PERIOD * 512 * 3).astype(np.int64) % 512
    seen = np.clip(tile[rows][:, columns] * 2.2 - 0.9, 0, 1) * strength * np.clip(1.3 - near * 0.5, 0.2, 1)[:, None]
    return Image.fromarray((seen * 255).astype(np.uint8)).resize(sheet.size, Image.Resampling.BILINEAR)


def lamplight(stage: Stage, sheet: Sheet, panes: Sequence[Pane], colour: Colour, strength: float = 1.0) -> None:
    """Lit panes (x, y, width, height, value). Out of focus they are discs, and fewer of them, so that each is seen."""
    ink = sheet.ink()
    radius = max(sheet.blur, 2.2) / sheet.screen
    largest = max((wide for _, _, wide, _, _ in panes), default=0.0) * sheet.screen
    if sheet.blur < max(1.3, 0.45 * largest):
        for x, y, wide, high, value in panes:
            ink.rect(x, y, x + wide, y + high, value)
        sheet.shine(ink, colour, 0.006, strength * (1 + 0.25 * sheet.blur))
        return
    keep = min(1.0, 5.0 / sheet.blur)
    chance = stream(stage.spec.place_seed, "bokeh", sheet.depth, len(panes)).random(len(panes))
    layers = [sheet.ink(), sheet.ink(), sheet.ink()]
    for number, ((x, y, wide, high, value), luck) in enumerate(zip(panes, chance.tolist(), strict=True)):
        if luck < keep:
            bright = int(min(235, 40 + value * 0.7) * min(1.0, 0.45 + luck / keep))
            layers[number % 3].disc(x + wide / 2, y + high / 2, radius, bright)
            layers[number % 3].disc(x + wide / 2, y + high / 2, radius * 0.86, int(bright * 0.78))
    sharp = sheet.blur
    sheet.blur = 0.0
    for each in layers:
        sheet.shine(each, colour, 0.0, strength * 0.85)
    sheet.blur = sharp
