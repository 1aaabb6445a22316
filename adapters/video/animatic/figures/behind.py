"""A person from behind, whole or cut to head and shoulders (over the shoulder). Symmetric outlines, alive by small motion."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from adapters.video.animatic.figures import props, wardrobe
from adapters.video.animatic.figures.biped import Pose, pose
from adapters.video.animatic.figures.bust import framed
from adapters.video.animatic.figures.gaits import RUN, WALK, step
from adapters.video.animatic.figures.outline import Points, capsule, limb, ribbon, smooth
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.rigs import Rig, rig
from adapters.video.animatic.figures.traits import Outfit

HEMS = {
    "coat": "coat", "trench": "coat", "jacket": "jacket", "hoodie": "jacket", "uniform": "jacket", "armour": "jacket",
    "top": "jacket", "dress": "dress", "skirt": "skirt", "kimono": "kimono",
}  # fmt: skip


@lru_cache(maxsize=1)
def halves() -> dict[str, Points]:
    """Whole outlines from the file's right halves; ears and shoulder plates stay on the right."""
    found = {}
    for name, rows in rig("behind").raw["halves"].items():
        right = [complex(x, y) for x, y in rows]
        alone = name in {"ear", "pauldron"}
        left = [] if alone else [complex(-point.real, point.imag) for point in reversed(right) if point.real > 0]
        found[name] = smooth([*right, *left])
    return found


def behind_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float, *, bust: bool) -> list[Part]:
    """Someone from behind at `t` seconds; the light and the umbrella stay where they are."""
    body = rig("behind")
    stance = pose(body, gait if gait in {"walk", "run"} else "still", t, swagger=outfit.swagger)
    rise = 1j * (stance.hip.imag - body.joints["hip"].imag) * (1.0 if gait in {"walk", "run"} else 0.3)
    rise += 0.0025j * math.sin(1.7 * t)
    sway = 0.006 * math.sin(2 * math.pi * stance.phase)
    parts = [] if bust else _legs(body, gait, t, outfit)
    parts += [replace(part, points=part.points + rise + sway) for part in _upper(body, stance, outfit, t, wind)]
    return framed(parts) if bust else parts


def _legs(body: Rig, gait: str, t: float, outfit: Outfit) -> list[Part]:
    rhythm = {"walk": WALK, "run": RUN}.get(gait)
    parts = []
    for side in (-1, 1):
        lift = step(rhythm, t / rhythm.period + (side > 0) * 0.5) if rhythm else None
        up = max(0.0, -lift.ankle.imag - 0.05) * 0.55 if lift and not lift.planted else 0.0
        hip, ankle = complex(0.05 * side, -0.48), complex(0.054 * side, -0.05 - up)
        bend = (hip + ankle) / 2 + 0.008 * side - 0.02j
        depth = MID if up else NEAR
        parts.append(
            Part(capsule(ankle + 0.022j, ankle + 0.034j + 0.014 * side, 0.024, 0.016), "shoes", depth, flat=True)
        )
        parts.append(Part(limb(bend, ankle, body.profiles["shank"]), "leg", depth))
        parts.append(Part(limb(hip, bend, body.profiles["thigh"]), "leg", depth))
    return parts


def _upper(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    beat = math.cos(2 * math.pi * stance.phase) if stance.gait in {"walk", "run"} else 0.1 * math.sin(t * 0.9)
    parts = _under_umbrella(outfit, t) if outfit.wears("umbrella") else []
    for side in (-1, 1):
        parts += _arm(body, side, beat * side, outfit)
    parts += [_shape("neck", "skin", MID, outfit), _shape("torso", "torso", MID, outfit)]
    parts += [_shape(shape, cut, MID, outfit) for cut, shape in HEMS.items() if outfit.wears(cut)]
    parts += [_shape(name, role, NEAR, outfit) for worn, name, role in _details(outfit) if worn]
    parts += _plates(outfit)
    parts += [_shape("head", "skin", MID, outfit)]
    return parts + _crown(outfit, t, wind)


def _shape(name: str, role: str, depth: int, outfit: Outfit) -> Part:
    points = halves()[name]
    wide = name not in {"head", "neck", "ear"} and points.imag.min() > -0.88
    return Part(points.real * (outfit.build if wide else 1) + 1j * points.imag, role, depth)


def _details(outfit: Outfit) -> list[tuple[bool, str, str]]:
    wears = outfit.wears
    return [
        (wears("trench", "uniform"), "belt", "seam"),
        (wears("kimono"), "belt", "white"),
        (wears("apron"), "belt", "apron"),
        (wears("belt"), "sash", "belt"),
        (wears("armour"), "cuirass", "armour"),
        (wears("cloak"), "cloak", "cloak"),
        (wears("backpack"), "backpack", "backpack"),
        (wears("backpack"), "pack_lid", "backpack"),
        (wears("hoodie"), "hood_down", "hoodie"),
        (
            wears("coat", "trench", "jacket", "uniform", "tie") and not wears("scarf"),
            "collar",
            "tie" if wears("tie") else "torso",
        ),
    ]


def _plates(outfit: Outfit) -> list[Part]:
    if not outfit.wears("armour"):
        return []
    plate = halves()["pauldron"]
    return [Part(plate, "armour", NEAR), Part(-np.conj(plate), "armour", NEAR)]


def _arm(body: Rig, side: int, beat: float, outfit: Outfit) -> list[Part]:
    shoulder = complex(0.108 * side * outfit.build, -0.786)
    elbow = shoulder + complex(0.034 * side, 0.16)
    wrist = elbow + complex(0.006 * side, 0.148 - 0.03 * abs(beat))
    sleeve = "skin" if outfit.wears("dress") else "sleeve"
    depth = MID if beat < 0 else FAR
    if outfit.wears("umbrella") and side > 0:
        elbow, wrist = shoulder + 0.04 + 0.14j, shoulder + 0.03 + 0.05j
    return [
        Part(capsule(wrist, wrist + 0.026j, 0.018, 0.015), "hand", depth, flat=True),
        Part(limb(elbow, wrist, body.profiles["forearm"]), sleeve, depth),
        Part(limb(shoulder, elbow, body.profiles["upper_arm"]), sleeve, depth),
    ]


def _under_umbrella(outfit: Outfit, t: float) -> list[Part]:
    top = complex(0.1, -1.2)
    pole = capsule(top, complex(0.138, -0.7), 0.0055, 0.0055)
    return [Part(pole, "metal", FAR, flat=True), *props.canopy(top, 0.31, 0.165, 0.02 + 0.015 * math.sin(2.1 * t))]


def _crown(outfit: Outfit, t: float, wind: float) -> list[Part]:
    """Ears, hair, scarf and what is on the head."""
    ear = halves()["ear"]
    parts = [Part(ear, "skin", FAR, flat=True), Part(-np.conj(ear), "skin", FAR, flat=True)]
    if not outfit.wears("hood", "helmet"):
        parts.append(_shape(outfit.hair, "hair", NEAR, outfit))
    if outfit.wears("scarf"):
        line = wardrobe.tail(-0.03 - 0.83j, 0.22, 0.1 + 0.8 * abs(wind), t)
        parts.append(Part(ribbon(line, (0.034, 0.04, 0.044, 0.046, 0.046, 0.044, 0.042)), "scarf", NEAR, flat=True))
        parts.append(_shape("scarf", "scarf", NEAR, outfit))
    rows = [("strings", cut) for cut in ("glasses", "mask") if outfit.wears(cut)]
    return parts + [_shape(name, role, NEAR, outfit) for name, role in [*rows, *wardrobe.hat_rows(outfit)]]
