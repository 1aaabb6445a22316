"""Both platforms in one process; and every role in a process of its own, on one PostgreSQL and one data folder."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.chats.mortal import mortal, until
from tests.chats.stage import cards, clip_of, clips, environment, film_of, films, on_set, playable, texts
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram

pytestmark = pytest.mark.slow

FOX, OWL = "a fox crosses a snowy forest", "an owl on a branch"
FOREVER = 3600.0


async def test_both_platforms_in_one_process_keep_their_members_apart(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home", more={"THROUGHLINE_BACKEND": "animatic"}) as stage:
        discord, telegram = stage.discord, stage.telegram
        channel = discord.channel(discord.guild("set"), "night-shoots")
        ines, olga = discord.user("ines"), telegram.user("olga", "en")
        chat = telegram.private(olga)
        await telegram.say(olga, chat, f"/generate {OWL}")
        await stage.ordered(ines, channel, FOX)
        filmed, screened = await stage.filmed(channel, FOX), await stage.screened(chat, OWL)
        assert "1A-1" in filmed.text
        assert "1A-1" in screened.caption
        assert playable(clip_of(filmed)).seconds > 1
        assert playable(film_of(screened).bytes).seconds == pytest.approx(film_of(screened).duration, abs=1)
        dailies = await discord.slash(ines, channel, "dailies")
        await stage.told(dailies, "1A-1")
        assert "owl" not in dailies.text
        assert (len(clips(channel)), len(films(chat))) == (1, 1)


@pytest.mark.postgres
async def test_a_worker_delivers_to_both_with_nobody_listening(tmp_path: Path, fresh_postgres: str) -> None:
    video = DialectServer(film_seconds=FOREVER, quirks=Quirks(words={"queued": "in_progress"}))
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(FakeDiscord())
        telegram = await stack.enter_async_context(FakeTelegram(typed=False))
        await stack.enter_async_context(video)
        home = tmp_path / "home"
        own = {**environment(home, discord, telegram, video), "DATABASE_URL": fresh_postgres}
        channel = discord.channel(discord.guild("set"), "night-shoots")
        ines, olga = discord.user("ines"), telegram.user("olga", "en")
        chat = telegram.private(olga)
        worker, ears, phone = [
            await stack.enter_async_context(mortal(home, own, "--only", role))
            for role in ("worker", "discord", "telegram")
        ]
        await worker.starts()
        assert discord.gateway.connected() == []
        assert telegram.mailbag.polls == 0
        await ears.starts()
        await phone.starts()
        assert (ears.said, phone.said) == ("Listening on Discord", "Listening on Telegram")
        await until(lambda: discord.commands.get(None), "commands are there")

        heard = await discord.slash(ines, channel, "generate", prompt=FOX)
        assert heard.acknowledged
        await telegram.say(olga, chat, f"/generate {OWL}")
        await until(lambda: [one for one in cards(channel, FOX) if "rolling" in one.text], "it rolls for Discord")
        await until(lambda: [one for one in texts(chat, OWL) if "rolling" in one.text], "it rolls for Telegram")

        await ears.killed()
        await phone.killed()
        await until(lambda: not discord.gateway.connected(), "nobody listens")
        polls = telegram.mailbag.polls
        video.book.film_seconds = 0.0
        await until(lambda: clips(channel, FOX), "the clip is on Discord")
        await until(lambda: films(chat, OWL), "the clip is on Telegram")
        assert playable(clip_of(clips(channel, FOX)[0])).frames == 24
        assert (len(clips(channel)), len(films(chat))) == (1, 1)
        assert discord.gateway.connected() == []
        assert telegram.mailbag.polls == polls
        assert discord.broken == []
        assert telegram.broken == []
