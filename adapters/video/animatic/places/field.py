"""A field: soft hills, hedgerows, a fence, corn in rows of ears that come up to the camera."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.plants import broadleaf, foreground_grass, grass, grove
from adapters.video.animatic.scenery import Ridge, ground, hills
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Stage

CORN, GREEN = hexed("C9A24A"), hexed("5E7A3E")


def build(stage: Stage) -> None:
    """Hills, trees along the lanes, corn."""
    light = stage.light
    corn, green = light.lit(CORN), light.lit(GREEN)
    hills(stage, Ridge("downs", 24, -0.075, 0.05, 4, 4, 0.42, 0.7), light.far(22, green))
    hedge = grove(stage, "hedge", depth=13, count=260, height=0.045, plant=broadleaf, clumped=0.9)
    lane = grove(stage, "lane", depth=6.5, count=60, height=0.14, plant=broadleaf, clumped=0.7)
    hills(stage, Ridge("pastures", 13, -0.025, 0.04, 4, 4, 0.42, 0.55), light.far(12, green), 0.06, hedge)
    hills(stage, Ridge("lane", 6.5, 0.018, 0.022, 4, 4, 0.42, 0.4), mix(light.far(6), green, 0.35), 0.18, lane)
    _fence(stage, 3.4)
    for number, depth in enumerate((4.2, 3.0, 2.25, 1.75, 1.38)):
        colour = mix(mix(light.far(depth * 1.2), corn, 0.62), light.haze, 0.05 * depth)
        high = 0.030 + 0.016 * number
        grass(stage, f"corn {number}", depth=depth, level=stage.ground(depth), height=high, colour=colour, density=0.9)
    ground(stage, mix(light.far(1.2), mix(corn, green, 0.5), 0.5), texture=0.4)
    foreground_grass(stage, 1.1)


def _fence(stage: Stage, depth: float) -> None:
    light, level = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, level - 0.075, level + 0.01)
    ink = sheet.ink()
    count = 44
    for number in range(count):
        x = -PERIOD / 2 + number * PERIOD / count
        ink.rect(x - 0.004, level - 0.065, x + 0.004, level + 0.01)
        stage.note("post", depth, x, 0.008, 0.065)
    for y in (0.055, 0.032):
        ink.rect(-PERIOD / 2, level - y, PERIOD / 2, level - y + 0.004)
    sheet.paint(ink, light.far(depth, mix(light.dark, light.lit(hexed("8A6F52")), 0.4)))
    stage.put(sheet)
