"""The command menu beside the input box: the first commands, in every language that Telegram can tell apart."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import product
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from bot.commands import COMMANDS, FIRST
from bot.text import catalogue, language, say

log = logging.getLogger("throughline.telegram")

DESCRIPTION_MAX: Final = 256
TONGUES: Final = {"": "en", "zh": "zh-Hans"}
"""Telegram's two-letter codes (ISO 639-1) and our catalogues; traditional and simplified Chinese are one to it."""
SCOPES: Final[tuple[BotCommandScope, ...]] = (
    BotCommandScopeDefault(),
    BotCommandScopeAllPrivateChats(),
    BotCommandScopeAllGroupChats(),
)
"""All three are set, because a list that somebody once set for a narrower scope would hide the default one."""


def menu(locale: str) -> list[BotCommand]:
    """The first listed commands with their help."""
    known = catalogue(language(locale))
    names = [kind.name for kind in COMMANDS.values() if kind.listed and f"help.{kind.name}" in known]
    return [BotCommand(name, say(f"help.{name}", locale)[:DESCRIPTION_MAX]) for name in names[:FIRST]]


async def hang_out(bot: Bot, default: str) -> int:
    """Set what is not set already; how many lists were changed. Raises `TelegramError`.

    `default`: the language of members whose own we do not speak.
    """
    changed = 0
    for scope, code, wanted in _wanted(default):
        if tuple(wanted) != await bot.get_my_commands(scope=scope, language_code=code or None):
            await bot.set_my_commands(wanted, scope=scope, language_code=code or None)
            changed += 1
    return changed


def _wanted(default: str) -> Iterator[tuple[BotCommandScope, str, list[BotCommand]]]:
    tongues = {**TONGUES, "": language(default)}
    if tongues[""] != "en":
        tongues["en"] = "en"
    for scope, (code, tongue) in product(SCOPES, tongues.items()):
        yield scope, code, menu(tongue)
