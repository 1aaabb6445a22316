"""Palette anchors as colours: a name in English or Chinese → sRGB, from ``palette.toml``; a name that says nothing gives None."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from bot import lexicon

Rgb = tuple[int, int, int]
"""sRGB, 0..255 each."""

_HEX: Final = re.compile(r"#([0-9a-f]{6})")
_CHANGED: Final[Mapping[str, tuple[str, float]]] = {
    "dark": ("black", 0.40), "deep": ("black", 0.30), "midnight": ("black", 0.55), "dim": ("black", 0.35),
    "light": ("white", 0.45), "pale": ("white", 0.55), "bright": ("white", 0.15), "soft": ("white", 0.30),
    "pastel": ("white", 0.50), "milky": ("white", 0.60), "washed": ("grey", 0.40), "faded": ("grey", 0.40),
    "muted": ("grey", 0.45), "dusty": ("grey", 0.35), "dull": ("grey", 0.45), "smoky": ("grey", 0.40),
    "warm": ("amber", 0.15), "cool": ("blue", 0.15), "cold": ("blue", 0.20),
    "深": ("black", 0.30), "暗": ("black", 0.40), "浅": ("white", 0.45), "淡": ("white", 0.50), "亮": ("white", 0.15),
    "嫩": ("white", 0.25), "褪色的": ("grey", 0.40), "褪色": ("grey", 0.40), "灰调": ("grey", 0.40), "暖": ("amber", 0.15),
    "冷": ("blue", 0.15),
}  # fmt: skip
"""What stands in front of a colour, what it is mixed with, and how much of that."""


@cache
def colours() -> Mapping[str, Rgb]:
    """Every name of the table, lower case; Chinese ones in Simplified characters."""
    data = tomllib.loads(resources.files("bot").joinpath("palette.toml").read_text("utf-8"))
    found: dict[str, Rgb] = {}
    for name, line in data["colours"].items():
        red, green, blue = bytes.fromhex(line[:6])
        names = (name, *(word for part in line[6:].split(",") if (word := part.strip())))
        found |= dict.fromkeys(names, (red, green, blue))
    return found


@lru_cache(1024)
def rgb(name: str) -> Rgb | None:
    """The colour of that name: the table's, a shade of one ("pale teal", 浅琥珀), one named last ("rusty brown"), ``#1a2b3c``."""
    plain = _plain(name)
    if code := _HEX.fullmatch(plain):
        red, green, blue = bytes.fromhex(code.group(1))
        return red, green, blue
    return _known(plain) or _shade(plain) or _last(plain)


def colour(name: str) -> str:
    """The same as ``#rrggbb``; empty where the name says nothing."""
    found = rgb(name)
    return "#{:02x}{:02x}{:02x}".format(*found) if found else ""


def _plain(name: str) -> str:
    folded = lexicon.chinese().simplified(name).casefold()
    return " ".join(folded.replace("-", " ").split()).strip(" .。!！")


def _known(plain: str) -> Rgb | None:
    known = colours()
    return known.get(plain) or (known.get(plain.removesuffix("s")) or known.get(f"{plain}色"))


def _shade(plain: str) -> Rgb | None:
    for word, (other, share) in _CHANGED.items():
        rest = plain.removeprefix(word)
        if rest != plain and (not word.isascii() or rest.startswith(" ")):
            base = _known(rest.strip()) or _shade(rest.strip())
            if base:
                return _mixed(base, colours()[other], share)
    return None


def _mixed(base: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(base, other, strict=True))
    return red, green, blue


def _last(plain: str) -> Rgb | None:
    """English names a colour last: "sun-baked terracotta"."""
    words = plain.split(" ")
    if not plain.isascii() or len(words) > 4:
        return None
    return next((found for at in range(1, len(words)) if (found := _known(" ".join(words[at:])))), None)
