"""Loudness against the test signals of EBU Tech 3341 and ITU-R BS.2217: tones whose loudness is known."""

from itertools import pairwise

import numpy as np
import pytest

from adapters.workers.loudness import (
    RATE,
    SILENCE,
    Sound,
    block_powers,
    fast_size,
    integrated,
    levelled,
    limited,
    measure,
    true_peak,
)


def tone(level: float, seconds: float, hertz: float = 1000.0, phase: float = 0.0) -> Sound:
    """The same sine in both channels, its peak at `level` dBFS."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * time + phase)
    return np.stack([wave, wave]).astype(np.float32)


def joined(*parts: Sound) -> Sound:
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("level", [-23.0, -33.0, -40.0])
def test_a_stereo_tone_of_1_khz_is_as_loud_as_its_level(level: float) -> None:
    assert measure(tone(level, 20)) == pytest.approx(level, abs=0.1)


def test_one_channel_alone_is_3_lu_quieter() -> None:
    one = tone(-23, 5)
    one[1] = 0
    assert measure(one) == pytest.approx(-26, abs=0.1)
    assert measure(one[:1]) == pytest.approx(-26, abs=0.1)


def test_what_is_much_quieter_does_not_count() -> None:
    assert measure(joined(tone(-36, 10), tone(-23, 60), tone(-36, 10))) == pytest.approx(-23, abs=0.1)
    assert measure(joined(tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10))) == pytest.approx(
        -23, abs=0.1
    )


def test_loud_and_louder_are_averaged_by_power() -> None:
    assert measure(joined(tone(-26, 20), tone(-20, 20.1), tone(-26, 20))) == pytest.approx(-23, abs=0.1)


def test_the_ear_hears_low_tones_less_and_high_ones_more() -> None:
    assert measure(tone(-23, 5, 30)) < -27
    assert measure(tone(-23, 5, 8000)) == pytest.approx(-19.7, abs=0.3)


def test_silence_and_next_to_nothing_have_no_loudness() -> None:
    assert measure(np.zeros((2, 96_000), np.float32)) == SILENCE
    assert measure(np.zeros((2, 0), np.float32)) == SILENCE
    assert measure(tone(-23, 0.2)) == pytest.approx(-23, abs=0.3)


@pytest.mark.parametrize(("hertz", "phase"), [(RATE / 4, 45.0), (RATE / 6, 60.0), (997.0, 0.0), (RATE / 8, 22.5)])
def test_peaks_between_samples_are_found(hertz: float, phase: float) -> None:
    sound = tone(-6, 1, hertz, np.radians(phase))
    sound[:, :2400] *= np.linspace(0, 1, 2400, dtype=np.float32)  # a hard beginning has a peak of its own
    sound[:, -2400:] *= np.linspace(1, 0, 2400, dtype=np.float32)
    assert true_peak(sound) == pytest.approx(-6, abs=0.3)


def test_raising_the_level_is_linear_where_there_is_room() -> None:
    loud = levelled(tone(-40, 4), -18, -1.5)
    assert measure(loud) == pytest.approx(-18, abs=0.05)
    ratio = loud[0, 1000:2000:7] / tone(-40, 4)[0, 1000:2000:7]
    assert np.ptp(ratio) < 1e-3 * ratio.mean()


def test_peaks_are_held_down_and_the_loudness_still_reached() -> None:
    sound = tone(-40, 6)
    for at in range(12_000, 280_000, 24_000):
        sound[:, at : at + 300] += tone(-4, 300 / RATE)
    quiet = levelled(sound, -18, -1.5)
    assert true_peak(quiet) <= -1.5
    assert measure(quiet) == pytest.approx(-18, abs=0.5)


def test_the_limiter_leaves_alone_what_is_under_the_ceiling() -> None:
    sound = tone(-6, 1)
    assert limited(sound, -1.5) is sound
    assert true_peak(limited(tone(0, 1), -3)) <= -3


def test_silence_cannot_be_levelled() -> None:
    assert not levelled(np.zeros((2, 48_000), np.float32), -18, -1.5).any()


def test_fast_sizes_have_small_factors_and_are_the_next() -> None:
    sizes = [fast_size(number) for number in range(1, 400)]
    assert all(size >= number for number, size in enumerate(sizes, 1))
    assert all(one <= other for one, other in pairwise(sizes))
    assert (fast_size(288_000), fast_size(7), fast_size(1)) == (288_000, 8, 1)


@pytest.mark.parametrize("samples", [0, 1, 5_000, 19_200, 52_800, 52_801, 400_000])
def test_gating_blocks_give_the_loudness_that_is_measured(samples: int) -> None:
    sound = np.random.default_rng(2).normal(0, 0.1, (2, samples)).astype(np.float32)
    assert integrated(block_powers(sound)) == pytest.approx(measure(sound), abs=0.001)


def test_the_blocks_of_several_sounds_give_the_loudness_of_all() -> None:
    chance = np.random.default_rng(2)
    quiet, loud = (chance.normal(0, level, (2, 8 * RATE)).astype(np.float32) for level in (0.02, 0.1))
    together = integrated(np.concatenate([block_powers(quiet), block_powers(loud)]))
    assert together == pytest.approx(measure(np.concatenate([quiet, loud], axis=1)), abs=0.1)
