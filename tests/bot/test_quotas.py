"""What members, servers and the house may spend: told in one sentence, held in the transaction, given back when it fails."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.budget import Allowance, Caps, Quotas
from bot.capabilities import Capabilities
from bot.cards import Card, Row, Tone
from bot.errors import BadOrder
from bot.people import Member
from tests.dialogue import INES, MAREK, Chat
from tests.fakes.film_world import FakeBackend

DOLLAR = 1_000_000
CENT = 10_000


def filmed(card: Card) -> bool:
    return card.tone is Tone.READY


def backend(price: int | None) -> FakeBackend:
    """Filming four seconds costs that much there."""
    per_second = None if price is None else price // 4
    return FakeBackend(can=Capabilities(seconds=(4, 8), micros_per_second=per_second, free=price == 0))


def row(card: Card, title: str) -> Row:
    return next(each for each in card.rows if each.title == title)


def film(folder: Path, quotas: Quotas, price: int | None = 40 * CENT) -> Chat:
    return Chat(folder, backend(price), Caps(waiting=2000, takes_a_day=5000), quotas=quotas)


async def test_a_member_films_until_the_day_is_spent_and_again_when_it_is_over(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(member=Allowance(day=DOLLAR)))
    assert filmed(await chat.says("/generate a fox seconds:4"))
    assert filmed(await chat.says("/generate an owl seconds:4"))

    told = await chat.says("/generate a wolf seconds:4")
    assert told.tone is Tone.FAILED
    assert told.lines == (
        "What you may spend in 24 hours is used up; nothing was started. The animatic stays free; /budget shows what is left.",
    )
    assert len(chat.backend.accepted) == 2
    assert filmed(await chat.says("/generate a wolf seconds:4", MAREK)), "another member has a quota of their own"

    chat.clock.time += 24 * 3600.0
    assert filmed(await chat.says("/generate a wolf seconds:4"))


async def test_a_server_has_one_quota_for_all_and_another_server_its_own(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(server=Allowance(day=DOLLAR)))
    await chat.says("/generate a fox seconds:4")
    await chat.says("/generate an owl seconds:4", MAREK)
    assert "spent here" in (await chat.says("/generate a wolf seconds:4", MAREK)).lines[0]
    assert filmed(await chat.says("/generate a wolf seconds:4", MAREK, place="day-shoots"))


async def test_the_house_has_one_for_everybody_everywhere(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(house=Allowance(month=50 * CENT)))
    await chat.says("/generate a fox seconds:4")
    assert (
        "this bot may spend in 720 hours"
        in (await chat.says("/generate a wolf seconds:4", MAREK, place="day-shoots")).lines[0]
    )


async def test_what_fails_gives_its_quota_back(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(member=Allowance(day=50 * CENT, day_seconds=5)))
    chat.backend.faults.append(BadOrder("no"))
    assert not filmed(await chat.says("/generate a fox seconds:4", INES))
    assert filmed(await chat.says("/generate a fox seconds:4", INES))


async def test_a_price_that_nobody_knows_counts_by_its_seconds_and_a_free_one_by_nothing(tmp_path: Path) -> None:
    for name in ("unknown", "free"):
        (tmp_path / name).mkdir()
    unknown = film(tmp_path / "unknown", Quotas(member=Allowance(day=DOLLAR, day_seconds=6)), price=None)
    assert filmed(await unknown.says("/generate a fox seconds:4"))
    assert "used up" in (await unknown.says("/generate an owl seconds:4")).lines[0]

    free = film(tmp_path / "free", Quotas(member=Allowance(day=0, day_seconds=0)), price=0)
    assert filmed(await free.says("/generate a fox seconds:4"))


async def test_a_thousand_who_press_at_once_never_exceed_it(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(server=Allowance(day=20 * DOLLAR)))
    crowd = [Member(f"chat:{number}", f"member {number}") for number in range(1000)]
    cards = await asyncio.gather(*(chat.says("/generate a fox seconds:4", each) for each in crowd))
    assert sum(map(filmed, cards)) == 50
    async with chat.store.work() as w:
        assert await w.ledger.spent(0.0, place="chat/night-shoots") == await w.ledger.spent(0.0)
        assert (await w.ledger.spent(0.0)).micros == 20 * DOLLAR


async def test_budget_says_what_is_left(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas(member=Allowance(day=DOLLAR, month_seconds=100), server=Allowance(day=5 * DOLLAR)))
    await chat.says("/generate a fox seconds:4")
    card = await chat.says("/budget")
    assert row(card, "Spent in 24 hours").text == "$0.40"
    assert row(card, "Yours, 24 hours").text == "$0.60 left of $1.00"
    assert row(card, "Yours, 720 hours").text == "96 s left of 100 s"
    assert row(card, "This place, 24 hours").text == "$4.60 left of $5.00"
    assert row(card, "Takes in 24 hours").text == "1 of 5000"


async def test_budget_without_quotas_says_so(tmp_path: Path) -> None:
    card = await film(tmp_path, Quotas()).says("/budget")
    assert card.lines == ("No quota is set here.",)
    assert row(card, "Spent in 30 days").text == "$0.00"


async def test_models_names_what_films_here_with_its_price(tmp_path: Path) -> None:
    chat = film(tmp_path, Quotas())
    card = await chat.says("/models")
    (only,) = card.rows
    assert "films when none is named" in only.note
    assert "$" in only.note


@pytest.mark.parametrize("limit", [-1, -DOLLAR])
def test_a_quota_is_no_debt(limit: int) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Allowance(day=limit)
