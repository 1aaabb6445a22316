"""Legs of creatures: three bones each, planted paws, in a creature's own rhythm."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.video.animatic.figures.outline import Points, knee, limb, smooth
from adapters.video.animatic.figures.parts import Part


@dataclass(frozen=True)
class Rhythm:
    """One gait of one creature: a row of ``[gaits]`` in its file."""

    period: float
    speed: float
    duty: float
    lift: float
    bob: float
    pitch: float
    phases: tuple[float, float, float, float]

    @property
    def travel(self) -> float:
        """How far a paw goes back under the body while it stands."""
        return self.speed * self.duty * self.period


def rhythm(raw: Mapping[str, Any], gait: str) -> Rhythm | None:
    """The creature's gait, if it has that one."""
    row = raw.get("gaits", {}).get(gait)
    return Rhythm(**{**row, "phases": tuple(row["phases"])}) if row else None


@dataclass(frozen=True)
class Paw:
    """One paw at one moment, relative to below its hip."""

    at: complex
    fold: float
    """0 on the ground, up to 1 while it swings."""
    back: float
    """-1 far before the hip … 1 far behind it."""


def paw(beat: Rhythm, phase: float) -> Paw:
    """The paw that lands at phase 0."""
    phase %= 1.0
    half = beat.travel / 2
    if phase < beat.duty:
        x = half - beat.travel * phase / beat.duty
        return Paw(complex(x, 0), 0.0, -x / max(half, 1e-6))
    share = (phase - beat.duty) / (1 - beat.duty)
    rest = -beat.speed * beat.period * (1 - beat.duty)
    x = -half * (2 * share**3 - 3 * share**2 + 1) + half * (3 * share**2 - 2 * share**3)
    x += rest * 0.45 * (share**3 - 2 * share**2 + share) + rest * 0.45 * (share**3 - share**2)
    fold = math.sin(math.pi * share) ** 1.2
    return Paw(complex(x, -beat.lift * fold), fold * (1.1 - 0.5 * share), -x / max(half, 1e-6))


@dataclass(frozen=True)
class Bones:
    """A leg of a creature's file: see ``fox.toml``."""

    hip: complex
    lengths: tuple[float, float, float]
    bend: float
    lean: float
    thick: tuple[float, float, float, float]
    foot: tuple[float, float]

    @property
    def rise(self) -> float:
        """How high the last joint is above the ground."""
        return max(self.foot[1] * 0.6, self.thick[3] * 0.9)


def bones(row: Mapping[str, Any]) -> Bones:
    """A leg from its row."""
    a, b, c = row["lengths"]
    hip, knee_, hock, end = row["thick"]
    return Bones(
        complex(*row["hip"]),
        (a, b, c),
        row["bend"],
        row["lean"],
        (hip, knee_, hock, end),
        (row["foot"][0], row["foot"][1]),
    )


def leg_parts(leg: Bones, hip: complex, step: Paw, ground: complex, depth: int, *, sock: bool, foot: str) -> list[Part]:
    """A leg from its carried hip to its paw; `ground` is the point below the resting hip."""
    end = ground + step.at - 1j * leg.rise
    lean = leg.lean * (1 - 0.4 * step.fold) - 0.28 * step.back * (1 - step.fold) - step.fold * 0.75
    hock = end - leg.lengths[2] * complex(math.sin(lean), math.cos(lean))
    joint = knee(hip, hock, leg.lengths[0], leg.lengths[1], leg.bend)
    a, b, c, d = leg.thick
    low = "sock" if sock else "fur"
    tilt = 0.9 * step.fold
    return [
        Part(_foot(leg, end, tilt), foot, depth, flat=True),
        Part(limb(hock, end, ((0.0, c, c), (0.5, d * 0.95, d * 0.95), (1.0, d, d))), low, depth),
        Part(limb(joint, hock, ((0.0, b, b), (0.4, b * 0.82, b * 0.86), (1.0, c, c))), "fur", depth),
        Part(limb(hip, joint, ((0.0, a, a * 0.9), (0.5, (a + b) / 2, (a + b) / 2), (1.0, b, b))), "fur", depth),
    ]


def _foot(leg: Bones, end: complex, tilt: float) -> Points:
    length, height = leg.foot
    knots = (
        complex(-length * 0.3, -height), complex(-length * 0.34, height * 0.3), complex(-length * 0.2, leg.rise),
        complex(length * 0.55, leg.rise), complex(length * 0.66, height * 0.2), complex(length * 0.4, -leg.rise),
    )  # fmt: skip
    return smooth([end + knot * cmath.exp(1j * tilt) for knot in knots], steps=4)
