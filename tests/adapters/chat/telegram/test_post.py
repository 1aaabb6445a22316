"""Cards in Telegram's chats: one message a take, answers below what was asked, nothing twice and nothing after a refusal."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, PromptPart
from bot.errors import DeliveryFault
from tests.adapters.chat.telegram.deck import buttons, ready, refused, rolling
from tests.adapters.chat.telegram.studio import Studio, address, at, clips
from tests.fakes.telegram import Limits
from tests.media_samples import tiny_png

WAITING = replace(rolling(None, revision=1), status="in the queue")


async def test_a_take_is_one_message_from_the_first_card_to_its_end(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    chat = stage.telegram.private(ines)
    wish = await stage.telegram.say(ines, chat, "/generate a fox")
    poster, here = stage.poster(), address(chat, wish)

    posted = await poster.show(here, "t1", WAITING, None)
    assert posted == at(chat.posted[0])
    assert await stage.meaning(posted) == "remix:t1"
    assert chat.posted[0].labels == ["Cancel", "Show the prompt"]

    await poster.progress(here, "t1", rolling(), posted)
    await stage.telegram.until(lambda: "56 %" in chat.posted[0].text)
    assert await poster.show(here, "t1", refused(), posted) == posted
    assert chat.posted[0].text.startswith("1C-3 not filmed")
    assert len(chat.posted) == 1


async def test_in_a_group_the_card_replies_to_the_wish(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    group = stage.telegram.group("set")
    wish = await stage.telegram.say(ines, group, "/generate a fox")
    await stage.poster().show(address(group, wish), "t1", WAITING, None)
    assert group.posted[0].reply_to is wish


async def test_a_wish_that_was_deleted_is_answered_all_the_same(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    group = stage.telegram.group("set")
    wish = await stage.telegram.say(ines, group, "/help")
    stage.telegram.delete(wish)
    await stage.poster().answer(address(group, wish), "tg-1", Card(title="Help", lines=("Write.",)))
    assert group.posted[0].text == "Help\nWrite."


async def test_a_card_in_a_topic_stays_in_it_and_a_deleted_topic_is_no_end(stage: Studio) -> None:
    group = stage.telegram.group("set", forum=True)
    topic = stage.telegram.topic(group, "night shoots")
    poster, here = stage.poster(), address(group, thread=str(topic.id))
    await poster.show(here, "t1", WAITING, None)
    assert group.posted[-1].thread == topic.id
    topic.closed = True
    await poster.show(here, "t2", rolling(take="t2"), None)
    assert group.posted[-1].thread is None


async def test_what_looks_the_same_is_not_sent_again(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster = stage.poster()
    posted = await poster.show(address(chat), "t1", WAITING, None)
    await poster.show(address(chat), "t1", replace(WAITING, revision=5), posted)
    assert stage.methods() == ["sendMessage"]


async def test_another_process_finds_that_nothing_is_new_and_that_is_well(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    posted = await stage.poster().show(address(chat), "t1", WAITING, None)
    assert await stage.poster().show(address(chat), "t1", WAITING, posted) == posted
    assert stage.methods() == ["sendMessage", "editMessageText"]
    assert "not modified" in stage.telegram.calls[-1].description


async def test_a_card_that_was_posted_but_not_remembered_by_the_core_is_not_posted_again(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    posted = await stage.poster().show(address(chat), "t1", WAITING, None)
    assert await stage.poster().show(address(chat), "t1", rolling(), None) == posted
    assert stage.methods() == ["sendMessage", "editMessageText"]


async def test_an_end_whose_card_was_deleted_is_told_by_a_new_one(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster = stage.poster()
    posted = await poster.show(address(chat), "t1", WAITING, None)
    stage.telegram.delete(chat.posted[0])
    again = await poster.show(address(chat), "t1", refused(), posted)
    assert again != posted
    assert [each.text.split("\n")[0] for each in chat.posted] == ["1C-3 not filmed"]
    assert await stage.poster().show(address(chat), "t1", rolling(), posted) == again, "whatever the core remembers"


async def test_progress_of_a_deleted_card_is_no_new_message(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster = stage.poster()
    posted = await poster.show(address(chat), "t1", WAITING, None)
    stage.telegram.delete(chat.posted[0])
    await poster.progress(address(chat), "t1", rolling(0.3), posted)
    await stage.telegram.until(lambda: len(stage.telegram.calls) == 2)
    await poster.answer(address(chat), "tg-2", Card(lines=("Still here.",)))
    await poster.progress(address(chat), "t1", rolling(0.6), posted)
    assert not poster._line.pacer._chats[str(chat.id)].offers, "once refused, not asked again"
    assert [each.text for each in chat.posted] == ["Still here."]


async def test_an_answer_takes_the_place_of_the_card_whose_button_was_pressed(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    chat = stage.telegram.private(ines)
    poster = stage.poster()
    await poster.answer(address(chat), "tg-1", Card(title="Idea", buttons=buttons("Not now")))
    pressed = address(chat, chat.posted[0], pressed=at(chat.posted[0]))
    await poster.answer(pressed, "tg-q-1", Card(lines=("Let go.",), replaces=True))
    assert [each.text for each in chat.posted] == ["Let go."]
    assert chat.posted[0].labels == []
    stage.telegram.delete(chat.posted[0])
    await poster.answer(pressed, "tg-q-2", Card(lines=("Once more.",), replaces=True))
    assert [each.text for each in chat.posted] == ["Once more."]


async def test_a_long_prompt_comes_as_a_file(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    part = PromptPart("Your words", "猫😀 @durov " * 1200)
    await stage.poster().answer(address(chat), "tg-1", Card(title="2B-3", prompt=(part,)))
    media = chat.posted[0].media
    assert media is not None
    assert (media.kind, media.name) == ("document", "2B-3.txt")
    assert media.bytes.decode() == f"Your words\n{part.text}"


async def test_a_question_waits_for_its_reply(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    group = stage.telegram.group("set")
    wish = await stage.telegram.say(ines, group, "/remix")
    posted = await stage.poster().ask(
        address(group, wish), "remix:t1", "What should be different?", "same shot, at night"
    )
    assert group.posted[0].asks
    assert group.posted[0].reply_to is wish
    assert await stage.meaning(posted) == "remix:t1"


async def test_a_question_behind_a_button_names_who_pressed_it(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    group = stage.telegram.group("set")
    poster = stage.poster()
    posted = await poster.show(address(group), "t1", ready(), None)
    here = address(group, group.posted[0], pressed=posted, member=f"telegram:{ines.id}")
    await poster.ask(here, "edit:t1", "What does the camera see now?", words="a fox\nin the snow")
    assert group.posted[1].text == "What does the camera see now?\na fox\nin the snow"
    mention, present = group.posted[1].entities
    assert present["type"] == "pre"
    assert mention["type"] == "text_mention"
    assert mention["user"]["id"] == ines.id


async def test_a_member_who_blocked_the_bot_is_left_alone_until_they_act(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    chat = stage.telegram.private(ines)
    poster = stage.poster()
    posted = await poster.show(address(chat), "t1", WAITING, None)
    stage.telegram.block(ines)
    with pytest.raises(DeliveryFault) as fault:
        await poster.show(address(chat), "t1", refused(), posted)
    assert fault.value.final
    before = len(stage.telegram.calls)
    await poster.progress(address(chat), "t1", rolling(0.9), posted)
    with pytest.raises(DeliveryFault):
        await poster.deliver(address(chat), "t1", ready(), [stage.clip()], posted)
    assert len(stage.telegram.calls) == before, "nothing is sent to a closed door"
    stage.telegram.block(ines, blocked=False)
    await poster.answer(address(chat), "tg-9", Card(lines=("Welcome back.",)))
    await poster.deliver(address(chat), "t1", ready(), [stage.clip()], posted)
    assert len(clips(chat)) == 1


async def test_a_group_without_rights_to_write_is_final(stage: Studio) -> None:
    group = stage.telegram.group("set")
    group.muted.add("text")
    with pytest.raises(DeliveryFault) as fault:
        await stage.poster().show(address(group), "t1", WAITING, None)
    assert fault.value.final


async def test_a_group_that_moves_takes_its_cards_along(stage: Studio) -> None:
    group = stage.telegram.group("set")
    poster = stage.poster()
    posted = await poster.show(address(group), "t1", WAITING, None)
    new = stage.telegram.migrate(group)
    shown = await poster.show(address(group), "t1", refused(), posted)
    assert shown.startswith(f"telegram/{new.id}/")
    assert [each.text.split("\n")[0] for each in new.posted] == ["1C-3 not filmed"]
    await poster.progress(address(group), "t1", rolling(), posted)
    assert await poster.show(address(group), "t1", rolling(), posted) == shown, "the old id is understood from now on"


@pytest.mark.parametrize("what", ["reset before", "hang", 502])
async def test_an_edit_that_was_lost_is_repeated(stage: Studio, what: str | int) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster = stage.poster(quick=0.3)
    posted = await poster.show(address(chat), "t1", WAITING, None)
    stage.telegram.faults.add("editMessageText", what)
    await poster.show(address(chat), "t1", refused(), posted)
    assert chat.posted[0].text.startswith("1C-3")


async def test_a_card_of_unknown_fate_is_sent_once_more_and_no_oftener(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    stage.telegram.faults.add("sendMessage", "reset after", times=5)
    with pytest.raises(DeliveryFault) as fault:
        await stage.poster().show(address(chat), "t1", WAITING, None)
    assert not fault.value.final
    assert len(chat.posted) == 2


async def test_told_to_wait_it_waits_and_then_sends(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    stage.telegram.faults.add("sendMessage", 429, retry_after=4)
    await stage.poster().show(address(chat), "t1", WAITING, None)
    first, second = stage.telegram.calls
    assert second.at - first.at >= 4 / 20
    assert len(chat.posted) == 1


async def test_a_token_that_is_taken_back_is_not_final_for_the_clip(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    poster = stage.poster()
    stage.telegram.token = "1:another"
    with pytest.raises(DeliveryFault) as fault:
        await poster.show(address(chat), "t1", WAITING, None)
    assert not fault.value.final
    assert "1:another" not in str(fault.value)


async def test_hostile_words_are_words(stage: Studio) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    said = "<b>x</b> *y* [z](http://evil.example) @durov /start 😀" + "\u202e\u200b" + "猫" * 5000
    poster = stage.poster()
    posted = await poster.show(address(chat), "t1", replace(WAITING, quote=said), None)
    assert "<b>x</b> *y* [z](http://evil.example) @durov" in chat.posted[0].text
    allowed = {"bold", "expandable_blockquote", "code"}
    assert {each["type"] for each in chat.posted[0].entities} <= allowed
    await poster.deliver(address(chat), "t1", ready(quote=said), [stage.clip()], posted)
    assert stage.telegram.length(clips(chat)[0].caption) <= 1024


async def test_no_token_stands_in_what_is_printed(stage: Studio) -> None:
    poster = stage.poster()
    assert stage.telegram.token not in repr(vars(poster)) + repr(poster._line.wire) + repr(poster._line.bot)


async def test_cards_for_many_members_at_once_are_all_there(stage: Studio) -> None:
    assert isinstance(stage.telegram.patience.limits, Limits)
    chats = [stage.telegram.private(stage.telegram.user(f"m{number}")) for number in range(40)]
    poster = stage.poster()
    await asyncio.gather(*(poster.show(address(chat), f"t{chat.id}", WAITING, None) for chat in chats))
    assert all(len(chat.posted) == 1 for chat in chats)
    assert stage.telegram.patience.refused == 0


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A picture that was drawn for a card."""
    return Path(shutil.copy(tiny_png(tmp_path / "drawn.png", (1200, 675)), tmp_path / "drawn.jpg"))


STORY = Card(title="1C-3, the whole story", lines=("Waited 3 s.",), take="t1", buttons=buttons("Remix"))


async def test_a_picture_comes_with_the_words_below_it(stage: Studio, drawing: Path) -> None:
    ines = stage.telegram.user("ines")
    chat = stage.telegram.private(ines)
    poster = stage.poster()
    await poster.answer(address(chat), "tg-1", STORY, drawing)
    await poster.answer(address(chat), "tg-1", STORY, drawing)
    (message,) = chat.posted
    assert chat.deleted == [], "nothing was sent twice and taken back"
    assert message.photo is not None
    assert message.words == "1C-3, the whole story\nWaited 3 s."
    assert message.labels == ["Remix"]
    assert await stage.meaning(at(message)) == "remix:t1"


async def test_where_pictures_may_not_be_sent_the_words_go_alone(stage: Studio, drawing: Path) -> None:
    group = stage.telegram.group("set")
    group.muted = {"photo"}
    await stage.poster().answer(address(group), "tg-1", STORY, drawing)
    (message,) = group.posted
    assert message.photo is None
    assert message.text == "1C-3, the whole story\nWaited 3 s."


async def test_words_below_a_picture_are_cut_to_a_caption(stage: Studio, drawing: Path) -> None:
    chat = stage.telegram.private(stage.telegram.user("ines"))
    long = replace(STORY, quote="a fox crosses a snowy forest " * 100)
    await stage.poster().answer(address(chat), "tg-1", long, drawing)
    (message,) = chat.posted
    assert len(message.words) <= 1024
    assert message.words.startswith("1C-3, the whole story")
