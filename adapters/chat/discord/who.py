"""Who speaks, and where the answer goes: an event of discord.py as a `Member` and an `Address`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import discord

from adapters.chat.discord.library import HOOK_SECONDS, PLATFORM, Hook, reference
from bot.people import Address, Member
from bot.text import DEFAULT

Interaction = discord.Interaction[Any]
Author = discord.User | discord.Member
_TOKEN = re.compile(r"[\w.~+=-]{1,1000}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
NAME_MAX = 80


class Unreadable(Exception):
    """Not what Discord sends: no member, no channel, a shape of its own. Nothing can be stored for it."""


@contextmanager
def reading() -> Iterator[None]:
    """What discord.py half read has holes where attributes should be: that is `Unreadable`, too."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise Unreadable(type(odd).__name__) from odd


def is_reachable(interaction: Interaction) -> bool:
    """Whether it can be answered at all."""
    token: Any = interaction.token
    return isinstance(token, str) and _TOKEN.fullmatch(token) is not None and 0 < interaction.id < 2**64


def snowflake(number: object) -> int:
    """One of Discord's ids: 64 bits. Raises `Unreadable`."""
    if not isinstance(number, int) or not 0 < number < 2**64:
        raise Unreadable("not an id")
    return number


def tongue(interaction: Interaction) -> str:
    """The member's own language, as Discord tags it: ``en-US``, ``zh-CN``."""
    return _tag(interaction.locale) or DEFAULT


def data_of(interaction: Interaction) -> Mapping[str, Any]:
    """What it is about, as Discord sent it. Raises `Unreadable`."""
    data: Any = interaction.data
    if not isinstance(data, dict):
        raise Unreadable("no data")
    return data


@reading()
def member_of(interaction: Interaction) -> Member:
    """Who used the command or the button. Raises `Unreadable`."""
    user: Any = interaction.user
    if user is discord.utils.MISSING or user is None:
        raise Unreadable("nobody used it")
    rights = interaction.permissions
    moderates = interaction.guild_id is not None and (rights.manage_messages or rights.manage_guild)
    return Member(_id(user), _name(user), tongue(interaction), moderates)


@reading()
def address_of(interaction: Interaction, now: float, *, follow: bool = False) -> Address:
    """Where the answer goes. `follow`: see `Hook`. Raises `Unreadable`."""
    chat, message = snowflake(interaction.channel_id), interaction.message
    return Address(
        platform=PLATFORM,
        chat=str(chat),
        server=str(snowflake(interaction.guild_id)) if interaction.guild_id else None,
        thread=str(chat) if isinstance(interaction.channel, discord.Thread) else None,
        channel=channel_of(interaction.channel),
        message=str(snowflake(message.id)) if message else None,
        member=member_of(interaction).id,
        locale=tongue(interaction),
        direct=interaction.guild_id is None,
        guest=is_guest(interaction),
        pressed=reference(chat, message.id) if message else None,
        hook=str(Hook(str(interaction.application_id), interaction.token, follow)),
        hook_until=now + HOOK_SECONDS,
    )


@reading()
def is_guest(interaction: Interaction) -> bool:
    """Whether the bot cannot post there by itself: it is on the member's own account, not in that server or conversation."""
    if interaction.guild_id is None:
        return interaction.context.private_channel is True
    by_member_alone = interaction.is_user_integration() and not interaction.is_guild_integration()
    return by_member_alone or interaction.client.get_guild(interaction.guild_id) is None


def speaker_of(message: discord.Message, language: str) -> Member:
    """Who wrote a message; what they speak is not told, so it is what their server, or the operator, prefers."""
    rights = _rights(message)
    return Member(_id(message.author), _name(message.author), _spoken(message, language), rights)


def place_of(message: discord.Message, language: str) -> Address:
    """Where the answer to a message goes: to the channel it was said in, as a reply."""
    chat = str(snowflake(message.channel.id))
    return Address(
        platform=PLATFORM,
        chat=chat,
        server=str(snowflake(message.guild.id)) if message.guild else None,
        thread=chat if isinstance(message.channel, discord.Thread) else None,
        channel=channel_of(message.channel),
        message=str(snowflake(message.id)),
        member=_id(message.author),
        locale=_spoken(message, language),
        direct=message.guild is None,
    )


def channel_of(place: object) -> str | None:
    """The channel that a thread hangs in; None for anything but a thread."""
    return str(snowflake(place.parent_id)) if isinstance(place, discord.Thread) and place.parent_id else None


def _id(user: Author) -> str:
    return f"{PLATFORM}:{snowflake(user.id)}"


def _tag(locale: object) -> str:
    tag = getattr(locale, "value", locale)
    return tag if isinstance(tag, str) and _LOCALE.fullmatch(tag) else ""


def _name(user: Author) -> str:
    """As shown, without what cannot be printed or stored."""
    return "".join(letter for letter in str(user.display_name) if letter.isprintable())[:NAME_MAX]


def _spoken(message: discord.Message, language: str) -> str:
    """A server speaks English to Discord until somebody says otherwise, so English there says nothing."""
    locale = _tag(message.guild.preferred_locale) if message.guild else ""
    return language if not locale or locale.startswith("en") else locale


def _rights(message: discord.Message) -> bool:
    if not isinstance(message.author, discord.Member) or message.guild is None:
        return False
    try:
        rights = message.channel.permissions_for(message.author)
    except discord.ClientException:  # a thread whose channel is not known
        return False
    return rights.manage_messages or rights.manage_guild
