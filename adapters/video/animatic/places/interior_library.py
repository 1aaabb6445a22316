"""A library: tall windows between bookcases up to the ceiling, a reading table with a lamp, light that falls in."""

from __future__ import annotations

from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.rooms import Furniture, Wall, Window, floor, indoors, shelf
from adapters.video.animatic.stage import Stage

PLASTER, OAK = hexed("8A6A48"), hexed("6B4A2E")
WINDOWS = tuple(Window(x, -0.24, 0.24, 0.50) for x in (-2.55, -0.55, -0.20, 1.45, 2.25))
CASES = ((-2.35, -1.75), (-1.70, -1.10), (-1.05, -0.75), (0.02, 0.56), (0.60, 1.14), (1.65, 2.05), (2.45, 2.95))


def build(stage: Stage) -> None:
    """Wall, windows, bookcases, floor, table."""
    indoors(stage)
    light = stage.light
    tone = mix(mix(light.mid, light.dark, 0.5), light.lit(PLASTER), 0.35)
    wall = Wall(stage, mix(tone, light.haze, 0.1))
    if light.lamps:
        wall.pool([(0.32, -0.05, 0.75), (-1.4, -0.1, 0.6), (2.2, -0.1, 0.6)], mix(tone, light.light, 0.45), 0.75)
    else:
        wall.pool([(window.x + 0.35, 0.05, 0.7) for window in WINDOWS], mix(tone, light.low, 0.45), 0.8)
    boards, books = wall.sheet.ink(), wall.sheet.ink()
    back = wall.sheet.ink()
    for left, right in CASES:
        back.rect(left, -0.64, right, wall.foot)
        shelf(wall, books, boards, left=left, right=right)
    wall.paint(back, mix(wall.wood(0.25), light.dark, 0.2))
    wall.paint(
        books, mix(mix(light.light, light.mid, 0.45), light.lit(hexed("A0522D")), 0.3) * (0.62 if light.lamps else 0.78)
    )
    wall.paint(boards, wall.wood(0.45))
    wall.windows(WINDOWS)
    wall.stripe(wall.foot - 0.018, wall.foot + 0.01, wall.wood(0.3))
    planks = mix(light.far(1.2), light.lit(OAK), 0.4)
    wall.done(mix(planks, light.haze, 0.12))
    floor(stage, planks, boards=1.0)
    _reading_table(stage, mix(light.dark, light.lit(OAK), 0.35))


def _reading_table(stage: Stage, colour: Colour) -> None:
    if stage.camera.framing.bust:
        return
    table = Furniture(stage, 1.75)
    top = table.table(0.42, 0.66, 0.17)
    table.books(0.30, top)
    table.lamp(0.60, top)
    table.chair(0.02, -1)
    table.done(colour)
