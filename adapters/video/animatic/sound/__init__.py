"""The sound of a shot: place, weather, steps, a chord, voices. numpy only, a pure function of the spec."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adapters.video.animatic.sound.beds import lay_beds
from adapters.video.animatic.sound.pad import lay_pad
from adapters.video.animatic.sound.steps import lay_steps
from adapters.video.animatic.sound.synth import RATE, Sound, chance
from adapters.video.animatic.sound.voices import lay_voices
from adapters.video.animatic.spec import ShotSpec
from adapters.workers.loudness import levelled

LOUDNESS, CEILING = -18.0, -1.5
"""LUFS of the whole, and dBFS that no true peak passes."""
FADE_IN, FADE_OUT = 0.03, 0.09


def bed(spec: ShotSpec, footfalls: Sequence[float]) -> Sound:
    """Stereo float32 [2, round(seconds x 48000)] at -18 LUFS. `footfalls`: seconds at which feet touch the ground.

    Dialogue is spoken where `spec.voice` asks for it and the extra ``[voice]`` is installed, babbled otherwise.
    """
    sound = np.zeros((2, round(spec.seconds * RATE)), np.float32)
    lay_beds(sound, spec, _chance(spec, "beds"))
    lay_pad(sound, spec, _chance(spec, "pad"))
    lay_steps(sound, spec, footfalls, _chance(spec, "steps"))
    lay_voices(sound, spec)
    return levelled(sound * _fades(sound.shape[1]), LOUDNESS, CEILING)


def _chance(spec: ShotSpec, of: str) -> np.random.Generator:
    return chance(spec.seed, spec.starts_at, spec.place, spec.weather, of)


def _fades(samples: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    whole = np.ones(samples, np.float32)
    rise, fall = min(samples, round(FADE_IN * RATE)), min(samples, round(FADE_OUT * RATE))
    whole[:rise] = np.linspace(0, 1, rise)
    whole[samples - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)
    return whole
