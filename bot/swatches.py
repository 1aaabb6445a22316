"""Colours of a clip by the names that people give them: the nearest one of `palette.toml`, in the member's language. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from bot import lexicon, palette
from bot.drawings import Swatch
from bot.palette import Rgb
from bot.text import language


def named(swatches: Iterable[Swatch], locale: str) -> tuple[Swatch, ...]:
    """The same with names; a name that was given already is not given twice."""
    given: set[str] = set()
    found = []
    for swatch in swatches:
        name = nearest(swatch.hex, locale)
        found.append(replace(swatch, name="" if name in given else name))
        given.add(name)
    return tuple(found)


def nearest(code: str, locale: str) -> str:
    """The name of the colour that looks most like ``#rrggbb``."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    names = _names(language(locale))
    return names[min(names, key=lambda other: _distance((red, green, blue), other))]


@cache
def _names(tag: str) -> dict[Rgb, str]:
    """Each colour once, by the first name that it has in that language."""
    found: dict[Rgb, str] = {}
    for name, rgb in palette.colours().items():
        if name.isascii() is (tag == "en"):
            found.setdefault(rgb, name.translate(_unfold()) if tag == "zh-Hant" else name)
    return found


@cache
def _unfold() -> dict[int, int]:
    """Simplified to Traditional, sign by sign: right for the few signs that colours are written with."""
    fold = lexicon.tables()["chinese.fold"]
    return str.maketrans(fold["simplified"], fold["traditional"])


def _distance(one: Rgb, other: Rgb) -> float:
    """Squared; red and blue count by how much red there is, a fair likeness of what the eye does."""
    red = (one[0] + other[0]) / 2
    parts = [(a - b) ** 2 for a, b in zip(one, other, strict=True)]
    return (2 + red / 256) * parts[0] + 4 * parts[1] + (2 + (255 - red) / 256) * parts[2]
