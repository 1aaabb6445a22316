"""A railway station: an iron hall with a glass roof, columns, a clock, a train at the far platform."""

from __future__ import annotations

import numpy as np

from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.rooms import floor
from adapters.video.animatic.scenery import lamplight
from adapters.video.animatic.sheets import PERIOD
from adapters.video.animatic.stage import Opening, Stage
from adapters.video.animatic.town import Row, skyline

IRON, STONE, COACH = hexed("4A5258"), hexed("85807A"), hexed("4E3A34")


def build(stage: Stage) -> None:
    """The town outside, the hall, the train, columns, platform."""
    light = stage.light
    skyline(stage, Row("town", 20, 0.16, 0.06, 0.12, 0.2, 0.008), light.far(18))
    _hall(stage, 9.0)
    _train(stage, 5.2)
    _columns(stage, 2.9)
    stage.motes = True
    stage.indoors = True
    stage.openings += [Opening(9.0, x, -0.42, 0.22, 0.10) for x in np.arange(-2.9, 3.0, 0.5).tolist()]
    floor(stage, mix(light.far(1.2), light.lit(STONE), 0.45), boards=1.6)


def _hall(stage: Stage, depth: float) -> None:
    """Arches with panes of glass between them."""
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, -0.95, foot + 0.02)
    iron, glass, low = sheet.ink(), sheet.ink(), sheet.ink()
    glass.rect(-PERIOD / 2, -1.4, PERIOD / 2, -0.16, 120)
    for bay in range(8):
        x = -PERIOD / 2 + bay * PERIOD / 8
        half = PERIOD / 16
        arch = [
            (x + half + half * float(np.cos(turn)), -0.20 - 0.46 * float(np.sin(turn)))
            for turn in np.linspace(0, np.pi, 19)
        ]
        iron.line(arch, 0.014)
        iron.line([(a, b - 0.05) for a, b in arch], 0.006)
        for step in range(2, 17, 2):
            iron.line([arch[step], (arch[step][0], -1.4)], 0.004)
        iron.rect(x - 0.014, -0.24, x + 0.014, foot)
        stage.note("arch", depth, x, PERIOD / 8, 0.66)
    for y in (-0.80, -0.92, -1.05):
        iron.rect(-PERIOD / 2, y, PERIOD / 2, y + 0.005)
    low.rect(-PERIOD / 2, -0.05, PERIOD / 2, foot + 0.02)
    sheet.paint(glass, [(-1.0, mix(light.mid, light.top, 0.4)), (-0.2, mix(light.low, light.light, 0.35))])
    sheet.paint(iron, mix(light.far(5, light.lit(IRON)), light.dark, 0.25))
    sheet.paint(low, light.far(8))
    stage.put(sheet, light.far(7))


def _train(stage: Stage, depth: float) -> None:
    light, level = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, level - 0.24, level + 0.02)
    body, panes, dark = sheet.ink(), sheet.ink(), sheet.ink()
    lit = []
    for coach in range(5):
        x, long = -PERIOD / 2 + coach * PERIOD / 5, PERIOD / 5 - 0.02
        body.rect(x, level - 0.19, x + long, level - 0.025)
        eaves, roof = level - 0.19, level - 0.215
        body.polygon([(x + 0.01, eaves), (x + 0.03, roof), (x + long - 0.03, roof), (x + long - 0.01, eaves)])
        dark.rect(x + 0.06, level - 0.03, x + long - 0.06, level)
        for number in range(9):
            a = x + 0.06 + number * 0.122
            panes.rect(a, level - 0.155, a + 0.075, level - 0.095)
            lit.append((a, level - 0.155, 0.075, 0.06, 210))
        stage.note("coach", depth, x, long, 0.2)
    colour = light.far(4, mix(light.dark, light.lit(COACH), 0.6))
    sheet.paint(dark, light.far(4))
    sheet.paint(body, colour)
    sheet.paint(panes, mix(colour, light.haze, 0.5))
    if light.lamps:
        lamplight(stage, sheet, lit, mix(hexed("FFD08A"), light.light, 0.3), 0.8)
    sheet.edge(body, light.rim, stage.toward, 0.004, 0.3)
    stage.put(sheet)


def _columns(stage: Stage, depth: float) -> None:
    """Iron columns with lamps, and the clock."""
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, -0.9, foot + 0.01)
    ink, face, lamps = sheet.ink(), sheet.ink(), []
    for number in range(5):
        x = -PERIOD / 2 + (number + 0.16) * PERIOD / 5
        ink.rect(x - 0.016, -1.2, x + 0.016, foot)
        ink.polygon([(x - 0.03, foot), (x - 0.016, foot - 0.06), (x + 0.016, foot - 0.06), (x + 0.03, foot)])
        for side in (-1, 1):
            bow = [(x, -0.42), (x + side * 0.08, -0.52), (x + side * 0.24, -0.60), (x + side * 0.5, -0.64)]
            ink.line(bow, 0.008)
            ink.line([(x, -0.27), (x + side * 0.06, -0.285)], 0.004)
            lamps.append((x + side * 0.06 - 0.012, -0.285, 0.024, 0.026, 255))
        stage.note("column", depth, x, 0.05, 1.2)
    for x in (-1.6, 0.36):
        ink.disc(x, -0.36, 0.07)
        ink.line([(x, -0.43), (x, -0.9)], 0.006)
        face.disc(x, -0.36, 0.060)
    sheet.paint(ink, light.far(2.4))
    sheet.paint(face, mix(light.light, light.haze, 0.3))
    hands = sheet.ink()
    for x in (-1.6, 0.36):
        hands.line([(x, -0.36), (x + 0.02, -0.395)], 0.005)
        hands.line([(x, -0.36), (x - 0.034, -0.335)], 0.004)
    sheet.paint(hands, light.dark)
    if light.lamps:
        lamplight(stage, sheet, lamps, mix(hexed("FFD9A0"), light.light, 0.4), 1.2)
    sheet.edge(ink, light.rim, stage.toward, 0.004, 0.3)
    stage.put(sheet)
