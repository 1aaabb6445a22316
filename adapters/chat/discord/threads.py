"""Threads: one for each message, opened once and found again ever after.

A thread that was begun from a message has that message's id (Discord, "Start Thread from Message"): nothing is remembered.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

import discord

from adapters.chat.discord.out import split_reference
from adapters.chat.discord.refusals import as_fault
from adapters.chat.discord.rest import Rest
from bot.people import Address

log = logging.getLogger("throughline.discord")

NAME_MAX: Final = 100
THERE: Final = 160004
"""A thread has been begun from this message already."""
NONE_HERE: Final = (400, 403, 404)
"""Missing rights, a channel without threads, a message for one member's eyes: asking again would not help."""


async def thread_of(rest: Rest, address: Address, title: str) -> Address:
    """Where a thread of the address's message goes on; the same address where there can be none. Raises `DeliveryFault`."""
    if address.direct or address.guest or address.thread:
        return address
    at = address.pressed and split_reference(address.pressed)
    channel, message = at or (address.chat, (address.message or "").rpartition("/")[2])
    if not message or channel != address.chat:
        return address
    try:
        await rest.begin_thread(channel, message, " ".join(title.split())[:NAME_MAX] or "…")
    except discord.HTTPException as refusal:
        if refusal.status not in NONE_HERE:
            raise as_fault(refusal) from None
        if refusal.code != THERE:
            log.info("no thread in channel %s: %d/%d", channel, refusal.status, refusal.code)
            return address
    return replace(address, thread=message, message=None, pressed=None, hook="", hook_until=0.0)
