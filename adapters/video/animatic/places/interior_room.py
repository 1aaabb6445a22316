"""A living room: two windows, pictures, a door, a sofa, a floor lamp."""

from __future__ import annotations

from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.rooms import WALL, Furniture, Wall, Window, floor, indoors
from adapters.video.animatic.stage import Stage

PAPER, WOOD, CLOTH = hexed("A89478"), hexed("6E5138"), hexed("6C4B48")
WINDOWS = tuple(Window(x, -0.22, 0.26, 0.40, 2, 2) for x in (-2.4, -0.48, 1.35, 2.55))
PICTURES = (
    (0.02, -0.25, 0.15, 0.20), (0.24, -0.29, 0.10, 0.13), (0.24, -0.15, 0.10, 0.10), (-1.5, -0.25, 0.22, 0.16),
    (2.0, -0.26, 0.14, 0.18),
)  # fmt: skip
"""Middle, width and height of each."""


def build(stage: Stage) -> None:
    """Wall, floor, furniture."""
    indoors(stage)
    light = stage.light
    tone = mix(mix(light.mid, light.dark, 0.45), light.lit(PAPER), 0.45)
    wall = Wall(stage, mix(tone, light.haze, 0.1))
    if light.lamps:
        wall.pool([(0.62, -0.16, 0.62), (-1.2, -0.12, 0.5), (2.3, -0.12, 0.5)], mix(tone, light.light, 0.5), 0.8)
    else:
        wall.pool([(window.x + 0.4, -0.05, 0.6) for window in WINDOWS], mix(tone, light.low, 0.45), 0.75)
    wall.stripe(-0.02, 0.004, wall.wood(0.55), 150)
    wall.stripe(0.004, wall.foot, mix(tone, light.dark, 0.35), 130)
    _pictures(stage, wall)
    _door(stage, wall, 0.98)
    wall.windows(WINDOWS)
    wall.stripe(wall.foot - 0.022, wall.foot + 0.01, wall.wood(0.5))
    planks = mix(light.far(1.2), light.lit(WOOD), 0.45)
    wall.done(mix(planks, light.haze, 0.12))
    floor(stage, planks, boards=1.0)
    if not stage.camera.framing.bust:
        _sofa(stage, mix(light.dark, light.lit(CLOTH), 0.5))


def _pictures(stage: Stage, wall: Wall) -> None:
    frames, inside = wall.sheet.ink(), wall.sheet.ink()
    for x, y, wide, high in PICTURES:
        frames.rect(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        inside.rect(x - wide / 2 + 0.012, y - high / 2 + 0.012, x + wide / 2 - 0.012, y + high / 2 - 0.012, 170)
        stage.note("picture", WALL, x, wide, high)
    wall.paint(frames, wall.wood(0.35))
    wall.paint(inside, mix(stage.light.haze, stage.light.light, 0.3))


def _door(stage: Stage, wall: Wall, x: float) -> None:
    door, panels = wall.sheet.ink(), wall.sheet.ink()
    door.rect(x - 0.13, -0.42, x + 0.13, wall.foot)
    for top in (-0.39, -0.16):
        for left in (x - 0.10, x + 0.012):
            panels.rect(left, top, left + 0.088, top + 0.20, 110)
    wall.paint(door, wall.wood(0.62))
    wall.paint(panels, wall.wood(0.3))
    stage.note("door", WALL, x, 0.26, 0.5)


def _sofa(stage: Stage, colour: Colour) -> None:
    sofa = Furniture(stage, 2.2, -0.30)
    foot, x = sofa.foot, 0.46
    sofa.body.rect(x - 0.30, foot - 0.10, x + 0.30, foot - 0.02)
    sofa.body.rect(x - 0.27, foot - 0.21, x + 0.27, foot - 0.06)
    for side in (-0.31, 0.31):
        sofa.body.disc(x + side, foot - 0.125, 0.035)
        sofa.body.rect(x + side - 0.035, foot - 0.125, x + side + 0.035, foot - 0.015)
    stage.note("sofa", 2.2, x, 0.6, 0.2)
    sofa.body.rect(x + 0.448, foot - 0.36, x + 0.454, foot)
    sofa.body.disc(x + 0.451, foot - 0.002, 0.05, flat=0.2)
    sofa.shade.polygon(
        [(x + 0.41, foot - 0.45), (x + 0.492, foot - 0.45), (x + 0.53, foot - 0.345), (x + 0.372, foot - 0.345)]
    )
    sofa.glow.disc(x + 0.451, foot - 0.37, 0.11)
    sofa.done(colour)
