"""A stadium: tiers full of people, floodlights on masts, the pitch."""

from __future__ import annotations

from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.scenery import ground
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Stage

TURF, CONCRETE = hexed("3F7A3E"), hexed("8A8C90")
SHIRTS = tuple(hexed(each) for each in ("E4DCCB", "C8503C", "4A74B4", "D9A63E"))


def build(stage: Stage) -> None:
    """Upper tier, floodlights, lower tier, hoardings, pitch."""
    light = stage.light
    turf = mix(light.lit(TURF), mix(TURF, light.light, 0.25), 0.45 if light.lamps else 0.0)
    _tier(stage, "upper", 11.0, (-0.36, -0.10), 2400)
    _floodlights(stage, 10.0)
    _tier(stage, "lower", 7.0, (-0.12, 0.02), 2600)
    _hoardings(stage, 6.0)
    for number, depth in enumerate((5.6, 4.4, 3.3, 2.5, 1.9, 1.5)):
        _mown(stage, depth, mix(mix(light.far(depth), turf, 0.6), light.light, 0.05 if number % 2 else 0.0))
    ground(stage, mix(light.far(1.2), turf, 0.6), swell=0.002, texture=0.25)


def _tier(stage: Stage, name: str, depth: float, rows: tuple[float, float], people: int) -> None:
    light, (top, bottom) = stage.light, rows
    sheet = stage.sheet(depth, top - 0.12, stage.ground(depth) + 0.02)
    body, roof = sheet.ink(), sheet.ink()
    body.rect(-PERIOD / 2, top, PERIOD / 2, 0.6)
    if name == "upper":
        roof.rect(-PERIOD / 2, top - 0.075, PERIOD / 2, top - 0.05)
        for number in range(30):
            x = -PERIOD / 2 + number * PERIOD / 30
            roof.line([(x, top - 0.07), (x + 0.04, top + 0.02)], 0.005)
    base = light.far(depth, mix(light.lit(CONCRETE), light.light, 0.12 if light.lamps else 0.0))
    sheet.paint(body, [(top, mix(base, light.dark, 0.45)), (bottom, base)])
    chance = stage.rng("people", name).random((people, 4))
    for number, shirt in enumerate(SHIRTS):
        ink = sheet.ink()
        for across, up, size, bright in chance[number :: len(SHIRTS)].tolist():
            row = int(up * 11)
            x, y = -PERIOD / 2 + across * PERIOD, top + 0.012 + (bottom - top - 0.02) * row / 11
            radius = 0.0055 + 0.0015 * size
            ink.disc(x, y, radius, int(90 + 150 * bright))
            ink.rect(x - radius * 1.1, y + radius * 0.7, x + radius * 1.1, y + radius * 2.6, int(90 + 150 * bright))
        sheet.paint(
            ink, mix(light.far(depth, mix(light.lit(shirt), shirt, 0.4 if light.lamps else 0.0)), light.haze, 0.1)
        )
    sheet.paint(roof, light.far(depth * 0.7))
    stage.note("tier", depth, 0.0, PERIOD, bottom - top)
    stage.put(sheet, base)


def _floodlights(stage: Stage, depth: float) -> None:
    light = stage.light
    sheet = stage.sheet(depth, -0.75, 0.05)
    ink, lamps = sheet.ink(), sheet.ink()
    for number in range(6):
        x = -PERIOD / 2 + (number + 0.32) * PERIOD / 6
        ink.line([(x, 0.05), (x, -0.42)], 0.012)
        ink.rect(x - 0.065, -0.52, x + 0.065, -0.41)
        for row in range(3):
            for column in range(5):
                lamps.disc(x - 0.05 + column * 0.025, -0.505 + row * 0.034, 0.009)
        stage.note("floodlight", depth, x, 0.13, 0.52)
    sheet.paint(ink, light.far(7))
    sheet.shine(lamps, mix(light.light, hexed("F4F8FF"), 0.6), 0.05, 1.6 if light.lamps or stage.wet else 0.8)
    if light.lamps or stage.wet:
        sheet.shine(lamps, hexed("FFFFFF"), 0.012, 1.2)
    stage.put(sheet)


def _hoardings(stage: Stage, depth: float) -> None:
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, foot - 0.05, foot + 0.02)
    for number, colour in enumerate(SHIRTS):
        ink = sheet.ink()
        for panel in range(number, 20, len(SHIRTS)):
            x = -PERIOD / 2 + panel * PERIOD / 20
            ink.rect(x, foot - 0.036, x + PERIOD / 20 - 0.008, foot)
        sheet.paint(ink, light.far(5, light.lit(colour)))
    stage.put(sheet)


def _mown(stage: Stage, depth: float, colour: Colour) -> None:
    """A strip of turf, mown the other way than its neighbour."""
    level = stage.ground(depth)
    sheet = stage.sheet(depth, level, level + 0.03)
    ink = sheet.ink()
    ink.rect(-PERIOD / 2, level, PERIOD / 2, level + 0.1)
    sheet.paint(ink, colour)
    stage.put(sheet, colour)
