"""Who speaks, and where the answer goes: an event of discord.py as a `Member` and an `Address`."""

from __future__ import annotations

import re
from typing import Any

import discord

from adapters.chat.discord.library import HOOK_SECONDS, PLATFORM, Hook, reference
from bot.people import Address, Member

Interaction = discord.Interaction[Any]
Author = discord.User | discord.Member
_TOKEN = re.compile(r"[\w.~+=-]{1,1000}")
NAME_MAX = 80


class Unreadable(Exception):
    """Not what Discord sends: no member, no channel, a shape of its own. Nothing can be stored for it."""


def tongue(interaction: Interaction) -> str:
    """The member's own language, as Discord tags it: ``en-US``, ``zh-CN``."""
    return str(getattr(interaction.locale, "value", interaction.locale))[:20]


def member_of(interaction: Interaction) -> Member:
    """Who used the command or the button. Raises `Unreadable`."""
    user: Any = interaction.user
    if user is discord.utils.MISSING or user is None:
        raise Unreadable("nobody used it")
    rights = interaction.permissions
    moderates = interaction.guild_id is not None and (rights.manage_messages or rights.manage_guild)
    return Member(_id(user), _name(user), tongue(interaction), moderates)


def address_of(interaction: Interaction, now: float, *, follow: bool = False) -> Address:
    """Where the answer goes. `follow`: see `Hook`. Raises `Unreadable`."""
    chat = interaction.channel_id
    if chat is None or not _TOKEN.fullmatch(interaction.token):
        raise Unreadable("no channel to answer in")
    message = interaction.message
    return Address(
        platform=PLATFORM,
        chat=str(chat),
        server=str(interaction.guild_id) if interaction.guild_id else None,
        thread=str(chat) if isinstance(interaction.channel, discord.Thread) else None,
        message=str(message.id) if message else None,
        member=member_of(interaction).id,
        locale=tongue(interaction),
        direct=interaction.guild_id is None,
        guest=is_guest(interaction),
        pressed=reference(chat, message.id) if message else None,
        hook=str(Hook(str(interaction.application_id), interaction.token, follow)),
        hook_until=now + HOOK_SECONDS,
    )


def is_guest(interaction: Interaction) -> bool:
    """Whether the bot cannot post there by itself: it is on the member's own account, not in that server or conversation."""
    if interaction.guild_id is None:
        return interaction.context.private_channel is True
    return not interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id) is None


def speaker_of(message: discord.Message, language: str) -> Member:
    """Who wrote a message; what they speak is not told, so it is what their server, or the operator, prefers."""
    rights = _rights(message)
    return Member(_id(message.author), _name(message.author), _spoken(message, language), rights)


def place_of(message: discord.Message, language: str) -> Address:
    """Where the answer to a message goes: to the channel it was said in, as a reply."""
    chat = str(message.channel.id)
    return Address(
        platform=PLATFORM,
        chat=chat,
        server=str(message.guild.id) if message.guild else None,
        thread=chat if isinstance(message.channel, discord.Thread) else None,
        message=str(message.id),
        member=_id(message.author),
        locale=_spoken(message, language),
        direct=message.guild is None,
    )


def _id(user: Author) -> str:
    return f"{PLATFORM}:{user.id}"


def _name(user: Author) -> str:
    """As shown, without what cannot be printed or stored."""
    return "".join(letter for letter in str(user.display_name) if letter.isprintable())[:NAME_MAX]


def _spoken(message: discord.Message, language: str) -> str:
    """A server speaks English to Discord until somebody says otherwise, so English there says nothing."""
    locale = str(getattr(message.guild.preferred_locale, "value", "")) if message.guild else ""
    return language if not locale or locale.startswith("en") else locale[:20]


def _rights(message: discord.Message) -> bool:
    if not isinstance(message.author, discord.Member) or message.guild is None:
        return False
    try:
        rights = message.channel.permissions_for(message.author)
    except discord.ClientException:  # a thread whose channel is not known
        return False
    return rights.manage_messages or rights.manage_guild
