"""What a member may ask. Class = order, docstring = help, fields = options; declared once, spoken natively at the edge.

A platform with typed options builds a command with `build`; one that has only text reads it with `reading.read`; a button's
payload comes back through `from_action`. All three end in the same frozen dataclass or in a `Declined` with its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, Final

from bot.errors import BadValue, EmptyWords, UnknownCommand, UnknownOption
from bot.film import Shape
from bot.spine import FIELDS
from bot.words import WORDS_MAX, checked

OPTION: Final = "option"


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


def arg(help: str, default: Any = MISSING, **more: Any) -> Any:
    """A field of a command. Without a default the option is required."""
    metadata = {OPTION: Option(help, **more)}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


class Scene(StrEnum):
    """Whether a shot opens a new scene."""

    SAME = "same"
    NEW = "new"


class Stage(StrEnum):
    """How much a take may cost: the free animatic, or the operator's default backend."""

    ANIMATIC = "animatic"
    DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One wish. `listed` commands stand in menus and help; the others are what buttons say."""

    name: ClassVar[str] = ""
    listed: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Generate(Command):
    """Film the next shot of your production."""

    name: ClassVar[str] = "generate"
    prompt: str = arg("What the camera sees.", words=True, main=True)
    image: str | None = arg("A picture to start from.", None, image=True)
    seconds: int | None = arg("Length of the take.", None, low=1, high=60)
    shape: Shape | None = arg("Outline of the picture.", None, choices=tuple(Shape))
    stage: Stage | None = arg("Animatic is free; draft is the default model.", None, choices=tuple(Stage))
    scene: Scene | None = arg("Start a new scene.", None, choices=tuple(Scene))
    carry: bool = arg("No: keep nothing of the shot before but spine and cast.", True, alias="continue")
    model: str | None = arg("Which backend films it.", None)
    seed: int | None = arg("A number that makes chance repeatable.", None, low=0, high=2**31 - 1)


@dataclass(frozen=True, kw_only=True)
class Remix(Command):
    """The same shot with one thing changed, as a new take."""

    name: ClassVar[str] = "remix"
    change: str = arg("What should be different.", words=True, main=True)
    take: str | None = arg("Which take, by slate.", None)


@dataclass(frozen=True, kw_only=True)
class Retake(Command):
    """The same brief again, as a new take."""

    name: ClassVar[str] = "retake"
    take: str | None = arg("Which take, by slate.", None, main=True)
    shape: Shape | None = arg("The same in another outline.", None, choices=tuple(Shape))


@dataclass(frozen=True, kw_only=True)
class Extend(Command):
    """Go on after a clip, from where it ends, as the next shot."""

    name: ClassVar[str] = "extend"
    take: str | None = arg("Which take, by slate.", None, main=True)
    seconds: int | None = arg("Length of what follows.", None, low=1, high=60)


class StyleAction(StrEnum):
    """What to do with the spine."""

    SHOW = "show"
    SET = "set"
    ADD = "add"
    CLEAR = "clear"
    PRESETS = "presets"


@dataclass(frozen=True, kw_only=True)
class Style(Command):
    """Your spine: the look in front of every shot, word for word."""

    name: ClassVar[str] = "style"
    action: StyleAction = arg("What to do.", StyleAction.SHOW, choices=tuple(StyleAction))
    look: str | None = arg("Free text.", None, words=True, main=True)
    lens: str | None = arg("85mm lens, anamorphic 2.0x …", None, words=True)
    depth: str | None = arg("Shallow, deep focus …", None, words=True)
    light: str | None = arg("Golden hour, key from camera left …", None, words=True)
    palette: str | None = arg("Three to five colours.", None, words=True)
    mood: str | None = arg("Tense, quiet …", None, words=True)
    grade: str | None = arg("Teal and amber, bleach bypass …", None, words=True)
    stock: str | None = arg("35mm, 16mm, VHS …", None, words=True)
    sound: str | None = arg("The sound bed under every shot.", None, words=True)
    preset: str | None = arg("A ready spine by name.", None)
    field: str | None = arg("Which field to clear; all if none is named.", None)

    def values(self) -> dict[str, str]:
        """The spine fields that this wish names."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


class SessionAction(StrEnum):
    """What to do with productions."""

    SHOW = "show"
    NEW = "new"
    LIST = "list"
    SWITCH = "switch"


@dataclass(frozen=True, kw_only=True)
class SessionCommand(Command):
    """What is in hand: spine, production, last shot. Start or switch a production."""

    name: ClassVar[str] = "session"
    action: SessionAction = arg("What to do.", SessionAction.SHOW, choices=tuple(SessionAction))
    title: str | None = arg("The production's title.", None, words=True, main=True)


@dataclass(frozen=True, kw_only=True)
class Dailies(Command):
    """Your takes, newest first."""

    name: ClassVar[str] = "dailies"


@dataclass(frozen=True, kw_only=True)
class ShotStory(Command):
    """One take's whole story: brief, times, price, where it came from."""

    name: ClassVar[str] = "shot"
    take: str | None = arg("Which take, by slate; the last one if none is named.", None, main=True)


@dataclass(frozen=True, kw_only=True)
class Queue(Command):
    """What waits and rolls, and how many come before yours."""

    name: ClassVar[str] = "queue"


@dataclass(frozen=True, kw_only=True)
class Cancel(Command):
    """Stop a take of yours, at any moment."""

    name: ClassVar[str] = "cancel"
    take: str | None = arg("Which take, by slate; the newest if none is named.", None, main=True)


@dataclass(frozen=True, kw_only=True)
class Help(Command):
    """What to do next, in this place."""

    name: ClassVar[str] = "help"


@dataclass(frozen=True, kw_only=True)
class Circle(Command):
    """Choose a take for the film, or let it go again."""

    name: ClassVar[str] = "circle"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class Drop(Command):
    """Stop carrying one thing on from a take's shot."""

    name: ClassVar[str] = "drop"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)
    kind: str = arg("What is no longer kept.")


COMMANDS: Final[Mapping[str, type[Command]]] = {
    kind.name: kind
    for kind in (
        Generate,
        Remix,
        Retake,
        Style,
        SessionCommand,
        Dailies,
        ShotStory,
        Queue,
        Cancel,
        Help,
        Extend,
        Circle,
        Drop,
    )
}


def options(kind: type[Command]) -> dict[str, Option]:
    """A command's options by the name members use."""
    found = {each.name: each.metadata[OPTION] for each in fields(kind) if OPTION in each.metadata}
    return {option.alias or name: option for name, option in found.items()}


def build(name: str, values: Mapping[str, Any]) -> Command:
    """A command from typed or textual values by option name; None and empty strings count as "not given".

    Raises `UnknownCommand`, `UnknownOption`, `BadValue`, `EmptyWords`, `WordsTooLong` or `ControlCharacters`.
    """
    kind = COMMANDS.get(name)
    if kind is None:
        raise UnknownCommand(command=name[:40])
    known = options(kind)
    for given in values:
        if given not in known:
            raise UnknownOption(option=str(given)[:40], command=name, options=", ".join(known))
    built: dict[str, Any] = {}
    for each in fields(kind):
        option = each.metadata[OPTION]
        value = values.get(option.alias or each.name)
        if value is not None and (value != "" or option.words):
            built[each.name] = _value(option, option.alias or each.name, str(each.type), value)
        elif each.default is MISSING:
            raise EmptyWords
    return kind(**built)


def _value(option: Option, name: str, type_name: str, value: Any) -> Any:
    if type_name.startswith("bool"):
        return _truth(name, value)
    if type_name.startswith("int"):
        return _number(option, name, value)
    if not isinstance(value, str):
        raise BadValue(option=name, value=str(value)[:40], expected="text")
    if option.choices:
        return _choice(option, name, type_name.split(" ")[0], value)
    return checked(value, WORDS_MAX) if option.words else checked(value, 200).strip()


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
    text = str(value).strip().removesuffix("s")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise BadValue(option=name, value=str(value)[:40], expected=limits)
    number = int(text)
    if (option.low is not None and number < option.low) or (option.high is not None and number > option.high):
        raise BadValue(option=name, value=str(value)[:40], expected=limits)
    return number


_ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    kind.__name__: kind for kind in (Shape, Stage, Scene, StyleAction, SessionAction)
}
_SHAPE_WORDS: Final = {shape.label: shape for shape in Shape}


def _choice(option: Option, name: str, type_name: str, value: str) -> StrEnum:
    kind = _ENUMS[type_name]
    word = value.strip().lower()
    if kind is Shape and word in _SHAPE_WORDS:
        return _SHAPE_WORDS[word]
    if word not in {choice.value for choice in kind}:
        raise BadValue(option=name, value=value[:40], expected=", ".join(str(choice) for choice in option.choices))
    return kind(word)


# ---------------------------------------------------------------- buttons and rows


def to_dict(command: Command) -> dict[str, Any]:
    """JSON-ready data that `build` reads back: ``{"name": …, "values": {…}}``."""
    values: dict[str, Any] = {}
    for each in fields(command):
        value = getattr(command, each.name)
        if value is not None:
            values[each.metadata[OPTION].alias or each.name] = value
    return {"name": command.name, "values": values}


def from_dict(data: Mapping[str, Any]) -> Command:
    """The command back from `to_dict`'s data."""
    return build(str(data["name"]), data["values"])


def action(name: str, *ids: str) -> str:
    """A button's payload: the command's name and ids, at most 64 bytes (`cards.BUTTON_BYTES`)."""
    return ":".join((name, *ids))


def from_action(payload: str, words: str | None = None) -> Command:
    """The command behind a button, with the words that were asked for, if any. Raises `UnknownCommand` and `build`'s errors."""
    name, *ids = payload.split(":")
    kind = COMMANDS.get(name)
    if kind is None:
        raise UnknownCommand(command=payload[:40])
    order = [key for key, option in options(kind).items() if key in _ACTION_IDS.get(name, ())]
    values: dict[str, Any] = dict(zip(order, ids, strict=False))
    if words is not None:
        values[next(key for key, option in options(kind).items() if option.words)] = words
    return build(name, values)


_ACTION_IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "remix": ("take",),
    "retake": ("take", "shape"),
    "extend": ("take",),
    "cancel": ("take",),
    "circle": ("take",),
    "shot": ("take",),
    "drop": ("take", "kind"),
    "style": ("action", "preset"),
    "session": ("action", "title"),
}
