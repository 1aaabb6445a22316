"""A city street: three rows of houses, signs, lamps, traffic, asphalt that mirrors them when it is wet."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.stage import Spark, Stage
from adapters.video.animatic.town import Row, signs, skyline, street, street_lamps

STONE, ASPHALT = hexed("7C7A78"), hexed("3A3D42")


def build(stage: Stage) -> None:
    """Houses from the skyline to the other side of the street."""
    light = stage.light
    stone = light.lit(STONE)
    skyline(stage, Row("skyline", 24, 0.42, 0.05, 0.11, 0.24, 0.0075), light.far(20, stone))
    skyline(stage, Row("blocks", 13, 0.54, 0.07, 0.15, 0.26, 0.0095, middle=0.3), light.far(9, stone))
    front = Row("street", 6.5, 0.74, 0.13, 0.27, 0.24, 0.0145, middle=0.4, gap=0.15)
    skyline(stage, front, mix(light.far(4.5, stone), light.dark, 0.25))
    signs(stage, 5.6, 44, 0.03, 0.36)
    street(stage, light.lit(ASPHALT))
    street_lamps(stage, 4.6, 0.75, 0.27)
    street_lamps(stage, 2.2, 1.5, 0.36, 0.36)
    _traffic(stage)


def _traffic(stage: Stage) -> None:
    rng = stage.rng("traffic")
    level = stage.ground(5.0)
    for number in range(5):
        way = 1 if number % 2 else -1
        colour = hexed("FFF2D2") if way > 0 else hexed("FF4A36")
        x, speed = rng.uniform(-1.5, 1.5), way * rng.uniform(0.16, 0.30)
        for gap in (0.0, 0.028):
            size = 0.006 if stage.light.lamps else 0.003
            stage.sparks.append(Spark(5.0, level - 0.014, x + gap, speed, size, colour))
