"""The fields of a shot that a change may name, the words that name them, and what is the same in all languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from bot import lexicon


class Field(StrEnum):
    """What a change may be of, in the order of a shot description. Labels: ``field.<value>``."""

    SUBJECT = "subject"
    WARDROBE = "wardrobe"
    PROPS = "props"
    THING = "thing"
    """Anything else that has a colour: a car, a door."""
    ACTION = "action"
    PLACE = "place"
    TIME = "time"
    SEASON = "season"
    ERA = "era"
    WEATHER = "weather"
    CAMERA = "camera"
    """A whole line of camera words."""
    FRAMING = "framing"
    ANGLE = "angle"
    LENS = "lens"
    DEPTH = "depth"
    MOVE = "move"
    DIRECTION = "direction"
    SPEED = "speed"
    LIGHT = "light"
    PALETTE = "palette"
    GRADE = "grade"
    MOOD = "mood"
    STOCK = "stock"
    STYLE = "style"
    DIALOGUE = "dialogue"
    SOUND = "sound"
    AMBIENCE = "ambience"
    EFFECTS = "effects"
    MUSIC = "music"
    LENGTH = "length"
    SHAPE = "shape"


@dataclass(frozen=True)
class Named:
    """Words that name a field; `start` and `end` count characters of the text they were found in."""

    field: Field
    start: int
    end: int
    words: str
    thing: str = ""
    """The head noun of something that can be seen, lower case."""
    colour: str = ""
    """Its colour, as it is written."""


THINGS: Final = frozenset({Field.SUBJECT, Field.WARDROBE, Field.PROPS, Field.THING})
"""Fields whose words have a head noun."""

_FIELD_OF: Final[Mapping[str, Field]] = {
    "framing": Field.FRAMING,
    "angle": Field.ANGLE,
    "move": Field.MOVE,
    "lens": Field.LENS,
    "stock": Field.STOCK,
    "style": Field.STYLE,
    "light": Field.LIGHT,
    "time.day": Field.TIME,
    "time.season": Field.SEASON,
    "time.era": Field.ERA,
    "weather": Field.WEATHER,
    "direction": Field.DIRECTION,
}
"""By section of the lexicon."""


@cache
def asking() -> Mapping[str, Mapping[str, str]]:
    """``changes.toml``: how a change is said; the tables of ``names`` and ``picks`` by their full name (``names.light``)."""
    data = tomllib.loads(resources.files("bot").joinpath("changes.toml").read_text("utf-8"))
    below = {f"{top}.{name}": columns for top in ("names", "picks") for name, columns in data.pop(top).items()}
    return {**data, **below}


@cache
def asked(table: str, column: str = "en") -> tuple[str, ...]:
    """One list of ``changes.toml``, longest first."""
    raw = asking().get(table, {}).get(column, "")
    return tuple(
        sorted({word for part in raw.split(",") if (word := " ".join(part.split()))}, key=lambda w: (-len(w), w))
    )


@cache
def terms(column: str) -> Mapping[str, Field]:
    """Every fixed expression of a language with the field that it names; what only a change says goes before the lexicon."""
    found: dict[str, Field] = {}
    nameless = {*asked("not_terms", column)}
    for section, which in _FIELD_OF.items():
        for name in lexicon.names(section):
            found |= {term: which for term in lexicon.table(name, column) if term not in nameless}
    found |= dict.fromkeys(asked("speeds", column), Field.SPEED)
    for table in asking():
        if table.startswith("names."):
            found |= dict.fromkeys(asked(table, column), Field(table.partition(".")[2]))
    return found


# ---------------------------------------------------------------- the same in every language: figures and quotations

_FREE: Final = r"(?<![A-Za-z0-9.])"
"""Not within a word or a number; a Chinese sign may touch it."""
_EXACT: Final = tuple(
    (which, re.compile(pattern, re.IGNORECASE))
    for which, pattern in (
        (Field.DIALOGUE, r"\"[^\"\n]+\"|“[^”\n]+”|「[^」\n]+」|『[^』\n]+』"),
        (Field.SHAPE, r"(?<![\d:])(?:16\s?[:：x×]\s?9|9\s?[:：x×]\s?16|1\s?[:：]\s?1|4\s?[:：x×]\s?5)(?![\d:])"),
        (Field.ERA, rf"{_FREE}(?:the\s)?(?:early\s|late\s)?(?:1\d|20)\d0s(?![A-Za-z0-9])"),
        (Field.LENGTH, rf"{_FREE}\d{{1,3}}[\s-]?(?:s|secs?|seconds?)\b(?:[\s-]long)?|(?<!\d)\d{{1,3}}\s?秒[钟鐘]?"),
        (Field.STOCK, rf"{_FREE}(?:(?:8|16|70)\s?mm|35\s?mm(?=\s(?:film|stock)))(?:\s(?:film|stock))*(?![A-Za-z0-9])"),
        (Field.LENS, rf"{_FREE}\d{{2,3}}(?:\.\d)?\s?mm(?:\s(?:(?:macro|prime)\s)?lens\b|\s?(?:镜头|鏡頭)|(?![a-z]))"),
        (Field.DEPTH, rf"{_FREE}f\s?/\s?\d{{1,2}}(?:\.\d)?|{_FREE}f\d(?:\.\d)?(?![A-Za-z0-9])"),
    )
)


def exact(text: str) -> list[Named]:
    """Figures and quotations, without overlap."""
    found: list[Named] = []
    for which, pattern in _EXACT:
        for match in pattern.finditer(text):
            if not any(each.start < match.end() and match.start() < each.end for each in found):
                found.append(Named(which, match.start(), match.end(), match.group()))
    return found


def masked(text: str, found: Iterable[Named], mark: str) -> str:
    """The text of the same length without what was found already."""
    for each in found:
        text = f"{text[: each.start]}{mark * (each.end - each.start)}{text[each.end :]}"
    return text
