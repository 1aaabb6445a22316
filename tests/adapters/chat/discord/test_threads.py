"""Threads: a storyboard's shots go into one thread of its card, opened once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Button, Card
from bot.errors import DeliveryFault
from bot.people import Address
from bot.ports import Threads
from tests.adapters.chat.discord.stage_post import CARD, Set, on_set
from tests.fakes.discord.nouns import Channel

BOARD = Card(title="Storyboard · 2 shots", buttons=(Button("Edit", "edit_board:dc-1", asks=True),))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


async def pressed(stage: Set, channel: Channel | None = None) -> Address:
    """Where Ines tapped a storyboard's button."""
    place = channel or stage.channel
    await stage.poster.answer(stage.address(place), "dc-1", BOARD)
    return stage.address(place, pressed=f"discord/{place.id}/{place.last.id}", message=str(place.last.id))


async def test_a_message_has_one_thread_however_often_it_is_asked_for(stage: Set) -> None:
    assert isinstance(stage.poster, Threads)
    at = await pressed(stage)
    there = await stage.poster.thread(at, "Storyboard: The ferry\nat night")
    again = await stage.again().thread(at, "Storyboard: The ferry at night")

    assert there == again
    assert (there.chat, there.thread) == (at.chat, at.message)
    assert there.place == at.place
    assert (there.pressed, there.message, there.hook) == (None, None, "")
    thread = stage.discord.channels[int(there.thread or "")]
    assert (thread.name, thread.parent) == ("Storyboard: The ferry at night", stage.channel)

    await stage.poster.show(there, CARD.take, CARD, None)
    assert len(thread.messages) == 1
    assert len(stage.channel.messages) == 1


async def test_a_card_whose_thread_is_gone_goes_to_the_channel(stage: Set) -> None:
    there = await stage.poster.thread(await pressed(stage), "Storyboard")
    stage.discord.delete(stage.discord.channels[int(there.thread or "")])
    await stage.poster.show(there, CARD.take, CARD, None)
    assert len(stage.channel.messages) == 2


@pytest.mark.parametrize("where", ["no right", "forum post", "thread", "direct", "for her eyes alone", "nothing said"])
async def test_where_no_thread_can_be_it_goes_on_in_the_same_place(stage: Set, where: str) -> None:
    if where == "no right":
        stage.discord.revoke(stage.channel, "create_public_threads")
    if where == "forum post":
        at = await pressed(stage, stage.discord.post(stage.discord.forum(stage.guild)))
    elif where == "thread":
        at = await pressed(stage, stage.discord.thread(stage.channel))
    elif where == "direct":
        at = await pressed(stage, stage.discord.dm(stage.ines))
    elif where == "for her eyes alone":
        at = stage.address(pressed=f"discord/{stage.channel.id}/12345", message="12345")
    else:
        at = stage.address() if where == "nothing said" else await pressed(stage)
    assert await stage.poster.thread(at, "Storyboard") == at


async def test_what_may_pass_is_worth_another_try(stage: Set) -> None:
    at = await pressed(stage)
    stage.discord.faults.add("POST", r"/threads$", 503, times=9)
    with pytest.raises(DeliveryFault) as fault:
        await stage.poster.thread(at, "Storyboard")
    assert not fault.value.final


async def test_a_reply_to_a_storyboard_changes_it(stage: Set) -> None:
    at = await pressed(stage)
    assert await stage.meaning(at.pressed or "") == "edit_board:dc-1"
