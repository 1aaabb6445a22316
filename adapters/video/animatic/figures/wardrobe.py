"""Garments over a person from the side: coats whose hem follows the legs, scarves and cloaks that move in the wind."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from adapters.video.animatic.figures.biped import Leg, Pose, head_shape, on_trunk, trunk_shape
from adapters.video.animatic.figures.outline import Points, ribbon, smooth
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.rigs import Rig, outline
from adapters.video.animatic.figures.traits import HATS, Outfit, tailor

STREAM = {"walk": 0.22, "run": 0.6, "fly": 0.9, "swim": 0.3}
"""How much wind the figure's own going makes."""


@dataclass(frozen=True)
class Cut:
    """A hanging garment: how far down the legs it goes, how much wider than them, how much it swings."""

    drop: float
    front: float
    back: float
    sway: float
    top: float = -0.6


SHORT = 0.08
"""Hems above this follow the hips alone."""
HEMS = {
    "coat": Cut(0.23, 0.008, 0.014, 0.03),
    "trench": Cut(0.27, 0.012, 0.024, 0.045),
    "dress": Cut(0.23, 0.07, 0.085, 0.05),
    "skirt": Cut(0.17, 0.06, 0.07, 0.04, -0.57),
    "kimono": Cut(0.395, 0.03, 0.036, 0.014),
    "jacket": Cut(0.035, 0.016, 0.02, 0.006),
    "hoodie": Cut(0.025, 0.02, 0.022, 0.003),
    "uniform": Cut(0.06, 0.016, 0.02, 0.004),
    "armour": Cut(0.1, 0.03, 0.034, 0.006),
    "top": Cut(0.015, 0.012, 0.012, 0.002),
}


@lru_cache(maxsize=1)
def outlines() -> dict[str, Points]:
    """Every outline of the wardrobe's file, in the resting pose from the side."""
    return {name: outline(points) for name, points in tailor()["side"].items()}


def gust(stance: Pose, wind: float) -> float:
    """Air on cloth, 0-1.2: the weather's and what comes from going."""
    return min(1.2, abs(wind) + STREAM.get(stance.gait, 0.0))


def behind(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """What hangs behind the body."""
    shapes, parts = outlines(), []
    if outfit.wears("backpack"):
        parts += [Part(trunk_shape(body, shapes["backpack"], stance, outfit.build), "backpack", FAR)]
        parts += [Part(trunk_shape(body, shapes["pack_lid"], stance, outfit.build), "backpack", MID)]
    return parts


def over(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """What is worn over trunk and legs."""
    parts = [
        Part(_hem(body, stance, cut, outfit.build, air=gust(stance, wind), t=t), name, MID)
        for name, cut in HEMS.items()
        if outfit.wears(name)
    ]
    for name, depth in _details(outfit):
        shape = trunk_shape(body, outlines()[name.split(":")[0]], stance, outfit.build)
        parts.append(Part(shape, name.split(":")[-1], depth, flat=True))
    if outfit.wears("cloak"):
        parts.append(Part(_cloak(body, stance, outfit, gust(stance, wind), t), "cloak", NEAR))
    return parts


def _details(outfit: Outfit) -> list[tuple[str, int]]:
    """Outlines on the trunk and what they are painted with, the lowest first."""
    wears = outfit.wears
    rows = [
        (wears("coat", "trench", "jacket", "uniform"), "lapel:seam", MID),
        (wears("trench"), "belt:seam", MID),
        (wears("uniform"), "belt:seam", MID),
        (wears("hoodie"), "pouch:seam", MID),
        (wears("armour"), "cuirass:armour", NEAR),
        (wears("kimono"), "belt:scarf" if wears("scarf") else "belt:white", NEAR),
        (wears("apron"), "apron:apron", NEAR),
        (wears("tie"), "tie:tie", NEAR),
        (wears("belt"), "sash:belt", NEAR),
        (wears("backpack"), "strap:backpack", NEAR),
        (wears("hoodie"), "hood_down:hoodie", NEAR),
        (wears("coat", "trench", "jacket") and not wears("scarf", "hood"), "collar:torso", NEAR),
        (wears("uniform"), "badge:metal", NEAR),
    ]
    return [(name, depth) for worn, name, depth in rows if worn]


def down_leg(leg: Leg, drop: float) -> complex:
    """The point of a leg this far below the hip, along the bones."""
    thigh = leg.knee - leg.hip
    if drop <= abs(thigh):
        return leg.hip + thigh / abs(thigh) * drop
    shank = leg.ankle - leg.knee
    return leg.knee + shank / abs(shank) * min(drop - abs(thigh), abs(shank))


def _hem(body: Rig, stance: Pose, cut: Cut, build: float, *, air: float, t: float) -> Points:
    """The hanging part: from the waist over both legs to the hem."""
    ends = [down_leg(leg, cut.drop) for leg in (stance.near, stance.far)]
    halves = [down_leg(leg, cut.drop * 0.5) for leg in (stance.near, stance.far)]
    front, back = max(ends, key=_ahead(stance)), min(ends, key=_ahead(stance))
    flap = cut.sway * (0.35 + air) * (1 + 0.4 * math.sin(5.2 * t) + 0.2 * math.sin(8.7 * t + 1))
    hang = cmath.exp(1j * stance.trunk) if stance.gait in {"fly", "swim"} else 1 + 0j
    waist = [trunk_point(body, stance, complex(x * build, cut.top)) for x in (0.066, -0.07)]
    mid_front, mid_back = max(halves, key=_ahead(stance)), min(halves, key=_ahead(stance))
    knots = [
        waist[0], mid_front + (cut.front * 0.6 + 0.058) * hang, front + (cut.front + 0.052) * hang,
        (front + back) / 2 + 0.012j * hang, back - (cut.back + 0.05 + flap) * hang - 0.25j * flap,
        mid_back - (cut.back * 0.6 + 0.06 + flap * 0.45) * hang, waist[1],
    ]  # fmt: skip
    if cut.drop < SHORT:
        del knots[5], knots[1]
    return smooth(knots, steps=6)


def _ahead(stance: Pose) -> Callable[[complex], float]:
    """How far before the body a point is, for a body that stands or lies."""
    lying = cmath.exp(-1j * stance.trunk) if stance.gait in {"fly", "swim"} else 1 + 0j
    return lambda point: (point * lying).real


def trunk_point(body: Rig, stance: Pose, at: complex) -> complex:
    """A point of the resting trunk in this pose."""
    return on_trunk(body, at, stance.hip, stance.trunk)


def _cloak(body: Rig, stance: Pose, outfit: Outfit, air: float, t: float) -> Points:
    """A cloak from the shoulders, open in front, its back edge streaming."""
    collar_front, collar_back = trunk_point(body, stance, 0.05 - 0.832j), trunk_point(body, stance, -0.05 - 0.85j)
    reach = 0.12 + 0.3 * air
    wave = [0.03 * air * math.sin(5 * t - 2.1 * s) for s in (1.0, 2.0, 3.0)]
    back = min(stance.hip.real, stance.near.ankle.real, stance.far.ankle.real * 0.5) - 0.08
    knots = [
        collar_back, collar_front, trunk_point(body, stance, 0.082 * outfit.build - 0.77j),
        trunk_point(body, stance, 0.075 - 0.62j), stance.hip + 0.052 - 0.02j, complex(stance.hip.real + 0.03, -0.28),
        complex(stance.hip.real + 0.01, -0.14), complex(back * 0.6 - reach * 0.5, -0.1 + wave[2] - 0.05 * air),
        complex(back - reach, -0.12 - 0.24 * air * air + wave[1]), complex(back - reach * 0.72, -0.36 - 0.1 * air + wave[0]),
        complex(stance.hip.real - 0.1 - reach * 0.3, -0.62), trunk_point(body, stance, -0.1 * outfit.build - 0.77j),
    ]  # fmt: skip
    return smooth(knots)


def tail(root: complex, length: float, air: float, t: float, *, phase: float = 0.0) -> list[complex]:
    """A loose end of cloth: hangs in still air, streams backwards in wind, waves along itself."""
    lift = min(1.5, 0.25 + 1.35 * air)
    points, at, steps = [root], root, 6
    for step in range(1, steps + 1):
        share = step / steps
        angle = lift + (0.16 + 0.3 * min(1.0, air)) * share * math.sin(6.5 * t - 4.2 * share + phase)
        at += complex(-math.sin(angle), math.cos(angle)) * length / steps
        points.append(at)
    return points


def _scarf(body: Rig, stance: Pose, outfit: Outfit, air: float, t: float) -> list[Part]:
    root = trunk_point(body, stance, -0.03 - 0.842j)
    widths = (0.03, 0.036, 0.042, 0.046, 0.046, 0.044, 0.04)
    second = ribbon(tail(root + 0.012j, 0.17, air * 0.9, t, phase=1.3), widths)
    return [
        Part(second, "scarf", FAR, flat=True),
        Part(ribbon(tail(root, 0.25, air, t), widths), "scarf", MID, flat=True),
        Part(trunk_shape(body, outlines()["scarf"], stance), "scarf", NEAR),
    ]


def on_head(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """Scarves, glasses, masks, hats."""
    parts = _scarf(body, stance, outfit, gust(stance, wind), t) if outfit.wears("scarf") else []
    rows = [("temple", "glasses"), ("glasses", "glasses")] if outfit.wears("glasses") else []
    rows += [("mask", "mask")] if outfit.wears("mask") else []
    rows += hat_rows(outfit)
    shapes = outlines()
    return parts + [Part(head_shape(body, shapes[name], stance), role, NEAR, flat=name != role) for name, role in rows]


def hat_rows(outfit: Outfit) -> list[tuple[str, str]]:
    """Outlines and paints of what is on the head, the lowest first."""
    hat = next((cut for cut in HATS if outfit.wears(cut)), "")
    if not hat:
        return []
    brim = [(f"brim_{hat}", hat)] if hat in {"fedora", "hat", "top_hat"} else []
    band = [("band", "seam")] if brim else []
    extra = [("bobble", hat), ("beanie", hat), ("cuff", hat)] if hat == "beanie" else [(hat, hat)]
    return [*extra, *band, *brim]
