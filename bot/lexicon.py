"""The words of film and of the world in front of the lens, from ``lexicon.toml``, read once.

Three views of the same tables: `table` gives one list as it stands (for those who offer or explain terms), `english` what each
English word may be in any of its forms, `chinese` the same for Chinese, where nothing separates the words.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_TERMS = ("framing", "angle", "move", "lens", "stock", "light", "time", "weather", "direction")
_NOUNS = ("place", "people", "animals", "things", "wardrobe", "body", "props")
_VOWELS = "aeiou"


@dataclass(frozen=True)
class Term:
    """A fixed expression: its words, lower case, and the table it stands in (``light.sky``)."""

    words: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class English:
    """What English words may be. A tag is a table's name (``place.indoor``) or a form (``verb.s``, ``plural``)."""

    tags: Mapping[str, frozenset[str]]
    terms: Mapping[str, tuple[Term, ...]]
    """Fixed expressions by their first word, longest first."""

    def of(self, word: str) -> frozenset[str]:
        """The tags of a lower-case word; of an unknown one the form that its ending gives away."""
        return self.tags.get(word) or _guess(word)


@dataclass(frozen=True)
class Chinese:
    """What Chinese words may be, in Simplified characters."""

    tags: Mapping[str, frozenset[str]]
    longest: int
    fold: Mapping[int, int]

    def simplified(self, text: str) -> str:
        """The text with Traditional characters folded, sign by sign: the length stays."""
        return text.translate(self.fold)


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """Every table by its full name (``light.sky``), each a map of columns (``en``, ``zh`` …) to comma-separated text."""
    data = tomllib.loads(resources.files("bot").joinpath("lexicon.toml").read_text("utf-8"))
    return dict(_flat(data, ""))


def _flat(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, section in data.items():
        own = {key: value for key, value in section.items() if isinstance(value, str)}
        yield prefix + name, own
        yield from _flat({key: value for key, value in section.items() if isinstance(value, dict)}, f"{prefix}{name}.")


@cache
def table(name: str, column: str = "en") -> tuple[str, ...]:
    """One list in its own order: ``table("light.sky", "zh")``. Empty where there is none."""
    raw = tables().get(name, {}).get(column, "")
    return tuple(dict.fromkeys(word for part in raw.split(",") if (word := " ".join(part.split()).lower())))


@cache
def words_of(name: str, column: str = "en") -> frozenset[str]:
    """The same as a set."""
    return frozenset(table(name, column))


def names(*roots: str) -> tuple[str, ...]:
    """The tables of these sections, each with those below it."""
    return tuple(name for name in tables() for root in roots if name == root or name.startswith(f"{root}."))


@cache
def english() -> English:
    """The English side, inflections made."""
    tags: defaultdict[str, set[str]] = defaultdict(set)
    for name in names(*_NOUNS):
        for noun in table(name):
            _add_noun(tags, name, noun)
    for verb in (*table("verbs"), *tables()["verbs.irregular"]):
        for form, word in verb_forms(verb):
            tags[word].add(form)
    for name in ("colours", "describing", "time.season", "time.era"):
        _add(tags, "adjective", table(name))
    for column in tables()["small"]:
        _add(tags, column, table("small", column))
    return English({word: frozenset(found) for word, found in tags.items()}, _terms())


def _add(tags: defaultdict[str, set[str]], tag: str, words: Iterable[str]) -> None:
    for word in words:
        tags[word].add(tag)


def _add_noun(tags: defaultdict[str, set[str]], name: str, noun: str) -> None:
    """An expression stands whole; a person or an animal is known by the last word too (``figure skater`` → ``skater``)."""
    head = noun.rpartition(" ")[2]
    alone = noun == head or name.startswith(("people", "animals"))
    for word, extra in ((head, ()), (plural(head), ("plural",))) if alone else ():
        tags[word] |= {"noun", *_roots(name), *extra}
    if noun != head:
        for word in (noun, plural(noun)):
            tags[word] |= {"noun", *_roots(name)}


def _roots(name: str) -> tuple[str, ...]:
    """``place.indoor`` → ``place.indoor``, ``place``."""
    return (name, name.partition(".")[0])


def _terms() -> dict[str, tuple[Term, ...]]:
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for name in names(*_TERMS):
        for words in {tuple(term.split()) for term in table(name)}:
            found[words[0]].append(Term(words, name))
    return {first: tuple(sorted(terms, key=lambda t: (-len(t.words), t.table))) for first, terms in found.items()}


@cache
def chinese() -> Chinese:
    """The Chinese side."""
    tags: defaultdict[str, set[str]] = defaultdict(set)
    for name, columns in tables().items():
        _add(tags, name, table(name, "zh") if "zh" in columns else ())
    for column in ("on", "off", "changed"):
        _add(tags, f"wearing.{column}", table("wearing", f"zh_{column}"))
    for column in tables()["chinese"]:
        _add(tags, column, table("chinese", column))
    fold = tables()["chinese.fold"]
    found = {word: frozenset(names) for word, names in tags.items()}
    return Chinese(found, max(map(len, found)), str.maketrans(fold["traditional"], fold["simplified"]))


def plural(noun: str) -> str:
    """``wolf`` → ``wolves``, ``fisherman`` → ``fishermen``."""
    irregular = tables()["plurals"].get(noun)
    if irregular:
        return irregular
    if noun.endswith("man") and noun != "human":
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def verb_forms(base: str) -> Iterator[tuple[str, str]]:
    """Each form with its tag: ``verb.base``, ``verb.s``, ``verb.ing``, ``verb.past``."""
    yield "verb.base", base
    third = plural(base) if base not in ("go", "do") else f"{base}es"
    yield "verb.s", f"{base}s" if third.endswith("ves") and not base.endswith("ve") else third
    stems = _stems(base)
    yield from (("verb.ing", f"{stem}ing") for stem in stems)
    irregular = table("verbs.irregular", base)
    pasts = irregular or tuple(f"{stem[:-1]}ied" if _consonant_y(stem) else f"{stem}ed" for stem in stems)
    yield from (("verb.past", past) for past in pasts)


def _consonant_y(stem: str) -> bool:
    return stem.endswith("y") and stem[-2:-1] not in _VOWELS


def _stems(base: str) -> tuple[str, ...]:
    """What ``-ing`` and ``-ed`` may be put behind: ``dance`` → ``danc``, ``stop`` → ``stop``, ``stopp``."""
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return (base[:-1],)
    doubled = len(base) > 2 and base[-1] not in "aeiouwxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS
    return (base, base + base[-1]) if doubled else (base,)


@lru_cache(4096)
def _guess(word: str) -> frozenset[str]:
    if word.endswith(("man", "men", "woman", "women")) and len(word) > 5:
        return frozenset({"noun", "people", "people.either"} | ({"plural"} if word.endswith("men") else set()))
    if word.endswith("ly") and len(word) > 4:
        return frozenset({"adverbs"})
    if word.endswith("ing") and len(word) > 5:
        return frozenset({"verb.ing", "open"})
    if word.endswith("ed") and len(word) > 4:
        return frozenset({"adjective"}) if "-" in word else frozenset({"verb.past", "open"})
    return frozenset({"open"})


@cache
def forms_of(name: str, column: str = "en") -> frozenset[str]:
    """Every form of the verbs of a list."""
    return frozenset(word for verb in table(name, column) for _, word in verb_forms(verb))
