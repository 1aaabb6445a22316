"""What is asked of help: what to do next, and ideas to try."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.options import Command, arg


class Topic(StrEnum):
    """What help can be about."""

    IDEAS = "ideas"


@dataclass(frozen=True, kw_only=True)
class Help(Command):
    """What to do next, in this place."""

    name: ClassVar[str] = "help"
    topic: Topic | None = arg("Ideas to try, each showing one technique.", None, main=True, choices=tuple(Topic))


@dataclass(frozen=True, kw_only=True)
class MoreIdeas(Command):
    """The ideas after those that were shown."""

    name: ClassVar[str] = "more_ideas"
    listed: ClassVar[bool] = False
    after: int = arg("How many were shown.", main=True, low=0, high=10_000)


@dataclass(frozen=True, kw_only=True)
class TryIdea(Command):
    """What an idea of the gallery would film here, and what it would cost; nothing is spent yet."""

    name: ClassVar[str] = "try"
    listed: ClassVar[bool] = False
    idea: str = arg("Which idea, by name.", main=True)


HELP_BUTTONS = (MoreIdeas, TryIdea)
