"""What the linter hands out: an `Offer`, and how it is put into the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What can be noticed, the most useful first."""

    CHANGES = "changes"
    """Two things changed at once in a remix."""
    SPINE = "spine"
    """The words say what the spine excludes."""
    LENGTH = "length"
    """A length that only an option sets."""
    BEATS = "beats"
    """More actions than the seconds hold."""
    PRONOUN = "pronoun"
    """A "he" that may be either of two."""
    WEAK = "weak"
    """Praise where a lamp, a lens or a colour could stand."""
    PHYSICS = "physics"
    """An element without a material and a force."""
    SOUND = "sound"
    """Nothing to be heard."""


OPTIONS_MAX: Final = 3
ORDER: Final = tuple(Kind)


@dataclass(frozen=True)
class Offer:
    """Something noticed in a member's words, and what could stand there instead."""

    kind: str
    start: int
    end: int
    """The span in the words, in characters; empty (``start == end``) where something is only added."""
    words: str
    """The span itself, byte for byte."""
    options: tuple[str, ...]
    """One to three replacements of the span, verbatim as they would be put in; an empty one takes the span out."""
    key: str
    """Of the sentence that says what was noticed (``lint.<kind>``)."""
    params: tuple[tuple[str, str | int], ...] = ()
    """Of that sentence."""
    seconds: int | None = None
    """The length of a take that takes the offer up, where the offer is about length."""


def taken_up(words: str, offer: Offer, option: int = 0) -> str:
    """The words with one replacement put in; every other byte stays. Raises `IndexError` for an option that is not there."""
    return f"{words[: offer.start]}{offer.options[option]}{words[offer.end :]}"


def offer(
    kind: Kind,
    text: str,
    span: tuple[int, int],
    options: tuple[str, ...],
    *,
    variant: str = "",
    **params: str | int,
) -> Offer | None:
    """An offer about a span of the text; None where no option changes anything."""
    start, end = span
    own = tuple(dict.fromkeys(option for option in options if option != text[start:end]))[:OPTIONS_MAX]
    if not own:
        return None
    key = f"lint.{kind.value}{variant}"
    return Offer(kind.value, start, end, text[start:end], own, key, tuple(params.items()))
