"""Several backends of one kind: two ComfyUI machines, three relays.

::

    [backends.attic]
    kind = "comfyui"

makes another `comfyui` by the name ``attic``, with its own table, its own folder, and its own names in the environment:
``ATTIC_URL`` where the first one has ``COMFYUI_URL``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.video import BackendModule, BackendSettings
from adapters.video.strict import Strict
from bot.errors import BadSetting
from bot.ports import Backend

PREFIXES: Final = {
    "openai_videos": "OPENAI_",
    "comfyui": "COMFYUI_",
    "openrouter": "OPENROUTER_",
    "gemini_omni": "GEMINI_",
    "task_relay": "TASK_RELAY_",
}
NEEDS: Final = {
    "openai_videos": "BASE_URL",
    "comfyui": "URL",
    "openrouter": "API_KEY",
    "gemini_omni": "API_KEY",
    "task_relay": "URL",
}
"""What has to be set for each to be there at all, without the prefix."""
_NOBODY: Final = "there is no such backend; name a kind to make one more of that kind, or one of these:"


class Namesake:
    """A backend module under another name. Implements `BackendModule`."""

    def __init__(self, name: str, kind: str, module: BackendModule) -> None:
        self.__name__ = name
        self._module, self._kind = module, kind
        self._own, self._theirs = prefix_of(name), PREFIXES.get(kind, prefix_of(kind))

    def configured(self, setting: BackendSettings) -> bool:
        """Whether it has been set up, by its own names."""
        return self._module.configured(self._renamed(setting))

    def build(self, setting: BackendSettings) -> Backend:
        """The backend, by its own name. Raises `BadSetting`."""
        try:
            backend = self._module.build(self._renamed(setting))
        except BadSetting as fault:
            raise BadSetting(name=self._mine(str(fault.params["name"])), reason=fault.params["reason"]) from None
        backend.name = self.__name__
        return backend

    def _mine(self, name: str) -> str:
        """A setting of the kind by this one's name: ``COMFYUI_URL`` → ``ATTIC_URL``, ``comfyui.door`` → ``attic.door``."""
        if name.startswith(self._theirs):
            return self._own + name.removeprefix(self._theirs)
        return self.__name__ + name.removeprefix(self._kind) if name.startswith(f"{self._kind}.") else name

    def _renamed(self, setting: BackendSettings) -> BackendSettings:
        """Its own names in the environment as the kind knows them; those of the kind itself are another's."""
        options = {
            self._theirs + name.removeprefix(self._own): value
            for name, value in setting.options.items()
            if name.startswith(self._own)
        }
        return replace(setting, options=options)


def prefix_of(name: str) -> str:
    """What the names of a backend begin with in the environment."""
    return f"{name.upper().replace('-', '_')}_"


def missing(name: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """What a backend that is not set up waits for: ``COMFYUI_URL``; empty where we cannot know."""
    kind = tables.get(name, {}).get("kind", name)
    if kind not in NEEDS:
        return ""
    return (PREFIXES[kind] if kind == name else prefix_of(name)) + NEEDS[kind]


def with_namesakes(
    found: Mapping[str, BackendModule], tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, BackendModule]:
    """All modules, strict about their tables, and one more for each table that names a kind.

    Raises `BadSetting` for a kind that does not exist, and for a table that belongs to nobody.
    """
    modules = dict(found)
    for name, table in tables.items():
        kind = table.get("kind")
        if kind is None and name in found:
            continue
        if kind is None:
            raise BadSetting(name=f"backends.{name}", reason=f"{_NOBODY} {', '.join(sorted(found))}")
        if name in found:
            raise BadSetting(name=f"backends.{name}.kind", reason="that name is a backend of its own; choose another")
        if kind not in PREFIXES:
            raise BadSetting(name=f"backends.{name}.kind", reason=f"expected one of {', '.join(sorted(PREFIXES))}")
        modules[name] = Namesake(name, kind, found[kind])
    return {name: Strict(name, module) for name, module in sorted(modules.items())}
