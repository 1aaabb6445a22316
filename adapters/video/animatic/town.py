"""What towns are built of: rows of houses with windows, signs, street lamps, streets. World units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.video.animatic.noise import stream
from adapters.video.animatic.palette import Colour, anchored, hexed, mix
from adapters.video.animatic.scenery import COOL, WARM, Pane, lamplight
from adapters.video.animatic.sheets import PERIOD, Ink, Sheet
from adapters.video.animatic.stage import Mirror, Stage

NEON = tuple(hexed(each) for each in ("FF3D8B", "27D7FF", "FFB347", "9B5CFF"))
DISCS = 6.0
"""Pixels of blur from which on a sign is no more than a disc."""
SPLIT = 0.8
"""Share of the lit windows that are warm."""


@dataclass(frozen=True)
class Row:
    """A row of houses. Sizes in units of the world."""

    name: str
    depth: float
    tallest: float
    narrow: float
    wide: float
    lit: float
    """Share of the windows in which light burns."""
    pane: float = 0.0085
    roofs: float = 0.0
    """Share of the houses with a pitched roof."""
    gap: float = 0.3
    middle: float = 0.0
    """How much lower the houses behind the figures are."""


@dataclass(frozen=True)
class House:
    """One house of a row."""

    number: int
    x: float
    width: float
    height: float


def houses(stage: Stage, row: Row) -> list[House]:
    """The houses of a row from one end of the world to the other: the same in every shot of the place."""
    rng = stage.rng("houses", row.name)
    found: list[House] = []
    x = -PERIOD / 2
    while x < PERIOD / 2 - row.narrow:
        width = min(float(rng.uniform(row.narrow, row.wide)), PERIOD / 2 - x)
        low = 1 - row.middle * float(np.exp(-(((x + width / 2) / 0.28) ** 2)))
        height = row.tallest * (float(rng.beta(2, 3.0)) * 0.9 + 0.2) * low
        found.append(House(len(found), x, width, height))
        stage.note("house", row.depth, x, width, height)
        x += width + (float(rng.uniform(0.004, 0.03)) if rng.random() < row.gap else 0.0)
    return found


def skyline(stage: Stage, row: Row, colour: Colour | None = None) -> None:
    """A row of houses as a layer, with lit windows when lamps are lit and dark ones by day."""
    light, depth = stage.light, row.depth
    foot = stage.ground(depth) + 0.004
    sheet = stage.sheet(depth, -row.tallest * 1.25, foot + 0.02)
    body, panes = sheet.ink(), sheet.ink()
    warm: list[Pane] = []
    cool: list[Pane] = []
    for house in houses(stage, row):
        if sheet.copies(house.x - 0.02, house.x + house.width + 0.02):
            _draw_house(stage, row, house, body, foot)
            _windows(stage, row, house, foot, (panes, warm, cool))
    base = colour if colour is not None else light.far(depth * 0.8)
    hazy = mix(base, light.haze, 0.5)
    sheet.paint(body, [(-row.tallest, base), (foot, hazy)])
    if light.lamps:
        _glow(stage, sheet, warm, cool)
    else:
        sheet.paint(panes, mix(base, light.dark, 0.30 * (1 - light.air(depth))))
        sheet.edge(body, light.rim, stage.toward, 0.004, 0.35 * (1 - light.air(depth)))
    stage.put(sheet, hazy)


def _draw_house(stage: Stage, row: Row, house: House, body: Ink, foot: float) -> None:
    rng = stream(stage.spec.place_seed, stage.spec.place, "house", row.name, house.number)
    left, right, top = house.x, house.x + house.width, -house.height
    body.rect(left, top, right, foot + 0.03)
    roof, luck = float(rng.random()), float(rng.random())
    if roof < row.roofs:
        rise = house.width * float(rng.uniform(0.25, 0.5))
        body.polygon([(left - 0.006, top), ((left + right) / 2, top - rise), (right + 0.006, top)])
        body.rect(left + house.width * 0.7, top - rise * 0.9, left + house.width * 0.78, top)
    elif roof < row.roofs + 0.35:
        body.rect(left + house.width * 0.25, top - row.tallest * 0.06, right - house.width * 0.25, top)
    if luck < 0.25 and not row.roofs:
        body.line([((left + right) / 2, top), ((left + right) / 2, top - row.tallest * 0.18)], 0.003)
    elif luck < 0.4:
        tank = house.width * 0.12
        body.rect(left + tank, top - tank * 1.5, left + tank * 2.4, top - tank * 0.3)
        body.line([(left + tank * 1.2, top), (left + tank * 1.2, top - tank)], 0.002)


def _windows(stage: Stage, row: Row, house: House, foot: float, into: tuple[Ink, list[Pane], list[Pane]]) -> None:
    panes, warm, cool = into
    rng = stream(stage.spec.place_seed, stage.spec.place, "windows", row.name, house.number)
    wide, high = row.pane, row.pane * 1.5
    columns, rows = int(house.width / wide) - 1, int((house.height + foot) / high) - 1
    if columns < 2 or rows < 2:
        return
    share = row.lit * float(rng.choice([0.5, 0.7, 1.0, 1.4, 2.0]))
    luck, bright, kind = rng.random((3, rows, columns))
    bare = rng.random(rows) < 0.08
    for line, column in np.argwhere((luck < share) & ~bare[:, None]).tolist():
        x, y = house.x + (column + 0.72) * wide, -house.height + (line + 0.8) * high
        value = int(60 + 195 * bright[line, column] ** 0.7)
        (warm if kind[line, column] < SPLIT else cool).append((x, y, wide * 0.55, high * 0.52, value))
    if not stage.light.lamps:
        for line in range(rows):
            y = -house.height + (line + 0.8) * high
            if not bare[line]:
                for column in range(columns):
                    x = house.x + (column + 0.72) * wide
                    panes.rect(x, y, x + wide * 0.55, y + high * 0.52, 170)


def _glow(stage: Stage, sheet: Sheet, warm: list[Pane], cool: list[Pane]) -> None:
    strength = 0.80 if sheet.depth > 20 else 1.1
    lamplight(stage, sheet, warm, mix(WARM, stage.light.light, 0.22), strength)
    lamplight(stage, sheet, cool, mix(COOL, stage.light.rim, 0.5), strength * 0.8)


def signs(stage: Stage, depth: float, count: int, lowest: float, highest: float) -> None:
    """Luminous signs; out of focus they are discs. Only when lamps are lit."""
    light = stage.light
    if not light.lamps:
        return
    colours = (
        list(NEON) if stage.spec.light == "neon" else [light.light, mix(light.light, hexed("FF7A3A"), 0.5), light.rim]
    )
    if stage.spec.palette:
        colours = [mix(each, anchored(each, stage.spec.palette, 0.9), 0.6) for each in colours]
    sheet = stage.sheet(depth, -highest - 0.1, -lowest + 0.12)
    rng = stage.rng("signs", depth)
    places = rng.uniform((-PERIOD / 2, -highest), (PERIOD / 2, -lowest), (count, 2))
    shapes = rng.random((count, 3))
    for number, colour in enumerate(colours):
        ink = sheet.ink()
        for at, chance in list(zip(places.tolist(), shapes.tolist(), strict=True))[number :: len(colours)]:
            _sign(sheet, ink, at, chance)
        _shine_sign(sheet, ink, colour)
    stage.put(sheet)
    for (x, _), (_, size, _) in zip(places.tolist(), shapes.tolist(), strict=True):
        stage.note("sign", depth, x, size, 0.1)


def _sign(sheet: Sheet, ink: Ink, at: tuple[float, float], chance: tuple[float, float, float]) -> None:
    (x, y), (form, size, luck) = at, chance
    if sheet.blur >= DISCS:
        radius = max(sheet.blur, 2.5) / sheet.screen * 1.15
        ink.disc(x, y, radius, int(60 + 110 * luck))
        ink.disc(x, y, radius * 0.86, int(40 + 80 * luck))
        return
    wide, high = (
        (0.012 + 0.010 * size, 0.05 + 0.10 * size) if form < 0.6 else (0.05 + 0.07 * size, 0.014 + 0.012 * size)
    )
    ink.frame((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), 0.003 + 0.8 * sheet.blur / sheet.screen)


def _shine_sign(sheet: Sheet, ink: Ink, colour: Colour) -> None:
    if sheet.blur < DISCS:
        sheet.shine(ink, colour, 0.022, 1.7 + 0.5 * sheet.blur)
        sheet.shine(ink, mix(colour, hexed("FFFFFF"), 0.55), 0.003, 1.0)
        return
    blur, sheet.blur = sheet.blur, 0.0
    sheet.shine(ink, colour, 0.0, 1.0)
    sheet.blur = blur


def street_lamps(stage: Stage, depth: float, apart: float, height: float, offset: float = 0.0) -> None:
    """Street lamps at equal distances along the whole street."""
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, -height - 0.05, foot + 0.01)
    body, bulbs = sheet.ink(), sheet.ink()
    count = round(PERIOD / apart)
    lamps: list[Pane] = []
    for number in range(count):
        x = -PERIOD / 2 + (number + 0.5) * PERIOD / count + offset
        side = 1 if number % 2 else -1
        body.line([(x, foot), (x, -height), (x + side * 0.045, -height - 0.018)], 0.006)
        body.polygon([(x - 0.008, foot), (x - 0.004, foot - 0.05), (x + 0.004, foot - 0.05), (x + 0.008, foot)])
        bulbs.disc(x + side * 0.05, -height - 0.010, 0.011, flat=0.6)
        lamps.append((x + side * 0.05 - 0.006, -height - 0.012, 0.012, 0.008, 255))
        stage.note("lamp", depth, x, 0.05, height)
    sheet.paint(body, light.far(depth))
    if light.lamps:
        colour = mix(hexed("FFC98A"), light.light, 0.3)
        if sheet.blur >= 1.3:
            lamplight(stage, sheet, lamps, colour)
        else:
            sheet.shine(bulbs, colour, 0.045, 2.6)
            sheet.shine(bulbs, mix(colour, hexed("FFFFFF"), 0.5), 0.008, 1.0)
    stage.put(sheet)


def street(stage: Stage, colour: Colour) -> None:
    """Asphalt below the horizon: wet it mirrors the town, dry it shows kerbs and the dashes between the lanes."""
    light = stage.light
    wet = stage.wet or stage.spec.light == "neon"
    strength = 0.62 if wet else 0.16
    stage.mirror = Mirror(strength, mix(colour, light.haze, 0.15), 0.55 if wet else 0.15, smear=3.5)
    _kerb(stage, 2.95, 0.012, mix(light.far(2.9), light.haze, 0.35))
    _kerb(stage, 1.62, 0.007, mix(light.far(1.6), light.haze, 0.22), dashes=0.22)
    _kerb(stage, 0.90, 0.012, mix(light.far(1.0), light.haze, 0.16))


def _kerb(stage: Stage, depth: float, thick: float, colour: Colour, dashes: float = 0.0) -> None:
    """A stripe along the street: a kerb, or the dashes between lanes."""
    if stage.camera.figure_height > 1.3:
        return
    level = stage.ground(depth)
    sheet = stage.sheet(depth, level - thick, level + thick)
    ink = sheet.ink()
    if not dashes:
        ink.rect(-PERIOD / 2, level - thick / 2, PERIOD / 2, level + thick / 2, 190)
    else:
        count = round(PERIOD / dashes)
        for number in range(count):
            x = -PERIOD / 2 + number * PERIOD / count
            ink.rect(x, level - thick / 2, x + dashes * 0.5, level + thick / 2, 150)
    sheet.paint(ink, colour)
    stage.put(sheet)
