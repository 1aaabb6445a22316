"""One request to the Bot API, with its parameters read as the server reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.telegram.parcels import Parcel
from tests.fakes.telegram.refusals import bad

NESTED: Final = {
    "reply_markup": "reply keyboard markup",
    "entities": "message entities",
    "caption_entities": "message entities",
    "reply_parameters": "reply parameters",
    "media": "media",
    "commands": "commands",
    "scope": "BotCommandScope",
    "allowed_updates": "allowed updates",
    "link_preview_options": "link preview options",
    "message_ids": "message identifiers",
    "reaction": "reaction types",
}


@dataclass(eq=False)
class Call:
    """A request as it came, and how it was answered. `sizes`: bytes of each uploaded part."""

    method: str
    raw: dict[str, str]
    files: dict[str, Parcel] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0
    description: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    """Nested parameters as data, whole numbers as numbers, the rest as text."""
    ended: float = 0.0

    def __post_init__(self) -> None:
        self.params = {name: _friendly(name, value) for name, value in self.raw.items()}

    @property
    def sizes(self) -> dict[str, int]:
        return {name: parcel.size for name, parcel in self.files.items()}

    @property
    def chat(self) -> int | None:
        """The chat that it speaks of."""
        value = self.raw.get("chat_id", "")
        return int(value) if value.lstrip("-").isdigit() else None

    def text(self, name: str) -> str:
        return self.raw.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """Raises `Refusal` where it is none."""
        try:
            return int(self.raw.get(name) or default)
        except ValueError as wrong:
            raise bad(f"invalid {name} specified") from wrong

    def flag(self, name: str) -> bool:
        return self.raw.get(name, "").lower() in ("true", "1", "yes")

    def data(self, name: str) -> Any:
        """A nested parameter, None where it is not given; raises `Refusal` where it cannot be read."""
        value = self.raw.get(name)
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise bad(f"can't parse {NESTED.get(name, name)} JSON object") from wrong


def _friendly(name: str, value: str) -> Any:
    if name in NESTED:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name.endswith("_id") and value.lstrip("-").isdigit() and name not in ("callback_query_id", "file_id"):
        return int(value)
    return {"true": True, "false": False}.get(value, value)
