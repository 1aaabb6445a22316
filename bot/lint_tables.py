"""``linter.toml`` as the linter uses it: its lists, and one vocabulary of all of them for English and for Chinese."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from bot import lexicon
from bot.reference import is_chinese

_INDEXED: Final = (
    "weak", "praise", "heads", "mood_nouns", "situation", "element", "answered", "sheltered",
    "bodies", "heard", "aspect", "happening", "palette_words", "grades",
)  # fmt: skip
_WORD = re.compile(r"[0-9a-zà-ɏ&]+(?:['’][a-z]+)?", re.IGNORECASE)


class Known(NamedTuple):
    """One expression: the words or signs behind its first, and every table that holds it."""

    rest: tuple[str, ...] | str
    names: tuple[str, ...]


class Vocabulary(NamedTuple):
    """What is known, by first word or first sign, the longest first."""

    english: Mapping[str, tuple[Known, ...]]
    chinese: Mapping[str, tuple[Known, ...]]
    signs: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    """Chinese words of the lexicon with their tags, by first sign."""


@cache
def tables() -> Mapping[str, Any]:
    """``linter.toml`` as it stands."""
    return tomllib.loads(resources.files("bot").joinpath("linter.toml").read_text("utf-8"))


@cache
def listed(section: str, column: str = "en") -> tuple[str, ...]:
    """One comma-separated list: ``listed("weak.look", "zh")``. Empty where there is none."""
    at: Any = tables()
    for name in section.split("."):
        at = at.get(name, {})
    return _split(at.get(column, ""))


@cache
def words_of(section: str, column: str = "en") -> frozenset[str]:
    """The same as a set."""
    return frozenset(listed(section, column))


@cache
def pairs(section: str, column: str = "en") -> Mapping[str, str]:
    """A list of ``word=what stands for it``."""
    found = (each.partition("=") for each in listed(section, column))
    return {left.strip(): right.strip() for left, _, right in found}


@cache
def forms(section: str, column: str) -> frozenset[str]:
    """Every form of the verbs of a list."""
    return frozenset(form for verb in listed(section, column) for _, form in lexicon.verb_forms(verb))


@cache
def fold() -> Mapping[int, int]:
    """Traditional to Simplified, for reading."""
    more = tables()["fold"]
    return {**str.maketrans(more["traditional"], more["simplified"]), **lexicon.chinese().fold}


@cache
def unfold() -> Mapping[int, int]:
    """Simplified to Traditional, for what is offered."""
    signs = tables()["hant"]
    return str.maketrans(signs["simplified"], signs["traditional"])


def _split(raw: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in raw.split(",") if (word := " ".join(part.split()).lower())))


@cache
def vocabulary() -> Vocabulary:
    """Everything that is looked for in the words."""
    english: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    chinese: defaultdict[str, set[str]] = defaultdict(set)
    for group in _INDEXED:
        for name, raw in _lists(tables()[group], group):
            for word in _split(raw):
                if is_chinese(word):
                    chinese[word].add(name)
                elif split := tuple(_WORD.findall(word)):
                    english[split].add(name)
    return Vocabulary(_by_first(english), _by_first_sign(chinese), _signs())


def _lists(data: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Every list below with the name of its table; ``boat`` and ``boat_zh`` are a table of their own, ``offers`` none."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _lists(value, f"{path}.{key}")
        elif isinstance(value, str) and key != "body":
            yield (path if key in ("en", "zh") else f"{path}.{key.removesuffix('_zh')}"), value


def _by_first(found: Mapping[tuple[str, ...], set[str]]) -> Mapping[str, tuple[Known, ...]]:
    index: defaultdict[str, list[Known]] = defaultdict(list)
    for words, names in found.items():
        index[words[0]].append(Known(words[1:], tuple(sorted(names))))
    return {first: tuple(sorted(known, key=lambda each: -len(each.rest))) for first, known in index.items()}


def _by_first_sign(found: Mapping[str, set[str]]) -> Mapping[str, tuple[Known, ...]]:
    index: defaultdict[str, list[Known]] = defaultdict(list)
    for word, names in found.items():
        index[word[0]].append(Known(word[1:], tuple(sorted(names))))
    return {first: tuple(sorted(known, key=lambda each: -len(each.rest))) for first, known in index.items()}


def _signs() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    tags: defaultdict[str, set[str]] = defaultdict(set)
    for word, names in lexicon.chinese().tags.items():
        tags[word] |= names
    for word, sort in pairs("people_more", "zh").items():
        tags[word].add(f"people.{sort}")
    for word in listed("soundless_zh", "zh"):
        tags[word].add("soundless")
    for column in ("still_zh", "more_zh"):
        for word in listed("beats", column):
            tags[word].add(f"beats.{column}")
    index: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for word, found in tags.items():
        if is_chinese(word):
            index[word[0]].append((word, frozenset(found)))
    return {first: tuple(sorted(known, key=lambda each: -len(each[0]))) for first, known in index.items()}
