"""Blocking: where the figures of a shot stand, how large they are, which way they look and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adapters.video.animatic.camera import Camera, Subject
from adapters.video.animatic.figures import FigureLight, altitude, natural_height, sprite, stride_speed
from adapters.video.animatic.spec import Figure, ShotSpec

PERSON = 1.75
"""Metres: the height that the framings are made for."""
BESIDE = 0.75
"""How much of the true proportion is kept between two figures: all of it (1) would lose a bird beside a horse."""
PEOPLE = ("person", "child", "robot", "stand_in", "crowd")
LOOK = 0
"""The chance of a figure's looks: always the same, so that a name looks the same in every place and take."""
MEASURED = 96
"""Pixels of the sprite by which a figure is measured."""


@dataclass(frozen=True)
class Actor:
    """One figure of the shot. Lengths in units at depth 1."""

    figure: Figure
    height: float
    x: float
    """Where it stands at the start."""
    speed: float
    facing: int
    bust: bool = False
    back: bool = False
    depth: float = 1.0
    hover: float = 0.0
    """How high above the ground."""

    def at(self, seconds: float) -> float:
        """Where it is along the ground."""
        return self.x + self.speed * seconds


@lru_cache(maxsize=64)
def measured(figure: Figure, bust: bool) -> tuple[float, float, float]:
    """How far a figure reaches above, left and right of its feet, in its own heights, over one stride."""
    light = FigureLight((0, 0, 0), (9, 9, 9), (9, 9, 9), 1, -1, (0, 0, 0), 0)
    up, left, right = 0.0, 0.0, 0.0
    for step in range(4):
        one = sprite(
            figure, step * 0.31, height_px=MEASURED, facing=1, bust=bust, back=False, light=light, wind=0.5, seed=LOOK
        )
        rows, columns = np.nonzero(one.alpha > 24)
        if len(rows):
            up = max(up, (one.foot[1] - float(rows.min())) / MEASURED)
            left = max(left, (one.foot[0] - float(columns.min())) / MEASURED)
            right = max(right, (float(columns.max()) - one.foot[0]) / MEASURED)
    return up, left, right


def cast_of(spec: ShotSpec, camera: Camera) -> tuple[Actor, ...]:
    """The figures of a shot, from far to near."""
    figures = spec.figures[:3] if spec.arrangement != "none" else ()
    if not figures:
        return ()
    if spec.arrangement == "over_shoulder" and len(figures) > 1:
        return _over_the_shoulder(spec, camera, figures[1], figures[0])
    if len(figures) > 1:
        return _side_by_side(spec, camera, figures)
    return (_alone(spec, camera, figures[0]),)


def subject_of(actors: Sequence[Actor], camera: Camera) -> Subject:
    """What the camera follows: the figures as one."""
    facing = [actor for actor in actors if not actor.back]
    if not facing:
        return Subject()
    tallest = max(actor.height * (measured(actor.figure, actor.bust)[0] + _above(actor)) for actor in facing)
    speeds = [actor.speed for actor in facing]
    speed = speeds[0] if max(speeds) - min(speeds) < 1e-6 else 0.0
    return Subject(tallest, speed, sum(actor.x for actor in facing) / len(facing) if speed else 0.0)


def _above(actor: Actor) -> float:
    return actor.hover / actor.height if actor.height else 0.0


def _size(spec: ShotSpec, camera: Camera, figure: Figure) -> tuple[float, bool]:
    """Height in units, and whether only a bust is drawn."""
    framing, natural = camera.framing, natural_height(figure)
    if framing.other and figure.kind not in PEOPLE:
        return _within(camera, figure, framing.other * camera.tall**0.5, False), False
    height = camera.figure_height * (natural / PERSON) ** (1 - framing.fit)
    bust = framing.bust and figure.kind in ("person", "child", "robot")
    if framing.whole or (framing.other and figure.kind in ("stand_in", "crowd")):
        height = min(height, framing.other or height) if figure.kind == "stand_in" and framing.other else height
        return _within(camera, figure, height, False), False
    return height, bust


def _within(camera: Camera, figure: Figure, height: float, bust: bool) -> float:
    """No larger than that the whole figure fits into the picture, with a little air."""
    up, left, right = measured(figure, bust)
    room_up = 0.88 * camera.tall * (1.0 if camera.framing.whole else 1.1)
    room_across = (0.80 if camera.framing.whole else 0.95) * camera.seen_width / camera.unit
    zoom = 1.12 if camera.spec.move not in ("zoom_in", "zoom_out") else 1.3
    return min(height, room_up / max(up, 0.1) / zoom, room_across / max(left + right, 0.1) / zoom)


def _speed(spec: ShotSpec, figure: Figure, height: float) -> float:
    return stride_speed(figure) * height * _facing(spec)


def _facing(spec: ShotSpec) -> int:
    way = {"track_left": -1, "track_right": 1}.get(spec.move, spec.direction)
    return 1 if way >= 0 else -1


def _alone(spec: ShotSpec, camera: Camera, figure: Figure) -> Actor:
    height, bust = _size(spec, camera, figure)
    facing, room = _facing(spec), camera.seen_width / camera.unit / 2
    speed = _speed(spec, figure, height)
    follows = spec.move in ("track_left", "track_right") or not camera.framing.whole
    aside = min(0.04 if bust or camera.figure_height > 1.3 else 0.16, 0.2 * room)
    x = -facing * (aside if not speed or follows else 0.5 * room)
    return Actor(figure, height, x, speed, facing, bust, hover=altitude(figure) * height)


def _side_by_side(spec: ShotSpec, camera: Camera, figures: Sequence[Figure]) -> tuple[Actor, ...]:
    """All in the frame, apart, on the same ground; they face each other unless they go."""
    room = camera.seen_width / camera.unit / 2
    sizes = _together(spec, camera, figures)
    shrink = min(
        1.0, 1.75 * room / (sum(_breadth(figure, *size) for figure, size in zip(figures, sizes, strict=True)) + 0.1)
    )
    walking = [figure for figure in figures if stride_speed(figure)]
    speed = min((_speed(spec, figure, size[0] * shrink) for figure, size in zip(figures, sizes, strict=True)), key=abs)
    speed = speed if len(walking) == len(figures) else 0.0
    places = np.linspace(-0.52, 0.52, len(figures)) * min(room, 0.9)
    return tuple(
        Actor(
            figure, size * shrink, float(place), speed, _facing(spec) if speed else (1 if place < 0 else -1), bust,
            hover=altitude(figure) * size * shrink,
        )
        for figure, (size, bust), place in zip(figures, sizes, places, strict=True)
    )  # fmt: skip


def _together(spec: ShotSpec, camera: Camera, figures: Sequence[Figure]) -> list[tuple[float, bool]]:
    """Sizes beside each other: where figures are seen whole, a cat stays a cat beside a skater (if a rather large one)."""
    sizes = [_size(spec, camera, figure) for figure in figures]
    if not camera.framing.whole:
        return sizes
    largest = max(range(len(figures)), key=lambda at: natural_height(figures[at]))
    whole, natural = sizes[largest][0], natural_height(figures[largest])
    return [
        (min(size, whole * (natural_height(figure) / natural) ** BESIDE), bust)
        for figure, (size, bust) in zip(figures, sizes, strict=True)
    ]


def _breadth(figure: Figure, height: float, bust: bool) -> float:
    _, left, right = measured(figure, bust)
    return height * (left + right)


def _over_the_shoulder(spec: ShotSpec, camera: Camera, far: Figure, near: Figure) -> tuple[Actor, ...]:
    """`near` large at the edge, from behind and out of focus; `far` facing it."""
    room, side = camera.seen_width / camera.unit / 2, -spec.direction
    height, bust = _size(spec, camera, far)
    other = Actor(far, height, -side * 0.20 * room, 0.0, side, bust, hover=altitude(far) * height)
    large = max(camera.figure_height * 1.45, 2.6 * camera.tall**0.4)
    return other, Actor(near, large, side * 0.66 * room, 0.0, -side, bust=True, back=True, depth=0.7)
