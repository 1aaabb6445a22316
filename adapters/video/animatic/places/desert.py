"""A desert: dunes with a lit and a shaded side, heat haze, sand blown over the crests."""

from __future__ import annotations

import numpy as np
from PIL import Image

from adapters.video.animatic.noise import profile
from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.sheets import PERIOD, Line
from adapters.video.animatic.stage import Stage

SAND, MESA = hexed("D9A766"), hexed("A8654A")


def build(stage: Stage) -> None:
    """Table mountains, dunes, the dune underfoot."""
    light = stage.light
    sand = mix(light.lit(SAND), light.haze, 0.15)
    hills(stage, Ridge("mesas", 28, -0.075, 0.05, 4, 5, 0.45, 0.7, folds=0.3), light.far(24, light.lit(MESA)))
    for dune in (
        Ridge("far dunes", 17, -0.035, 0.045, 4), Ridge("dunes", 9, -0.005, 0.07, 4), Ridge("near dunes", 4.6, 0.03, 0.075, 3),
        Ridge("crest", 2.3, 0.09, 0.06, 3),
    ):  # fmt: skip
        _dune(stage, dune)
    ground(stage, mix(light.far(1.3), sand, 0.75), swell=0.012, waves=2.2, texture=0.4)


def _dune(stage: Stage, dune: Ridge) -> None:
    """One line of dunes: smooth to windward, sharp at the crest, dark in the lee."""
    light, depth, base, swell = stage.light, dune.depth, dune.base, dune.swell
    form = profile(stage.rng("dune", dune.name), PERIOD, dune.waves, 3, 0.33)
    foot = max(stage.ground(depth), base + swell) + 0.02
    sheet = stage.sheet(depth, base - swell - 0.01, foot)
    stage.note("dune", depth, 0.0, PERIOD, swell)
    x = sheet.columns()
    y = base - swell * (1 - 2 * np.abs(form(x)) ** 0.9)
    body = sheet.ink()
    body.below(x, y)
    colour = light.far(depth, mix(light.lit(SAND), light.dark, 0.25))
    hazy = mix(colour, light.haze, 0.35)
    sheet.paint(body, [(base - swell, colour), (foot, hazy)])
    sunny = mix(light.far(depth, light.lit(SAND)), light.light, 0.42)
    sheet.shade(body, _sunny_side(stage, sheet.size, x, y), sunny)
    sheet.edge(body, light.rim, stage.toward, 0.003, 0.35)
    stage.put(sheet, hazy)


def _sunny_side(stage: Stage, size: tuple[int, ...], x: Line, y: Line) -> Image.Image:
    """Where a slope looks towards the sun; the edge between light and shade leans over as it comes down."""
    wide, high = max(4, size[0] // 4), max(4, size[1] // 4)
    slope = np.gradient(y, x) * stage.toward
    lean = (np.arange(wide)[None, :] - np.arange(high)[:, None] * 0.9 * stage.toward).astype(np.int64) * len(x) // wide
    side = np.clip(0.5 + np.clip(slope, -1, 1)[np.clip(lean, 0, len(x) - 1)] * 3.2, 0, 1)
    fade = np.linspace(1, 0.25, high)[:, None]
    return Image.fromarray((side * fade * 190).astype(np.uint8)).resize((size[0], size[1]), Image.Resampling.BILINEAR)
