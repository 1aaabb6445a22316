"""Permissions as bits, by discord.py's names for them (``send_messages``)."""

from __future__ import annotations

import discord

VIEW, SEND, SEND_IN_THREADS, ATTACH, EMBED, HISTORY, MANAGE_THREADS, EXTERNAL_APPS = (
    1 << 10,
    1 << 11,
    1 << 38,
    1 << 15,
    1 << 14,
    1 << 16,
    1 << 34,
    1 << 50,
)


def bits(*names: str) -> int:
    """``bits("send_messages", "attach_files")``."""
    return discord.Permissions(**dict.fromkeys(names, True)).value


EVERYONE = bits(
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "attach_files",
    "embed_links",
    "add_reactions",
    "read_message_history",
    "use_application_commands",
    "use_external_apps",
)
BOT = EVERYONE
IN_A_DM = EVERYONE & ~bits("create_public_threads")
