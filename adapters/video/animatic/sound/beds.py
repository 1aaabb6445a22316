"""What a place, a weather or a word of sound sounds like: read from ``data/sound.toml``, laid under the shot."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from adapters.video.animatic.sound.calls import REGULAR
from adapters.video.animatic.sound.calls import call as sounding
from adapters.video.animatic.sound.synth import Sound, lay, level, noise, seconds, swell, tone
from adapters.video.animatic.spec import ShotSpec

DATA = Path(__file__).parents[1] / "data" / "sound.toml"
DARK = ("night", "moon", "blue", "neon")
WET = ("rain", "storm", "drizzle", "snow")
THROUGH_WALLS, WALL_LOSS = 700.0, -13.0
"""Hertz that pass a wall, and decibels that it takes."""
VARIANTS = 8
"""A call that comes often is drawn from so many."""


@dataclass(frozen=True)
class Air:
    """What decides which calls are heard."""

    dark: bool
    wet: bool
    walls: bool = False
    """Whether this bed is outside and the camera is not."""


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """The data file."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def entry(table: str, name: str) -> dict[str, Any]:
    """One entry, what it is ``like`` followed; empty for a name that nobody wrote down."""
    entries: dict[str, dict[str, Any]] = tables()[table]
    found = entries.get(name, {})
    return entries[found["like"]] if "like" in found else found


def place_of(spec: ShotSpec) -> dict[str, Any]:
    """The entry of the shot's place; a plain room or a plain outdoors for a place that nobody wrote down yet."""
    plain = "indoors" if spec.place.startswith("interior") else "outdoors"
    return entry("place", spec.place) or entry("place", plain)


def lay_beds(ground: Sound, spec: ShotSpec, rng: Generator) -> None:
    """Place, weather and the sounds that the words name."""
    place = place_of(spec)
    dark, wet = spec.light in DARK, spec.weather in WET
    _lay_bed(ground, place, Air(dark, wet), rng)
    _lay_bed(ground, entry("weather", spec.weather), Air(dark, wet, walls=bool(place.get("indoors"))), rng)
    for word in dict.fromkeys(spec.sounds):
        _lay_bed(ground, entry("sound", word), Air(dark, False), rng)


def _lay_bed(ground: Sound, bed: dict[str, Any], air: Air, rng: Generator) -> None:
    for band in bed.get("noise", ()):
        _lay_noise(ground, band, air.walls, rng)
    for hum in bed.get("hums", ()):
        ground += tone(seconds(ground.shape[1] / 48_000), hum["hertz"]) * level(hum["level"])
    for call in bed.get("calls", ()):
        if _is_heard(call, air):
            _lay_calls(ground, call, WALL_LOSS if air.walls else 0.0, rng)


def _lay_noise(ground: Sound, band: dict[str, Any], walls: bool, rng: Generator) -> None:
    high = min(band["high"], THROUGH_WALLS) if walls else band["high"]
    low = min(band["low"], high / 3)
    gain = level(band["level"] + (WALL_LOSS if walls else 0.0))
    period, depth = band.get("swell", (10.0, 0.0))
    phase = rng.uniform(0, 2 * np.pi)
    for channel in range(2):
        sound = noise(rng, ground.shape[1], low, high) * gain
        if depth:
            sound *= swell(ground.shape[1], period, depth, phase + 0.5 * channel)
        ground[channel] += sound


def _is_heard(call: dict[str, Any], air: Air) -> bool:
    return call.get("when") != ("day" if air.dark else "night") and not (call.get("dry") and air.wet)


def _lay_calls(ground: Sound, call: dict[str, Any], loss: float, rng: Generator) -> None:
    length = ground.shape[1] / 48_000
    times = _times(call, length, rng)
    variants = [sounding(call["what"], rng) for _ in range(min(len(times), VARIANTS))]
    for number, at in enumerate(times):
        gain = level(call["level"] + loss + rng.uniform(-6, 0))
        lay(ground, variants[number % VARIANTS] * gain, at, rng.uniform(-0.9, 0.9))


def _times(call: dict[str, Any], length: float, rng: Generator) -> list[float]:
    every: float = call["every"]
    if call["what"] in REGULAR:
        return [float(at) for at in np.arange(rng.uniform(0, min(every, 0.4)), length, every)]
    count = int(length / every + rng.random())
    if call.get("sure"):
        count = max(1, count)
    return sorted(float(at) for at in rng.uniform(0.1, max(0.2, length - 0.5), count))
