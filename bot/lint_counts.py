"""What is counted: actions against the seconds, a length that only an option sets, changes in one remix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.asked import asked_for
from bot.changes import apart
from bot.lengths import first_length
from bot.lint_beats import beats_in
from bot.lint_offer import Kind, Offer, offer
from bot.lint_reading import Words

BEAT_SECONDS: Final = 2
"""About as long as one clear action takes."""
USUAL_SECONDS: Final = 10
"""Taken for the length where none is known."""

_UNITS: Final = ("sec", "min", "秒", "分")
_DIGITS = re.compile(r"\d[\s-]*s\b")


def beats(text: Words, seconds: int | None) -> Offer | None:
    """More actions than the seconds hold; the offer keeps those that fit."""
    found = beats_in(text)
    length = seconds or USUAL_SECONDS
    if len(found) * BEAT_SECONDS <= length + 1:
        return None
    fit = max(1, length // BEAT_SECONDS)
    if fit >= len(found):
        return None
    span = (found[fit].cut, max(found[-1].end, found[fit].cut))
    return offer(Kind.BEATS, text.text, span, ("",), count=len(found), seconds=length, fit=fit)


# ---------------------------------------------------------------- length


def length(text: Words, seconds: int | None, lengths: Sequence[int] = ()) -> Offer | None:
    """A length in the words that the take does not have: taken out of them, and set where it can be."""
    asked = (
        first_length(text.text) if any(unit in text.folded for unit in _UNITS) or _DIGITS.search(text.folded) else None
    )
    if asked is None or asked[0] == seconds or text.aside(asked[1].start()):
        return None
    span, rest = _without_length(text.text, asked[1])
    if not f"{text.text[: span[0]]}{rest}{text.text[span[1] :]}".strip(" \t\n.,!?，。！？"):
        return None
    made = asked[0] if not lengths else min((n for n in lengths if n >= asked[0]), default=max(lengths))
    split = "_split" if made < asked[0] else ""
    takes = -(-asked[0] // made)
    found = offer(Kind.LENGTH, text.text, span, (rest,), variant=split, asked=asked[0], seconds=made, takes=takes)
    return found and Offer(**{**vars(found), "seconds": made})


def _without_length(text: str, match: re.Match[str]) -> tuple[tuple[int, int], str]:
    """The stretch that asks for the length, with its article, and what stays of it: "a 30 second video" → "a video"."""
    start, end = match.span()
    before, after = text[start : match.start("number")], text[match.end("unit") : end]
    stays = re.sub(r"^(?:[\s-]*long\b|[钟鐘]|[长長]|[\s-]+in\s+length)?[\s-]*的?\s*", "", after)
    lead = (
        before
        if not stays and re.match(r"(?:video|clip|film|movie|shot|take|scene|animation|reel|footage)", before, re.I)
        else ""
    )
    stays = stays or re.sub(r"\s*(?:of|lasting|that\s+lasts|is|should\s+\w+|about|around|a)*\s*$", "", lead, flags=re.I)
    article = re.search(r"\ban?\s$", text[:start], re.IGNORECASE)
    if article and stays:
        word = article.group().strip()
        fitted = ("an" if stays[:1].lower() in "aeiou" else "a") if word.islower() else word
        return (article.start(), end), f"{fitted} {stays}"
    return (start, end), stays


# ---------------------------------------------------------------- two changes at once


def changes(text: Words) -> Offer | None:
    """Two or more things changed in one remix; each alone is an option, the first first."""
    groups = apart(asked_for(text.text))
    if len(groups) < 2:
        return None
    options = tuple(", ".join(dict.fromkeys(each.words for each in group)) for group in groups)
    return offer(Kind.CHANGES, text.text, (0, len(text.text)), options, count=len(groups), first=options[0])
