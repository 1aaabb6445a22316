"""A contradiction is pointed out on the card of the take that was filmed as said, and two buttons settle it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import Generate, Scene
from bot.continuity import Kind
from tests.dialogue import MAREK, Chat

NIGHT = "A detective in a trench coat crosses a wet street at night."
NOON = "He stops at noon and reads a letter."


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


async def test_it_is_pointed_out_and_filmed_as_said(chat: Chat) -> None:
    await chat.says(NIGHT)
    card = await chat.says(NOON)

    assert card.tone is Tone.READY
    assert "It was “night” in 1A; here it is “noon”." in card.lines
    assert chat.prompts[-1].endswith(NOON)
    assert labels(card)[-2:] == ["Keep “night”", "As a new scene"]


async def test_it_can_stay_as_it_was(chat: Chat) -> None:
    await chat.says(NIGHT)
    card = await chat.says(NOON)
    kept = await chat.taps("Keep “night”", card)

    assert (kept.title, kept.reply_to) == ("1B-2", "1B-1")
    assert chat.prompts[-1].endswith(f"{NOON}\nExactly as above, with this change: night")
    assert [(change.label, change.old, change.new) for change in kept.changes] == [("Time", "noon", "night")]
    assert not any("It was" in line for line in kept.lines)
    again = await chat.says("He walks on.")
    assert {chip.kind: chip.words for chip in again.kept}[Kind.TIME] == "night"


async def test_it_can_open_a_new_scene(chat: Chat) -> None:
    await chat.says(NIGHT)
    card = await chat.wants(Generate(prompt=NOON, seconds=8))
    fresh = await chat.taps("As a new scene", card)

    assert fresh.title == "2A-1"
    assert chat.prompts[-1] == NOON
    assert (await chat.take(fresh)).brief.seconds == 8
    assert not any("It was" in line for line in fresh.lines)


@pytest.mark.parametrize("wish", [Generate(prompt=NOON, scene=Scene.NEW), Generate(prompt=NOON, carry=False)])
async def test_a_break_on_purpose_contradicts_nothing(chat: Chat, wish: Generate) -> None:
    await chat.says(NIGHT)
    assert not any("It was" in line for line in (await chat.wants(wish)).lines)


async def test_only_the_member_settles_it_and_only_what_is_there(chat: Chat) -> None:
    await chat.says(NIGHT)
    card = await chat.says(NOON)

    assert "belongs to another member" in (await chat.taps("As a new scene", card, member=MAREK)).lines[0]
    assert "no field “weather”" in (await chat.says(f"/settle {card.take} how:weather")).lines[0]
    assert len(chat.prompts) == 2
