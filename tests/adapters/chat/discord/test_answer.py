"""Answers that made no take, and members whose server the bot is not in."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.discord import parts
from bot.cards import Button, Card, PromptPart
from bot.errors import DeliveryFault, TooLarge
from bot.people import Address
from tests.adapters.chat.discord.stage_post import CANCELLED, CARD, READY, TAKE, Set, clips, on_set, rolling
from tests.fakes.discord import Channel, Heard, hooks
from tests.fakes.discord.heard import COMMAND, COMPONENT, DEFERRED, DEFERRED_UPDATE, MESSAGE
from tests.fakes.discord.nouns import EPHEMERAL

HELP = Card(
    title="What to do next", lines=("Write what the camera sees.",), buttons=(Button("Presets", "style:presets"),)
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Set]:
    async with on_set(tmp_path) as stage:
        yield stage


def asked(stage: Set, how: int = DEFERRED, place: Channel | None = None, **more: Any) -> tuple[Heard, Address]:
    """Ines used a command, or a button (`source`), and was acknowledged for her eyes alone; where the answer goes."""
    channel, source = place or stage.channel, more.pop("source", None)
    kind = COMPONENT if source else COMMAND
    data = {"custom_id": "t:help", "component_type": 2} if source else {"id": "1", "name": "help", "type": 1}
    heard = stage.discord._interaction(kind, stage.ines, channel, data, source=source)
    answer: dict[str, Any] = {"flags": EPHEMERAL} | ({"content": "One moment."} if how == MESSAGE else {})
    hooks.answer(stage.discord, heard, {"type": how, "data": answer}, {})
    pressed = f"discord/{channel.id}/{source.id}" if source else None
    hook = stage.hook(heard.token, follow=how == DEFERRED_UPDATE)
    return heard, stage.address(channel, pressed=pressed, **hook, **more)


@pytest.mark.parametrize("how", [DEFERRED, MESSAGE])
async def test_an_answer_takes_the_place_of_the_acknowledgement(stage: Set, how: int) -> None:
    heard, address = asked(stage, how)
    await stage.poster.answer(address, "dc-1", HELP)
    assert heard.original is not None
    assert heard.original.ephemeral
    assert heard.original.text == "### What to do next\nWrite what the camera sees."
    assert stage.channel.messages == []


async def test_a_long_prompt_comes_as_a_file(stage: Set) -> None:
    heard, address = asked(stage)
    await stage.poster.answer(address, "dc-1", Card(title="1A-2", prompt=(PromptPart("Spine", "x" * 6000),)))
    assert heard.original is not None
    assert heard.original.files["prompt.txt"] == b"Spine\n\n" + b"x" * 6000


async def test_after_a_quiet_tap_the_answer_is_a_message_of_its_own(stage: Set) -> None:
    await stage.poster.show(stage.address(), TAKE, CARD, None)
    heard, address = asked(stage, DEFERRED_UPDATE, source=stage.channel.last)
    await stage.poster.answer(address, "dc-1", HELP)
    assert "What to do next" in heard.followups[0].text
    assert heard.followups[0].ephemeral
    assert "1A-2" in stage.channel.last.text, "the card is as it was"


@pytest.mark.parametrize("told", [True, False])
async def test_after_the_tokens_life_the_answer_is_an_ordinary_message(stage: Set, told: bool) -> None:
    """`told`: the address knows that the token is over; otherwise Discord says so."""
    _, address = asked(stage)
    stage.discord.skip(16 * 60)
    late = address if told else replace(address, hook_until=stage.discord.now() + 60)
    await stage.poster.answer(late, "dc-1", HELP)
    assert "What to do next" in stage.channel.last.text
    assert f"for <@{stage.ines.id}>" in stage.channel.last.text
    assert stage.channel.last.pinged == []


async def test_the_same_late_answer_is_given_once(stage: Set) -> None:
    stage.discord.faults.add("POST", "/messages", "reset after")
    await stage.poster.answer(stage.address(), "dc-1", HELP)
    await stage.again().answer(stage.address(), "dc-1", HELP)
    assert len(stage.channel.messages) == 1


async def test_words_are_answered_by_a_reply(stage: Set) -> None:
    said = await stage.discord.say(stage.ines, stage.channel, "at night")
    await stage.poster.answer(stage.address(message=str(said.id)), "dc-1", HELP)
    assert stage.channel.last.reply_to is said
    assert stage.channel.last.pinged == []


async def test_words_that_are_gone_are_answered_all_the_same(stage: Set) -> None:
    await stage.poster.answer(stage.address(message="123456789012345678"), "dc-1", HELP)
    assert "What to do next" in stage.channel.last.text


async def test_without_the_right_to_reply_it_is_no_reply(stage: Set) -> None:
    said = await stage.discord.say(stage.ines, stage.channel, "at night")
    stage.discord.revoke(stage.channel, "read_message_history")
    await stage.poster.answer(stage.address(message=str(said.id)), "dc-1", HELP)
    assert stage.channel.last.reply_to is None


async def test_in_a_conversation_it_is_a_plain_reply(stage: Set) -> None:
    direct = stage.discord.dm(stage.ines)
    said = await stage.discord.say(stage.ines, direct, "at night")
    await stage.poster.answer(stage.address(direct, message=str(said.id)), "dc-1", HELP)
    assert direct.last.reply_to is said
    assert "for <@" not in direct.last.text


async def test_a_reply_to_an_answer_about_a_take_is_a_remix_of_it(stage: Set) -> None:
    await stage.poster.answer(stage.address(), "dc-1", replace(HELP, take=TAKE))
    assert await stage.meaning(f"discord/{stage.channel.id}/{stage.channel.last.id}") == f"remix:{TAKE}"


async def test_an_answer_that_replaces_changes_what_was_pressed(stage: Set) -> None:
    await stage.poster.answer(stage.address(), "dc-1", HELP)
    heard, address = asked(stage, source=stage.channel.last)
    await stage.poster.answer(address, "dc-2", Card(title="Dismissed", replaces=True))
    assert len(stage.channel.messages) == 1
    assert "Dismissed" in stage.channel.last.text
    assert heard.original is not None
    assert heard.original.gone, "nobody is left thinking"


async def test_an_answer_for_one_member_is_replaced_through_the_tap_on_it(stage: Set) -> None:
    first, address = asked(stage)
    await stage.poster.answer(address, "dc-1", HELP)
    _, tapped = asked(stage, DEFERRED_UPDATE, source=first.original)
    await stage.poster.answer(tapped, "dc-2", Card(title="Dismissed", replaces=True))
    assert first.original is not None
    assert "Dismissed" in first.original.text


async def test_what_was_pressed_and_is_gone_is_answered_like_anything_else(stage: Set) -> None:
    await stage.poster.answer(stage.address(), "dc-1", HELP)
    heard, address = asked(stage, source=stage.channel.last)
    stage.discord.delete(stage.channel.last)
    await stage.poster.answer(address, "dc-2", Card(title="Dismissed", replaces=True))
    assert heard.original is not None
    assert "Dismissed" in heard.original.text


# a guest: the app stands on the member's own account, the bot is not in that server


@pytest.fixture
async def abroad(stage: Set) -> Channel:
    stage.ines.installed = True
    return stage.discord.channel(stage.discord.guild("abroad", installed=False), "general")


async def test_a_guests_card_is_the_interactions_own_answer(stage: Set, abroad: Channel) -> None:
    heard, address = asked(stage, MESSAGE, abroad, guest=True)
    card = await stage.poster.show(address, TAKE, CARD, None)
    await stage.poster.progress(address, TAKE, rolling(40), card)
    assert heard.original is not None
    await stage.discord.until(lambda: heard.original and "40 %" in heard.original.text)
    assert abroad.messages == []


async def test_a_guests_clip_comes_by_direct_message_and_the_card_leads_there(stage: Set, abroad: Channel) -> None:
    heard, address = asked(stage, MESSAGE, abroad, guest=True)
    card = await stage.poster.show(address, TAKE, CARD, None)
    clip = await stage.poster.deliver(address, TAKE, READY, [stage.clip()], card)
    direct = stage.discord.dm(stage.ines)
    assert len(clips(direct)) == 1
    assert clip == f"discord/{direct.id}/{direct.last.id}"
    await stage.discord.until(lambda: heard.labels[0] == "Watch the clip")
    assert heard.buttons[0].url == f"https://discord.com/channels/@me/{direct.id}/{direct.last.id}"


async def test_a_guest_with_closed_messages_has_the_clip_in_the_answer(stage: Set, abroad: Channel) -> None:
    stage.discord.close_dms(stage.ines)
    heard, address = asked(stage, MESSAGE, abroad, guest=True)
    card = await stage.poster.show(address, TAKE, CARD, None)
    for _ in range(2):
        assert await stage.poster.deliver(address, TAKE, READY, [stage.clip()], card) == card
    assert heard.original is not None
    assert list(heard.original.files) == ["1A-2.mp4"]


async def test_after_the_tokens_life_a_guest_still_gets_the_clip(stage: Set, abroad: Channel) -> None:
    _, address = asked(stage, MESSAGE, abroad, guest=True)
    card = await stage.poster.show(address, TAKE, CARD, None)
    stage.discord.skip(16 * 60)
    await stage.poster.deliver(address, TAKE, READY, [stage.clip()], card)
    assert len(clips(stage.discord.dm(stage.ines))) == 1


async def test_after_the_tokens_life_a_guest_is_told_the_end_by_direct_message(stage: Set, abroad: Channel) -> None:
    _, address = asked(stage, MESSAGE, abroad, guest=True)
    card = await stage.poster.show(address, TAKE, CARD, None)
    stage.discord.skip(16 * 60)
    await stage.poster.show(address, TAKE, CANCELLED, card)
    assert "cancelled" in stage.discord.dm(stage.ines).last.text


async def test_a_guest_whom_nothing_reaches(stage: Set, abroad: Channel) -> None:
    stage.discord.close_dms(stage.ines)
    _, address = asked(stage, MESSAGE, abroad, guest=True)
    stage.discord.skip(16 * 60)
    with pytest.raises(DeliveryFault) as lost:
        await stage.poster.deliver(address, TAKE, READY, [stage.clip()], None)
    assert lost.value.final
    with pytest.raises(TooLarge):
        await stage.again().deliver(address, TAKE, READY, [stage.clip(11)], None)


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A picture that was drawn for a card."""
    file = tmp_path / "drawn.jpg"
    file.write_bytes(b"\xff\xd8 a lineage")
    return file


STORY = Card(title="1A-2, the whole story", lines=("Waited 3 s.",), take=TAKE)


async def test_a_picture_stands_between_the_slate_and_the_words(stage: Set, drawing: Path) -> None:
    heard, address = asked(stage)
    await stage.poster.answer(address, "dc-1", STORY, drawing)
    assert heard.original is not None
    assert heard.original.files == {"1A-2-the-whole-story.jpg": drawing.read_bytes()}
    assert "Waited 3 s." in heard.original.text
    gallery = next(each for each in parts.every(heard.original.components) if each["type"] == parts.GALLERY)
    assert "1A-2-the-whole-story.jpg" in gallery["items"][0]["media"]["url"]


async def test_after_a_quiet_tap_the_picture_is_in_the_message_of_its_own(stage: Set, drawing: Path) -> None:
    await stage.poster.show(stage.address(), TAKE, CARD, None)
    heard, address = asked(stage, DEFERRED_UPDATE, source=stage.channel.last)
    await stage.poster.answer(address, "dc-1", STORY, drawing)
    assert [*heard.followups[0].files.values()] == [drawing.read_bytes()]


async def test_without_an_interaction_the_picture_is_posted_with_the_words_once(stage: Set, drawing: Path) -> None:
    for poster in (stage.poster, stage.again()):
        await poster.answer(stage.address(), "dc-1", STORY, drawing)
    (message,) = stage.channel.messages
    assert [*message.files.values()] == [drawing.read_bytes()]
