"""A picture of somebody in the cast, on Discord and on Telegram: kept once its member has said whose it is, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cast import CastMember
from tests.chats.stage import Stage, on_set, texts
from tests.media_samples import tiny_png

pytestmark = pytest.mark.slow

QUESTION = "Does it show no real person"


async def only_one(stage: Stage, member: str) -> CastMember:
    """Who is in that member's cast."""
    async with stage.running.house.work() as w:
        (who,) = await w.cast.of(member)
    return who


async def portrait(stage: Stage, who: CastMember) -> bytes | None:
    """The picture that is kept of somebody."""
    path = await stage.running.house.clips.path(who.image) if who.image else None
    return path.read_bytes() if path else None


async def test_a_photo_over_words_about_the_cast_on_telegram(tmp_path: Path) -> None:
    photo = tiny_png(tmp_path / "tom.png", (320, 320)).read_bytes()
    async with on_set(tmp_path / "home", "telegram") as stage:
        telegram = stage.telegram
        ines = telegram.user("ines", "en")
        chat = telegram.private(ines)
        await telegram.say(ines, chat, photo=photo, caption="/cast add Tom: a grey cat with one white paw")
        (asked,) = await stage.shown(lambda: texts(chat, QUESTION))
        tom = await only_one(stage, f"telegram:{ines.id}")
        assert (tom.description, tom.image, tom.consent) == ("a grey cat with one white paw", None, "")

        await telegram.press(ines, asked, "Yes, keep it")
        await stage.shown(lambda: texts(chat, "The picture is kept, with your answer."))
        tom = await only_one(stage, f"telegram:{ines.id}")
        assert (tom.consent, tom.pending) == ("yes", "")
        assert await portrait(stage, tom) is not None


async def test_the_picture_of_a_slash_command_on_discord(tmp_path: Path) -> None:
    photo = tiny_png(tmp_path / "tom.png", (320, 320)).read_bytes()
    async with on_set(tmp_path / "home", "discord") as stage:
        discord = stage.discord
        ines, channel = discord.user("ines"), discord.channel(discord.guild("set"), "casting")
        given = {"name": "Tom", "description": "a grey cat with one white paw", "image": ("tom.png", photo)}
        asked = await discord.slash(ines, channel, "cast add", **given)
        await stage.told(asked, QUESTION)
        assert await portrait(stage, await only_one(stage, f"discord:{ines.id}")) is None

        pressed = await discord.press(ines, asked, "No")
        await stage.told(pressed, "The picture was not kept. Tom goes by words alone.")
        tom = await only_one(stage, f"discord:{ines.id}")
        assert (tom.image, tom.consent, tom.pending) == (None, "no", "")
