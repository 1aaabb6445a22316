"""The sea: water to the horizon, islands, a headland, surf on the beach where the figures stand."""

from __future__ import annotations

from adapters.video.animatic.noise import profile
from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Mirror, Stage

WATER, SAND, FOAM = hexed("2F6A7A"), hexed("CDB48A"), hexed("F2F6F4")


def build(stage: Stage) -> None:
    """Islands, water, surf, sand."""
    light = stage.light
    hills(stage, Ridge("islands", 30, 0.012, 0.045, 5, 6, 0.5, 0.5), light.far(26))
    hills(
        stage,
        Ridge("headland", 14, 0.035, 0.085, 2.6, 7, 0.5, 0.45, folds=0.4),
        light.far(12, light.lit(hexed("5A5B50"))),
    )
    stage.mirror = Mirror(0.74, mix(mix(light.mid, light.dark, 0.45), light.lit(WATER), 0.35), 1.0, glitter=0.85)
    rough = stage.spec.weather in ("storm", "rain")
    for number, depth in enumerate((2.6, 2.0, 1.55, 1.28)):
        _surf(stage, f"wave {number}", depth, 0.004 + (0.010 if rough else 0.004) / depth)
    ground(stage, mix(light.far(1.2), light.lit(SAND), 0.75), swell=0.007, waves=3, texture=0.3)


def _surf(stage: Stage, name: str, depth: float, height: float) -> None:
    """A broken line of foam."""
    light, level = stage.light, stage.ground(depth)
    form = profile(stage.rng("surf", name), PERIOD, 9, 4, 0.6)
    gaps = profile(stage.rng("surf gaps", name), PERIOD, 7, 3, 0.6)
    sheet = stage.sheet(depth, level - 3 * height, level + 2 * height)
    foam = sheet.ink()
    step = PERIOD / 700
    for number in range(700):
        x = -PERIOD / 2 + number * step
        thick = height * max(0.0, float(gaps(x)) + 0.25) * 1.2
        if thick > 0.0006:
            y = level + height * float(form(x))
            foam.rect(x, y - thick / 2, x + step * 1.1, y + thick / 2, 225)
    sheet.paint(foam, mix(light.far(depth * 1.4, light.lit(FOAM)), light.light, 0.35))
    stage.put(sheet)
