"""What grows: firs, round-headed trees, groves of them, grass. World units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.video.animatic.noise import profile, stream
from adapters.video.animatic.palette import Colour, dim, mix
from adapters.video.animatic.scenery import Extra
from adapters.video.animatic.sheets import PERIOD, Ink, Sheet
from adapters.video.animatic.stage import Stage


def conifer(ink: Ink, rng: np.random.Generator, x: float, y: float, height: float) -> None:
    """A fir with ragged branches, its foot at (x, y)."""
    wide, rows = height * rng.uniform(0.17, 0.25), 7
    sides: dict[int, list[tuple[float, float]]] = {1: [], -1: []}
    for row in range(rows):
        share = row / rows
        reach, low = wide * (share + 0.18), y - height * (0.80 - share * 0.80)
        for side, outline in sides.items():
            outline.append((x + side * reach * rng.uniform(0.8, 1.15), low))
            outline.append((x + side * reach * 0.42, low - height * 0.04))
    trunk = [(x + height * 0.02, y + 0.01), (x - height * 0.02, y + 0.01)]
    ink.polygon([(x, y - height), *sides[1], *trunk, *sides[-1][::-1]])


def broadleaf(ink: Ink, rng: np.random.Generator, x: float, y: float, height: float) -> None:
    """A round-headed tree, its foot at (x, y)."""
    thick, top = height * 0.035, y - height * 0.5
    ink.polygon([(x - thick, y + 0.01), (x - thick / 2, top), (x + thick / 2, top), (x + thick, y + 0.01)])
    for _ in range(18):
        across, up = x + rng.normal(0, height * 0.16), y - height * rng.uniform(0.45, 0.90)
        ink.disc(across, up, height * rng.uniform(0.11, 0.21), flat=0.85)


Plant = Callable[[Ink, np.random.Generator, float, float, float], None]


def grove(
    stage: Stage, name: str, *, depth: float, count: int, height: float, plant: Plant = conifer, clumped: float = 0.8
) -> Extra:
    """Trees over the whole world's period, most of them in clumps: the same in every shot."""

    def draw(_sheet: Sheet, body: Ink, line: Callable[[float], float]) -> None:
        rng = stage.rng("grove", name)
        clumps = rng.uniform(-PERIOD / 2, PERIOD / 2, max(3, count // 9))
        for number in range(count):
            one = stream(stage.spec.place_seed, stage.spec.place, "tree", name, number)
            clump, loose = float(rng.normal(rng.choice(clumps), 0.10)), float(rng.uniform(-PERIOD / 2, PERIOD / 2))
            x = clump if rng.random() < clumped else loose
            tall = height * float(rng.choice([0.4, 0.55, 0.7, 0.85, 1.0, 1.2])) * float(rng.uniform(0.85, 1.1))
            stage.note("tree", depth, x, tall * 0.4, tall)
            if body.sheet.copies(x - tall, x + tall):
                plant(body, one, x, line(x) + 0.006, tall)

    return draw


def grass(
    stage: Stage, name: str, *, depth: float, level: float, height: float, colour: Colour, density: float = 1.0
) -> None:
    """Blades from one end of the world to the other, on a bank that goes down to the edge of the picture."""
    rng = stage.rng("grass", name)
    sheet = stage.sheet(depth, level - height * 1.6, level + 0.05)
    body = sheet.ink()
    form = profile(rng, PERIOD, 7, 3, 0.5)
    x = sheet.columns()
    body.below(x, level + 0.012 * form(x))
    count = int(PERIOD / height * 22 * density)
    places = rng.uniform(-PERIOD / 2, PERIOD / 2, count)
    shapes = rng.uniform((0.35, -0.5, 0.03), (1.4, 0.6, 0.07), (count, 3))
    reach = height * 1.4
    seen = (places + reach - sheet.left) % PERIOD < sheet.right - sheet.left + 2 * reach
    for place, (tall, bend, wide) in zip(places[seen].tolist(), shapes[seen].tolist(), strict=True):
        foot = level + 0.012 * float(form(place)) + 0.01
        tip, half = height * tall, height * wide
        middle = (place + bend * tip * 0.25, foot - tip * 0.6)
        left, right = (middle[0] - half * 0.7, middle[1]), (middle[0] + half * 0.7, middle[1])
        body.polygon([(place - half, foot), left, (place + bend * tip * 0.7, foot - tip), right, (place + half, foot)])
    sheet.paint(body, [(level - height, mix(colour, stage.light.haze, 0.12)), (level + 0.04, colour)])
    sheet.edge(body, stage.light.rim, stage.toward, 0.002, 0.30 if not stage.light.lamps else 0.12)
    stage.put(sheet, colour)


def foreground_grass(stage: Stage, strength: float = 1.0) -> None:
    """Grass before the lens, out of focus; not in close framings."""
    if stage.camera.figure_height > 1.3 or stage.spec.angle in ("high", "overhead"):
        return
    camera = stage.camera
    edge = (camera.height - camera.horizon) / camera.unit / camera.spread(0.62)
    level, colour = edge - 0.03 * strength, dim(stage.light.dark, 0.75)
    grass(stage, "foreground", depth=0.62, level=level, height=0.10 * strength, colour=colour, density=0.8)
