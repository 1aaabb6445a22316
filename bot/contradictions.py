"""What cannot be true of a shot after what was established before it: "it was night in 1A". Pure; tables in ``opposites.toml``.

Pointed out, never refused and never edited. Better silent than wrong: where the words say themselves that something is otherwise
from here on ("the next morning", 换上), or that this is another time or place, nothing is pointed out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from bot import lexicon
from bot.continuity import READ_MAX, Facts, Kind, read
from bot.established import seen_in
from bot.fields import Field, Named
from bot.named import named
from bot.places import sort_of
from bot.reference import is_chinese, person
from bot.signs import signs_of

APART: Final = 1.5
"""Hours between two times of day that cannot be one."""


@dataclass(frozen=True)
class Clash:
    """One thing that was, and what these words make of it, both in the member's words."""

    kind: Kind
    old: str
    new: str


@lru_cache(256)
def find(established: Facts, words: str) -> tuple[Clash, ...]:
    """What the words contradict of what was established, in the order of `Kind`; most often nothing."""
    words = words[:READ_MAX]
    if established == Facts() or _says(words, "said"):
        return ()
    own = read(words)
    found = [*_clothes(established, own, words), *_coloured(established, own, words)]
    found += [clash for clash in (_hour(established, own), _season(established, own)) if clash]
    if not _indoors(established, own, words):
        found += [clash for clash in (_weather(established, own),) if clash]
    found += [clash for clash in (_light(established, own), _side(established, own, words)) if clash]
    first: dict[Kind, Clash] = {}
    for clash in found:
        first.setdefault(clash.kind, clash)
    return tuple(first[kind] for kind in Kind if kind in first)


def contrary(old: str, new: str) -> bool:
    """Whether two statements of hour, season, weather, light or side cannot both be true of one shot."""
    return (
        _far_apart(old, new)
        or _against("weathers", old, new)
        or _against("lights", old, new)
        or _against("sides", old, new)
        or _seasons_differ(old, new)
        or {_class_of("weathers", old), _class_of("seasons", new)} == {"snow", "summer"}
        or {_class_of("weathers", new), _class_of("seasons", old)} == {"snow", "summer"}
    )


def slot(garment: str) -> str:
    """Where on the body something is worn, of which there is one at a time; empty where there may be several."""
    low = lexicon.chinese().simplified(garment.strip().lower())
    return next(
        (name for name, every in _classes("garments").items() if low in every or low.rpartition(" ")[2] in every), ""
    )


# ---------------------------------------------------------------- kind by kind


def _hour(before: Facts, own: Facts) -> Clash | None:
    old, new = (next((said for kind in _TELLING if _hours(said := _of(facts, kind))), "") for facts in (before, own))
    return Clash(Kind.TIME, old, new) if _far_apart(old, new) else None


_TELLING: Final = (Kind.TIME, Kind.LIGHT, Kind.WEATHER, Kind.PLACE)
"""Kinds that tell the hour, the surest first: "a street in the rainy night" may stand in one place."""
_NIGHTLY: Final = re.compile(
    r"\bnight ?(?:market|club|clubs|bus|train|shift|school|stand)\b|夜市|夜店|夜总会|夜班|夜车|day ?care|sunset boulevard",
    re.IGNORECASE,
)


def _season(before: Facts, own: Facts) -> Clash | None:
    old, new = (
        next((said for said in (facts.time, facts.place) if _class_of("seasons", said)), "") for facts in (before, own)
    )
    return Clash(Kind.TIME, old, new) if _seasons_differ(old, new) else None


def _seasons_differ(old: str, new: str) -> bool:
    first, second = _class_of("seasons", old), _class_of("seasons", new)
    return bool(first and second and first != second)


def _weather(before: Facts, own: Facts) -> Clash | None:
    for old in (before.weather, before.place):
        for new in (own.weather, own.light, own.time, own.place):
            if _against("weathers", old, new):
                return Clash(Kind.WEATHER, old, new)
    return None


def _light(before: Facts, own: Facts) -> Clash | None:
    return Clash(Kind.LIGHT, before.light, own.light) if _against("lights", before.light, own.light) else None


def _side(before: Facts, own: Facts, words: str) -> Clash | None:
    if not _against("sides", before.direction, own.direction) or _says(words, "turned"):
        return None
    someone_new = own.subject and not _same_one(before, own.subject)
    return None if someone_new else Clash(Kind.DIRECTION, before.direction, own.direction)


def _clothes(before: Facts, own: Facts, words: str) -> Iterator[Clash]:
    """The same one in other clothes, without a word of changing."""
    if _says(words, "dressed") or (own.subject and not _same_one(before, own.subject)):
        return
    for old in _worn(before):
        for new in _worn(own):
            recoloured = old.thing == new.thing and _colours_differ(old, new)
            if recoloured or (old.thing != new.thing and slot(old.thing) and slot(old.thing) == slot(new.thing)):
                yield Clash(Kind.WARDROBE, old.words, new.words)


def _worn(facts: Facts) -> list[Named]:
    return [each for said in (facts.wardrobe, facts.subject) for each in named(said) if each.field is Field.WARDROBE]


def _coloured(before: Facts, own: Facts, words: str) -> Iterator[Clash]:
    """The same thing in another colour: hair, an umbrella."""
    if _says(words, "another") or (own.subject and not _same_one(before, own.subject)):
        return
    new = [each for said in (own.subject, own.props, words) for each in named(said) if each.thing and each.colour]
    for kind, said in ((Kind.SUBJECT, before.subject), (Kind.PROPS, before.props)):
        for old in named(said):
            other = next((each for each in new if each.thing == old.thing and _colours_differ(old, each)), None)
            if other is not None and old.field in (Field.SUBJECT, Field.PROPS):
                yield Clash(kind, old.words, other.words)


def _colours_differ(old: Named, new: Named) -> bool:
    first, second = (lexicon.chinese().simplified(each.colour.lower()).rstrip("色") for each in (old, new))
    return bool(first and second) and first not in second and second not in first and not {first, second} & _NO_COLOURS


_NO_COLOURS: Final = frozenset({"light", "dark", "pale", "neon", "colourful", "colorful", "彩"})


def _same_one(before: Facts, subject: str) -> bool:
    """Whether the words speak of the one before: by a definite "the detective", or by the whole description again."""
    if not before.subject:
        return False
    old, new = person(before.subject), person(subject)
    if new.other or not new.head:
        return False
    if subject.casefold() == before.subject.casefold() or (new.name and new.name in before.subject):
        return True
    return new.head == old.head and new.plural == old.plural and new.definite


def _indoors(before: Facts, own: Facts, words: str) -> bool:
    """Whether sky and weather are out of sight."""
    if seen_in(words).inside:
        return True
    return _sort(own.place or before.place) == "indoor"


def _sort(place: str) -> str:
    if not is_chinese(place):
        return sort_of(place) if place else ""
    tags = [tag for sign in signs_of(place) for tag in sign.tags if tag.startswith("place.")]
    return tags[-1].partition(".")[2] if tags else ""


def _of(facts: Facts, kind: Kind) -> str:
    return str(getattr(facts, kind.value))


# ---------------------------------------------------------------- the tables


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("bot").joinpath("opposites.toml").read_text("utf-8"))


@cache
def _classes(table: str) -> Mapping[str, frozenset[str]]:
    return {name: _list(words) for name, words in _tables()[table].items() if isinstance(words, str)}


def _list(words: str) -> frozenset[str]:
    return frozenset(word for part in words.split(",") if (word := " ".join(part.split())))


@cache
def _expressions(table: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every expression with its class, the longest first."""
    pairs = sorted(
        ((word, name) for name, words in _classes(table).items() for word in words), key=lambda pair: -len(pair[0])
    )
    return tuple(
        (re.compile(word if is_chinese(word) else rf"(?<![\w-]){re.escape(word)}(?![\w-])"), name)
        for word, name in pairs
    )


@lru_cache(2048)
def _class_of(table: str, said: str) -> str:
    """The class of the longest expression in it; empty if there is none."""
    low = lexicon.chinese().simplified(said.lower())
    return next((name for pattern, name in _expressions(table) if said and pattern.search(low)), "")


def _against(table: str, old: str, new: str) -> bool:
    first, second = _class_of(table, old), _class_of(table, new)
    return bool(first and second) and second in _list(_tables()[table]["against"].get(first, ""))


def _says(words: str, table: str) -> bool:
    return _saying(table).search(lexicon.chinese().simplified(words.lower())) is not None


@cache
def _saying(table: str) -> re.Pattern[str]:
    en, zh = (sorted(_list(_tables()[table][column]), key=len, reverse=True) for column in ("en", "zh"))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, en))})(?![\w-])|{'|'.join(map(re.escape, zh))}")


Range = tuple[float, float]


def _hours(said: str) -> tuple[Range, ...]:
    return _ranges(_class_of("hours", _NIGHTLY.sub("", said)))


@cache
def _ranges(written: str) -> tuple[Range, ...]:
    return tuple((float(a), float(b)) for part in written.split("|") if part for a, b in [part.split("-")])


def _far_apart(old: str, new: str) -> bool:
    first, second = _hours(old), _hours(new)
    return bool(first and second) and min(_gap(a, b) for a in first for b in second) >= APART


def _gap(one: Range, other: Range) -> float:
    """Hours between two stretches of the clock; 0 where they overlap."""
    if (other[0] - one[0]) % 24 <= (one[1] - one[0]) % 24 or (one[0] - other[0]) % 24 <= (other[1] - other[0]) % 24:
        return 0.0
    return min((other[0] - one[1]) % 24, (one[0] - other[1]) % 24)
