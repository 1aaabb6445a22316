"""Video backends: one module each, found by walking this package or by the entry point group ``throughline.backends``.

A backend module exposes two functions, and nothing has to be registered anywhere::

    def configured(setting: BackendSettings) -> bool: ...     # is it set up? no network, no files
    def build(setting: BackendSettings) -> ports.Backend: ... # raises `BadSetting` for an option that cannot be read

Its name is the module's name (or the entry point's). Modules here without these two functions are parts of other
backends. Importing a backend module must be cheap: numpy, av and the like are imported in worker processes only.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import structlog

from bot.ports import Backend

GROUP = "throughline.backends"
log = structlog.get_logger()


@dataclass(frozen=True)
class BackendSettings:
    """What one backend is told of the operator's settings."""

    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the names of the environment, ``OPENAI_API_KEY``; what is not set is not in it. Not shown: it holds keys."""
    table: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The backend's own table from ``throughline.toml``."""
    folder: Path = Path()
    """The backend's own scratch folder; it makes it when it needs it."""
    hook: str | None = None
    """The public address that reaches its `hook` (``https://…/hooks/<name>``); None: nobody can call us."""


class BackendModule(Protocol):
    """What a backend module exposes."""

    __name__: str

    def configured(self, setting: BackendSettings) -> bool:
        """Whether the operator has set it up. Touches neither network nor files."""
        ...

    def build(self, setting: BackendSettings) -> Backend:
        """A backend ready to be asked. Opens no connection yet. Raises `BadSetting`."""
        ...


def find_backends() -> dict[str, BackendModule]:
    """Every backend there is, by name, alphabetical; those in this package win over entry points of the same name."""
    found = dict(_from_entry_points())
    found.update(_from_package())
    return dict(sorted(found.items()))


def names() -> frozenset[str]:
    """What `find_backends` finds; packages of others are not loaded for it."""
    return frozenset([*(name for name, _ in _from_package()), *(point.name for point in entry_points(group=GROUP))])


def _from_package() -> Iterator[tuple[str, BackendModule]]:
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        if is_backend(module):
            yield entry.name, cast("BackendModule", module)


def _from_entry_points() -> Iterator[tuple[str, BackendModule]]:
    for point in entry_points(group=GROUP):
        module = load(point)
        if module is not None:
            yield point.name, module


def load(point: EntryPoint) -> BackendModule | None:
    """The module behind an entry point. Someone else's broken package must not keep Throughline from starting."""
    try:
        module = point.load()
    except Exception:
        log.exception("backend left out: it could not be loaded", backend=point.name)
        return None
    if not is_backend(module):
        log.error("backend left out: it has no build() and configured()", backend=point.name)
        return None
    return cast("BackendModule", module)


def is_backend(module: ModuleType | object) -> bool:
    """Whether it exposes both functions."""
    return callable(getattr(module, "build", None)) and callable(getattr(module, "configured", None))
