"""What somebody wears or holds, where an English text says so apart from the one who wears or holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from bot import lexicon
from bot.grammar import OPENERS, Phrase, Word, phrase, worn_phrase

_UNDER = frozenset({"with", "under", "beneath", "in"})
_PARTICIPLES = frozenset({"wearing", "dressed", "clad", "clothed", "draped", "wrapped", "cloaked"})


def worn(words: Sequence[Word]) -> Iterator[Phrase]:
    """Clothes: "wearing a red scarf", "in a red dress", "her teal raincoat" where it only stands there."""
    for at in range(len(words) - 3):
        length = _listed(words, at, "wearing", "on")
        if length and (own := _clothes(words, at + length)):
            start = next((index for index in range(at, own.start) if words[index].low in _PARTICIPLES), own.start)
            yield own._replace(start=start)
        elif own := _put_in(words, at):
            yield own


def _put_in(words: Sequence[Word], at: int) -> Phrase | None:
    """The clothes of "in a red dress" or of "her teal raincoat"."""
    if words[at].low == "in":
        own = _clothes(words, at + 1)
        return own if own and words[own.start].tags & (OPENERS | {"adjective"}) else None
    return _clothes(words, at) if _stands_there(words, at) else None


def carried_things(words: Sequence[Word]) -> Iterator[Phrase]:
    """Props: "holding a lantern", "with a cat on her head", "under her umbrella"."""
    for at in range(len(words) - 3):
        if length := _listed(words, at, "holding"):
            own = worn_phrase(words, at + length)
            if own and words[own.start].tags & OPENERS and words[own.head].low not in _abstract():
                yield own
        elif words[at].low == "with" and (own := _prop(words, at + 1)) and words[own.start].low in ("a", "an", "two"):
            yield own._replace(end=_on_body(words, own.end))
        elif _stands_there(words, at) and (own := _prop(words, at)):
            yield own


def taken_off(words: Sequence[Word]) -> bool:
    """Whether clothes come off in this line."""
    for at in range(len(words) - 3):
        length = _listed(words, at, "wearing", "off", heading=False)
        if length and _clothes(words, at + length):
            return True
    return False


def let_go(words: Sequence[Word]) -> bool:
    """Whether something held is dropped, given away or put down in this line."""
    verbs = lexicon.forms_of("wearing", "letting_go")
    for at in range(len(words) - 3):
        if words[at].low in verbs:
            own = _prop(words, at + (2 if words[at + 1].low in ("down", "away", "off") else 1))
            if own and words[own.start].tags & OPENERS:
                return True
    return False


def _listed(words: Sequence[Word], at: int, table: str, *columns: str, heading: bool = True) -> int:
    """How many words here are an expression of these columns; 0 if none."""
    known = _expressions(table, columns, heading)
    if words[at].low not in known:
        return 0
    for length in (3, 2, 1):
        if " ".join(word.low for word in words[at : at + length]) in known[words[at].low]:
            return length
    return 0


@cache
def _expressions(table: str, columns: tuple[str, ...], heading: bool) -> dict[str, frozenset[str]]:
    """The expressions of these columns by their first word."""
    names = (*(("en",) if heading else ()), *columns)
    every = frozenset(word for name in names for word in lexicon.table(table, name))
    firsts = {word.partition(" ")[0] for word in every}
    return {first: frozenset(word for word in every if word.partition(" ")[0] == first) for first in firsts}


def _clothes(words: Sequence[Word], at: int) -> Phrase | None:
    own = worn_phrase(words, at)
    if own is None or "wardrobe" not in words[own.head].tags:
        return None
    if words[own.end].low == "and" and (more := worn_phrase(words, own.end + 1)):
        opened = words[more.start].tags & OPENERS
        return own._replace(end=more.end) if opened and "wardrobe" in words[more.head].tags else own
    return own


def _prop(words: Sequence[Word], at: int) -> Phrase | None:
    own = worn_phrase(words, at)
    return own if own and "props" in words[own.head].tags else None


def _stands_there(words: Sequence[Word], at: int) -> bool:
    """Whether "her …" begins a description rather than being what an action is done to."""
    if "possessives" not in words[at].tags:
        return False
    return at == 0 or "comma" in words[at - 1].tags or words[at - 1].low in _UNDER


def _on_body(words: Sequence[Word], at: int) -> int:
    found = phrase(words, at + 1) if words[at].low in ("on", "in", "over", "under", "at") else None
    return found.end if found and "body" in words[found.head].tags else at


@cache
def _abstract() -> frozenset[str]:
    return lexicon.words_of("small", "abstract")
