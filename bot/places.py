"""Where a shot plays: the places named in an English line, whole ("a complex obstacle course in burano italy"), best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot import lexicon
from bot.grammar import ANIMATE, OPENERS, STOPS, VERBS, Line, Word, is_content, phrase

_LINKS = frozenset(
    {"in", "on", "at", "of", "near", "by", "outside", "overlooking", "between", "under", "above", "beside", "within"}
)
_NAMED_AFTER = frozenset({"in", "at", "near", "through", "across", "over", "outside", "inside", "aboard", "around"})
_DOERS = frozenset({"he", "she", "they", "who"})
_ABOARD = frozenset({"in", "on", "inside", "aboard", "into", "onto", "int"})


class Place(NamedTuple):
    """A place by word index; the smaller the rank, the surer it is where the shot plays."""

    start: int
    end: int
    rank: int


def places(line: Line) -> Iterator[Place]:
    """Every place of a line, without overlap."""
    words, behind = line.words, 0
    for head in range(len(words) - 3):
        if head < behind or not _is_place(words, head, titled=line.titled):
            continue
        start = _beginning(words, head)
        start, rank = _judged(words, start, head)
        end, larger = _chained(words, head + 1, titled=line.titled)
        if rank is None:
            behind = head + 1 if _only(words, head, "place.spot") else end
            continue
        yield Place(start, end, 1 if rank == 3 and larger else rank)
        behind = end


def sort_of(text: str) -> str:
    """``indoor``, ``outdoor``, ``either`` or ``vehicle`` by the first place named in the text; ``spot`` for a mere one.

    "A window in a library" is indoors: a spot in a larger place is that place. Empty if none is known.
    """
    known, spot = lexicon.english(), ""
    lows = [word.strip(".,").lower() for word in text.split()]
    for index, low in enumerate(lows):
        for name in (" ".join(lows[index : index + 2]), low):
            for sort in ("indoor", "outdoor", "either", "vehicle", "spot"):
                if f"place.{sort}" in known.tags.get(name, ()) and not _goes_on(lows, index, name):
                    if sort != "spot":
                        return sort
                    spot = sort
    return spot


def _goes_on(lows: list[str], index: int, name: str) -> bool:
    if " " in name or index + 1 >= len(lows):
        return False
    return "place" in lexicon.english().tags.get(lows[index + 1], ())


def _is_place(words: Sequence[Word], at: int, *, titled: bool) -> bool:
    tags, following = words[at].tags, words[at + 1]
    if at and words[at - 1].tags & ANIMATE and (tags & VERBS or (words[at].capital and not titled)):
        return False
    if at and _is_done(words, at):
        return False
    if "place" in tags or (at > 0 and "place" in _pair(words, at)):
        return not _is_compound(following)
    return _is_name(words, at, titled=titled)


def _is_done(words: Sequence[Word], at: int) -> bool:
    """Whether the place is what somebody does: "she lifts her head", "he stops and parks the car"."""
    before, tags = words[at - 1], words[at].tags
    if before.low in _DOERS:
        return bool(tags & VERBS)
    return "verb.s" in tags and bool(words[at + 1].tags & OPENERS) and not before.tags & (OPENERS | {"prepositions"})


def _is_compound(following: Word) -> bool:
    """Whether the place only begins a longer noun: "street musician", "kitchen knife"."""
    if following.tags & (STOPS | OPENERS) or not is_content(following):
        return False
    if "adjective" in following.tags and "noun" not in following.tags:
        return False
    return "noun" in following.tags or not (following.tags & VERBS or following.low.endswith("s"))


def _pair(words: Sequence[Word], at: int) -> frozenset[str]:
    return lexicon.english().tags.get(f"{words[at - 1].low} {words[at].low}", frozenset())


def _is_name(words: Sequence[Word], at: int, *, titled: bool) -> bool:
    """An unknown capitalised word behind "in", "near", "the" …: "in Matera", "across the Øresund"."""
    word = words[at]
    if (
        titled
        or not word.capital
        or at == 0
        or word.tags & {"noun", "adverbs", "adjective"}
        or _is_compound(words[at + 1])
    ):
        return False
    if word.low in lexicon.words_of("small", "languages") or word.low[0].isdigit() or len(word.low) < 3:
        return False
    start = _beginning(words, at)
    return (
        start > 0 and words[start - 1].low in _NAMED_AFTER and not (words[at + 1].capital and is_content(words[at + 1]))
    )


def _beginning(words: Sequence[Word], head: int) -> int:
    """The first word of the noun phrase that ends with this head."""
    at = head
    while at > 0:
        before = words[at - 1]
        if before.tags & OPENERS:
            return _openers(words, at)
        if before.tags & STOPS or "adverbs" in before.tags or not _joins(words, at - 1):
            return at
        at -= 1
    return at


def _openers(words: Sequence[Word], at: int) -> int:
    while at > 0 and words[at - 1].tags & OPENERS:
        at -= 1
    return at


def _joins(words: Sequence[Word], at: int) -> bool:
    """Whether a word before a place belongs to its name, rather than telling what somebody does there."""
    tags = words[at].tags
    before = words[at - 1] if at else None
    if "adjective" in tags:
        return True
    if tags & ANIMATE:
        return before is None or bool(before.tags & (OPENERS | {"prepositions", "comma"}))
    if "noun" in tags:
        return not (tags & VERBS and before is not None and before.tags & ANIMATE)
    if tags & {"verb.ing", "verb.past"}:
        return before is not None and bool(before.tags & (OPENERS | {"prepositions", "adjective"}))
    if tags & VERBS:
        return False
    strange = words[at].low.endswith("s") and not words[at].capital
    return not strange and not (before is not None and before.tags & ANIMATE)


def _judged(words: Sequence[Word], start: int, head: int) -> tuple[int, int | None]:
    """Where the place begins, and its rank: 0 gone into, 1 plain, 2 headed for, 3 a mere spot; None: only looked at or left."""
    before = words[start - 1] if start else None
    low = before.low if before else ""
    spot, vehicle = _only(words, head, "place.spot"), _only(words, head, "place.vehicle")
    if (vehicle and low not in _ABOARD) or (spot and not (before and "prepositions" in before.tags)):
        return start, None
    if before is None:
        return start, 1
    if low == "of":
        return _whole(words, start)
    if low in _far_prepositions() or _looks(words, start - 1):
        return start, None
    if "owner" in words[start].tags and low not in lexicon.words_of("small", "prepositions"):
        return start, 1
    rank = 3 if spot else 0 if low in lexicon.words_of("where.inside") else 2 if low == "to" else 1
    return start, rank


def _only(words: Sequence[Word], head: int, table: str) -> bool:
    tags = words[head].tags
    return table in tags and not any(name.startswith("place.") and name != table for name in tags)


@cache
def _far_prepositions() -> frozenset[str]:
    return lexicon.words_of("where.far", "prepositions")


@cache
def _far_verbs() -> frozenset[str]:
    return lexicon.forms_of("where.far", "verbs")


def _looks(words: Sequence[Word], at: int) -> bool:
    """Whether the place is looked at, left or meant: "gazes over the sea", "leaves the house"."""
    if words[at].low in _far_verbs():
        return True
    nearby = words[max(0, at - 2) : at]
    return "prepositions" in words[at].tags and any(
        word.low in _far_verbs() and "noun" not in word.tags for word in nearby
    )


def _whole(words: Sequence[Word], start: int) -> tuple[int, int | None]:
    """ "the edge of a cliff" from its first word; None where the place is only what something is of ("a map of the city")."""
    part = words[start - 2] if start > 1 else None
    if part is None:
        return start, 1
    if part.low in lexicon.words_of("where.parts") or "place" in part.tags:
        whole = _beginning(words, start - 2)
        before = words[whole - 1] if whole else None
        if before is not None and (before.low in _far_prepositions() or _looks(words, whole - 1)):
            return whole, None
        return whole, 1
    return start, 1 if part.low in _views() else None


@cache
def _views() -> frozenset[str]:
    return frozenset(word.split()[-1].lower() for name in ("framing", "angle") for word in lexicon.table(name))


def _chained(words: Sequence[Word], at: int, *, titled: bool) -> tuple[int, bool]:
    """Past "in burano italy", "of the old mill": places that say where the place is; and whether one of them was there."""
    larger = False
    for _ in range(3):
        if words[at].low not in _LINKS and "comma" not in words[at].tags:
            break
        found = phrase(words, at + 1)
        if found is None or not _is_place(words, found.head, titled=titled) or words[at + 1].low in ("his", "her"):
            break
        if "comma" in words[at].tags and "place.names" not in words[found.head].tags:
            break
        at, larger = found.end, larger or "place.spot" not in words[found.head].tags
    return at, larger
