"""Rate limits and faults, as clients meet them."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import discord as library
import pytest

from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes_tests.discord.raw import Raw, talking


@pytest.fixture
async def strict() -> AsyncIterator[FakeDiscord]:
    """With rate limits, as they are."""
    async with FakeDiscord() as fake:
        yield fake


def somewhere(fake: FakeDiscord, name: str = "chat") -> Channel:
    """A channel."""
    return fake.channel(fake.guild("set"), name)


async def test_five_in_five_seconds_for_each_channel(strict: FakeDiscord) -> None:
    place, other = somewhere(strict), somewhere(strict)
    async with talking(strict) as raw:
        answers = [await raw.say(place, content="x") for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:5]] == ["4", "3", "2", "1", "0"]
        no = answers[5]
        assert 4 < no.body["retry_after"] <= 5
        assert (no.body["global"], no.headers["X-RateLimit-Scope"], "Via" in no.headers) == (False, "user", True)
        assert float(no.headers["Retry-After"]) == no.body["retry_after"]
        assert (await raw.say(other, content="x")).status == 200
        assert (await raw.edit(place, answers[0].body["id"], content="y")).status == 200
        strict.skip(5)
        assert (await raw.say(place, content="x")).status == 200
    assert (strict.limits.invalid, strict.limits.refused, strict.broken) == (1, 1, [])


async def test_fifty_a_second_over_all(strict: FakeDiscord) -> None:
    places = [somewhere(strict, str(number)) for number in range(52)]
    async with talking(strict) as raw:
        answers = await asyncio.gather(*[raw.say(place, content="x") for place in places])
    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) == 2
    assert (refused[0].body["global"], refused[0].headers["X-RateLimit-Scope"]) == (True, "global")


async def test_old_messages_have_a_limit_of_their_own(strict: FakeDiscord) -> None:
    place = somewhere(strict)
    async with talking(strict) as raw:
        card = (await raw.say(place, content="0 %")).body["id"]
        strict.skip(3601)
        answers = [await raw.edit(place, card, content=f"{number} %") for number in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert (answers[3].body["code"], "Via" in answers[3].headers, place.last.text) == (30046, True, "2 %")


async def test_limits_can_be_made_shorter() -> None:
    async with FakeDiscord(limits=0.02) as fake, talking(fake) as raw:
        place = somewhere(fake)
        answers = [await raw.say(place, content="x") for _ in range(6)]
        assert answers[5].status == 429
        await asyncio.sleep(answers[5].body["retry_after"] + 0.01)
        assert (await raw.say(place, content="x")).status == 200


async def test_the_library_waits_as_it_is_told() -> None:
    async with FakeDiscord(limits=0.1) as fake:
        place = somewhere(fake)
        with fake.pointed():
            async with library.Client(intents=library.Intents.none()) as client:
                await client.login(fake.token)
                channel = client.get_partial_messageable(place.id)
                began = time.monotonic()
                for _ in range(11):
                    await channel.send("x")
        assert (len(place.messages), fake.limits.refused) == (11, 0)
        assert time.monotonic() - began > 0.8


async def test_a_status_that_comes_from_nowhere(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    discord.faults.add("POST", r"/channels/\d+/messages$", 503, times=2)
    discord.faults.add("*", "/users/@me", 429, retry_after=3)
    assert [(await raw.say(place, content="x")).status for _ in range(3)] == [503, 503, 200]
    limited = await raw("GET", "/users/@me")
    assert (limited.status, limited.body["retry_after"], "Via" in limited.headers) == (429, 3, True)
    discord.faults.add("POST", "messages", 403, code=50013)
    assert (await raw.say(place, content="x")).body == {"message": "Missing Permissions", "code": 50013}
    assert (len(place.messages), discord.faults.waiting) == (1, [])


async def test_an_answer_that_is_lost(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    discord.faults.add("POST", "messages", "reset after")
    with pytest.raises(aiohttp.ClientError):
        await raw.say(place, content="once", nonce="d-1", enforce_nonce=True)
    await raw.say(place, content="once", nonce="d-1", enforce_nonce=True)
    assert [said.text for said in place.messages] == ["once"]


async def test_a_request_that_is_lost(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    discord.faults.add("POST", "messages", "reset before")
    with pytest.raises(aiohttp.ClientError):
        await raw.say(place, content="never")
    assert place.messages == []


@pytest.mark.parametrize(("what", "made"), [("hang", 0), ("hang after", 1)])
async def test_an_answer_that_never_comes(discord: FakeDiscord, raw: Raw, place: Channel, what: str, made: int) -> None:
    discord.faults.add("POST", "messages", what)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(raw.say(place, content="x"), 0.2)
    assert len(place.messages) == made


async def test_an_answer_that_takes_its_time(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    discord.faults.add("POST", "messages", delay=0.15)
    began = time.monotonic()
    assert (await raw.say(place, content="x")).status == 200
    assert time.monotonic() - began >= 0.15


async def test_every_request_is_noted(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    await raw.say(place, content="x", files={"a.mp4": b"clip"})
    await raw("GET", "/channels/7/messages?limit=5")
    first, second = discord.calls
    assert (first.method, first.route, first.files, first.status) == (
        "POST",
        f"/channels/{place.id}/messages",
        {"a.mp4": 4},
        200,
    )
    assert isinstance(first.json, dict)
    assert (first.json["content"], second.status, second.code, second.query) == ("x", 404, 10003, {"limit": "5"})
