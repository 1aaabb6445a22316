"""What every command is, how one field of it is asked for, and how what was given for it is read."""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final

from bot.errors import BadValue
from bot.film import Shape
from bot.words import WORDS_MAX, checked

OPTION: Final = "option"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One wish. `listed` commands stand in menus and help; the others are what buttons say."""

    name: ClassVar[str] = ""
    listed: ClassVar[bool] = True


@dataclass(frozen=True)
class Option:
    """How one field of a command is asked for.

    `words`: takes free text, spaces and all. `main`: it is what stands behind the command's name without being named.
    """

    help: str
    words: bool = False
    main: bool = False
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    image: bool = False
    alias: str = ""
    """The name members use, where the field cannot bear it (``continue``)."""
    completes: bool = False
    """It can be completed while one types: see `bot.suggestions`."""


def arg(help: str, default: Any = MISSING, **more: Any) -> Any:
    """A field of a command. Without a default the option is required."""
    metadata = {OPTION: Option(help, **more)}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def value_of(option: Option, name: str, type_name: str, value: Any) -> Any:
    """The value for a field of that type, from a typed or textual one.

    Raises `BadValue`, `EmptyWords`, `WordsTooLong` or `ControlCharacters`.
    """
    if type_name.startswith("bool"):
        return _truth(name, value)
    if type_name.startswith("int"):
        return _number(option, name, value)
    if not isinstance(value, str):
        raise BadValue(option=name, value=str(value)[:40], expected="text")
    if option.choices:
        return _choice(option, name, value)
    return checked(value, WORDS_MAX) if option.words else checked(value, 2_000 if option.image else 200).strip()


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("yes", "true", "on", "1"):
        return True
    if str(value).lower() in ("no", "false", "off", "0"):
        return False
    raise BadValue(option=name, value=str(value)[:40], expected="yes, no")


def _number(option: Option, name: str, value: Any) -> int:
    limits = f"{option.low}-{option.high}"
    text = str(value).strip().removesuffix("s").removesuffix("秒")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise BadValue(option=name, value=str(value)[:40], expected=limits)
    number = int(text)
    if (option.low is not None and number < option.low) or (option.high is not None and number > option.high):
        raise BadValue(option=name, value=str(value)[:40], expected=limits)
    return number


_SHAPE_WORDS: Final = {shape.label: shape for shape in Shape}


def _choice(option: Option, name: str, value: str) -> str:
    """One of the option's choices, an enumeration's member."""
    word = value.strip().lower()
    found: dict[str, str] = {choice.value: choice for choice in option.choices if isinstance(choice, StrEnum)}
    if Shape.WIDE in option.choices:
        found |= _SHAPE_WORDS
    if word not in found:
        raise BadValue(option=name, value=value[:40], expected=", ".join(str(choice) for choice in option.choices))
    return found[word]
