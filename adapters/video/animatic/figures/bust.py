"""A person in close-up: the head in profile, the shoulders half turned to us. Same scale and feet as the whole body."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from adapters.video.animatic.figures import props, wardrobe
from adapters.video.animatic.figures.biped import Pose, head_shape, on_trunk, pose, trunk_shape
from adapters.video.animatic.figures.outline import Points, ribbon
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part
from adapters.video.animatic.figures.rigs import Rig, rig
from adapters.video.animatic.figures.traits import Outfit

BOTTOM = -0.5
"""Where a bust is cut, in body heights."""
TOP, SIDE = -1.16, 0.32
"""What is above and beside is outside the frame of every close-up."""
COVERED_EAR = ("bob", "long", "curly")


def bust_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """Head and shoulders of a person or a child at `t` seconds."""
    body, stance = rig("bust"), breathing(gait, outfit, t)
    shapes = [(name, role, depth) for worn, name, role, depth in _rows(outfit) if worn]
    below = [row for row in shapes if row[0] in {"shirt", "neckline"}]
    above = [row for row in shapes if row not in below]
    parts = [*_umbrella(stance, outfit, t, wind), *_tails(body, stance, outfit, t, wind)]
    parts += [_on_trunk(body, stance, *row) for row in (("torso", "torso", MID), *below, ("neck", "skin", MID))]
    parts += [_on_trunk(body, stance, *row) for row in above]
    parts += face(body, stance, outfit, t)
    parts += wardrobe.on_head(body, stance, replace(outfit, cuts=outfit.cuts - {"scarf"}), t, wind)
    scarf = (("scarf", "scarf", NEAR), ("scarf_fold", "scarf_dark", NEAR)) if outfit.wears("scarf") else ()
    parts += [_on_trunk(body, stance, *row) for row in scarf]
    return framed(_child(body, parts) if kind == "child" else parts)


def breathing(gait: str, outfit: Outfit, t: float) -> Pose:
    """The upper body alone: breath, and the step where somebody walks."""
    body = rig("bust")
    still = pose(body, "still", t, swagger=outfit.swagger)
    if gait not in {"walk", "run"}:
        breath = 0.0022 * math.sin(1.7 * t)
        return replace(
            still, hip=body.joints["hip"] + 1j * breath, trunk=0.006 * math.sin(0.8 * t), head=still.head * 0.8
        )
    moving = pose(body, gait, t, swagger=outfit.swagger)
    return replace(moving, hip=complex(0, moving.hip.imag), trunk=moving.trunk * 0.5, head=moving.head * 0.5, gait=gait)


def _rows(outfit: Outfit) -> list[tuple[bool, str, str, int]]:
    """Whether, which outline, which paint, how near: the lowest first."""
    wears = outfit.wears
    bare = wears("dress")
    coated = wears("coat", "trench", "jacket", "uniform")
    return [
        (coated and not bare, "shirt", "white" if wears("uniform", "tie") else "seam", MID),
        (bare, "neckline", "skin", MID),
        (True, "back_arm", "skin" if bare else "torso", NEAR),
        (True, "front_arm", "skin" if bare else "torso", NEAR),
        (coated, "lapel", "seam", MID),
        (wears("armour"), "pauldron_back", "armour", NEAR),
        (wears("armour"), "pauldron_front", "armour", NEAR),
        (wears("uniform", "trench"), "epaulette_back", "seam", NEAR),
        (wears("uniform", "trench"), "epaulette_front", "seam", NEAR),
        (wears("kimono"), "cross_under", "white", NEAR),
        (wears("kimono"), "cross", "seam", NEAR),
        (wears("apron"), "apron", "apron", NEAR),
        (wears("tie"), "tie", "tie", NEAR),
        (wears("belt"), "sash", "belt", NEAR),
        (wears("backpack"), "strap", "backpack", NEAR),
        (wears("backpack"), "strap_front", "backpack", NEAR),
        (wears("hoodie"), "hood_down", "hoodie", NEAR),
        (wears("cloak"), "cloak", "cloak", NEAR),
        (wears("cloak"), "clasp", "metal", NEAR),
        (coated and not wears("scarf", "hood", "cloak"), "collar", "torso", NEAR),
        (wears("uniform"), "badge", "metal", NEAR),
    ]


def _on_trunk(body: Rig, stance: Pose, name: str, role: str, depth: int) -> Part:
    flat = name in {"shirt", "neckline", "lapel", "neck", "scarf_fold", "clasp", "badge", "cross", "cross_under"}
    return Part(trunk_shape(body, body.shapes[name], stance), role, depth, flat=flat)


def face(body: Rig, stance: Pose, outfit: Outfit, t: float) -> list[Part]:
    """Head, ear, eye and hair in profile."""
    parts = [Part(head_shape(body, body.shapes["head"], stance), "skin", MID)]
    open_eye = 0.12 if (t + 1.9 * outfit.build) % 3.7 < 0.14 else 1.0
    eye = body.shapes["eye"]
    middle = complex(eye.mean())
    lid = middle + (eye.real - middle.real) + 1j * (eye.imag - middle.imag) * open_eye
    parts.append(Part(head_shape(body, lid, stance), "hair", MID, flat=True))
    parts.append(Part(head_shape(body, body.shapes["brow"], stance), "hair", MID, flat=True))
    if outfit.wears("hood", "helmet"):
        return parts
    if outfit.hair not in COVERED_EAR:
        parts.append(Part(head_shape(body, body.shapes["ear"], stance), "skin_dark", MID, flat=True))
    parts.append(Part(head_shape(body, body.hair[outfit.hair], stance), "hair", NEAR))
    return parts + [Part(head_shape(body, lock, stance), "hair_dark", NEAR, flat=True) for lock in locks(outfit.hair)]


@lru_cache(maxsize=16)
def locks(style: str) -> tuple[Points, ...]:
    """Strands that follow the back of the hair, so that it is hair and no helmet."""
    hair = rig("bust").hair[style]
    crown = 0.012 - 0.948j
    drawn = []
    for share, first, last in ((0.84, 0.1, 0.5), (0.66, 0.16, 0.5), (0.46, 0.1, 0.5)):
        line = crown + (hair[int(first * len(hair)) : int(last * len(hair)) : 5] - crown) * share
        widths = [0.0036 * math.sin(math.pi * (place + 0.3) / len(line)) for place in range(len(line))]
        drawn.append(ribbon(list(line), widths))
    return tuple(drawn)


def _tails(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """The scarf's loose end, and a pack behind the shoulder."""
    parts = []
    if outfit.wears("backpack"):
        parts += [Part(trunk_shape(body, wardrobe.outlines()["backpack"] - 0.07 - 0.01j, stance), "backpack", FAR)]
    if outfit.wears("scarf"):
        root = on_trunk(body, -0.05 - 0.83j, stance.hip, stance.trunk)
        line = wardrobe.tail(root, 0.24, wardrobe.gust(stance, wind), t)
        parts.append(Part(ribbon(line, (0.036, 0.042, 0.048, 0.05, 0.052, 0.05, 0.046)), "scarf", MID, flat=True))
    return parts


def _umbrella(stance: Pose, outfit: Outfit, t: float, wind: float) -> list[Part]:
    if not outfit.wears("umbrella"):
        return []
    lean = -0.05 + 0.015 * math.sin(2.1 * t)
    top = complex(0.03, stance.hip.imag - 0.7)
    pole = np.array([top - 0.005, top + 0.005, top + 0.095 + 0.7j, top + 0.085 + 0.7j])
    return [Part(pole, "metal", FAR, flat=True), *props.canopy(top, 0.3, 0.16, lean)]


def _child(body: Rig, parts: list[Part]) -> list[Part]:
    """A child's head is larger against its shoulders."""
    neck = body.joints["neck"]
    return [
        replace(part, points=neck + (part.points - neck) * (1.25 if part.points.imag.mean() < -0.86 else 0.92))
        for part in parts
    ]


def cropped(parts: list[Part], bottom: float) -> list[Part]:
    """The parts cut off at that height; what lies wholly below is gone, unless nothing would be left."""
    kept = [part for part in parts if part.points.imag.min() < bottom]
    return [
        replace(part, points=part.points.real + 1j * np.minimum(part.points.imag, bottom)) for part in kept or parts
    ]  # fmt: skip


def framed(parts: list[Part]) -> list[Part]:
    """A bust without what would be far outside any close-up: the umbrella's ends, the scarf's."""
    kept = [part for part in parts if part.points.imag.max() > TOP]
    return cropped(
        [
            replace(part, points=np.clip(part.points.real, -SIDE, SIDE) + 1j * np.maximum(part.points.imag, TOP))
            for part in kept
        ],
        BOTTOM,
    )
