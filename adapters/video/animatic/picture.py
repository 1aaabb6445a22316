"""One shot, ready to be filmed: everything that stands still is built once, every frame is a pure function of its number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from adapters.video.animatic import places
from adapters.video.animatic.atmosphere import Mist, Shafts, Sunbeams, mist_of, reflect, shafts_of, sunbeams_of
from adapters.video.animatic.blocking import cast_of, subject_of
from adapters.video.animatic.burn_in import BurnIn, bars_of
from adapters.video.animatic.camera import Camera, Pose
from adapters.video.animatic.canvas import Canvas, Plane
from adapters.video.animatic.grade import Finish, limited
from adapters.video.animatic.light import light_of
from adapters.video.animatic.sky import Sky, sky_of
from adapters.video.animatic.spec import ShotSpec
from adapters.video.animatic.stage import Spark, Stage
from adapters.video.animatic.troupe import Troupe
from adapters.video.animatic.weather import Motes, Rain, flash, motes_of, rain_of

FAR = 3.0
"""What is nearer stands before the mist and the mirror."""


@dataclass(frozen=True)
class Air:
    """All that is soft between things and the lens."""

    mist: Mist | None
    sunbeams: Sunbeams | None
    shafts: Shafts | None
    rain: Rain | None
    motes: Motes | None


class Picture:
    """The picture of one shot. Safe to use from several threads once it is built."""

    def __init__(self, spec: ShotSpec) -> None:
        self.spec = spec
        self.burn_in = BurnIn(spec)
        self.light = light_of(spec)
        top, bottom = bars_of(spec.width, spec.height)
        size = (spec.width, spec.height - top - bottom)
        still = Camera(spec, *size)
        actors = cast_of(spec, still)
        self.camera = Camera(spec, *size, subject_of(actors, still))
        self.stage = Stage(spec, self.light, self.camera)
        places.builder(spec.place)(self.stage)
        self.stage.layers.sort(key=lambda layer: -layer.depth)
        self.troupe = Troupe(spec, self.camera, self.light, actors, self._wet_ground())
        self.sky = self._sky()
        self.air = self._air()
        self.finish = Finish(spec, self.light, *size)
        self.finish.apply(Canvas(*size), 0)

    def _wet_ground(self) -> bool:
        return self.stage.mirror is not None and self.stage.mirror.smear > 0

    def _sky(self) -> Sky | None:
        if self.stage.sky == "none":
            return None
        return sky_of(self.spec, self.light, self.camera, self.stage.sky == "space")

    def _air(self) -> Air:
        spec, camera, stage = self.spec, self.camera, self.stage
        open_air = not stage.indoors and stage.sky == "open"
        sun = self.sky.sun if self.sky else (camera.width / 2, 0.0)
        shallow = spec.aperture < 4 or camera.figure_height > 1.2
        return Air(
            mist_of(spec, self.light, camera) if open_air and stage.mist else None,
            sunbeams_of(spec, self.light, camera, sun) if open_air else None,
            shafts_of(spec, self.light, camera, stage.openings),
            rain_of(spec, camera.width, camera.height, camera.unit) if open_air else None,
            motes_of(spec, self.light, camera.unit, stage.motes, shallow),
        )

    def frame(self, number: int) -> Canvas:
        """Frame `number` with its bars, full range."""
        pose, seconds = self.camera.pose(number), self.camera.seconds(number)
        canvas = self._painted(pose, number, seconds)
        self._lens(canvas, pose, seconds)
        self.finish.apply(canvas, number)
        self.burn_in.subtitles(canvas, number)
        return self.burn_in.frame(canvas, number)

    def planes(self, number: int) -> tuple[Plane, Plane, Plane]:
        """Frame `number` as an encoder wants it."""
        return limited(self.frame(number))

    def _painted(self, pose: Pose, number: int, seconds: float) -> Canvas:
        canvas = Canvas(self.camera.width, self.camera.height)
        limits = self._limits(pose)
        shift = (-pose.yaw * self.camera.unit, self.camera.horizon_row(pose) - self.camera.horizon)
        if self.sky is not None:
            self.sky.paint(canvas, pose, seconds, min([*limits, canvas.height]) if limits else canvas.height)
        near = [index for index, layer in enumerate(self.stage.layers) if layer.depth < FAR]
        first = near[0] if near else len(self.stage.layers)
        self._layers(canvas, pose, slice(0, first), limits)
        self._sparks(canvas, pose, seconds)
        self._middle(canvas, pose, seconds, shift)
        behind = next((index for index in near if self.stage.layers[index].depth < 1), len(self.stage.layers))
        self._layers(canvas, pose, slice(first, behind), limits)
        if self.air.shafts:
            self.air.shafts.paint(canvas, seconds, shift, 0.75)
        self.troupe.paint(canvas, pose, number, near=False)
        self._layers(canvas, pose, slice(behind, None), limits)
        self._front(canvas, seconds, shift)
        self.troupe.paint(canvas, pose, number, near=True)
        return canvas

    def _limits(self, pose: Pose) -> list[int]:
        """Down to which row each layer can be seen: below, nearer ones hide it."""
        limits: list[int] = []
        lowest = self.camera.height
        for layer in reversed(self.stage.layers):
            limits.append(lowest)
            lowest = min(lowest, layer.covers_from(self.camera, pose))
        return limits[::-1]

    def _layers(self, canvas: Canvas, pose: Pose, which: slice, limits: list[int]) -> None:
        for layer, bottom in zip(self.stage.layers[which], limits[which], strict=True):
            layer.paint(canvas, self.camera, pose, bottom)

    def _middle(self, canvas: Canvas, pose: Pose, seconds: float, shift: tuple[float, float]) -> None:
        """Between what is far and what is near: the mirror, the mist."""
        mirror = self.stage.mirror
        if mirror is not None:
            sun = self.sky.sun[0] + shift[0] if self.sky and self.light.sun[2] > 0 else None
            reflect(canvas, mirror, horizon=self.camera.horizon_row(pose), seconds=seconds, sun=sun, light=self.light)
        if self.air.mist:
            self.air.mist.paint(canvas, seconds, shift, 0.8)

    def _front(self, canvas: Canvas, seconds: float, shift: tuple[float, float]) -> None:
        """Before the figures: beams, thin mist, what falls and floats."""
        air = self.air
        if air.shafts:
            air.shafts.paint(canvas, seconds, shift, 0.28)
        if air.sunbeams:
            air.sunbeams.paint(canvas, seconds, shift, 1.0)
        if air.mist and self.spec.weather == "fog":
            air.mist.paint(canvas, seconds * 1.7 + 3, (shift[0] * 1.6, shift[1]), 0.4)
        if air.rain:
            air.rain.paint(canvas, seconds, shift)
        if air.motes:
            air.motes.paint(canvas, seconds, shift)

    def _sparks(self, canvas: Canvas, pose: Pose, seconds: float) -> None:
        for spark in self.stage.sparks:
            self._spark(canvas, pose, seconds, spark)

    def _spark(self, canvas: Canvas, pose: Pose, seconds: float, spark: Spark) -> None:
        radius = max(spark.radius * self.camera.unit, self.camera.blur(spark.depth))
        size = int(radius * 2.5) // 2 * 2 + 2
        span = 3.0
        place = (spark.x + spark.speed * seconds + span / 2) % span - span / 2
        x = int(self.camera.across(pose, spark.depth, place)) // 2 * 2 - size
        y = int(self.camera.down(pose, spark.depth, spark.y)) // 2 * 2 - size
        if x >= 0 and x + 2 * size <= canvas.width and y >= 0 and y + 2 * size <= canvas.height:
            away = np.hypot(*np.mgrid[-size:size, -size:size]) / radius
            glow = (
                np.clip(1.15 - away, 0, 0.8)
                if self.camera.blur(spark.depth) > 2
                else np.exp(-(away**2)) + 0.3 * np.exp(-away)
            )
            canvas.shine((np.clip(glow, 0, 1) * 230).astype(np.uint8), spark.colour, x, y)

    def _lens(self, canvas: Canvas, pose: Pose, seconds: float) -> None:
        """What the camera itself does: the smear of a whip, the dutch angle; and lightning, which is everywhere."""
        if (bright := flash(self.spec, seconds)) > 0:
            lifted = canvas.y + (canvas.y * np.float32(0.55 * bright)) + np.float32(26 * bright)
            canvas.y[...] = np.minimum(lifted, 255)
        smear = pose.smear * self.camera.unit
        for plane, share in zip(canvas.planes, (1.0, 0.5, 0.5), strict=True):
            if smear > 1:
                plane[...] = np.asarray(Image.fromarray(plane).filter(ImageFilter.BoxBlur((smear * share / 2, 0))))
            if self.camera.roll:
                turned = Image.fromarray(plane).rotate(self.camera.roll, Image.Resampling.BILINEAR)
                plane[...] = _cropped(turned, self.camera.seen_width / self.camera.width)


def _cropped(picture: Image.Image, share: float) -> Plane:
    """The middle of a picture, brought to its full size."""
    wide, high = picture.size
    x, y = wide * (1 - share) / 2, high * (1 - share) / 2
    return np.asarray(picture.resize((wide, high), Image.Resampling.BILINEAR, box=(x, y, wide - x, high - y)))
