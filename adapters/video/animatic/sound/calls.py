"""Single sounds that a place or a weather makes now and then. Each is a function of chance; peaks near 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from adapters.video.animatic.sound.synth import Mono, decay, mono, noise, seconds, tone

Call = Callable[[Generator], Mono]


def drop(rng: Generator) -> Mono:
    """A rain drop on something hard."""
    time = seconds(0.012)
    return mono(tone(time, rng.uniform(1800, 5200) * (1 + 8 * time)) * np.exp(-time / 0.0028))


def drip(rng: Generator) -> Mono:
    """A drop into a puddle, with a short echo."""
    time = seconds(0.4)
    first = tone(time, rng.uniform(700, 1300) * (1 + 2.5 * time)) * decay(time, 0.002, 0.03)
    return mono(first + 0.35 * np.roll(first, 7000) * (time > 0.15))


def bubble(rng: Generator) -> Mono:
    """Air that rises."""
    time = seconds(0.09)
    return mono(tone(time, rng.uniform(250, 700) * (1 + 6 * time)) * np.hanning(time.size).astype(np.float32))


def thunder(rng: Generator) -> Mono:
    """A crack and its long rolling."""
    time = seconds(3.2)
    roll = noise(rng, time.size, 28, 150) * decay(time, 0.09, 0.9) * (1 + 0.5 * tone(time, rng.uniform(1.6, 2.6)))
    crack = noise(rng, time.size, 300, 3000) * decay(time, 0.004, 0.10)
    return mono(0.30 * roll + 0.13 * crack)


def crackle(rng: Generator) -> Mono:
    """A splinter in the fire."""
    time = seconds(0.02)
    return mono(0.3 * noise(rng, time.size, 800, 9000) * decay(time, 0.0005, rng.uniform(0.001, 0.005)))


def bird(rng: Generator) -> Mono:
    """A phrase of a few notes."""
    base, notes = rng.uniform(2500, 4300), int(rng.integers(2, 6))
    phrase = np.zeros(round((0.14 * notes + 0.1) * 48_000), np.float32)
    time = seconds(0.09)
    for number in range(notes):
        bent = base * (1 + 0.12 * np.sin(2 * np.pi * (rng.uniform(7, 13) * time + rng.uniform(0, 1))))
        start = round(number * 0.14 * 48_000)
        phrase[start : start + time.size] += tone(time, bent.astype(np.float32)) * np.hanning(time.size)
    return phrase


def owl(rng: Generator) -> Mono:
    """Hoo, hoo-hoo."""
    hertz, phrase = rng.uniform(330, 420), np.zeros(80_000, np.float32)
    for at, length in ((0.0, 0.35), (0.6, 0.16), (0.85, 0.45)):
        time = seconds(length)
        call = tone(time, hertz * (1 - 0.12 * time)) * np.hanning(time.size)
        phrase[round(at * 48_000) : round(at * 48_000) + time.size] += call.astype(np.float32)
    return phrase


def gull(rng: Generator) -> Mono:
    """Two or three cries."""
    cries, time = int(rng.integers(2, 4)), seconds(0.28)
    phrase = np.zeros(round(0.42 * cries * 48_000), np.float32)
    bend = rng.uniform(950, 1250) * (1 + 0.45 * np.sin(np.pi * time / 0.28))
    cry = sum(tone(time, (bend * part).astype(np.float32)) / part for part in (1, 2, 3)) * np.hanning(time.size)
    for number in range(cries):
        start = round(0.38 * number * 48_000)
        phrase[start : start + time.size] += (0.6 * cry).astype(np.float32)[: phrase.size - start]
    return phrase


def hawk(rng: Generator) -> Mono:
    """One falling scream, far away."""
    time = seconds(1.1)
    return mono(tone(time, rng.uniform(2600, 3100) * (1 - 0.25 * time)) * np.hanning(time.size).astype(np.float32))


def cricket(rng: Generator) -> Mono:
    """A chirp of four strokes."""
    time = seconds(0.16)
    strokes = np.maximum(np.sin(2 * np.pi * 25 * time), 0).astype(np.float32)
    return mono(tone(time, rng.uniform(4000, 4700)) * strokes * np.hanning(time.size).astype(np.float32))


def car(rng: Generator) -> Mono:
    """One passes."""
    time = seconds(2.2)
    return mono(
        0.28 * noise(rng, time.size, 60, rng.uniform(500, 1100)) * np.hanning(time.size).astype(np.float32) ** 2
    )


def horn(rng: Generator) -> Mono:
    """Two notes, a third apart."""
    time = seconds(rng.uniform(0.25, 0.6))
    low = rng.uniform(350, 450)
    both = tone(time, low) + tone(time, low * 1.26) + 0.4 * tone(time, low * 2)
    return mono(0.4 * both * decay(time, 0.02, 3.0) * np.minimum(1, (time[-1] - time) / 0.05))


def _struck(rng: Generator, hertz: float, parts: tuple[float, ...], fall: float, length: float) -> Mono:
    """Metal: partials that ring shorter the higher they are."""
    time = seconds(length)
    rung = sum(tone(time, hertz * part) * decay(time, 0.001, fall / part) / (1 + at) for at, part in enumerate(parts))
    return mono(0.5 * rung)


def tram_bell(rng: Generator) -> Mono:
    """Ding, ding."""
    once = _struck(rng, rng.uniform(1150, 1350), (1, 2.76, 5.4), 0.5, 0.9)
    return mono(once + np.roll(once, 14_000) * (np.arange(once.size) >= 14_000))


def bell(rng: Generator) -> Mono:
    """A church bell."""
    return _struck(rng, rng.uniform(280, 420), (0.5, 1, 1.2, 1.5, 2, 2.7), 1.6, 3.0)


def halyard(rng: Generator) -> Mono:
    """Rope against a mast."""
    return _struck(rng, rng.uniform(1700, 2600), (1, 2.3, 3.9), 0.12, 0.25)


def cutlery(rng: Generator) -> Mono:
    """Metal on a plate."""
    return _struck(rng, rng.uniform(2500, 4200), (1, 1.6, 2.4), 0.09, 0.2)


def rail(rng: Generator) -> Mono:
    """Wheels over a joint: two knocks."""
    time = seconds(0.3)
    knock = 0.35 * noise(rng, time.size, 60, 700) * decay(time, 0.002, 0.04)
    return mono(knock + np.roll(knock, 5000) * (time > 0.1))


def foghorn(rng: Generator) -> Mono:
    """Far out."""
    time = seconds(2.4)
    low = rng.uniform(88, 110)
    blown = tone(time, low) + 0.6 * tone(time, 2 * low) + 0.3 * tone(time, 3 * low)
    return mono(0.5 * blown * np.minimum(1, np.minimum(time, time[-1] - time) / 0.3))


def tick(rng: Generator) -> Mono:
    """A clock."""
    time = seconds(0.02)
    return mono(tone(time, 2300) * np.exp(-time / 0.003))


def click(rng: Generator) -> Mono:
    """A key."""
    time = seconds(0.012)
    return mono(0.4 * noise(rng, time.size, 1500, 7000) * decay(time, 0.0004, 0.002))


def page(rng: Generator) -> Mono:
    """A page is turned."""
    time = seconds(0.45)
    return mono(0.25 * noise(rng, time.size, 1500, 8000) * np.hanning(time.size).astype(np.float32) ** 2)


def beep(rng: Generator) -> Mono:
    """An instrument."""
    time = seconds(0.09)
    return mono(tone(time, 980) * np.hanning(time.size).astype(np.float32))


def chime(rng: Generator) -> Mono:
    """Three notes before an announcement."""
    whole = np.zeros(72_000, np.float32)
    for number, hertz in enumerate((523.25, 659.26, 783.99)):
        note = _struck(rng, hertz, (1, 2, 3), 0.6, 0.8)
        whole[number * 16_000 : number * 16_000 + note.size] += note
    return whole


def murmur(rng: Generator) -> Mono:
    """One voice among many, no word of it."""
    time = seconds(rng.uniform(0.15, 0.35))
    low = rng.uniform(95, 230)
    voiced = sum(tone(time, low * part * (1 - 0.1 * time)) / part for part in (1, 2, 3, 5, 7))
    return mono(0.4 * voiced * np.hanning(time.size))


def whistle(rng: Generator) -> Mono:
    """The referee."""
    time = seconds(rng.uniform(0.35, 0.8))
    trill = 2900 * (1 + 0.03 * np.sign(np.sin(2 * np.pi * 38 * time)))
    return mono(tone(time, trill.astype(np.float32)) * decay(time, 0.01, 3.0))


CALLS: dict[str, Call] = {
    call.__name__: call
    for call in (
        drop, drip, bubble, thunder, crackle, bird, owl, gull, hawk, cricket, car, horn, tram_bell, bell, halyard,
        cutlery, rail, foghorn, tick, click, page, beep, chime, murmur, whistle,
    )
}  # fmt: skip
REGULAR = ("tick", "beep", "rail")
"""Calls that keep time."""
CLOSE = 1440


def call(name: str, rng: Generator) -> Mono:
    """One call; it does not break off at its end."""
    sound = mono(CALLS[name](rng))
    closing = min(sound.size, CLOSE)
    sound[sound.size - closing :] *= np.linspace(1, 0, closing, dtype=np.float32)
    return sound
