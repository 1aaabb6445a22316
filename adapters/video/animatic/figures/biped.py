"""Joints of someone on two legs at a moment: standing, walking, running, sitting, swimming, flying."""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adapters.video.animatic.figures.gaits import RUN, SOLE, WALK, Gait, Step, reach_height, step
from adapters.video.animatic.figures.outline import Points, knee, swing, turned
from adapters.video.animatic.figures.rigs import Rig

MOMENTS = 96
"""Into how many moments a period is divided for the height of the hips."""


@dataclass(frozen=True)
class Leg:
    """Hip to toe."""

    hip: complex
    knee: complex
    ankle: complex
    pitch: float
    toe: float


@dataclass(frozen=True)
class Arm:
    """Shoulder to wrist."""

    shoulder: complex
    elbow: complex
    wrist: complex


@dataclass(frozen=True)
class Pose:
    """Where everything is. `near` is the side towards the camera."""

    hip: complex
    trunk: float
    """Turn of the trunk about the hip; positive leans forward."""
    head: float
    """Turn of the head about the neck."""
    near: Leg
    far: Leg
    arm: Arm
    far_arm: Arm
    gait: str
    phase: float
    """Turns of the gait since the start."""


def on_trunk(rig: Rig, point: complex, hip: complex, trunk: float) -> complex:
    """A point of the resting trunk, carried by the posed one."""
    return hip + (point - rig.joints["hip"]) * cmath.exp(1j * trunk)


def trunk_shape(rig: Rig, shape: Points, stance: Pose, build: float = 1.0) -> Points:
    """An outline that goes with the trunk, `build` times as wide."""
    wide = (shape.real * build) + 1j * shape.imag if build != 1 else shape
    return turned(wide, rig.joints["hip"], stance.trunk, stance.hip)


def head_shape(rig: Rig, shape: Points, stance: Pose) -> Points:
    """An outline that goes with the head."""
    neck = rig.joints["head"]
    return turned(shape, neck, stance.trunk + stance.head, on_trunk(rig, neck, stance.hip, stance.trunk))


def arm_of(rig: Rig, shoulder: complex, forward: float, bend: float) -> Arm:
    """An arm swung forward, with a bent elbow."""
    elbow = shoulder + swing(forward, rig.lengths["upper_arm"])
    return Arm(shoulder, elbow, elbow + swing(forward + bend, rig.lengths["forearm"]))


def reaching(rig: Rig, shoulder: complex, hand: complex) -> Arm:
    """An arm whose wrist is at a place, elbow down and back."""
    upper, fore = rig.lengths["upper_arm"], rig.lengths["forearm"]
    away = hand - shoulder
    far = (upper + fore) * 0.985
    hand = shoulder + away / abs(away) * far if abs(away) > far else hand
    return Arm(shoulder, knee(shoulder, hand, upper, fore, -1), hand)


def leg_of(rig: Rig, hip: complex, foot: Step) -> Leg:
    """A leg from the hip to a foot."""
    reach = (rig.lengths["thigh"] + rig.lengths["shank"]) * 0.998
    away = foot.ankle - hip
    ankle = hip + away / abs(away) * min(abs(away), reach)
    bend = knee(hip, ankle, rig.lengths["thigh"], rig.lengths["shank"], 1)
    return Leg(hip, bend, ankle, foot.pitch, foot.toe)


def pose(rig: Rig, gait: str, t: float, *, swagger: float = 0.0) -> Pose:
    """The pose of that gait at `t` seconds. `swagger` -1…1 shifts the character's own weight and arms."""
    makers = {"walk": _walking, "run": _running, "sit": _sitting, "fly": _flying, "swim": _swimming, "drive": _sitting}
    return makers.get(gait, _standing)(rig, t, swagger)


def _walking(rig: Rig, t: float, swagger: float) -> Pose:
    return _stepping(rig, WALK, "walk", t, swagger)


def _running(rig: Rig, t: float, swagger: float) -> Pose:
    return _stepping(rig, RUN, "run", t, swagger)


def _twist(phase: float) -> float:
    """How far the near hip is turned back."""
    return 0.014 * math.cos(2 * math.pi * (phase - 0.03))


@lru_cache(maxsize=16)
def _hips(gait: Gait, hip: float, leg: float) -> tuple[float, ...]:
    """The height of the hips over one period: as low as the standing legs need it and never with a jerk."""
    size, span = abs(hip) / 0.492, MOMENTS // 12
    needed = []
    for moment in range(MOMENTS):
        phase = moment / MOMENTS
        wave = math.cos(4 * math.pi * (phase - gait.duty * 0.45))
        near, far = step(gait, phase, size), step(gait, phase + 0.5, size)
        twist = _twist(phase)
        standing = [(foot.ankle, at) for foot, at in ((near, -twist), (far, twist)) if foot.planted]
        needed.append(reach_height(standing, leg, hip * 1.012 + gait.bob * wave))
    around = np.array([np.roll(needed, shift) for shift in range(-span, span + 1)])
    lowest = around.max(axis=0)
    weights = np.hanning(2 * span + 3)[1:-1]
    rolled = np.array([np.roll(lowest, shift) for shift in range(-span, span + 1)])
    return tuple((weights @ rolled / weights.sum()).tolist())


def _hip_height(rig: Rig, gait: Gait, phase: float) -> float:
    heights = _hips(gait, rig.joints["hip"].imag, rig.lengths["thigh"] + rig.lengths["shank"])
    place = phase % 1.0 * MOMENTS
    low, share = int(place) % MOMENTS, place % 1.0
    return heights[low] + (heights[(low + 1) % MOMENTS] - heights[low]) * share


def _stepping(rig: Rig, gait: Gait, name: str, t: float, swagger: float) -> Pose:
    phase = t / gait.period
    size = abs(rig.joints["hip"].imag) / 0.492
    near, far = step(gait, phase, size), step(gait, phase + 0.5, size)
    hip, twist = complex(0, _hip_height(rig, gait, phase)), _twist(phase)
    trunk = gait.lean + 0.02 * math.cos(4 * math.pi * phase) + 0.012 * swagger
    shoulder = on_trunk(rig, rig.joints["shoulder"], hip, trunk)
    beat = twist / 0.014
    arms = []
    for side in (-beat, beat):
        forward = gait.arm * side + 0.04 - trunk * 0.3
        arms.append(arm_of(rig, shoulder - 0.012 * side, forward, gait.elbow + 0.28 * max(0.0, side)))
    legs = leg_of(rig, hip - twist, near), leg_of(rig, hip + twist, far)
    return Pose(hip, trunk, -trunk * 0.7, legs[0], legs[1], arms[0], arms[1], name, phase)


def _planted(x: float, rig: Rig) -> Step:
    return Step(complex(x, 0) + SOLE * (abs(rig.joints["hip"].imag) / 0.492), 0.0, 0.0, True)


def _standing(rig: Rig, t: float, swagger: float) -> Pose:
    shift = math.sin(t * 0.9 + swagger * 3)
    near, far = _planted(0.06 + 0.014 * swagger, rig), _planted(-0.075 - 0.014 * swagger, rig)
    length = rig.lengths["thigh"] + rig.lengths["shank"]
    sway = 0.006 * shift - 0.002
    standing = [(near.ankle, sway + 0.014), (far.ankle, sway - 0.016)]
    hip = complex(sway, reach_height(standing, length, rig.joints["hip"].imag * 1.02 + 0.002 * shift))
    trunk = 0.015 * swagger - 0.008 * shift
    breath = 0.0035 * math.sin(t * 1.7)
    shoulder = on_trunk(rig, rig.joints["shoulder"], hip, trunk) - 1j * breath
    near_arm = arm_of(rig, shoulder - 0.006, -0.1 + 0.02 * shift, 0.26 + 0.06 * swagger)
    far_arm = arm_of(rig, shoulder + 0.012, 0.2 - 0.02 * shift, 0.3)
    legs = leg_of(rig, hip + 0.014, near), leg_of(rig, hip - 0.016, far)
    return Pose(hip, trunk, 0.03 * math.sin(t * 0.6 + swagger), *legs, near_arm, far_arm, "still", t / 3.7)


def _sitting(rig: Rig, t: float, swagger: float) -> Pose:
    breath = math.sin(t * 1.7)
    size = abs(rig.joints["hip"].imag) / 0.492
    hip = complex(-0.1, -0.3 * size)
    trunk = 0.02 + 0.008 * breath + 0.03 * swagger
    shoulder = on_trunk(rig, rig.joints["shoulder"], hip, trunk) - 0.003j * breath
    near, far = _planted(0.15, rig), _planted(0.105, rig)
    hands = [reaching(rig, shoulder, hip + complex(x, -0.075 * size)) for x in (0.18, 0.15)]
    legs = leg_of(rig, hip, near), leg_of(rig, hip + 0.005, far)
    return Pose(hip, trunk, 0.04 * math.sin(t * 0.5), *legs, hands[0], hands[1], "sit", t / 3.7)


def _level(rig: Rig, t: float, turn: float, height: float) -> tuple[complex, complex, tuple[Leg, Leg]]:
    """A body stretched out in the air or the water: hip, shoulder and fluttering legs."""
    hip = complex(-0.12, height)
    legs = []
    for side in (1, -1):
        kick = 0.16 * math.sin(2 * math.pi * 1.6 * t) * side
        bent = hip + 1j * cmath.exp(1j * (turn - 0.05 + kick)) * rig.lengths["thigh"]
        ankle = bent + 1j * cmath.exp(1j * (turn + 0.1 + kick * 0.6)) * rig.lengths["shank"]
        legs.append(Leg(hip, bent, ankle, turn - 0.25 + kick, turn - 0.1 + kick))
    return hip, on_trunk(rig, rig.joints["shoulder"], hip, turn), (legs[0], legs[1])


def _flying(rig: Rig, t: float, swagger: float) -> Pose:
    turn = 1.25 + 0.03 * math.sin(1.3 * t)
    hip, shoulder, legs = _level(rig, t * 0.3, turn, -0.2 + 0.01 * math.sin(2 * t))
    ahead = arm_of(rig, shoulder, 1.72, 0.05 + 0.02 * swagger)
    return Pose(hip, turn, -0.75, *legs, ahead, arm_of(rig, shoulder, -0.35, 0.1), "fly", t)


def _swimming(rig: Rig, t: float, swagger: float) -> Pose:
    turn = 1.4 + 0.04 * math.sin(2 * math.pi * 0.8 * t)
    hip, shoulder, legs = _level(rig, t, turn, -0.13)
    stroke = -2 * math.pi * 0.8 * t + swagger
    angles = (stroke, stroke + math.pi)
    arms = [arm_of(rig, shoulder, angle, 0.25 + 0.35 * max(0.0, math.sin(angle))) for angle in angles]
    return Pose(hip, turn, -0.95, *legs, arms[0], arms[1], "swim", t)
