"""The commands an app registers, by the rules of "Application Commands"."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.refusals import FORM, Json, Refused, need, need_length
from tests.fakes.discord.world import World

NAME = re.compile(r"^[-_'\w]{1,32}$")
SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
MOST = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
WITH_CHOICES = (STRING, INTEGER, NUMBER)
# the locales of the reference, "Locales"
LOCALES = frozenset(
    """id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW
    ko""".split()  # noqa: SIM905 -- thirty quoted words are harder to read
)


def put_commands(world: World, at: dict[str, str], body: Any) -> tuple[int, Any]:
    """All commands at once; those of the same name and type keep their ids. Raises `Refused`."""
    if at["app"] != str(world.application_id):
        raise Refused(10002)
    need(isinstance(body, list), "_errors", "Must be a list.")
    check_commands(body)
    guild = int(at["guild"]) if "guild" in at else None
    known = {(old["type"], old["name"]): old["id"] for old in world.commands.get(guild, [])}
    world.commands[guild] = [registered(world, about, known, guild) for about in body]
    world.stir()
    return 200, world.commands[guild]


def get_commands(world: World, at: dict[str, str]) -> tuple[int, Any]:
    """What is registered."""
    return 200, world.commands.get(int(at["guild"]) if "guild" in at else None, [])


def registered(world: World, about: Json, known: dict[tuple[int, str], str], guild: int | None) -> Json:
    """A command as Discord keeps it."""
    kind = about.get("type") or SLASH
    base: Json = {
        "id": known.get((kind, about["name"])) or str(world.ids.make()),
        "application_id": str(world.application_id),
    }
    base |= {"version": str(world.ids.make()), "default_member_permissions": None, "nsfw": False, "options": []}
    base |= {"integration_types": [0], "contexts": None, "description": ""} | about | {"type": kind}
    return base if guild is None else {**base, "guild_id": str(guild)}


def check_commands(body: list[Json]) -> None:
    """Counts, and each command. Raises `Refused`."""
    for kind, most in MOST.items():
        names = [about.get("name") for about in body if (about.get("type") or SLASH) == kind]
        if len(names) > most:
            raise Refused(30032, status=400, message="Maximum number of application commands reached")
        need(
            len(set(names)) == len(names),
            "name",
            "Application command names must be unique",
            "APPLICATION_COMMANDS_DUPLICATE_NAME",
        )
    for number, about in enumerate(body):
        check_command(about, str(number))


def check_command(about: Json, path: str) -> None:
    """One command: name, description, options, everywhere it may be used, its whole size."""
    if (about.get("type") or SLASH) == SLASH:
        check_words(about, path)
        check_options(about.get("options") or [], f"{path}.options")
    else:
        need_length(about.get("name"), f"{path}.name", 1, 32)
        need(not about.get("description"), f"{path}.description", "Context menus have no description.")
        need(not about.get("options"), f"{path}.options", "Context menus have no options.")
        for tag, name in (about.get("name_localizations") or {}).items():
            check_locale(tag, path)
            need_length(name, f"{path}.name_localizations.{tag}", 1, 32)
    need(
        set(about.get("contexts") or ()) <= {0, 1, 2},
        f"{path}.contexts",
        "Value must be one of {0, 1, 2}.",
        "BASE_TYPE_CHOICES",
    )
    need(
        set(about.get("integration_types") or ()) <= {0, 1}, f"{path}.integration_types", "Value must be one of {0, 1}."
    )
    if size(about) > 8000:
        raise Refused(FORM, message="Invalid Form Body", errors=too_large(path))


def too_large(path: str) -> Json:
    """The whole command is too long."""
    fault = {"code": "APPLICATION_COMMAND_TOO_LARGE", "message": "Command exceeds maximum size (8000)"}
    return {path: {"_errors": [fault]}}


def check_words(about: Json, path: str) -> None:
    """Name and description, in every language."""
    names = {"name": about.get("name"), **tagged("name", about)}
    for key, name in names.items():
        good = isinstance(name, str) and NAME.match(name) and name == name.lower()
        need(bool(good), f"{path}.{key}", f"Command name is invalid: {name!r}", "APPLICATION_COMMAND_INVALID_NAME")
    for key, text in {"description": about.get("description"), **tagged("description", about)}.items():
        need_length(text, f"{path}.{key}", 1, 100)
    for tag in {**(about.get("name_localizations") or {}), **(about.get("description_localizations") or {})}:
        check_locale(tag, path)


def tagged(key: str, about: Json) -> Json:
    """The localisations of one field, by the path of each."""
    return {f"{key}_localizations.{tag}": text for tag, text in (about.get(f"{key}_localizations") or {}).items()}


def check_locale(tag: str, path: str) -> None:
    """One that Discord knows."""
    need(tag in LOCALES, path, f"Unknown locale {tag}", "BASE_TYPE_CHOICES")


def check_options(options: list[Json], path: str) -> None:
    """Up to 25, of different names, the required ones first."""
    need(len(options) <= 25, path, "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    names = [option.get("name") for option in options]
    need(
        len(set(names)) == len(names),
        path,
        "Option names must be unique",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    )
    needed = [bool(option.get("required")) for option in options]
    first = needed == sorted(needed, reverse=True)
    need(
        first,
        path,
        "Required options must be placed before non-required options",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    )
    for number, option in enumerate(options):
        check_option(option, f"{path}.{number}")


def check_option(option: Json, path: str) -> None:
    """One option: words, choices or autocomplete, bounds."""
    check_words(option, path)
    kind, choices = option.get("type"), option.get("choices") or []
    need(kind in range(1, 12), f"{path}.type", "Not a type of option.", "BASE_TYPE_CHOICES")
    if kind in (SUBCOMMAND, GROUP):
        check_options(option.get("options") or [], f"{path}.options")
        return
    need(len(choices) <= 25, f"{path}.choices", "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    need(
        not (choices and option.get("autocomplete")), f"{path}.choices", "Choices and autocomplete exclude each other."
    )
    need(not choices or kind in WITH_CHOICES, f"{path}.choices", "This type has no choices.")
    for number, choice in enumerate(choices):
        check_choice(choice, f"{path}.choices.{number}")
    if kind == STRING:
        need(
            (option.get("max_length") or 1) <= 6000,
            f"{path}.max_length",
            "int value should be at most 6000.",
            "NUMBER_TYPE_MAX",
        )


def check_choice(choice: Json, path: str) -> None:
    """Names and values of up to 100 characters."""
    for key, name in {"name": choice.get("name"), **tagged("name", choice)}.items():
        need_length(name, f"{path}.{key}", 1, 100)
    if isinstance(choice.get("value"), str):
        need_length(choice["value"], f"{path}.value", 1, 100)


def longest(key: str, about: Json) -> int:
    """Length of a field in its longest language."""
    return max(len(str(text or "")) for text in (about.get(key), *tagged(key, about).values()))


def size(about: Json) -> int:
    """Characters of a command with all that is in it; of every text the longest localisation counts."""
    own = longest("name", about) + longest("description", about)
    choices = sum(longest("name", one) + len(str(one.get("value", ""))) for one in about.get("choices") or [])
    return own + choices + sum(size(option) for option in about.get("options") or [])
