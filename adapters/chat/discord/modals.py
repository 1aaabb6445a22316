"""Where words are missing: a form that opens as the first answer. Its id carries the action, so it is read after any restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord
from discord import ui

from adapters.chat.discord.library import custom_id
from bot import forms
from bot.errors import WordsTooLong
from bot.text import DEFAULT, catalogue, say

FIELD_MAX: Final = 4_000
"""The most a form's field holds (Discord, "Text Input"); words longer than that are never cut, so there is no form for them."""
TITLE_MAX = LABEL_MAX = 45
WORDS: Final = "words"


def words_form(action: str, locale: str) -> ui.Modal:
    """One field, for the words that the action is missing."""
    return _form(custom_id(action, asks=True), _title(action, locale), [_field(WORDS, _label(action, locale), required=True)])


def parts_form(action: str, filled: Mapping[str, str], locale: str) -> ui.Modal:
    """A field for each part of a brief, filled in with what stands there. Raises `WordsTooLong` for what a field cannot hold."""
    for text in filled.values():
        if len(text) > FIELD_MAX:
            raise WordsTooLong(length=len(text), limit=FIELD_MAX)
    fields = [
        _field(name, say(f"form.{name}", locale), filled.get(name, ""), required=name == forms.PARTS[0]) for name in forms.PARTS
    ]
    return _form(custom_id(action, asks=True, parts=True), _title(action, locale), fields)


def _form(id_: str, title: str, fields: list[ui.Label[Any]]) -> ui.Modal:
    """A form that the library need not remember: it is read from what comes back."""
    form = ui.Modal(title=title[:TITLE_MAX], custom_id=id_)
    for field in fields:
        form.add_item(field)
    form.stop()
    return form


def _field(name: str, label: str, filled: str = "", *, required: bool) -> ui.Label[Any]:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        default=filled or None,
        required=required,
        max_length=FIELD_MAX,
    )
    return ui.Label(text=label[:LABEL_MAX], component=box)


def _title(action: str, locale: str) -> str:
    name = action.partition(":")[0]
    return say(f"button.{name}" if f"button.{name}" in catalogue(DEFAULT) else "button.words", locale)


def _label(action: str, locale: str) -> str:
    name = action.partition(":")[0]
    return say(f"ask.{name}" if f"ask.{name}" in catalogue(DEFAULT) else "ask.generate", locale)


def answers_of(data: Mapping[str, Any]) -> dict[str, str]:
    """What was written, by the fields' names, of a submitted form; whatever else may be in there is passed over."""
    return {name: value for name, value in _values(data.get("components"), 0) if name}


def _values(found: object, depth: int) -> Iterator[tuple[str, str]]:
    """Fields stand in labels (`component`), on older forms in rows (`components`)."""
    if depth > 4:
        return
    for each in found if isinstance(found, list) else [found]:
        if not isinstance(each, dict):
            continue
        if isinstance(each.get("custom_id"), str) and isinstance(each.get("value"), str):
            yield each["custom_id"], each["value"]
        yield from _values(each.get("component"), depth + 1)
        yield from _values(each.get("components"), depth + 1)
