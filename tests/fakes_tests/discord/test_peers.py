"""The same small bot on simcord, an independent simulation of Discord, and on our fake: what it shows is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord as library
import pytest
import simcord

from tests.fakes.discord import FakeDiscord
from tests.fakes_tests.discord.small_bot import SmallBot

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
    """Status and code of what the library raises."""
    with pytest.raises(library.HTTPException) as no:
        await send
    return no.value.status, no.value.code


async def test_both_refuse_the_same() -> None:
    async with simcord.run(bot := SmallBot()) as env:
        guild = env.create_guild()
        place = guild.create_text_channel("chat")
        theirs = await refusals(bot, place.id)
    async with FakeDiscord(limits=False) as fake, fake.connected(bot := SmallBot()):
        ours = await refusals(bot, fake.channel(fake.guild("set"), "chat").id)
    assert ours == theirs == [(400, 50035), (400, 50006), (404, 10008), (404, 10003), (400, 50035)]


async def refusals(bot: SmallBot, number: int) -> list[tuple[int, int]]:
    """Too long, empty, unknown message, unknown channel, reply to nothing."""
    place = bot.get_partial_messageable(number)
    nothing = library.MessageReference(message_id=7, channel_id=number)
    return [
        await refused_by(place.send("x" * 2001)),
        await refused_by(place.send("")),
        await refused_by(place.get_partial_message(7).edit(content="x")),
        await refused_by(bot.get_partial_messageable(7).send("x")),
        await refused_by(place.send("x", reference=nothing)),
    ]
