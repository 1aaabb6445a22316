"""A member's words as the linter reads them: what its tables know of them, where, and which stretches are speech or labelled.

One pass over the text, English word by word and Chinese sign by sign, against one vocabulary made of ``linter.toml``; every
find is a `Mark` with its place in the text. No sentence is parsed: the linter only offers, so a guess may be cheap.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from bot import lexicon
from bot.established import SPEECH
from bot.reference import is_chinese
from bot.words import labelled_runs

READ_MAX = 4_000
"""Characters that are read: what stands behind is sent as it is, and nothing is offered for it."""

_TOKEN = re.compile(r"[0-9a-zà-ɏ&]+(?:['’][a-z]+)?", re.IGNORECASE)
_ASIDE = re.compile(
    r"^[ \t]*(?:title|note|notes|negative|negative prompt|标题|備註|备注|负面提示词|負面提示詞)[ \t]*[:：][^.。\n]*",
    re.I | re.M,
)
_GROUPS = (
    "weak", "situation", "element", "answered", "sheltered", "bodies", "heard", "aspect", "change", "focal", "palette_words",
    "mood_nouns",
)  # fmt: skip
_LISTS = frozenset({"offers", "offers_zh", "body"})


class Token(NamedTuple):
    """One English word or number, lower case, with its place in the text."""

    low: str
    start: int
    end: int


class Mark(NamedTuple):
    """A find: the table that knows it, its place in the text, and for English its first word and the one behind its last."""

    name: str
    start: int
    end: int
    first: int = -1
    last: int = -1


class Known(NamedTuple):
    """One expression of the tables: the words or signs behind its first, and every table that holds it."""

    rest: tuple[str, ...] | str
    names: tuple[str, ...]


@cache
def tables() -> Mapping[str, Any]:
    """``linter.toml`` as it stands."""
    return tomllib.loads(resources.files("bot").joinpath("linter.toml").read_text("utf-8"))


@cache
def listed(section: str, column: str) -> tuple[str, ...]:
    """One comma-separated list: ``listed("weak.look", "en")``. Empty where there is none."""
    at: Any = tables()
    for name in section.split("."):
        at = at.get(name, {})
    raw = at.get(column, "") if isinstance(at, Mapping) else ""
    return tuple(dict.fromkeys(word for part in raw.split(",") if (word := " ".join(part.split()).lower())))


@cache
def pairs(section: str, column: str) -> Mapping[str, str]:
    """A list of ``word=what stands for it``."""
    return dict(
        (left.strip(), right.strip()) for left, _, right in (each.partition("=") for each in listed(section, column))
    )


def _sections(data: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """Every list below: its table's name, its column, its text; ``boat`` and ``boat_zh`` are a table each of their own."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _sections(value, f"{path}.{key}")
        elif isinstance(value, str) and key not in _LISTS:
            base, _, tail = key.partition("_")
            own = key in ("en", "zh")
            yield (path if own else f"{path}.{base}", "zh" if "zh" in (key, tail) else "en", value)


@cache
def _vocabulary() -> tuple[Mapping[str, tuple[Known, ...]], Mapping[str, tuple[Known, ...]]]:
    """English by first word and Chinese by first sign, the longest expressions first."""
    english: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    chinese: defaultdict[str, set[str]] = defaultdict(set)
    for group in _GROUPS:
        for name, column, raw in _sections(tables()[group], group):
            for word in (" ".join(part.split()).lower() for part in raw.split(",")):
                if is_chinese(word):
                    chinese[word].add(name)
                elif word:
                    english[tuple(match.group() for match in _TOKEN.finditer(word))].add(name)
                    if column == "zh":
                        chinese[word].add(name)
    return _by_first(english), _by_first_sign(chinese)


def _by_first(found: Mapping[tuple[str, ...], set[str]]) -> Mapping[str, tuple[Known, ...]]:
    index: defaultdict[str, list[Known]] = defaultdict(list)
    for words, names in found.items():
        if words:
            index[words[0]].append(Known(words[1:], tuple(sorted(names))))
    return {first: tuple(sorted(known, key=lambda each: -len(each.rest))) for first, known in index.items()}


def _by_first_sign(found: Mapping[str, set[str]]) -> Mapping[str, tuple[Known, ...]]:
    index: defaultdict[str, list[Known]] = defaultdict(list)
    for word, names in found.items():
        if is_chinese(word):
            index[word[0]].append(Known(word[1:], tuple(sorted(names))))
    return {first: tuple(sorted(known, key=lambda each: -len(each.rest))) for first, known in index.items()}


@cache
def _fold() -> Mapping[int, int]:
    more = tables()["fold"]
    return {**str.maketrans(more["traditional"], more["simplified"]), **lexicon.chinese().fold}


@cache
def _unfold() -> Mapping[int, int]:
    signs = tables()["hant"]
    return str.maketrans(signs["simplified"], signs["traditional"])


@dataclass(frozen=True)
class Words:
    """Words that were read. Everything about them is found once, and only when asked for."""

    text: str

    @cached_property
    def han(self) -> bool:
        """Whether any sign is Chinese."""
        return is_chinese(self.text)

    @cached_property
    def folded(self) -> str:
        """Lower case and Simplified, sign by sign: places stay the same."""
        text = self.text.translate(_fold()) if self.han else self.text
        low = text.lower()
        return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The English words."""
        return tuple(Token(match.group().replace("’", "'"), *match.span()) for match in _TOKEN.finditer(self.folded))

    @cached_property
    def marks(self) -> Mapping[str, Sequence[Mark]]:
        """What the tables know, by table, in the order of the words; speech and titles left out."""
        found: defaultdict[str, list[Mark]] = defaultdict(list)
        for mark in (*_english(self.tokens), *(_chinese(self.folded) if self.han else ())):
            taken = found[mark.name]
            if (not taken or mark.start >= taken[-1].end) and not self.aside(mark.start):
                taken.append(mark)
        return found

    @cached_property
    def asides(self) -> tuple[tuple[int, int], ...]:
        """Stretches that nobody films: what is spoken, titles, notes."""
        spans = [match.span() for match in SPEECH.finditer(self.text)] + [m.span() for m in _ASIDE.finditer(self.text)]
        return (*spans, *((start, end) for name, start, end in self.runs if name == "dialogue"))

    @cached_property
    def runs(self) -> tuple[tuple[str, int, int], ...]:
        """The labelled runs with their places (`words.labelled_runs`)."""
        at, found = 0, []
        for name, run in labelled_runs(self.text):
            found.append((name, at, at + len(run)))
            at += len(run) + 1
        return tuple(found)

    def aside(self, at: int) -> bool:
        """Whether this character is spoken, or a title."""
        return any(start <= at < end for start, end in self.asides)

    def in_run(self, at: int, *names: str) -> bool:
        """Whether this character stands in a labelled run of one of these names."""
        return any(start <= at < end and name in names for name, start, end in self.runs)

    def any(self, *names: str) -> bool:
        """Whether one of these tables knows a word of it."""
        return any(self.marks.get(name) for name in names)

    def all(self, group: str) -> list[Mark]:
        """The finds of every table of a group (``weak``), in the order of the words."""
        found = (mark for name, marks in self.marks.items() if name.startswith(f"{group}.") for mark in marks)
        return sorted(found, key=lambda mark: (mark.start, -mark.end))

    def clause_end(self, at: int) -> int:
        """Where the clause that this character stands in ends: before its comma, full stop or line end."""
        match = _CLAUSE_END.search(self.text, at)
        return match.start() if match else len(self.text.rstrip()) if at <= len(self.text.rstrip()) else len(self.text)

    def written(self, chinese: str) -> str:
        """A Chinese text in the characters of these words."""
        return chinese.translate(_unfold()) if self.traditional else chinese

    @cached_property
    def traditional(self) -> bool:
        """Whether they are written in Traditional characters."""
        return self.han and self.text.translate(_fold()) != self.text


_CLAUSE_END = re.compile(r"\s*(?:[,.;:!?，。；：！？、…\n\"“”()（）]|\s[-–—]\s|\s&\s|\sand\s)", re.IGNORECASE)


def _english(tokens: Sequence[Token]) -> Iterator[Mark]:
    index, count = _vocabulary()[0], len(tokens)
    for at, (low, start, _) in enumerate(tokens):
        for rest, names in index.get(low, ()):
            last = at + len(rest)
            if last < count and all(tokens[at + 1 + n].low == word for n, word in enumerate(rest)):
                end = tokens[last].end
                for name in names:
                    yield Mark(name, start, end, at, last + 1)


def _chinese(folded: str) -> Iterator[Mark]:
    index = _vocabulary()[1]
    for at, sign in enumerate(folded):
        for rest, names in index.get(sign, ()):
            if folded.startswith(str(rest), at + 1):
                end = at + 1 + len(rest)
                for name in names:
                    yield Mark(name, at, end)


@lru_cache(64)
def read(text: str) -> Words:
    """The words read; the same text is read once."""
    return Words(text[:READ_MAX])


def situations(*texts: Words) -> frozenset[str]:
    """Where and when these words play, by the names of ``[situation]``."""
    found = {name.partition(".")[2] for text in texts for name in text.marks if name.startswith("situation.")}
    return frozenset(found | ({"person"} if any(alive(text) for text in texts) else set()))


def alive(text: Words) -> bool:
    """Whether a person or an animal is in the words."""
    return bool(text.marks.get("situation.person")) or next(people(text), None) is not None


def people(text: Words) -> Iterator[Mark]:
    """Persons and animals, in the order of the words."""
    tags = lexicon.english().tags
    for at, token in enumerate(text.tokens):
        if tags.get(token.low, _NOTHING) & _ANIMATE and token.low not in _NOT_PEOPLE and not text.aside(token.start):
            yield Mark("people", token.start, token.end, at, at + 1)
    if text.han:
        yield from _chinese_people(text)


_NOTHING: frozenset[str] = frozenset()
_ANIMATE = frozenset({"people", "animals"})
_NOT_PEOPLE = frozenset({"host", "crew", "fan", "character", "characters", "model", "swallow", "crane", "ring"})


def _chinese_people(text: Words) -> Iterator[Mark]:
    at, index = 0, _chinese_animate()
    while at < len(text.folded):
        word = next((w for w in index.get(text.folded[at], ()) if text.folded.startswith(w, at)), "")
        if word and not text.aside(at):
            yield Mark("people", at, at + len(word))
        at += len(word) or 1


@cache
def _chinese_animate() -> Mapping[str, tuple[str, ...]]:
    names = lexicon.names("people", "animals")
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in {word for name in names for word in lexicon.table(name, "zh")}:
        index[word[0]].append(word)
    return {first: tuple(sorted(words, key=len, reverse=True)) for first, words in index.items()}


Finder = Callable[..., Iterator[Any]]
