"""A quiet chord under the shot, in the key of its light."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from adapters.video.animatic.sound.beds import WET, tables
from adapters.video.animatic.sound.synth import RATE, Sound, level
from adapters.video.animatic.spec import ShotSpec

SLOW = 8_000
"""Samples a second at which the chord is built: nothing in it is above 3.5 kHz."""
QUIET, MUSIC = -36.0, -24.0
"""Level of one voice of the chord, and where the words ask for music, dBFS."""
PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.12))
FAMILIAR = (130.81, "major")


def lay_pad(ground: Sound, spec: ShotSpec, rng: Generator) -> None:
    """Add the chord; it comes and goes, and stands on from the take that this one extends."""
    if "silence" in spec.sounds:
        return
    loud = level(MUSIC if "music" in spec.sounds else QUIET)
    ground += _faster(_chord(spec, rng), ground.shape[1]) * loud


def _chord(spec: ShotSpec, rng: Generator) -> Sound:
    root, mode = tables()["light"].get(spec.light, FAMILIAR)
    third = 15 if mode == "minor" or spec.weather in (*WET, "fog") else 16
    length = round(spec.seconds * SLOW)
    time = spec.starts_at + np.arange(length) / SLOW
    chord = np.zeros((2, length))
    for number, interval in enumerate((0, 7, 12, third, 19)):
        hertz, apart = root * 2 ** (interval / 12), rng.uniform(0.15, 0.4)
        breath = (0.7 + 0.3 * np.sin(2 * np.pi * (0.07 + 0.03 * number) * time + number)) / (1 + 0.25 * number)
        for channel, side in enumerate((-apart, apart)):
            turn = 2 * np.pi * (hertz + side) * time
            chord[channel] += breath * sum(gain * np.sin(part * turn) for part, gain in PARTIALS)
    return (chord * _edges(length, spec.starts_at)).astype(np.float32)


def _edges(length: int, starts_at: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Slow in, slow out; an extension begins at full level."""
    at = np.arange(length) / SLOW
    rise = 0.03 if starts_at else min(1.6, length / SLOW / 3)
    return np.clip(at / rise, 0, 1) * np.clip((length / SLOW - at) / min(1.0, length / SLOW / 4), 0, 1)


def _faster(slow: Sound, samples: int) -> Sound:
    """At 48 kHz: the spectrum with nothing above it."""
    spectrum = np.fft.rfft(slow, axis=1)
    whole = round(slow.shape[1] * RATE / SLOW)
    fast = np.fft.irfft(spectrum, whole, axis=1) * np.float32(RATE / SLOW)
    return np.asarray(np.pad(fast, ((0, 0), (0, max(0, samples - whole))))[:, :samples], np.float32)
