"""How loud sound is, and how to make it as loud as wanted: ITU-R BS.1770-5 in numpy. For worker processes only.

Sound is float32 [channels, samples] at 48 kHz, full scale 1.0; one or two channels (surround weights are not applied).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

RATE = 48_000
SILENCE = -70.0
"""LUFS of the absolute gate: what is quieter counts as silence."""
BLOCK, STEP = 19_200, 4_800
"""Gating blocks of 400 ms, one every 100 ms."""
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of K-weighting, numerator and denominator at 48 kHz (BS.1770-5, tables 1 and 2)."""
TAIL = 9_600
"""Samples after which the filters have rung out."""
STRETCH = 11 * STEP
"""Samples that are filtered at once: so few that they stay in the processor's cache."""
OVERSAMPLING, TAPS = 4, 24
GRAIN = 48
"""The limiter works on stretches of one millisecond."""
AT_ONCE = 256
"""So many of them are looked at closely at once."""


def measure(sound: Sound) -> float:
    """Integrated loudness in LUFS, gated; `SILENCE` where nothing is louder than that."""
    size = fast_size(sound.shape[1] + TAIL)
    power = np.square(_weighted(sound, size)[:, : sound.shape[1]]).sum(axis=0, dtype=np.float64)
    if power.size < BLOCK:
        return integrated(np.array([power.mean() if power.size else 0.0]))
    return integrated(_gating_blocks(_steps(power)))


def block_powers(sound: Sound) -> NDArray[np.float64]:
    """What `integrated` makes loudness of: mean square of each gating block; those of several sounds may stand together.

    Filtered in stretches: faster than `measure`, in flat memory, and the same but for the last digits.
    """
    if sound.shape[1] < BLOCK:
        power = np.square(_weighted(sound, fast_size(BLOCK + TAIL))).sum(axis=0, dtype=np.float64)
        return np.array([power[: sound.shape[1]].mean() if sound.size else 0.0])
    early = np.pad(sound, ((0, 0), (TAIL, STRETCH)))
    parts = [early[:, at : at + TAIL + STRETCH] for at in range(0, sound.shape[1], STRETCH)]
    # the end of a part rings into its beginning, which is there for nothing else
    powers = [np.square(_weighted(part, TAIL + STRETCH)[:, TAIL:]).sum(axis=0, dtype=np.float64) for part in parts]
    return _gating_blocks(np.concatenate([_steps(power) for power in powers])[: sound.shape[1] // STEP])


def integrated(power: NDArray[np.float64]) -> float:
    """Integrated loudness of gating blocks in LUFS; `SILENCE` where nothing is louder than that."""
    loud = power[_lufs(power) > SILENCE]
    if not loud.size:
        return SILENCE
    above = loud[_lufs(loud) > _lufs(loud.mean()) - 10]
    return float(_lufs(above.mean()))


def true_peak(sound: Sound) -> float:
    """The highest level between samples too, in dBFS (four times oversampled)."""
    return _db(float(_grain_peaks(sound).max(initial=0.0)))


def levelled(sound: Sound, target: float, ceiling: float) -> Sound:
    """The sound at `target` LUFS with no true peak above `ceiling` dBFS: linear, and limited only where it has to be."""
    loudness = measure(sound)
    if loudness <= SILENCE:
        return sound
    gain = target - loudness
    for _ in range(10):
        louder = amplified(sound, gain)
        held = limited(louder, ceiling)
        if held is louder:  # nothing had to be held down, so this is the loudness that was asked for
            break
        missing = target - measure(held)
        if abs(missing) < 0.2:
            break
        gain += 1.4 * missing if missing > 0 else 0.7 * missing
    return held


def amplified(sound: Sound, gain: float) -> Sound:
    """`gain` in decibels."""
    return np.asarray(sound * np.float32(10 ** (gain / 20)), np.float32)


def limited(sound: Sound, ceiling: float) -> Sound:
    """The sound with its peaks held under `ceiling` dBFS; unchanged where it has none above."""
    allowed = 10 ** ((ceiling - 0.1) / 20)
    if not _reaches(sound, allowed):
        return sound
    peaks = _grain_peaks(sound)
    if peaks.max(initial=0.0) <= allowed:
        return sound
    need = np.minimum(1.0, allowed / np.maximum(peaks, 1e-9))
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(need, 8, mode="edge"), 17).min(axis=1)
    smooth = np.convolve(np.pad(lowest, 4, mode="edge"), np.hanning(11)[1:-1] / np.hanning(11).sum(), "valid")
    centres = (np.arange(smooth.size) + 0.5) * GRAIN
    return np.asarray(sound * np.interp(np.arange(sound.shape[1]), centres, smooth), np.float32)


def _weighted(sound: Sound, size: int) -> Sound:
    """Filtered by a transform of that size."""
    spectrum = np.fft.rfft(sound, size, axis=1) * _k_weighting(size)
    return np.asarray(np.fft.irfft(spectrum, size, axis=1), np.float32)


def _steps(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over the steps of the gate."""
    return np.asarray(power[: power.size // STEP * STEP].reshape(-1, STEP).sum(axis=1))


def _gating_blocks(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    blocks: NDArray[np.float64] = np.convolve(steps, np.ones(BLOCK // STEP), "valid") / BLOCK
    return blocks


@lru_cache(maxsize=4)
def _k_weighting(size: int) -> NDArray[np.complex64]:
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    whole = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in (SHELF, HIGH_PASS):
        whole *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    weighting: NDArray[np.complex64] = whole.astype(np.complex64)
    return weighting


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


def _db(level: float) -> float:
    return float(20 * np.log10(max(level, 1e-7)))


def _grain_peaks(sound: Sound) -> NDArray[np.float64]:
    """The highest level, between samples too, of any channel in each millisecond."""
    samples = sound.shape[1]
    highest = np.zeros(-(-samples // GRAIN) * GRAIN, np.float32)
    for channel in sound:
        np.maximum(highest[:samples], np.abs(channel), out=highest[:samples])
        for phase in _phases():
            between = np.convolve(channel, phase, "same")[:samples]
            np.maximum(highest[: between.size], np.abs(between), out=highest[: between.size])
    peaks: NDArray[np.float64] = highest.reshape(-1, GRAIN).max(axis=1).astype(np.float64)
    return peaks


def _reaches(sound: Sound, level: float) -> bool:
    """Whether a peak may be above that level. Cheap where it is quiet: no peak is higher than its samples times a constant."""
    phases = np.stack(_phases())[:, ::-1].T
    reach = float(np.abs(phases).sum(axis=0).max())
    for channel in sound:
        padded = np.pad(channel, (GRAIN, GRAIN + -channel.size % GRAIN))
        high = np.flatnonzero(np.abs(padded).reshape(-1, GRAIN).max(axis=1) * reach > level)
        around = np.lib.stride_tricks.sliding_window_view(padded, 3 * GRAIN)
        for first in range(0, high.size, AT_ONCE):
            spans = around[(high[first : first + AT_ONCE] - 1) * GRAIN]
            between = np.lib.stride_tricks.sliding_window_view(spans, TAPS, axis=1) @ phases
            if max(float(np.abs(spans).max()), float(np.abs(between).max())) > level * 0.999:
                return True
    return False


@lru_cache(maxsize=1)
def _phases() -> tuple[Sound, ...]:
    """Interpolators for the three points between two samples: windowed sinc."""
    at = np.arange(TAPS) - TAPS // 2 + 1
    window = np.kaiser(TAPS * OVERSAMPLING + 1, 6.0)
    phases = []
    for step in range(1, OVERSAMPLING):
        distance = at - step / OVERSAMPLING
        shape = np.interp(distance, np.linspace(-TAPS / 2, TAPS / 2, window.size), window)
        taps = np.sinc(distance) * shape
        phases.append((taps[::-1] / taps.sum()).astype(np.float32))
    return tuple(phases)


def fast_size(samples: int) -> int:
    """The least length from `samples` up that the Fourier transform is fast at: no prime factor above 5."""
    best = 1 << max(0, samples - 1).bit_length()
    fives = 1
    while fives < best:
        threes = fives
        while threes < best:
            best = min(best, threes << max(0, -(-samples // threes) - 1).bit_length())
            threes *= 3
        fives *= 5
    return best
