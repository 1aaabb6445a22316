"""What a backend offers as members see it: the operator's models, and what everything costs. `Priced` lays both over it.

Prices come, best first, from the operator (``[[prices.price]]``, the backend's own ``price_per_second``), from what the backend
tells of itself, from the dated table that is shipped (``data/prices.toml``), from nobody.

::

    [backends.openrouter]
    models = ["google/veo-3.1", "kling/kling-4"]    # the first films when none is named
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, Final

import structlog

from adapters.video.wrapped import Wrapped
from bot.backends import OffersModels, choice_of
from bot.capabilities import Capabilities, ModelCard
from bot.errors import BadSetting
from bot.offering import today
from bot.paperwork import Finding
from bot.ports import Backend, Clock, Examinable
from bot.prices import SOON, Origin, PriceBook, Row, Tariff, days_left, read_rows
from bot.text import money

LEARN_EVERY: Final = 600.0
"""Seconds after which a backend is asked for its models anew, behind everybody's back."""
LEARN_WITHIN: Final = 6.0
"""Seconds that the first answer may take; after that what is known goes out."""

log = structlog.get_logger("throughline")


@cache
def shipped() -> tuple[Row, ...]:
    """The table that comes with Throughline."""
    text = resources.files("adapters.video").joinpath("data/prices.toml").read_text("utf-8")
    return read_rows(tomllib.loads(text)["price"], Origin.TABLE, "prices.toml: price")


def read_book(table: Mapping[str, Any]) -> PriceBook:
    """The table ``[prices]`` of the operator (``demand``, and ``[[prices.price]]``) over the shipped one. Raises `BadSetting`."""
    for name in table.keys() - {"demand", "price"}:
        raise BadSetting(name=f"prices.{name}", reason="there is no such setting; there are: demand, price")
    demand, rows = table.get("demand", False), table.get("price", [])
    if not isinstance(demand, bool):
        raise BadSetting(name="prices.demand", reason="expected true or false")
    if not isinstance(rows, list):
        raise BadSetting(name="prices.price", reason="expected tables, as [[prices.price]]")
    return PriceBook(read_rows(rows, Origin.OPERATOR, "prices.price"), shipped(), demand)


class Priced(Wrapped):
    """A backend with its price list and the operator's choice of its models."""

    def __init__(
        self, inner: Backend, book: PriceBook, clock: Clock, models: Sequence[str] = (), tier: str | None = None
    ) -> None:
        super().__init__(inner)
        self._also: tuple[str, ...] = ()
        self._book, self._clock, self._wanted, self._tier = book, clock, tuple(models), tier
        self._cards: tuple[ModelCard, ...] = ()
        self._learned: float | None = None
        self._learning: asyncio.Task[None] | None = None
        self._warned: set[str] = set()

    async def capabilities(self) -> Capabilities:
        """Of the model that films when none is named."""
        can = await self.inner.capabilities()
        if not self._wanted:
            return self._priced(can, can.model)
        return next(card.capabilities for card in await self.models())

    async def models(self) -> Sequence[ModelCard]:
        """The operator's models in the operator's order, else all that the backend tells of; never waits twice."""
        if not self._wanted and not self._also and not isinstance(self.inner, OffersModels):
            return ()
        if self._learned is None or self._clock.now() - self._learned > LEARN_EVERY:
            await self._learn()
        known = {card.id: card for card in self._cards}
        if not self._wanted:
            told = [replace(card, capabilities=self._priced(card.capabilities, card.id)) for card in self._cards]
            return [*told, *await self._named([each for each in self._also if each not in known], known)]
        return await self._named((*self._wanted, *self._also), known)

    async def _named(self, models: Sequence[str], known: Mapping[str, ModelCard]) -> list[ModelCard]:
        if not models:
            return []
        plain = await self.inner.capabilities()
        return [self._card(known.get(each) or ModelCard(each, plain)) for each in models]

    def knows(self, models: Sequence[str]) -> None:
        """Models that have to be known with their prices although members may not name them: those of finals."""
        self._also = tuple(each for each in models if each not in self._wanted)

    async def examine(self) -> Sequence[Finding]:
        """What the backend says, what of it ends soon, and what has no price."""
        said = await self.inner.examine() if isinstance(self.inner, Examinable) else ()
        can = await self.capabilities()
        choices = [(choice_of(self.name, card.id), card.capabilities) for card in await self.models() if self._wanted]
        return [*said, *(line for choice, each in choices or [(self.name, can)] for line in self._lines(choice, each))]

    async def close(self) -> None:
        """Learn no more."""
        if self._learning is not None:
            self._learning.cancel()
        await super().close()

    async def _learn(self) -> None:
        if not isinstance(self.inner, OffersModels):
            self._learned = self._clock.now()
            return
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._ask(self.inner), name=f"models of {self.name}")
        if self._learned is None:  # the first time somebody has to wait
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._learning), LEARN_WITHIN)

    async def _ask(self, inner: OffersModels) -> None:
        try:
            self._cards = tuple(await inner.models()) or self._cards
        except Exception:  # a backend of others must not keep members from choosing
            log.exception("models could not be learned", backend=self.name)
        self._learned = self._clock.now()

    def _card(self, card: ModelCard) -> ModelCard:
        return replace(card, capabilities=self._priced(replace(card.capabilities, model=card.id), card.id))

    def _priced(self, can: Capabilities, model: str | None) -> Capabilities:
        """With the best price that is known, the day of its end, and the operator's tier where it has that."""
        if self._tier in can.resolutions:
            can = replace(can, resolution=self._tier, set_resolution=True)
        tariff = None if can.free else self._tariff(can, model)
        ends = can.retires_on or (tariff.retires_on if tariff else "")
        self._warn(choice_of(self.name, model), ends)
        sure = can.retires_on or not (tariff and tariff.hearsay)
        return replace(can, tariff=tariff, retires_on=ends if sure else "")

    def _tariff(self, can: Capabilities, model: str | None) -> Tariff | None:
        best = self._book.tariff(self.name, model, can.tariff)
        said_here = can.micros_per_second is not None and (best is None or best.origin is not Origin.OPERATOR)
        return None if said_here else best

    def _warn(self, choice: str, ends: str) -> None:
        left = days_left(ends, today(self._clock.now()))
        if left is not None and left <= SOON and choice not in self._warned:
            self._warned.add(choice)
            log.warning("a model ends", choice=choice, on=ends, days=left)

    def _lines(self, choice: str, can: Capabilities) -> Sequence[Finding]:
        return [*_ends(choice, can, self._clock.now()), _price_of(choice, can)]


def _ends(choice: str, can: Capabilities, now: float) -> Sequence[Finding]:
    day = can.retires_on or (can.tariff.retires_on if can.tariff else "")
    left = days_left(day, today(now))
    if left is None or left > SOON:
        return []
    if left >= 0:
        return [Finding(choice, "warning", f"its provider ends it on {day}, in {left} days")]
    if can.retires_on:
        return [Finding(choice, "error", f"its provider ended it on {day}; choose another model")]
    return [Finding(choice, "warning", f"its maker ended it on {day}; only a gateway may still have it")]


def _price_of(choice: str, can: Capabilities) -> Finding:
    if can.free or can.micros_per_second is not None:
        return Finding(choice, "ok", f"costs {cost_line(can)}")
    if can.tariff is None:
        return Finding(
            choice, "warning", "its price is not known, and it is filmed all the same: say it with [[prices.price]]"
        )
    where = {Origin.OPERATOR: "your price", Origin.DISCOVERY: "as it says itself"}.get(can.tariff.origin)
    return Finding(choice, "ok", f"costs {cost_line(can)} ({where or f'as of {can.tariff.as_of}'})")


def cost_line(can: Capabilities) -> str:
    """The price for operators: ``$0.10 a second``, ``$0.02 to $0.21 a second``, ``$0.30 a clip``, ``free``, ``unknown``."""
    if can.free:
        return "free"
    by_tier = sorted({price for tier in can.resolutions if can.tariff and (price := can.tariff.a_second(tier))})
    if len(by_tier) > 1 and can.resolution is None:
        return f"{money(by_tier[0], 'en')} to {money(by_tier[-1], 'en')} a second"
    if (micros := can.micros_a_second) is not None:
        return f"{money(micros, 'en')} a second"
    price = can.price(can.usual_length or (can.seconds[0] if can.seconds else None))
    return f"{money(price, 'en')} a clip" if price is not None else "unknown"
