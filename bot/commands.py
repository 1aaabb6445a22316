"""What a member may ask. Class = order, docstring = help, fields = options; declared once, spoken natively at the edge.

A platform with typed options builds a command with `build`; one that has only text reads it with `reading.read`; a button's
payload comes back through `from_action`. All three end in the same frozen dataclass or in a `Declined` with its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Final

from bot.accounts import ACCOUNTS
from bot.assembly import ASSEMBLY, ASSEMBLY_BUTTONS, Storyboard
from bot.assembly import Film as FilmCommand
from bot.capabilities import Tier
from bot.errors import EmptyWords, UnknownCommand, UnknownOption
from bot.film import Shape
from bot.helping import HELP_BUTTONS
from bot.helping import Help as Help  # noqa: PLC0414 - one of those declared here
from bot.looks import BUTTONS, Cast
from bot.looks import Style as Style  # noqa: PLC0414 - one of those declared here
from bot.looks import StyleAction as StyleAction  # noqa: PLC0414
from bot.options import OPTION, Option, arg, value_of
from bot.options import Command as Command  # noqa: PLC0414 - what all of them are
from bot.picks import Opening as Opening  # noqa: PLC0414
from bot.picks import Remix as Remix  # noqa: PLC0414 - one of those declared here
from bot.picks import Scene as Scene  # noqa: PLC0414
from bot.picks import Settle as Settle  # noqa: PLC0414
from bot.picks import Stage as Stage  # noqa: PLC0414
from bot.verdicts import VERDICTS


@dataclass(frozen=True, kw_only=True)
class Generate(Command):
    """Film the next shot of your production."""

    name: ClassVar[str] = "generate"
    prompt: str = arg("What the camera sees.", words=True, main=True)
    image: str | None = arg("A picture to start from.", None, image=True)
    seconds: int | None = arg("Length of the take.", None, low=1, high=60)
    shape: Shape | None = arg("Outline of the picture.", None, choices=tuple(Shape))
    stage: Stage | None = arg(
        "Animatic is free; draft is the default model; final shows its price first.", None, choices=tuple(Stage)
    )
    scene: Scene | None = arg("Start a new scene.", None, choices=tuple(Scene))
    carry: bool = arg("No: keep nothing of the shot before but spine and cast.", True, alias="continue")
    model: str | None = arg("Which backend films it.", None, completes=True)
    seed: int | None = arg("A number that makes chance repeatable.", None, low=0, high=2**31 - 1)
    resolution: Tier | None = arg("How fine the picture is.", None, choices=tuple(Tier))
    sound: bool | None = arg("With or without sound, where the model leaves the choice.", None)
    start: Opening | None = arg("Begin with the last frame of the shot before.", None, choices=tuple(Opening))


@dataclass(frozen=True, kw_only=True)
class Retake(Command):
    """The same brief again, as a new take."""

    name: ClassVar[str] = "retake"
    take: str | None = arg("Which take, by slate.", None, main=True, completes=True)
    shape: Shape | None = arg("The same in another outline.", None, choices=tuple(Shape))


@dataclass(frozen=True, kw_only=True)
class Extend(Command):
    """Go on after a clip, from where it ends, as the next shot."""

    name: ClassVar[str] = "extend"
    take: str | None = arg("Which take, by slate.", None, main=True, completes=True)
    seconds: int | None = arg("Length of what follows.", None, low=1, high=60)


@dataclass(frozen=True, kw_only=True)
class Takes(Generate):
    """Several drafts of one idea, to vote on; the price of all of them is shown first."""

    name: ClassVar[str] = "takes"
    count: int = arg("How many.", 4, low=2, high=6)


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
    title: str | None = arg("The production's title.", None, words=True, main=True, completes=True)


@dataclass(frozen=True, kw_only=True)
class Dailies(Command):
    """Your takes, newest first."""

    name: ClassVar[str] = "dailies"


@dataclass(frozen=True, kw_only=True)
class ShotStory(Command):
    """One take's whole story: brief, times, price, where it came from."""

    name: ClassVar[str] = "shot"
    take: str | None = arg("Which take, by slate; the last one if none is named.", None, main=True, completes=True)


@dataclass(frozen=True, kw_only=True)
class Queue(Command):
    """What waits and rolls, and how many come before yours."""

    name: ClassVar[str] = "queue"


@dataclass(frozen=True, kw_only=True)
class Cancel(Command):
    """Stop a take of yours, at any moment."""

    name: ClassVar[str] = "cancel"
    take: str | None = arg("Which take, by slate; the newest if none is named.", None, main=True, completes=True)


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


@dataclass(frozen=True, kw_only=True)
class Prompt(Command):
    """Show exactly what a take's backend was told, part by part."""

    name: ClassVar[str] = "prompt"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class More(Command):
    """What else can be done with a take."""

    name: ClassVar[str] = "more"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class Edit(Command):
    """Film a take's shot again with other words: see `bot.rewording` for which of its words they replace."""

    name: ClassVar[str] = "edit"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.")
    prompt: str = arg("What the camera sees.", words=True, main=True)


@dataclass(frozen=True, kw_only=True)
class TakeUp(Command):
    """Film a take's shot again with one of the linter's offers put into its words."""

    name: ClassVar[str] = "offer"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)
    offer: str = arg("Which offer: its mark (`bot.lint_card`).")


@dataclass(frozen=True, kw_only=True)
class Idea(Generate):
    """What might be filmed: answered with prompt and price; nothing is spent until it is shot."""

    name: ClassVar[str] = "idea"
    listed: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class EditIdea(Command):
    """The same idea with other words: another idea."""

    name: ClassVar[str] = "edit_idea"
    listed: ClassVar[bool] = False
    idea: str = arg("Which idea.")
    prompt: str = arg("What the camera sees.", words=True, main=True)


@dataclass(frozen=True, kw_only=True)
class Hone(Command):
    """The same idea with one of the linter's offers put into its words: another idea."""

    name: ClassVar[str] = "hone"
    listed: ClassVar[bool] = False
    idea: str = arg("Which idea.", main=True)
    offer: str = arg("Which offer: its mark.")


@dataclass(frozen=True, kw_only=True)
class Shoot(Command):
    """Film an idea, once however often it is tapped."""

    name: ClassVar[str] = "shoot"
    listed: ClassVar[bool] = False
    idea: str = arg("Which idea.", main=True)


@dataclass(frozen=True, kw_only=True)
class Dismiss(Command):
    """Let an idea go."""

    name: ClassVar[str] = "dismiss"
    listed: ClassVar[bool] = False
    idea: str = arg("Which idea.", main=True)


@dataclass(frozen=True, kw_only=True)
class Start(Command):
    """The first word to a bot on Telegram: a greeting, then help."""

    name: ClassVar[str] = "start"
    listed: ClassVar[bool] = False
    code: str | None = arg("What a link to the bot may carry.", None, words=True, main=True)


COMMANDS: Final[Mapping[str, type[Command]]] = {
    kind.name: kind
    for kind in (
        Generate,
        Remix,
        Style,
        Storyboard,
        FilmCommand,
        Cast,
        Dailies,
        ShotStory,
        Queue,
        Cancel,
        SessionCommand,
        Help,
        Retake,
        Extend,
        Takes,
        *VERDICTS,
        *ASSEMBLY,
        *ACCOUNTS,
        Circle,
        Drop,
        Settle,
        Prompt,
        More,
        Edit,
        TakeUp,
        Idea,
        EditIdea,
        Hone,
        Shoot,
        Dismiss,
        Start,
        *BUTTONS,
        *ASSEMBLY_BUTTONS,
        *HELP_BUTTONS,
    )
}
FIRST: Final = 12
"""So many listed commands stand in Telegram's menu and on the first page of help."""


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
            built[each.name] = value_of(option, option.alias or each.name, str(each.type), value)
        elif each.default is MISSING:
            raise EmptyWords
    return kind(**built)


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


def with_ids(name: str, values: Mapping[str, str]) -> str:
    """`action` with those of the values that its buttons can carry, each in its place."""
    carried = (values.get(key, "") for key in options(COMMANDS[name]) if key in _ACTION_IDS.get(name, ()))
    return action(name, *("" if ":" in value else value for value in carried)).rstrip(":")


def from_action(payload: str, words: str | None = None) -> Command:
    """The command behind a button, with the words that were asked for, if any. Raises `UnknownCommand` and `build`'s errors."""
    name, *ids = payload.split(":")
    kind = COMMANDS.get(name)
    if kind is None:
        raise UnknownCommand(command=payload[:40])
    order = [key for key, option in options(kind).items() if key in _ACTION_IDS.get(name, ())]
    values: dict[str, Any] = dict(zip(order, ids, strict=False))
    if words is not None:
        takes = (key for key, option in options(kind).items() if option.words and option.main)
        values[next(takes, "words")] = words
    return build(name, values)


_ACTION_IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "remix": ("take",),
    "retake": ("take", "shape"),
    "extend": ("take",),
    "cancel": ("take",),
    "circle": ("take",),
    "final": ("take",),
    "draft": ("take",),
    "approve": ("take",),
    "vote": ("take",),
    "shot": ("take",),
    "drop": ("take", "kind"),
    "settle": ("take", "how"),
    "prompt": ("take",),
    "more": ("take",),
    "shot_card": ("take",),
    "edit": ("take",),
    "offer": ("take", "offer"),
    "edit_idea": ("idea",),
    "hone": ("idea", "offer"),
    "shoot": ("idea",),
    "dismiss": ("idea",),
    "try": ("idea",),
    "more_ideas": ("after",),
    "style": ("action", "preset"),
    "cast": ("action", "name"),
    "consent": ("cast", "agreed"),
    "canon": ("cast", "approved"),
    "character": ("cast", "agreed"),
    "session": ("action", "title"),
    "storyboard": ("shape", "stage", "model", "start"),
    "film": (),
    "edit_board": ("board",),
    "check": (),
    "reshoot": ("check",),
    "export": ("film",),
    "sheet": ("film",),
}
