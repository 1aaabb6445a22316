"""Where words are missing: a form that opens as the first answer. Its id carries the action, so it is read after any restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord
from discord import ui

from adapters.chat.discord.library import custom_id
from bot import forms
from bot.commands import COMMANDS, options
from bot.errors import WordsTooLong
from bot.text import DEFAULT, catalogue, say

FIELD_MAX: Final = 4_000
"""The most a form's field holds (Discord, "Text Input"); words longer than that are never cut, so there is no form for them."""
TITLE_MAX = LABEL_MAX = 45
HINT_MAX: Final = 100
WORDS: Final = "words"


def words_form(action: str, locale: str) -> ui.Modal:
    """One field, for the words that the action is missing."""
    name = action.partition(":")[0]
    field = _field(WORDS, _text("form", _asked(name), locale), _text("placeholder", name, locale), required=True)
    return _form(custom_id(action, asks=True), _text("form", name, locale), [field])


def parts_form(action: str, filled: Mapping[str, str], locale: str) -> ui.Modal:
    """A field for each part of a brief, filled in with what stands there. Raises `WordsTooLong` for what a field cannot hold."""
    for text in filled.values():
        if len(text) > FIELD_MAX:
            raise WordsTooLong(length=len(text), limit=FIELD_MAX)
    fields = [_part(name, filled.get(name, ""), locale) for name in forms.PARTS]
    return _form(custom_id(action, asks=True, parts=True), _text("form", action.partition(":")[0], locale), fields)


def _part(name: str, filled: str, locale: str) -> ui.Label[Any]:
    label, hint = say(f"form.{name}", locale), say(f"form_hint.{name}", locale)
    return _field(name, label, hint, filled, required=name == forms.PARTS[0])


def _form(id_: str, title: str, fields: list[ui.Label[Any]]) -> ui.Modal:
    """A form that the library need not remember: it is read from what comes back."""
    form = ui.Modal(title=title[:TITLE_MAX], custom_id=id_)
    for field in fields:
        form.add_item(field)
    form.stop()
    return form


def _field(name: str, label: str, hint: str, filled: str = "", *, required: bool) -> ui.Label[Any]:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        placeholder=hint[:HINT_MAX],
        default=filled or None,
        required=required,
        max_length=FIELD_MAX,
    )
    return ui.Label(text=label[:LABEL_MAX], component=box)


def _text(table: str, name: str, locale: str) -> str:
    """The sentence for that name, or the one for any words."""
    return say(f"{table}.{name}" if f"{table}.{name}" in catalogue(DEFAULT) else f"{table}.words", locale)


def _asked(name: str) -> str:
    """The option that the words are for."""
    given = options(COMMANDS[name]) if name in COMMANDS else {}
    return next((key for key, option in given.items() if option.words and option.main), WORDS)


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
            yield each["custom_id"], each["value"].replace("\r\n", "\n")
        yield from _values(each.get("component"), depth + 1)
        yield from _values(each.get("components"), depth + 1)
