"""The first answer to an interaction, within the platform's three seconds, to the member alone."""

from __future__ import annotations

import logging
from enum import Enum
from typing import Final

import aiohttp
import discord

from adapters.chat.discord.who import Interaction, tongue
from bot.text import say

log = logging.getLogger("throughline.discord")

CONTENT_MAX: Final = 2_000
TOO_LATE: Final = (10062, 10015, 50027)
ELSEWHERE: Final = 40060
"""Another process of the same bot has acknowledged it."""


class Ack(Enum):
    """How a wish is acknowledged."""

    FILMING = "filming"
    """A short sentence: the take's own card follows as an ordinary message."""
    NOTED = "noted"
    """A short sentence; what was asked shows on the take's card."""
    PRICED = "priced"
    """A short sentence: the take's own card follows with its price, and waits."""
    CUTTING = "cutting"
    """A short sentence: the film follows as an ordinary message."""
    ANSWERING = "answering"
    """“Thinking …”: the answer takes its place."""
    QUIET = "quiet"
    """Nothing to see: what the button changed shows by itself."""


async def acknowledge(interaction: Interaction, how: Ack, *, guest: bool) -> None:
    """Acknowledge a stored wish. Never raises: what is stored is taken up whether or not Discord heard us."""
    if how in (Ack.FILMING, Ack.NOTED, Ack.PRICED, Ack.CUTTING):
        key = "ack.guest" if guest and how is not Ack.NOTED else f"ack.{how.value}"
        await tell(interaction, say(key, tongue(interaction)))
        return
    try:
        if how is Ack.ANSWERING:
            await interaction.response.defer(ephemeral=True, thinking=True)
        else:
            await interaction.response.defer()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
        note(interaction, fault)


async def tell(interaction: Interaction, sentence: str) -> None:
    """Say one sentence to the member alone, as the first answer. Never raises."""
    try:
        await interaction.response.send_message(sentence[:CONTENT_MAX], ephemeral=True)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
        note(interaction, fault)


def note(interaction: Interaction, fault: Exception) -> None:
    """Too late, or answered elsewhere, happens and is no fault of ours."""
    code = getattr(fault, "code", 0)
    expected = code in TOO_LATE or code == ELSEWHERE or isinstance(fault, discord.InteractionResponded)
    log.log(
        logging.INFO if expected else logging.WARNING,
        "interaction %s: not acknowledged: %s",
        interaction.id,
        _why(fault),
    )


def _why(fault: Exception) -> str:
    """The kind and Discord's own code; its text may repeat what the member wrote."""
    return f"{type(fault).__name__} {getattr(fault, 'status', '')} {getattr(fault, 'code', '')}".strip()
