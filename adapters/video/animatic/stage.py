"""The stage: what a place is given to build on, and what it leaves there for the renderer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from adapters.video.animatic.camera import Camera
from adapters.video.animatic.layers import Layer
from adapters.video.animatic.light import Light
from adapters.video.animatic.noise import stream
from adapters.video.animatic.palette import Colour
from adapters.video.animatic.sheets import Sheet
from adapters.video.animatic.spec import ShotSpec

WET = ("rain", "storm", "drizzle")


@dataclass(frozen=True)
class Thing:
    """One ridge, tree, building … and where it stands in the world: the same in every shot of the place."""

    kind: str
    depth: float
    x: float
    width: float
    height: float


@dataclass(frozen=True)
class Opening:
    """A window that lets light in: its middle and size in the world at `depth`."""

    depth: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mirror:
    """Water, wet asphalt, ice: everything below the horizon shows what is above it."""

    strength: float
    tint: Colour
    ripple: float
    """How much it moves, about pixels."""
    smear: float = 0.0
    """How far lights are drawn out downwards: wet ground more than water."""
    glitter: float = 0.0
    """Sparks on the water below the sun."""


@dataclass(frozen=True)
class Spark:
    """A light that travels along the ground: headlamps, a train, a boat's lantern. World units and seconds."""

    depth: float
    y: float
    x: float
    speed: float
    radius: float
    colour: Colour


@dataclass
class Stage:
    """Bare at first; a place's ``build(stage)`` puts layers on it."""

    spec: ShotSpec
    light: Light
    camera: Camera
    layers: list[Layer] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    sparks: list[Spark] = field(default_factory=list)
    mirror: Mirror | None = None
    sky: Literal["open", "space", "none"] = "open"
    motes: bool = False
    """Whether dust hangs in the air, as indoors."""
    mist: bool = True
    """Whether mist may lie in the distance."""
    indoors: bool = False

    def rng(self, *names: object) -> np.random.Generator:
        """Chance of the place: the same in every shot of it, whatever the camera and the hour."""
        return stream(self.spec.place_seed, self.spec.place, *names)

    def sheet(self, depth: float, top: float, bottom: float, fine: float = 2.0) -> Sheet:
        """A sheet for a layer at a depth, between two heights (up is negative) of the world."""
        return Sheet(self.camera, depth, top, bottom, fine)

    def put(self, sheet: Sheet, fill: Colour | None = None) -> None:
        """The finished sheet as a layer; `fill` goes on below it."""
        self.layers.append(sheet.layer(fill))

    def note(self, kind: str, depth: float, x: float, width: float, height: float) -> None:
        """Remember where something stands."""
        self.things.append(Thing(kind, depth, x, width, height))

    def ground(self, depth: float) -> float:
        """Where level ground lies at a depth, in the world's y."""
        return self.camera.ground(depth)

    @property
    def wet(self) -> bool:
        """Whether it rains."""
        return self.spec.weather in WET

    @property
    def snowy(self) -> bool:
        """Whether snow lies."""
        return self.spec.weather == "snow" or self.spec.place == "snowfield"

    @property
    def toward(self) -> float:
        """The side the light comes from: -1 left, 1 right."""
        return 1.0 if self.light.sun[0] >= 0 else -1.0
