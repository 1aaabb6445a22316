"""The clip: once in the chat whatever breaks, never twice, never none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.chat.telegram.rate import PRIVATE
from bot.cards import Card, CardClip, Tone
from bot.errors import DeliveryFault, TooLarge
from tests.adapters.chat.telegram.deck import CLIP, TAPS, ready, rolling
from tests.adapters.chat.telegram.studio import SPEED, Studio, address, at, clips, studio
from tests.fakes.telegram import Chat, Limits


async def posted(stage: Studio, chat: Chat, take: str = "t1") -> str:
    """A take whose card stands in the chat."""
    return await stage.poster().show(address(chat), take, rolling(take=take), None)


async def test_the_card_becomes_the_clip_and_a_line_says_so(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    poster = patient.poster()
    card = await poster.show(address(chat), "t1", rolling(), None)
    assert await poster.deliver(address(chat), "t1", ready(), [patient.clip()], card) == card

    clip = chat.posted[0]
    assert clip.video is not None
    assert (clip.video.width, clip.video.height, clip.video.duration) == (320, 180, 6)
    assert clip.video.supports_streaming
    assert clip.video.name == "1C-2.mp4"
    assert clip.caption.startswith("1C-2\nsame shot, at night\n")
    assert sorted(clip.labels) == sorted(TAPS)

    line = await patient.ready_line(chat)
    assert line.text == "Ready: 1C-2"
    assert line.reply_to is clip
    assert await patient.meaning(at(line)) == await patient.meaning(card) == "remix:t1"


async def test_a_small_picture_beside_the_file_is_sent_along(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    file = patient.clip()
    Path(f"{file}.jpg").write_bytes(b"\xff\xd8\xff" + bytes(900))
    await patient.poster().deliver(address(chat), "t1", ready(), [file], await posted(patient, chat))
    video = clips(chat)[0].video
    assert video is not None
    assert video.thumbnail is not None


@pytest.mark.parametrize("what", ["hang after", "reset after", "reset before", "hang", 502])
async def test_a_delivery_of_unknown_fate_ends_in_one_clip(patient: Studio, what: str | int) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    patient.telegram.faults.add("editMessageMedia", what)
    poster = patient.poster()
    await poster.deliver(address(chat), "t1", ready(), [patient.clip()], await posted(patient, chat))
    assert len(clips(chat)) == 1
    await patient.ready_line(chat)
    assert len(chat.posted) == 2


async def test_a_delivery_that_was_done_though_it_failed_ends_in_one_clip(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    patient.telegram.faults.add("editMessageMedia", 502, done=True, times=9)
    card = await posted(patient, chat)
    with pytest.raises(DeliveryFault) as fault:
        await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], card)
    assert not fault.value.final
    patient.telegram.faults.clear()
    assert await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], card) == card
    assert len(clips(chat)) == 1


async def test_delivered_again_by_another_process_it_is_still_one_clip(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    card = await posted(patient, chat)
    for _ in range(3):
        assert await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], card) == card
    assert len(clips(chat)) == 1
    uploads = [call for call in patient.telegram.calls if call.method == "editMessageMedia" and call.files]
    assert len(uploads) == 1, "Telegram has the file already"


async def test_two_processes_at_once_deliver_one_clip(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    file = patient.clip()
    ends = await asyncio.gather(
        *(patient.poster().deliver(address(chat), "t1", ready(), [file], None) for _ in range(3))
    )
    assert len(set(ends)) == 1
    assert [at(each) for each in clips(chat)] == [ends[0]]
    assert all("Ready" in each.text for each in chat.posted if not each.video)


async def test_without_a_card_one_is_posted_first(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    end = await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], None)
    assert [at(each) for each in clips(chat)] == [end]


async def test_a_crash_between_card_and_clip_makes_no_second_card(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    patient.telegram.faults.add("editMessageMedia", "hang")
    poster = patient.poster(long=60.0)
    killed = asyncio.create_task(poster.deliver(address(chat), "t1", ready(), [patient.clip()], None))
    await patient.telegram.until(lambda: any(call.method == "editMessageMedia" for call in patient.telegram.calls))
    killed.cancel()
    await asyncio.gather(killed, poster.close(), return_exceptions=True)

    await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], None)
    await patient.ready_line(chat)
    assert len(clips(chat)) == 1
    assert len(chat.posted) == 2


@pytest.mark.parametrize("what", ["hang", "hang after"])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageMedia"])
async def test_killed_at_any_request_there_is_one_clip_in_the_end(patient: Studio, method: str, what: str) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    patient.telegram.faults.add(method, what)
    first = patient.poster(quick=60.0, long=60.0)
    killed = asyncio.create_task(first.deliver(address(chat), "t1", ready(), [patient.clip()], None))
    await patient.telegram.until(lambda: any(call.status == 0 for call in patient.telegram.calls))
    killed.cancel()
    await asyncio.gather(killed, first.close(), return_exceptions=True)
    assert len(clips(chat)) <= 1

    end = await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], None)
    assert [at(each) for each in clips(chat)] == [end]


async def test_a_deleted_card_is_replaced_and_becomes_the_clip(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    card = await posted(patient, chat)
    patient.telegram.delete(chat.posted[0])
    poster = patient.poster()
    end = await poster.deliver(address(chat), "t1", ready(), [patient.clip()], card)
    assert end != card
    assert [at(each) for each in clips(chat)] == [end]
    assert await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], card) == end, (
        "by the old reference"
    )
    assert len(clips(chat)) == 1


async def test_a_group_that_moved_gets_its_clip_in_its_new_place(patient: Studio) -> None:
    ines = patient.telegram.user("ines")
    group = patient.telegram.group("set", basic=True)
    wish = await patient.telegram.say(ines, group, "/generate a fox")
    poster = patient.poster()
    card = await poster.show(address(group, wish), "t1", rolling(), None)
    new = patient.telegram.migrate(group)
    end = await poster.deliver(address(group, wish), "t1", ready(), [patient.clip()], card)
    assert [at(each) for each in clips(new)] == [end]
    assert not clips(group)


async def test_a_member_who_blocked_the_bot_gets_no_clip_and_that_is_final(patient: Studio) -> None:
    ines = patient.telegram.user("ines")
    chat = patient.telegram.private(ines)
    card = await posted(patient, chat)
    patient.telegram.block(ines)
    with pytest.raises(DeliveryFault) as fault:
        await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], card)
    assert fault.value.final


async def test_a_group_without_clips_still_has_answers(patient: Studio) -> None:
    group = patient.telegram.group("set")
    group.muted.add("video")
    poster = patient.poster()
    card = await poster.show(address(group), "t1", rolling(), None)
    with pytest.raises(DeliveryFault) as fault:
        await poster.deliver(address(group), "t1", ready(), [patient.clip()], card)
    assert fault.value.final
    await poster.answer(address(group), "tg-1", Card(lines=("Still here.",)))
    assert group.posted[-1].text == "Still here."


async def test_a_clip_in_several_parts_has_a_message_for_each_and_one_line(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    parts = [patient.clip(name=f"part{number}.mp4") for number in (1, 2, 3)]
    card = await posted(patient, chat)
    for _ in range(2):
        assert await patient.poster().deliver(address(chat), "t1", ready(), parts, card) == card
    assert [each.caption.split("\n")[0] for each in clips(chat)] == [
        "1C-2",
        "1C-2, part 2 of 3",
        "1C-2, part 3 of 3",
    ]
    assert await patient.meaning(at(clips(chat)[2])) == "remix:t1"


async def test_a_clip_that_is_linked_is_a_card_with_a_button(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    card = await posted(patient, chat)
    linked = ready(url="https://films.example/c/1")
    assert await patient.poster().deliver(address(chat), "t1", linked, [], card) == card
    assert "https://films.example/c/1" in [button.url for button in chat.posted[0].buttons]
    await patient.ready_line(chat)


async def test_a_clip_that_is_circled_later_keeps_its_picture(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    poster = patient.poster()
    card = await poster.show(address(chat), "t1", rolling(), None)
    await poster.deliver(address(chat), "t1", ready(), [patient.clip()], card)
    await poster.show(address(chat), "t1", ready(quote="circled"), card)
    assert "circled" in clips(chat)[0].caption
    await patient.poster().show(address(chat), "t1", ready(quote="and again"), card)
    assert "and again" in clips(chat)[0].caption, "after a restart as well"
    await poster.progress(address(chat), "t1", rolling(), card)
    await poster.answer(address(chat), "tg-1", Card(lines=("Done.",)))
    assert len(clips(chat)) == 1


async def test_a_card_that_did_not_become_a_clip_is_edited_as_text(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    card = await posted(patient, chat)
    await patient.poster().show(address(chat), "t1", ready(quote="no clip yet"), card)
    assert "no clip yet" in chat.posted[0].text


async def test_a_clip_that_telegram_knows_goes_out_without_its_bytes(patient: Studio) -> None:
    ines, joao = (
        patient.telegram.private(patient.telegram.user("ines")),
        patient.telegram.private(patient.telegram.user("joao")),
    )
    poster = patient.poster()
    await poster.deliver(address(ines), "t1", ready(), [patient.clip()], None)
    await poster.deliver(address(joao), "t2", ready("t2"), [patient.clip()], None)
    assert len(clips(joao)) == 1
    assert sum(bool(call.files) for call in patient.telegram.calls) == 1


async def test_a_file_id_that_is_worth_nothing_any_more_is_replaced_by_the_bytes(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    async with patient.store.work() as w:
        account = patient.telegram.token.partition(":")[0]
        await w.messages.put(f"telegram/file/{account}/{CLIP.digest}", "of-another-bot", 0.0)
    await patient.poster().deliver(address(chat), "t1", ready(), [patient.clip()], None)
    assert len(clips(chat)) == 1


async def test_a_webm_is_a_file(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    clip = CardClip("e" * 64, 6.0, 320, 180, media_type="video/webm")
    card = Card(tone=Tone.READY, title="1A-1", clip=clip, take="t1")
    await patient.poster().deliver(address(chat), "t1", card, [patient.clip(name="clip.webm")], None)
    assert chat.posted[0].media is not None
    assert chat.posted[0].media.name == "1A-1.webm"


async def test_too_large_is_said_before_anything_is_sent(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    poster = patient.poster()
    room = await poster.room(address(chat))
    assert room is not None
    assert 49_000_000 <= room < 50_000_000
    file = patient.folder / "large.mp4"
    with file.open("wb") as content:
        content.truncate(room + 1)
    with pytest.raises(TooLarge) as fault:
        await poster.deliver(address(chat), "t1", ready(), [file], None)
    assert fault.value.limit == room
    assert patient.telegram.calls == []


async def test_a_server_that_takes_less_than_we_thought_makes_it_smaller(patient: Studio) -> None:
    chat = patient.telegram.private(patient.telegram.user("ines"))
    card = await posted(patient, chat)
    file = patient.folder / "large.mp4"
    with file.open("wb") as content:
        content.truncate(51_000_000)
    with pytest.raises(TooLarge) as fault:
        await patient.poster(local=True, long=20.0).deliver(address(chat), "t1", ready(), [file], card)
    assert fault.value.limit < file.stat().st_size
    assert not clips(chat)


async def test_a_local_server_takes_large_clips_by_their_path(tmp_path: Path) -> None:
    async with studio(tmp_path, local=True) as stage:
        chat = stage.telegram.private(stage.telegram.user("ines"))
        poster = stage.poster(local=True, shared_disk=True)
        assert (await poster.room(address(chat)) or 0) > 1_900_000_000
        file = stage.clip(60_000)
        await poster.deliver(address(chat), "t1", ready(), [file], None)
        assert clips(chat)[0].video is not None
        assert not any(call.files for call in stage.telegram.calls)


async def test_a_local_server_elsewhere_gets_the_bytes(tmp_path: Path) -> None:
    async with studio(tmp_path, local=True) as stage:
        chat = stage.telegram.private(stage.telegram.user("ines"))
        file = stage.clip(60_000)
        await stage.poster(local=True).deliver(address(chat), "t1", ready(), [file], None)
        video = clips(chat)[0].video
        assert video is not None
        assert video.size == file.stat().st_size


async def test_forty_takes_in_one_group_earn_no_wait_and_every_clip_arrives(tmp_path: Path) -> None:
    """Three minutes of a busy group, twenty times as fast: progress of forty takes, and a clip every ten seconds."""
    async with studio(tmp_path, limits=Limits(speed=SPEED)) as stage:
        group = stage.telegram.group("set")
        stage.telegram.patience.limits.on = False
        before, poster = stage.poster(group=replace(PRIVATE, messages=99, shares=(99,) * 5)), stage.poster()
        cards = [
            await before.show(address(group), f"t{number}", rolling(0.0, take=f"t{number}", title=f"1A-{number}"), None)
            for number in range(1, 41)
        ]
        stage.telegram.patience.limits.on = True
        delivered: list[asyncio.Task[str]] = []
        late: list[float] = []
        loop = asyncio.get_running_loop()

        async def deliver(number: int) -> str:
            begun = loop.time()
            card = ready(f"t{number}", f"1A-{number}")
            end = await poster.deliver(address(group), f"t{number}", card, [stage.clip()], cards[number - 1])
            late.append((loop.time() - begun) * SPEED)
            return end

        for second in range(180):
            for number in range(1, 41):
                shown = rolling(second / 180, take=f"t{number}", title=f"1A-{number}")
                await poster.progress(address(group), f"t{number}", shown, cards[number - 1])
            if second >= 70 and second % 10 == 0:
                delivered.append(asyncio.create_task(deliver(len(delivered) + 1)))
            await asyncio.sleep(1 / SPEED)
        await asyncio.gather(*delivered)
        assert len(clips(group)) == len(delivered) == 11
        assert stage.telegram.patience.refused == 0
        assert max(late) < 4.0
        assert sum(each.edited > 0 for each in group.posted) > 12
