"""A fake Discord with a place, a member and a bare HTTP client."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import Raw, talking


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """Without rate limits, so that nobody waits."""
    async with FakeDiscord(limits=False) as fake:
        yield fake


@pytest.fixture
async def raw(discord: FakeDiscord) -> AsyncIterator[Raw]:
    """Requests as they are, without a library's care."""
    async with talking(discord) as client:
        yield client


@pytest.fixture
def place(discord: FakeDiscord) -> Channel:
    """A text channel of a guild without boosts."""
    return discord.channel(discord.guild("set"), "night-shoots")


@pytest.fixture
def ines(discord: FakeDiscord) -> User:
    """A member."""
    return discord.user("ines")
