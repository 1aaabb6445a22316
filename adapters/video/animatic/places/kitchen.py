"""A kitchen: tiles, cupboards, a stove, a window over the sink, a lamp over the table."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.rooms import WALL, Furniture, Wall, Window, floor, indoors
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Stage

TILE, WOOD, STONE = hexed("B9C0B8"), hexed("8A6E50"), hexed("7E8078")
WINDOWS = tuple(Window(x, -0.23, 0.34, 0.30, 2, 2) for x in (-2.3, -0.30, 1.75))
CUPBOARDS = ((-1.95, -1.35), (-1.25, -0.62), (0.02, 0.62), (0.86, 1.42), (2.1, 2.6))


def build(stage: Stage) -> None:
    """Wall with cupboards, floor, table."""
    indoors(stage)
    light = stage.light
    tone = mix(mix(light.mid, light.dark, 0.42), light.lit(TILE), 0.5)
    wall = Wall(stage, tone)
    if light.lamps:
        wall.pool([(0.35, -0.1, 0.6), (-1.5, -0.1, 0.5), (2.2, -0.1, 0.5)], mix(tone, light.light, 0.5), 0.8)
    else:
        wall.pool([(window.x + 0.3, -0.05, 0.6) for window in WINDOWS], mix(tone, light.low, 0.5), 0.75)
    _tiles(wall)
    wall.windows(WINDOWS)
    _cupboards(stage, wall)
    wall.done(mix(mix(light.far(1.2), light.lit(STONE), 0.4), light.haze, 0.15))
    floor(stage, mix(light.far(1.2), light.lit(STONE), 0.4), boards=1.3)
    if not stage.camera.framing.bust:
        table = Furniture(stage, 1.8, -0.62)
        top = table.table(0.46, 0.56, 0.16)
        table.body.disc(0.36, top - 0.02, 0.035, flat=0.6)
        table.body.rect(0.52, top - 0.07, 0.545, top)
        table.chair(0.10, -1)
        table.chair(0.82, 1)
        table.hanging(0.46, -0.24)
        table.done(mix(light.dark, light.lit(WOOD), 0.45))


def _tiles(wall: Wall) -> None:
    joints = wall.sheet.ink()
    for number in range(120):
        x = -PERIOD / 2 + number * PERIOD / 120
        joints.rect(x, -0.14, x + 0.0025, 0.06, 130)
    for y in (-0.14, -0.09, -0.04, 0.01):
        joints.rect(-PERIOD / 2, y, PERIOD / 2, y + 0.0025, 130)
    wall.paint(joints, wall.wood(0.55))


def _cupboards(stage: Stage, wall: Wall) -> None:
    body, doors, shine = wall.sheet.ink(), wall.sheet.ink(), wall.sheet.ink()
    counter = min(0.02, wall.foot - 0.06)
    body.rect(-PERIOD / 2, counter, PERIOD / 2, wall.foot)
    for left, right in CUPBOARDS:
        body.rect(left, -0.50, right, -0.18)
        stage.note("cupboard", WALL, left, right - left, 0.32)
        doors_wide = (right - left) / 3
        for number in range(3):
            x = left + number * doors_wide
            doors.frame((x + 0.008, -0.485, x + doors_wide - 0.008, -0.195), 0.004, 160)
            shine.rect(x + doors_wide - 0.028, -0.30, x + doors_wide - 0.020, -0.25)
    for number in range(24):
        x = -PERIOD / 2 + number * PERIOD / 24
        doors.rect(x, counter + 0.02, x + 0.004, wall.foot, 160)
        shine.rect(x + 0.09, counter + 0.03, x + 0.15, counter + 0.037)
    wood = mix(wall.wood(0.5), stage.light.lit(WOOD), 0.4)
    wall.paint(body, wood)
    wall.paint(doors, mix(wood, stage.light.dark, 0.45))
    wall.paint(shine, mix(wood, stage.light.light, 0.5))
    wall.stripe(counter - 0.014, counter + 0.004, mix(wood, stage.light.light, 0.4))
