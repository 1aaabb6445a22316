"""Mountains: three ranges that fade into the air, firs on the shoulders, a meadow to stand on."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.plants import foreground_grass, grass, grove
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.stage import Stage

MEADOW, ROCK = hexed("56703C"), hexed("5E6670")


def build(stage: Stage) -> None:
    """Ranges, wooded shoulders, meadow."""
    light = stage.light
    rock = light.lit(ROCK)
    hills(stage, Ridge("far", 26, -0.155, 0.145, 5.5, 7, 0.54, 0.75, folds=0.40, snow=0.085), light.far(26, rock))
    hills(stage, Ridge("middle", 14, -0.085, 0.105, 6, 7, 0.5, 0.7, folds=0.35), light.far(14, rock))
    firs = grove(stage, "far", depth=8, count=260, height=0.045)
    hills(stage, Ridge("near", 8, -0.03, 0.06, 7, 6, 0.5, 0.6, folds=0.3), light.far(8), 0.05, firs)
    green = light.lit(MEADOW)
    for name, depth, base, count, height in (("shoulder", 4.6, 0.045, 150, 0.10), ("wood", 2.7, 0.10, 64, 0.20)):
        colour = mix(light.far(depth), green, 0.25)
        ridge = Ridge(name, depth, base, 0.045, 9, 5, 0.5, 0.35)
        hills(stage, ridge, colour, height * 1.3, grove(stage, name, depth=depth, count=count, height=height))
    bank = mix(light.far(1.6), green, 0.3)
    grass(stage, "bank", depth=1.5, level=stage.ground(1.5), height=0.05, colour=bank, density=0.8)
    ground(stage, mix(light.far(1.2), green, 0.35))
    foreground_grass(stage)
