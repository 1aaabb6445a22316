"""Creating, changing, deleting and reading messages by the bot's own token."""

from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import MIB, V2, Raw, talking

CLIP = {"a.mp4": b"a clip"}
GALLERY = {"type": 12, "items": [{"media": {"url": "attachment://a.mp4"}}]}
WORDS = {"type": 10, "content": "rolling"}
LISTED = [{"id": 0, "filename": "a.mp4"}]


async def test_what_is_posted_stands_there(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, components=[WORDS, GALLERY], flags=V2, attachments=LISTED, files=CLIP)
    assert (posted.status, place.last.text, place.last.files) == (200, "rolling", CLIP)
    assert posted.body["components"][1]["items"][0]["media"]["url"] == posted.body["attachments"][0]["url"]
    changed = await raw.edit(place, posted.body["id"], components=[{"type": 10, "content": "cut"}], attachments=[])
    assert (changed.status, place.last.text, place.last.files, place.last.edits) == (200, "cut", {}, 1)
    assert discord.broken == []
    gone = await raw("DELETE", f"/channels/{place.id}/messages/{posted.body['id']}")
    assert (gone.status, place.messages, len(place.deleted)) == (204, [], 1)


@pytest.mark.parametrize(
    ("body", "no"),
    [
        ({"content": "x" * 2001}, "content: BASE_TYPE_BAD_LENGTH"),
        (
            {"content": "x", "flags": V2, "components": [WORDS]},
            "content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"embeds": [{"title": "x"}], "flags": V2, "components": [WORDS]}, "embeds: MESSAGE_CANNOT_USE_LEGACY"),
        ({"components": [WORDS]}, "components.0.type: UNION_TYPE_CHOICES"),
        ({"content": "x", "nonce": "n" * 26}, "nonce: BASE_TYPE_MAX_LENGTH"),
        ({"flags": V2, "components": [GALLERY]}, "components: UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
        ({"content": "x", "attachments": [{"id": 3}]}, "attachments.0.id: ATTACHMENT_NOT_FOUND"),
        (
            {"content": "x", "message_reference": {"message_id": "7"}},
            "message_reference: MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        ),
        ({"content": "x", "embeds": [{}] * 11}, "embeds: BASE_TYPE_MAX_LENGTH"),
    ],
)
async def test_a_bad_form_is_refused_and_noted(
    discord: FakeDiscord, raw: Raw, place: Channel, body: dict[str, Any], no: str
) -> None:
    refused = await raw.say(place, **body)
    assert (*refused.no, refused.faults[0].startswith(no)) == (400, 50035, True), refused.faults
    assert (place.messages, bool(discord.broken)) == ([], True)


async def test_an_empty_message_is_refused(raw: Raw, place: Channel) -> None:
    assert (await raw.say(place, content="")).no == (400, 50006)


async def test_the_new_form_is_never_given_up(raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, components=[WORDS], flags=V2)
    refused = await raw.edit(place, posted.body["id"], flags=0, components=[WORDS])
    assert refused.faults == ["flags: MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"]
    assert (await raw.edit(place, posted.body["id"], content="plain")).no == (400, 50035)


async def test_an_old_message_takes_the_new_form_only_when_its_content_goes(raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, content="plain")
    assert (await raw.edit(place, posted.body["id"], flags=V2, components=[WORDS])).no == (400, 50035)
    assert (await raw.edit(place, posted.body["id"], flags=V2, components=[WORDS], content=None)).status == 200
    assert place.last.text == "rolling"


async def test_a_refused_edit_changes_nothing(raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, components=[WORDS, GALLERY], flags=V2, attachments=LISTED, files=CLIP)
    assert (await raw.edit(place, posted.body["id"], attachments=[], components=[WORDS, GALLERY])).no == (400, 50035)
    assert (place.last.files, place.last.edits) == (CLIP, 0)


async def test_an_upload_that_nothing_shows_is_noted(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    await raw.say(place, components=[WORDS], flags=V2, attachments=LISTED, files=CLIP)
    assert discord.broken == ["a.mp4 is attached, and no component shows it"]


async def test_text_that_would_ping_without_allowed_mentions_is_noted(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User
) -> None:
    words = f"a fox for <@{ines.id}>"
    await raw.say(place, content=words)
    assert (discord.broken, place.last.pinged) == ([], [])
    await raw("POST", f"/channels/{place.id}/messages", {"content": words})
    assert len(discord.broken) == 1
    assert place.last.pinged == [ines]
    await raw("PATCH", f"/channels/{place.id}/messages/{place.last.id}", {"content": "@everyone look"})
    assert len(discord.broken) == 2


@pytest.mark.parametrize(("tier", "mib"), [(0, 10), (1, 10), (2, 50), (3, 100)])
async def test_a_file_is_as_big_as_the_guild_allows(discord: FakeDiscord, raw: Raw, tier: int, mib: int) -> None:
    place = discord.channel(discord.guild("set", tier=tier), "dailies")
    assert discord.biggest(place) == mib * MIB
    discord.upload_limit //= MIB
    discord.guild_limit = lambda guild: mib  # type: ignore[method-assign]  # bytes for MiB: the sizes, not the network, are tried
    assert (await raw.say(place, files={"a.mp4": b"x" * (mib + 1)})).no == (413, 40005)
    assert (await raw.say(place, files={"a.mp4": b"x" * mib})).status == 200


async def test_a_big_clip_arrives_whole(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    clip = bytes(range(256)) * (4 * 9 * 1024)
    assert (await raw.say(place, files={"a.mp4": clip})).status == 200
    whole = place.last.files["a.mp4"] == clip
    assert whole
    assert (await raw.say(place, files={"a.mp4": clip + clip})).no == (413, 40005)


async def test_a_nonce_brings_back_the_first_message_for_some_minutes(
    discord: FakeDiscord, raw: Raw, place: Channel
) -> None:
    first = await raw.say(place, content="a clip", nonce="d-1", enforce_nonce=True)
    again = await raw.say(place, content="a clip", nonce="d-1", enforce_nonce=True)
    assert (again.body["id"], len(place.messages)) == (first.body["id"], 1)
    await raw.say(place, content="a clip", nonce="d-1")
    assert len(place.messages) == 2
    discord.skip(301)
    await raw.say(place, content="a clip", nonce="d-1", enforce_nonce=True)
    assert len(place.messages) == 3


async def test_the_nonce_of_a_deleted_message_finds_nothing(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    await raw.say(place, content="a clip", nonce="d-1", enforce_nonce=True)
    discord.delete(place.last)
    assert (await raw.say(place, content="a clip", nonce="d-1", enforce_nonce=True)).no == (404, 10008)


async def test_what_is_gone_is_unknown(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, content="a card")
    discord.delete(place.last)
    assert (await raw.edit(place, posted.body["id"], content="72 %")).no == (404, 10008)
    discord.delete(place)
    assert (await raw.say(place, content="x")).no == (404, 10003)
    assert (await raw("POST", "/channels/12/messages", {"content": "x"})).no == (404, 10003)


async def test_only_ones_own_messages_can_be_changed(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User
) -> None:
    said = await discord.say(ines, place, "hello")
    assert (await raw.edit(place, str(said.id), content="x")).no == (403, 50005)
    assert (await raw("DELETE", f"/channels/{place.id}/messages/{said.id}")).no == (403, 50013)


async def test_the_history_comes_newest_first_and_hides_what_others_said(
    discord: FakeDiscord, raw: Raw, place: Channel, ines: User
) -> None:
    for number in range(60):
        await raw.say(place, content=f"take {number}")
    await discord.say(ines, place, "lovely")
    newest = (await raw("GET", f"/channels/{place.id}/messages?limit=50")).body
    assert (len(newest), newest[0]["content"], newest[1]["content"]) == (50, "", "take 59")
    older = (await raw("GET", f"/channels/{place.id}/messages?limit=2&before={newest[-1]['id']}")).body
    assert [one["content"] for one in older] == ["take 10", "take 9"]
    later = (await raw("GET", f"/channels/{place.id}/messages?limit=2&after={older[0]['id']}")).body
    assert [one["content"] for one in later] == ["take 12", "take 11"]
    discord.revoke(place, "read_message_history")
    assert (await raw("GET", f"/channels/{place.id}/messages")).body == []


async def test_links_to_files_live_a_day(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    posted = await raw.say(place, files=CLIP)
    url = posted.body["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "video/mp4", b"a clip")
        async with session.get(url.partition("?")[0]) as answer:
            assert answer.status == 404
        discord.skip(24 * 3600 + 1)
        async with session.get(url) as answer:
            assert answer.status == 404
        fresh = (await raw("GET", f"/channels/{place.id}/messages/{posted.body['id']}")).body["attachments"][0]["url"]
        async with session.get(fresh) as answer:
            assert answer.status == 200


async def test_json_is_said_to_be_json_and_nothing_else(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    posted = await raw(
        "POST", f"/channels/{place.id}/messages", {"content": "x"}, kind="application/json; charset=utf-8"
    )
    assert posted.headers["Content-Type"] == "application/json"
    assert len(discord.broken) == 1


async def test_a_wrong_token_and_a_wrong_address(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    assert (await raw("GET", "/users/@them")).status == 404
    raw.headers = {"Authorization": "Bot someone-else"}
    assert (await raw.say(place, content="x")).status == 401
    assert discord.limits.invalid == 1


NONSENSE: list[Any] = [
    [1],
    {"components": 7},
    {"components": [7]},
    {"attachments": [{}]},
    {"content": 7},
    {"message_reference": {}},
]


async def test_nonsense_gets_an_answer_and_is_noted(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    for body in NONSENSE:
        answer = await raw("POST", f"/channels/{place.id}/messages", body)
        assert (answer.status, len(place.messages)) == (400, 0), body
    assert len(discord.broken) >= len(NONSENSE)


async def test_what_is_no_json_gets_an_answer(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    url, headers = (
        f"{discord.api_url}/channels/{place.id}/messages",
        {"Content-Type": "application/json", **raw.headers},
    )
    async with aiohttp.ClientSession() as session, session.post(url, data=b"{", headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)


async def test_two_fakes_do_not_know_of_each_other(discord: FakeDiscord, raw: Raw, place: Channel) -> None:
    async with FakeDiscord() as other, talking(other) as stranger:
        assert (await stranger.say(place, content="x")).no == (404, 10003)
    assert (await raw.say(place, content="x")).status == 200
