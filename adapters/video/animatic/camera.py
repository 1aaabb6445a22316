"""The camera: where it stands, what it sees, how it moves. Units: the shorter side of the picture; depth 1 is the subject.

A point at `depth`, with the world's (x, y) around the horizon's middle, is seen at ``spread(depth) * (x, y)`` at rest: a
longer lens stands further back, so that what is far grows and the subject stays (the dolly zoom, exactly).
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from adapters.video.animatic.light import DATA
from adapters.video.animatic.spec import FPS, ShotSpec

SAFE = 0.035
"""Nothing of a whole figure comes nearer to the edge, in heights of the picture."""
DUTCH = 4.0
"""Degrees."""


@dataclass(frozen=True)
class Framing:
    """One row of ``data/framings.toml``."""

    height: float
    horizon: float
    reach: float
    fit: float
    foot: float | None = None
    head: float | None = None
    whole: bool = False
    bust: bool = False
    other: float = 0.0


@cache
def framings() -> dict[str, Framing]:
    """The framings by name."""
    rows: dict[str, dict[str, Any]] = tomllib.loads((DATA / "framings.toml").read_text(encoding="utf-8"))
    return {name: Framing(**row) for name, row in rows.items()}


@dataclass(frozen=True)
class Pose:
    """The camera at one frame: place (x, y up is negative, z forward) and shifts of the picture, all in units."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    zoom: float = 1.0
    smear: float = 0.0
    """How far a whip smears sideways, in units."""


@dataclass(frozen=True)
class Subject:
    """What the camera has to know of the figure it follows, in units of the picture at depth 1."""

    height: float = 0.0
    """From the ground to the top of all that is worn; 0: nobody."""
    speed: float = 0.0
    """Along the ground, units a second, signed."""
    start: float = 0.0
    """Where it stands when the first take begins."""

    def at(self, seconds: float) -> float:
        """Its place along the ground."""
        return self.start + self.speed * seconds


@dataclass(frozen=True)
class Camera:
    """The camera of one shot. `width` and `height` are the picture's, in pixels, without bars; both even."""

    spec: ShotSpec
    width: int
    height: int
    subject: Subject = field(default_factory=Subject)

    @property
    def framing(self) -> Framing:
        """The framing's row."""
        return framings()[self.spec.framing]

    @property
    def unit(self) -> float:
        """Pixels of one unit."""
        return float(min(self.seen_width, self.seen_height))

    @property
    def roll(self) -> float:
        """Degrees by which the picture is turned; it is painted larger for that."""
        return DUTCH * self.spec.direction if self.spec.angle == "dutch" else 0.0

    @property
    def seen_width(self) -> int:
        """Pixels that are seen of the width: all, unless the picture is turned."""
        return self.width if not self.roll else even(self.width / self._overscan)

    @property
    def seen_height(self) -> int:
        """Pixels that are seen of the height."""
        return self.height if not self.roll else even(self.height / self._overscan)

    @property
    def _overscan(self) -> float:
        return overscan(self.width / self.height)

    @property
    def tall(self) -> float:
        """How much higher than wide: 1 in wide and square frames."""
        return self.seen_height / self.unit

    @property
    def figure_height(self) -> float:
        """Body height of a person, in units."""
        angle = {"low": 1.05, "high": 0.94, "overhead": 0.82}.get(self.spec.angle, 1.0)
        return float(self.framing.height * angle * self.tall ** (0.7 if not self.framing.bust else 0.45))

    @property
    def horizon(self) -> float:
        """The horizon's place from the top of the whole canvas, pixels, with the camera at rest."""
        shift = {"low": 0.15, "high": -0.15, "overhead": -0.33}.get(self.spec.angle, 0.0)
        return (self.height - self.seen_height) / 2 + self.seen_height * (self.framing.horizon + shift)

    @property
    def foot(self) -> float:
        """Where a person's feet stand, units below the horizon."""
        top = (self.height - self.seen_height) / 2
        if self.framing.foot is not None:
            return (top + self.framing.foot * self.seen_height - self.horizon) / self.unit
        head = top + (self.framing.head or 0.0) * self.seen_height
        return (head - self.horizon) / self.unit + self.figure_height

    @property
    def lens(self) -> float:
        """How many times as far back as with 28 mm the camera stands."""
        return float((self.spec.lens / 28) ** 0.55 * self.tall**0.6)

    def depth(self, depth: float) -> float:
        """A depth as this lens sees it: 1 stays 1, further is nearer with a longer lens."""
        return 1 + (depth - 1) / self.lens

    def spread(self, depth: float) -> float:
        """How large what is at that depth looks, against 28 mm."""
        return depth / self.depth(depth)

    @property
    def lift(self) -> float:
        """How much what rises above the horizon is stretched, so that tall frames are filled."""
        return float(self.tall**0.45)

    def ground(self, depth: float) -> float:
        """Where level ground lies at that depth, in the world's y (before `spread`)."""
        return min(self.foot, 1.1) / depth

    def blur(self, depth: float) -> float:
        """Radius of the circle of confusion, pixels."""
        magnified = (self.figure_height / 0.37) ** 0.9 * (self.spec.lens / 28) ** 0.5
        infinity = min(0.0017 * magnified * (8 / self.spec.aperture) ** 0.9, 0.026) * self.unit
        away = self.depth(depth) if depth > 1 else depth
        return float(infinity * abs(1 - 1 / max(away, 0.2)) * (1.0 if depth > 1 else 0.6))

    def seconds(self, frame: int) -> float:
        """Time since the first take of this shot began: takes that extend another go on where it ended."""
        return self.spec.starts_at + frame / FPS

    def subject_at(self, frame: int) -> float:
        """Where the followed figure is along the ground, units."""
        return self.subject.at(self.seconds(frame))

    def pose(self, frame: int) -> Pose:
        """The camera at a frame of this take."""
        seconds = self.seconds(frame)
        from adapters.video.animatic.moves import followed, moved

        pose = followed(self, moved(self, seconds), frame)
        return self._kept_whole(pose) if self.framing.whole and self.subject.height else pose

    def across(self, pose: Pose, depth: float, x: float) -> float:
        """Pixel column of the world's x at a depth."""
        near = self.depth(depth)
        seen = (x * self.spread(depth) * near - pose.x) / (near - pose.z)
        return self.width / 2 + (seen * pose.zoom - pose.yaw) * self.unit

    def down(self, pose: Pose, depth: float, y: float) -> float:
        """Pixel row of the world's y (without `lift`) at a depth."""
        near = self.depth(depth)
        seen = (y * self.spread(depth) * near - pose.y) / (near - pose.z)
        return self.horizon_row(pose) + seen * pose.zoom * self.unit

    def horizon_row(self, pose: Pose) -> float:
        """Pixel row of the horizon."""
        about_middle = (self.horizon - self.height / 2) * (pose.zoom - 1)
        return self.horizon + about_middle + pose.pitch * self.unit

    def scale(self, pose: Pose, depth: float) -> float:
        """How much larger than at rest what is at that depth looks."""
        near = self.depth(depth)
        return near / (near - pose.z) * pose.zoom

    def span(self, depth: float) -> tuple[float, float, float, float, float]:
        """The world that is seen at a depth in the course of the shot: left, right, top, bottom (y before lift), largest scale."""
        corners = [self._corners(self.pose(frame), depth) for frame in self._samples()]
        left, right, top, bottom, scale = zip(*corners, strict=True)
        return min(left), max(right), min(top), max(bottom), max(scale)

    def _samples(self) -> list[int]:
        last = max(self.spec.frames - 1, 0)
        return sorted({*range(0, last + 1, 6), last})

    def _corners(self, pose: Pose, depth: float) -> tuple[float, float, float, float, float]:
        scale = self.scale(pose, depth) * self.spread(depth) * self.unit
        left, row = self.across(pose, depth, 0.0), self.down(pose, depth, 0.0)
        return (
            -left / scale,
            (self.width - left) / scale,
            -row / scale,
            (self.height - row) / scale,
            self.scale(pose, depth),
        )

    def _kept_whole(self, pose: Pose) -> Pose:
        """Tilted just enough that head and feet stay in the picture: what an operator does without being asked."""
        edge = (self.height - self.seen_height) / 2 + SAFE * self.seen_height
        foot = self.down(pose, 1.0, self.foot)
        head = foot - self.subject.height * self.scale(pose, 1.0) * self.unit
        lift = min(0.0, self.height - edge - foot)
        lift = max(lift, edge - head) if head + lift < edge else lift
        return replace(pose, pitch=pose.pitch + lift / self.unit)


def even(value: float) -> int:
    """The nearest even number of pixels."""
    return round(value / 2) * 2


def overscan(aspect: float) -> float:
    """How much larger a picture has to be painted to be turned by the dutch angle without empty corners."""
    turn = math.radians(DUTCH)
    return math.cos(turn) + math.sin(turn) * max(aspect, 1 / aspect)
