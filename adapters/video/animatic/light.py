"""The light of a shot as colours with roles, from ``data/lights.toml``, dulled by weather and drawn to the palette."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from adapters.video.animatic.palette import Colour, anchored, hexed, mix
from adapters.video.animatic.spec import ShotSpec

DATA = Path(__file__).parent / "data"
WET = ("rain", "storm", "drizzle")
DULL = hexed("6E7A84")
DULLING = {"rain": 0.5, "storm": 0.66, "drizzle": 0.35, "fog": 0.25, "snow": 0.30}
"""How far weather draws a bright sky to grey."""
THICKNESS = {"fog": 2.1, "rain": 1.25, "storm": 1.35, "drizzle": 1.2, "snow": 1.3, "dust": 1.45}
"""How much sooner distance turns into haze."""
TINTS = {
    "dust": (hexed("C08B56"), 0.48, ("mid", "low", "haze", "cloud")),
    "embers": (hexed("E0642A"), 0.22, ("low", "haze")),
    "petals": (hexed("F2B6C6"), 0.14, ("low", "haze", "cloud")),
}
"""What some weathers colour, and how far."""
BRIGHT = ("golden", "dawn", "day")
SKY = ("top", "mid", "low", "haze", "cloud", "shade")
ROLES = (*SKY, "dark", "light", "rim")


@dataclass(frozen=True)
class Light:
    """Role colours (sRGB 0..1) and figures of one light; see ``data/lights.toml``."""

    name: str
    top: Colour
    mid: Colour
    low: Colour
    haze: Colour
    dark: Colour
    light: Colour
    rim: Colour
    cloud: Colour
    shade: Colour
    sun: tuple[float, float, float]
    halo: float
    vignette: float
    grain: float
    fill: float
    stars: int = 0
    moon: bool = False
    lamps: bool = False
    thickness: float = 1.0

    def air(self, depth: float) -> float:
        """How much of what stands at that depth is haze, 0..0.93."""
        return float(np.clip((1 - math.exp(-(depth - 1) * 0.085 * self.thickness)) * 1.12, 0, 0.93))

    def far(self, depth: float, colour: Colour | None = None) -> Colour:
        """A colour (the dark of the silhouettes unless given) as it looks at that depth."""
        return mix(self.dark if colour is None else colour, self.haze, self.air(depth))

    def lit(self, own: Colour, depth: float = 1.0) -> Colour:
        """Something of its own colour as this light shows it: mostly silhouette, the more so the darker the hour."""
        return self.far(depth, mix(self.dark, own, min(0.9, 0.25 + 1.6 * self.fill)))


@cache
def table() -> dict[str, dict[str, Any]]:
    """The lights as they are in the data file."""
    return tomllib.loads((DATA / "lights.toml").read_text(encoding="utf-8"))


def plain(name: str) -> Light:
    """One light of the table, unchanged."""
    row = table()[name]
    known = {field.name for field in fields(Light)}
    values: dict[str, Any] = {
        key: hexed(value) if key in ROLES else value for key, value in row.items() if key in known
    }
    values["sun"] = tuple(values["sun"])
    return Light(name=name, **values)


def light_of(spec: ShotSpec) -> Light:
    """The light of this shot: the hour, then the weather, then the palette."""
    return _toned(_weathered(plain(spec.light), spec), spec)


def _weathered(light: Light, spec: ShotSpec) -> Light:
    dulling = DULLING.get(spec.weather, 0.0) * (1.0 if spec.light in BRIGHT else 0.35)
    duller = (
        {role: mix(getattr(light, role), DULL * (0.4 + light.fill * 2), dulling) for role in SKY} if dulling else {}
    )
    if spec.weather in TINTS:
        tint, share, roles = TINTS[spec.weather]
        duller = {role: mix(getattr(light, role), tint * min(1.0, 0.4 + light.fill * 2), share) for role in roles}
    sun = (*light.sun[:2], 0.0) if spec.weather in WET or spec.weather == "fog" else light.sun
    lamps = light.lamps or (spec.weather in ("rain", "storm") and spec.light != "day")
    thickness = THICKNESS.get(spec.weather, 1.0)
    changed: dict[str, Any] = {
        **duller, "halo": light.halo * (1 - 0.7 * dulling), "sun": sun, "lamps": lamps, "thickness": thickness,
    }  # fmt: skip
    if spec.weather in WET:
        changed["stars"] = 0
    return replace(light, **changed)


def _toned(light: Light, spec: ShotSpec) -> Light:
    if not spec.palette:
        return light
    changed: dict[str, Any] = {
        role: anchored(getattr(light, role), spec.palette, 0.55 if role == "dark" else 0.72) for role in ROLES
    }
    return replace(light, **changed)
