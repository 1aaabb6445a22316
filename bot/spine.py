"""The style spine: the look in front of every shot, word for word, until the member changes it.

Free text and structured fields may stand side by side. Rendered, they are one stable block: the free text first, as one
unbroken string, then the fields in the order of a shot description (camera, light, palette, grade, mood, sound).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Self

from bot.errors import UnknownField, UnknownPreset
from bot.words import checked

FIELD_MAX = 2_000

_LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Cinematography", ("lens", "depth", "stock")),
    ("Lighting", ("light",)),
    ("Palette anchors", ("palette",)),
    ("Grade", ("grade",)),
    ("Mood", ("mood",)),
    ("Background sound", ("sound",)),
)
_ENDINGS = ".!?。！？…"


@dataclass(frozen=True)
class Spine:
    """A look. Every value is kept exactly as the member wrote it; an empty one is not set."""

    look: str = ""
    lens: str = ""
    depth: str = ""
    light: str = ""
    palette: str = ""
    mood: str = ""
    grade: str = ""
    stock: str = ""
    sound: str = ""

    def render(self) -> str:
        """The block that is sent, or an empty string. The same spine always gives the same bytes."""
        sentences = [self.look] if self.look else []
        for label, names in _LINES:
            said = ", ".join(value for name in names if (value := getattr(self, name)))
            if said:
                sentences.append(f"{label}: {said}" + ("" if said[-1] in _ENDINGS else "."))
        return " ".join(sentences)

    def set(self, **values: str) -> Self:
        """These fields replaced. Raises `UnknownField`, `EmptyWords`, `WordsTooLong` or `ControlCharacters`."""
        for name, value in values.items():
            _known(name)
            checked(value, FIELD_MAX)
        return replace(self, **values)

    def add(self, **values: str) -> Self:
        """These values put behind what stands there already."""
        merged = {name: ", ".join(filter(None, (self.value(name), value))) for name, value in values.items()}
        for value in values.values():
            checked(value, FIELD_MAX)
        return self.set(**merged)

    def clear(self, *names: str) -> Self:
        """These fields emptied; all of them if none is named."""
        return replace(self, **{_known(name): "" for name in names or FIELDS})

    def value(self, name: str) -> str:
        """The words of one field. Raises `UnknownField`."""
        return str(getattr(self, _known(name)))

    def filled(self) -> dict[str, str]:
        """The fields that are set, in the order of the declaration."""
        return {name: value for name in FIELDS if (value := self.value(name))}

    def anchors(self) -> tuple[str, ...]:
        """The palette anchors one by one."""
        return tuple(
            part for raw in self.palette.replace("，", ",").replace("、", ",").split(",") if (part := raw.strip())
        )


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Spine))


def _known(name: str) -> str:
    if name not in FIELDS:
        raise UnknownField(field=name, fields=", ".join(FIELDS))
    return name


@cache
def presets() -> dict[str, Spine]:
    """Ready spines by name, from ``presets.toml``."""
    data = tomllib.loads(resources.files("bot").joinpath("presets.toml").read_text("utf-8"))
    return {name: Spine().set(**values) for name, values in data.items()}


def preset(name: str) -> Spine:
    """Raises `UnknownPreset`."""
    found = presets().get(name.strip().lower())
    if found is None:
        raise UnknownPreset(preset=name, presets=", ".join(presets()))
    return found
