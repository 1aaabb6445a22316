"""The linter: what could be said better for a camera, offered and never done unasked. Pure; no language model.

``lint`` reads a member's words and gives `Offer`s, the most useful first: what was found, and what could stand there instead in
technical terms. Nothing is refused and nothing is changed: an offer is a button for a next take (`bot.lint_card`). The words
that it looks for, and those that it offers, are data: ``linter.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.continuity import Facts, say
from bot.lint_counts import beats, changes, length
from bot.lint_offer import ORDER, Kind, Offer, taken_up
from bot.lint_people import pronouns
from bot.lint_reading import Words, read
from bot.lint_senses import physics, sound
from bot.lint_spine import conflicts
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
    around = (read(spine.render()), read(_carried(facts)))
    found = [each for each in _found(text, spine, around, seconds, cast, remix, lengths) if each is not None]
    return tuple(sorted(found, key=lambda each: (ORDER.index(Kind(each.kind)), each.start, each.end)))


def _found(
    text: Words,
    spine: Spine,
    around: Sequence[Words],
    seconds: int | None,
    cast: tuple[str, ...],
    remix: bool,
    lengths: tuple[int, ...],
) -> Iterator[Offer | None]:
    yield from conflicts(text, spine) if not remix else ()
    yield from weak_words(text, *around)
    yield length(text, seconds, lengths)
    yield pronouns(text, cast)
    if remix:
        yield changes(text)
        return
    yield beats(text, seconds)
    yield from physics(text)
    yield sound(text, *around)


def _carried(facts: Facts | None) -> str:
    return say(facts.items()) if facts else ""
