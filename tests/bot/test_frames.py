"""`start:last-frame`: the next shot begins with the picture that the one before ended with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Tone
from bot.commands import Generate, Opening
from tests.dialogue import Chat

NEXT = "/generate He looks up. start:last-frame"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def picture_of(chat: Chat) -> bytes:
    """The first frame that the last order names."""
    digest = list(chat.backend.accepted.values())[-1].brief.reference
    path = await chat.clips.path(digest or "")
    return path.read_bytes() if path else b""


async def test_the_last_frame_of_the_shot_before_is_the_first_of_the_next(chat: Chat) -> None:
    await chat.says("A fox stops.")
    card = await chat.says(NEXT)

    assert (card.title, card.tone) == ("1B-1", Tone.READY)
    assert await picture_of(chat) == b"last of a clipfake-1"
    brief = (await chat.take(card)).brief
    again = await chat.taps("Retake", card)
    assert (await chat.take(again)).brief.reference == brief.reference, "frozen with the brief"


async def test_the_circled_take_goes_before_the_newest(chat: Chat) -> None:
    first = await chat.says("A fox stops.")
    await chat.taps("Retake", first)
    await chat.says(NEXT)
    assert await picture_of(chat) == b"last of a clipfake-2"

    await chat.says("A hare stops.")
    await chat.taps("Retake", third := await chat.says("An owl stops."))
    await chat.taps("Circle", third)
    await chat.says(NEXT)
    assert await picture_of(chat) == b"last of a clipfake-5"


async def test_a_picture_of_ones_own_goes_first(chat: Chat) -> None:
    await chat.says("A fox stops.")
    card = await chat.wants(Generate(prompt="He looks up.", image="ab" * 32, start=Opening.LAST_FRAME))
    assert (await chat.take(card)).brief.reference == "ab" * 32


@pytest.mark.parametrize("given", ["nothing", "no clip", "no pictures"])
async def test_what_cannot_be_gets_one_sentence(chat: Chat, given: str) -> None:
    if given == "no clip":
        chat.engine.frozen = True
    if given != "nothing":
        await chat.says("A fox stops.")
    if given == "no pictures":
        chat.backend.can = replace(chat.backend.can, images=False)
    card = await chat.says(NEXT)

    assert card.tone is Tone.FAILED
    assert len(card.lines) == 1
    sentence = {"nothing": "no take to start from", "no clip": "1A has no clip yet", "no pictures": "picture"}[given]
    assert sentence in card.lines[0]
