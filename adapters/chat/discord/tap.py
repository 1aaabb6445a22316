"""Buttons, select menus, forms and the message command: each ends in the action that it carries, after any restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any, Final, TypeVar

import aiohttp
import discord
from discord import ui

from adapters.chat.discord import modals
from adapters.chat.discord.acknowledge import note, tell
from adapters.chat.discord.door import Door
from adapters.chat.discord.library import Tap, read_custom_id, reference
from adapters.chat.discord.who import Interaction, Unreadable, address_of, data_of, member_of, tongue
from bot import forms
from bot.commands import COMMANDS, from_action, options
from bot.errors import Busy
from bot.text import say

log = logging.getLogger("throughline.discord")

LOOK_SECONDS: Final = 2.0
"""A look into the database that takes longer leaves no time for the answer."""
SELECT: Final = 3
T = TypeVar("T")


async def pressed(door: Door, interaction: Interaction) -> None:
    """A button, or a line of a select menu. Raises `Declined` or `Unreadable`, with nothing stored."""
    tap = _tap_of(data_of(interaction))
    if tap is None:
        await tell(interaction, say("ack.too_old", tongue(interaction)))
    elif tap.asks:
        await ask(door, interaction, tap)
    else:
        await _do(door, interaction, tap)


async def submitted(door: Door, interaction: Interaction) -> None:
    """A form that was filled in. Raises `Declined` or `Unreadable`, with nothing stored."""
    data = data_of(interaction)
    tap = _read(data.get("custom_id"))
    if tap is None or not tap.asks:
        await tell(interaction, say("ack.too_old", tongue(interaction)))
        return
    said = modals.answers_of(data)
    if tap.parts:
        parts = {name: said.get(name, "") for name in forms.PARTS}
        await door.take(interaction, forms.command(tap.action, parts))
    else:
        await _do(door, interaction, tap, said.get(modals.WORDS, ""))


async def remix_this(door: Door, interaction: Interaction) -> None:
    """The message command: the form for a change, if the message is of a take. Raises `Busy` or `Unreadable`."""
    target = data_of(interaction).get("target_id")
    if not isinstance(target, str) or not target.isdecimal():
        raise Unreadable("no message to remix")
    meant = await in_time(door.intake.meaning(reference(interaction.channel_id or 0, target)))
    if meant is None:
        await tell(interaction, say("ack.not_a_take", tongue(interaction)))
    else:
        await ask(door, interaction, Tap(meant, asks=True))


async def _do(door: Door, interaction: Interaction, tap: Tap, words: str | None = None) -> None:
    await door.take(interaction, from_action(tap.action, words), tapped=words is None)


async def ask(door: Door, interaction: Interaction, tap: Tap) -> None:
    """Open the form; not where nothing could be filmed with its words."""
    if await door.closed(interaction, tap.action.partition(":")[0]):
        return
    form = await _form(door, interaction, tap)
    try:
        await interaction.response.send_modal(form)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
        note(interaction, fault)


async def _form(door: Door, interaction: Interaction, tap: Tap) -> ui.Modal:
    locale = tongue(interaction)
    if not tap.parts:
        return modals.words_form(tap.action, locale)
    member, address = member_of(interaction), address_of(interaction, door.intake.clock.now())
    filled = await in_time(door.intake.filled_in(tap.action, member, address))
    return modals.parts_form(tap.action, filled, locale)


async def in_time(look: Awaitable[T]) -> T:
    """What a look into the database finds. Raises `Busy` if that takes too long to answer after it."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await look
    except TimeoutError as slow:
        raise Busy from slow


def _tap_of(data: Mapping[str, Any]) -> Tap | None:
    if data.get("component_type") != SELECT:
        return _read(data.get("custom_id"))
    values = data.get("values")
    return _read(values[0]) if isinstance(values, list) and values else None


def _read(text: object) -> Tap | None:
    """None for what no command of today says: a button may be years old."""
    tap = read_custom_id(text) if isinstance(text, str) else None
    kind = COMMANDS.get(tap.action.partition(":")[0]) if tap else None
    if tap is None or kind is None:
        return None
    takes_words = any(option.words and option.main for option in options(kind).values())
    return tap if takes_words or not tap.asks else None
