"""The price list over a backend: who names a price, which models are offered, what ends; learned behind everybody's back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.video.pricelist import LEARN_EVERY, Priced, cost_line, read_book, shipped
from adapters.video.wrapped import wrap
from bot.backends import OffersModels
from bot.capabilities import Capabilities, ModelCard
from bot.errors import BadSetting, ModelRetired
from bot.offering import check_alive
from bot.paperwork import Finding
from bot.ports import Backend
from bot.prices import Origin, PriceBook, Rate, Row, Tariff, Unit
from tests.fakes.film_world import FakeBackend, FakeClock

TODAY = datetime(2026, 11, 20, tzinfo=UTC).timestamp()


def clock() -> FakeClock:
    return FakeClock(TODAY)


def book(*rows: Row, table: Sequence[Row] = ()) -> PriceBook:
    return PriceBook(rows, tuple(table))


def second(micros: int, **more: Any) -> Tariff:
    return Tariff((Rate(Unit.SECOND, micros),), **more)


@dataclass
class Studio(FakeBackend):
    """A backend that tells of its models."""

    told: list[ModelCard] = field(default_factory=list)
    times: int = 0
    broken: bool = False

    async def models(self) -> Sequence[ModelCard]:
        self.times += 1
        if self.broken:
            raise RuntimeError("a bug in somebody else's package")
        return self.told


def priced(inner: Backend, prices: PriceBook, models: Sequence[str] = (), at: FakeClock | None = None) -> Priced:
    return wrap(Priced, inner, prices, at or clock(), models)


def plain(**can: Any) -> FakeBackend:
    backend = FakeBackend("relay")
    backend.can = Capabilities(**can)
    return backend


async def test_what_the_backend_says_itself_wins_over_the_table_and_loses_to_the_operator() -> None:
    mine = Row("relay", ("*",), second(3, origin=Origin.OPERATOR))
    ours = Row("relay", ("*",), second(1))

    async def price(backend: FakeBackend, *rows: Row) -> int | None:
        return (await priced(backend, book(*rows, table=[ours])).capabilities()).price(1)

    assert await price(plain()) == 1
    assert await price(plain(tariff=second(2, origin=Origin.DISCOVERY))) == 2
    assert await price(plain(micros_per_second=2)) == 2
    assert await price(plain(micros_per_second=2), mine) == 3
    assert await price(plain(tariff=second(2)), mine) == 3
    assert await price(plain(free=True), mine) == 0


async def test_a_price_that_nobody_knows_is_not_zero() -> None:
    can = await priced(plain(), book()).capabilities()
    assert can.price(4) is None
    assert cost_line(can) == "unknown"


async def test_the_operators_models_in_the_operators_order() -> None:
    told = [ModelCard("a", Capabilities(seconds=(4,))), ModelCard("b", Capabilities(seconds=(8,)))]
    door = priced(Studio("relay", told=told), book(), ["b", "new"])
    cards = await door.models()
    assert [(card.id, card.capabilities.seconds) for card in cards] == [("b", (8,)), ("new", (4, 8, 12))]
    assert (await door.capabilities()).model == "b"
    assert (await door.capabilities()).seconds == (8,)


async def test_models_can_be_named_where_the_backend_tells_of_none() -> None:
    door = priced(plain(), book(Row("relay", ("dear",), second(9))), ["cheap", "dear"])
    assert isinstance(door, OffersModels)
    assert [card.capabilities.price(1) for card in await door.models()] == [None, 9]


async def test_models_are_learned_once_and_again_later_without_waiting() -> None:
    now = clock()
    studio = Studio("relay", told=[ModelCard("a", Capabilities())])
    door = priced(studio, book(), at=now)
    for _ in range(5):
        assert [card.id for card in await door.models()] == ["a"]
    assert studio.times == 1
    now.time += LEARN_EVERY + 1
    studio.told = [ModelCard("b", Capabilities())]
    assert [card.id for card in await door.models()] == ["a"]
    await asyncio.sleep(0)
    assert [card.id for card in await door.models()] == ["b"]


async def test_a_backend_that_breaks_while_telling_keeps_what_is_known() -> None:
    now = clock()
    studio = Studio("relay", told=[ModelCard("a", Capabilities())])
    door = priced(studio, book(), at=now)
    await door.models()
    studio.broken = True
    now.time += LEARN_EVERY + 1
    await door.models()
    await asyncio.sleep(0)
    assert [card.id for card in await door.models()] == ["a"]


@pytest.mark.parametrize(
    ("retires_on", "hearsay", "level"),
    [
        ("2026-12-01", False, "warning"),
        ("2026-11-01", False, "error"),
        ("2026-11-01", True, "warning"),
        ("2027-11-01", False, None),
    ],
)
async def test_the_end_of_a_model_is_warned_of_and_then_refused(
    retires_on: str, hearsay: bool, level: str | None
) -> None:
    table = [Row("relay", ("*",), second(1, retires_on=retires_on, hearsay=hearsay))]
    door = priced(plain(), book(table=table))
    found: Sequence[Finding] = [each for each in await door.examine() if "ende" in each.text or "ends" in each.text]
    assert [each.level for each in found] == ([level] if level else [])
    if level == "error":
        with pytest.raises(ModelRetired):
            check_alive(await door.capabilities(), "relay", TODAY)
    else:
        check_alive(await door.capabilities(), "relay", TODAY)


async def test_the_doctor_is_told_where_a_price_is_from() -> None:
    [known] = await priced(plain(), book(table=[Row("relay", ("*",), second(70_000, as_of="2026-11-01"))])).examine()
    assert (known.level, known.text) == ("ok", "costs $0.07 a second (as of 2026-11-01)")
    [unknown] = await priced(plain(), book()).examine()
    assert (unknown.level, "not known" in unknown.text) == ("warning", True)


def test_the_shipped_table_is_dated_and_sourced() -> None:
    rows = shipped()
    assert rows
    for row in rows:
        assert row.tariff.rates
        assert row.tariff.as_of
        assert row.tariff.source
        assert all(rate.micros > 0 for rate in row.tariff.rates)


@pytest.mark.parametrize(
    ("model", "micros"), [("gemini-omni-1.2-flash", 560_000), ("gemini-omni-1.1-flash", 800_000), (None, 560_000)]
)
def test_the_shipped_table_prices_what_the_facts_say(model: str | None, micros: int) -> None:
    tariff = PriceBook(table=shipped()).tariff("gemini_omni", model)
    assert tariff is not None
    assert Capabilities(tariff=tariff, resolution="720p").price(8) == micros


def test_the_operators_table_is_read_and_misspelling_is_named() -> None:
    mine = read_book({"demand": True, "price": [{"backend": "relay", "per_clip": "0.30"}]})
    tariff = mine.tariff("relay", "anything")
    assert mine.demand
    assert tariff is not None
    assert (tariff.origin, Capabilities(tariff=tariff).price(None)) == (Origin.OPERATOR, 300_000)
    misspelt: list[dict[str, Any]] = [{"demands": True}, {"demand": "yes"}, {"price": {}}, {"price": [{"per_clip": 1}]}]
    for wrong in misspelt:
        with pytest.raises(BadSetting, match=r"prices\."):
            read_book(wrong)


def test_prices_are_shown_in_their_own_unit() -> None:
    assert cost_line(Capabilities(tariff=Tariff((Rate(Unit.CLIP, 300_000),)))) == "$0.30 a clip"
    assert cost_line(Capabilities(tariff=Tariff((Rate(Unit.CREDIT, 10_000, a_second=5),)))) == "$0.05 a second"
    tiers = Capabilities(
        tariff=Tariff((Rate(Unit.SECOND, 20_000, "360p"), Rate(Unit.SECOND, 210_000, "4k"))), resolutions=("360p", "4k")
    )
    assert cost_line(tiers) == "$0.02 to $0.21 a second"
    assert cost_line(replace(tiers, resolution="360p")) == "$0.02 a second"
    assert cost_line(replace(Capabilities(), free=True)) == "free"
