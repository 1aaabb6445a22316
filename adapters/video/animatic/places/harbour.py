"""A harbour: town on the far quay, cranes, moored boats with masts, bollards on the near quay, still water."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.scenery import Ridge, ground, hills, lamplight
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Mirror, Stage
from adapters.video.animatic.town import Row, skyline, street_lamps

WATER, BRICK, HULL, STONE = hexed("355A66"), hexed("8A5A48"), hexed("7A3B34"), hexed("77736A")


def build(stage: Stage) -> None:
    """Hills, town, cranes, boats, quay."""
    light = stage.light
    hills(stage, Ridge("hills", 28, -0.04, 0.05, 4, 5, 0.45, 0.6), light.far(26))
    skyline(stage, Row("town", 16, 0.20, 0.05, 0.11, 0.22, 0.0085, roofs=0.6, gap=0.1), light.far(13, light.lit(BRICK)))
    _cranes(stage)
    street_lamps(stage, 9.0, 0.5, 0.10)
    _boats(stage)
    stage.mirror = Mirror(0.70, mix(mix(light.mid, light.dark, 0.5), light.lit(WATER), 0.4), 0.7, glitter=0.5)
    _bollards(stage)
    ground(stage, mix(light.far(1.2), light.lit(STONE), 0.6), swell=0.0, texture=0.4)


def _cranes(stage: Stage) -> None:
    light, depth = stage.light, 12.0
    foot = stage.ground(depth)
    sheet = stage.sheet(depth, -0.52, foot + 0.01)
    ink = sheet.ink()
    rng = stage.rng("cranes")
    lamps = []
    for number, (luck, arm) in enumerate(rng.random((6, 2)).tolist()):
        x, high, side = -PERIOD / 2 + number + 0.3 + luck * 0.4, 0.30 + 0.14 * arm, 1 if luck > 0.5 else -1
        for leg in (-0.035, 0.035):
            ink.line([(x + leg, foot), (x + leg * 0.5, -high * 0.45)], 0.007)
        ink.line([(x, -high * 0.45), (x, -high)], 0.012)
        ink.line([(x - side * 0.09, -high * 0.86), (x + side * 0.30, -high * 0.98)], 0.007)
        ink.line([(x, -high), (x + side * 0.28, -high * 0.97)], 0.002)
        ink.line([(x + side * 0.24, -high * 0.96), (x + side * 0.24, -high * 0.35)], 0.0015)
        ink.rect(x - side * 0.09 - 0.015, -high * 0.88, x - side * 0.09 + 0.015, -high * 0.76)
        lamps.append((x - 0.004, -high - 0.006, 0.008, 0.008, 230))
        stage.note("crane", depth, x, 0.4, high)
    sheet.paint(ink, light.far(10))
    if light.lamps:
        lamplight(stage, sheet, lamps, hexed("FF5A46"))
    stage.put(sheet)


def _boats(stage: Stage) -> None:
    """Fishing boats on the water."""
    for depth, count in ((6.0, 9), (3.6, 5)):
        light, level = stage.light, stage.ground(depth)
        sheet = stage.sheet(depth, level - 0.36, level + 0.02)
        hull, cabin = sheet.ink(), sheet.ink()
        rng = stage.rng("boats", depth)
        lamps = []
        for number, (luck, size, side) in enumerate(rng.random((count, 3)).tolist()):
            x, long = -PERIOD / 2 + PERIOD * (number + 0.2 + 0.6 * luck) / count, 0.10 + 0.05 * size
            way = 1 if side > 0.5 else -1
            if depth < 4 and abs(x) < 0.3:
                continue
            bow, stern = x + way * long, x - way * long
            deck = [(stern, level - 0.045), (bow + way * long * 0.1, level - 0.058)]
            hull.polygon([*deck, (bow - way * long * 0.2, level + 0.004), (stern + way * long * 0.15, level + 0.004)])
            cabin.rect(x - long * 0.45, level - 0.10, x + long * 0.12, level - 0.04)
            hull.line([(x + long * 0.2, level - 0.04), (x + long * 0.2, level - 0.22 - 0.08 * size)], 0.005)
            hull.line([(x + long * 0.2, level - 0.20 - 0.08 * size), (x + way * long, level - 0.055)], 0.0015)
            lamps.append((x - long * 0.3, level - 0.085, long * 0.2, 0.018, 220))
            stage.note("boat", depth, x, 2 * long, 0.3)
        sheet.paint(cabin, mix(light.far(depth), light.haze, 0.3))
        sheet.paint(hull, light.far(depth, mix(light.dark, light.lit(HULL), 0.5)))
        if light.lamps:
            lamplight(stage, sheet, lamps, light.light)
        stage.put(sheet)


def _bollards(stage: Stage) -> None:
    light, depth = stage.light, 1.3
    level = stage.ground(depth)
    sheet = stage.sheet(depth, level - 0.10, level + 0.05)
    ink = sheet.ink()
    ink.rect(-PERIOD / 2, level, PERIOD / 2, level + 0.06)
    for number in range(9):
        x = -PERIOD / 2 + (number + 0.35) * PERIOD / 9
        ink.rect(x - 0.016, level - 0.06, x + 0.016, level + 0.01)
        ink.disc(x, level - 0.062, 0.024, flat=0.5)
        stage.note("bollard", depth, x, 0.05, 0.08)
    colour = mix(light.far(depth), light.lit(STONE), 0.35)
    sheet.paint(ink, colour)
    sheet.edge(ink, light.rim, stage.toward, 0.003, 0.3)
    stage.put(sheet, colour)
