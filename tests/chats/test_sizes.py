"""Clips that are too large for the place they were asked for in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chats.stage import cards, clip_of, film_of, on_set, playable
from tests.media_samples import noisy_clip

pytestmark = pytest.mark.slow

MIB = 1 << 20
FOX = "a fox crosses a snowy forest"


async def test_fourteen_mebibytes_arrive_where_ten_are_allowed(tmp_path: Path) -> None:
    film = noisy_clip(tmp_path / "film.mp4", 4, (1280, 720), 31_000_000).read_bytes()
    assert len(film) > 14 * MIB
    async with on_set(tmp_path / "home", "discord", clip=film) as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines = discord.user("ines")
        await stage.ordered(ines, channel, FOX)
        posted = await stage.filmed(channel, FOX)
        data = clip_of(posted)
        assert len(data) <= 10 * MIB
        assert playable(data).seconds == pytest.approx(4, abs=0.1)
        assert "Made smaller to fit here" in posted.text
        assert not [call for call in discord.calls if call.status == 413]

        generous = discord.channel(discord.guild("studio", tier=2), "dailies")
        await stage.ordered(ines, generous, "an owl on a branch")
        posted = await stage.filmed(generous, "an owl on a branch")
        assert len(clip_of(posted)) >= 14 * MIB
        assert "Made smaller" not in posted.text


async def test_a_place_that_takes_less_than_it_said_is_believed_from_then_on(tmp_path: Path) -> None:
    film = noisy_clip(tmp_path / "film.mp4", 2, (640, 360), 12_000_000).read_bytes()
    assert 2 * MIB < len(film) < 4 * MIB
    async with on_set(tmp_path / "home", "discord", clip=film) as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines = discord.user("ines")
        stage.hold()
        card = await stage.ordered(ines, channel, FOX)
        await stage.seen(lambda: "rolling" in card.text)
        discord.upload_limit = 2 * MIB
        stage.release()
        assert len(clip_of(await stage.filmed(channel, FOX))) <= 2 * MIB
        await stage.ordered(ines, channel, "an owl on a branch")
        assert len(clip_of(await stage.filmed(channel, "an owl on a branch"))) <= 2 * MIB
        assert len([call for call in discord.calls if call.status == 413]) == 1
        assert len(cards(channel, "an owl on a branch")) == 1


async def test_telegram_refuses_a_clip_as_too_large_and_gets_a_smaller_one(tmp_path: Path) -> None:
    film = noisy_clip(tmp_path / "film.mp4", 2, (640, 360), 12_000_000).read_bytes()
    async with on_set(tmp_path / "home", "telegram", clip=film) as stage:
        telegram = stage.telegram
        ines = telegram.user("ines", "en")
        chat = telegram.private(ines)
        telegram.faults.add("editMessageMedia", 413)
        await telegram.say(ines, chat, f"/generate {FOX}")
        clip = await stage.screened(chat, FOX)
        assert film_of(clip).size < len(film)
        assert playable(film_of(clip).bytes).seconds == pytest.approx(2, abs=0.1)
        assert "Made smaller to fit here" in clip.caption
        assert stage.orders(FOX) == 1
