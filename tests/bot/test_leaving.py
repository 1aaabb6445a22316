"""The bot is removed from a place: nothing more is filmed for it, and nobody pays for what was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.states import State
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_what_waits_there_is_cancelled_and_its_money_is_back(chat: Chat) -> None:
    chat.engine.frozen = True
    here = [await chat.says("/generate a fox seconds:4", member) for member in (INES, MAREK)]
    elsewhere = await chat.says("/generate a hare seconds:4", place="another place")
    await chat.intake.left("chat", "night-shoots")

    assert [(await chat.job(card)).state for card in here] == [State.CANCELLED, State.CANCELLED]
    assert (await chat.job(elsewhere)).state is State.RESERVED
    async with chat.store.work() as w:
        assert (await w.ledger.spent(0.0, member=MAREK.id)).micros == 0
        assert (await w.ledger.spent(0.0, member=INES.id)).micros == 40_000
        assert await w.jobs.untold() == [], "nobody is there to be told"


async def test_what_rolls_is_asked_to_stop(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await chat.says("/generate a fox seconds:4")
    job = await chat.job(card)
    async with chat.store.work() as w:
        await w.jobs.move(job.id, State.RESERVED, State.ROLLING)
    await chat.intake.left("chat", "night-shoots")
    job = await chat.job(card)
    assert (job.state, job.cancel_asked) == (State.ROLLING, True)
