"""How long a brief takes: compiled alone, and with what has to be carried over from the shot before."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

from benchmarks.figures import Figure, at_most, median
from bot.brief import Brief, compile_brief
from bot.continuity import Carried, Facts, carry
from bot.film import Shape
from bot.linter import lint
from bot.spine import Spine

SPINE = Spine(
    look="1947 noir, hand-held but calm, nothing in frame newer than the war",
    lens="35 mm anamorphic",
    depth="shallow, the background falls off quickly",
    light="hard key through venetian blinds, no fill",
    palette="ink blue, sodium amber, wet asphalt",
    mood="weary, watchful",
    grade="silver retention, crushed blacks",
    stock="black-and-white negative pushed one stop",
    sound="distant trams, rain on tin",
)
STORY = (
    "A detective in a worn trench coat walks down a rain-soaked street at night, neon signs reflecting in the puddles.",
    "He stops under a street lamp and lights a cigarette. Camera: close-up on his hands, slow push in.",
    """The detective pushes the door of the bar open and looks around.
Camera: over the shoulder, 35 mm
Dialogue: "Has anyone here seen number {number}?"
Sound: a piano, far back""",
)
HUNDRED = (
    "A detective in a worn trench coat walks down a rain-soaked street at night, neon signs reflecting in the puddles. He stops "
    "under a street lamp and lights a cigarette. The camera follows slowly from behind as a black car passes left to right, its "
    "headlights sweeping over wet brick. A woman in a red dress steps out of a bar and looks at him; smoke drifts. Camera: "
    "close-up on his hands, slow push in, 85mm lens, shallow depth of field. Lighting: one hard key from camera left, practical "
    "neon. Sound: rain on tin, distant traffic, a lighter clicks. He turns and walks on."
)
WARM_UP, RUNS = 50, 1000


async def measure() -> AsyncIterator[Figure]:
    """Each figure is the median of `RUNS` calls."""
    facts = _story_so_far()
    words = STORY[2].format(number=0)
    kept = carry(facts, words)
    yield at_most("brief compile, full spine and carried facts", _median(lambda _: _brief(words, kept)), 100, "µs")
    again = _median(lambda _: _brief(words, carry(facts, words)))
    yield Figure("… with deciding what is carried, words read before", f"{again:.1f} µs")
    fresh = _median(lambda number: _with_words(facts, STORY[2].format(number=number)))
    yield Figure("… with reading words never seen before", f"{fresh:.1f} µs")
    offered = _median(lambda number: lint(f"{HUNDRED} {number}", spine=SPINE, facts=facts, seconds=8))
    yield at_most("what could be said better, 100 words never seen before", offered, 300, "µs")


def _story_so_far() -> Facts:
    facts = Facts()
    for words in STORY[:2]:
        facts = carry(facts, words).facts
    return facts


def _with_words(facts: Facts, words: str) -> Brief:
    return _brief(words, carry(facts, words))


def _brief(words: str, carried: Carried) -> Brief:
    return compile_brief(words, spine=SPINE, kept=carried.kept, seconds=8, shape=Shape.WIDE, seed=7)


def _median(call: Callable[[int], object]) -> float:
    """Microseconds of one call; every call gets another number."""
    times = []
    for number in range(1, WARM_UP + RUNS + 1):
        begun = time.perf_counter()
        call(number)
        times.append(time.perf_counter() - begun)
    return median(times[WARM_UP:]) * 1e6
