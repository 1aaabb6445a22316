"""A member's words as the linter reads them: what its tables know of them, where, and which stretches are speech or labelled.

One pass over the text, English word by word and Chinese sign by sign, against one vocabulary made of ``linter.toml``; every
find is a `Mark` with its place in the text. No sentence is parsed: the linter only offers, so a guess may be cheap.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import chain, repeat
from typing import Any, Final, Generic, NamedTuple, TypeVar

from bot import lexicon
from bot.established import SPEECH
from bot.lint_tables import Known, fold, pairs, unfold, vocabulary
from bot.reference import is_chinese
from bot.words import labelled_runs

T = TypeVar("T")

READ_MAX: Final = 4_000
"""Characters that are read: what stands behind is sent as it is, and nothing is offered for it."""

TOKEN: Final = re.compile(r"[0-9a-zà-ɏ&]+(?:'[a-z]+)?")
_ASIDE = re.compile(
    r"^[ \t]*(?:title|notes?|negative(?: prompt)?|标题|备注|負面提示詞|负面提示词)[ \t]*[:：][^.。\n]*", re.I | re.M
)
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、…\n\"“”()（）]|\s(?:and|And|AND|[-–—])\s")
_SENTENCE_ENDS: Final = (". ", "! ", "? ", "; ", "\n", "。", "！", "？", "；")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SPOKEN: Final = ('"', "“", "「", "『", "say", "said", "ask", "shout", "whisper", "yell", "说", "喊", "问", "道")
"""Without one of these nothing is spoken (`established.SPEECH`)."""
_TITLES: Final = ("title", "note", "negative", "标题", "备注", "负面提示词", "負面提示詞")
"""Without one of these there is no title and no note (`_ASIDE`)."""
_NOTHING: Final[frozenset[str]] = frozenset()


class Token(NamedTuple):
    """One English word or number, lower case, with its place in the text and what `lexicon` knows of it."""

    low: str
    start: int
    end: int
    tags: frozenset[str]


class Mark(NamedTuple):
    """A find: the table that knows it, its place in the text, and for English its first word and the one behind its last."""

    name: str
    start: int
    end: int
    first: int = -1
    last: int = -1


_make_token: Callable[[tuple[str, int, int, frozenset[str]]], Token] = partial(tuple.__new__, Token)
_make_mark: Callable[[tuple[str, int, int, int, int]], Mark] = partial(tuple.__new__, Mark)


class once(Generic[T]):  # noqa: N801 - used like `property`
    """`functools.cached_property` without its lock, which costs more than most of what is found here."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find, self.__doc__ = find, find.__doc__

    def __get__(self, words: Any, kind: object = None) -> T:
        found = words.__dict__[self.find.__name__] = self.find(words)
        return found


@dataclass(frozen=True)
class Words:
    """Words that are read. Everything about them is found once, and only when it is asked for."""

    text: str

    @once
    def han(self) -> bool:
        """Whether any sign is Chinese."""
        return is_chinese(self.text)

    @once
    def chinese(self) -> bool:
        """Whether they are written in Chinese, English names in them aside."""
        return self.han and 3 * len(_HAN.findall(self.text)) > len(_LATIN.findall(self.text))

    @once
    def traditional(self) -> bool:
        """Whether they are written in Traditional characters."""
        return self.han and self.text.translate(fold()) != self.text

    @once
    def folded(self) -> str:
        """Lower case and Simplified, sign by sign: places stay the same."""
        text = self.text.translate(fold()) if self.han else self.text
        low = text.lower().replace("’", "'")
        return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

    @once
    def tokens(self) -> Sequence[Token]:
        """The English words."""
        text, end = self.folded, 0
        find, starts, ends = text.find, [], []
        lows = TOKEN.findall(text)  # half the time of asking each match for its place
        for low in lows:
            start = find(low, end)
            end = start + len(low)
            starts.append(start)
            ends.append(end)
        tags = map(lexicon.english().tags.get, lows, repeat(_NOTHING))
        return [*map(_make_token, zip(lows, starts, ends, tags, strict=True))]

    @once
    def low_words(self) -> frozenset[str]:
        """The English words, each once."""
        return frozenset([token.low for token in self.tokens])

    @once
    def marks(self) -> Mapping[str, Sequence[Mark]]:
        """What the tables know, by table, in the order of the words, the longest first; speech and titles left out."""
        found: defaultdict[str, list[Mark]] = defaultdict(list)
        every: Iterable[Mark] = _english(self.tokens)
        if self.han:
            every = sorted(chain(every, _chinese(self.folded)), key=lambda mark: (mark.start, -mark.end))
        for mark in every:
            taken = found[mark.name]
            if (not taken or mark.start >= taken[-1].end) and not (self.asides and self.aside(mark.start)):
                taken.append(mark)
        return found

    @once
    def asides(self) -> Sequence[tuple[int, int]]:
        """Stretches that nobody films: what is spoken, titles, notes."""
        speech = SPEECH.finditer(self.text) if any(sign in self.folded for sign in _SPOKEN) else ()
        titles = _ASIDE.finditer(self.text) if any(sign in self.folded for sign in _TITLES) else ()
        spans = [match.span() for match in chain(speech, titles)]
        return [*spans, *((start, end) for name, start, end in self.runs if name == "dialogue")]

    @once
    def runs(self) -> Sequence[tuple[str, int, int]]:
        """The labelled runs with their places (`words.labelled_runs`)."""
        at, found = 0, []
        for name, run in labelled_runs(self.text):
            found.append((name, at, at + len(run)))
            at += len(run) + 1
        return found

    def sentence_start(self, at: int) -> int:
        """Where the sentence or line that this character stands in begins."""
        ends = _SENTENCE_ENDS if self.han else _SENTENCE_ENDS[:5]
        return max(0, *[self.text.rfind(end, 0, at) + 1 for end in ends])

    def aside(self, at: int) -> bool:
        """Whether this character is spoken, or a title."""
        return any(start <= at < end for start, end in self.asides)

    def in_run(self, at: int, *names: str) -> bool:
        """Whether this character stands in a labelled run of one of these names."""
        return any(start <= at < end and name in names for name, start, end in self.runs)

    def any(self, *names: str) -> bool:
        """Whether one of these tables knows a word of it."""
        return any(self.marks.get(name) for name in names)

    def of(self, group: str) -> list[Mark]:
        """The finds of every table of a group (``weak``), in the order of the words, the longest first."""
        return self._groups.get(group, [])

    @once
    def _groups(self) -> Mapping[str, list[Mark]]:
        found: defaultdict[str, list[Mark]] = defaultdict(list)
        for name, marks in self.marks.items():
            found[_group_of(name)] += marks
        for group in found.values():
            if len(group) > 1:
                group.sort(key=lambda mark: (mark.start, -mark.end))
        return found

    @once
    def people(self) -> Sequence[Mark]:
        """Who is in it, marked ``people`` or ``animals``; English first."""
        known, tokens = _animate(), self.tokens
        found = []
        for at in [at for at, token in enumerate(tokens) if token[0] in known]:
            _, start, end, tags = tokens[at]
            found.append(Mark("animals" if "animals" in tags else "people", start, end, at, at + 1))
        for start, end, tags in segments(self.folded) if self.han else ():
            if any(tag.startswith("people.") for tag in tags) or "animals" in tags:
                found.append(Mark("animals" if "animals" in tags else "people", start, end))
        return [mark for mark in found if not self.aside(mark.start)] if self.asides else found

    def clause_end(self, at: int) -> int:
        """Where the clause that this character stands in ends: before its comma, full stop, "and" or line end."""
        ends = self._clause_ends
        place = bisect_left(ends, at)
        end = ends[place] if place < len(ends) else len(self.text)
        while end > at and self.text[end - 1].isspace():
            end -= 1
        return end

    @once
    def _clause_ends(self) -> Sequence[int]:
        return [match.start() for match in _CLAUSE_END.finditer(self.text)]

    def between(self, first: int, second: int) -> str:
        """What stands between two tokens."""
        return self.text[self.tokens[first].end : self.tokens[second].start]

    def written(self, chinese: str) -> str:
        """A Chinese text in the characters of these words."""
        return chinese.translate(unfold()) if self.traditional else chinese


def _english(tokens: Sequence[Token]) -> Iterator[Mark]:
    index = vocabulary().english
    lows = tuple([token.low for token in tokens])
    for at in [at for at, low in enumerate(lows) if low in index]:
        for rest, names in index[lows[at]]:
            behind = at + 1 + len(rest)
            if not rest or lows[at + 1 : behind] == rest:
                start, end = tokens[at].start, tokens[behind - 1].end
                for name in names:
                    yield _make_mark((name, start, end, at, behind))


def _chinese(folded: str) -> Iterator[Mark]:
    index = vocabulary().chinese
    for at, sign in enumerate(folded):
        for known in index.get(sign, ()):
            if _stands(folded, at + 1, known):
                yield from (Mark(name, at, at + 1 + len(known.rest)) for name in known.names)


def _stands(folded: str, at: int, known: Known) -> bool:
    return not known.rest or folded.startswith(str(known.rest), at)


@lru_cache(256)
def read(text: str) -> Words:
    """The words read; the same text is read once."""
    return Words(text[:READ_MAX])


def situations(*texts: Words) -> frozenset[str]:
    """Where and when these words play, by the names of ``[situation]``; a word inside a longer one says nothing: 咖啡 in 咖啡馆."""
    found = {name for text in texts for name in _situations(text)}
    return frozenset(found | ({"person"} if any(alive(text) for text in texts) else set()))


def _situations(text: Words) -> Iterator[str]:
    cover = (0, 0)
    for mark in text.of("situation"):
        span = (mark.start, mark.end)
        if span == cover or mark.end > cover[1]:
            cover = span
            yield mark.name.partition(".")[2]


def alive(text: Words) -> bool:
    """Whether a person or an animal is in the words."""
    return bool(text.people) or text.any("situation.person")


_ANIMATE: Final = frozenset({"people", "animals"})
_NOT_PEOPLE: Final = frozenset(
    {"host", "crew", "fan", "character", "characters", "model", "swallow", "crane", "seal", "bat", "duck", "monitor"}
)


@cache
def _animate() -> frozenset[str]:
    """Every English word for people and animals."""
    known = {low for low, tags in lexicon.english().tags.items() if not _ANIMATE.isdisjoint(tags)}
    return frozenset((known - _NOT_PEOPLE) | pairs("people_more").keys())


@cache
def _group_of(name: str) -> str:
    return name.partition(".")[0]


@lru_cache(64)
def segments(folded: str) -> Sequence[tuple[int, int, frozenset[str]]]:
    """Chinese cut into words that the lexicon or the linter knows, the longest first; unknown signs are left out."""
    index, found, at = vocabulary().signs, [], 0
    while at < len(folded):
        match = next((each for each in index.get(folded[at], ()) if folded.startswith(each[0], at)), None)
        if match:
            found.append((at, at + len(match[0]), match[1]))
        at += len(match[0]) if match else 1
    return found
