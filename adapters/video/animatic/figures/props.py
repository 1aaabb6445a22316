"""What is in the hand: the arm that holds it, and the thing itself."""

from __future__ import annotations

import cmath
import math
from dataclasses import replace

import numpy as np

from adapters.video.animatic.figures.biped import Pose, on_trunk, reaching
from adapters.video.animatic.figures.outline import Points, capsule, ellipse, smooth
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.rigs import Rig
from adapters.video.animatic.figures.traits import Outfit

GRIPS: dict[str, complex] = {
    "umbrella": 0.105 - 0.68j, "letter": 0.16 - 0.69j, "lantern": 0.2 - 0.7j, "sword": 0.14 - 0.56j,
    "balloon": 0.13 - 0.78j, "phone": 0.15 - 0.74j, "cup": 0.15 - 0.67j, "book": 0.16 - 0.66j, "camera": 0.105 - 0.89j,
    "guitar": 0.11 - 0.62j, "flowers": 0.14 - 0.68j,
}  # fmt: skip
"""Where the hand is, on the resting trunk."""
BOTH_HANDS = {"letter": 0.01 + 0.01j, "book": 0.012 + 0.004j, "camera": -0.008 + 0.006j, "guitar": 0.12 - 0.1j}


def holding(body: Rig, stance: Pose, outfit: Outfit, t: float) -> Pose:
    """The pose with the arms where the thing in the hand needs them."""
    held = outfit.held
    if held not in GRIPS or stance.gait in {"fly", "swim"}:
        return stance
    steady = 0.004j * math.sin(2.2 * t)
    hand = on_trunk(body, GRIPS[held], stance.hip, stance.trunk * 0.4) + steady
    posed = replace(stance, arm=reaching(body, stance.arm.shoulder, hand))
    if held in BOTH_HANDS:
        posed = replace(posed, far_arm=reaching(body, stance.far_arm.shoulder, hand + BOTH_HANDS[held]))
    if held in {"letter", "book", "phone"}:
        posed = replace(posed, head=posed.head + 0.2)
    return posed


def _grip(stance: Pose) -> complex:
    """The middle of the near hand."""
    fore = stance.arm.wrist - stance.arm.elbow
    return stance.arm.wrist + fore / abs(fore) * 0.022


def under_arm(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """What the hand closes around: it is drawn before the hand."""
    held = outfit.held
    drawers = {
        "umbrella": _umbrella, "sword": _sword, "balloon": _balloon, "lantern": _lantern, "cup": _cup,
        "flowers": _flowers, "suitcase": _suitcase, "guitar": _guitar,
    }  # fmt: skip
    return drawers[held](stance, t, wind) if held in drawers else []


def in_hand(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """What is held before the hand."""
    drawers = {"letter": _letter, "book": _book, "phone": _phone, "camera": _camera}
    return drawers[outfit.held](stance, t, wind) if outfit.held in drawers else []


def canopy(top: complex, wide: float, high: float, lean: float) -> list[Part]:
    """An umbrella's roof: a dome with scalloped edge, and its ribs."""
    arch = [complex(-wide * math.cos(a), -high * math.sin(a)) for a in np.linspace(0, math.pi, 22)]
    edge = [
        complex(wide - 2 * wide * (i + s) / 4, -0.14 * high * math.sin(math.pi * s))
        for i in range(4)
        for s in (0, 0.25, 0.5, 0.75)
    ]
    turn = cmath.exp(1j * lean)
    dome: Points = top + (np.array(arch + edge) + 1j * high) * turn
    ribs = [
        smooth([0j, complex(x * 0.62, high * 0.34), complex(x, high), complex(x * 0.6, high * 0.37)], steps=5) * turn
        + top
        for x in (-wide * 0.5, wide * 0.5)
    ]
    tip = capsule(top + 0.01j * turn, top - 0.03j * turn, 0.006, 0.003)
    return [
        Part(tip, "seam", MID, flat=True), Part(dome, "umbrella", NEAR), *(Part(rib, "seam", NEAR, flat=True) for rib in ribs),
    ]  # fmt: skip


def _umbrella(stance: Pose, t: float, wind: float) -> list[Part]:
    grip = _grip(stance)
    lean = -0.06 + 0.02 * math.sin(2.1 * t) * (0.4 + abs(wind)) - 0.06 * abs(wind)
    up = -1j * cmath.exp(1j * lean)
    top = complex(grip.real, 0) + 1j * (stance.hip.imag - 0.735) + (up.real * 0.5)
    return [
        Part(capsule(grip - up * 0.05, top, 0.0052, 0.0052), "metal", MID, flat=True),
        *canopy(top, 0.29, 0.155, lean),
    ]


def _sword(stance: Pose, t: float, wind: float) -> list[Part]:
    grip, way = _grip(stance), cmath.exp(1j * (-0.62 + 0.03 * math.sin(1.9 * t)))
    blade = np.array([grip + way * z for z in (0.03 - 0.011j, 0.4 - 0.009j, 0.44 + 0j, 0.4 + 0.009j, 0.03 + 0.011j)])
    guard = capsule(grip + way * (0.03 - 0.045j), grip + way * (0.03 + 0.045j), 0.008, 0.008)
    return [
        Part(blade, "sword", NEAR, flat=True), Part(guard, "metal", NEAR, flat=True),
        Part(capsule(grip - way * 0.05, grip + way * 0.03, 0.009, 0.009), "wood", MID, flat=True),
    ]  # fmt: skip


def _balloon(stance: Pose, t: float, wind: float) -> list[Part]:
    grip = _grip(stance)
    sway = -0.1 * abs(wind) + 0.03 * math.sin(1.4 * t)
    ball = grip + complex(sway, -0.5 + 0.008 * math.sin(2 * t))
    line = smooth([grip, grip + complex(sway * 0.2, -0.2), ball + 0.1j], closed=False, steps=6)
    string = np.concatenate([line - 0.002, (line + 0.002)[::-1]])
    knot = np.array([ball + 0.098j, ball + (0.014 + 0.116j), ball + (-0.014 + 0.116j)])
    shape = smooth(
        [
            ball - 0.115j,
            ball + 0.085 - 0.05j,
            ball + 0.06 + 0.05j,
            ball + 0.1j,
            ball - 0.06 + 0.05j,
            ball - 0.085 - 0.05j,
        ]
    )
    gleam = ellipse(ball - (0.035 + 0.06j), 0.014, 0.026, 0.5)
    return [
        Part(string, "white", MID, flat=True), Part(knot, "balloon", MID, flat=True), Part(shape, "balloon", NEAR),
        Part(gleam, "white", NEAR, flat=True),
    ]  # fmt: skip


def _lantern(stance: Pose, t: float, wind: float) -> list[Part]:
    grip = _grip(stance)
    hang = 1j * cmath.exp(1j * (0.12 * math.sin(3.1 * t) + 0.1 * abs(wind)))
    at = grip + hang * 0.085
    flame = 1 + 0.08 * math.sin(17 * t) + 0.05 * math.sin(29 * t + 1)
    return [
        Part(capsule(grip, grip + hang * 0.05, 0.004, 0.004), "metal", MID, flat=True),
        Part(capsule(at - hang * 0.03, at + hang * 0.045, 0.022, 0.03), "seam", MID, flat=True),
        Part(ellipse(at + hang * 0.01, 0.02, 0.031), "lantern", NEAR, flat=True),
        Part(ellipse(at + hang * 0.012, 0.009 * flame, 0.018 * flame), "shine", NEAR, flat=True),
    ]


def _cup(stance: Pose, t: float, wind: float) -> list[Part]:
    at = _grip(stance) + 0.014 - 0.012j
    body = np.array([at + z for z in (-0.024 - 0.036j, 0.026 - 0.036j, 0.02 + 0.028j, -0.016 + 0.028j)])
    lid = capsule(at - 0.024 - 0.037j, at + 0.026 - 0.037j, 0.006, 0.006)
    return [Part(body, "cup", NEAR), Part(lid, "seam", NEAR, flat=True)]


def _flowers(stance: Pose, t: float, wind: float) -> list[Part]:
    grip, parts = _grip(stance), []
    for place, lean in enumerate((-0.5, -0.2, 0.1, 0.42, 0.75)):
        head = grip + cmath.exp(1j * (lean - math.pi / 2)) * (0.1 + 0.02 * (place % 2))
        parts.append(Part(capsule(grip + 0.03j, head, 0.004, 0.003), "wood", MID, flat=True))
        parts.append(Part(ellipse(head, 0.024, 0.022), "flowers", NEAR))
        parts.append(Part(ellipse(head - 0.004j, 0.008, 0.008), "white", NEAR, flat=True))
    return parts


def _suitcase(stance: Pose, t: float, wind: float) -> list[Part]:
    grip = _grip(stance)
    turn = cmath.exp(0.25j * (stance.arm.wrist - stance.arm.shoulder).real)
    box = np.array([grip + turn * z for z in (-0.1 + 0.035j, 0.1 + 0.035j, 0.104 + 0.17j, -0.104 + 0.17j)])
    handle = smooth(
        [
            grip + turn * z
            for z in (-0.03 + 0.036j, -0.024 - 0.002j, 0.024 - 0.002j, 0.03 + 0.036j, 0.016 + 0.014j, -0.016 + 0.014j)
        ]
    )
    strap = np.array([grip + turn * z for z in (0.05 + 0.035j, 0.062 + 0.035j, 0.064 + 0.17j, 0.052 + 0.17j)])
    return [
        Part(handle, "seam", FAR, flat=True), Part(box, "suitcase", MID), Part(strap, "metal", MID, flat=True),
    ]  # fmt: skip


def _guitar(stance: Pose, t: float, wind: float) -> list[Part]:
    at = stance.hip + 0.06 - 0.12j
    neck = cmath.exp(-0.55j)
    knots = (-0.15 + 0j, -0.1 - 0.09j, 0.0 - 0.055j, 0.07 - 0.07j, 0.11 + 0j, 0.07 + 0.07j, 0.0 + 0.055j, -0.1 + 0.09j)
    return [
        Part(capsule(at, at + neck * 0.34, 0.011, 0.009), "wood", MID, flat=True),
        Part(smooth([at + neck * z for z in knots]), "guitar", NEAR),
        Part(ellipse(at + neck * 0.03, 0.026, 0.026), "seam", NEAR, flat=True),
    ]


def _sheet(stance: Pose, corners: tuple[complex, ...], role: str) -> Part:
    grip = _grip(stance)
    return Part(np.array([grip + z for z in corners]), role, NEAR, flat=True)


def _letter(stance: Pose, t: float, wind: float) -> list[Part]:
    flap = 0.006 * math.sin(7 * t) * abs(wind)
    paper = (-0.006 + 0.02j, 0.026 - 0.115j + flap, 0.062 - 0.106j + flap, 0.034 + 0.03j)
    fold = (0.01 - 0.048j + flap, 0.047 - 0.038j + flap, 0.046 - 0.034j + flap, 0.009 - 0.044j + flap)
    return [_sheet(stance, paper, "letter"), _sheet(stance, fold, "seam")]


def _book(stance: Pose, t: float, wind: float) -> list[Part]:
    pages = (0.0 - 0.004j, 0.05 - 0.066j, 0.098 - 0.04j, 0.05 + 0.012j)
    cover = (-0.006 + 0.01j, -0.05 - 0.052j, -0.04 - 0.062j, 0.0 - 0.01j, 0.054 - 0.074j, 0.104 - 0.042j, 0.05 + 0.022j)
    return [_sheet(stance, cover, "book"), _sheet(stance, pages, "white")]


def _phone(stance: Pose, t: float, wind: float) -> list[Part]:
    case = (-0.004 + 0.022j, 0.02 - 0.062j, 0.034 - 0.058j, 0.012 + 0.028j)
    glass = (-0.004 + 0.012j, 0.017 - 0.056j, 0.023 - 0.054j, 0.003 + 0.015j)
    return [_sheet(stance, case, "seam"), _sheet(stance, glass, "phone")]


def _camera(stance: Pose, t: float, wind: float) -> list[Part]:
    grip = _grip(stance)
    box = (-0.034 - 0.05j, 0.034 - 0.05j, 0.034 + 0.006j, -0.034 + 0.006j)
    return [
        Part(capsule(grip + 0.03 - 0.022j, grip + 0.07 - 0.022j, 0.022, 0.025), "seam", NEAR, flat=True),
        _sheet(stance, box, "camera"), Part(ellipse(grip - 0.01 - 0.058j, 0.014, 0.008), "camera", NEAR, flat=True),
    ]  # fmt: skip
