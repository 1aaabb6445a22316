"""Clips that are too large for the place they were asked for in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chats.stage import clip_of, on_set, playable
from tests.media_samples import noisy_clip

pytestmark = pytest.mark.slow

MIB = 1 << 20
FOX = "a fox crosses a snowy forest"


async def test_fourteen_mebibytes_arrive_where_ten_are_allowed(tmp_path: Path) -> None:
    film = noisy_clip(tmp_path / "film.mp4", 12, (1280, 720), 10_400_000).read_bytes()
    assert len(film) > 14 * MIB
    async with on_set(tmp_path / "home", "discord", clip=film) as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines = discord.user("ines")
        await stage.ordered(ines, channel, FOX)
        posted = await stage.filmed(channel, FOX)
        data = clip_of(posted)
        assert len(data) <= 10 * MIB
        assert playable(data).seconds == pytest.approx(12, abs=0.1)
        assert "Made smaller to fit here" in posted.text
        assert not [call for call in discord.calls if call.status == 413]

        generous = discord.channel(discord.guild("studio", tier=2), "dailies")
        await stage.ordered(ines, generous, "an owl on a branch")
        posted = await stage.filmed(generous, "an owl on a branch")
        assert len(clip_of(posted)) >= 14 * MIB
        assert "Made smaller" not in posted.text
