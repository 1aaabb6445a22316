"""The declared commands as Discord's own: typed options, choices, completions, subcommands, in three languages.

They are plain data (Discord's "Application Command" object), made from `bot.commands.COMMANDS` and from the catalogues alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, Final

from adapters.chat.discord.who import Unreadable
from bot.commands import COMMANDS, Command, options, with_ids
from bot.errors import ImageTooLarge, NotAnImage
from bot.options import OPTION, Option
from bot.spine import FIELDS
from bot.text import DEFAULT, say

Json = dict[str, Any]

SUBCOMMAND, TEXT, INTEGER, BOOLEAN, ATTACHMENT = 1, 3, 4, 5, 11
CHAT_INPUT, MESSAGE = 1, 3
TONGUES: Final = {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}
"""Discord's tags and our catalogues; what is not named here reads English."""
REMIX_THIS: Final = "menu.remix"
TEXT_MAX: Final = 6_000
"""The longest text option there is (Discord, "Application Command Option")."""
SHORT_MAX: Final = 200
IMAGE_BYTES: Final = 30 * 1024 * 1024
ACTION: Final = "action"

TAKEN_BY: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "style": {
        "show": ("level",),
        "set": ("look", "lens", "depth", "light", "palette", "mood", "grade", "stock", "sound", "preset", "level"),
        "add": ("look", "lens", "depth", "light", "palette", "mood", "grade", "stock", "sound", "level"),
        "clear": ("field", "level"),
        "presets": (),
        "from": ("take",),
        "export": ("level",),
        "import": ("text", "level"),
    },
    "cast": {
        "list": ("level",),
        "show": ("name", "level"),
        "add": ("name", "description", "wardrobe", "voice", "image", "from", "level"),
        "set": ("name", "description", "wardrobe", "voice", "image", "level"),
        "remove": ("name", "level"),
        "propose": ("name",),
        "lock": ("name",),
        "unlock": ("name",),
    },
    "session": {"show": (), "new": ("title",), "list": (), "switch": ("title",)},
}
"""Which options stand behind which subcommand; a command or an action that is not here takes all of them."""
NEEDED: Final = {
    ("session", "switch", "title"),
    ("style", "from", "take"),
    ("style", "import", "text"),
    *(("cast", action, "name") for action in ("show", "add", "set", "remove", "propose", "lock", "unlock")),
}
"""What an action cannot do without, though the command can."""
ASKED_FOR: Final = {"storyboard": "text"}
"""What a form asks for where it is left out: an option holds one line only."""
NAMING: Final = frozenset({"new", "add"})
"""Actions that give a new name: nothing that is there completes it."""
PICKED: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {("style", "field"): FIELDS}
"""Options that the core takes as text, but of which there are few: Discord shows them as choices."""


def declared() -> list[Json]:
    """Everything to register: each listed command, and the message command that remixes."""
    return [*(_command(kind) for kind in COMMANDS.values() if kind.listed), _remix_this()]


def _command(kind: type[Command]) -> Json:
    about = {"type": CHAT_INPUT, **_named(f"name.{kind.name}", kind.name), **_described(f"help.{kind.name}")}
    return {**about, **_anywhere(), "options": _options(kind)}


def _remix_this() -> Json:
    names = {tag: say(REMIX_THIS, tongue) for tag, tongue in TONGUES.items()}
    about = {"type": MESSAGE, "name": say(REMIX_THIS, DEFAULT), "name_localizations": names}
    return {**about, **_anywhere()}


def _anywhere() -> Json:
    """In servers, with the bot, between people; installed on servers and by members."""
    return {"contexts": [0, 1, 2], "integration_types": [0, 1], "default_member_permissions": None}


def _options(kind: type[Command]) -> list[Json]:
    given = options(kind)
    if ACTION not in given:
        return _sorted(_option(kind, name, option) for name, option in given.items())
    rest = {name: option for name, option in given.items() if name != ACTION}
    return [_subcommand(kind, str(action), rest) for action in given[ACTION].choices]


def _subcommand(kind: type[Command], action: str, rest: Mapping[str, Option]) -> Json:
    taken = TAKEN_BY.get(kind.name, {}).get(action, tuple(rest))
    about = {"type": SUBCOMMAND, **_named(f"choice.{action}", action), **_described(f"actionhelp.{kind.name}.{action}")}
    return {**about, "options": _sorted(_option(kind, name, rest[name], action) for name in taken if name in rest)}


def _option(kind: type[Command], name: str, option: Option, action: str = "") -> Json:
    field = next(each for each in fields(kind) if each.metadata.get(OPTION) is option)
    typed = str(field.type).split(" ")[0]
    about = {**_named(f"option.{name}", name), **_described(f"optionhelp.{kind.name}.{name}")}
    needed = field.default is MISSING and ASKED_FOR.get(kind.name) != name
    about["required"] = needed or (kind.name, action, name) in NEEDED
    if option.image:
        return {"type": ATTACHMENT, **about}
    if typed in ("int", "bool"):
        limits = {"min_value": option.low, "max_value": option.high} if typed == "int" else {}
        return {"type": INTEGER if typed == "int" else BOOLEAN, **about, **limits}
    if choices := option.choices or PICKED.get((kind.name, name)):
        return {"type": TEXT, **about, "choices": [_choice(kind, name, str(value)) for value in choices]}
    length = {"min_length": 1, "max_length": TEXT_MAX if option.words and not option.completes else SHORT_MAX}
    return {
        "type": TEXT,
        **about,
        **length,
        "autocomplete": option.completes and not (option.main and action in NAMING),
    }


def _choice(kind: type[Command], name: str, value: str) -> Json:
    key = f"spine.{value}" if (kind.name, name) in PICKED else f"choice.{value}"
    spoken = {tag: say(key, tongue) for tag, tongue in TONGUES.items()}
    return {"name": say(key, DEFAULT), "name_localizations": spoken, "value": value}


def _sorted(found: Iterable[Json]) -> list[Json]:
    """Discord wants what is required first."""
    return sorted(found, key=lambda option: not option["required"])


def _named(key: str, name: str) -> Json:
    """A name that is typed: lower case, without blanks; English members type ours."""
    return {"name": name, "name_localizations": {tag: say(key, tongue) for tag, tongue in TONGUES.items()}}


def _described(key: str) -> Json:
    spoken = {tag: say(key, tongue) for tag, tongue in TONGUES.items()}
    return {"description": say(key, DEFAULT), "description_localizations": spoken}


# ---------------------------------------------------------------- what comes back


def values_of(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The command's name, and its options by name, of an interaction's data. Raises `Unreadable`, `NotAnImage`, `ImageTooLarge`."""
    name, given, values = _unwrapped(data)
    for option in given:
        value = option.get("value")
        values[_text(option, "name")] = _attachment(data, value) if option.get("type") == ATTACHMENT else value
    return name, values


def asked_for(name: str, values: Mapping[str, Any]) -> str:
    """The action of the form that asks for what was left out, with what was chosen; empty where nothing is asked for."""
    if name not in ASKED_FOR or values.get(ASKED_FOR[name]):
        return ""
    return with_ids(name, {option: str(value) for option, value in values.items()})


def typed_of(data: Mapping[str, Any]) -> tuple[str, str]:
    """The option that the member is typing in, and what stands there. Raises `Unreadable`."""
    for option in _unwrapped(data)[1]:
        if option.get("focused") is True:
            return _text(option, "name"), str(option.get("value", ""))
    raise Unreadable("no option is being typed in")


def _unwrapped(data: Mapping[str, Any]) -> tuple[str, Sequence[Mapping[str, Any]], dict[str, Any]]:
    """Name, options, and the action where there is a subcommand."""
    name, given = _text(data, "name"), _listed(data)
    if len(given) == 1 and given[0].get("type") == SUBCOMMAND:
        return name, _listed(given[0]), {ACTION: _text(given[0], "name")}
    return name, given, {}


def _listed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = data.get("options") or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable("options of a shape of their own")
    return found


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise Unreadable(f"no {name}")
    return value


def _attachment(data: Mapping[str, Any], id_: object) -> str:
    """The picture's address, as a stored wish holds it; the file itself is fetched later."""
    resolved = data.get("resolved")
    files = resolved.get("attachments") if isinstance(resolved, dict) else None
    file = files.get(str(id_)) if isinstance(files, dict) else None
    if not isinstance(file, dict) or not _text(file, "url").startswith(("https://", "http://")):
        raise Unreadable("an attachment that is not there")
    kind, size = file.get("content_type"), file.get("size")
    if isinstance(kind, str) and not kind.startswith("image/"):
        raise NotAnImage
    if isinstance(size, int) and size > IMAGE_BYTES:
        raise ImageTooLarge(limit="30 MB")
    return f"discord:{file['url']}"
