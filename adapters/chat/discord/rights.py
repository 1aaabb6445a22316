"""What the bot must be allowed to do in a channel, looked at before anything is filmed there."""

from __future__ import annotations

from typing import Final

import discord

from adapters.chat.discord.who import Interaction, is_guest, reading
from bot.text import say

NEEDED: Final = ("view_channel", "send_messages", "attach_files", "embed_links", "read_message_history")
"""By discord.py's names. In threads sending has a right of its own, and Send Messages counts for nothing there."""


def missing(rights: discord.Permissions, *, thread: bool) -> tuple[str, ...]:
    """The names of the rights that the bot needs there and does not have."""
    if rights.administrator:
        return ()
    names = tuple("send_messages_in_threads" if thread and name == "send_messages" else name for name in NEEDED)
    return tuple(name for name in names if not getattr(rights, name))


@reading()
def missing_in(interaction: Interaction) -> tuple[str, ...]:
    """What is missing where the interaction happened. Nothing in direct messages, and where the bot posts nothing itself."""
    if interaction.guild_id is None or is_guest(interaction):
        return ()
    return missing(interaction.app_permissions, thread=isinstance(interaction.channel, discord.Thread))


def missing_for(message: discord.Message) -> tuple[str, ...]:
    """What is missing where a message was said; nothing where that cannot be told."""
    if message.guild is None or message.guild.me is None:
        return ()
    if isinstance(message.channel, discord.PartialMessageable):
        return ()
    try:
        rights = message.channel.permissions_for(message.guild.me)
    except discord.ClientException:  # a thread whose channel is not known
        return ()
    return missing(rights, thread=isinstance(message.channel, discord.Thread))


def spoken(names: tuple[str, ...], locale: str) -> str:
    """One sentence that names them as the platform's own settings do."""
    listed = say("list.comma", locale).join(say(f"right.{name}", locale) for name in names)
    return say("ack.rights", locale, rights=listed)
