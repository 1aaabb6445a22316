"""What is completed while a member types."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.budget import Caps
from bot.commands import COMMANDS, options
from bot.people import Address, Member
from bot.suggestions import LONGEST, MOST, Suggestion
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def suggested(chat: Chat, option: str, typed: str = "", member: Member = INES) -> list[Suggestion]:
    address = Address("chat", "night-shoots", member=member.id)
    return list(await chat.intake.suggest(option, typed, member, address))


async def test_the_members_own_takes_of_this_place_newest_first(chat: Chat) -> None:
    fox = await chat.says("a fox\ncrosses the snow")
    heron = await chat.says("a heron")
    snow = await chat.taps("Remix", heron, "in snow")
    await chat.says("a private fox", place="direct-ines")
    await chat.says("somebody else's fox", member=MAREK)

    assert [(each.value, each.label) for each in await suggested(chat, "take")] == [
        (snow.take, "1B-2 · ready · in snow"),
        (heron.take, "1B-1 · ready · a heron"),
        (fox.take, "1A-1 · ready · a fox crosses the snow"),
    ]
    assert [each.value for each in await suggested(chat, "take", "SNOW ")] == [snow.take, fox.take]
    assert [each.value for each in await suggested(chat, "take", "1b-1")] == [heron.take]
    assert [each.value for each in await suggested(chat, "take", fox.take)] == [fox.take]
    assert await suggested(chat, "take", "a whale") == []


async def test_a_suggested_take_is_found(chat: Chat) -> None:
    await chat.says("a fox")
    found = await suggested(chat, "take")
    card = await chat.says(f"/remix at night take:{found[0].value}")
    assert (card.title, card.reply_to) == ("1A-2", "1A-1")


async def test_no_more_and_no_longer_than_a_platform_shows(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(waiting=MOST + 3))
    chat.engine.frozen = True
    for _ in range(MOST + 3):
        await chat.says("a fox " * 60)
    found = await suggested(chat, "take")

    assert len(found) == MOST
    assert all(len(each.label) <= LONGEST and len(each.value) <= LONGEST for each in found)


async def test_spines_fields_and_models(chat: Chat) -> None:
    assert "noir" in [each.value for each in await suggested(chat, "preset", "noir")]
    assert [each.label for each in await suggested(chat, "field", "palette")] == ["Palette anchors"]
    assert await suggested(chat, "model") == [Suggestion("fake", "fake · $0.01 a second")]


async def test_productions_by_title_and_by_id_where_a_title_says_too_little(chat: Chat) -> None:
    await chat.says("/session new First")
    await chat.says("/session new Second")
    await chat.says("/session new second")
    await chat.says(f"/session new {'x' * 120}")
    found = await suggested(chat, "title")

    assert [each.label[:6] for each in found] == ["xxxxxx", "second", "Second", "First"]
    assert found[3].value == "First"
    for each in found:
        card = await chat.says(f"/session switch {each.value}")
        assert card.title[:6] == each.label[:6]


async def test_what_has_no_completions_gives_none(chat: Chat) -> None:
    assert await suggested(chat, "prompt", "a f") == []


def test_every_option_that_completes_has_a_source() -> None:
    names = {name for kind in COMMANDS.values() for name, option in options(kind).items() if option.completes}
    assert names == {"take", "from", "name", "preset", "field", "model", "title"}
