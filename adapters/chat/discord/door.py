"""From a command to a stored wish: the rights first, then one insert, then the acknowledgement, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from adapters.chat.discord import rights
from adapters.chat.discord.acknowledge import Ack, acknowledge, tell
from adapters.chat.discord.who import Interaction, address_of, is_guest, member_of, snowflake, tongue
from bot.commands import Command, to_dict
from bot.intake import Intake
from bot.paperwork import Wish

FILMING: Final = frozenset(
    {
        "generate",
        "remix",
        "retake",
        "extend",
        "edit",
        "offer",
        "settle",
        "shoot",
        "draft",
        "approve",
        "final",
        "reshoot",
    }
)
"""What ends in a take, so in ordinary messages in the channel."""
CUTTING: Final = frozenset({"film"})
"""What ends in a film, so in an ordinary message in the channel too."""
QUIET: Final = frozenset(
    {"cancel", "circle", "drop", "dismiss", "approve", "shoot", "vote", "consent", "canon", "more_ideas"}
)
"""What shows on the card whose button was pressed."""
NOTED: Final = frozenset({"cancel", "vote"})
"""What answers with nothing of its own when all went well."""
PRICED: Final = frozenset({"final"})
"""What first shows its price, on the take's card."""
SHARED: Final = frozenset({"storyboard", "edit_board"})
"""What shows its price on a card for everybody, which a thread can hang on."""
POSTED: Final = FILMING | CUTTING | SHARED
"""What ends in ordinary messages."""


@dataclass(frozen=True)
class Door:
    """What every way in ends at."""

    intake: Intake
    language: str

    async def take(self, interaction: Interaction, command: Command, *, tapped: bool = False) -> None:
        """Store the wish and acknowledge it; `tapped`: by a button alone. Raises `Busy` or `Unreadable`, with nothing stored."""
        if await self.closed(interaction, command.name):
            return
        how = manner(command.name, tapped=tapped)
        now, guest = self.intake.clock.now(), is_guest(interaction)
        address = address_of(interaction, now, follow=how is Ack.QUIET)
        if command.name in SHARED and not guest:
            address = replace(address, hook="", hook_until=0.0)
        wish = Wish(f"dc-{snowflake(interaction.id)}", member_of(interaction), address, to_dict(command), now)
        acknowledged = asyncio.Event()
        try:
            await self.intake.hear(wish, after=acknowledged)
            await acknowledge(interaction, how, guest=guest)
        finally:
            acknowledged.set()

    async def closed(self, interaction: Interaction, name: str) -> bool:
        """Whether something would be filmed that could not be shown there; the member is told which right is missing."""
        if name not in POSTED or not (gone := rights.missing_in(interaction)):
            return False
        await tell(interaction, rights.spoken(gone, tongue(interaction)))
        return True


def manner(name: str, *, tapped: bool) -> Ack:
    """How a command of that name is acknowledged."""
    if tapped and name in QUIET:
        return Ack.QUIET
    if name in PRICED | SHARED:
        return Ack.PRICED
    if name in CUTTING:
        return Ack.CUTTING
    if name in FILMING:
        return Ack.FILMING
    return Ack.NOTED if name in NOTED else Ack.ANSWERING
