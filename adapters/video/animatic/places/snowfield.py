"""A snowfield: white ridges, a dark line of firs, drifts, tracks of wind."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.plants import grove
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.stage import Stage

SNOW, ICE = hexed("EDF2F6"), hexed("AFC3D4")


def build(stage: Stage) -> None:
    """White all the way, with firs to measure it by."""
    light = stage.light
    white, blue = mix(light.lit(SNOW), light.haze, 0.25), light.lit(ICE)
    hills(stage, Ridge("peaks", 26, -0.15, 0.14, 5, 7, 0.53, 0.7, folds=0.5, snow=0.20), light.far(24, blue))
    hills(stage, Ridge("slopes", 13, -0.06, 0.06, 5, 5, 0.45, 0.6, folds=0.4), mix(light.far(12, blue), white, 0.35))
    wood = grove(stage, "wood", depth=8, count=170, height=0.075)
    hills(stage, Ridge("wood", 8, 0.0, 0.03, 6, 5, 0.45, 0.75), light.far(7), 0.1, wood)
    for name, depth, base, count in (("drift", 4.4, 0.045, 26), ("near drift", 2.5, 0.10, 9)):
        colour = mix(light.far(depth, blue), white, 0.55)
        firs = grove(stage, name, depth=depth, count=count, height=0.12)
        hills(stage, Ridge(name, depth + 0.02, base + 0.006, 0.028, 5, 3, 0.4, 0.1), light.far(depth), 0.2, firs)
        hills(stage, Ridge(name, depth, base, 0.028, 5, 3, 0.4, 0.2, folds=0.5), colour)
    ground(stage, mix(light.far(1.2, blue), white, 0.7), swell=0.012, waves=4, texture=0.5)
