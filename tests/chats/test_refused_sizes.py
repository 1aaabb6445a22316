"""Places that take less than they say: they are believed when they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chats.stage import cards, clip_of, film_of, on_set, playable
from tests.media_samples import noisy_clip

pytestmark = pytest.mark.slow

MIB = 1 << 20
FOX, OWL = "a fox crosses a snowy forest", "an owl on a branch"


def film(folder: Path) -> bytes:
    """Six seconds, between 3.2 and 4 MiB."""
    data = noisy_clip(folder / "film.mp4", 6, (640, 360), 12_000_000).read_bytes()
    assert len(data) > 3.2 * MIB
    return data


async def test_discord_refuses_one_clip_and_is_known_from_then_on(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", "discord", clip=film(tmp_path)) as stage:
        discord = stage.discord
        channel = discord.channel(discord.guild("set", tier=0), "night-shoots")
        ines = discord.user("ines")
        stage.hold()
        card = await stage.ordered(ines, channel, FOX)
        await stage.seen(lambda: "rolling" in card.text)
        discord.upload_limit = 3 * MIB
        stage.release()
        assert len(clip_of(await stage.filmed(channel, FOX))) <= 3 * MIB
        refused = len([call for call in discord.calls if call.status == 413])
        await stage.ordered(ines, channel, OWL)
        assert len(clip_of(await stage.filmed(channel, OWL))) <= 3 * MIB
        assert (refused, len([call for call in discord.calls if call.status == 413])) == (1, 1)
        assert not list(cards(channel, "could not"))


async def test_telegram_refuses_a_clip_and_gets_a_smaller_one(tmp_path: Path) -> None:
    clip = film(tmp_path)
    async with on_set(tmp_path / "home", "telegram", clip=clip) as stage:
        telegram = stage.telegram
        ines = telegram.user("ines", "en")
        chat = telegram.private(ines)
        telegram.parcels.cap = int(len(clip) * 0.95)
        await telegram.say(ines, chat, f"/generate {FOX}")
        posted = await stage.screened(chat, FOX)
        assert film_of(posted).size <= telegram.parcels.cap
        assert playable(film_of(posted).bytes).seconds == pytest.approx(6, abs=0.1)
        assert "Made smaller to fit here" in posted.caption
        assert len([call for call in telegram.calls if call.status == 413]) == 1
        assert stage.orders(FOX) == 1
