"""A backend's own table of ``throughline.toml``, read by kind: what cannot be read raises `BadSetting` with its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.capabilities import Size
from bot.errors import BadSetting
from bot.film import Shape
from bot.prices import micros


@dataclass(frozen=True)
class Table:
    """The table of the backend `name`; every reader returns what is set, or says what was expected (`BadSetting`)."""

    values: Mapping[str, Any]
    name: str

    def bad(self, name: str, expected: str) -> BadSetting:
        """To be raised: the setting and what it should have been."""
        return BadSetting(name=f"{self.name}.{name}", reason=f"expected {expected}")

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise self.bad(name, "true or false")
        return value

    def maybe(self, name: str, default: bool | None) -> bool | None:
        """True, false, or None for ``auto``."""
        value = self.values.get(name, default)
        if value == "auto":
            return None
        if value is not None and not isinstance(value, bool):
            raise self.bad(name, 'true, false or "auto"')
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of the words."""
        value = self.values.get(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self.bad(name, f"one of {', '.join(filter(None, choices))}")
        return value

    def positive(self, name: str) -> float | None:
        """A number above 0, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
            raise self.bad(name, "a number above 0")
        return float(value)

    def lengths(self, name: str) -> tuple[int, ...] | None:
        """Whole seconds, ascending, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not value or any(type(item) is not int or item < 1 for item in value):
            raise self.bad(name, "a list of whole seconds")
        return tuple(sorted(set(value)))

    def micros(self, name: str) -> int | None:
        """Dollars as micro-dollars. Through decimal text: 0.07 as a float times a million is not 70,000."""
        value = self.values.get(name)
        if value is None:
            return None
        found = micros(value)
        if found is None:
            raise self.bad(name, 'dollars, as 0.1 or "0.10"')
        return found

    def size(self, name: str) -> Size | None:
        """``1280x720`` as numbers, or None."""
        value = self.values.get(name)
        return None if value is None else self.as_size(name, value)

    def sizes(self, name: str) -> dict[Shape, Size]:
        """Sizes by shape."""
        value = self.values.get(name, {})
        if not isinstance(value, Mapping) or any(shape not in list(Shape) for shape in value):
            raise self.bad(name, f"sizes by shape ({', '.join(Shape)})")
        return {Shape(shape): self.as_size(f"{name}.{shape}", size) for shape, size in value.items()}

    def as_size(self, name: str, value: Any) -> Size:
        """One size."""
        width, _, height = str(value).lower().partition("x")
        if not (width.isdecimal() and height.isdecimal() and 0 < int(width) < 10_000 and 0 < int(height) < 10_000):
            raise self.bad(name, 'a size, as "1280x720"')
        return int(width), int(height)

    def hosts(self, name: str) -> frozenset[str]:
        """Host names, lower-case."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            raise self.bad(name, "a list of host names")
        return frozenset(item.strip().lower().strip("[]") for item in value)

    def text(self, name: str, default: str = "") -> str:
        """Words without blanks at the ends."""
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise self.bad(name, "text in quotes")
        return value.strip()

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words, in the order given."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or any(not isinstance(item, str) or not item.strip() for item in value):
            raise self.bad(name, "a list of names")
        return tuple(dict.fromkeys(item.strip() for item in value))
