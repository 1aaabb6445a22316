"""What can be completed while a member types: takes, ready spines, backends, productions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.asking import Desk
from bot.people import Address, Member
from bot.ports import Work

MOST: Final = 25
"""Discord shows no more: `discord-api-docs`, application command option choices."""


@dataclass(frozen=True)
class Suggestion:
    """One completion: what is put into the option, and how it is shown (at most 100 characters each)."""

    value: str
    label: str


async def suggest(
    w: Work, desk: Desk, option: str, typed: str, member: Member, address: Address
) -> Sequence[Suggestion]:
    """The completions that contain what was typed, best first; none for an option that has none."""
    raise NotImplementedError
