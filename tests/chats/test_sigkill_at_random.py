"""Sixty takes on Discord and sixty on Telegram, and SIGKILL whenever it pleases the dice; the seed is printed, and can be given.

``THROUGHLINE_CHAOS_SEED=7 THROUGHLINE_CHAOS_KILLS=90 pytest tests/chats/test_sigkill_at_random.py -s``
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.chats.mortal import Mortal, mortal, until
from tests.chats.stage import clips, environment, films
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.telegram import Chat, FakeTelegram, Limits

pytestmark = pytest.mark.slow

TAKES: Final = 60
KILLS: Final = 40
PLACES: Final = 20
"""Channels on Discord, conversations on Telegram: the platforms' own limits are per place."""
LIVES: Final = (0.05, 1.2)
"""Seconds that a process lives from the moment it is ready; one in four is killed while it still starts."""


@dataclass
class Crowd:
    """Everybody asks for takes of their own; on Discord they ask again when nobody answers."""

    discord: FakeDiscord
    telegram: FakeTelegram
    video: DialectServer
    home: Mortal
    channels: list[Channel] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Words of wishes on Discord that were acknowledged: these have to be filmed."""
    unheard: list[str] = field(default_factory=list)
    """Words of those that were not: they may have been stored all the same."""

    def __post_init__(self) -> None:
        guild = self.discord.guild("set")
        self.channels = [self.discord.channel(guild, f"stage-{number}") for number in range(PLACES)]
        self.members = [self.discord.user(f"member-{number}") for number in range(PLACES)]
        people = [self.telegram.user(f"member-{number}") for number in range(PLACES)]
        self.chats = [self.telegram.private(each) for each in people]

    async def asks_on_discord(self, number: int) -> None:
        """Again and again until somebody answers."""
        place, attempt = number % PLACES, 0
        while True:
            attempt += 1
            words = f"shot {number:03}.{attempt:02} of a paper boat"
            await until(self.discord.gateway.connected, "somebody listens")
            heard = await self.discord.slash(self.members[place], self.channels[place], "generate", prompt=words)
            if heard.acknowledged:
                self.heard.append(words)
                return
            self.unheard.append(words)
            await asyncio.sleep(0.3)

    async def asks_on_telegram(self, number: int) -> None:
        """Once: Telegram keeps it."""
        chat = self.chats[number % PLACES]
        assert chat.user is not None
        await self.telegram.say(chat.user, chat, f"/generate shot {number:03} of a paper kite")

    async def asks(self, dice: random.Random) -> None:
        """All takes, spread over the time in which it dies."""
        async with asyncio.TaskGroup() as group:
            for number in range(TAKES):
                group.create_task(self.asks_on_discord(number))
                await self.asks_on_telegram(number)
                await asyncio.sleep(dice.uniform(0.1, 0.9))

    # ------------------------------------------------------------ what has to hold

    def on_discord(self) -> Counter[str]:
        """How many clips there are for each wish's words."""
        posted = [said.text for channel in self.channels for said in clips(channel)]
        return Counter({words: sum(words in text for text in posted) for words in (*self.heard, *self.unheard)})

    def on_telegram(self) -> Counter[str]:
        """How many clips there are for each wish's words."""
        posted = [said.caption for chat in self.chats for said in films(chat)]
        wanted = [f"shot {number:03} of a paper kite" for number in range(TAKES)]
        return Counter({words: sum(words in text for text in posted) for words in wanted})

    def settled(self) -> bool:
        """Nothing is on its way any more."""
        wanted = self.home.stored() >= len(self.heard) + TAKES
        return wanted and not self.home.unanswered() and not self.home.open()

    def complaints(self) -> Iterator[str]:
        """What is wrong, in words."""
        for words, count in (*self.on_discord().items(), *self.on_telegram().items()):
            orders = sum(words in str(job.fields["prompt"]) for job in self.video.book.jobs)
            least = 0 if words in self.unheard else 1
            if not least <= count <= 1 or orders != count:
                yield f"{words}: {count} clips of {orders} orders"
        yield from (f"unanswered: {wish}" for wish in self.home.unanswered())
        yield from (f"not ended: {job}" for job in self.home.open())
        yield from self.discord.broken
        yield from self.telegram.broken


async def dies_now_and_then(home: Mortal, dice: random.Random, kills: int) -> None:
    """Start it and kill it, so many times."""
    for _ in range(kills):
        await home.starts(wait=dice.random() >= 0.25)
        await asyncio.sleep(dice.uniform(*LIVES))
        await home.killed()


async def test_every_take_on_both_platforms_is_one_clip(tmp_path: Path) -> None:
    seed = int(os.environ.get("THROUGHLINE_CHAOS_SEED") or random.randrange(10_000))
    kills = int(os.environ.get("THROUGHLINE_CHAOS_KILLS") or KILLS)
    sys.stdout.write(f"\nseed {seed}\n")
    dice = random.Random(seed)
    book = Quirks(words={"queued": "in_progress"})
    video = DialectServer(film_seconds=0.5, log=tmp_path / "orders.jsonl", quirks=book)
    async with FakeDiscord(limits=0.1) as discord, FakeTelegram(Limits(speed=10), typed=False) as telegram, video:
        own = environment(tmp_path / "home", discord, telegram, video)
        async with mortal(tmp_path / "home", own) as home:
            crowd = Crowd(discord, telegram, video, home)
            await home.starts()  # the commands are registered once, before anybody can use them
            await until(lambda: discord.commands.get(None), "commands are there")
            await home.killed()
            asking = asyncio.create_task(crowd.asks(dice))
            await dies_now_and_then(home, random.Random(seed), kills)
            await home.starts()
            await asking
            await until(crowd.settled, "all is settled")
            complaints = list(crowd.complaints())
            assert not complaints, f"seed {seed}: {len(complaints)}: {complaints[:10]}"
            assert home.kills == kills + 1
            sys.stdout.write(f"{home.kills} kills, {len(crowd.heard)} + {TAKES} takes, {len(crowd.unheard)} unheard\n")
