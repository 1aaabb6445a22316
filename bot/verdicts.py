"""What is said of a take that is there, or whose price is: make it final, film it, vote for it, show it on a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.options import Command, arg


@dataclass(frozen=True, kw_only=True)
class Final(Command):
    """The same brief on the final model; its price is shown first."""

    name: ClassVar[str] = "final"
    take: str | None = arg("Which take, by slate; the last one if none is named.", None, main=True, completes=True)


@dataclass(frozen=True, kw_only=True)
class Draft(Command):
    """The same brief on the default model: what comes after an animatic."""

    name: ClassVar[str] = "draft"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class Approve(Command):
    """Film what waits for its member's word."""

    name: ClassVar[str] = "approve"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class Vote(Command):
    """Say which of several takes of one idea is the best: one vote a member, and it moves."""

    name: ClassVar[str] = "vote"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


@dataclass(frozen=True, kw_only=True)
class ShotCard(Command):
    """A take on one card: three frames, its colours, how it was looked at."""

    name: ClassVar[str] = "shot_card"
    listed: ClassVar[bool] = False
    take: str = arg("Which take.", main=True)


VERDICTS = (Final, Draft, Approve, Vote, ShotCard)
"""In the order in which menus list them."""
