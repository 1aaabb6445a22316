"""A bicycle and its rider: wheels and pedals turn with the ground, feet stay on the pedals."""

from __future__ import annotations

import cmath
import math

import numpy as np

from adapters.video.animatic.figures.biped import Leg, Pose, on_trunk, reaching
from adapters.video.animatic.figures.outline import Points, capsule, ellipse, knee
from adapters.video.animatic.figures.parts import FAR, MID, Part
from adapters.video.animatic.figures.person import dressed_parts
from adapters.video.animatic.figures.rigs import Rig, rig
from adapters.video.animatic.figures.traits import Outfit

GEAR = 0.42
"""Turns of the pedals for a turn of the wheels."""
LEAN = 0.42


def bicycle_speed(gait: str) -> float:
    """Heights a second over the ground."""
    pace = {"still": 0.0, "sit": 0.0, "run": 1.5, "walk": 0.6}.get(gait, 1.0)
    return float(rig("bicycle").raw["speed"]) * pace


def bicycle_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """Bicycle and rider at `t` seconds."""
    raw = rig(kind).raw["ride"]
    ride = {name: complex(*at) if isinstance(at, list) else complex(at) for name, at in raw.items()}
    rolled = bicycle_speed(gait) * t / abs(ride["radius"])
    body = rig("person")
    stance = _riding(body, ride, rolled * GEAR, t)
    rider = dressed_parts(body, stance, outfit, t, wind)
    far = [part for part in rider if part.depth == FAR]
    near = [part for part in rider if part.depth != FAR]
    frame = _frame(ride, rolled, rolled * GEAR)
    return [*far, *frame, *near]


def _riding(body: Rig, ride: dict[str, complex], turn: float, t: float) -> Pose:
    hip = ride["saddle"] - 0.03j + 0.002j * math.sin(2 * turn)
    shoulder = on_trunk(body, body.joints["shoulder"], hip, LEAN)
    legs = []
    for side in (0.0, math.pi):
        pedal = ride["crank"] + ride["throw"] * cmath.exp(1j * (turn + side))
        pitch = 0.18 + 0.16 * math.sin(turn + side)
        ankle = pedal + (-0.05 - 0.05j) * cmath.exp(1j * pitch)
        legs.append(Leg(hip, knee(hip, ankle, body.lengths["thigh"], body.lengths["shank"], 1), ankle, pitch, pitch))
    arm, far_arm = (reaching(body, shoulder, ride["grip"] + away) for away in (0j, 0.012 - 0.006j))
    return Pose(hip, LEAN, -0.34 + 0.02 * math.sin(t), legs[0], legs[1], arm, far_arm, "walk", turn)


def _tube(a: complex, b: complex, role: str = "fur", thick: float = 0.0085) -> Part:
    return Part(capsule(a, b, thick, thick), role, MID, flat=True)


def _ring(at: complex, radius: float, thick: float) -> Points:
    """A rim as one outline: out and back."""
    turn = np.exp(1j * np.linspace(0, 2 * math.pi, 40))
    return np.concatenate([at + turn * radius, at + turn[::-1] * (radius - thick)])


def _frame(ride: dict[str, complex], rolled: float, turn: float) -> list[Part]:
    parts: list[Part] = []
    radius = abs(ride["radius"])
    for hub in (ride["rear"], ride["front"]):
        for spoke in range(5):
            way = cmath.exp(1j * (rolled + math.pi * spoke / 5)) * radius * 0.95
            parts.append(Part(capsule(hub - way, hub + way, 0.0016, 0.0016), "marks", FAR, flat=True))
        parts += [
            Part(_ring(hub, radius, 0.02), "tyre", MID, flat=True),
            Part(ellipse(hub, 0.014, 0.014), "marks", MID, flat=True),
        ]
    seat_tube = ride["crank"] + (ride["saddle"] + 0.04j - ride["crank"]) * 0.86
    tubes = [
        (ride["rear"], ride["crank"]),
        (ride["rear"], seat_tube),
        (seat_tube, ride["head"]),
        (ride["crank"], ride["head"] + 0.04j),
    ]
    parts += [_tube(a, b) for a, b in tubes]
    parts += [
        _tube(ride["crank"], ride["saddle"] + 0.03j),
        _tube(ride["front"], ride["head"]),
        _tube(ride["head"], ride["bars"]),
    ]
    parts += [_tube(ride["bars"], ride["grip"], "dark", 0.009)]
    saddle = ride["saddle"] + 0.03j
    parts.append(Part(capsule(saddle - 0.05, saddle + 0.05, 0.016, 0.008), "dark", MID, flat=True))
    pedal = ride["throw"] * cmath.exp(1j * turn)
    parts.append(Part(ellipse(ride["crank"], 0.034, 0.034), "dark", MID, flat=True))
    parts += [_tube(ride["crank"] - pedal, ride["crank"] + pedal, "dark", 0.007)]
    parts += [_tube(ride["crank"] + way - 0.024, ride["crank"] + way + 0.024, "dark", 0.007) for way in (pedal, -pedal)]
    return parts
