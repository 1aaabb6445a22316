"""How Discord says no (its page "Opcodes and Status Codes"), and what that means for us."""

from __future__ import annotations

import logging
from typing import Final

import discord

from bot.errors import DeliveryFault

log = logging.getLogger("throughline.discord")

MESSAGE_GONE: Final = 10008
LOST: Final = frozenset({10003, 10004, 50001, 50008, 50013, 40058})
"""The channel or our rights in it are gone: nothing of ours will ever stand there."""
SHUT: Final = frozenset({50083, 160005})
"""A thread that is archived, or locked."""
CLOSED: Final = frozenset({10013, 50007, 50009, 50278, *LOST})
"""This member takes no direct messages from us."""
HOOK_OVER: Final = frozenset({10008, 10015, 10062, 40094, 50027})
"""The interaction's token no longer works."""
NO_REPLY: Final = 160002
"""A reply needs the right to read the channel's history."""
TOO_OLD: Final = 30046
"""Too many edits of messages older than an hour."""
TOO_LARGE: Final = 40005


def too_large(refusal: discord.HTTPException) -> bool:
    """Whether a file was larger than the place takes."""
    return refusal.status == 413 or refusal.code == TOO_LARGE


def as_fault(refusal: discord.HTTPException) -> DeliveryFault:
    """Any other refusal: what Discord may think better of is tried again, the rest is final."""
    passing = refusal.status >= 500 or refusal.status in (401, 408, 429)
    reason = f"Discord said {refusal.status}/{refusal.code}: {(refusal.text or '')[:200]}"
    log.log(logging.ERROR if refusal.status in (400, 401) else logging.INFO, "%s", reason)
    return DeliveryFault(reason, final=not passing)
