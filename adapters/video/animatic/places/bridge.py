"""A bridge: the figures stand on it; its cables rise behind them, the river and the town lie beyond."""

from __future__ import annotations

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.scenery import Ridge, ground, hills, lamplight
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Mirror, Stage
from adapters.video.animatic.town import Row, skyline

IRON, WATER, DECK = hexed("6A4A42"), hexed("34535E"), hexed("5C5A58")


def build(stage: Stage) -> None:
    """Hills, town, river, pylons with cables, railing, deck."""
    light = stage.light
    hills(stage, Ridge("hills", 30, -0.05, 0.05, 4, 5, 0.45, 0.65), light.far(28))
    skyline(stage, Row("far bank", 20, 0.24, 0.05, 0.10, 0.22, 0.0075), light.far(17))
    stage.mirror = Mirror(0.66, mix(mix(light.mid, light.dark, 0.45), light.lit(WATER), 0.35), 0.8, glitter=0.5)
    _cables(stage, 3.6)
    _railing(stage, 1.45)
    ground(stage, mix(light.far(1.2), light.lit(DECK), 0.5), swell=0.0, texture=0.35)


def _cables(stage: Stage, depth: float) -> None:
    """Two pylons in the world's period, the main cable between them, hangers down to the deck."""
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, -0.85, foot + 0.02)
    ink = sheet.ink()
    lamps = []
    for number in range(3):
        x, top = -PERIOD / 2 + 0.55 + number * PERIOD / 3, -0.74
        for leg in (-0.05, 0.05):
            low, high = x + leg * 1.3, x + leg
            ink.polygon([(low - 0.02, foot), (low + 0.02, foot), (high + 0.014, top), (high - 0.014, top)])
        for y in (top + 0.03, -0.42, -0.12):
            ink.rect(x - 0.055, y, x + 0.055, y + 0.022)
        stage.note("pylon", depth, x, 0.14, -top)
        step = PERIOD / 3 / 24
        bow = [(x + step * each, foot - 0.12 + (top - foot + 0.12) * (each / 12 - 1) ** 2) for each in range(25)]
        ink.line(bow, 0.009)
        for a, b in bow[1:-1]:
            ink.line([(a, b), (a, foot)], 0.0025)
        lamps += [(a - 0.003, b - 0.01, 0.006, 0.008, 220) for a, b in bow[::2]]
    ink.rect(-PERIOD / 2, foot - 0.035, PERIOD / 2, foot)
    sheet.paint(ink, light.far(3, mix(light.dark, light.lit(IRON), 0.5)))
    sheet.edge(ink, light.rim, stage.toward, 0.004, 0.4)
    if light.lamps:
        lamplight(stage, sheet, lamps, mix(hexed("FFD9A0"), light.light, 0.4))
    stage.put(sheet)


def _railing(stage: Stage, depth: float) -> None:
    light, foot = stage.light, stage.ground(depth)
    high = 0.11
    sheet = stage.sheet(depth, foot - high - 0.02, foot + 0.03)
    ink = sheet.ink()
    ink.rect(-PERIOD / 2, foot - 0.004, PERIOD / 2, foot + 0.05)
    for y, thick in ((high, 0.010), (high * 0.62, 0.005), (0.02, 0.006)):
        ink.rect(-PERIOD / 2, foot - y, PERIOD / 2, foot - y + thick)
    for number in range(180):
        x = -PERIOD / 2 + number * PERIOD / 180
        wide = 0.007 if number % 12 == 0 else 0.002
        ink.rect(x - wide, foot - high, x + wide, foot)
        if number % 12 == 0:
            stage.note("post", depth, x, 2 * wide, high)
    colour = light.far(1.4)
    sheet.paint(ink, colour)
    sheet.edge(ink, light.rim, stage.toward, 0.003, 0.35)
    stage.put(sheet, colour)
