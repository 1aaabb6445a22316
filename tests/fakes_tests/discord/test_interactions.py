"""Answers to interactions: 3 seconds, 15 minutes, once; who sees them; what guests may."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Heard, User
from tests.fakes.discord import heard as types
from tests.fakes_tests.discord.raw import V2, Raw, command, unheard

PRIVATE = {"flags": 64}
CARD: dict[str, Any] = {
    "flags": V2,
    "components": [{"type": 1, "components": [{"type": 2, "style": 2, "label": "Remix", "custom_id": "r:1"}]}],
}


@pytest.fixture
def heard(discord: FakeDiscord, place: Channel, ines: User) -> Heard:
    """A command that waits for its answer."""
    return unheard(discord, ines, place)


async def pressed(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> Heard:
    """A press that waits for its answer."""
    await raw.say(place, **CARD)
    return await discord.press(ines, place.last, "Remix")


async def test_the_first_answer_comes_within_three_seconds(discord: FakeDiscord, raw: Raw, heard: Heard) -> None:
    discord.skip(3.1)
    assert (await raw.answer(heard, 5, PRIVATE)).no == (404, 10062)
    assert not heard.acknowledged


async def test_there_is_one_first_answer(raw: Raw, heard: Heard) -> None:
    assert (await raw.answer(heard, 5, PRIVATE)).status == 204
    assert (await raw.answer(heard, 5, PRIVATE)).no == (400, 40060)


async def test_an_unknown_interaction(raw: Raw, heard: Heard) -> None:
    for number, token in ((heard.id + 1, heard.token), (heard.id, heard.token + "0")):
        assert (await raw("POST", f"/interactions/{number}/{token}/callback", {"type": 5})).no == (404, 10062)
    heard.token += "0"
    assert (await raw.hook(heard, "PATCH", {"content": "x"})).no == (401, 50027)


async def test_thinking_becomes_the_answer(discord: FakeDiscord, raw: Raw, heard: Heard, place: Channel) -> None:
    await raw.answer(heard, 5, PRIVATE)
    assert (heard.thinking, heard.ephemeral, heard.text, heard.kind) == (True, True, "", 5)
    assert (await raw.hook(heard, "PATCH", {"content": "queued"})).status == 200
    assert (heard.thinking, heard.text, place.messages) == (False, "queued", [])
    assert (await raw.hook(heard, "GET")).body["content"] == "queued"
    assert (await raw.hook(heard, "DELETE")).status == 204
    assert (await raw.hook(heard, "PATCH", {"content": "x"})).no == (404, 10008)
    assert discord.broken == []


async def test_whether_it_is_private_is_settled_at_once(raw: Raw, heard: Heard, place: Channel) -> None:
    await raw.answer(heard, 5)
    await raw.hook(heard, "PATCH", {"content": "for all", **PRIVATE})
    assert (heard.ephemeral, [said.text for said in place.messages]) == (False, ["for all"])


async def test_the_first_follow_up_takes_the_place_of_thinking(raw: Raw, heard: Heard) -> None:
    await raw.answer(heard, 5, PRIVATE)
    await raw.hook(heard, "POST", {"content": "one"})
    await raw.hook(heard, "POST", {"content": "two"})
    assert (heard.text, [said.text for said in heard.followups]) == ("one", ["two"])


async def test_the_token_lives_fifteen_minutes(discord: FakeDiscord, raw: Raw, heard: Heard) -> None:
    await raw.answer(heard, 5, PRIVATE)
    discord.skip(899)
    assert (await raw.hook(heard, "PATCH", {"content": "72 %"})).status == 200
    discord.skip(2)
    assert (await raw.hook(heard, "PATCH", {"content": "done"})).no == (401, 50027)
    assert (await raw.hook(heard, "POST", {"content": "done"})).no == (401, 50027)
    assert (heard.text, discord.limits.invalid) == ("72 %", 2)


async def test_there_is_nothing_to_edit_before_the_first_answer(raw: Raw, heard: Heard) -> None:
    assert (await raw.hook(heard, "PATCH", {"content": "x"})).no == (404, 10015)


@pytest.mark.parametrize("kind", [6, 7, 8, 1, 10, "5", None])
async def test_a_command_takes_only_certain_answers(discord: FakeDiscord, raw: Raw, heard: Heard, kind: Any) -> None:
    assert (await raw.answer(heard, kind)).no == (400, 50035)
    assert discord.broken
    assert not heard.acknowledged


async def test_a_form_does_not_follow_a_form(discord: FakeDiscord, raw: Raw, heard: Heard, ines: User) -> None:
    field = {"type": 18, "label": "What", "component": {"type": 4, "custom_id": "w", "style": 1, "required": False}}
    form = {"title": "Remix", "custom_id": "m", "components": [field]}
    await raw.answer(heard, 9, form)
    sent = await discord.submit(ines, heard)
    assert (await raw.answer(sent, 9, form)).no == (400, 50035)
    assert (await raw.answer(sent, 6)).no == (400, 50035)
    assert (await raw.answer(sent, 4, {"content": "ok", **PRIVATE})).status == 204


async def test_a_form_is_the_first_answer_or_none(raw: Raw, heard: Heard) -> None:
    await raw.answer(heard, 5, PRIVATE)
    assert (await raw.answer(heard, 9, {"title": "x"})).no == (400, 40060)


async def test_a_press_may_change_its_own_message(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    heard = await pressed(discord, raw, place, ines)
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Cut", "custom_id": "c:1"}]}
    assert (await raw.answer(heard, 7, {"components": [row]})).status == 204
    assert (place.last.labels, heard.original) == (["Cut"], place.last)


async def test_a_press_may_be_taken_note_of(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    heard = await pressed(discord, raw, place, ines)
    assert (await raw.answer(heard, 6)).status == 204
    assert (heard.thinking, (await raw.hook(heard, "PATCH", {"components": CARD["components"]})).status) == (False, 200)
    await raw.hook(heard, "POST", {"content": "yours", **PRIVATE})
    assert [said.ephemeral for said in heard.followups] == [True]


async def test_only_what_can_be_pressed_is_pressed(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    grey = {"type": 2, "style": 2, "label": "Grey", "custom_id": "g", "disabled": True}
    link = {"type": 2, "style": 5, "label": "Look", "url": "https://example.org"}
    await raw.say(place, content="x", components=[{"type": 1, "components": [grey, link]}])
    for name in ("Grey", "Look", "Remix"):
        with pytest.raises(AssertionError):
            await discord.press(ines, place.last, name)
    discord.delete(card := place.last)
    with pytest.raises(AssertionError):
        await discord.press(ines, card, "g")


async def test_a_private_answer_has_one_reader(discord: FakeDiscord, raw: Raw, heard: Heard) -> None:
    await raw.answer(heard, 4, {**CARD, "flags": V2 | 64})
    with pytest.raises(AssertionError):
        await discord.press(discord.user("tom"), heard, "Remix")
    assert (await discord.press(heard.user, heard, "Remix")).source is heard.original


@pytest.mark.parametrize(
    "case",
    [
        ([{"name": "1A-1 a fox", "value": "1A-1"}] * 25, 204),
        ([{"name": "x", "value": "y"}] * 26, 400),
        ([{"name": "x" * 101, "value": "y"}], 400),
        ([{"name": "x", "value": "y" * 101}], 400),
        ([{"name": "", "value": "y"}], 400),
        (None, 400),
    ],
)
async def test_choices(discord: FakeDiscord, raw: Raw, place: Channel, ines: User, case: tuple[Any, int]) -> None:
    choices, status = case
    discord.commands[None] = [command("remix") | {"options": [{"name": "take", "type": 3, "autocomplete": True}]}]
    heard = await discord.autocomplete(ines, place, "remix", take="1A")
    assert heard.payload["data"]["options"] == [{"name": "take", "type": 3, "value": "1A", "focused": True}]
    assert (await raw.answer(heard, 4, {"content": "x"})).status == 400
    assert (await raw.answer(heard, 8, {"choices": choices})).status == status
    assert len(heard.choices) == (25 if status == 204 else 0)


# guests: the app stands on the member's own account only


@pytest.fixture
def guest(discord: FakeDiscord) -> Heard:
    """A command of somebody in a guild that the app is not in."""
    tom = discord.user("tom", installed=True, nitro_mib=500)
    return unheard(discord, tom, discord.channel(discord.guild("elsewhere", installed=False), "chat"))


async def test_a_guest_has_no_channel(raw: Raw, guest: Heard) -> None:
    assert (await raw.say(guest.channel, content="x")).no == (403, 50001)
    assert (await raw("GET", f"/guilds/{guest.payload['guild_id']}")).no == (403, 50001)
    assert guest.payload["authorizing_integration_owners"] == {"1": str(guest.user.id)}
    assert not int(guest.payload["app_permissions"]) & 1 << 11
    assert guest.payload["attachment_size_limit"] == 500 * 2**20


async def test_by_the_hook_a_member_may_send_what_the_member_may(
    discord: FakeDiscord, raw: Raw, place: Channel
) -> None:
    discord.upload_limit = 100
    heard = unheard(discord, discord.user("ana"), place)
    rich = unheard(discord, discord.user("tom", nitro_mib=1), place)
    for one, status in ((heard, 413), (rich, 200)):
        await raw.answer(one, 4, {"content": "x"})
        path = f"/webhooks/{discord.application_id}/{one.token}"
        assert (await raw("POST", path, {"content": "x"}, files={"a.mp4": b"x" * 101})).status == status


async def test_a_guest_has_five_follow_ups(raw: Raw, guest: Heard) -> None:
    await raw.answer(guest, 4, {"content": "x"})
    answers = [await raw.hook(guest, "POST", {"content": str(number)}) for number in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [400]
    assert answers[5].no == (400, 40094)


async def test_a_member_guild_has_as_many_as_it_likes(raw: Raw, heard: Heard) -> None:
    await raw.answer(heard, 4, {"content": "x"})
    assert {(await raw.hook(heard, "POST", {"content": "x"})).status for _ in range(8)} == {200}


async def test_where_outside_apps_are_hushed_all_is_private(discord: FakeDiscord, raw: Raw) -> None:
    tom = discord.user("tom", installed=True)
    heard = unheard(discord, tom, discord.channel(discord.guild("strict", installed=False, external=False), "chat"))
    await raw.answer(heard, 4, {"content": "for all"})
    assert heard.ephemeral


async def test_contexts(discord: FakeDiscord, ines: User, place: Channel) -> None:
    tom = discord.user("tom", installed=True)
    told = [unheard(discord, tom, where).payload for where in (place, discord.dm(tom), discord.group_dm(tom, ines))]
    assert [one["context"] for one in told] == [0, 1, 2]
    assert [sorted(one["authorizing_integration_owners"]) for one in told] == [["0", "1"], ["0", "1"], ["1"]]
    assert ["member" in one for one in told] == [True, False, False]
    with pytest.raises(AssertionError):
        unheard(discord, ines, discord.group_dm(tom, ines))


async def test_a_command_is_refused_where_it_is_not_offered(discord: FakeDiscord, ines: User, place: Channel) -> None:
    discord.commands[None] = [command("admin") | {"contexts": [0]}, command("mine") | {"integration_types": [1]}]
    unheard(discord, ines, place, "admin")
    for name, where in (("admin", discord.dm(ines)), ("mine", place), ("unknown", place)):
        with pytest.raises(AssertionError):
            unheard(discord, ines, where, name)


async def test_uploaded_pictures_can_be_fetched(discord: FakeDiscord, ines: User, place: Channel) -> None:
    option = {"name": "image", "type": 11, "required": False}
    discord.commands[None] = [command("generate") | {"options": [option]}]
    heard = unheard(discord, ines, place, image=("fox.png", b"PNG"))
    [picture] = heard.payload["data"]["resolved"]["attachments"].values()
    async with aiohttp.ClientSession() as session, session.get(picture["url"]) as answer:
        assert (await answer.read(), picture["size"], picture["filename"]) == (b"PNG", 3, "fox.png")


async def test_nobody_at_home(discord: FakeDiscord, ines: User, place: Channel) -> None:
    discord.commands[None] = [command("generate")]
    heard = await asyncio.wait_for(discord.slash(ines, place, "generate"), 0.5)
    assert (heard.kind, heard.type) == (None, types.COMMAND)
