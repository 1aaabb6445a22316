"""All backends that are set up, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UnknownBackend
from bot.ports import Backend


@dataclass(frozen=True)
class Registry:
    """`ports.Backends` over a plain mapping."""

    backends: Mapping[str, Backend]
    default: str
    embedded: str

    def get(self, name: str) -> Backend:
        """Raises `UnknownBackend`."""
        try:
            return self.backends[name]
        except KeyError:
            raise UnknownBackend(backend=name, backends=", ".join(self.names())) from None

    def names(self) -> tuple[str, ...]:
        """Alphabetical."""
        return tuple(sorted(self.backends))

    async def close(self) -> None:
        """Let all of them go."""
        for backend in self.backends.values():
            await backend.close()
