"""Cards in a channel: posted once, edited in place, moved where they cannot stay; progress at a pace."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card
from bot.errors import DeliveryFault
from tests.adapters.chat.discord.stage_post import CANCELLED, CARD, READY, TAKE, Set, clips, on_set, rolling


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


async def test_a_card_is_posted_and_then_edited(stage: Set) -> None:
    address = stage.address()
    card = await stage.poster.show(address, TAKE, CARD, None)
    assert await stage.poster.show(address, TAKE, CANCELLED, card) == card
    assert len(stage.channel.messages) == 1
    assert "cancelled" in stage.channel.last.text
    assert await stage.meaning(card) == f"remix:{TAKE}"


@pytest.mark.parametrize("fault", ["reset after", "hang after", 500, 503])
async def test_one_card_whatever_breaks(stage: Set, fault: str | int) -> None:
    stage.discord.faults.add("POST", "/messages", fault)
    await stage.poster.show(stage.address(), TAKE, CARD, None)
    assert len(stage.channel.messages) == 1


@pytest.mark.parametrize("later", [5.0, 3600.0])
async def test_one_card_after_a_crash(stage: Set, later: float) -> None:
    stage.discord.faults.add("POST", "/messages", "reset after", times=3)
    with pytest.raises(DeliveryFault):
        await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.skip(later)
    await stage.again().show(stage.address(), TAKE, CARD, None)
    assert len(stage.channel.messages) == 1


async def test_a_card_whose_place_was_not_remembered_is_found_and_edited(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    assert await stage.again().show(stage.address(), TAKE, CANCELLED, None) == card
    assert "cancelled" in stage.channel.last.text


async def test_many_at_once_post_one_card(stage: Set) -> None:
    await asyncio.gather(*(stage.poster.show(stage.address(), TAKE, CARD, None) for _ in range(5)))
    assert len(stage.channel.messages) == 1


async def test_an_older_card_never_replaces_a_newer_one(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, rolling(50), None)
    await stage.poster.show(stage.address(), TAKE, CARD, card)
    assert "50 %" in stage.channel.last.text


async def test_a_deleted_card_is_posted_anew_and_followed(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.delete(stage.channel.last)
    for poster in (stage.poster, stage.again()):
        await poster.show(stage.address(), TAKE, CANCELLED, card)
        assert len(stage.channel.messages) == 1
        assert "cancelled" in stage.channel.last.text


async def test_a_deleted_clip_is_not_posted_anew_as_a_card(stage: Set) -> None:
    clip = await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    stage.discord.delete(stage.channel.last)
    with pytest.raises(DeliveryFault) as gone:
        await stage.poster.show(stage.address(), TAKE, READY, clip)
    assert gone.value.final
    assert stage.channel.messages == []


async def test_a_thread_put_away_meanwhile_is_opened_by_a_new_card(stage: Set) -> None:
    thread = stage.discord.thread(stage.channel)
    card = await stage.poster.show(stage.address(thread), TAKE, CARD, None)
    stage.discord.archive(thread)
    await stage.poster.show(stage.address(thread), TAKE, CANCELLED, card)
    assert not thread.archived
    assert len(thread.messages) == 1
    assert "cancelled" in thread.last.text


async def test_progress_does_not_open_a_thread_that_was_put_away(stage: Set) -> None:
    thread = stage.discord.thread(stage.channel)
    card = await stage.poster.show(stage.address(thread), TAKE, CARD, None)
    stage.discord.archive(thread)
    for percent in range(3):
        await stage.poster.progress(stage.address(thread), TAKE, rolling(percent), card)
        await asyncio.sleep(0.06)
    assert thread.archived
    assert stage.count("PATCH") == 1


async def test_the_end_of_a_take_in_a_lost_channel_is_told_by_direct_message_and_stays_there(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.delete(stage.channel)
    await stage.poster.show(stage.address(), TAKE, CANCELLED, card)
    direct = stage.discord.dm(stage.ines)
    assert "cancelled" in direct.last.text
    assert "for <@" not in direct.last.text
    await stage.poster.show(stage.address(), TAKE, replace(CANCELLED, revision=20, status="expired"), card)
    assert len(direct.messages) == 1
    assert "expired" in direct.last.text


async def test_a_closed_conversation_is_final(stage: Set) -> None:
    direct = stage.discord.dm(stage.ines)
    stage.discord.close_dms(stage.ines)
    with pytest.raises(DeliveryFault) as closed:
        await stage.poster.show(stage.address(direct), TAKE, CARD, None)
    assert closed.value.final


# progress


async def test_progress_returns_at_once_and_the_newest_is_shown(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    before = stage.count("PATCH")
    for percent in range(1, 90):
        await stage.poster.progress(stage.address(), TAKE, rolling(percent), card)
    assert stage.count("PATCH") == before
    await stage.discord.until(lambda: "89 %" in stage.channel.last.text)
    assert stage.count("PATCH") <= 2


async def test_progress_that_changes_nothing_is_not_sent(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    for revision in range(5):
        await stage.poster.progress(stage.address(), TAKE, replace(rolling(40), revision=50 + revision), card)
        await asyncio.sleep(0.06)
    assert stage.count("PATCH") == 1


async def test_progress_never_comes_after_the_end(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    for _ in range(20):
        await stage.poster.progress(stage.address(), TAKE, rolling(7), card)
        await stage.poster.show(stage.address(), TAKE, replace(CANCELLED, revision=8), card)
        await stage.poster.progress(stage.address(), TAKE, rolling(6), card)
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.12)
    assert "cancelled" in stage.channel.last.text


async def test_progress_ends_before_the_message_is_an_hour_old(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.skip(56 * 60)
    await stage.poster.progress(stage.address(), TAKE, rolling(90), card)
    await asyncio.sleep(0.1)
    assert stage.count("PATCH") == 0


async def test_the_end_of_a_long_take_is_told_though_old_messages_take_few_edits(tmp_path: Path) -> None:
    async with on_set(tmp_path) as stage:
        cards = [await stage.poster.show(stage.address(), f"t{n}", CARD, None) for n in range(5)]
        stage.discord.skip(2 * 3600)
        stage.discord.limits.factor = 1.0
        ends = [stage.poster.show(stage.address(), f"t{n}", CANCELLED, card) for n, card in enumerate(cards)]
        await asyncio.wait_for(asyncio.gather(*ends), 10)
        assert len(stage.channel.messages) == 5
        assert sum("cancelled" in said.text for said in stage.channel.messages) == 5


async def test_progress_on_a_deleted_card_stops(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.delete(stage.channel.last)
    for percent in range(4):
        await stage.poster.progress(stage.address(), TAKE, rolling(percent), card)
        await asyncio.sleep(0.06)
    assert stage.count("PATCH") == 1
    assert stage.channel.messages == []


@pytest.mark.parametrize("reference", ["", "discord/1", "telegram/1/x", "discord/a/b"])
async def test_progress_never_raises(stage: Set, reference: str) -> None:
    await stage.poster.progress(stage.address(), TAKE, rolling(1), reference)


async def test_progress_of_fifty_takes_keeps_its_pace_and_delays_no_clip(tmp_path: Path) -> None:
    """With the limits of a channel, five times as fast: five messages and five edits a second."""
    async with on_set(tmp_path, gap=1.0) as stage:
        takes = [f"take-{n}" for n in range(50)]
        cards = await asyncio.gather(
            *(stage.poster.show(stage.address(), take, rolling(0, take), None) for take in takes)
        )
        stage.discord.limits.factor, busy = 0.2, asyncio.Event()
        talking = asyncio.create_task(keep_talking(stage, takes, cards, busy))
        await asyncio.sleep(1.2)
        stage.discord.calls.clear()
        clock = asyncio.get_running_loop()
        start = clock.time()
        await stage.poster.deliver(stage.address(), takes[7], take_ready(takes[7]), [stage.clip()], cards[7])
        took = clock.time() - start
        await asyncio.sleep(2.2)
        busy.set()
        await talking
        assert len(clips(stage.channel)) == 1
        assert took < 0.5
        assert stage.count("PATCH") <= 5, "one a second, for all fifty"
        assert not any(call.status == 429 for call in stage.discord.calls)


async def keep_talking(stage: Set, takes: list[str], cards: list[str], busy: asyncio.Event) -> None:
    """Every take has news ten times a second."""
    percent = 0
    while not busy.is_set():
        percent = (percent + 1) % 100
        for take, card in zip(takes, cards, strict=True):
            await stage.poster.progress(stage.address(), take, rolling(percent, take), card)
        await asyncio.sleep(0.1)


def take_ready(take: str) -> Card:
    buttons = tuple(replace(each, action=each.action.replace(TAKE, take)) for each in READY.buttons)
    return replace(READY, take=take, revision=500, buttons=buttons)


async def test_a_clip_overtakes_the_cards_that_wait(tmp_path: Path) -> None:
    async with on_set(tmp_path, limits=0.2) as stage:
        waiting = [asyncio.create_task(stage.poster.show(stage.address(), f"t{n}", CARD, None)) for n in range(30)]
        await stage.discord.until(lambda: len(stage.channel.messages) >= 5)
        await stage.poster.deliver(stage.address(), "clip", take_ready("clip"), [stage.clip()], None)
        before = len(stage.channel.messages)
        await asyncio.gather(*waiting)
        assert before <= 20, "it did not wait for thirty cards"
        assert stage.discord.limits.refused == 0
