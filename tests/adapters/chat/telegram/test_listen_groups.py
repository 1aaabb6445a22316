"""Telegram in groups: the bot acts when it is spoken to, and knows who moderates, which topic it is in, and where a group went."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import Cancel, Generate, Help, Idea, Remix
from bot.people import Address, Member
from bot.session import Session
from bot.states import State
from tests.adapters.chat.telegram.stage_listen import JPEG, House, house
from tests.fakes.telegram import Chat
from tests.storage import props


@pytest.fixture(name="set_")
async def _set(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as stage:
        await stage.open()
        yield stage


@pytest.fixture(name="open_set")
async def _open_set(tmp_path: Path) -> AsyncIterator[House]:
    """The bot sees every word of the group: privacy mode is off."""
    async with house(tmp_path, privacy=False) as stage:
        await stage.open()
        yield stage


@pytest.mark.parametrize(
    "line", ["/generate a fox", "/generate@throughline_bot a fox", "/generate@Throughline_Bot a fox"]
)
async def test_a_command_to_us_films(set_: House, line: str) -> None:
    said = await set_.telegram.say(set_.ines, set_.group, line)
    wish = await set_.heard()
    assert await set_.command() == Generate(prompt="a fox")
    assert (wish.address.chat, wish.address.message) == (str(set_.group.id), str(said.id))
    assert (wish.address.direct, wish.address.place) == (False, f"telegram/{set_.group.id}")


@pytest.mark.parametrize(
    "line",
    [
        "/generate@other_bot a fox",
        "/weather tomorrow",
        "nice weather",
        "@other_bot a fox",
        "mail me at ines@throughline_bot.example",
    ],
)
async def test_what_is_for_others_is_left_alone(open_set: House, line: str) -> None:
    await open_set.telegram.say(open_set.ines, open_set.group, line)
    await open_set.telegram.say(open_set.ines, open_set.group, photo=JPEG, caption="look at that")
    await open_set.telegram.say(open_set.ines, open_set.group, kind="sticker")
    await open_set.quiet()
    assert open_set.wishes == []
    assert open_set.group.posted == []


async def test_an_unknown_command_with_our_name_is_told(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.group, "/weather@throughline_bot")
    assert "not a command here" in (await set_.told(set_.group)).text


async def test_our_name_with_words_is_an_idea(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.group, "@throughline_bot a fox at @dawn")
    assert await set_.command() == Idea(prompt="a fox at @dawn")


async def test_our_name_alone_asks_for_help(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.group, "@throughline_bot")
    assert await set_.command() == Help()


async def test_anybodys_reply_to_a_take_is_their_remix(set_: House) -> None:
    card = await set_.take(set_.group)
    await set_.telegram.say(set_.mei, set_.group, "at night", reply_to=card)
    assert await set_.command() == Remix(change="at night", take="take")
    assert (await set_.heard()).member.id == f"telegram:{set_.mei.id}"


async def test_a_reply_to_something_else_of_ours_is_told_what_would_help(set_: House) -> None:
    note = set_.telegram.put(set_.group, set_.telegram.bot, text="What to do next")
    await set_.telegram.say(set_.ines, set_.group, "thank you", reply_to=note)
    told = await set_.told(set_.group, 2)
    assert "no take of mine" in told.text
    assert set_.wishes == []


async def test_a_sticker_under_a_take_is_applause(set_: House) -> None:
    card = await set_.take(set_.group)
    await set_.telegram.say(set_.mei, set_.group, kind="sticker", reply_to=card)
    await set_.quiet()
    assert set_.wishes == []
    assert set_.group.posted == [card]


async def test_a_reply_to_a_member_is_none_to_us(open_set: House) -> None:
    said = await open_set.telegram.say(open_set.mei, open_set.group, "what a fox")
    await open_set.telegram.say(open_set.ines, open_set.group, "indeed", reply_to=said)
    await open_set.quiet()
    assert open_set.wishes == []


async def test_a_question_in_a_group_is_put_to_who_tapped(set_: House) -> None:
    await set_.film(set_.group)
    card = await set_.take(set_.group)
    press = await set_.telegram.press(set_.mei, card, "Remix")
    question = await set_.asked(set_.group, 2)
    assert [each["user"]["id"] for each in question.entities] == [set_.mei.id]
    assert press.answered is not None
    await set_.telegram.say(set_.mei, set_.group, "下雨", reply_to=question)
    assert await set_.command() == Remix(change="下雨", take="take")


async def test_topics_are_kept_apart_from_mere_threads(set_: House) -> None:
    forum = set_.telegram.group("forum", forum=True)
    topic = set_.telegram.topic(forum, "Scene 2")
    await set_.telegram.say(set_.ines, forum, "/generate a fox", topic=topic)
    assert (await set_.heard()).address.thread == str(topic.id)
    card = await set_.take(set_.group)
    await set_.telegram.say(set_.ines, set_.group, "at night", reply_to=card)
    assert (await set_.heard(2)).address.thread is None


async def test_what_is_said_in_a_topic_that_we_opened_is_no_reply_to_us(open_set: House) -> None:
    forum = open_set.telegram.group("forum", forum=True)
    topic = open_set.telegram.topic(forum, "Scene 2")
    await open_set.telegram.say(open_set.ines, forum, "nice weather", topic=topic)
    await open_set.quiet()
    assert open_set.wishes == []
    assert len(forum.posted) == 1  # what opened the topic


async def test_an_administrator_moderates_from_the_first_wish_where_it_matters(set_: House) -> None:
    olga = set_.telegram.user("olga")
    await set_.telegram.say(olga, set_.group, "/cancel 1A-1")
    wish = await set_.heard()
    assert await set_.command() == Cancel(take="1A-1")
    assert wish.member.moderator
    await set_.telegram.say(set_.ines, set_.group, "/cancel 1A-1")
    assert not (await set_.heard(2)).member.moderator
    assert [call.method for call in set_.telegram.calls].count("getChatAdministrators") == 1


async def test_a_slow_list_of_administrators_keeps_no_wish_waiting(set_: House) -> None:
    set_.telegram.faults.add("getChatAdministrators", "delay", seconds=3.0)
    await set_.telegram.say(set_.telegram.user("olga"), set_.group, "/generate a fox")
    before = set_.telegram.now()
    await set_.heard()
    await set_.telegram.say(set_.telegram.user("olga"), set_.group, "/cancel")
    wish = await set_.heard(2)
    assert set_.telegram.now() - before < 2.0
    assert not wish.member.moderator


async def test_who_speaks_in_the_groups_name_is_the_group_and_moderates(set_: House) -> None:
    await set_.telegram.say(set_.mei, set_.group, "/cancel", anonymous=True)
    member = (await set_.heard()).member
    assert (member.id, member.name, member.moderator) == (f"telegram:{set_.group.id}", "set", True)


async def test_posts_of_a_channel_are_none_of_ours(set_: House) -> None:
    channel = set_.telegram.channel("news")
    await set_.telegram.say(set_.ines, channel, "/generate a fox")
    await set_.quiet()
    assert set_.wishes == []


async def _in_hand(set_: House, place: str) -> str | None:
    async with set_.store.work() as w:
        return (await w.sessions.get(f"telegram:{set_.ines.id}", place)).production


async def _take_in_hand(set_: House, place: str) -> None:
    async with set_.store.work() as w:
        await w.sessions.save(Session(f"telegram:{set_.ines.id}", place, production="film"))


async def test_a_group_that_becomes_a_supergroup_takes_everything_along(set_: House) -> None:
    small = set_.telegram.group("small", basic=True)
    await set_.film(small)
    await _take_in_hand(set_, f"telegram/{small.id}")
    large = set_.telegram.migrate(small)
    await set_.telegram.say(set_.ines, large, "/generate a fox")
    assert (await set_.heard()).address.chat == str(large.id)
    assert await _in_hand(set_, f"telegram/{large.id}") == "film"
    assert await _in_hand(set_, f"telegram/{small.id}") is None


async def _waiting(set_: House, chat: Chat) -> str:
    """A take that waits in the queue, wished for in that chat; its job."""
    name = f"job {chat.id}"
    await props.jobs(set_.store.work, props.job(name, address=Address("telegram", str(chat.id))))
    return name


async def test_being_thrown_out_or_blocked_cancels_what_waits_there(set_: House) -> None:
    jobs = [await _waiting(set_, chat) for chat in (set_.group, set_.chat)]
    elsewhere = await _waiting(set_, set_.telegram.group("elsewhere"))
    set_.telegram.kick(set_.group)
    set_.telegram.block(set_.ines)
    await set_.telegram.until(lambda: {set_.store.rows.jobs[name].state for name in jobs} == {State.CANCELLED})
    assert set_.store.rows.jobs[elsewhere].state is State.RESERVED


async def test_coming_back_cancels_nothing(set_: House) -> None:
    job = await _waiting(set_, set_.group)
    set_.telegram.kick(set_.group, back=True)
    await set_.quiet()
    assert set_.store.rows.jobs[job].state is State.RESERVED


async def test_the_place_of_a_group_is_one_for_all_its_topics() -> None:
    member = Member("telegram:1")
    places = {Address("telegram", "-100", thread=thread, member=member.id).place for thread in (None, "7", "9")}
    assert places == {"telegram/-100"}
