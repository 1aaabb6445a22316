"""Whose look and cast it is: own, the channel's, the server's; what a shot inherits, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.people import Address
from bot.spine import FIELDS, Spine


class Level(StrEnum):
    """From the nearest to the farthest: the nearer one wins, field by field."""

    OWN = "own"
    CHANNEL = "channel"
    SERVER = "server"


def holder_of(level: Level, member: str, address: Address) -> str | None:
    """What a level is stored by there: the member's id, ``platform/server/chat`` or ``platform/server``.

    A group without servers above it is server and channel in one; in a thread holds what holds in the channel that it hangs in.
    None where one talks to the bot alone: nothing is shared there.
    """
    if level is Level.OWN:
        return member
    if address.direct:
        return None
    return address.place if level is Level.SERVER else f"{address.place}/{address.channel or address.chat}"


@dataclass(frozen=True)
class SharedSpine:
    """The spine of a level as it is kept: every change makes a new version."""

    spine: Spine = field(default_factory=Spine)
    version: int = 0
    """0: nobody has set it yet."""
    by: str = ""
    """Id of the member who changed it last …"""
    at: float = 0.0
    """… and when, seconds since the epoch."""


@dataclass(frozen=True)
class Look:
    """The spine that goes in front of a shot, and which level each of its fields comes from."""

    spine: Spine = field(default_factory=Spine)
    origins: Mapping[str, Level] = field(default_factory=dict)
    """By the name of the field; fields that nobody set are not in it."""

    def inherited(self) -> frozenset[Level]:
        """The levels above one's own that something comes from."""
        return frozenset(self.origins.values()) - {Level.OWN}


def merged(spines: Mapping[Level, Spine]) -> Look:
    """Field by field the nearest level that sets it."""
    values: dict[str, str] = {}
    origins: dict[str, Level] = {}
    for name in FIELDS:
        for level in Level:
            if value := spines.get(level, Spine()).value(name):
                values[name], origins[name] = value, level
                break
    return Look(Spine(**values), origins)
