"""Chat platforms, one folder each: `listen` (events in), `post` (cards out), `render` (Card → the platform's own form).

Found by walking this package or by the entry point group ``throughline.chats``; nothing has to be registered anywhere. A
platform's package exposes four functions, and its name is the folder's::

    def configured(setting: ChatSettings) -> bool: ...                      # is its token set? no network, no files
    def poster(setting: ChatSettings, work: WorkFactory) -> ChatPoster: ... # REST alone; logs in at its first use
    def listener(setting: ChatSettings, intake: Intake, poster: ChatPoster) -> Listener: ...
    async def examine(setting: ChatSettings) -> Sequence[Finding]: ...      # for the doctor; never raises

It may also say which keys its table in ``throughline.toml`` takes, by their types; others are then refused::

    KEYS: Mapping[str, type] = {"webhook": bool}

Importing the package itself has to be cheap: discord.py, python-telegram-bot and the like are imported inside these functions,
so a platform costs nothing until its token is set.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

import structlog

from bot.intake import Intake
from bot.paperwork import Finding
from bot.ports import Attachments, Poster, WorkFactory

GROUP = "throughline.chats"
FUNCTIONS = ("configured", "poster", "listener", "examine")
log = structlog.get_logger()


@dataclass(frozen=True)
class ChatSettings:
    """What one platform is told of the operator's settings."""

    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the names of the environment, ``DISCORD_TOKEN``; what is not set is not in it. Not shown: it holds tokens."""
    table: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The platform's own table from ``throughline.toml``: ``[chats.discord]``."""
    folder: Path = Path()
    """The platform's own scratch folder; it makes it when it needs it."""
    language: str = "en"
    """What is spoken where a member's language is not known."""
    public_url: str = ""
    """Where the world reaches us (`THROUGHLINE_PUBLIC_URL`), without a slash at the end; empty: nowhere."""


class ChatPoster(Poster, Attachments, Protocol):
    """What sends: by REST alone, in any process."""

    async def close(self) -> None:
        """Let go of connections; what still waits to be sent is left to the sweep."""


class Listener(Protocol):
    """What hears: a gateway connection, a polling loop, a webhook."""

    async def start(self) -> None:
        """Begin to hear. Raises a `SetupFault` that names what the operator has to mend (a token that is not accepted)."""

    async def stop(self) -> None:
        """Hear no more; what was heard is stored."""


class ChatModule(Protocol):
    """What a platform's package exposes."""

    def configured(self, setting: ChatSettings) -> bool: ...

    def poster(self, setting: ChatSettings, work: WorkFactory) -> ChatPoster: ...

    def listener(self, setting: ChatSettings, intake: Intake, poster: ChatPoster) -> Listener: ...

    async def examine(self, setting: ChatSettings) -> Sequence[Finding]: ...


def find_chats() -> dict[str, ChatModule]:
    """Every platform there is, by name; those in this package win over entry points of the same name."""
    found: dict[str, ChatModule] = {}
    for point in entry_points(group=GROUP):
        try:
            module = point.load()
        except Exception:  # someone else's broken package must not keep Throughline from starting
            log.exception("chat platform left out: it could not be loaded", platform=point.name)
            continue
        if is_chat(module):
            found[point.name] = cast("ChatModule", module)
    found.update(_from_package())
    return dict(sorted(found.items()))


def names() -> frozenset[str]:
    """What `find_chats` finds; packages of others are not loaded for it."""
    return frozenset([*(name for name, _ in _from_package()), *(point.name for point in entry_points(group=GROUP))])


def _from_package() -> Iterator[tuple[str, ChatModule]]:
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        if is_chat(module):
            yield entry.name, cast("ChatModule", module)


def is_chat(module: object) -> bool:
    """Whether it exposes all four functions."""
    return all(callable(getattr(module, name, None)) for name in FUNCTIONS)
