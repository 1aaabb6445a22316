"""Chance that is the same every time: named streams, ridges that close on themselves, clouds that tile, camera shake."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]
Field = NDArray[np.float32]
SAMPLES = 4096


def stream(seed: int, *names: object) -> np.random.Generator:
    """A generator of its own for every purpose: the same seed and names give the same numbers on every machine."""
    text = "|".join(map(str, (seed, *names)))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())))


@dataclass(frozen=True)
class Profile:
    """Heights -1..1 along a line that closes on itself: asked for x, it repeats every `period`."""

    heights: Floats
    period: float

    def __call__(self, x: Floats | float) -> Floats:
        """The height at x."""
        place = np.asarray(x, np.float64) / self.period % 1.0 * SAMPLES
        left = place.astype(np.int64) % SAMPLES
        share = place - np.floor(place)
        return self.heights[left] * (1 - share) + self.heights[(left + 1) % SAMPLES] * share


def profile(rng: np.random.Generator, period: float, waves: float, octaves: int = 6, gain: float = 0.5) -> Profile:
    """A ridge: `waves` swells a period, each octave twice as fine and `gain` as high; the first two are rounded."""
    heights = np.zeros(SAMPLES)
    for octave in range(octaves):
        knots = max(3, round(waves * 2**octave))
        values = rng.uniform(-1, 1, knots)
        place = np.arange(SAMPLES) * knots / SAMPLES
        left = place.astype(np.int64)
        share = place - left
        share = share * share * (3 - 2 * share) if octave < 2 else share
        heights += gain**octave * (values[left % knots] * (1 - share) + values[(left + 1) % knots] * share)
    return Profile(heights / np.abs(heights).max(), period)


def clouds(
    rng: np.random.Generator,
    size: tuple[int, int],
    cell: float,
    *,
    octaves: int = 5,
    gain: float = 0.5,
    stretch: float = 1.0,
) -> Field:
    """Smooth noise 0..1, [height, width], that tiles from left to right; `cell` pixels a blob, `stretch` times as wide."""
    width, height = size
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        across = min(width, max(4, int(width / (cell * stretch)) * 2**octave))
        down = min(height, max(2, int(height / cell) * 2**octave))
        grid = rng.random((down, across), np.float32)
        wrapped = Image.fromarray(np.concatenate([grid[:, -2:], grid, grid[:, :2]], 1))
        layer = wrapped.resize((width, height), Image.Resampling.BICUBIC, box=(2, 0, 2 + across, down))
        total += np.asarray(layer) * np.float32(gain**octave)
    total -= total.min()
    return np.asarray(total / max(float(total.max()), 1e-6), np.float32)


def shake(seed: int, purpose: str, seconds: Floats, period: float) -> Floats:
    """Band-limited unrest at the given times: about -2..2, one swing every `period` seconds; times may go on for ever."""
    knots = stream(seed, "shake", purpose).normal(0, 1, 512)
    place = seconds / period
    left = np.floor(place).astype(np.int64)
    share = place - left
    before, here, after, beyond = (knots[(left + step) % 512] for step in (-1, 0, 1, 2))
    bend = 2 * before - 5 * here + 4 * after - beyond + share * (3 * (here - after) + beyond - before)
    return np.asarray(here + 0.5 * share * (after - before + share * bend), np.float64)
