"""Bare bots to compare with: they answer a command with a sentence and post a file, and do nothing else.

``python -m benchmarks.chats_echo discord CLIP`` or ``telegram CLIP``; addresses and tokens as for Throughline. Prints a line when
it hears. What the libraries do by themselves (discord.py waits for its rate limits, python-telegram-bot does not) is theirs.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

WORDS = "Filming."


async def on_discord(clip: Path) -> None:
    """discord.py: a slash command, answered by a sentence, then a file as an ordinary message."""
    import discord
    import yarl
    from discord import app_commands
    from discord.gateway import DiscordWebSocket

    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = app_commands.CommandTree(client)

    @tree.command(name="generate", description="Says something and posts a file.")
    async def generate(interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.send_message(WORDS, ephemeral=True)
        place: Any = interaction.channel
        await place.send(prompt, file=discord.File(clip))

    @client.event
    async def on_ready() -> None:
        await tree.sync()
        print("ready", flush=True)

    await client.start(os.environ["DISCORD_TOKEN"])


def on_telegram(clip: Path) -> None:
    """python-telegram-bot: a command, answered by a sentence, then a file."""
    from telegram import Update
    from telegram.ext import Application, CommandHandler

    film = clip.read_bytes()
    url = os.environ["TELEGRAM_API_URL"]

    async def generate(update: Update, _: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(WORDS)
        await update.message.reply_video(film, caption=update.message.text)

    async def ready(_: Any) -> None:
        print("ready", flush=True)

    async def fault(_: object, __: Any) -> None:
        """A bare bot loses what it was told to wait for."""

    builder = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).concurrent_updates(True).post_init(ready)
    bot = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").pool_timeout(60).build()
    bot.add_handler(CommandHandler("generate", generate))
    bot.add_error_handler(fault)
    bot.run_polling()


if __name__ == "__main__":
    if sys.argv[1] == "discord":
        asyncio.run(on_discord(Path(sys.argv[2])))
    else:
        on_telegram(Path(sys.argv[2]))
