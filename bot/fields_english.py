"""The fields that an English text names: fixed expressions first, then places, then people and things, then what happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from bot import english, lexicon
from bot.fields import THINGS, Field, Named, asked, masked, terms
from bot.grammar import ANIMATE, OPENERS, STOPS, VERBS, Line, Phrase, Word, lines, phrase, pointer
from bot.places import places

_WIDENED: Final = frozenset(
    {Field.LIGHT, Field.WEATHER, Field.TIME, Field.SEASON, Field.MOVE, Field.MOOD, Field.GRADE, Field.MUSIC}
)
"""Fields whose expressions take the adjectives before them along: "heavy rain", "soft light"."""
_TRAILING: Final = frozenset(
    [
        "shot",
        "shots",
        "view",
        "angle",
        "framing",
        "look",
        "style",
        "grade",
        "tones",
        "tone",
        "light",
        "lighting",
        "lights",
        "feel",
        "vibe",
        "video",
        "format",
        "camera",
        "scene",
        "version",
        "weather",
        "sky",
        "time",
        "hour",
        "day",
        "season",
        "palette",
        "colours",
        "colors",
        "lens",
        "mood",
        "music",
        "sound",
        "sounds",
        "effect",
        "morning",
        "night",
        "evening",
        "afternoon",
    ]
)
"""Nouns that an expression may stand before without being half of another name."""
_WEARS: Final = frozenset({"wear", "hold", "carry", "dress", "clutch", "grip", "put"})
_COPULAS: Final = frozenset({"be", "is", "are", "becomes", "become", "turns"})


def look(text: str, figures: Sequence[Named]) -> list[Named]:
    """Everything in the text but the figures and quotations."""
    return [each for line in lines(masked(text, figures, "|")) for each in _Reading(text, line).found()]


class _Reading:
    """One line as it is read: which of its words are used up, and for what."""

    def __init__(self, text: str, line: Line) -> None:
        self.text, self.line, self.words = text, line, line.words
        self.used: set[int] = set()
        self.spans: list[tuple[int, int, Field, str, str]] = []

    def found(self) -> list[Named]:
        """What the line names, in no particular order."""
        self._terms()
        self._places()
        self._things()
        self._colours()
        self._action()
        words = self.words
        return [
            self._named(words[a].start, words[b - 1].end, which, thing, colour)
            for a, b, which, thing, colour in self.spans
        ]

    def _named(self, start: int, end: int, which: Field, thing: str, colour: str) -> Named:
        return Named(which, start, end, self.text[start:end], thing, colour)

    def _put(self, start: int, end: int, which: Field, thing: str = "", colour: str = "") -> None:
        if not self.used & set(range(start, end)):
            self.spans.append((start, end, which, thing, colour))
            self.used |= set(range(start, end))

    def _terms(self) -> None:
        at = 0
        while self.words[at].low:
            end, which = _longest(self.words, at)
            if which is None or self._half(at, end):
                at += 1
                continue
            start, end = self._whole(at, end, which)
            self._put(start, end, which)
            at = end

    def _half(self, at: int, end: int) -> bool:
        """Whether the expression is half of another name: "wide street", "snow leopard", "light jacket"."""
        following = self.words[end]
        if end - at > 1 or following.low in _TRAILING or _longest(self.words, end)[1] is not None:
            return False
        return english.is_compound(self.words, at, end, "name")

    def _whole(self, at: int, end: int, which: Field) -> tuple[int, int]:
        """With its adjectives, and "of rain" behind a sound."""
        words = self.words
        while which in _WIDENED and at > 0 and _describes(words[at - 1]) and at - 1 not in self.used:
            at -= 1
        if which in (Field.SOUND, Field.MUSIC, Field.DIALOGUE) and words[end].low == "of":
            while not words[end].tags & {"comma", "end"} and words[end].low != "and":
                end += 1
        elif which is Field.LIGHT and words[end].low == "from" and words[end + 2].low in ("left", "right", "side"):
            end += 3
        elif (
            words[end].low in ("shot", "style", "look", "grade", "light", "lighting", "music")
            and which is not Field.SOUND
        ):
            end += 1
        return at, end

    def _places(self) -> None:
        for place in places(self.line):
            start = place.start
            if self.words[place.end - 1].low not in _NOT_PLACES and place.rank < 3:
                self._put(start, place.end, Field.PLACE)

    def _things(self) -> None:
        at = 0
        while self.words[at].low:
            own = None if at in self.used or pointer(self.words[at]) == self.words[at].low else phrase(self.words, at)
            if own is None or own.head in self.used or _is_colour(self.words[own.head]) or self._is_deed(own):
                at += 1
                continue
            self._thing(own)
            at = max(own.end, at + 1)

    def _is_deed(self, own: Phrase) -> bool:
        """ "smile" of "he should not smile"."""
        before = self.words[own.start - 1] if own.start else None
        first = self.words[own.start]
        asked_not = first.low == "not" or (before is not None and ("auxiliaries" in before.tags or before.low == "not"))
        return asked_not and bool(self.words[own.head].tags & {"verb.base"}) and not first.tags & OPENERS

    def _thing(self, own: Phrase) -> None:
        words, head = self.words, self.words[own.head]
        before = words[own.start : own.head]
        colour = next((word for word in reversed(before) if _is_colour(word)), None)
        which = _sort(head)
        if which is None and colour is not None and "noun" in head.tags | {"noun" if "open" in head.tags else ""}:
            which = Field.THING
        if which is not None:
            said = self.text[colour.start : colour.end] if colour else ""
            self._put(own.start, own.end, which, head.low, said)

    def _colours(self) -> None:
        """A colour by itself: of the thing before it ("the cat should be black"), else of the picture."""
        free = [
            index
            for index, word in enumerate(self.words)
            if _is_colour(word) and index not in self.used and word.low not in ("light", "dark")
        ]
        for index in free:
            colour = self.text[self.words[index].start : self.words[index].end]
            owner = next((span for span in self.spans if span[2] in THINGS and span[1] <= index and not span[4]), None)
            if owner is not None and self._is_said_of(owner[1], index):
                self.spans.remove(owner)
                self.spans.append((owner[0], index + 1, *owner[2:4], colour))
                self.used |= set(range(owner[0], index + 1))
            else:
                self._put(index, index + 1, Field.PALETTE, "", colour)

    def _is_said_of(self, end: int, colour: int) -> bool:
        between = self.words[end:colour]
        return all(
            word.low in _COPULAS or word.tags & {"auxiliaries", "adverbs"} or word.low in ("in", "be")
            for word in between
        )

    def _action(self) -> None:
        """What somebody does; who and with what belong to it then."""
        at = next(
            (index for index, word in enumerate(self.words) if index not in self.used and self._acts(index)), None
        )
        if at is None:
            return
        start = next((i for i in range(at - 1, -1, -1) if self.words[i].tags & {"comma", "conjunctions"}), -1) + 1
        end = next(
            (i for i in range(at, len(self.words)) if self.words[i].tags & {"comma", "end"} or i in self._others()),
            at + 1,
        )
        self.spans = [
            span
            for span in self.spans
            if span[2] not in (Field.SUBJECT, Field.PROPS, Field.THING) or span[0] >= end or span[1] <= start
        ]
        taken = {index for span in self.spans for index in range(span[0], span[1])}
        while start < at and start in taken:
            start += 1
        self.spans.append((start, max(end, at + 1), Field.ACTION, "", ""))

    def _others(self) -> frozenset[int]:
        return frozenset(i for span in self.spans if span[2] not in THINGS for i in range(span[0], span[1]))

    def _acts(self, index: int) -> bool:
        word, before = self.words[index], self.words[index - 1] if index else None
        told = before is not None and bool(before.tags & (ANIMATE | {"pronouns"}))
        if not word.tags & VERBS or word.low in _wearing() or word.tags & ({"adverbs"} | STOPS):
            return False
        if "adjective" in word.tags:
            return "verb.ing" in word.tags and index == 0 and bool(self.words[1].tags & STOPS)
        if word.low in _carriers():
            return told and pointer(before) not in ("", "it") and "verb.s" in word.tags if before else False
        if "noun" not in word.tags:
            return True
        return told or (before is not None and ("auxiliaries" in before.tags or before.low in ("not", "to")))


def _describes(word: Word) -> bool:
    return bool(word.tags & {"adjective"} or word.low in ("very", "slow", "more", "less")) and not word.tags & (
        OPENERS | {"owner"}
    )


def _is_colour(word: Word) -> bool:
    return word.low in lexicon.words_of("colours")


def _sort(head: Word) -> Field | None:
    """What kind of thing a noun is."""
    tags = head.tags
    if head.low in _NOT_THINGS:
        return None
    for which, names in _SORTS:
        if tags & names:
            return which
    return None


_SORTS: Final[tuple[tuple[Field, frozenset[str]], ...]] = (
    (Field.SUBJECT, frozenset({"body"}) | ANIMATE),
    (Field.WARDROBE, frozenset({"wardrobe"})),
    (Field.PROPS, frozenset({"props"})),
)
_NOT_THINGS: Final = frozenset(
    [
        "camera",
        "set",
        "side",
        "back",
        "shot",
        "sun",
        "light",
        "film",
        "take",
        "version",
        "time",
        "end",
        "top",
        "bit",
        "way",
        "lot",
        "mirror",
    ]
)
_NOT_PLACES: Final = frozenset(["background", "foreground", "distance", "sky", "top", "set", "stage", "frame"])


@cache
def _carriers() -> frozenset[str]:
    return frozenset(form for verb in asked("carriers") for _, form in lexicon.verb_forms(verb)) | {
        "put",
        "made",
        "given",
    }


@cache
def _wearing() -> frozenset[str]:
    return frozenset(form for verb in _WEARS for _, form in lexicon.verb_forms(verb)) | {"put", "worn", "held"}


@cache
def _by_first() -> Mapping[str, tuple[tuple[tuple[str, ...], Field], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], Field]]] = {}
    for term, which in terms("en").items():
        words = tuple(term.replace("b&w", "b & w").split())
        found.setdefault(words[0], []).append((words, which))
    return {first: tuple(sorted(every, key=lambda each: -len(each[0]))) for first, every in found.items()}


def _longest(words: Sequence[Word], at: int) -> tuple[int, Field | None]:
    """The longest expression that begins at this word: the word behind it, and its field."""
    for parts, which in _by_first().get(words[at].low, ()):
        if tuple(word.low for word in words[at : at + len(parts)]) == parts:
            return at + len(parts), which
    return at + 1, None


def nouns(found: Sequence[Named]) -> Iterator[str]:
    """The head nouns of what can be seen."""
    return (each.thing for each in found if each.thing)
