"""What the words of a brief mean for the picture: one inspectable, frozen, JSON-ready spec. Standard library only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

RENDERER = "1"
"""Raised with every change that alters frames or sound: part of the cache key."""

FPS = 24

Rgb = tuple[int, int, int]

FRAMINGS = (
    "extreme_wide", "wide", "full", "medium_wide", "medium", "medium_close", "close", "extreme_close", "insert",
)  # fmt: skip
ANGLES = ("eye", "low", "high", "overhead", "dutch")
MOVES = (
    "static", "dolly_in", "dolly_out", "pan_left", "pan_right", "tilt_up", "tilt_down", "track_left", "track_right",
    "orbit", "crane_up", "crane_down", "handheld", "zoom_in", "zoom_out", "whip",
)  # fmt: skip
LIGHTS = ("golden", "dawn", "day", "overcast", "blue", "night", "moon", "neon", "lamp", "candle")
WEATHERS = ("clear", "rain", "storm", "drizzle", "snow", "fog", "dust", "embers", "petals")
ARRANGEMENTS = ("none", "single", "two", "over_shoulder")
GAITS = ("still", "walk", "run", "sit", "fly", "swim", "drive")


@dataclass(frozen=True)
class Garment:
    """One piece of wardrobe: ``coat``, ``scarf``, ``hat``, ``umbrella`` …, with its colour if the words name one."""

    what: str
    rgb: Rgb | None = None


@dataclass(frozen=True)
class Figure:
    """One subject in the frame. The same `name` looks the same in every shot."""

    kind: str
    """A silhouette there is (person, fox, dog …), or ``stand_in``."""
    name: str
    """Identity: a cast name, else the head noun ("detective")."""
    label: str = ""
    """The word that a stand-in bears on its label."""
    gait: str = "still"
    wardrobe: tuple[Garment, ...] = ()
    count: int = 1


@dataclass(frozen=True)
class Line:
    """One line of dialogue, as a subtitle and as babble. Times in seconds from the start of the shot."""

    speaker: str
    text: str
    start: float
    end: float


@dataclass(frozen=True)
class ShotSpec:
    """All that decides the frames and the sound, together with nothing else."""

    width: int = 1280
    height: int = 720
    seconds: float = 4.0
    slate: str = "1A-1"
    framing: str = "wide"
    angle: str = "eye"
    lens: int = 28
    """Focal length in millimetres."""
    aperture: float = 8.0
    """f-number: below 4 the background blurs."""
    move: str = "dolly_in"
    light: str = "day"
    beams: bool = False
    palette: tuple[Rgb, ...] = ()
    grade: str = ""
    """``teal_amber``, ``bleach``, ``warm``, ``cool``, ``mono``, ``sepia`` or empty."""
    weather: str = "clear"
    place: str = "mountains"
    place_label: str = ""
    """The words of a place that has no picture of its own; drawn on the slate bar."""
    arrangement: str = "single"
    figures: tuple[Figure, ...] = ()
    direction: int = 1
    """1: left to right, -1: right to left."""
    dialogue: tuple[Line, ...] = ()
    sounds: tuple[str, ...] = ()
    """Sound words understood: rain, wind, sea, traffic, birds, crickets, clock, footsteps, crowd, music …"""
    seed: int = 0
    """Chance of this take: grain, weather, small movement."""
    place_seed: int = 0
    """Chance of the place: the same production and place give the same ridges, trees and buildings."""
    starts_at: float = 0.0
    """Seconds already shown by the take that this one extends."""
    voice: bool = False
    """Speak the dialogue (extra ``[voice]``) instead of babbling it."""
    style: str = ""
    """``oil``, ``watercolour``, ``ink``, ``vhs``, ``super8`` or empty: a light touch on the finished frame."""
    understood: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """(kind, word) of everything that was understood, in the order of the text."""
    not_understood: tuple[str, ...] = field(default=(), compare=False)

    @property
    def frames(self) -> int:
        """Frames in the clip."""
        return round(self.seconds * FPS)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)

    def key(self) -> str:
        """Cache key: the same key is the same picture and sound. 64 hexadecimal characters."""
        data = {name: value for name, value in asdict(self).items() if name not in ("understood", "not_understood")}
        text = json.dumps([RENDERER, data], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def spec_from_dict(data: dict[str, Any]) -> ShotSpec:
    """The spec back from `ShotSpec.to_dict`'s data (or its JSON)."""
    plain = dict(data)
    plain["palette"] = tuple(tuple(rgb) for rgb in data.get("palette", ()))
    plain["figures"] = tuple(_figure(each) for each in data.get("figures", ()))
    plain["dialogue"] = tuple(Line(**each) for each in data.get("dialogue", ()))
    plain["sounds"] = tuple(data.get("sounds", ()))
    plain["understood"] = tuple((kind, word) for kind, word in data.get("understood", ()))
    plain["not_understood"] = tuple(data.get("not_understood", ()))
    return ShotSpec(**plain)


def _figure(data: dict[str, Any]) -> Figure:
    wardrobe = tuple(
        Garment(each["what"], tuple(each["rgb"]) if each.get("rgb") else None) for each in data["wardrobe"]
    )
    return Figure(**{**data, "wardrobe": wardrobe})
