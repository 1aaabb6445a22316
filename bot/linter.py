"""The linter: what could be said better for a camera, offered and never done unasked. Pure; no language model.

``lint`` reads a member's words and gives `Offer`s, the most useful first: what was found, and what could stand there instead in
technical terms. Nothing is refused and nothing is changed: an offer is a button for a next take (`bot.lint_card`). The words
that it looks for, and those that it offers, are data: ``linter.toml``.
"""

from __future__ import annotations

from functools import lru_cache

from bot.continuity import Facts, say
from bot.lint_counts import beats, changes, length
from bot.lint_offer import ORDER, Kind, Offer, taken_up
from bot.lint_people import pronouns
from bot.lint_reading import read
from bot.lint_senses import physics, sound
from bot.lint_spine import conflicts, look_of
from bot.lint_weak import weak_words
from bot.spine import Spine

__all__ = ["Kind", "Offer", "lint", "taken_up"]


@lru_cache(256)
def lint(
    words: str,
    *,
    spine: Spine,
    seconds: int | None = None,
    facts: Facts | None = None,
    cast: tuple[str, ...] = (),
    remix: bool = False,
    lengths: tuple[int, ...] = (),
) -> tuple[Offer, ...]:
    """What could be said better, the most useful kind first, then in the order of the words.

    `seconds`: the length of the take, None where it is not known. `facts`: what is carried over from the shot before. `cast`:
    names that may stand in the words. `remix`: the words are a change to a take. `lengths`: what may be filmed, in seconds.
    """
    text = read(words)
    if not text.text.strip():
        return ()
    around = (look_of(spine), read(_carried(facts)))
    always = (*weak_words(text, *around), length(text, seconds, lengths), pronouns(text, cast))
    if remix:
        found: tuple[Offer | None, ...] = (changes(text), *always)
    else:
        found = (*conflicts(text, spine), beats(text, seconds), *always, *physics(text), sound(text, *around))
    offers = (each for each in found if each is not None)
    return tuple(sorted(offers, key=lambda each: (ORDER.index(Kind(each.kind)), each.start, each.end)))


@lru_cache(256)
def _carried(facts: Facts | None) -> str:
    return say(facts.items()) if facts else ""
