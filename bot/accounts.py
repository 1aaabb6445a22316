"""What is asked of one's means: what is left to spend, and what films here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.options import Command


@dataclass(frozen=True, kw_only=True)
class Budget(Command):
    """What you have spent, and what is left."""

    name: ClassVar[str] = "budget"


@dataclass(frozen=True, kw_only=True)
class Models(Command):
    """What films here, what it can, and what it costs."""

    name: ClassVar[str] = "models"


ACCOUNTS = (Budget, Models)
