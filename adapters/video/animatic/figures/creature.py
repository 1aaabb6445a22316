"""What goes on four legs or has wings: trunk, neck, head, tail, legs and wings from one file, posed by a gait."""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from adapters.video.animatic.figures.finery import finery
from adapters.video.animatic.figures.outline import Points, ellipse, limb, ribbon, smooth, turned
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.paws import Paw, Rhythm, bones, leg_parts, paw, rhythm
from adapters.video.animatic.figures.rigs import Rig, outline, rig
from adapters.video.animatic.figures.traits import Outfit

SEEN_FROM_ABOVE = 0.3
"""How much of a level wing is seen: the near one hangs, the far one stands."""
SIT_TURN = -0.72
"""How far a sitting dog's trunk is raised."""


@dataclass(frozen=True)
class Carriage:
    """How the trunk is carried at this moment."""

    shift: complex
    turn: float
    nod: float
    """Turn of the head against the trunk."""
    about: complex
    gait: str
    t: float

    def on(self, points: Points) -> Points:
        """An outline of the trunk."""
        return turned(points, self.about, self.turn, self.about + self.shift)

    def at(self, point: complex) -> complex:
        """A point of the trunk."""
        return (point - self.about) * cmath.exp(1j * self.turn) + self.about + self.shift


def creature_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """The creature at `t` seconds."""
    body = rig(kind)
    gait = _can(body, gait)
    carried = _carriage(body, gait, outfit, t)
    far, near = _legs(body, carried, gait, t)
    high = _neck_turn(body, carried)
    parts = [*_wing(body, carried, FAR), *far, *_tail(body, carried, wind), *_neck(body, carried, high)]
    parts += _trunk(body, carried)
    parts += near
    parts += _head(body, carried, high, outfit)
    parts += finery(body, outfit, carried.on, lambda points: _on_head(body, carried, high, points), t=t, wind=wind)
    return parts + _wing(body, carried, NEAR)


def _can(body: Rig, gait: str) -> str:
    """The nearest thing to that gait that this creature does."""
    if gait == "fly" and "wing" not in body.raw:
        return "run"
    return "still" if gait == "drive" else gait


def _carriage(body: Rig, gait: str, outfit: Outfit, t: float) -> Carriage:
    middle = body.joints["middle"]
    beat = rhythm(body.raw, gait)
    if beat is not None:
        angle = 4 * math.pi * t / beat.period if gait == "walk" else 2 * math.pi * t / beat.period
        rise = -1j * beat.bob * (math.sin(angle - 0.6) if gait == "walk" else max(-0.3, math.sin(angle + 1.0)))
        turn = beat.pitch * math.sin(angle * (0.5 if gait == "walk" else 1.0) + 2.2)
        return Carriage(rise, turn, -turn * 0.8 + 0.03 * math.sin(angle), middle, gait, t)
    breath = math.sin(1.8 * t + outfit.swagger)
    look = 0.08 * math.sin(0.7 * t + 2 * outfit.swagger) + 0.05 * outfit.swagger
    if gait == "sit" and body.raw["sit"] == "sit":
        hip = bones(body.raw["legs"]["hind"]).hip
        return Carriage(complex(0.06, -hip.imag - 0.31), SIT_TURN, -SIT_TURN * 0.86 + look, hip, gait, t)
    if gait == "sit" and body.raw["sit"] == "lie":
        low = float(body.shapes["trunk"].imag.max())
        return Carriage(1j * (-low - 0.01 + 0.004 * breath), 0.0, look, middle, gait, t)
    if gait == "swim":
        return Carriage(1j * (0.62 * -middle.imag + 0.02 * breath), -0.1, 0.06 + look, middle, gait, t)
    if gait == "fly":
        flap = math.sin(2 * math.pi * t / body.raw["wing"]["period"] - 1.2)
        turn = body.raw["wing"].get("turn", -0.12)
        return Carriage(1j * (-0.25 - 0.06 * flap), turn, -turn * 0.8, middle, gait, t)
    return Carriage(0.004j * breath, 0.0, look, middle, gait, t)


def _neck_turn(body: Rig, carried: Carriage) -> complex:
    """Where the head sits: the neck bends a little with the nod."""
    low, high = body.joints["neck_low"], body.joints["neck_high"]
    swing = cmath.exp(1j * carried.nod * 0.6)
    return carried.at(low) + (high - low) * cmath.exp(1j * carried.turn) * swing


def _on_head(body: Rig, carried: Carriage, high: complex, points: Points) -> Points:
    moved = high + (body.joints["head"] - body.joints["neck_high"])
    return turned(points, body.joints["head"], carried.turn + carried.nod, moved)


def _legs(body: Rig, carried: Carriage, gait: str, t: float) -> tuple[list[Part], list[Part]]:
    far: list[Part] = []
    near: list[Part] = []
    for number, name in enumerate(("hind", "front")):
        row = body.raw["legs"].get(name)
        if (
            row is None
            or (name == "front" and body.name in {"bird", "ostrich"})
            or (gait == "fly" and body.name == "bird")
        ):
            continue
        leg = bones(row)
        for side, depth in ((1, FAR), (0, NEAR)):
            step, ground = _placed(body, leg.hip, gait, t, number * 2 + side)
            hip = carried.at(leg.hip + (0.03 if side else 0))
            mark = "sock" in body.raw["pattern"]
            parts = leg_parts(leg, hip, step, ground, depth, sock=mark, foot=_foot_role(body))
            (far if side else near).extend(parts)
    return far, near


def _foot_role(body: Rig) -> str:
    pattern = body.raw["pattern"]
    return "sock" if "sock" in pattern else "marks" if "hoof" in pattern else "beak" if "beak" in pattern else "fur"


def _placed(body: Rig, hip: complex, gait: str, t: float, number: int) -> tuple[Paw, complex]:
    """The paw of leg `number` (near hind, far hind, near front, far front) and the ground below its hip."""
    ground = complex(hip.real, 0)
    hind, far = number < 2, number % 2
    beat: Rhythm | None = rhythm(body.raw, gait)
    if beat is not None:
        return paw(beat, t / beat.period + beat.phases[number]), ground + (0.03 if far else 0)
    if gait == "fly":
        return Paw(complex(-0.3 if hind else -0.22, -0.3 + 0.02 * math.sin(3 * t)), 0.9, 0.4), ground + 0.04 * far
    if gait == "swim":
        stroke = 2 * math.pi * (1.3 * t + number * 0.25)
        return Paw(complex(0.16 * math.cos(stroke), 0.3 + 0.1 * math.sin(stroke)), 0.4, 0.0), ground
    if gait == "sit" and body.raw["sit"] == "sit":
        return Paw(0j, 0.0, -0.5 if hind else 0.0), complex(hip.real + (0.34 if hind else -0.2), 0) + 0.07 * far
    if gait == "sit" and body.raw["sit"] == "lie":
        return Paw(complex(0.26 if hind else 0.3, 0), 0.0, -1.5), ground + 0.06 * far
    return Paw(complex(-0.02 if far else 0.02, 0), 0.0, 0.0), ground + (0.07 if far else -0.03)


def _tail(body: Rig, carried: Carriage, wind: float) -> list[Part]:
    tail = body.raw["tail"]
    wag = tail["wag"] * (1.4 if carried.gait in {"run", "fly"} else 1.0)
    pace = 9.0 if body.name == "dog" else 5.0 if carried.gait in {"walk", "run", "fly"} else 2.0
    base = tail["angle"] - carried.turn * (0.6 if carried.gait == "sit" else 0.0)
    base *= 0.35 if carried.gait in {"run", "fly"} and tail["angle"] > 0 else 1.0
    if carried.gait == "sit" and body.raw["sit"] == "sit":
        base = min(base, 0.1)
    line, steps = [carried.at(complex(*tail["root"]))], len(tail["widths"]) - 1
    for step in range(1, steps + 1):
        share = step / steps
        angle = (
            base
            + tail["curl"] * share
            + wag * share * math.sin(pace * carried.t - 2.2 * share)
            - 0.2 * abs(wind) * share
        )
        line.append(line[-1] + complex(-math.cos(angle), math.sin(angle)) * tail["length"] / steps)
    if carried.gait == "sit":
        line = [complex(point.real, min(point.imag, -tail["widths"][min(i, 4)] * 0.5)) for i, point in enumerate(line)]
    role = "marks" if tail.get("hair") or "plume" in body.raw["pattern"] else "fur"
    parts = [Part(ribbon(line, tail["widths"]), role, MID)]
    if tail["tip"]:
        dense = parts[0].points
        half, cut = len(dense) // 2, int(len(dense) // 2 * tail["tip"])
        parts.append(Part(np.concatenate([dense[cut:half], dense[half : len(dense) - cut]]), "marks", MID))
    return parts


def _neck(body: Rig, carried: Carriage, high: complex) -> list[Part]:
    role = "bare" if "bare" in body.raw["pattern"] else "fur"
    return [Part(limb(carried.at(body.joints["neck_low"]), high, body.profiles["neck"]), role, MID, flat=True)]


def _trunk(body: Rig, carried: Carriage) -> list[Part]:
    pattern = body.raw["pattern"]
    parts = [Part(carried.on(body.shapes["spikes"]), "marks", MID, flat=True)] if "spikes" in pattern else []
    parts.append(Part(carried.on(body.shapes["trunk"]), "fur", MID))
    if "belly" in pattern:
        parts.append(Part(carried.on(body.shapes["belly"]), "pale", MID, flat=True))
    if "plume" in pattern:
        parts.append(Part(carried.on(body.shapes["plume"]), "marks", MID))
    return parts


def _head(body: Rig, carried: Carriage, high: complex, outfit: Outfit) -> list[Part]:
    """Far ear, head, marks, eye, near ear, what grows on it."""
    shapes, pattern = body.shapes, body.raw["pattern"]
    role = "bare" if "bare" in pattern else "fur"
    rows: list[tuple[Points, str, int, bool]] = []
    ear = shapes.get("ear")
    twitch = 0.1 * max(0.0, math.sin(1.1 * carried.t + 3 * outfit.swagger)) ** 12
    if ear is not None and len(ear):
        rows.append((ear + body.lengths["ear_shift"], "fur_dark", FAR, True))
    if "antler" in pattern:
        rows += [(shapes["antler"] + 0.07, "horn", FAR, True), (shapes["antler"], "horn", MID, True)]
    if "beak" in pattern:
        rows.append((shapes["beak"], "beak", MID, True))
    rows.append((shapes["head"], role, MID, False))
    rows += [
        (shapes[name], "pale", MID, True) for name in ("cheek", "snout") if name in shapes and _marked(name, pattern)
    ]
    if len(shapes["nose"]):
        rows.append((shapes["nose"], "dark", MID, True))
    size = body.lengths["head_size"] * 0.075
    rows.append((ellipse(body.joints["eye"], size, size * _lid(carried.t)), "dark", MID, True))
    if ear is not None and len(ear):
        rows.append((turned(ear, complex(ear[0]), -twitch), "fur", NEAR, True))
    if "mane" in pattern:
        rows.append((shapes["mane"], "marks", MID, True))
    return [Part(_on_head(body, carried, high, points), name, depth, flat=flat) for points, name, depth, flat in rows]


def _marked(name: str, pattern: list[str]) -> bool:
    return name in pattern or (name == "cheek" and "sock" in pattern)


def _lid(t: float) -> float:
    return 0.15 if t % 4.1 < 0.14 else 1.0


def _wing(body: Rig, carried: Carriage, depth: int) -> list[Part]:
    """A wing that beats; folded on the ground (only the near one is seen)."""
    wing = body.raw.get("wing")
    if wing is None:
        return []
    if carried.gait != "fly":
        spread = 0.12 * math.sin(6 * carried.t) if carried.gait == "run" else 0.0
        folded = turned(outline(wing["folded"]), complex(*wing["folded"][0]), spread)
        folded = folded + (0.1 - 0.02j if depth == FAR else 0)
        return [Part(carried.on(folded), "wing", depth)] if depth == NEAR or body.name == "dragon" else []
    far = depth == FAR
    phase = 2 * math.pi * carried.t / wing["period"] - (0.25 if far else 0.0)
    root = complex(*wing["root"]) + (0.08 if far else 0.0)
    lead, trail = [], []
    rise, before = 0.0, 0.0
    for share, front, back in wing["rows"]:
        angle = wing["beat"] * math.sin(phase - 1.1 * share) + 0.25
        rise += (
            (share - before)
            * wing["span"]
            * (math.sin(angle) + (SEEN_FROM_ABOVE if far else -SEEN_FROM_ABOVE) * math.cos(angle))
        )
        before = share
        lead.append(root + front - 1j * rise)
        trail.append(root + back - 1j * rise)
    points = [*lead, *reversed(trail)]
    shape = smooth(points) if not wing.get("ribbed") else _membrane(lead, trail)
    return [Part(carried.on(shape), "wing" if depth == NEAR else "fur_dark", depth)]


def _membrane(lead: list[complex], trail: list[complex]) -> Points:
    """A bat's wing: a smooth leading edge, a trailing edge that hangs in bows between the fingers."""
    edge = []
    for outer, inner in pairwise(reversed(trail)):
        edge += [outer, (outer + inner) / 2 + 0.16 * abs(outer - inner) * (1 + 0j)]
    front = smooth(lead, closed=False)
    return np.concatenate([front, np.array([*edge, trail[0]])])
