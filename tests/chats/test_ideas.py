"""Ideas to try, from end to end: asked for, paged through, tried, and filmed by a tap, on Discord and on Telegram."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chats.stage import on_set, texts

pytestmark = pytest.mark.slow

RIDGE = "a hiker in a red jacket crosses a mountain ridge"


async def test_on_discord(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "discord") as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines = discord.user("ines")

        heard = await stage.told(await discord.slash(ines, channel, "help", topic="ideas"), "Ideas to try")
        assert heard.ephemeral
        assert heard.labels == ["Try this"] * 4 + ["More ideas"]
        first = heard.original
        assert first is not None
        await discord.press(ines, first, "More ideas")
        await stage.seen(lambda: "A close-up with a lens and a lamp" in first.text)
        assert RIDGE not in first.text

        page = (await stage.told(await discord.slash(ines, channel, "help", topic="ideas"), RIDGE)).original
        assert page is not None
        tried = await stage.told(await discord.press(ines, page, "Try this"), "An establishing shot")
        assert tried.ephemeral
        assert not stage.video.book.jobs
        assert tried.original is not None
        await discord.press(ines, tried.original, "Shoot it")
        await stage.filmed(channel, RIDGE)
        await discord.press(ines, tried.original, "Shoot it")
        assert stage.orders(RIDGE) == 1


async def test_on_telegram(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "telegram") as stage:
        telegram = stage.telegram
        mei = telegram.user("mei", "zh-hans")
        chat = telegram.private(mei)

        await telegram.say(mei, chat, "/help ideas")
        (page,) = await stage.shown(lambda: texts(chat, "可以试试的点子"))
        assert set(page.labels) == {"定场镜头", "跟拍", "看得见的光", "雨：写出材质和力", "更多点子"}
        await telegram.press(mei, page, "更多点子")
        await stage.shown(lambda: "特写：写明焦段和一盏灯" in page.labels)

        await telegram.press(mei, page, "特写：写明焦段和一盏灯")
        (tried,) = await stage.shown(lambda: texts(chat, "还没有开拍"))
        assert not stage.video.book.jobs
        await telegram.press(mei, tried, "开拍")
        await stage.screened(chat, "图书馆里，老教授从书上抬起头")
        assert stage.orders("图书馆里，老教授从书上抬起头") == 1
