"""Where it is said: servers, threads, forum posts, direct messages, servers that the bot is no member of; who may what."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.chat.discord.stage_listen import House, house


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


@pytest.mark.parametrize(
    ("right", "named"),
    [
        ("view_channel", "View Channel"),
        ("send_messages", "Send Messages"),
        ("attach_files", "Attach Files"),
        ("embed_links", "Embed Links"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_a_missing_right_is_named_before_anything_is_stored(here: House, right: str, named: str) -> None:
    here.discord.revoke(here.channel, right)
    heard = await here.discord.slash(here.ines, here.channel, "generate", prompt="a fox")
    assert heard.ephemeral
    assert heard.text == (
        f"Nothing was started: I cannot work in this channel. I am missing: {named}. A moderator can allow that."
    )
    assert not here.wishes


async def test_several_missing_rights_are_named_in_the_members_language(here: House) -> None:
    here.discord.revoke(here.channel, "attach_files", "embed_links")
    heard = await here.discord.slash(here.marek, here.channel, "remix", change="夜里")
    assert "缺少权限：上传文件、嵌入链接。" in heard.text


async def test_what_films_nothing_needs_no_rights(here: House) -> None:
    here.discord.revoke(here.channel, "send_messages", "attach_files")
    heard = await here.discord.slash(here.ines, here.channel, "dailies")
    assert heard.thinking
    assert here.wish.command["name"] == "dailies"


async def test_in_a_thread_sending_is_another_right(here: House) -> None:
    thread = here.discord.thread(here.channel, "reshoots")
    here.discord.revoke(here.channel, "send_messages")
    await here.discord.slash(here.ines, thread, "generate", prompt="a fox")
    assert (here.wish.address.chat, here.wish.address.thread) == (str(thread.id), str(thread.id))
    assert here.wish.address.server == str(here.guild.id)
    here.discord.revoke(here.channel, "send_messages_in_threads")
    heard = await here.discord.slash(here.ines, thread, "generate", prompt="a fox")
    assert "Send Messages in Threads" in heard.text
    assert len(here.wishes) == 1


async def test_a_forum_post_is_a_thread(here: House) -> None:
    post = here.discord.post(here.discord.forum(here.guild), "No Return Address")
    heard = await here.discord.slash(here.ines, post, "generate", prompt="a fox")
    assert heard.acknowledged
    assert (here.wish.address.chat, here.wish.address.thread) == (str(post.id), str(post.id))


async def test_direct_messages_are_a_place_of_their_own(here: House) -> None:
    dm = here.discord.dm(here.ines)
    heard = await here.discord.slash(here.ines, dm, "generate", prompt="a fox")
    address = here.wish.address
    assert heard.text == "Understood. The card comes in a moment."
    assert (address.chat, address.server, address.direct, address.guest) == (str(dm.id), None, True, False)
    assert not here.wish.member.moderator


async def test_where_the_bot_is_no_member_it_says_so_before_anything_is_spent(here: House) -> None:
    abroad = here.discord.channel(here.discord.guild("elsewhere", installed=False), "off-topic")
    nomad = here.discord.user("nomad", installed=True)
    heard = await here.discord.slash(nomad, abroad, "generate", prompt="a fox")
    assert (heard.text, heard.ephemeral) == (
        "I cannot post here by myself: the clip comes to you as a direct message.",
        True,
    )
    assert (here.wish.address.guest, here.wish.address.direct) == (True, False)


async def test_between_people_the_bot_is_a_guest(here: House) -> None:
    nomad = here.discord.user("nomad", installed=True)
    heard = await here.discord.slash(nomad, here.discord.group_dm(nomad, here.ines), "generate", prompt="a fox")
    assert "direct message" in heard.text
    assert (here.wish.address.guest, here.wish.address.server) == (True, None)


@pytest.mark.parametrize("right", ["manage_messages", "manage_guild"])
async def test_moderators_are_known_by_their_rights(here: House, right: str) -> None:
    here.discord.moderator(here.ines, here.guild, right)
    await here.discord.slash(here.ines, here.channel, "cancel", take="2B-3")
    assert here.wish.member.moderator


async def test_when_the_bot_is_removed_what_waits_there_is_cancelled(here: House) -> None:
    left: list[tuple[str, str]] = []

    async def leave(platform: str, chat: str) -> None:
        left.append((platform, chat))

    here.intake.left = leave  # type: ignore[method-assign]
    here.discord.kick(here.guild)
    await here.discord.until(lambda: left == [("discord", str(here.guild.id))])
