"""What filming costs: every unit, rounded up, never a float, and never zero where nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.errors import BadSetting
from bot.prices import Asked, Origin, PriceBook, Rate, Row, Tariff, Unit, days_left, micros, read_rows


@pytest.mark.parametrize(
    ("dollars", "expected"),
    [
        ("0.07", 70_000),
        (0.07, 70_000),
        ("$1.50", 1_500_000),
        (2, 2_000_000),
        ("0.0000001", 1),
        (0.30000000000000004, 300_000),
        (True, None),
        ("a lot", None),
        (-1, None),
        (float("inf"), None),
        (None, None),
    ],
)
def test_dollars_become_whole_micros_rounded_up(dollars: object, expected: int | None) -> None:
    assert micros(dollars) == expected


@pytest.mark.parametrize(
    ("rate", "asked", "price"),
    [
        (Rate(Unit.CLIP, 300_000), Asked(), 300_000),
        (Rate(Unit.SECOND, 70_000), Asked(8), 560_000),
        (Rate(Unit.SECOND, 70_000), Asked(), None),
        (Rate(Unit.CREDIT, 10_000, a_second=5), Asked(5), 250_000),
        # Gemini: 5,792 tokens a second at 17.50 dollars a million
        (Rate(Unit.TOKENS, 17_500_000, a_second=5_792), Asked(8), 810_880),
        # Seedance: 1280 x 720 x 24 x 5 / 1024 = 108,000 tokens
        (Rate(Unit.TOKENS, 6_574_075), Asked(5, size=(1280, 720)), 710_001),
        (Rate(Unit.TOKENS, 6_574_075), Asked(5), None),
    ],
)
def test_each_unit(rate: Rate, asked: Asked, price: int | None) -> None:
    assert Tariff((rate,)).estimate(asked) == price


def by_tier() -> Tariff:
    return Tariff(
        (
            Rate(Unit.SECOND, 23_000, "360p"),
            Rate(Unit.SECOND, 70_000, "720p", sound=False),
            Rate(Unit.SECOND, 90_000, "720p", sound=True),
        ),
    )


@pytest.mark.parametrize(
    ("asked", "price"),
    [
        (Asked(10, "360p"), 230_000),
        (Asked(10, "720p", sound=False), 700_000),
        (Asked(10, "720p"), 900_000),  # not said: the most it can be
        (Asked(10), 900_000),
        (Asked(10, "4k"), None),
    ],
)
def test_resolution_and_sound_choose_the_rate(asked: Asked, price: int | None) -> None:
    assert by_tier().estimate(asked) == price


def test_pictures_minimum_and_batch() -> None:
    tariff = Tariff((Rate(Unit.SECOND, 10_000),), picture=40_000, pictures_free=1, least=50_000, batch_percent=50)
    assert tariff.estimate(Asked(2)) == 50_000
    assert tariff.estimate(Asked(2, pictures=3)) == 100_000
    assert tariff.estimate(Asked(20), batch=True) == 100_000


def test_the_operators_price_wins_then_the_discovered_then_the_table() -> None:
    table = Row("relay", ("veo*",), Tariff((Rate(Unit.SECOND, 1),), retires_on="2026-12-01"))
    mine = Row("relay", ("veo-3",), Tariff((Rate(Unit.SECOND, 3),), origin=Origin.OPERATOR))
    told = Tariff((Rate(Unit.SECOND, 2),), origin=Origin.DISCOVERY)
    book = PriceBook((mine,), (table,))

    def rate(model: str | None, discovered: Tariff | None = None) -> int | None:
        found = book.tariff("relay", model, discovered)
        return found.rates[0].micros if found else None

    assert rate("veo-3", told) == 3
    assert rate("veo-2", told) == 2
    assert rate("veo-2") == 1
    assert rate("sora") is None
    assert rate(None) is None
    kept = book.tariff("relay", "veo-3", told)
    assert kept is not None
    assert kept.retires_on == "2026-12-01"  # the end that the table knows holds, whoever names the price


def row(**values: Any) -> Row:
    return read_rows([{"backend": "relay", **values}], Origin.OPERATOR, "prices.price")[0]


def test_a_row_is_read() -> None:
    read = row(
        models=["a*"],
        per_second={"720p": "0.10", "1080p silent": 0.15, "1080p sound": "0.2"},
        as_of=date(2026, 11, 1),
        retires_on="2027-01-31",
        charges_on_refusal=True,
    )
    assert read.matches("relay", "abc")
    assert not read.matches("other", "abc")
    assert [(rate.resolution, rate.sound, rate.micros) for rate in read.tariff.rates] == [
        ("720p", None, 100_000),
        ("1080p", False, 150_000),
        ("1080p", True, 200_000),
    ]
    assert (read.tariff.as_of, read.tariff.retires_on) == ("2026-11-01", "2027-01-31")
    assert read.tariff.charges_on_refusal


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"per_seconds": "0.1"}, "per_seconds"),
        ({"per_second": "cheap"}, "per_second"),
        ({"models": "a"}, "models"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"backend": ""}, "backend"),
        ({"per_second": "0.1", "fps": 23.97}, "fps"),
    ],
)
def test_what_cannot_be_read_is_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSetting, match=rf"prices.price\[0\].{named}"):
        row(**values)


def test_days_until_a_models_end() -> None:
    assert days_left("2026-12-01", date(2026, 11, 20)) == 11
    assert days_left("2026-11-19", date(2026, 11, 20)) == -1
    assert days_left("", date(2026, 11, 20)) is None
