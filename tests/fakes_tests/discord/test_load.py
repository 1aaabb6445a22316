"""A crowd at one instant: the fake must not be what is slow."""

import resource
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
"""What one member may cost the fake: a command, three requests, a message told; measured 1 on a small machine."""


async def test_three_hundred_at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    async with spawned("--limits", "0") as remote:
        point(remote, monkeypatch)
        await remote("guild", name="set")
        for name in ROOMS:
            await remote("channel", guild="set", name=name)
        async with SmallBot() as bot:
            running = bot.loop.create_task(bot.start((await remote("state"))["token"]))
            await soon(bot.is_ready)
            heard = await remote("crowd", count=CROWD, channels=ROOMS, name="echo", options={"words": "a fox"})
            quick = [one["acknowledged_within"] for one in heard]
            assert len(quick) == CROWD
            assert None not in quick
            deadline = time.monotonic() + 30
            while (await remote("state"))["calls"] < 3 + 3 * CROWD:
                assert time.monotonic() < deadline
        await running
        shown = [one for name in ROOMS for one in await remote("messages", channel=name)]
        assert len(shown) == CROWD
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"acknowledged within {max(quick):.3f} s; {spent:.2f} s of processor in the fake")
    assert spent * 1000 / CROWD < MILLISECONDS_EACH + 10


async def test_each_waits_for_itself_alone() -> None:
    async with FakeDiscord(limits=False) as fake:
        heard = [fake._interaction(2, fake.user(str(n)), fake.dm(fake.user(str(n))), {}) for n in range(CROWD)]
        assert len({one.pulse for one in heard}) == CROWD
