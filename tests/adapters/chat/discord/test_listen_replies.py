"""Messages: a reply to a take remixes it; who speaks to the bot in another way is told where to begin, and not too often."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.commands import Remix, from_dict
from tests.adapters.chat.discord.stage_listen import House, house

BEGIN = "Use /generate and say what the camera sees; then reply to the clip with one change. /help shows the rest."
PING_OFF = "Your reply came without its words, because its ping was off. Reply once more with the ping on, or use the Remix button."


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


async def test_a_reply_to_a_take_is_a_remix_of_it(here: House) -> None:
    take = await here.take()
    said = await here.discord.say(here.ines, here.channel, "at night", reply_to=take)
    wish = await here.heard()
    assert from_dict(wish.command) == Remix(change="at night", take="01take")
    assert (wish.id, wish.member.id) == (f"dc-{said.id}", f"discord:{here.ines.id}")
    address = wish.address
    assert (address.chat, address.server, address.message) == (str(here.channel.id), str(here.guild.id), str(said.id))
    assert (address.hook, address.pressed, address.guest) == ("", None, False)
    assert not here.poster.said


async def test_the_bots_name_in_a_reply_is_no_part_of_the_words(here: House) -> None:
    me = f"<@{here.discord.bot_id}>"
    await here.discord.say(here.ines, here.channel, f"{me} at night, with <@77> in it", reply_to=await here.take())
    assert (await here.heard()).command["values"]["change"] == "at night, with <@77> in it"


async def test_a_reply_with_its_ping_off_is_told_what_to_do_instead(here: House) -> None:
    take = await here.take()
    for _ in range(3):
        await here.discord.say(here.ines, here.channel, "at night", reply_to=take, ping=False)
    await here.discord.say(here.marek, here.channel, "在夜里", reply_to=take, ping=False)
    await here.said(2)
    assert here.poster.lines == [PING_OFF, PING_OFF]
    assert [address.member for address, _, _ in here.poster.said] == [
        f"discord:{here.ines.id}",
        f"discord:{here.marek.id}",
    ]
    here.clock.time += 301
    await here.discord.say(here.ines, here.channel, "at night", reply_to=take, ping=False)
    await here.said(3)
    assert not here.wishes


async def test_a_reply_in_direct_messages_needs_no_ping(here: House) -> None:
    dm = here.discord.dm(here.ines)
    await here.discord.say(here.ines, dm, "at night", reply_to=await here.take(channel=dm), ping=False)
    wish = await here.heard()
    assert (wish.address.direct, wish.address.server) == (True, None)
    assert wish.command["values"]["change"] == "at night"


async def test_a_picture_with_a_reply_is_left_out_and_said_so(here: House) -> None:
    take = await here.take()
    said = await here.discord.say(here.ines, here.channel, "like this", reply_to=take)
    await here.heard()
    del said
    assert not here.poster.said
    here.discord.gateway.dispatch("MESSAGE_CREATE", here.guild.id, lambda _: here.with_picture(take, "like that"))
    await here.heard(2)
    assert await here.said() == "The attached picture was left out: a remix starts from the take itself."


async def test_a_reply_without_words_is_told(here: House) -> None:
    await here.discord.say(here.ines, here.channel, f"<@{here.discord.bot_id}>", reply_to=await here.take())
    assert await here.said() == "There are no words yet. Say what the camera sees."
    assert not here.wishes


async def test_a_reply_in_a_thread_films_in_the_thread(here: House) -> None:
    thread = here.discord.thread(here.channel, "reshoots")
    await here.discord.say(here.ines, thread, "at night", reply_to=await here.take(channel=thread))
    address = (await here.heard()).address
    assert (address.chat, address.thread, address.channel) == (str(thread.id), str(thread.id), str(here.channel.id))


async def test_rights_are_looked_at_before_a_reply_films(here: House) -> None:
    take = await here.take()
    await here.knows_the_server()
    here.discord.revoke(here.channel, "attach_files")
    await here.discord.say(here.ines, here.channel, "at night", reply_to=take)
    assert "I am missing: Attach Files." in await here.said()
    here.discord.revoke(here.channel, "send_messages")
    await here.discord.say(here.ines, here.channel, "at noon", reply_to=take)
    await here.quiet()
    assert len(here.poster.said) == 1
    assert not here.wishes


async def test_a_moderator_is_known_in_a_reply(here: House) -> None:
    await here.knows_the_server()
    here.guild.owner = here.ines.id
    here.discord.gateway.dispatch("GUILD_UPDATE", here.guild.id, lambda _: here.guild_now())
    await here.discord.say(here.ines, here.channel, "at night", reply_to=await here.take())
    assert (await here.heard()).member.moderator


async def test_a_busy_database_is_told_in_a_reply_too(here: House) -> None:
    take = await here.take()
    here.database.go.clear()
    await here.discord.say(here.ines, here.channel, "at night", reply_to=take)
    assert await here.said() == "We are busy at this moment; nothing was started. Please send it again."
    here.database.go.set()
    assert not here.wishes


@pytest.mark.parametrize("words", ["hello", "a fox crosses a forest"])
async def test_plain_words_in_direct_messages_are_shown_where_to_begin(here: House, words: str) -> None:
    dm = here.discord.dm(here.ines)
    await here.discord.say(here.ines, dm, words)
    assert await here.said() == BEGIN
    await here.discord.say(here.ines, dm, "and another")
    await here.quiet()
    assert here.poster.lines == [BEGIN]
    assert not here.wishes


async def test_a_mention_is_shown_where_to_begin(here: House) -> None:
    await here.discord.say(here.ines, here.channel, f"<@{here.discord.bot_id}> are you there?")
    assert await here.said() == BEGIN
    address, key, _ = here.poster.said[0]
    assert (address.chat, address.message) == (str(here.channel.id), key.removeprefix("hint-"))


async def test_what_is_not_said_to_the_bot_is_none_of_its_business(here: House) -> None:
    take = await here.take()
    robot = here.discord.user("robot")
    robot.bot = True
    talk = await here.discord.say(here.marek, here.channel, "who filmed this?")
    await here.discord.say(here.ines, here.channel, "not me", reply_to=talk)
    await here.discord.say(robot, here.channel, "at night", reply_to=take)
    await here.discord.say(here.discord.bot, here.channel, "at night", reply_to=take)
    await here.quiet()
    assert not here.poster.said
    assert not here.wishes


async def test_a_reply_to_somebody_else_is_not_looked_up(here: House) -> None:
    looked_up: list[str] = []

    async def meaning(reference: str) -> None:
        looked_up.append(reference)

    here.intake.meaning = meaning  # type: ignore[method-assign]
    talk = await here.discord.say(here.marek, here.channel, "who filmed this?")
    await here.discord.say(here.ines, here.channel, f"<@{here.discord.bot_id}> did", reply_to=talk)
    assert await here.said() == BEGIN
    assert not looked_up


async def test_a_reply_to_another_message_of_the_bots_is_shown_where_to_begin(here: House) -> None:
    await here.discord.say(here.ines, here.channel, "at night", reply_to=here.card(("Next", "ta:generate")))
    assert await here.said() == BEGIN


async def test_a_server_that_speaks_chinese_is_answered_in_chinese(here: House) -> None:
    guild = here.discord.guild("片场", locale="zh-TW")
    channel = here.discord.channel(guild, "夜戲")
    await here.discord.say(here.marek, channel, f"<@{here.discord.bot_id}>")
    assert (await here.said()).startswith("用 /generate 說出鏡頭裡看到什麼")


async def test_the_same_reply_twice_is_one_wish(here: House) -> None:
    take = await here.take()
    said = await here.discord.say(here.ines, here.channel, "at night", reply_to=take)
    await here.heard()
    here.discord.tell_message("MESSAGE_CREATE", said)
    await here.quiet()
    assert len(here.wishes) == 1
    assert here.taken_up == [here.wish.id]
