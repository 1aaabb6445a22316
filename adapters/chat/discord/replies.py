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
from adapters.chat.discord.door import POSTED
from adapters.chat.discord.library import reference
from adapters.chat.discord.tap import in_time
from adapters.chat.discord.who import place_of, reading, speaker_of
from bot.cards import Card
from bot.commands import Command, from_action, to_dict
from bot.errors import Declined, DeliveryFault
from bot.intake import Intake
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.text import explain, say

log = logging.getLogger("throughline.discord")

SPEAKING: Final = (discord.MessageType.default, discord.MessageType.reply)
HINT_SECONDS: Final = 300.0
HINTS_KEPT: Final = 2_000
TO_SPEAK: Final = {"view_channel", "send_messages", "send_messages_in_threads"}


@dataclass
class Hints:
    """The same thing is explained to one member once in five minutes."""

    now: Callable[[], float]
    _said: OrderedDict[tuple[str, str], float] = field(default_factory=OrderedDict)

    def due(self, member: str, key: str) -> bool:
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
class Said:
    """A message to the bot. `target`: the message of the bot's, or perhaps of its, that this replies to."""

    words: str
    mentioned: bool
    target: int | None
    pictured: bool
    missing: tuple[str, ...]
    """Rights that the bot needs there and does not have."""
    member: Member
    address: Address

    @property
    def silent(self) -> bool:
        """A reply with its ping off: its words did not come with it."""
        return not self.address.direct and not self.mentioned


@reading()
def read(message: discord.Message, me: discord.abc.User, language: str) -> Said | None:
    """A message as far as it is one to the bot; None for all others. Raises `Unreadable`."""
    if message.author.bot or message.webhook_id is not None or message.type not in SPEAKING:
        return None
    mentioned, target = any(user.id == me.id for user in message.mentions), _target(message, me)
    if message.guild is not None and not mentioned and target is None:
        return None
    member, address = speaker_of(message, language), place_of(message, language)
    missing = rights.missing_for(message)
    return Said(words_of(message, me), mentioned, target, bool(message.attachments), missing, member, address)


def words_of(message: discord.Message, me: discord.abc.User) -> str:
    """The member's own words, without the mention that made Discord show them to us."""
    return re.sub(rf"^\s*<@!?{me.id}>\s?|\s?<@!?{me.id}>\s*$", "", message.content).replace("\r\n", "\n")


def _target(message: discord.Message, me: discord.abc.User) -> int | None:
    """What it replies to; forwarding is no reply, and a reply to somebody else is theirs.

    Where Discord does not tell whose message it was, our own memory does.
    """
    point = message.reference
    if point is None or point.type is not discord.MessageReferenceType.reply:
        return None
    theirs = isinstance(point.resolved, discord.Message) and point.resolved.author.id != me.id
    return None if theirs else point.message_id


@dataclass(frozen=True)
class Replies:
    """Takes messages in."""

    intake: Intake
    poster: ChatPoster
    language: str
    hints: Hints

    async def heard(self, message: discord.Message, me: discord.abc.User) -> None:
        """Store what a message to the bot wishes, or say what would help. Raises `Unreadable`."""
        said = read(message, me, self.language)
        if said is None:
            return
        try:
            await self._answer(said)
        except Declined as declined:
            await self._say(said, explain(declined, said.address.locale))

    async def _answer(self, said: Said) -> None:
        meant = await self._meaning(said)
        if meant is None:
            if said.address.direct or said.mentioned:
                await self._hint(said, "ack.begin")
        elif said.silent:
            await self._hint(said, "ack.ping_off")
        else:
            await self._take(said, from_action(meant, said.words))

    async def _meaning(self, said: Said) -> str | None:
        if said.target is None:
            return None
        return await in_time(self.intake.meaning(reference(said.address.chat, said.target)))

    async def _take(self, said: Said, command: Command) -> None:
        if command.name in POSTED and said.missing:
            await self._say(said, rights.spoken(said.missing, said.address.locale))
            return
        now = self.intake.clock.now()
        await self.intake.hear(Wish(f"dc-{said.address.message}", said.member, said.address, to_dict(command), now))
        if said.pictured:
            await self._hint(said, "ack.no_picture")

    async def _hint(self, said: Said, key: str) -> None:
        if self.hints.due(said.member.id, key):
            await self._say(said, say(key, said.address.locale))

    async def _say(self, said: Said, sentence: str) -> None:
        """One sentence as a reply, or nothing where the bot may not write."""
        if TO_SPEAK & set(said.missing):
            log.info("message %s: cannot be answered there", said.address.message)
            return
        try:
            await self.poster.answer(said.address, f"hint-{said.address.message}", Card(lines=(sentence,)))
        except DeliveryFault as fault:
            log.info("message %s: not answered: %s", said.address.message, fault.reason)
