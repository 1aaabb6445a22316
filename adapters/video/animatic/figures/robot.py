"""A robot, and the wooden lay figure that carries a card: a person's joints, other parts."""

from __future__ import annotations

import math

from adapters.video.animatic.figures.biped import Pose, head_shape, on_trunk, trunk_shape
from adapters.video.animatic.figures.outline import ellipse
from adapters.video.animatic.figures.parts import MID, NEAR, Part
from adapters.video.animatic.figures.person import dressed_parts, pose_of, seat_parts
from adapters.video.animatic.figures.rigs import Rig, rig
from adapters.video.animatic.figures.traits import Outfit


def robot_parts(kind: str, gait: str, outfit: Outfit, t: float, wind: float) -> list[Part]:
    """A robot at `t` seconds."""
    body = rig(kind)
    stance = pose_of(body, gait, outfit, t)
    parts = dressed_parts(body, stance, outfit, t, wind)
    head = ["antenna:marks", "visor:dark", "bolt:marks"]
    chest = ["panel:marks", "dial:shine"] if not outfit.cuts else []
    marks = [_mark(body, stance, row, on_head=False) for row in chest] + [
        _mark(body, stance, row, on_head=True) for row in head
    ]
    if 0.5 + 0.5 * math.sin(2.4 * t) > 0.06:
        marks.append(_mark(body, stance, "lamp:screen", on_head=True))
    seat = seat_parts(body) if gait == "sit" else []
    return seat + _before_near_arm(parts, marks) + _joints(stance)


def mannequin_parts(gait: str, outfit: Outfit, t: float, wind: float) -> tuple[list[Part], complex]:
    """The lay figure at `t` seconds, and where the middle of its card is."""
    body = rig("mannequin")
    stance = pose_of(body, gait, outfit, t)
    card = on_trunk(body, 0.02 - 0.7j, stance.hip, stance.trunk)
    seat = seat_parts(body) if gait == "sit" else []
    return [*seat, *dressed_parts(body, stance, outfit, t, wind), *_joints(stance)], card


def _mark(body: Rig, stance: Pose, row: str, *, on_head: bool) -> Part:
    name, role = row.split(":")
    carry = head_shape if on_head else trunk_shape
    return Part(carry(body, body.shapes[name], stance), role, MID, flat=True)


def _before_near_arm(parts: list[Part], marks: list[Part]) -> list[Part]:
    """The marks right above the trunk, below hats and the near arm."""
    place = next(
        (i for i, part in enumerate(parts) if part.role == "skin" and part.depth == MID and len(part.points) > 60), None
    )
    cut = len(parts) if place is None else place + 1
    return [*parts[:cut], *marks, *parts[cut:]]


def _joints(stance: Pose) -> list[Part]:
    """The pivots of the near side."""
    places = ((stance.near.knee, 0.026), (stance.arm.elbow, 0.022), (stance.arm.shoulder, 0.03))
    return [Part(ellipse(at, size, size), "marks", NEAR, flat=True) for at, size in places]
