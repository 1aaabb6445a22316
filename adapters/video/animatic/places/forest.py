"""A forest: trunks in four rows that fade into the air, branches, undergrowth, a path to stand on."""

from __future__ import annotations

import numpy as np

from adapters.video.animatic.noise import stream
from adapters.video.animatic.palette import hexed, mix
from adapters.video.animatic.plants import foreground_grass, grass
from adapters.video.animatic.scenery import ground
from adapters.video.animatic.sheets import PERIOD, Ink, Sheet
from adapters.video.animatic.stage import Stage

BARK, MOSS, SNOW = hexed("5A4636"), hexed("4C5B34"), hexed("E4ECF2")
CROWN = -0.95
"""How high the trunks go up; the crowns begin a little lower."""


def build(stage: Stage) -> None:
    """Trunks from far to near, ferns, path."""
    light = stage.light
    floor = SNOW if stage.snowy else MOSS
    for depth, count, wide in ((16.0, 74, 0.020), (9.0, 46, 0.032), (5.0, 26, 0.050), (2.9, 12, 0.078)):
        _trunks(stage, depth, count, wide)
    for name, depth, height, own in (("ferns", 2.0, 0.045, 0.4), ("edge", 1.35, 0.04, 0.3)):
        colour = mix(light.far(depth), light.lit(floor), own)
        grass(stage, name, depth=depth, level=stage.ground(depth), height=height, colour=colour, density=0.75)
    ground(stage, mix(light.far(1.1), light.lit(floor), 0.5), swell=0.008, waves=9, texture=0.5)
    foreground_grass(stage)
    stage.motes = True


def _trunks(stage: Stage, depth: float, count: int, wide: float) -> None:
    light, foot = stage.light, stage.ground(depth)
    sheet = stage.sheet(depth, CROWN, foot + 0.03)
    body = sheet.ink()
    rng = stage.rng("trunks", depth)
    slots = rng.uniform((0.1, 0.6, -0.05), (0.9, 1.3, 0.05), (count, 3))
    for number, (place, thick, lean) in enumerate(slots.tolist()):
        x = -PERIOD / 2 + PERIOD * (number + place) / count
        clearing = depth < 6 and abs(x) < 0.13
        if not clearing:
            stage.note("tree", depth, x, wide * thick, -CROWN)
            if sheet.copies(x - 0.3, x + 0.3):
                chance = stream(stage.spec.place_seed, stage.spec.place, "branches", depth, number)
                _trunk(body, chance, (x, wide * thick, lean), foot)
    _crowns(stage, sheet, body, depth)
    for x in np.arange(-PERIOD / 2, PERIOD / 2, 0.05):
        body.disc(float(x), foot + 0.022, 0.04, flat=0.35 + 0.1 * float(np.sin(x * 9 * np.pi / 3)))
    colour = light.far(depth * 1.1, light.lit(BARK))
    floor = mix(light.far(depth), light.haze, 0.45)
    sheet.paint(body, [(CROWN, mix(colour, light.dark, 0.12)), (-0.25, colour), (foot + 0.01, floor)])
    sheet.edge(body, light.rim, stage.toward, 0.005, 0.30 * (1 - light.air(depth) * 0.7))
    stage.put(sheet, floor)


def _trunk(body: Ink, rng: np.random.Generator, form: tuple[float, float, float], foot: float) -> None:
    x, thick, lean = form
    top = x + lean
    body.polygon(
        [
            (x - thick * 0.85, foot + 0.01), (x - thick * 0.5, foot - 0.05), (top - thick * 0.34, CROWN - 0.1),
            (top + thick * 0.34, CROWN - 0.1), (x + thick * 0.5, foot - 0.05), (x + thick * 0.85, foot + 0.01),
        ]
    )  # fmt: skip
    for height, side, long in rng.uniform((-0.85, -1, 0.05), (-0.12, 1, 0.17), (5, 3)).tolist():
        way = 1 if side > 0 else -1
        start = x + lean * (foot - height) / (foot - CROWN)
        bend = [
            (start, height),
            (start + way * long * 0.6, height - long * 0.35),
            (start + way * long, height - long * 0.8),
        ]
        body.line(bend, thick * 0.16)
        body.line([bend[1], (bend[1][0] + way * long * 0.5, bend[1][1] + long * 0.05)], thick * 0.08)


def _crowns(stage: Stage, sheet: Sheet, body: Ink, depth: float) -> None:
    """Leaves that close the picture above."""
    rng = stage.rng("crowns", depth)
    heaps = rng.uniform((-PERIOD / 2, CROWN - 0.05, 0.05), (PERIOD / 2, CROWN + 0.34, 0.13), (int(90 + depth * 5), 3))
    for number, (x, y, size) in enumerate(heaps.tolist()):
        if not sheet.copies(x - 0.4, x + 0.4) or y > CROWN + 0.10 + 0.24 * (number % 3 == 0):
            continue
        one = stream(stage.spec.place_seed, "leaves", depth, number)
        across, down, radii = one.normal(x, size * 0.9, 9), one.normal(y, size * 0.4, 9), one.uniform(0.013, 0.044, 9)
        for a, b, radius in zip(across.tolist(), down.tolist(), radii.tolist(), strict=True):
            body.disc(a, b, radius, flat=0.7)
