"""Modals: the rules for opening one, and filling one in as a member does. Numbers: "Component Reference"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.components import check_custom_id, check_options, check_select, check_text, check_unique
from tests.fakes.discord.nouns import SELECTS, every
from tests.fakes.discord.refusals import Json, need, need_length

ROW, TEXT_INPUT, TEXT, LABEL, UPLOAD, RADIO, CHECKS, CHECK = 1, 4, 10, 18, 19, 21, 22, 23
FIELDS = (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKS, CHECK)


@dataclass
class Field:
    """One thing to fill in."""

    part: Json
    label: str

    @property
    def custom_id(self) -> str:
        """What the bot calls it."""
        return str(self.part["custom_id"])

    @property
    def value(self) -> str:
        """What stands in it already."""
        return str(self.part.get("value") or "")

    @property
    def required(self) -> bool:
        """Whether it may not be left empty; Discord's own default is yes."""
        return bool(self.part.get("required", True))

    def filled(self, given: Any) -> Json:
        """As it is sent back; AssertionError where the member's app would not let it go."""
        base: Json = {"type": self.part["type"], "id": self.part.get("id", 0), "custom_id": self.custom_id}
        if self.part["type"] == TEXT_INPUT:
            return {**base, "value": self._text(given)}
        if self.part["type"] == RADIO:
            return {**base, "value": given}
        if self.part["type"] == CHECK:
            return {**base, "value": bool(given)}
        return {**base, "values": [given] if isinstance(given, str) else list(given or ())}

    def _text(self, given: Any) -> str:
        text = self.value if given is None else str(given)
        most, least = self.part.get("max_length") or 4000, self.part.get("min_length") or 0
        assert len(text) <= most, f"{self.label}: {len(text)} characters, at most {most} can be typed"
        assert len(text) >= least or (not text and not self.required), f"{self.label}: at least {least} characters"
        assert text or not self.required, f"{self.label} has to be filled in"
        return text


@dataclass
class Modal:
    """A form on the member's screen."""

    custom_id: str
    title: str
    components: list[Json]
    fields: list[Field] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What it says between the fields."""
        return [part["content"] for part in self.components if part["type"] == TEXT]

    def field(self, name: str) -> Field:
        """By custom id or label."""
        found = [one for one in self.fields if name in (one.custom_id, one.label)]
        assert found, f"no field {name!r} among {[(one.custom_id, one.label) for one in self.fields]}"
        return found[0]

    def filled(self, values: dict[str, Any]) -> list[Json]:
        """The components of a submission."""
        given = {self.field(name).custom_id: value for name, value in values.items()}
        return [self._filled(part, given) for part in self.components]

    def _filled(self, part: Json, given: dict[str, Any]) -> Json:
        base: Json = {"type": part["type"], "id": part.get("id", 0)}
        if part["type"] == LABEL:
            one = self.field(part["component"]["custom_id"])
            return {**base, "component": one.filled(given.get(one.custom_id))}
        if part["type"] == ROW:
            ones = [self.field(child["custom_id"]) for child in part["components"]]
            return {**base, "components": [one.filled(given.get(one.custom_id)) for one in ones]}
        return base


def read_modal(data: Json) -> Modal:
    """What a callback of type 9 opens. Raises a `bad_form`."""
    need_length(data.get("title"), "data.title", 1, 45)
    need_length(data.get("custom_id"), "data.custom_id", 1, 100)
    parts = data.get("components") or []
    need(1 <= len(parts) <= 5, "data.components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH")
    fields = [one for number, part in enumerate(parts) if (one := read_part(part, f"data.components.{number}"))]
    check_unique(list(every(parts)), "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    return Modal(data["custom_id"], data["title"], parts, fields)


def read_part(part: Json, path: str) -> Field | None:
    """A label with its field, an old row with a text input, or plain text."""
    kind = part.get("type")
    need(kind in (ROW, TEXT, LABEL), f"{path}.type", "Not allowed in a modal.", "UNION_TYPE_CHOICES")
    if kind == TEXT:
        check_text(part, path)
        return None
    if kind == LABEL:
        need_length(part.get("label"), f"{path}.label", 1, 45)
        need_length(part.get("description") or "", f"{path}.description", 0, 100)
        return check_field(part.get("component") or {}, str(part["label"]), f"{path}.component")
    inner = part.get("components") or []
    need(
        len(inner) == 1 and inner[0].get("type") == TEXT_INPUT,
        f"{path}.components",
        "One text input.",
        "UNION_TYPE_CHOICES",
    )
    need_length(inner[0].get("label"), f"{path}.components.0.label", 1, 45)
    return check_field(inner[0], str(inner[0]["label"]), f"{path}.components.0")


def check_field(part: Json, label: str, path: str) -> Field:
    """One field's own rules."""
    kind = part.get("type")
    need(kind in FIELDS, f"{path}.type", "Not a field.", "UNION_TYPE_CHOICES")
    check_custom_id(part, path)
    if kind == TEXT_INPUT:
        check_text_input(part, path)
    elif kind in SELECTS:
        check_select(part, path)
    elif kind in (RADIO, CHECKS):
        check_options(part.get("options") or [], f"{path}.options", 10)
    return Field(part, label)


def check_text_input(part: Json, path: str) -> None:
    """Up to 4000 characters, a placeholder of up to 100; what stands in it fits its own bounds."""
    most, least = part.get("max_length") or 4000, part.get("min_length") or 0
    need(part.get("style") in (1, 2), f"{path}.style", "Value must be one of {1, 2}.", "BASE_TYPE_CHOICES")
    need(1 <= most <= 4000, f"{path}.max_length", "int value should be between 1 and 4000.", "NUMBER_TYPE_MAX")
    need(0 <= least <= most, f"{path}.min_length", "int value should be between 0 and max_length.", "NUMBER_TYPE_MAX")
    need_length(part.get("placeholder") or "", f"{path}.placeholder", 0, 100)
    if part.get("value"):
        need_length(part["value"], f"{path}.value", least, most)
