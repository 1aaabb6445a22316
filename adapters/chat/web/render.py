"""Card and view → JSON for the page. The page sets every text as text, so nothing is escaped here and nothing can be markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands import COMMANDS
from bot.palette import colour
from bot.paperwork import Post
from bot.spine import FIELDS, Spine, presets
from bot.spine_text import exported
from bot.text import say


def post_data(post: Post) -> dict[str, Any]:
    """``{"key", "cursor", "at", "card"}``; `card` as `bot.cards.Card`, its palette chips with their ``colour``."""
    card = post.card.to_dict()
    for chip in card["spine"]:
        if chip["kind"] == "palette":
            chip["colour"] = colour(chip["words"])
    return {"key": post.key, "cursor": post.cursor, "at": post.at, "card": card}


def event(name: str, data: Mapping[str, Any], cursor: int | None = None) -> bytes:
    """One server-sent event; JSON has no bare newline, so one ``data:`` line holds it."""
    lines = [f"id: {cursor}"] if cursor is not None else []
    lines += [f"event: {name}", f"data: {json.dumps(data, separators=(',', ':'))}", "", ""]
    return "\n".join(lines).encode()


def command_data(locale: str) -> list[dict[str, str]]:
    """The listed commands with their one line of help, for the hints behind ``/``."""
    return [{"name": kind.name, "help": say(f"help.{kind.name}", locale)} for kind in COMMANDS.values() if kind.listed]


def preset_data(locale: str) -> list[dict[str, Any]]:
    """The ready spines: ``{"name", "label", "text", "colours"}``, with the name to send and the one to read."""
    return [
        {
            "name": name,
            "label": say(f"preset.{name}", locale),
            "text": spine.render(),
            "colours": [paint for anchor in spine.anchors() if (paint := colour(anchor))],
        }
        for name, spine in presets().items()
    ]


def view_data(view: Mapping[str, Any]) -> dict[str, Any]:
    """The session view with its spine as text to keep and pass on (``spine_text``); empty where nothing is set."""
    values = {field["name"]: field["value"] for field in view["spine"]["fields"]}
    spine = Spine(**{name: values.get(name, "") for name in FIELDS})
    text = exported(spine) if spine.filled() else ""
    return {**view, "spine_text": text}


def error_data(key: str, text: str) -> dict[str, Any]:
    """One sentence for people with its key."""
    return {"error": {"key": key, "text": text}}
