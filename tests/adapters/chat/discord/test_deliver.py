"""A clip arrives once: whatever breaks on the way, whoever tries again, however much later."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, PromptPart
from bot.errors import DeliveryFault, TooLarge
from tests.adapters.chat.discord.stage_post import CARD, READY, TAKE, Set, clips, on_set


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


async def test_the_clip_is_a_new_message_and_the_card_gives_way(stage: Set) -> None:
    address = stage.address()
    card = await stage.poster.show(address, TAKE, CARD, None)
    clip = await stage.poster.deliver(address, TAKE, READY, [stage.clip()], card)
    await stage.discord.until(lambda: len(stage.channel.messages) == 1)
    said = stage.channel.last
    assert clip == f"discord/{stage.channel.id}/{said.id}"
    assert list(said.files) == ["1A-2.mp4"]
    assert len(said.shown) == 1, "it plays in place"
    assert said.text.startswith(f"### 1A-2\n-# for <@{stage.ines.id}>")
    assert said.pinged == []
    assert await stage.meaning(clip) == f"remix:{TAKE}"


async def test_the_usual_way_asks_for_no_history(stage: Set) -> None:
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert stage.count("GET") == 0


async def test_a_changed_card_keeps_its_clip(stage: Set) -> None:
    clip = await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    await stage.poster.show(stage.address(), TAKE, READY, clip)
    assert list(stage.channel.last.files) == ["1A-2.mp4"]
    assert len(stage.channel.last.shown) == 1


async def test_several_parts_stand_in_one_message(stage: Set) -> None:
    parts = [stage.clip(0.001), stage.clip(0.002)]
    clip = await stage.poster.deliver(stage.address(), TAKE, READY, parts, None)
    await stage.poster.show(stage.address(), TAKE, READY, clip)
    assert list(stage.channel.last.files) == ["1A-2-part-1.mp4", "1A-2-part-2.mp4"]
    assert len(stage.channel.last.shown) == 2


FAULTS = ("reset before", "reset after", "hang", "hang after", 500, 502, 503)


@pytest.mark.parametrize("fault", FAULTS)
async def test_one_clip_whatever_breaks(stage: Set, fault: str | int) -> None:
    stage.discord.faults.add("POST", "/messages", fault)
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 1


@pytest.mark.parametrize("fault", FAULTS[:4])
@pytest.mark.parametrize("later", [5.0, 3600.0])
async def test_one_clip_after_everything_failed_and_the_process_came_again(
    stage: Set, fault: str, later: float
) -> None:
    """Within the nonce's life and long after it."""
    stage.discord.faults.add("POST", "/messages", fault, times=3)
    with pytest.raises(DeliveryFault) as broken:
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert not broken.value.final
    stage.discord.skip(later)
    await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 1


@pytest.mark.parametrize(("before", "after"), [(0, 130), (230, 0)])
async def test_one_clip_though_hundreds_of_others_spoke_around_it(stage: Set, before: int, after: int) -> None:
    for number in range(before):
        await stage.discord.say(stage.ines, stage.channel, f"line {number}")
    stage.discord.faults.add("POST", "/messages", "reset after", times=3)
    with pytest.raises(DeliveryFault):
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    for number in range(after):
        await stage.discord.say(stage.ines, stage.channel, f"line {number}")
    stage.discord.skip(3600)
    await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 1


async def test_killed_between_sending_and_returning(stage: Set) -> None:
    stage.discord.faults.add("POST", "/messages", delay=0.1)
    going = asyncio.create_task(stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None))
    await stage.discord.until(lambda: stage.count("POST") == 1)
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    stage.discord.skip(3600)
    reference = await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 1
    assert await stage.meaning(reference) == f"remix:{TAKE}"


async def test_the_same_clip_asked_for_many_times_at_once(stage: Set) -> None:
    others = [stage.poster, stage.poster, stage.again(), stage.again()]
    references = await asyncio.gather(
        *(poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None) for poster in others)
    )
    assert len(set(references)) == 1
    assert len(clips(stage.channel)) == 1


async def test_delivered_is_delivered(stage: Set) -> None:
    first = await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    stage.discord.skip(3600)
    assert await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], None) == first
    assert stage.count("POST") == 1


async def test_another_take_is_another_clip(stage: Set) -> None:
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    await stage.poster.deliver(stage.address(), "other", READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 2


async def test_where_history_cannot_be_read_the_card_becomes_the_clip(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.faults.add("POST", "/messages", "reset before", times=3)
    with pytest.raises(DeliveryFault):
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], card)
    stage.discord.revoke(stage.channel, "read_message_history")
    stage.discord.skip(3600)
    again = stage.again()
    assert await again.deliver(stage.address(), TAKE, READY, [stage.clip()], card) == card
    assert await again.deliver(stage.address(), TAKE, READY, [stage.clip()], card) == card
    assert len(stage.channel.messages) == 1
    assert list(stage.channel.last.files) == ["1A-2.mp4"]


async def test_a_crash_before_the_card_is_gone_is_made_good(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.faults.add("DELETE", "/messages", 403, code=50013)
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], card)
    await stage.discord.until(lambda: stage.count("DELETE") == 1)
    await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], card)
    await stage.discord.until(lambda: len(stage.channel.messages) == 1)
    assert clips(stage.channel)


# where it no longer fits, or no longer can be


async def test_fourteen_mebibytes_are_refused_before_they_are_sent(stage: Set) -> None:
    with pytest.raises(TooLarge) as refused:
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip(14)], None)
    assert refused.value.limit == await stage.poster.room(stage.address()) == 10_000_000
    assert stage.count("POST") == 0


@pytest.mark.parametrize(("tier", "room"), [(0, 10_000_000), (1, 10_000_000), (2, 50_000_000), (3, 100_000_000)])
async def test_a_boosted_server_takes_more(stage: Set, tier: int, room: int) -> None:
    stage.guild.tier = tier
    assert await stage.poster.room(stage.address()) == room
    assert await stage.poster.room(stage.address(stage.discord.dm(stage.ines))) == 10_000_000
    await stage.poster.room(stage.address())
    assert stage.count("GET", "/guilds/") == 1, "asked once in ten minutes"


async def test_what_discord_refused_is_learned(stage: Set) -> None:
    stage.guild.tier = 2
    stage.discord.faults.add("POST", "/messages", 413, code=40005)
    with pytest.raises(TooLarge) as refused:
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip(14)], None)
    assert refused.value.limit == await stage.poster.room(stage.address()) == 10_000_000
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip(9)], None)
    assert len(clips(stage.channel)) == 1


async def test_a_slow_upload_is_given_its_time(stage: Set) -> None:
    stage.discord.faults.add("POST", "/messages", delay=0.8)
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip(1)], None)
    assert stage.count("POST") == 1, "1 MiB is given 16 s beside the 0.4 s that a small request has"


async def test_a_deleted_card_is_no_obstacle(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.delete(stage.channel.last)
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], card)
    assert len(clips(stage.channel)) == 1


async def test_from_a_deleted_channel_the_clip_comes_by_direct_message(stage: Set) -> None:
    card = await stage.poster.show(stage.address(), TAKE, CARD, None)
    stage.discord.delete(stage.channel)
    reference = await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], card)
    direct = stage.discord.dm(stage.ines)
    assert reference == f"discord/{direct.id}/{direct.last.id}"
    assert list(direct.last.files) == ["1A-2.mp4"]


@pytest.mark.parametrize("right", ["send_messages", "attach_files", "view_channel"])
async def test_without_the_right_to_post_the_clip_comes_by_direct_message(stage: Set, right: str) -> None:
    stage.discord.revoke(stage.channel, right)
    await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.discord.dm(stage.ines))) == 1
    await stage.poster.deliver(stage.address(), "next", READY, [stage.clip()], None)
    assert stage.count("POST", f"/channels/{stage.channel.id}/") == 1, (
        "a place that refused us is not asked again at once"
    )


async def test_a_direct_message_has_its_own_room(stage: Set) -> None:
    stage.guild.tier = 3
    stage.discord.delete(stage.channel)
    with pytest.raises(TooLarge) as refused:
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip(14)], None)
    assert refused.value.limit == 10_000_000


async def test_where_everything_is_closed_it_is_final(stage: Set) -> None:
    stage.discord.revoke(stage.channel, "send_messages")
    stage.discord.close_dms(stage.ines)
    for _ in range(2):
        with pytest.raises(DeliveryFault) as closed:
            await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
        assert closed.value.final
    assert stage.discord.limits.invalid == 2, "403s count towards a ban: nobody is asked twice"


async def test_a_sleeping_thread_wakes_up_for_its_clip(stage: Set) -> None:
    thread = stage.discord.thread(stage.channel, archived=True)
    await stage.poster.deliver(stage.address(thread), TAKE, READY, [stage.clip()], None)
    assert len(clips(thread)) == 1


async def test_from_a_locked_thread_the_clip_goes_elsewhere(stage: Set) -> None:
    thread = stage.discord.thread(stage.channel, archived=True, locked=True)
    await stage.poster.deliver(stage.address(thread), TAKE, READY, [stage.clip()], None)
    assert len(clips(stage.discord.dm(stage.ines))) == 1
    in_its_channel = stage.address(thread, chat=str(stage.channel.id))
    await stage.poster.deliver(in_its_channel, "other", READY, [stage.clip()], None)
    assert len(clips(stage.channel)) == 1


async def test_no_token_no_noise(stage: Set, caplog: pytest.LogCaptureFixture) -> None:
    poster = stage.again(token="a-wrong-token")
    for _ in range(5):
        with pytest.raises(DeliveryFault) as refused:
            await poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
        assert not refused.value.final
    assert stage.discord.limits.invalid == 1
    assert "DISCORD_TOKEN" in caplog.text
    assert "a-wrong-token" not in caplog.text


async def test_what_only_resembles_the_clip_is_not_taken_for_it(stage: Set) -> None:
    """Another message of ours about the same take, with a file."""
    stage.discord.faults.add("POST", "/messages", "reset before", times=3)
    with pytest.raises(DeliveryFault):
        await stage.poster.deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    story = Card(title="1A-2", prompt=(PromptPart("Spine", "x" * 6000),), take=TAKE, buttons=READY.buttons)
    await stage.poster.answer(stage.address(), "dc-1", story)
    stage.discord.skip(3600)
    await stage.again().deliver(stage.address(), TAKE, READY, [stage.clip()], None)
    assert sorted(name for said in clips(stage.channel) for name in said.files) == ["1A-2.mp4", "prompt.txt"]


async def test_a_linked_clip_is_found_again_too(stage: Set) -> None:
    assert READY.clip is not None
    linked = replace(READY, clip=replace(READY.clip, url="https://film.example/clips/1"))
    stage.discord.faults.add("POST", "/messages", "reset after", times=3)
    with pytest.raises(DeliveryFault):
        await stage.poster.deliver(stage.address(), TAKE, linked, [], None)
    stage.discord.skip(3600)
    clip = await stage.again().deliver(stage.address(), TAKE, linked, [], None)
    assert len(stage.channel.messages) == 1
    assert stage.channel.last.labels[0] == "Watch the clip"
    stage.discord.skip(3600)
    assert await stage.again().show(stage.address(), TAKE, linked, clip) == clip, "it is no card that has grown old"
