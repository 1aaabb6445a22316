"""A bot of a few lines on the real discord.py: it answers `/echo`, keeps what it hears, and has a button and a form."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands


class SmallBot(discord.Client):
    """Plain, on one connection."""

    def __init__(self, *, sync: bool = True, **options: Any) -> None:
        quiet = discord.AllowedMentions.none()
        super().__init__(intents=discord.Intents.default(), allowed_mentions=quiet, guild_ready_timeout=0.1, **options)
        self._sync = sync
        self.tree = app_commands.CommandTree(self)
        self.said: list[discord.Message] = []
        self.events: list[str] = []
        self.tree.add_command(app_commands.Command(name="echo", description="Say it again.", callback=echo))

    async def setup_hook(self) -> None:
        """Register what it can do."""
        if self._sync:
            await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Keep what others say."""
        if message.author != self.user:
            self.said.append(message)

    async def on_resumed(self) -> None:
        """The connection is back."""
        self.events.append("resumed")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Thrown out."""
        self.events.append(f"left {guild.name}")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited."""
        self.events.append(f"joined {guild.name}")


class ManyConnections(SmallBot, discord.AutoShardedClient):
    """The same on several shards."""


async def echo(interaction: discord.Interaction[SmallBot], words: str) -> None:
    """Thinks, says it to all by an ordinary message, then tells the member."""
    await interaction.response.defer(ephemeral=True)
    assert isinstance(interaction.channel, discord.abc.Messageable)
    await interaction.channel.send(words)
    await interaction.edit_original_response(content=f"said: {words}")
