"""What a take really cost: as the backend says, whatever came of it; booked once, and shown. And where it waits there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card
from bot.paperwork import Phase, Report
from bot.prices import Rate, Tariff, Unit
from tests.dialogue import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def ask(chat: Chat) -> Card:
    return await chat.says("/generate a fox seconds:4")


def money(chat: Chat) -> dict[str, int]:
    return {entry.kind: entry.micros for entry in (*chat.store.rows.opened.values(), *chat.store.rows.closed.values())}


@pytest.mark.parametrize(
    ("ends", "cost", "booked", "told"),
    [
        (Phase.FINISHED, 55_000, {"reserve": 40_000, "settle": 55_000}, "$0.06"),
        (Phase.FINISHED, 0, {"reserve": 40_000, "settle": 0}, "free"),
        (Phase.FINISHED, None, {"reserve": 40_000, "settle": 40_000}, "$0.04"),
    ],
)
async def test_what_it_really_cost_is_booked_and_shown(
    chat: Chat, ends: Phase, cost: int | None, booked: dict[str, int], told: str
) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.4), Report(ends, cost=cost))
    card = await ask(chat)

    assert money(chat) == booked
    assert told in card.facts


@pytest.mark.parametrize(
    ("ends", "booked", "sentence"),
    [
        (Report(Phase.FAILED, cost=30_000), {"reserve": 40_000, "settle": 30_000}, "$0.03 is spent."),
        (Report(Phase.REFUSED, gate="result", cost=30_000), {"reserve": 40_000, "settle": 30_000}, "$0.03 is spent."),
        (Report(Phase.FAILED, cost=0), {"reserve": 40_000, "release": 40_000}, "$0.04 is back."),
        (Report(Phase.REFUSED, gate="result"), {"reserve": 40_000, "release": 40_000}, "$0.04 is back."),
    ],
)
async def test_a_failure_that_cost_something_is_booked_and_told(
    chat: Chat, ends: Report, booked: dict[str, int], sentence: str
) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.4), ends)
    card = await ask(chat)

    assert money(chat) == booked
    assert card.lines[0].endswith(sentence)


async def test_a_backend_that_charges_for_refusals_is_paid_for_them(chat: Chat) -> None:
    tariff = Tariff((Rate(Unit.SECOND, 10_000),), charges_on_refusal=True)
    chat.backend.can = replace(chat.backend.can, tariff=tariff)
    chat.backend.script = (Report(Phase.ROLLING, 0.4), Report(Phase.REFUSED, gate="result"))
    card = await ask(chat)

    assert money(chat) == {"reserve": 40_000, "settle": 40_000}
    assert card.lines[0].endswith("$0.04 is spent.")


async def test_the_place_in_the_backends_queue_is_shown(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.QUEUED, place=3), Report(Phase.QUEUED, place=1), Report(Phase.FINISHED))
    card = await ask(chat)

    places = [shown.progress.place for shown in chat.poster.messages[card.take] if shown.progress]
    assert places[-3:] == [3, 1, None]


async def test_a_webhook_wakes_the_one_who_waits(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.4),)
    assert chat.driver.wake("fake", ["fake-1"]) == 0
    assert chat.driver.wake("nobody", ["fake-1"]) == 0
