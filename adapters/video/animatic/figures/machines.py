"""Cars, trains, boats, planes: outlines from a file, wheels that turn at the pace of the ground; and fish."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from adapters.video.animatic.figures.finery import finery
from adapters.video.animatic.figures.outline import Points, ellipse, smooth, turned
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.rigs import rig
from adapters.video.animatic.figures.traits import Outfit

MOVING = frozenset({"walk", "run", "drive", "fly", "swim"})
SPOKES = 5


def machine_speed(kind: str, gait: str) -> float:
    """Heights a second over the ground."""
    pace = {"walk": 0.4, "run": 1.5}.get(gait, 1.0)
    return float(rig(kind).raw["speed"]) * pace if gait in MOVING else 0.0


def machine_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """The machine at `t` seconds."""
    body = rig(kind)
    raw, moving = body.raw, gait in MOVING
    shake = raw["sway"] * math.sin(23 * t) * 0.5 if moving else 0.0
    roll = raw.get("roll", 0.0) * math.sin(1.35 * t + outfit.swagger) * (0.5 + abs(wind))
    heave = 1j * (shake + raw.get("bob", 0.0) * math.sin(1.9 * t))
    carry = _carrier(heave, roll)
    parts = [Part(carry(points), role, depth, flat=flat) for points, role, depth, flat in _body(kind)]
    turn = machine_speed(kind, gait) * t
    for wheel in raw["wheels"]:
        parts += _wheel(complex(*wheel["at"]), wheel["radius"], turn / wheel["radius"])
    parts += finery(body, outfit, carry, carry, t=t, wind=wind)
    return parts


def _carrier(heave: complex, roll: float) -> Any:
    def carry(points: Points) -> Points:
        return turned(points, -0.1j, roll) + heave

    return carry


@lru_cache(maxsize=16)
def _body(kind: str) -> tuple[tuple[Points, str, int, bool], ...]:
    """Outline, paint, closeness, whether flat: the farthest first."""
    raw = rig(kind).raw
    rows = [
        (_outline(part), part["role"], _depth(part["role"]), part["role"] not in {"fur", "marks", "pale"})
        for part in raw["parts"]
    ]
    windows = raw.get("windows", {"rows": [], "role": "glass"})
    for x, y, wide, high in windows["rows"]:
        half = complex(wide / 2, high / 2)
        corners = (-half, half.conjugate(), half, -half.conjugate())
        rows.append((np.array([complex(x, y) + corner for corner in corners]), windows["role"], NEAR, True))
    return tuple(rows)


def _depth(role: str) -> int:
    return MID if role in {"fur", "dark", "fur_dark"} else NEAR


def _outline(part: Mapping[str, Any]) -> Points:
    knots = [complex(x, y) for x, y in part["points"]]
    return smooth(knots) if part.get("smooth") else np.array(knots)


def _wheel(at: complex, radius: float, turn: float) -> list[Part]:
    """A wheel that has rolled by `turn` radians."""
    parts = [
        Part(ellipse(at, radius, radius), "tyre", NEAR),
        Part(ellipse(at, radius * 0.62, radius * 0.62), "marks", NEAR, flat=True),
    ]
    for spoke in range(SPOKES):
        way = cmath.exp(1j * (turn + 2 * math.pi * (spoke + 0.5) / SPOKES))
        gap = [
            at + radius * 0.57 * way * cmath.exp(0.32j),
            at + radius * 0.57 * way * cmath.exp(-0.32j),
            at + radius * 0.18 * way,
        ]
        parts.append(Part(np.array(gap), "dark", MID, flat=True))
    return [*parts, Part(ellipse(at, radius * 0.12, radius * 0.12), "dark", MID, flat=True)]


def fish_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """A fish: seen from the side its bending shows as a shorter tail and a sway of the fins."""
    body = rig(kind)
    pace = {"run": 11.0, "swim": 7.0, "walk": 5.0}.get(gait, 3.0)
    beat = pace * t + outfit.swagger
    lift = 0.02j * math.sin(1.3 * t)

    def carry(points: Points) -> Points:
        behind = np.clip(0.5 - points.real, 0, None)
        bend = 0.16 * behind**1.4 * np.sin(beat - 1.6 * behind)
        return points + np.abs(bend) * 0.8 + 0.3j * bend + lift

    flap = cmath.exp(0.35j * math.sin(beat * 0.7))
    root = complex(*body.raw["shapes"]["fin"][0])
    rows: list[tuple[Points, str, int, bool]] = [
        (body.shapes["tail"], "fur_dark", MID, False), (body.shapes["dorsal"], "fur_dark", FAR, False),
        (body.shapes["anal"], "fur_dark", FAR, False), (body.shapes["trunk"], "fur", MID, False),
        (body.shapes["belly"], "pale", MID, True), (body.shapes["gill"], "fur_dark", MID, True),
        (body.shapes["mouth"], "dark", MID, True), (ellipse(body.joints["eye"], 0.06, 0.06), "white", MID, True),
        (ellipse(body.joints["eye"] + 0.01, 0.034, 0.038), "dark", MID, True),
        ((body.shapes["fin"] - root) * flap + root, "fur_dark", NEAR, True),
    ]  # fmt: skip
    parts = [Part(carry(points), role, depth, flat=flat) for points, role, depth, flat in rows]
    return parts + finery(body, outfit, carry, carry, t=t, wind=wind)
