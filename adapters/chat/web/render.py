"""Card → JSON for the page. The page sets every text as text, so nothing is escaped here and nothing can be markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands import COMMANDS
from bot.paperwork import Post
from bot.text import say


def post_data(post: Post) -> dict[str, Any]:
    """``{"key", "cursor", "at", "card"}``; `card` has the fields of `bot.cards.Card` by name."""
    return {"key": post.key, "cursor": post.cursor, "at": post.at, "card": post.card.to_dict()}


def event(name: str, data: Mapping[str, Any], cursor: int | None = None) -> bytes:
    """One server-sent event; JSON has no bare newline, so one ``data:`` line holds it."""
    lines = [f"id: {cursor}"] if cursor is not None else []
    lines += [f"event: {name}", f"data: {json.dumps(data, separators=(',', ':'))}", "", ""]
    return "\n".join(lines).encode()


def command_data(locale: str) -> list[dict[str, str]]:
    """The listed commands with their one line of help, for the hints behind ``/``."""
    return [{"name": kind.name, "help": say(f"help.{kind.name}", locale)} for kind in COMMANDS.values() if kind.listed]


def error_data(key: str, text: str) -> dict[str, Any]:
    """One sentence for people with its key."""
    return {"error": {"key": key, "text": text}}
