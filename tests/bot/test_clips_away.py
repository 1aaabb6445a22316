"""The store of clips is away for a while, as one on another machine may be: everything goes on when it is back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards import Tone
from bot.commands import Generate
from bot.errors_operator import ClipsUnreachable
from bot.states import State
from tests.dialogue import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def away(times: int) -> list[Exception]:
    return [ClipsUnreachable(place="s3://films", reason="no answer in time") for _ in range(times)]


async def picture(chat: Chat) -> str:
    async with chat.clips.scratch() as folder:
        (folder / "picture").write_bytes(b"a picture")
        return await chat.clips.store(folder / "picture", ".png")


async def test_a_clip_waits_with_its_backend_and_is_filmed_once(chat: Chat) -> None:
    chat.clips.faults = away(3)
    assert (await chat.says("/generate a fox")).tone is Tone.READY
    assert len(chat.backend.accepted) == 1


async def test_a_clip_that_cannot_be_read_is_posted_when_it_can(chat: Chat) -> None:
    chat.clips.away = away(3)
    card = await chat.says("/generate a fox")
    assert (await chat.job(card)).state is State.DONE
    assert chat.clips.away == []
    assert len(chat.backend.accepted) == 1


@pytest.mark.parametrize("times", [1, 2])
async def test_an_order_whose_picture_cannot_be_read_is_sent_when_it_can(chat: Chat, times: int) -> None:
    command = Generate(prompt="from a picture", image=await picture(chat))
    chat.clips.away = away(times)
    assert (await chat.wants(command)).tone is Tone.READY
    assert chat.clips.away == []
    assert len(chat.backend.accepted) == 1
