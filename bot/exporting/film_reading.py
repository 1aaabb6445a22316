"""Reading a ``film.json`` that anybody may have written: everything in it is looked at, and refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.brief import Part, PartName
from bot.cast import CAST_MAX, DESCRIPTION_MAX, DETAIL_MAX, check_name
from bot.cut import Transition
from bot.errors import UnknownTake
from bot.errors_film import FilmFromTheFuture, FilmNotJson, FilmTooLarge, FilmUnreadable
from bot.exporting.film_json import (
    EDITION,
    FILM_MAX,
    KIND,
    TITLE_MAX,
    FilmCast,
    Filmed,
    FilmFile,
    FilmShot,
    check_count,
)
from bot.film import Shape, Slate
from bot.spine import FIELDS, Spine
from bot.words import WORDS_MAX, checked

PART_MAX: Final = 1_000_000
"""Characters of one part of a brief: a cast of many, described at length, is one part."""
PARTS_MAX: Final = 200
SECONDS_MAX: Final = 600
SEED_MAX: Final = 2**31 - 1
SHORT_MAX: Final = 200
MANY: Final = 2**53
"""The largest number that every reader of JSON takes for the same."""
EnumT = TypeVar("EnumT", bound=StrEnum)


def read(text: str | bytes) -> FilmFile:
    """The film.

    Raises `FilmTooLarge`, `FilmNotJson`, `FilmFromTheFuture`, `FilmUnreadable`, `NoShots` or `TooManyShots`, and what its words,
    names and spine raise anywhere else (`WordsTooLong`, `ControlCharacters`, `NameNotPlain` …): all of them `Declined`.
    """
    if len(text) > FILM_MAX:
        raise FilmTooLarge(limit=FILM_MAX // (1024 * 1024))
    film = _Node(_parsed(text), "film.json")
    if film.given("kind") != KIND:
        raise FilmUnreadable(where="kind")
    edition = film.whole("edition", 1, MANY)
    if edition > EDITION:
        raise FilmFromTheFuture(edition=edition, known=EDITION)
    return _film(film)


def _parsed(text: str | bytes) -> object:
    try:
        whole = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(whole, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise FilmNotJson from fault


def _no_number(name: str) -> float:
    raise ValueError(name)


def _film(film: _Node) -> FilmFile:
    given = film.array("shots", MANY)
    check_count(len(given))
    shots = tuple(_shot(_Node(each, where)) for where, each in film.each("shots", MANY))
    cut = _Node(film.given("cut"), "cut")
    check_count(len(cut.array("order", MANY)))
    order = tuple(cut.texts("order", MANY))
    return FilmFile(
        title=film.text("title", TITLE_MAX),
        spine=_spine(film, "spine"),
        cast=tuple(_cast(_Node(each, where)) for where, each in film.each("cast", CAST_MAX)),
        shots=_apart(shots),
        transition=cut.one_of("transition", Transition),
        order=_known(order, shots),
    )


def _apart(shots: tuple[FilmShot, ...]) -> tuple[FilmShot, ...]:
    """Raises `FilmUnreadable` where two shots share a slate."""
    seen: set[str] = set()
    for number, shot in enumerate(shots):
        if shot.slate in seen:
            raise FilmUnreadable(where=f"shots[{number}].slate")
        seen.add(shot.slate)
    return shots


def _known(order: tuple[str, ...], shots: tuple[FilmShot, ...]) -> tuple[str, ...]:
    slates = {shot.slate for shot in shots}
    for number, slate in enumerate(order):
        if slate not in slates:
            raise FilmUnreadable(where=f"cut.order[{number}]")
    return order


def _cast(who: _Node) -> FilmCast:
    return FilmCast(
        name=check_name(who.text("name", SHORT_MAX)),
        description=checked(who.text("description", DESCRIPTION_MAX)),
        wardrobe=who.text("wardrobe", DETAIL_MAX, ""),
        voice=who.text("voice", DETAIL_MAX, ""),
        had_picture=bool(who.choice("had_picture")),
        consent=who.text("consent", SHORT_MAX, ""),
    )


def _shot(shot: _Node) -> FilmShot:
    return FilmShot(
        slate=_slate(shot),
        words=shot.text("words", WORDS_MAX),
        parts=_parts(shot),
        seconds=shot.whole("seconds", 1, SECONDS_MAX),
        change=shot.text("change", WORDS_MAX, ""),
        shape=shot.one_of("shape", Shape) if shot.has("shape") else None,
        seed=shot.whole("seed", 0, SEED_MAX) if shot.has("seed") else None,
        resolution=shot.text("resolution", SHORT_MAX) if shot.has("resolution") else None,
        sound=shot.choice("sound"),
        spine=_spine(shot, "spine") if shot.has("spine") else None,
        kept=tuple(_pair(each, where, WORDS_MAX) for where, each in shot.each("kept", PARTS_MAX)),
        cast=tuple(shot.texts("cast", CAST_MAX)),
        pictures=shot.whole("pictures", 0, MANY) if shot.has("pictures") else 0,
        filmed=_filmed(_Node(shot.given("filmed"), f"{shot.where}.filmed")) if shot.has("filmed") else Filmed(),
    )


def _slate(shot: _Node) -> str:
    try:
        return str(Slate.read(shot.text("slate", SHORT_MAX)))
    except UnknownTake as fault:
        raise FilmUnreadable(where=shot.at("slate")) from fault


def _parts(shot: _Node) -> tuple[Part, ...]:
    found = []
    for where, each in shot.each("parts", PARTS_MAX):
        name, text = _pair(each, where, PART_MAX)
        if name not in set(PartName):
            raise FilmUnreadable(where=where)
        found.append(Part(PartName(name), text))
    if not "".join(part.text for part in found).strip():
        raise FilmUnreadable(where=shot.at("parts"))
    return tuple(found)


def _pair(given: object, where: str, most: int) -> tuple[str, str]:
    if not isinstance(given, list) or len(given) != 2:
        raise FilmUnreadable(where=where)
    first, second = given
    return _text(first, where, SHORT_MAX), _text(second, where, most)


def _spine(node: _Node, key: str) -> Spine:
    """Raises what `Spine.set` raises of a value that cannot be."""
    fields = _Node(node.given(key), node.at(key))
    if unknown := set(fields.data) - set(FIELDS):
        raise FilmUnreadable(where=fields.at(min(unknown)[:SHORT_MAX]))
    return Spine().set(**{name: fields.text(name, WORDS_MAX) for name in fields.data})


def _filmed(filmed: _Node) -> Filmed:
    return Filmed(
        backend=filmed.text("backend", SHORT_MAX, ""),
        model=filmed.text("model", SHORT_MAX, ""),
        price=filmed.whole("price", 0, MANY) if filmed.has("price") else None,
        chance=filmed.whole("chance", 0, SEED_MAX) if filmed.has("chance") else None,
        seconds=filmed.number("seconds") if filmed.has("seconds") else 0.0,
        width=filmed.whole("width", 0, MANY) if filmed.has("width") else 0,
        height=filmed.whole("height", 0, MANY) if filmed.has("height") else 0,
    )


def _text(given: object, where: str, most: int) -> str:
    if not isinstance(given, str):
        raise FilmUnreadable(where=where)
    blank = not given.strip() and len(given) <= most
    return checked(f".{given}", most + 1)[1:] if blank else checked(given, most)  # blank lines of a prompt are kept


class _Node:
    """An object of the file; what is asked of it and is not there, or is something else, is `FilmUnreadable`."""

    def __init__(self, given: object, where: str) -> None:
        if not isinstance(given, dict):
            raise FilmUnreadable(where=where)
        self.data: dict[str, Any] = given
        self.where = "" if where == "film.json" else where

    def at(self, key: str) -> str:
        """Where that key is, for people."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """Whether anything is said there."""
        return self.data.get(key) is not None

    def given(self, key: str) -> object:
        """Whatever is there."""
        if key not in self.data:
            raise FilmUnreadable(where=self.at(key))
        return self.data[key]

    def text(self, key: str, most: int, otherwise: str | None = None) -> str:
        """At most `most` characters, none of them a control character."""
        if otherwise is not None and not self.has(key):
            return otherwise
        return _text(self.given(key), self.at(key), most)

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number within these bounds."""
        given = self.given(key)
        if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
            raise FilmUnreadable(where=self.at(key))
        return given

    def number(self, key: str) -> float:
        """A number, not below 0."""
        given = self.given(key)
        if not isinstance(given, int | float) or isinstance(given, bool) or not 0 <= given <= MANY:
            raise FilmUnreadable(where=self.at(key))
        return float(given)

    def choice(self, key: str) -> bool | None:
        """Yes, no, or nothing said."""
        given = self.data.get(key)
        if not isinstance(given, bool | None):
            raise FilmUnreadable(where=self.at(key))
        return given

    def one_of(self, key: str, kinds: type[EnumT]) -> EnumT:
        """A value of the enumeration."""
        try:
            return kinds(_text(self.given(key), self.at(key), SHORT_MAX))
        except ValueError as fault:
            raise FilmUnreadable(where=self.at(key)) from fault

    def array(self, key: str, most: int) -> list[Any]:
        """A list of at most so many; none where it is left out."""
        given = self.data.get(key, [])
        if not isinstance(given, list) or len(given) > most:
            raise FilmUnreadable(where=self.at(key))
        return given

    def each(self, key: str, most: int) -> Iterator[tuple[str, object]]:
        """Where each of a list's items is, and the item."""
        return ((f"{self.at(key)}[{number}]", item) for number, item in enumerate(self.array(key, most)))

    def texts(self, key: str, most: int) -> Iterator[str]:
        """A list of short texts."""
        return (_text(item, where, SHORT_MAX) for where, item in self.each(key, most))
