"""The gateway client: tells events apart, sends each its way in, and lets none of them end it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord import InteractionType, app_commands

from adapters.chat import ChatPoster
from adapters.chat.discord import commands, tap
from adapters.chat.discord.acknowledge import note, tell
from adapters.chat.discord.door import Door
from adapters.chat.discord.library import PLATFORM, Tap
from adapters.chat.discord.replies import Hints, Replies
from adapters.chat.discord.sync import sync
from adapters.chat.discord.who import Interaction, Unreadable, address_of, data_of, is_reachable, member_of, tongue
from bot.commands import build
from bot.errors import Declined
from bot.intake import Intake
from bot.text import explain, say

log = logging.getLogger("throughline.discord")

SUGGEST_SECONDS: Final = 1.5
CHOICE_MAX: Final = 100


def intents() -> discord.Intents:
    """Servers (to know our rights there) and messages; no privileged one."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    return wanted


class Ears(discord.AutoShardedClient):
    """The gateway client: tells events apart, and lets none of them end it."""

    def __init__(
        self, intake: Intake, poster: ChatPoster, language: str, ready: asyncio.Event, gateway_url: str = ""
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            enable_debug_events=False,
        )
        self.intake = intake
        self.door = Door(intake, language)
        self.replies = Replies(intake, poster, language, Hints(intake.clock.now))
        self._connected = ready
        self._shards: set[int] = set()
        self._synced: asyncio.Task[bool] | None = None
        forgive(self)
        if gateway_url:
            through(self, gateway_url)

    async def setup_hook(self) -> None:
        """The list of commands is brought up to date while we connect."""
        self._synced = asyncio.create_task(sync(self), name="discord commands")

    async def on_shard_connect(self, shard: int) -> None:
        """A shard hears; `on_ready` comes seconds later, when the library has seen every server."""
        self._shards.add(shard)
        if len(self._shards) == self.shard_count:
            self._connected.set()

    async def on_ready(self) -> None:
        """Every shard hears and knows its servers."""
        self._connected.set()

    async def on_interaction(self, interaction: Interaction) -> None:
        """A command, a tap, a form, or a question for completions."""
        if not is_reachable(interaction):
            log.warning("an interaction passed over: there is no way back to it")
            return
        try:
            await self._took(interaction)
        except Declined as declined:
            await tell(interaction, explain(declined, tongue(interaction)))
        except Unreadable as odd:
            log.warning("interaction %s: not readable: %s", interaction.id, odd)
            await tell(interaction, say("ack.cannot_read", tongue(interaction)))
        except Exception:
            log.exception("interaction %s could not be taken", interaction.id)
            await tell(interaction, say("error.fault", tongue(interaction)))

    async def _took(self, interaction: Interaction) -> None:
        if interaction.type is InteractionType.application_command:
            await self._commanded(interaction)
        elif interaction.type is InteractionType.autocomplete:
            await self._complete(interaction)
        elif interaction.type is InteractionType.component:
            await tap.pressed(self.door, interaction)
        elif interaction.type is InteractionType.modal_submit:
            await tap.submitted(self.door, interaction)

    async def _commanded(self, interaction: Interaction) -> None:
        data = data_of(interaction)
        if data.get("type", commands.CHAT_INPUT) == commands.MESSAGE:
            await tap.remix_this(self.door, interaction)
            return
        name, values = commands.values_of(data)
        if missing := commands.asked_for(name, values):
            await tap.ask(self.door, interaction, Tap(missing, asks=True))
        else:
            await self.door.take(interaction, build(name, values))

    async def _complete(self, interaction: Interaction) -> None:
        """Completions in time, or none: an empty list is better than "loading failed"."""
        found: list[app_commands.Choice[str]] = []
        with suppress(Declined, Unreadable, TimeoutError):
            option, typed = commands.typed_of(data_of(interaction))
            member, address = member_of(interaction), address_of(interaction, self.intake.clock.now())
            async with asyncio.timeout(SUGGEST_SECONDS):
                given = await self.intake.suggest(option, typed[:CHOICE_MAX], member, address)
            found = [
                app_commands.Choice(name=each.label[:CHOICE_MAX], value=each.value)
                for each in given
                if 0 < len(each.value) <= CHOICE_MAX and each.label
            ]
        try:
            await interaction.response.autocomplete(found[:25])
        except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
            note(interaction, fault)

    async def on_message(self, message: discord.Message) -> None:
        """Something was said where the bot can hear it."""
        if self.user is None:
            return
        try:
            await self.replies.heard(message, self.user)
        except Unreadable as odd:
            log.warning("message %s: not readable: %s", message.id, odd)
        except Exception:
            log.exception("message %s could not be taken", message.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server is gone."""
        try:
            await self.intake.left(PLATFORM, str(guild.id))
        except Exception:
            log.exception("server %s: what waits there could not be cancelled", guild.id)


def forgive(client: discord.Client) -> None:
    """An event that the library cannot read is passed over: in discord.py 2.7 it would end the connection of all shards."""
    parsers = client._connection.parsers
    for name, parse in parsers.items():
        if name not in ("READY", "RESUMED"):
            parsers[name] = _forgiving(name, parse)


def _forgiving(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parsed(data: Any) -> Any:
        try:
            return parse(data)
        except Exception as odd:
            log.warning("event %s passed over, it could not be read: %s", name, type(odd).__name__)
            log.debug("event %s", name, exc_info=True)
            return None

    return parsed


def through(client: discord.Client, gateway_url: str) -> None:
    """Connect to that gateway alone, for resuming too: Discord names its own addresses, which a proxy has to stand before."""
    gateway, connect = yarl.URL(gateway_url), client.http.ws_connect

    async def connected(url: str, **more: Any) -> Any:
        return await connect(str(gateway.update_query(yarl.URL(url).query)), **more)

    client.http.ws_connect = connected  # type: ignore[method-assign]
