"""What to do next, in this place; and the greeting before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import FIRST
from tests.dialogue import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_help_says_what_to_do_next_here(chat: Chat) -> None:
    assert "/generate" in (await chat.says("/help")).lines[0]
    chat.engine.frozen = True
    waiting = await chat.says("a fox")
    assert (await chat.says("/help")).lines[0].startswith("1A-1 is on its way")
    await chat.taps("Cancel", waiting)
    assert (await chat.says("/help")).lines[0].startswith("1A-1 was not filmed")
    chat.engine.frozen = False
    await chat.says("a fox")
    here, elsewhere = await chat.says("/help"), await chat.says("/help", place="day-shoots")
    assert here.lines == (
        "Reply to 1B-1 with one change to remix it, or tap Next shot to go on from it; Circle chooses it for the film.",
        "Films here with fake, $0.01 a second.",
    )
    assert "/generate" in elsewhere.lines[0]
    assert len(here.rows) <= FIRST


async def test_the_first_word_to_the_bot_is_a_greeting(chat: Chat) -> None:
    alone = await chat.says("/start", place="direct-ines")
    group = await chat.says("/start from_a_link")

    assert alone.lines[0].startswith("Throughline films what you write")
    assert "its price before anything is filmed" in alone.lines[1]
    assert len(group.lines) == len(alone.lines) - 1
    assert [row.title for row in alone.rows] == [row.title for row in (await chat.says("/help")).rows]
