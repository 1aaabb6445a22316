"""What filming costs: rates in the units that providers use, and the estimate that is shown before anything is spent.

Integers of micro-dollars throughout, rounded up; never floats. Where a price comes from, best first: the operator, what the
backend tells of itself, the dated table that is shipped, nobody. A price that nobody knows is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final

from bot.errors import BadSetting

MILLION: Final = 1_000_000
SOON: Final = 30
"""Days before a model's end at which the operator is warned."""


class Unit(StrEnum):
    """What a rate counts."""

    CLIP = "clip"
    SECOND = "second"
    TOKENS = "million_tokens"
    CREDIT = "credit"


class Origin(StrEnum):
    """Who named a price."""

    OPERATOR = "operator"
    DISCOVERY = "discovery"
    TABLE = "table"


@dataclass(frozen=True)
class Asked:
    """What of an order decides its price; None: not said. `size`: width and height in pixels. `pictures`: how many go in."""

    seconds: int | None = None
    resolution: str | None = None
    sound: bool | None = None
    size: tuple[int, int] | None = None
    pictures: int = 0


@dataclass(frozen=True)
class Rate:
    """Micro-dollars for one `unit`: a clip, a second, a million tokens, a credit.

    `resolution` and `sound`: what it is for; empty and None: any. `a_second`: tokens (or credits) that one second of clip takes;
    0 with tokens: width x height x `fps` / 1024, as Seedance counts.
    """

    unit: Unit
    micros: int
    resolution: str = ""
    sound: bool | None = None
    a_second: int = 0
    fps: int = 24

    def fits(self, asked: Asked) -> bool:
        """Whether it may be the rate of such an order; what was not said fits every rate."""
        return (not self.resolution or asked.resolution is None or self.resolution == asked.resolution) and (
            self.sound is None or asked.sound is None or self.sound == asked.sound
        )

    def price(self, asked: Asked) -> int | None:
        """Micro-dollars for such an order, rounded up; None: it cannot be told."""
        if self.unit is Unit.CLIP:
            return self.micros
        if asked.seconds is None:
            return None
        if self.unit is Unit.TOKENS:
            return self._tokens(asked.seconds, asked.size)
        return self.micros * asked.seconds * (self.a_second or 1 if self.unit is Unit.CREDIT else 1)

    def _tokens(self, seconds: int, size: tuple[int, int] | None) -> int | None:
        if self.a_second:
            return up(self.micros * self.a_second * seconds, MILLION)
        if size is None:
            return None
        return up(self.micros * size[0] * size[1] * self.fps * seconds, 1024 * MILLION)


@dataclass(frozen=True)
class Tariff:
    """All rates of one model, and what is charged beside them. `as_of` and `retires_on`: days as ``2026-11-20``."""

    rates: tuple[Rate, ...]
    picture: int = 0
    """Micro-dollars for every picture that goes in …"""
    pictures_free: int = 0
    """… beyond so many."""
    least: int = 0
    """Smallest charge."""
    batch_percent: int = 100
    """What of the price is charged for orders that may wait, where the backend has such."""
    charges_on_refusal: bool = False
    """It charges for what its rules refused."""
    as_of: str = ""
    source: str = ""
    retires_on: str = ""
    hearsay: bool = False
    """Its end is its maker's, or not sure: a gateway may go on serving it, so it is warned of and nothing is refused."""
    origin: Origin = Origin.TABLE

    def estimate(self, asked: Asked, *, batch: bool = False) -> int | None:
        """The most that such an order costs, in micro-dollars; None where a rate for it is missing."""
        prices = [rate.price(asked) for rate in self._rates_for(asked)]
        known = [price for price in prices if price is not None]
        if not known or len(known) < len(prices):
            return None
        price = max(known) + self.picture * max(0, asked.pictures - self.pictures_free)
        return max(self.least, up(price * (self.batch_percent if batch else 100), 100))

    def a_second(self, resolution: str | None = None) -> int | None:
        """Micro-dollars for one second more: what lists show."""
        if any(rate.unit is Unit.CLIP for rate in self._rates_for(Asked(resolution=resolution))):
            return None
        return replace(self, least=0, picture=0).estimate(Asked(1, resolution, size=(1280, 720)))

    def _rates_for(self, asked: Asked) -> Sequence[Rate]:
        """Those that fit, the ones made for this resolution before those for any."""
        fitting = [rate for rate in self.rates if rate.fits(asked)]
        exact = [rate for rate in fitting if rate.resolution and rate.resolution == asked.resolution]
        return exact or fitting


def up(number: int, by: int) -> int:
    """A division that rounds up, in whole numbers."""
    return -(-number // by)


def micros(dollars: object) -> int | None:
    """Dollars (``0.07``, ``"$0.07"``) as micro-dollars, rounded up; None for what is no price.

    Through decimal text: 0.07 as a float times a million is not 70,000, and the dust of 0.30000000000000004 is no price.
    """
    if isinstance(dollars, bool) or not isinstance(dollars, int | float | str | Decimal):
        return None
    try:
        value = Decimal(str(dollars).strip().removeprefix("$"))
        if not value.is_finite() or not 0 <= value < MILLION:
            return None
        return int((round(value, 9) * MILLION).to_integral_value(ROUND_CEILING))
    except InvalidOperation:
        return None


# ---------------------------------------------------------------- the tables of the operator and of the house


@dataclass(frozen=True)
class Row:
    """The tariff of those models of one backend whose names match one of the patterns (``*`` stands for anything)."""

    backend: str
    models: tuple[str, ...]
    tariff: Tariff

    def matches(self, backend: str, model: str | None) -> bool:
        """Whether it speaks of that model; a model that nobody named is matched by ``*`` alone."""
        return self.backend == backend and any(fnmatchcase(model or "", pattern) for pattern in self.models)


@dataclass(frozen=True)
class PriceBook:
    """The operator's rows and the shipped ones. The first row that matches counts."""

    operator: tuple[Row, ...] = ()
    table: tuple[Row, ...] = ()
    demand: bool = False
    """A price must be known before anything is filmed."""

    def tariff(self, backend: str, model: str | None, discovered: Tariff | None = None) -> Tariff | None:
        """The best that is known of a model's price. What the shipped table says of its end holds in any case."""
        ours = _first(self.operator, backend, model)
        shipped = _first(self.table, backend, model)
        best = ours or discovered or shipped
        if best and shipped and not best.retires_on:
            return replace(best, retires_on=shipped.retires_on, hearsay=shipped.hearsay)
        return best


def _first(rows: Sequence[Row], backend: str, model: str | None) -> Tariff | None:
    return next((row.tariff for row in rows if row.matches(backend, model)), None)


_UNITS: Final[Mapping[str, Unit]] = {f"per_{unit.value}": unit for unit in Unit}
_KNOWN: Final = frozenset(
    {
        *_UNITS, "backend", "models", "as_of", "source", "retires_on", "tokens_a_second", "credits_a_second", "fps",
        "per_picture", "pictures_free", "least", "batch_percent", "charges_on_refusal", "hearsay",
    }
)  # fmt: skip


def read_rows(data: Sequence[Any], origin: Origin, where: str) -> tuple[Row, ...]:
    """Rows from a file's tables. Raises `BadSetting`.

    ::

        [[price]]
        backend = "gemini_omni"
        models = ["gemini-omni-1.2*"]            # left out: all
        per_second = "0.10"                      # or per_clip, per_million_tokens, per_credit; in dollars
        # per_second = { "720p" = "0.10", "1080p silent" = "0.15", "1080p sound" = "0.20" }
        as_of = 2026-11-12
        source = "where it stands"
        retires_on = 2027-01-31
    """
    return tuple(_Entry(entry, f"{where}[{number}]").row(origin) for number, entry in enumerate(data))


@dataclass(frozen=True)
class _Entry:
    """One table of a price file, read by kind."""

    given: Mapping[str, Any]
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.given, Mapping):
            raise self.bad("", "a table")
        for name in self.given.keys() - _KNOWN:
            raise self.bad(str(name), f"one of {', '.join(sorted(_KNOWN))}")

    def bad(self, name: str, expected: str) -> BadSetting:
        return BadSetting(name=f"{self.where}.{name}".rstrip("."), reason=f"expected {expected}")

    def row(self, origin: Origin) -> Row:
        backend = self.given.get("backend")
        if not isinstance(backend, str) or not backend:
            raise self.bad("backend", "a backend's name")
        row = Row(backend, self._models(), self._tariff(origin))
        if not row.tariff.rates and not row.tariff.retires_on:
            raise self.bad("", f"a price ({', '.join(_UNITS)})")
        return row

    def _models(self) -> tuple[str, ...]:
        models = self.given.get("models", ["*"])
        if not isinstance(models, list) or not models or any(not isinstance(each, str) for each in models):
            raise self.bad("models", "a list of model names")
        return tuple(models)

    def _tariff(self, origin: Origin) -> Tariff:
        return Tariff(
            rates=tuple(self._rates()),
            picture=self._dollars("per_picture", self.given.get("per_picture", 0)),
            pictures_free=self._whole("pictures_free", 0),
            least=self._dollars("least", self.given.get("least", 0)),
            batch_percent=self._whole("batch_percent", 100),
            charges_on_refusal=self.given.get("charges_on_refusal") is True,
            as_of=self._day("as_of"),
            source=str(self.given.get("source", "")),
            retires_on=self._day("retires_on"),
            hearsay=self.given.get("hearsay") is True,
            origin=origin,
        )

    def _rates(self) -> Iterator[Rate]:
        for name, unit in _UNITS.items():
            given = self.given.get(name)
            if given is None:
                continue
            a_second = self._whole({Unit.CREDIT: "credits_a_second"}.get(unit, "tokens_a_second"), 0)
            for what, dollars in given.items() if isinstance(given, Mapping) else [("", given)]:
                resolution, sound = _what(what)
                yield Rate(unit, self._dollars(name, dollars), resolution, sound, a_second, self._whole("fps", 24))

    def _dollars(self, name: str, value: object) -> int:
        found = micros(value)
        if found is None:
            raise self.bad(name, 'dollars, as 0.1 or "0.10"')
        return found

    def _whole(self, name: str, default: int) -> int:
        value = self.given.get(name, default)
        if type(value) is not int or value < 0:
            raise self.bad(name, "a whole number")
        return value

    def _day(self, name: str) -> str:
        value = self.given.get(name, "")
        if value == "":
            return ""
        try:
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        except (TypeError, ValueError):
            raise self.bad(name, "a day, as 2026-11-20") from None


def _what(key: str) -> tuple[str, bool | None]:
    """``1080p silent`` → (``1080p``, False)."""
    words = key.lower().split()
    sound = True if "sound" in words else False if "silent" in words else None
    return " ".join(word for word in words if word not in ("sound", "silent")), sound


def days_left(retires_on: str, today: date) -> int | None:
    """Days until a model's end, negative after it; None where no end is known."""
    try:
        return (date.fromisoformat(retires_on) - today).days if retires_on else None
    except ValueError:
        return None
