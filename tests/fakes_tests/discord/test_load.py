"""A crowd at one instant: the fake must not be what is slow."""

import asyncio
import time

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.control import spawned
from tests.fakes_tests.discord.raw import soon
from tests.fakes_tests.discord.small_bot import SmallBot
from tests.fakes_tests.discord.test_control import point

CROWD = 300
ROOMS = [f"room-{number}" for number in range(30)]
MILLISECONDS_EACH = 4.0
"""What one member may cost the fake: a command, three requests, a message told; measured 1.3 on a small machine."""


async def test_three_hundred_at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    async with spawned("--limits", "0") as remote:
        point(remote, monkeypatch)
        await remote("guild", name="set")
        for name in ROOMS:
            await remote("channel", guild="set", name=name)
        async with SmallBot() as bot:
            running = bot.loop.create_task(bot.start((await remote("state"))["token"]))
            await soon(bot.is_ready)
            before = await remote("count")
            heard = await remote("crowd", count=CROWD, channels=ROOMS, name="echo", options={"words": "a fox"})
            deadline = time.monotonic() + 30
            while (after := await remote("count"))["calls"] < before["calls"] + 3 * CROWD:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)
        await running
    assert None not in [one["acknowledged_within"] for one in heard]
    assert after["messages"] == CROWD
    assert (after["processor"] - before["processor"]) * 1000 / CROWD < MILLISECONDS_EACH


async def test_each_waits_for_itself_alone() -> None:
    async with FakeDiscord(limits=False) as fake:
        heard = [fake._interaction(2, fake.user(str(n)), fake.dm(fake.user(str(n))), {}) for n in range(CROWD)]
        assert len({one.pulse for one in heard}) == CROWD
