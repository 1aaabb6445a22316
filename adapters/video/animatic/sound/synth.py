"""The bricks of the sound: shaped noise, envelopes, tones, and laying one sound into another. 48 kHz, float32."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from adapters.workers.loudness import RATE, Sound, fast_size

__all__ = ["RATE", "Mono", "Sound", "chance", "decay", "lay", "level", "mono", "noise", "seconds", "swell", "tone"]

Mono = NDArray[np.float32]
"""[samples]"""


def chance(*words: object) -> Generator:
    """The same words give the same chance, on every machine."""
    digest = hashlib.sha256("\0".join(map(str, words)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16])))


def level(decibels: float) -> np.float32:
    """The factor of a level in decibels."""
    return np.float32(10 ** (decibels / 20))


def mono(samples: ArrayLike) -> Mono:
    """As float32."""
    return np.asarray(samples, np.float32)


def seconds(length: float) -> Mono:
    """Time in seconds at each sample of a sound of that length."""
    return np.arange(round(length * RATE), dtype=np.float32) / np.float32(RATE)


def noise(rng: Generator, samples: int, low: float, high: float) -> Mono:
    """Noise in a band with soft edges, falling by 3 dB an octave; RMS 1."""
    size = fast_size(samples)
    band = _band(size, low, high)
    spectrum = rng.standard_normal(2 * band.size, dtype=np.float32).view(np.complex64)
    sound = np.fft.irfft(spectrum * band, size)[:samples]
    return mono(sound / max(float(np.sqrt(np.dot(sound, sound) / samples)), 1e-9))


@lru_cache(maxsize=32)
def _band(size: int, low: float, high: float) -> Mono:
    """The curve, up to where nothing is left of it."""
    bins = min(size // 2 + 1, int(2.8 * high * size / RATE) + 2)
    hertz = np.arange(bins, dtype=np.float32) * np.float32(RATE / size)
    edge = 1 - np.exp(-((hertz / np.float32(low)) ** 2))
    return mono(edge * np.exp(-((hertz / np.float32(high)) ** 2)) / np.sqrt(np.maximum(hertz, 20)))


def decay(time: Mono, rise: float, fall: float) -> Mono:
    """Up in `rise` seconds, then down to a third every `fall` seconds."""
    return mono(np.minimum(time / rise, 1) * np.exp(-np.maximum(time - rise, 0) / fall))


def tone(time: Mono, hertz: Mono | float) -> Mono:
    """A sine, of a frequency that may move."""
    turns = np.cumsum(hertz) / RATE if isinstance(hertz, np.ndarray) else time * hertz
    return np.sin(2 * np.pi * (turns % 1)).astype(np.float32)


def swell(samples: int, period: float, depth: float, phase: float) -> Mono:
    """A level that comes and goes, unevenly: 1 at its highest, 1 - `depth` at its lowest."""
    coarse = np.arange(samples // 480 + 2) * 480.0
    turn = 2 * np.pi * coarse / RATE / period + phase
    wave = 0.5 + 0.36 * np.sin(turn) + 0.14 * np.sin(2.37 * turn + 1.3)
    return np.interp(np.arange(samples), coarse, 1 - depth * (1 - np.clip(wave, 0, 1))).astype(np.float32)


def lay(ground: Sound, sound: Mono, at: float, pan: float = 0.0) -> None:
    """Add `sound` from `at` seconds on, `pan` -1 left to 1 right, equal in power; what stands over the ends is cut."""
    start = round(at * RATE)
    sound = sound[max(0, -start) :]
    start = max(0, start)
    sound = sound[: max(0, ground.shape[1] - start)]
    for channel, gain in enumerate((np.cos((pan + 1) * np.pi / 4), np.sin((pan + 1) * np.pi / 4))):
        ground[channel, start : start + sound.size] += sound * np.float32(gain)
