"""The building blocks of a message made of components (Discord, "Component Reference"): plain data, ready to be sent as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.chat.discord.library import custom_id
from adapters.chat.discord.marks import label
from bot.cards import Button

Component = dict[str, Any]

ROW, BUTTON, SELECT, SECTION, TEXT, GALLERY, FILE, CONTAINER = 1, 2, 3, 9, 10, 12, 13, 17
SECONDARY, LINK = 2, 5
COMPONENTS_MOST: Final = 40
TEXT_MOST: Final = 4000
"""In all texts of one message together."""
BUTTONS_MOST: Final = 25
CHOICES_MOST: Final = 25
LABEL_MOST: Final = 80
CHOICE_MOST: Final = 100


def text(content: str) -> Component:
    """A text, in Discord's markdown."""
    return {"type": TEXT, "content": content}


def gallery(names: Sequence[str]) -> Component:
    """Clips (or pictures) among the message's own attachments, playable in place; ten at most."""
    return {"type": GALLERY, "items": [{"media": {"url": f"attachment://{name}"}} for name in names[:10]]}


def file(name: str) -> Component:
    """One of the message's own attachments, to be downloaded."""
    return {"type": FILE, "file": {"url": f"attachment://{name}"}}


def container(parts: Sequence[Component], colour: int) -> Component:
    """Everything in one frame, with a stripe of that colour."""
    return {"type": CONTAINER, "accent_color": colour, "components": list(parts)}


def section(content: str, button: Component) -> Component:
    """A text with a button beside it."""
    return {"type": SECTION, "components": [text(content)], "accessory": button}


def link(words: str, url: str) -> Component:
    """A button that opens a page."""
    return {"type": BUTTON, "style": LINK, "label": label(words, LABEL_MOST) or ELLIPSIS_LABEL, "url": url}


def button(each: Button, ids: Ids) -> Component:
    """A button of the card."""
    if each.url:
        return link(each.label, each.url)
    words = label(each.label, LABEL_MOST) or ELLIPSIS_LABEL
    return {"type": BUTTON, "style": SECONDARY, "label": words, "custom_id": ids.take(each)}


def select(name: str, placeholder: str, choices: Sequence[Component]) -> Component:
    """One menu, in a row of its own; at least one choice, 25 at most."""
    menu = {"type": SELECT, "custom_id": custom_id(name), "placeholder": label(placeholder, 150)}
    return {"type": ROW, "components": [{**menu, "options": list(choices[:CHOICES_MOST])}]}


def choice(words: str, action: str, note: str = "") -> Component:
    """One line of a menu; its value says what it does."""
    line = {"label": label(words, CHOICE_MOST) or ELLIPSIS_LABEL, "value": custom_id(action)}
    return {**line, "description": label(note, CHOICE_MOST)} if label(note) else line


def rows_of(buttons: Sequence[Component]) -> list[Component]:
    """Buttons, five in a row."""
    return [{"type": ROW, "components": list(buttons[at : at + 5])} for at in range(0, len(buttons), 5)]


def every(components: Sequence[Component]) -> Iterator[Component]:
    """All components, those inside others too."""
    for each in components:
        yield each
        yield from every(each.get("components", ()))
        if "accessory" in each:
            yield each["accessory"]


ELLIPSIS_LABEL: Final = "…"


class Ids:
    """Discord wants every `custom_id` of a message to be another one."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, each: Button) -> str:
        """The id of that button, numbered where another has it already."""
        plain = custom_id(each.action, asks=each.asks, parts=each.parts)
        nth = self._taken.get(plain, 0)
        self._taken[plain] = nth + 1
        return custom_id(each.action, asks=each.asks, parts=each.parts, nth=nth) if nth else plain
