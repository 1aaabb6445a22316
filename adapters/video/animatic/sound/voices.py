"""Dialogue: a babble of vowels with the rhythm of the words, one pitch a speaker; or speech, where ``[voice]`` is here."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from adapters.video.animatic.sound.speech import speak
from adapters.video.animatic.sound.synth import RATE, Mono, Sound, chance, lay, level
from adapters.video.animatic.spec import Line, ShotSpec

LOUD = -13.0
CLEAR = 1.414 * level(5)
"""Least ratio of a voice to each channel of the rest: 5 dB, and 3 that it loses by being laid in the middle."""
DUCK = level(-5)
"""How far everything else steps back while somebody speaks."""
LOWEST, HIGHEST, APART = 92.0, 215.0, 1.13
"""Pitches of voices in hertz, and the least ratio between two of one shot."""
VOWELS = "aeiouyаеёиоуыэюя"
SYLLABLE = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
    rf"|[^\W\d_{VOWELS}]*[{VOWELS}]+(?:[^\W\d_{VOWELS}]+(?!\w))?"
    r"|[^\W_]{1,3}|\s+|[^\w\s]"
)
"""A character of Chinese, Japanese or Korean; a vowel with its consonants; a few letters without; a pause."""
LONGEST, PAUSE = 0.23, 0.4
"""Seconds of a syllable at most; a pause, in syllables."""
FORMANTS = {
    "a": (800, 1200), "e": (500, 1900), "i": (320, 2300), "o": (480, 850), "u": (350, 750), "y": (320, 2100),
}  # fmt: skip
LIKE = dict(zip("аеёиоуыэюя", "aeoiouyeua", strict=True))
CYCLE = 1024


def lay_voices(ground: Sound, spec: ShotSpec) -> None:
    """Every line of dialogue at its time; everything that is in `ground` steps back for it."""
    pitches = pitches_of(spec.dialogue)
    for line in spec.dialogue:
        length = max(0.2, line.end - line.start - 0.1)
        voice = speak(line.text, length, pitches[line.speaker]) if spec.voice else None
        if voice is None:
            voice = babble(line.text, length, pitches[line.speaker], chance("line", line.speaker, line.text))
        _step_back(ground, line)
        lay(ground, voice * max(level(LOUD), _above(ground, line, voice)), line.start + 0.05)


def pitches_of(dialogue: Sequence[Line]) -> dict[str, float]:
    """Hertz by speaker: a name has the same voice in every shot, moved only if two of this shot would sound alike."""
    pitches: dict[str, float] = {}
    for speaker in dict.fromkeys(line.speaker for line in dialogue):
        span = float(chance("voice", speaker.casefold()).random())
        hertz = LOWEST * (HIGHEST / LOWEST) ** span
        while any(max(hertz / other, other / hertz) < APART for other in pitches.values()):
            hertz = hertz * APART if hertz * APART < 2 * HIGHEST else LOWEST * 0.8
        pitches[speaker] = hertz
    return pitches


def babble(text: str, length: float, pitch: float, rng: Generator) -> Mono:
    """Voiced syllables that say nothing, of that length in seconds; RMS near that of speech, peaks near 1."""
    syllables = SYLLABLE.findall(text.lower()) or ["a"]
    weights = [_weight(each) for each in syllables]
    beat = min(LONGEST, length / max(sum(weights), 1.0))
    sound = np.zeros(round(length * RATE), np.float32)
    at = 0.0
    for number, (syllable, weight) in enumerate(zip(syllables, weights, strict=True)):
        if weight == 1.0:
            bend = 1 + 0.10 * np.sin(0.9 * number) + 0.05 * rng.standard_normal() - 0.12 * number / len(syllables)
            said = _syllable(syllable, beat * 1.05, pitch * bend, rng)[: max(0, sound.size - round(at * RATE))]
            sound[round(at * RATE) : round(at * RATE) + said.size] += said
        at += beat * weight
    return sound / max(float(np.abs(sound).max(initial=0.0)), 1e-6)


def _weight(syllable: str) -> float:
    return 1.0 if any(char.isalpha() for char in syllable) else PAUSE


def _syllable(syllable: str, length: float, pitch: float, rng: Generator) -> Mono:
    time = np.arange(round(length * RATE), dtype=np.float32) / np.float32(RATE)
    glide = (1.06 - 0.12 * time / length) if ord(syllable[0]) < 0x3000 else 1 + _tone_of(syllable) * time / length
    turns = np.cumsum(pitch * glide * (1 + 0.01 * np.sin(2 * np.pi * 5 * time))) / RATE
    said = _cycle(_vowel(syllable), pitch)[(turns % 1 * CYCLE).astype(np.int32)]
    said *= np.sin(np.pi * np.clip(time / length, 0, 1)) ** np.float32(0.6)
    if _vowel(syllable) != syllable[0] and time.size > 1500:
        said[:1440] += 0.06 * np.diff(rng.standard_normal(1441)) * np.hanning(1440)
    return np.asarray(said, np.float32)


def _tone_of(character: str) -> float:
    """The Chinese way: level, rising, falling."""
    return (0.0, 0.25, -0.3, 0.12)[ord(character) % 4]


def _vowel(syllable: str) -> str:
    for char in syllable:
        if LIKE.get(char, char) in FORMANTS:
            return LIKE.get(char, char)
    return "aeiou"[ord(syllable[0]) // 4 % 5]


def _cycle(vowel: str, pitch: float) -> Mono:
    """One period of the voice: harmonics under the formants."""
    first, second = FORMANTS[vowel]
    partial = np.arange(1, min(40, int(4200 / pitch)) + 1)
    hertz = partial * pitch
    shape = np.exp(-(((hertz - first) / 140) ** 2)) + 0.6 * np.exp(-(((hertz - second) / 220) ** 2))
    shape += 0.12 * np.exp(-(((hertz - 2900) / 300) ** 2)) + 0.05
    spectrum = np.zeros(CYCLE // 2 + 1, np.complex128)
    spectrum[partial] = -1j * shape / partial**0.6
    cycle = np.fft.irfft(spectrum, CYCLE)
    return np.asarray(cycle / np.abs(cycle).max(), np.float32)


def _above(ground: Sound, line: Line, voice: Mono) -> np.float32:
    """The gain at which the voice stands clear of what is heard meanwhile: nobody whispers in a storm."""
    meanwhile = ground[:, max(0, round(line.start * RATE)) : round(line.end * RATE)]
    if not meanwhile.size:
        return np.float32(0)
    clear = CLEAR * np.sqrt(np.mean(np.square(meanwhile))) / max(float(np.sqrt(np.mean(np.square(voice)))), 1e-6)
    return np.float32(clear)


def _step_back(ground: Sound, line: Line) -> None:
    start, end = max(0, round((line.start - 0.1) * RATE)), min(ground.shape[1], round((line.end + 0.2) * RATE))
    if end <= start:
        return
    ramp = min(4800, (end - start) // 2)
    envelope = np.full(end - start, DUCK, np.float32)
    envelope[:ramp] = np.linspace(1, DUCK, ramp)
    envelope[envelope.size - ramp :] = np.linspace(DUCK, 1, ramp)
    ground[:, start:end] *= envelope
