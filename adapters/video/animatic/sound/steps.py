"""Footsteps: on what the place is made of, when the gait says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from adapters.video.animatic.sound.beds import place_of, tables
from adapters.video.animatic.sound.synth import Mono, Sound, decay, lay, level, noise, seconds, tone
from adapters.video.animatic.spec import ShotSpec

STEP = -13.0
"""Level of a step seen full length, dBFS peak."""
FAR = {"extreme_wide": -11.0, "wide": -6.0, "full": 0.0, "medium_wide": 0.0}
BY_EAR = 0.55
"""Seconds between steps that are heard of somebody who is not seen walking."""


def lay_steps(ground: Sound, spec: ShotSpec, footfalls: Sequence[float], rng: Generator) -> None:
    """Every footfall of the figures; a walk by ear where the words ask for footsteps and nobody is seen to walk."""
    if not footfalls and "footsteps" in spec.sounds:
        footfalls = [float(at) for at in np.arange(0.3, spec.seconds, BY_EAR)]
    if not footfalls:
        return
    feet = [_step(surface_of(spec), rng) for _ in range(6)]
    gain = STEP + FAR.get(spec.framing, 2.0)
    for number, at in enumerate(footfalls):
        loud = level(gain + rng.uniform(-2.5, 0))
        lay(ground, feet[number % len(feet)] * loud, at - 0.004, 0.14 if number % 2 else -0.14)


def surface_of(spec: ShotSpec) -> str:
    """What feet stand on: the place's ground, under snow or water where the weather brings it."""
    place = place_of(spec)
    if not place.get("indoors") and spec.weather in ("rain", "storm", "snow"):
        return "snow" if spec.weather == "snow" else "wet"
    return str(place.get("surface", "soil"))


def _step(surface: str, rng: Generator) -> Mono:
    """Heel, then sole."""
    centre, width, fall, thump = tables()["surface"][surface]
    time = seconds(0.05 + 4 * fall)
    bent = rng.uniform(0.85, 1.15)
    scuff = noise(rng, time.size, max(60, (centre - width / 2) * bent), (centre + width / 2) * bent)
    heel = scuff * decay(time, 0.002, fall)
    sole = np.roll(scuff, 1900) * decay(np.maximum(time - 0.055, 0), 0.004, fall) * (time > 0.055)
    body = tone(time, 82 * bent) * decay(time, 0.002, 0.02) * thump
    return np.asarray(0.28 * heel + 0.13 * sole + 0.3 * body, np.float32)
