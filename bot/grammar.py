"""English noun phrases without a parser: where the people and things of a sentence begin, and where their action begins.

A model would know more; this knows enough to cut "a detective in a trench coat" off before "crosses the street", always gives
the same answer and takes microseconds. Where a word may be verb or noun, the neighbours decide; in doubt it is a verb, because a
verb carried into the next brief would be filmed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bot import lexicon

_TOKEN = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|prof|int|ext)\.)|\d+(?:[.:,]\d+)*\w*|[^\W\d_]+(?:[-'’][^\W_]+)*|\n|\s[-–]\s|[^\w\s]",
    re.IGNORECASE,
)
_BREAKS = frozenset('.!?;:()/|[]{}<>\n—–…•*#-"“”')
_POINTING = ("he", "she", "it", "they")

_COMMAS, _COMMA, _LINK = (",", "，", "、"), frozenset({"comma"}), frozenset({"conjunctions"})

OPENERS = frozenset({"determiners", "possessives", "numbers"})
STOPS = frozenset({"prepositions", "conjunctions", "pronouns", "auxiliaries", "end", "comma"})
ANIMATE = frozenset({"people", "animals"})
VERBS = frozenset({"verb.base", "verb.s", "verb.past", "verb.ing"})


class Word(NamedTuple):
    """One word with its place in the text (characters) and what it may be."""

    low: str
    start: int
    end: int
    tags: frozenset[str]
    capital: bool = False


class Phrase(NamedTuple):
    """A noun phrase by word index: first word, head, and the word behind the last."""

    start: int
    head: int
    end: int


@dataclass(frozen=True)
class Line:
    """The words between two full stops, dashes or brackets; the last one is a mark for the end."""

    words: Sequence[Word]

    titled: bool = False
    """Whether It Is Written Like This, so that a capital means nothing."""


def lines(text: str) -> Iterator[Line]:
    """The text cut where a noun phrase cannot go on."""
    known = lexicon.english()
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        token = match.group().strip(" \t")
        if token in _BREAKS or token == "":
            if words:
                yield _line(words)
            words = []
        else:
            words.append(_word(known, match))
    if words:
        yield _line(words)


def _line(words: list[Word]) -> Line:
    end = words[-1].end
    mark = Word("", end, end, frozenset({"end"}))
    plain = [word for word in words if len(word.low) > 3]
    titled = len(plain) > 1 and sum(word.capital for word in plain) > 0.6 * len(plain)
    return Line((*words, mark, mark, mark), titled)


def _word(known: lexicon.English, match: re.Match[str]) -> Word:
    token = match.group().strip()
    low = token.lower().replace("’", "'").rstrip(".")
    if not token[0].isalnum():
        return Word(low, match.start(), match.end(), _COMMA if token in _COMMAS else _LINK)
    if low.endswith("'s") and len(low) > 2:
        owner = known.of(low[:-2])
        tags = frozenset({"pronouns", "auxiliaries"}) if "pronouns" in owner else frozenset({"adjective", "owner"})
    else:
        tags = known.of(low)
    return Word(low, match.start(), match.end(), tags, token[0].isupper())


def phrase(words: Sequence[Word], at: int) -> Phrase | None:
    """The noun phrase that begins at this word, without what follows its head; None if there is none."""
    here, head = at, -1
    while words[here].tags & OPENERS:
        here += 1
    opened, single = here > at, words[at].low in ("a", "an", "one", "1")
    while not words[here].tags & (STOPS | OPENERS) and not _acts(words, here, head, opened=opened, single=single):
        tags = words[here].tags
        if "noun" in tags or not tags & {"adjective", "adverbs"}:
            head = here
        here += 1
    return Phrase(at, head, head + 1) if head >= 0 else None


def is_content(word: Word) -> bool:
    """Whether the word can go on a noun phrase."""
    return bool(word.tags & {"noun", "adjective", "open"}) and not word.tags & (STOPS | OPENERS)


def _acts(words: Sequence[Word], at: int, head: int, *, opened: bool, single: bool) -> bool:
    """Whether this word tells what happens, so that the noun phrase ends before it."""
    if "adverbs" in words[at].tags:
        return head >= 0 or not is_content(words[at + 1])
    if head >= 0 and single and "verb.s" in words[at].tags:
        return True
    return _acts_after(words, at, head) if head >= 0 else _acts_first(words, at, opened=opened)


def _acts_first(words: Sequence[Word], at: int, *, opened: bool) -> bool:
    tags, following = words[at].tags, words[at + 1]
    if "adjective" in tags or not tags & VERBS:
        return False
    if tags & {"verb.ing", "verb.past"}:
        return not ("noun" in tags or is_content(following))
    if opened:
        return False
    if "verb.s" in tags:
        return not ("noun" in tags and following.tags & {"verb.base", "verb.past", "auxiliaries"})
    return not is_content(following) if "noun" not in tags else bool(following.tags & OPENERS)


def _acts_after(words: Sequence[Word], at: int, head: int) -> bool:
    tags, following, before = words[at].tags, words[at + 1], words[head].tags
    animate, plural, noun = bool(before & ANIMATE), "plural" in before, "noun" in tags
    if "adjective" in tags and is_content(following):
        return animate and bool(tags & VERBS)
    if "verb.base" in tags and "verb.s" not in tags:
        return _base_acts(tags, following, animate=animate, plural=plural)
    if not tags & VERBS:
        return "open" in tags and _strange_verb(words[at], following, animate=animate, plural=plural)
    if "verb.s" in tags:
        lone = not (noun and following.tags & {"verb.base", "verb.past", "auxiliaries"})
        return lone and (animate or not noun or "open" in before)
    return animate or "noun" not in (following.tags if "verb.past" in tags else tags)


def _base_acts(tags: frozenset[str], following: Word, *, animate: bool, plural: bool) -> bool:
    ends = bool(following.tags & (OPENERS | STOPS | {"adverbs"}))
    if "noun" in tags:
        return plural and ends and "place" not in tags
    return animate or plural or bool(following.tags & OPENERS)


def _strange_verb(word: Word, following: Word, *, animate: bool, plural: bool) -> bool:
    """An unknown word behind a noun: a verb by its ending ("ambles through"), or behind a plural ("the men mend nets")."""
    if word.capital:
        return False
    if word.low.endswith("s") and not word.low.endswith(("ss", "us", "is")):
        return animate or bool(following.tags & (OPENERS | {"prepositions"}))
    return animate and plural


@cache
def _pointers() -> dict[str, str]:
    return {word: name for name in _POINTING for word in lexicon.table("small", name)}


def pointer(word: Word) -> str:
    """``he``, ``she``, ``it`` or ``they`` for any of their forms."""
    return _pointers().get(word.low.partition("'")[0], "")


def coordinated(words: Sequence[Word], found: Phrase) -> Phrase:
    """``a man`` of "a man and his dog argue" → ``a man and his dog``."""
    if words[found.end].low not in ("and", "&"):
        return found
    other = phrase(words, found.end + 1)
    alive = [index for index in range(other.start, other.end) if words[index].tags & ANIMATE] if other else []
    if other is None or not alive:
        return found
    if alive[-1] < other.head and "verb.base" not in words[alive[-1] + 1].tags:
        return found
    return Phrase(found.start, found.head, described(words, Phrase(other.start, alive[-1], alive[-1] + 1)).end)


def described(words: Sequence[Word], found: Phrase) -> Phrase:
    """The phrase with what belongs to it and does not happen: clothes, features, what it is made of, whom it is with."""
    end = _modified(words, found.end)
    while (further := _feature(words, end)) is not None:
        end = further
    return found._replace(end=end)


def _modified(words: Sequence[Word], at: int) -> int:
    while (further := _modifier(words, at)) is not None:
        at = further
    return at


def _modifier(words: Sequence[Word], at: int) -> int | None:
    """The end of the one modifier that begins here: "in a trench coat", "with a scar over the brow", "wearing glasses"."""
    length = state_length(words, at)
    low = words[at].low
    if not length and low not in ("in", "with", "of", "and", "on"):
        return None
    own = worn_phrase(words, at + (length or 1))
    if own is None:
        return None
    if not length and not _belongs(words, low, own):
        return None
    return _on_body(words, own.end)


def state_length(words: Sequence[Word], at: int) -> int:
    """How many words here say that something is worn, held or had ("dressed in" is two); 0 if none."""
    pair = f"{words[at].low} {words[at + 1].low}"
    triple = f"{pair} {words[at + 2].low}"
    return 3 if triple in _states() else 2 if pair in _states() else 1 if words[at].low in _states() else 0


@cache
def _states() -> frozenset[str]:
    finite = {"wears", "holds", "carries", "clutches", "grips", "wields", "cradles"}
    every = {*lexicon.table("wearing"), *lexicon.table("holding"), *lexicon.table("having")}
    return frozenset(word for word in every - finite if not word.startswith(("is ", "are ")))


def worn_phrase(words: Sequence[Word], at: int) -> Phrase | None:
    """A noun phrase cut behind clothes, features or props, where an unknown word is taken for the verb."""
    found = phrase(words, at)
    if found is None:
        return None
    for index in range(found.start, found.end):
        if words[index].tags & {"wardrobe", "body", "props"} and _closes(words, index):
            return Phrase(found.start, index, index + 1)
    return found


def _closes(words: Sequence[Word], at: int) -> bool:
    """Whether clothes end here: "in red" of "in red waves from the pavement"."""
    following = words[at + 1].tags
    if not following & {"noun", "adjective"}:
        return True
    return "verb.s" in following and bool(words[at + 2].tags & (STOPS | OPENERS))


def _belongs(words: Sequence[Word], low: str, own: Phrase) -> bool:
    head, first = words[own.head].tags, words[own.start]
    if low == "in":
        return bool(head & {"wardrobe", "body"})
    if low == "of":
        return "place" not in head
    if low == "and":
        return "wardrobe" in head and not head & {"place"}
    if low == "with":
        plain = bool(
            first.tags & OPENERS or head & {"wardrobe", "body", "props", "animals", "people"} or "plural" in head
        )
        return plain and first.low not in ("his", "her", "their", "its") and words[own.head].low not in _abstract()
    return low == "on" and "props" in head and first.low in ("a", "an")


@cache
def _abstract() -> frozenset[str]:
    return lexicon.words_of("small", "abstract")


def _on_body(words: Sequence[Word], at: int) -> int:
    """Past "on her head", "over the left brow", "in one hand", if that follows."""
    if words[at].low not in ("on", "over", "in", "around", "under", "across", "at", "behind"):
        return at
    found = phrase(words, at + 1)
    return found.end if found and "body" in words[found.head].tags else at


def _feature(words: Sequence[Word], at: int) -> int | None:
    """The end of ", square jaw" or ", a welder in overalls": a listed feature, closed by a comma or the end, so never an action."""
    if "comma" not in words[at].tags:
        return None
    start = at + 2 if words[at + 1].low == "and" else at + 1
    found = phrase(words, start)
    if found is None or words[found.start].low in ("his", "her", "their", "its"):
        return None
    apposed = bool(words[found.head].tags & ANIMATE) and words[found.start].low in ("a", "an")
    end = _modified(words, found.end) if apposed else _on_body(words, found.end)
    closed = words[end].tags & {"comma", "end"}
    return end if closed and (apposed or words[found.head].tags & {"wardrobe", "body"}) else None
