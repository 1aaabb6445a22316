"""A storyboard from end to end: on Discord in a thread of its card, on Telegram in the chat; changed by replies, told of once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chats.stage import cards, clips, films, on_set, texts

pytestmark = pytest.mark.slow

LINE = "Shot 1 (4s): a fox on the pier Shot 2 (8s): it looks up"


async def test_on_discord_the_shots_go_into_one_thread_of_the_storyboard(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "discord") as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines, marek = discord.user("ines"), discord.user("marek")

        heard = await discord.slash(ines, channel, "storyboard", text=LINE)
        assert heard.ephemeral
        await stage.seen(lambda: cards(channel, "Storyboard · 2 shots"))
        (board,) = cards(channel, "Storyboard · 2 shots")
        await discord.say(ines, channel, "Shot 2 (4s): it runs", reply_to=board)
        await stage.seen(lambda: len(cards(channel, "Storyboard · 2 shots")) == 2)
        changed = cards(channel, "Storyboard · 2 shots")[-1]
        assert "it runs" in changed.text
        assert not stage.video.book.jobs

        label = next(each for each in changed.labels if each.startswith("Film it"))
        await discord.press(marek, changed, label)
        await discord.press(ines, changed, label)
        await stage.seen(lambda: changed.id in discord.channels)
        thread = discord.channels[changed.id]
        await stage.seen(lambda: cards(thread, "2 of 2 filmed"))
        assert thread.name == "Storyboard: a fox on the pier"
        assert len(clips(thread)) == 2
        assert not clips(channel)
        assert cards(thread, "2 of 2 filmed")[0].labels == ["Cut the film", "Check"]
        await stage.seen(lambda: "Filming 2 shots" in changed.text)
        assert stage.orders("a fox on the pier") == 1


async def test_on_telegram_they_go_where_the_storyboard_stands(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "telegram") as stage:
        telegram = stage.telegram
        ines = telegram.user("ines")
        chat = telegram.private(ines)
        await telegram.say(ines, chat, "/storyboard")
        await stage.shown(lambda: texts(chat, "Which shots?"))
        await telegram.say(
            ines, chat, LINE.replace(" Shot 2", "\nSound: surf\nShot 2"), reply_to=texts(chat, "Which")[0]
        )
        await stage.shown(lambda: texts(chat, "Storyboard · 2 shots"))
        board = texts(chat, "Storyboard · 2 shots")[0]
        await telegram.press(ines, board, next(each for each in board.labels if each.startswith("Film it")))
        await stage.shown(lambda: texts(chat, "2 of 2 filmed"))
        assert len(films(chat)) == 2
        assert len(texts(chat, "2 of 2 filmed")) == 1
        assert stage.orders("Sound: surf") == 1
