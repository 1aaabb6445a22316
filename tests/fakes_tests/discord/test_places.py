"""Rights, threads, forums, direct messages: where the bot may speak, and how it is told that it may not."""

import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import Raw, unheard

CLIP = {"a.mp4": b"a clip"}


@pytest.mark.parametrize(
    ("right", "no"),
    [
        ("view_channel", (403, 50001)),
        ("send_messages", (403, 50013)),
        ("attach_files", (403, 50013)),
        ("embed_links", (403, 50013)),
    ],
)
async def test_a_right_that_is_missing(
    discord: FakeDiscord, raw: Raw, place: Channel, right: str, no: tuple[int, int]
) -> None:
    body = {"content": "x", "embeds": [{"title": "x"}]}
    assert (await raw.say(place, files=CLIP, **body)).status == 200
    discord.revoke(place, right)
    assert (await raw.say(place, files=CLIP, **body)).no == no
    discord.grant(place, right)
    assert (await raw.say(place, files=CLIP, **body)).status == 200
    assert discord.limits.invalid == 1


async def test_a_reply_needs_the_history(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    first = await raw.say(place, content="x")
    reply = {"message_id": first.body["id"]}
    assert (await raw.say(place, content="y", message_reference=reply)).body["referenced_message"]["content"] == "x"
    discord.revoke(place, "read_message_history")
    assert (await raw.say(place, content="y", message_reference=reply)).no == (403, 160002)
    discord.grant(place, "read_message_history")
    discord.delete(place.messages[0])
    assert (await raw.say(place, content="y", message_reference=reply)).no == (400, 50035)
    assert (await raw.say(place, content="y", message_reference={**reply, "fail_if_not_exists": False})).status == 200
    assert place.last.reply_to is None


async def test_a_thread_has_a_right_of_its_own(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    thread = discord.thread(place, "scene 2")
    discord.revoke(place, "send_messages")
    assert (await raw.say(thread, content="x")).status == 200
    discord.revoke(place, "send_messages_in_threads")
    assert (await raw.say(thread, content="x")).no == (403, 50013)


async def test_a_message_opens_an_archived_thread_and_an_edit_does_not(
    discord: FakeDiscord, raw: Raw, place: Channel
) -> None:
    thread = discord.thread(place, "scene 2")
    card = (await raw.say(thread, content="a card")).body["id"]
    discord.archive(thread)
    assert (await raw.edit(thread, card, content="72 %")).no == (400, 50083)
    assert (await raw.say(thread, content="a clip")).status == 200
    assert not thread.archived
    assert (await raw.edit(thread, card, content="72 %")).status == 200


async def test_a_locked_thread_stays_shut(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    thread = discord.thread(place, "scene 2", archived=True, locked=True)
    assert (await raw.say(thread, content="x")).no == (403, 50083)
    assert (await raw.say(discord.thread(place, "scene 3", locked=True), content="x")).no == (403, 50013)
    discord.grant(thread, "manage_threads")
    assert (await raw.say(thread, content="x")).status == 200


async def test_a_thread_goes_with_its_channel(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    thread = discord.thread(place)
    discord.delete(place)
    assert (await raw.say(thread, content="x")).no == (404, 10003)


async def test_a_forum_takes_posts_only(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    assert place.guild
    forum = discord.forum(place.guild)
    assert (await raw.say(forum, content="x")).no == (400, 40058)
    assert (await raw.say(discord.post(forum, "a film"), content="x")).status == 200
    made = await raw("POST", f"/channels/{forum.id}/threads", {"name": "another film", "message": {"content": "x"}})
    assert (made.status, discord.channels[int(made.body["id"])].last.text) == (201, "x")
    assert discord.broken == []


async def test_direct_messages(discord: FakeDiscord, raw: Raw, ines: User) -> None:
    opened = await raw("POST", "/users/@me/channels", {"recipient_id": str(ines.id)})
    dm = discord.dm(ines)
    assert (int(opened.body["id"]), (await raw.say(dm, content="yours")).status) == (dm.id, 200)
    discord.close_dms(ines)
    assert (await raw.say(dm, content="yours")).no == (403, 50007)
    discord.open_dms(ines)
    assert (await raw.say(dm, content="yours")).status == 200
    assert (await raw("POST", "/users/@me/channels", {"recipient_id": "7"})).no == (404, 10013)


async def test_a_guild_that_threw_the_bot_out(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    assert place.guild
    assert (await raw("GET", f"/guilds/{place.guild.id}")).body["premium_tier"] == 0
    discord.kick(place.guild)
    assert (await raw.say(place, content="x")).no == (403, 50001)
    assert (await raw("GET", f"/guilds/{place.guild.id}")).no == (403, 50001)
    assert (await raw("GET", "/guilds/7")).no == (404, 10004)


async def test_interactions_tell_what_the_app_and_the_member_may(
    discord: FakeDiscord, place: Channel, ines: User
) -> None:
    assert place.guild
    discord.revoke(place, "attach_files")
    discord.moderator(ines, place.guild)
    told = unheard(discord, ines, place).payload
    assert not int(told["app_permissions"]) & 1 << 15
    assert int(told["member"]["permissions"]) & 1 << 13
    assert (told["locale"], told["guild_locale"], told["attachment_size_limit"]) == ("en-US", "en-US", 10 * 2**20)


async def test_the_bot_and_its_app(discord: FakeDiscord, raw: Raw) -> None:
    assert (await raw("GET", "/users/@me")).body["id"] == str(discord.bot_id)
    for path in ("/oauth2/applications/@me", "/applications/@me"):
        assert (await raw("GET", path)).body["id"] == str(discord.application_id)
    assert (await raw("GET", "/gateway/bot")).body["url"] == discord.gateway_url
