"""What must not change between two shots, said in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a script supervisor keeps an eye on, in the order in which it is said."""

    SUBJECT = "subject"
    WARDROBE = "wardrobe"
    PROPS = "props"
    PLACE = "place"
    TIME = "time"
    WEATHER = "weather"
    LIGHT = "light"
    DIRECTION = "direction"
    SOUND = "sound"


@dataclass(frozen=True)
class Facts:
    """What one shot establishes, each kind once, in the words first used. Never an action."""

    subject: str = ""
    wardrobe: str = ""
    props: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    light: str = ""
    direction: str = ""
    sound: str = ""
    known: tuple[str, ...] = ()
    """Subjects met so far in this scene, in the words first used, so that "the detective" is found again later."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data, empty members left out."""
        return {name: value for name, value in asdict(self).items() if value}

    def items(self) -> tuple[tuple[Kind, str], ...]:
        """What is set, in the order in which it is said."""
        return tuple((kind, words) for kind in Kind if (words := getattr(self, kind.value)))


def facts_from_dict(data: dict[str, Any]) -> Facts:
    """The facts back from `Facts.to_dict`'s data."""
    names = {field.name for field in fields(Facts)}
    plain = {name: value for name, value in data.items() if name in names}
    return Facts(**{**plain, "known": tuple(plain.get("known", ()))})
