"""The troupe: the figures of a shot, painted frame by frame with their shadows and mirror images."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from adapters.video.animatic.blocking import LOOK, PEOPLE, Actor, measured
from adapters.video.animatic.camera import Camera, Pose
from adapters.video.animatic.canvas import Canvas
from adapters.video.animatic.figures import FigureLight, Sprite, sprite
from adapters.video.animatic.light import Light
from adapters.video.animatic.palette import eight_bit, mix
from adapters.video.animatic.spec import ShotSpec
from adapters.video.animatic.sprites import blurred, cast_shadow, enlarged, flipped, lay

WIND = {"storm": 1.0, "rain": 0.5, "snow": 0.45, "dust": 0.8, "petals": 0.4, "drizzle": 0.3}
BACK_SCALE = 4
"""The figure seen from behind is out of focus: drawn at a quarter of its size."""
LARGEST = 1500
"""Pixels of body height up to which a figure is drawn at its full size: larger ones are drawn smaller and enlarged."""


@dataclass(frozen=True)
class Troupe:
    """All figures of one shot, ready to be painted."""

    spec: ShotSpec
    camera: Camera
    light: Light
    actors: tuple[Actor, ...]
    shines: bool = False
    """Whether the ground mirrors them."""

    def paint(self, canvas: Canvas, pose: Pose, frame: int, near: bool) -> None:
        """Paint the figures on the ground, or (`near`) those before the lens."""
        for actor in self.actors:
            if actor.back == near:
                self._paint_one(canvas, pose, frame, actor)

    def boxes(self, frame: int) -> list[tuple[float, float, float, float]]:
        """Left, top, right, bottom of every figure that is seen whole, on the canvas."""
        pose = self.camera.pose(frame)
        return [self._box(pose, frame, actor) for actor in self.actors if not actor.back]

    def _box(self, pose: Pose, frame: int, actor: Actor) -> tuple[float, float, float, float]:
        one, (x, y) = self._sprite(pose, frame, actor, 1), self._foot(pose, frame, actor)
        rows, columns = np.nonzero(one.alpha > 24)
        left, top = x - one.foot[0], y - one.foot[1]
        return left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1

    def _foot(self, pose: Pose, frame: int, actor: Actor) -> tuple[float, float]:
        """The pixel on which it stands."""
        camera, near = self.camera, actor.depth
        level = self.level(actor) - actor.hover
        seen_x = (actor.at(camera.seconds(frame)) * near - pose.x) / (near - pose.z)
        seen_y = (level * near - pose.y) / (near - pose.z)
        across = camera.width / 2 + (seen_x * pose.zoom - pose.yaw) * camera.unit
        return across, camera.horizon_row(pose) + seen_y * pose.zoom * camera.unit

    def level(self, actor: Actor) -> float:
        """Where the feet of a figure are, units below the horizon."""
        camera, framing = self.camera, self.camera.framing
        if actor.back:
            head = (0.10 * camera.seen_height + (camera.height - camera.seen_height) / 2 - camera.horizon) / camera.unit
            return head + actor.height
        if framing.whole:
            return camera.foot
        if actor.hover:
            return (
                actor.hover
                + (camera.height * 0.46 - camera.horizon) / camera.unit
                + measured(actor.figure, False)[0] * actor.height / 2
            )
        if (
            actor.figure.kind in PEOPLE
            and actor.figure.kind != "stand_in"
            and actor.height > 0.63 * camera.figure_height
        ):
            return camera.foot - (camera.figure_height - actor.height)
        bottom = (camera.height - (camera.height - camera.seen_height) / 2 - camera.horizon) / camera.unit
        return bottom - 0.07 * camera.tall

    def _sprite(self, pose: Pose, frame: int, actor: Actor, divide: int) -> Sprite:
        camera = self.camera
        scale = actor.depth / (actor.depth - pose.z) * pose.zoom
        return sprite(
            actor.figure, camera.seconds(frame), height_px=actor.height * scale * camera.unit / divide,
            facing=actor.facing, bust=actor.bust, back=actor.back, light=self._light_on(actor),
            wind=WIND.get(self.spec.weather, 0.2), seed=LOOK,
        )  # fmt: skip

    def _light_on(self, actor: Actor) -> FigureLight:
        light = self.light
        body = mix(
            light.dark, mix(light.mid, light.light, 0.3), min(0.5, light.fill * (0.9 if not actor.back else 0.3))
        )
        haze = min(0.35, 0.05 + 0.10 * (light.thickness - 1)) if not actor.back else 0.0
        toward = 1.0 if light.sun[0] >= 0 else -1.0
        rim = mix(light.dark, light.rim, 0.45) if light.name == "overcast" or actor.back else light.rim
        return FigureLight(
            eight_bit(body),
            eight_bit(mix(body, light.light, min(0.92, 0.45 + 1.6 * light.fill))),
            eight_bit(rim),
            toward,
            -0.55,
            eight_bit(light.haze),
            haze,
        )

    def _paint_one(self, canvas: Canvas, pose: Pose, frame: int, actor: Actor) -> None:
        divide = BACK_SCALE if actor.back else math.ceil(self._pixels(pose, actor) / LARGEST)
        one, foot = self._sprite(pose, frame, actor, divide), self._foot(pose, frame, actor)
        if divide > 1 and not actor.back:
            one = enlarged(one, divide)
        if actor.back:
            one = blurred(one, max(1.5, 0.010 * self.camera.unit / BACK_SCALE), BACK_SCALE)
        elif self.camera.framing.whole:
            cast_shadow(canvas, foot, actor, self._pixels(pose, actor), self.light)
            if self.shines:
                lay(canvas, flipped(one), foot, 96)
        lay(canvas, one, foot)

    def _pixels(self, pose: Pose, actor: Actor) -> float:
        return actor.height * pose.zoom / (1 - pose.z) * self.camera.unit
