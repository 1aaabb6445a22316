"""Chinese cut into words: at each place the longest one that the lexicon knows, else a single unknown sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot import lexicon

_ANIMATE = frozenset({"people.male", "people.female", "people.either", "animals"})
_END = frozenset({"end"})


class Sign(NamedTuple):
    """One word: where it stands in the text, and what it may be (`open` if unknown)."""

    word: str
    start: int
    end: int
    tags: frozenset[str]

    def any(self, *roots: str) -> bool:
        """Whether one of its tables is, or is below, one of these."""
        return _under(self.tags, roots)

    @property
    def animate(self) -> bool:
        """Whether it is a person or an animal."""
        return bool(self.tags & _ANIMATE)

    @property
    def acts(self) -> bool:
        """Whether it can only be a verb here."""
        return bool(self.tags & {"verbs", "wearing.on", "wearing.off"}) and not self.animate


@lru_cache(8192)
def _under(tags: frozenset[str], roots: tuple[str, ...]) -> bool:
    return any(tag == root or tag.startswith(f"{root}.") for tag in tags for root in roots)


def signs_of(text: str) -> list[Sign]:
    """The words of a text, Traditional characters folded."""
    return signs_in(lexicon.chinese().simplified(text), 0, len(text))


def signs_in(text: str, start: int, end: int) -> list[Sign]:
    """The words between two characters of a folded text; blanks left out."""
    known, signs, at = lexicon.chinese(), [], start
    while at < end:
        length = next(
            (n for n in range(min(known.longest, end - at), 0, -1) if text[at : at + n].lower() in known.tags), 0
        )
        word = text[at : at + (length or 1)]
        tags = known.tags[word.lower()] if length else frozenset({"open"} if word.strip() else {"space"})
        signs.append(Sign(word, at, at + len(word), tags))
        at += len(word)
    return [sign for sign in signs if "space" not in sign.tags]


def sign_at(signs: Sequence[Sign], index: int) -> Sign:
    """The word at this index, or an empty one behind either end."""
    return signs[index] if 0 <= index < len(signs) else Sign("", 0, 0, _END)
