"""The same small bot on simcord, an independent simulation of Discord, and on our fake: what it shows is the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord as library
import simcord
from discord.http import Route

from tests.fakes.discord import FakeDiscord
from tests.fakes_tests.discord.small_bot import SmallBot
from tests.fakes_tests.discord.test_components import BAD, GOOD

Verdicts = list[tuple[int, int]]
FORGIVEN = {
    "components.0.components.0.label: BASE_TYPE_INVALID",
    "components.0.components.0.url: URL_TYPE_INVALID_SCHEME",
    "components.0.items.0.media.url: URL_TYPE_INVALID_SCHEME",
    "components.0.file.url: URL_TYPE_INVALID_SCHEME",
}
"""What simcord 3.2 lets pass and Discord does not: a button without a face, addresses of another kind."""
WORDS = "同样的镜头，夜里 🎬"


@dataclass(frozen=True)
class Shown:
    """What a member and the bot saw."""

    answer: str
    private: bool
    posted: list[str]
    heard: list[tuple[str, str, bool]]
    """Of each message the bot heard: content, kind, whether it is mentioned."""


def heard_by(bot: SmallBot) -> list[tuple[str, str, bool]]:
    """As the library understood it."""
    assert bot.user
    return [(said.content, said.type.name, bot.user in said.mentions) for said in bot.said]


async def on_simcord() -> Shown:
    """The scene on simcord."""
    async with simcord.run(bot := SmallBot()) as env:
        guild = env.create_guild()
        place = guild.create_text_channel("night-shoots")
        ines = guild.add_member(env.create_user("ines"))
        result = await ines.slash(place, "echo", words=WORDS)
        assert result.response is not None
        posted = place.last_message
        assert posted is not None
        await ines.send(place, "at night", reply_to=posted)
        await ines.send(place, "hello")
        await env.settle()
        return Shown(result.response.content, result.ephemeral, [posted.content], heard_by(bot))


async def on_ours() -> Shown:
    """The scene on our fake."""
    async with FakeDiscord(limits=False) as fake, fake.connected(bot := SmallBot()):
        place, ines = fake.channel(fake.guild("set"), "night-shoots"), fake.user("ines")
        result = await (await fake.slash(ines, place, "echo", words=WORDS)).settled()
        posted = [said.text for said in place.messages]
        await fake.say(ines, place, "at night", reply_to=place.last)
        await fake.say(ines, place, "hello")
        await fake.until(lambda: len(bot.said) == 2)
        assert fake.broken == []
        return Shown(result.text, result.ephemeral, posted, heard_by(bot))


async def test_both_stages_show_the_same() -> None:
    ours = await on_ours()
    assert ours == Shown(f"said: {WORDS}", True, [WORDS], [("at night", "reply", True), ("", "default", False)])
    assert await on_simcord() == ours


async def refused_by(send: Any) -> tuple[int, int]:
    """Status and code of what the library raises; zeros where it does not."""
    try:
        await send
    except library.HTTPException as no:
        return no.status, no.code
    return 0, 0


async def refusals(bot: SmallBot, number: int) -> list[tuple[int, int]]:
    """Too long, empty, unknown message, unknown channel."""
    place = bot.get_partial_messageable(number)
    return [
        await refused_by(place.send("x" * 2001)),
        await refused_by(place.send("")),
        await refused_by(place.get_partial_message(7).edit(content="x")),
        await refused_by(bot.get_partial_messageable(7).send("x")),
    ]


async def verdicts(bot: SmallBot, number: int) -> list[tuple[int, int]]:
    """On every good and every bad card."""
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=number)
    cards = [*GOOD, *[bad for bad, _ in BAD]]
    return [await refused_by(bot.http.request(route, json={"components": card, "flags": 1 << 15})) for card in cards]


async def both(judge: Callable[[SmallBot, int], Awaitable[Verdicts]]) -> tuple[Verdicts, Verdicts]:
    """What ours says and what simcord says."""
    async with simcord.run(bot := SmallBot()) as env:
        guild = env.create_guild()
        theirs = await judge(bot, guild.create_text_channel("chat").id)
    async with FakeDiscord(limits=False) as fake, fake.connected(bot := SmallBot()):
        return await judge(bot, fake.channel(fake.guild("set"), "chat").id), theirs


async def test_both_refuse_the_same_messages() -> None:
    ours, theirs = await both(refusals)
    assert ours == [(400, 50035), (400, 50006), (404, 10008), (404, 10003)]
    # simcord 3.2 calls an empty message a bad form; Discord's table of codes has a line of its own for it
    assert theirs == [(400, 50035), (400, 50035), (404, 10008), (404, 10003)]


async def test_both_judge_cards_alike() -> None:
    ours, theirs = await both(verdicts)
    names = ["good"] * len(GOOD) + [no for _, no in BAD]
    differ = {name for name, our, their in zip(names, ours, theirs, strict=True) if our != their}
    assert differ == FORGIVEN
