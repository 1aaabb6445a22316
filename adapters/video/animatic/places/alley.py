"""An alley: walls close in on both sides, fire escapes, lit windows, washing lines, wet stones, a gap of sky."""

from __future__ import annotations

from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.scenery import lamplight
from adapters.video.animatic.sheets import PERIOD, Ink
from adapters.video.animatic.stage import Stage
from adapters.video.animatic.town import Row, signs, skyline, street, street_lamps

BRICK, STONE = hexed("7A5648"), hexed("45474A")


def build(stage: Stage) -> None:
    """The town at the end, walls, cables, stones."""
    light = stage.light
    brick = light.lit(BRICK)
    skyline(stage, Row("end", 18, 0.34, 0.06, 0.12, 0.26, 0.008), light.far(16, brick))
    _walls(stage, "far walls", 6.0, 0.30, mix(light.far(5.5, brick), light.haze, 0.1))
    _walls(stage, "near walls", 3.4, 0.62, mix(light.far(2.6, brick), light.dark, 0.35))
    signs(stage, 3.2, 22, 0.04, 0.40)
    _cables(stage)
    street(stage, light.lit(STONE))
    street_lamps(stage, 2.6, 1.5, 0.33, 0.42)


def _walls(stage: Stage, name: str, depth: float, half: float, base: Colour) -> None:
    """House walls up to the top of the picture, with a gap of `half` units to either side of the middle of each block."""
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, -1.1, foot + 0.02)
    body, lines = sheet.ink(), sheet.ink()
    rng = stage.rng("walls", name)
    panes = []
    for block in range(2):
        middle = -PERIOD / 2 + PERIOD * (block + 0.5) / 2 - PERIOD / 4
        left, right = middle + half, middle + PERIOD / 2 - half
        body.rect(left, -1.4, right, foot + 0.03)
        stage.note("wall", depth, left, right - left, 1.4)
        for column in range(int((right - left) / 0.17)):
            x = left + 0.05 + column * 0.17
            for row in range(9):
                y = -1.0 + row * 0.135
                lit = float(rng.random())
                if y < foot - 0.1:
                    lines.frame((x, y, x + 0.062, y + 0.085), 0.004, 190)
                    if lit < 0.30:
                        panes.append((x + 0.005, y + 0.005, 0.052, 0.075, int(70 + 500 * lit)))
        _fire_escape(lines, left + 0.11, foot)
        _fire_escape(lines, right - 0.28, foot)
    sheet.paint(body, [(-1.0, mix(base, light.dark, 0.3)), (foot, mix(base, light.haze, 0.2))])
    sheet.paint(lines, mix(base, light.dark, 0.6))
    if light.lamps:
        lamplight(stage, sheet, panes, mix(hexed("FFB868"), light.light, 0.3), 0.75)
    sheet.edge(body, light.rim, stage.toward, 0.006, 0.35)
    stage.put(sheet, mix(base, light.haze, 0.2))


def _fire_escape(ink: Ink, x: float, foot: float) -> None:
    for row in range(5):
        y = -0.95 + row * 0.20
        if y > foot - 0.15:
            continue
        ink.rect(x, y, x + 0.17, y + 0.007)
        ink.rect(x, y - 0.055, x + 0.17, y - 0.051)
        for rail in range(8):
            ink.rect(x + rail * 0.024, y - 0.055, x + rail * 0.024 + 0.0025, y)
        ink.line([(x + 0.02, y + 0.005), (x + 0.13, y + 0.20)], 0.006)


def _cables(stage: Stage) -> None:
    """Washing lines and cables from wall to wall."""
    depth = 3.0
    sheet = stage.sheet(depth, -0.75, 0.0)
    ink = sheet.ink()
    rng = stage.rng("cables")
    for number, (luck, sag, cloth) in enumerate(rng.random((14, 3)).tolist()):
        x, y = -PERIOD / 2 + number * PERIOD / 14, -0.62 + 0.36 * luck
        bow = [(x + 0.8 * step / 8, y + (0.03 + 0.05 * sag) * (1 - (step / 4 - 1) ** 2)) for step in range(9)]
        ink.line(bow, 0.0028)
        if cloth > 0.45:
            for step in range(2, 7):
                a, b = bow[step]
                ink.rect(a, b, a + 0.05, b + 0.05 + 0.05 * ((step * 7 + number) % 3) / 2)
    sheet.paint(ink, stage.light.far(2.4))
    stage.put(sheet)
