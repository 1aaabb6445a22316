"""Messages: a reply to a take is a remix of it; whoever else speaks to the bot is told where to begin.

Without the message-content intent a message's text reaches a bot only in direct messages and where the bot is mentioned, so in
a reply with its ping on. With the ping off the text is empty, and all we can do is say so.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import discord

from adapters.chat import ChatPoster
from adapters.chat.discord import rights
from adapters.chat.discord.door import FILMING
from adapters.chat.discord.library import reference
from adapters.chat.discord.tap import in_time
from adapters.chat.discord.who import place_of, speaker_of
from bot.cards import Card
from bot.commands import Command, from_action, to_dict
from bot.errors import Declined, DeliveryFault
from bot.intake import Intake
from bot.paperwork import Wish
from bot.text import explain, say

log = logging.getLogger("throughline.discord")

SPEAKING: Final = (discord.MessageType.default, discord.MessageType.reply)
HINT_SECONDS: Final = 300.0
HINTS_KEPT: Final = 2_000


@dataclass
class Hints:
    """The same thing is explained to one member once in five minutes."""

    now: Callable[[], float]
    _said: OrderedDict[tuple[int, str], float] = field(default_factory=OrderedDict)

    def due(self, member: int, key: str) -> bool:
        """Whether to say it now; if so, it counts as said."""
        now = self.now()
        if now - self._said.get((member, key), -HINT_SECONDS) < HINT_SECONDS:
            return False
        self._said[member, key] = now
        self._said.move_to_end((member, key))
        while len(self._said) > HINTS_KEPT:
            self._said.popitem(last=False)
        return True


@dataclass(frozen=True)
class Replies:
    """Takes messages in."""

    intake: Intake
    poster: ChatPoster
    language: str
    hints: Hints

    async def heard(self, message: discord.Message, me: discord.abc.User) -> None:
        """Store what a message to the bot wishes, or say what would help. Raises nothing that a member could cause."""
        if message.author.bot or message.webhook_id is not None or message.type not in SPEAKING:
            return
        mentioned = any(user.id == me.id for user in message.mentions)
        target = _target(message)
        if target is None or not _may_be_ours(message, me):
            if message.guild is None or mentioned:
                await self._hint(message, "ack.begin")
            return
        try:
            await self._replied(message, target, me, mentioned)
        except Declined as declined:
            await self._say(message, explain(declined, place_of(message, self.language).locale))

    async def _replied(self, message: discord.Message, target: int, me: discord.abc.User, mentioned: bool) -> None:
        meant = await in_time(self.intake.meaning(reference(message.channel.id, target)))
        if meant is None:
            if message.guild is None or mentioned:
                await self._hint(message, "ack.begin")
        elif message.guild is not None and not mentioned:
            await self._hint(message, "ack.ping_off")
        else:
            await self._take(message, from_action(meant, words_of(message, me)))

    async def _take(self, message: discord.Message, command: Command) -> None:
        locale = place_of(message, self.language).locale
        if command.name in FILMING and (gone := rights.missing_for(message)):
            await self._say(message, rights.spoken(gone, locale))
            return
        address, member = place_of(message, self.language), speaker_of(message, self.language)
        await self.intake.hear(Wish(f"dc-{message.id}", member, address, to_dict(command), self.intake.clock.now()))
        if message.attachments:
            await self._hint(message, "ack.no_picture")

    async def _hint(self, message: discord.Message, key: str) -> None:
        if self.hints.due(message.author.id, key):
            await self._say(message, say(key, place_of(message, self.language).locale))

    async def _say(self, message: discord.Message, sentence: str) -> None:
        """One sentence as a reply, or nothing where the bot may not write."""
        if {"send_messages", "send_messages_in_threads", "view_channel"} & set(rights.missing_for(message)):
            log.info("message %s: cannot be answered there", message.id)
            return
        try:
            await self.poster.answer(place_of(message, self.language), f"hint-{message.id}", Card(lines=(sentence,)))
        except DeliveryFault as fault:
            log.info("message %s: not answered: %s", message.id, fault.reason)


def words_of(message: discord.Message, me: discord.abc.User) -> str:
    """The member's own words, without the mention that made Discord show them to us."""
    return re.sub(rf"^\s*<@!?{me.id}>\s?|\s?<@!?{me.id}>\s*$", "", message.content).replace("\r\n", "\n")


def _target(message: discord.Message) -> int | None:
    """The message that this one replies to; forwarding one is no reply."""
    point = message.reference
    if point is None or point.type is not discord.MessageReferenceType.reply:
        return None
    return point.message_id


def _may_be_ours(message: discord.Message, me: discord.abc.User) -> bool:
    """A reply to somebody else is theirs; where Discord does not tell whose it was, our own memory does."""
    resolved = message.reference.resolved if message.reference else None
    return not isinstance(resolved, discord.Message) or resolved.author.id == me.id
