"""The words that the animatic knows, from ``data/lexicon.toml`` and the bot's own tables, read once.

A text is cut into words (Latin) and signs (Chinese); an expression is a run of those. `scan` finds expressions, the longest
first, in one pass over the text: time grows with its length alone.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from bot import lexicon
from bot.palette import colours as colours  # noqa: PLC0414 - the palette's own table

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|[^\w\s'’‑-]|(?<=\s)[-–]+(?=\s)|\n")

RANKS = {"en": 0, "zh": 0, "verbs": 0, "only": 0, "like": 0, "names": 1, "weak": 2, "hint": 3}
"""By column: the smaller, the surer. A column in Chinese has ``zh`` at its end and the same rank."""

_PLURALS = frozenset({"subject", "place", "wardrobe", "light", "sound"})
_PLACE_OF = {"indoor": "interior_room", "outdoor": "field", "either": "city", "names": ""}


class Token(NamedTuple):
    """One word, sign or mark, in lower case, with its place in the text (characters)."""

    low: str
    start: int
    end: int


class Entry(NamedTuple):
    """What one expression means."""

    kind: str
    value: str
    base: str
    """The expression as it stands in the table: singular, base form."""
    rank: int = 0
    column: str = "en"
    plural: bool = False


class Cue(NamedTuple):
    """An entry met in a text: token indices and characters, the end always behind the last."""

    entry: Entry
    first: int
    behind: int
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The field of the picture that it drives."""
        return self.entry.kind

    @property
    def value(self) -> str:
        """What it drives it to."""
        return self.entry.value


class Family(NamedTuple):
    """The expressions that begin with one word: their lengths, longest first, and what each means."""

    lengths: tuple[int, ...]
    entries: Mapping[tuple[str, ...], tuple[Entry, ...]]


def cut(text: str) -> list[Token]:
    """The text as tokens; Traditional characters read as Simplified. Hyphens and apostrophes only separate."""
    folded = lexicon.chinese().simplified(text)
    return [Token(match.group().lower(), match.start(), match.end()) for match in _TOKEN.finditer(folded)]


def scan(tokens: Sequence[Token]) -> Iterator[Cue]:
    """Every expression, left to right, none overlapping another; one expression may mean several things."""
    known, at = phrases(), 0
    lows = [token.low for token in tokens]
    while at < len(lows):
        step = 1
        if family := known.get(lows[at]):
            for length in family.lengths:
                if at + length <= len(lows) and (entries := family.entries.get(tuple(lows[at : at + length]))):
                    start, end = tokens[at].start, tokens[at + length - 1].end
                    yield from (Cue(entry, at, at + length, start, end) for entry in entries)
                    step = length
                    break
        at += step


@cache
def phrases() -> Mapping[str, Family]:
    """Every expression of every table, by its first word."""
    found: defaultdict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for words, entry in _entries():
        if not any((entry.kind, entry.value) == (old.kind, old.value) for old in found[words]):
            found[words].append(entry)
    _add_bot_words(found)
    by_first: defaultdict[str, dict[tuple[str, ...], tuple[Entry, ...]]] = defaultdict(dict)
    for words, entries in found.items():
        by_first[words[0]][words] = tuple(entries)
    return {first: Family(tuple(sorted({*map(len, each)}, reverse=True)), each) for first, each in by_first.items()}


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the data files, once: without inflections and without the bot's tables."""
    return tuple(dict.fromkeys(Entry(*each[:2], each.base, each.rank, each.column) for _, each in _entries()))


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("data", name).read_text("utf-8"))


def _listed(text: str) -> Iterator[str]:
    yield from (word for part in text.split(",") if (word := " ".join(part.split())))


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(token.low for token in cut(phrase))


def _entries() -> Iterator[tuple[tuple[str, ...], Entry]]:
    for name in colours():
        yield _words(name), Entry("colour", name, name)
    for kind, values in _data("lexicon.toml").items():
        for value, columns in _values(values):
            for column, text in columns.items():
                yield from _column(kind, value, column, text)


def _values(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Values with their columns; ``[aperture.2.8]`` is a table in a table for TOML."""
    for name, inner in table.items():
        columns = {key: text for key, text in inner.items() if isinstance(text, str)}
        if columns:
            yield f"{prefix}{name}", columns
        yield from _values({key: deep for key, deep in inner.items() if isinstance(deep, dict)}, f"{prefix}{name}.")


def _column(kind: str, value: str, column: str, text: str) -> Iterator[tuple[tuple[str, ...], Entry]]:
    sort = column.partition("_")[0]
    for phrase in _listed(text):
        entry = Entry(kind, value, phrase, RANKS[sort], sort)
        yield from ((_words(form), entry._replace(plural=plural)) for form, plural in _forms(kind, column, phrase))


def _forms(kind: str, column: str, phrase: str) -> Iterator[tuple[str, bool]]:
    """The phrase with its inflections, each with whether it is a plural."""
    yield phrase, False
    first, _, rest = phrase.partition(" ")
    if column == "verbs":
        head = first if first != "camera" else rest.partition(" ")[0]
        tail = phrase.partition(head)[2]
        yield from ((f"{phrase.partition(head)[0]}{form}{tail}", False) for _, form in lexicon.verb_forms(head))
    elif kind in _PLURALS and not column.endswith("zh") and phrase.isascii():
        before, _, last = phrase.rpartition(" ")
        yield f"{before} {lexicon.plural(last)}".strip(), lexicon.plural(last) != last


def _add_bot_words(found: defaultdict[tuple[str, ...], list[Entry]]) -> None:
    """People, animals, places and Chinese verbs that only the bot's tables have; so one list of them is enough."""
    own = {words: list(entries) for words, entries in found.items()}
    for phrase, entry in _bot_entries(own):
        for form, plural in _forms(entry.kind, "zh" if _is_han(phrase) else "en", phrase):
            words = _words(form)
            if words and not any(old.kind in (entry.kind, "shield") for old in own.get(words, ())):
                found[words].append(entry._replace(plural=plural))


def _is_han(phrase: str) -> bool:
    return "\u3400" <= phrase[0] <= "\u9fff"


def _bot_entries(own: Mapping[tuple[str, ...], Sequence[Entry]]) -> Iterator[tuple[str, Entry]]:
    for table in lexicon.names("people", "animals", "place", "chinese", "props", "wardrobe"):
        for phrase in (*lexicon.table(table), *lexicon.table(table, "zh")):
            yield from ((phrase, entry) for entry in _from_bot(table, phrase, own))
    for phrase in lexicon.table("chinese", "verbs"):
        yield from ((phrase, entry) for entry in _within(phrase, "gait", own, prefix=True))


def _from_bot(table: str, phrase: str, own: Mapping[tuple[str, ...], Sequence[Entry]]) -> Iterable[Entry]:
    section, _, sort = table.partition(".")
    if section == "people":
        return (Entry("subject", "person", phrase, column="bot"),)
    if section == "animals":
        if _is_han(phrase) and len(phrase) > 1 and phrase[0] in colours():
            return ()  # 黑猫 is read as 黑 and 猫, so that its colour counts
        return _within(phrase, "subject", own) or (Entry("subject", "stand_in", phrase, column="bot"),)
    if section == "place" and sort in _PLACE_OF:
        return _within(phrase, "place", own) or (Entry("place", _PLACE_OF[sort], phrase, 2, "bot"),)
    return _within(phrase, "wardrobe", own) if section in ("props", "wardrobe") and _is_han(phrase) else ()


def _within(
    phrase: str, kind: str, own: Mapping[tuple[str, ...], Sequence[Entry]], *, prefix: bool = False
) -> tuple[Entry, ...]:
    """What a longer Chinese word means by its end (by its beginning, for verbs): 小街 is a 街, 跑出 is 跑."""
    if not _is_han(phrase) or (not prefix and phrase[0] in colours()):
        return ()
    for size in range(len(phrase) - 1, 0, -1):
        part = phrase[:size] if prefix else phrase[-size:]
        if hits := [entry for entry in own.get(_words(part), ()) if entry.kind == kind]:
            return (hits[0]._replace(base=phrase, column="bot" if kind == "place" else hits[0].column),)
    return ()
