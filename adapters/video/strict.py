"""A backend's table with nothing in it that nobody reads: a misspelt price must not silently be no price.

What a backend knows is what it asks its table for while it is built; beside that stand the keys that every table may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.video import BackendModule, BackendSettings
from bot.errors import BadSetting
from bot.ports import Backend

COMMON: Final = frozenset({"kind", "open", "models", "paused", "rate_a_minute", "at_once", "resolution"})
"""Read by the house, whatever the backend (`several`, `roster`)."""


class Noted(Mapping[str, Any]):
    """A table that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def refuse_rest(self, where: str, known: frozenset[str] = COMMON) -> None:
        """Raises `BadSetting` for what is neither `known` nor was asked for."""
        known |= self.asked
        for name in sorted(self._values.keys() - known):
            reason = f"there is no such setting; there are: {', '.join(sorted(known))}"
            raise BadSetting(name=f"{where}.{name}", reason=reason)


class Strict:
    """A backend module that refuses keys it does not know. Implements `BackendModule`."""

    def __init__(self, name: str, module: BackendModule) -> None:
        self.__name__ = name
        self._module = module

    def configured(self, setting: BackendSettings) -> bool:
        """As the module says."""
        return self._module.configured(setting)

    def build(self, setting: BackendSettings) -> Backend:
        """The backend. Raises `BadSetting`, also for a key that nobody reads."""
        table = Noted(setting.table)
        backend = self._module.build(replace(setting, table=table))
        table.refuse_rest(f"backends.{self.__name__}")
        return backend
