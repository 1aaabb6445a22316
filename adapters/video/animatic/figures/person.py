"""A person from the side, dressed: the parts of a pose, the farthest first."""

from __future__ import annotations

import cmath
import math
from dataclasses import replace

from adapters.video.animatic.figures import props, wardrobe
from adapters.video.animatic.figures.biped import Arm, Leg, Pose, head_shape, on_trunk, pose, trunk_shape
from adapters.video.animatic.figures.outline import Points, ellipse, limb, turned
from adapters.video.animatic.figures.parts import FAR, MID, NEAR, Part, moved
from adapters.video.animatic.figures.rigs import Rig, rig
from adapters.video.animatic.figures.traits import Outfit

CHILD_HEAD = 1.5
"""A child's head against a grown-up's on the same body."""
CHILD_PACE = 1.22
CHILD_SIZE = 1 / (0.86 + 0.14 * CHILD_HEAD)


BOOT = 0.45
"""From where along the shank a boot covers it."""


def person_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """A person or a child at `t` seconds."""
    body = rig("person")
    child = kind == "child"
    stance = pose_of(body, gait, outfit, t * (CHILD_PACE if child else 1))
    parts = dressed_parts(body, stance, outfit, t, wind, head=CHILD_HEAD if child else 1.0)
    parts = parts if gait != "sit" else [*seat_parts(body), *parts]
    return moved(parts, scale=CHILD_SIZE) if child else parts


def pose_of(body: Rig, gait: str, outfit: Outfit, t: float) -> Pose:
    """The pose, with the arms where the thing in the hand needs them."""
    return props.holding(body, pose(body, gait, t, swagger=outfit.swagger), outfit, t)


def dressed_parts(body: Rig, stance: Pose, outfit: Outfit, t: float, wind: float, *, head: float = 1.0) -> list[Part]:
    """Somebody in that pose, the farthest part first; `head` enlarges the head."""
    parts = [*wardrobe.behind(body, stance, outfit, t, wind), *_arm(body, stance.far_arm, stance, FAR, outfit)]
    parts += [*_leg(body, stance.far, FAR, outfit), *_leg(body, stance.near, MID, outfit)]
    parts += _trunk(body, stance, outfit)
    parts += wardrobe.over(body, stance, outfit, t, wind)
    above = [*_head(body, stance, outfit), *wardrobe.on_head(body, stance, outfit, t, wind)]
    if head != 1.0:
        neck = on_trunk(body, body.joints["head"] + 0.012j, stance.hip, stance.trunk)
        above = [replace(part, points=neck + (part.points - neck) * head) for part in above]
    parts += above
    parts += props.under_arm(body, stance, outfit, t, wind)
    parts += _arm(body, stance.arm, stance, NEAR, outfit)
    return parts + props.in_hand(body, stance, outfit, t, wind)


def _leg(body: Rig, leg: Leg, depth: int, outfit: Outfit) -> list[Part]:
    foot = body.joints["hip"].imag / -0.492
    ankle = -0.048j * foot
    profiles = body.profiles
    return [
        Part(turned(body.shapes["toe"], 0.066 * foot - 0.012j, leg.toe, _ball(leg, foot)), "shoes", depth, flat=True),
        Part(turned(body.shapes["foot"], ankle, leg.pitch, leg.ankle), "shoes", depth, flat=True),
        Part(limb(leg.knee, leg.ankle, profiles["shank"]), "leg", depth),
        *([Part(_shaft(body, leg), "shoes", depth, flat=True)] if outfit.wears("shoes") else []),
        Part(limb(leg.hip, leg.knee, profiles["thigh"]), "leg", depth),
    ]


def _shaft(body: Rig, leg: Leg) -> Points:
    """The leg of a boot: the lower part of the shank, a little wider."""
    top = leg.knee + (leg.ankle - leg.knee) * BOOT
    rows = [row for row in body.profiles["shank"] if row[0] >= BOOT]
    return limb(top, leg.ankle, tuple(((s - BOOT) / (1 - BOOT), f * 1.12, b * 1.12) for s, f, b in rows))


def _ball(leg: Leg, foot: float) -> complex:
    return leg.ankle + (0.066 * foot - 0.012j + 0.048j * foot) * cmath.exp(1j * leg.pitch)


def _arm(body: Rig, arm: Arm, stance: Pose, depth: int, outfit: Outfit) -> list[Part]:
    fore = arm.wrist - arm.elbow
    turn = cmath.phase(fore) - math.pi / 2
    upper = "skin" if outfit.wears("dress") else "sleeve"
    return [
        Part(turned(body.shapes["hand"], 0j, turn, arm.wrist), "hand", depth, flat=True),
        Part(limb(arm.elbow, arm.wrist, body.profiles["forearm"]), upper, depth),
        Part(limb(arm.shoulder, arm.elbow, body.profiles["upper_arm"]), upper, depth),
    ]


def _trunk(body: Rig, stance: Pose, outfit: Outfit) -> list[Part]:
    return [
        Part(trunk_shape(body, body.shapes["neck"], stance), "skin", MID, flat=True),
        Part(trunk_shape(body, body.shapes["torso"], stance, outfit.build), "torso", MID),
    ]


def _head(body: Rig, stance: Pose, outfit: Outfit) -> list[Part]:
    parts = [Part(head_shape(body, body.shapes["head"], stance), "skin", MID)]
    if outfit.hair and not outfit.wears("hood", "helmet"):
        parts.append(Part(head_shape(body, body.hair[outfit.hair], stance), "hair", NEAR))
    return parts


def seat_parts(body: Rig) -> list[Part]:
    """Something to sit on."""
    top = -0.3 * abs(body.joints["hip"].imag) / 0.492 + 0.052
    legs = [Part(ellipse(complex(x, top / 2), 0.012, -top / 2), "wood", FAR) for x in (-0.17, -0.02)]
    return [*legs, Part(ellipse(complex(-0.095, top + 0.012), 0.115, 0.02), "wood", FAR)]
