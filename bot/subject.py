"""Who a line of English is about: found before the verb, with clothes and features, or pointed back at ("he", "his hands")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from bot.grammar import ANIMATE, OPENERS, VERBS, Line, Phrase, Word, coordinated, described, is_content, phrase, pointer
from bot.lexicon import forms_of, words_of

Term = tuple[int, int, str]
"""A fixed expression in a line: first word, the word behind the last, and its table."""

_FRAMES = ("framing", "angle", "move", "lens", "stock")
_SIGHTS = ("light", "time", "weather", "direction")
_AFTER_FRAME = frozenset({"of", "on", "from", "with", "at", "as", "like"})
_SPEAKERS = frozenset({"u", "you", "i", "we"})
_AFTER_CAMERA = frozenset({"prepositions", "adverbs", "pronouns"})


class Subject(NamedTuple):
    """A subject by word index, how sure it is, and its last character.

    Rank 0 is somebody alive, 1 a thing that acts, 2 a thing that is shown.
    """

    phrase: Phrase
    rank: int
    cut: int


def subject_of(line: Line, terms: Sequence[Term]) -> Subject | str | None:
    """The first noun phrase of a line that is neither framing, place, hour nor weather; or the pronoun that points back."""
    words, at, framed = line.words, 0, False
    spans, sights = {start: (end, table) for start, end, table in terms}, spanned(terms)
    while "end" not in words[at].tags:
        end, table = spans.get(at, (at, ""))
        if end > at and not (table.partition(".")[0] in _FRAMES and _is_name(words, at, end)):
            framed, at = framed or table.partition(".")[0] in _FRAMES, end
            continue
        skipped = _skip(words, at, framed=framed)
        if skipped is not None:
            at = skipped
            continue
        if name := pointer(words[at]):
            return None if _is_expletive(words, at, sights) else name
        who = phrase(words, at)
        if who is None or who.head in sights:
            at = who.end if who else at + 1
            continue
        if "place" in words[who.head].tags and not _is_alive(line, who) and not _drives(words, who):
            at = who.end
            continue
        return _judged(line, described(words, coordinated(words, described(words, who))), framed=framed)
    return None


def spanned(terms: Sequence[Term]) -> set[int]:
    """The words that belong to a light, an hour, a weather or a side."""
    return {index for start, end, table in terms if table.partition(".")[0] in _SIGHTS for index in range(start, end)}


def _is_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a camera word is here an ordinary one: "a medium", "portrait painter", "wide street"."""
    following = words[end]
    return end - at == 1 and is_content(following) and not following.tags & OPENERS and words[at].low == "wide"


def _is_alive(line: Line, who: Phrase) -> bool:
    """A person or an animal, also by a name that means something else: "Detective Mills"."""
    head, before = line.words[who.head], line.words[who.head - 1] if who.head > who.start else None
    titled = before is not None and bool(before.tags & ANIMATE) and head.capital and not line.titled
    return bool(head.tags & ANIMATE) or titled


def _drives(words: Sequence[Word], who: Phrase) -> bool:
    """Whether a vehicle acts, rather than being where somebody sits."""
    return "place.vehicle" in words[who.head].tags and bool(words[who.end].tags & (VERBS | {"adverbs"}))


def _is_expletive(words: Sequence[Word], at: int, sights: set[int]) -> bool:
    """Whether "it" is nobody: "it is snowing", "it's a warm evening"."""
    return words[at].low.startswith("it") and any(index in sights for index in range(at + 1, min(at + 6, len(words))))


def _skip(words: Sequence[Word], at: int, *, framed: bool) -> int | None:
    """Where to go on if this word cannot begin the subject; None if it can."""
    word = words[at]
    if pointer(word):
        return None
    if _tells(words, at):
        return _past_camera(words, at)
    if "prepositions" in word.tags and not (framed and word.low in _AFTER_FRAME):
        place = phrase(words, at + 1)
        return place.end if place else at + 1
    if word.low in _SPEAKERS and "auxiliaries" in words[at + 1].tags:
        return _next_clause(words, at)
    if _is_small(word) or _is_camera_verb(words, at, framed=framed):
        return at + 1
    return _next_clause(words, at) if phrase(words, at) is None else None


def _is_small(word: Word) -> bool:
    if "adverbs" in word.tags and "noun" not in word.tags:
        return True
    return bool(word.tags & {"comma", "conjunctions", "prepositions", "auxiliaries", "pronouns"})


def _is_camera_verb(words: Sequence[Word], at: int, *, framed: bool) -> bool:
    word, following = words[at], words[at + 1]
    if word.low not in _camera_verbs() or not word.tags & VERBS:
        return False
    return framed or bool(following.tags & (OPENERS | _AFTER_CAMERA))


def _tells(words: Sequence[Word], at: int) -> bool:
    """Whether the camera or the teller comes here: "the camera follows", "we see"."""
    here = at + 1 if words[at].tags & OPENERS else at
    return words[here].low in words_of("camera_verbs", "tellers") or (
        words[at].low == "there" and "auxiliaries" in words[at + 1].tags
    )


@cache
def _camera_verbs() -> frozenset[str]:
    return forms_of("camera_verbs") | {"following", "showing"}


def _past_camera(words: Sequence[Word], at: int) -> int:
    here = at + (2 if words[at].tags & OPENERS else 1)
    while words[here].tags & {"prepositions", "adverbs", "auxiliaries"} or words[here].low in _camera_verbs():
        here += 1
    return here


def _next_clause(words: Sequence[Word], at: int) -> int:
    """Past this action: a subject may come behind a comma ("Running through the wheat, a fox …"), else there is none."""
    while not words[at].tags & {"comma", "end"} and not _joins_clause(words, at):
        at += 1
    return at


def _joins_clause(words: Sequence[Word], at: int) -> bool:
    """Whether somebody else comes in here: "and kids …", "while a dog …"."""
    following = words[at + 1].tags
    return words[at].low in ("and", "while", "as", "but") and bool(following & (ANIMATE | {"determiners"}))


def _judged(line: Line, who: Phrase, *, framed: bool) -> Subject | None:
    words = line.words
    head, behind = words[who.head], words[who.end]
    acting = bool(behind.tags & (VERBS | {"auxiliaries", "adverbs"}))
    named = head.capital and "open" in head.tags and not line.titled
    owner = next((word for word in words[who.start : who.head] if "owner" in word.tags), None)
    end = words[who.end - 1].end
    if owner and "body" in head.tags:
        return Subject(who, 0, owner.end - 2)
    if _is_alive(line, who) or (named and (acting or who.end > who.head + 1)):
        return Subject(who, 0, end)
    if acting and not line.titled:
        return Subject(who, 1, end)
    return Subject(who, 2, end) if _is_shown(words, who, framed=framed) else None


def _is_shown(words: Sequence[Word], who: Phrase, *, framed: bool) -> bool:
    first, head = words[who.start], words[who.head]
    if head.low in words_of("small", "units"):
        return False
    after_of = framed and who.start > 0 and words[who.start - 1].low in ("of", "on")
    return after_of or first.low in ("a", "an") or "numbers" in first.tags
