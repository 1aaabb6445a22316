"""Another way to the same film: `Fallback` when a backend does not take orders, `Router` for the choice ``auto``.

Both act before the intent is written and never after: the job's row names the backend that really gets the order, its model and
its price, beside what was wanted; the card says so. Nothing is ever sent to two.

::

    [routing]
    fallback = ["gemini_omni", "openrouter/google/veo-3.1"]   # in this order
    dearer = false                                            # true: also to what costs more than was shown
    prefer = "cost"                                           # or "stability", "speed": offers the choice "auto"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from adapters.video.registry import Registry
from adapters.video.wrapped import Wrapped
from bot import offering
from bot.backends import ROUTER, Admits, split_choice
from bot.capabilities import Capabilities
from bot.errors import BadSetting, NeverMade, ThroughlineError, TurnedDown
from bot.paperwork import Admission, Held, Order, Phase, Report, Search
from bot.ports import Backend, Clock

TRIES: Final = 2
"""After so many orders that certainly were not taken another backend is asked."""
ASK_AGAIN: Final = 3.0


class Prefer(StrEnum):
    """What the router looks at first."""

    STABILITY = "stability"
    COST = "cost"
    SPEED = "speed"


@dataclass(frozen=True)
class Routes:
    """The table ``[routing]``."""

    fallback: tuple[str, ...] = ()
    dearer: bool = False
    prefer: Prefer | None = None


def read_routes(table: Mapping[str, Any]) -> Routes:
    """Raises `BadSetting`."""
    for name in table.keys() - {"fallback", "dearer", "prefer"}:
        raise BadSetting(name=f"routing.{name}", reason="there is no such setting; there are: dearer, fallback, prefer")
    fallback, dearer, prefer = table.get("fallback", []), table.get("dearer", False), table.get("prefer")
    if not isinstance(fallback, list) or any(not isinstance(each, str) for each in fallback):
        raise BadSetting(name="routing.fallback", reason="expected a list of backends, or backend/model")
    if not isinstance(dearer, bool):
        raise BadSetting(name="routing.dearer", reason="expected true or false")
    if prefer is not None and prefer not in list(Prefer):
        raise BadSetting(name="routing.prefer", reason=f"expected one of {', '.join(Prefer)}")
    return Routes(tuple(dict.fromkeys(fallback)), dearer, Prefer(prefer) if prefer else None)


@dataclass(frozen=True)
class Ways:
    """The backends behind the detours (each with its own limits and circuit), and what may be sent where."""

    doors: Registry
    clock: Clock
    dearer: bool = False

    async def open(self, choice: str, order: Order, most: int | None, *, any_price: bool = False) -> bool:
        """Whether that choice films exactly this order, for no more than was shown, and takes it now. Holds its place.

        `any_price`: also what has no price, or another than the one shown.
        """
        try:
            caps = await offering.capabilities_of(self.doors, choice)
        except ThroughlineError:
            return False
        name = split_choice(choice)[0]
        if not self._suits(caps, name, order) or not (any_price or self._affordable(caps, order, most)):
            return False
        door = self.doors.get(name)
        if not isinstance(door, Admits):
            return True
        said = await door.admit(order, tries=0, most=most)
        return said.held is None

    def _suits(self, caps: Capabilities, name: str, order: Order) -> bool:
        brief = order.brief
        known = len(brief.characters_at(name)) == len(brief.characters)
        return known and not caps.paused and offering.films(caps, brief, self.clock.now())

    def _affordable(self, caps: Capabilities, order: Order, most: int | None) -> bool:
        price = offering.price_of(caps, order.brief)
        return self.dearer or price == 0 or (price is not None and most is not None and price <= most)


class Fallback(Wrapped):
    """Sends an order elsewhere while its own backend rests, is down, or has turned it away some times."""

    def __init__(self, inner: Backend, ways: Ways, choices: Sequence[str]) -> None:
        super().__init__(inner)
        self._ways, self._choices = ways, [each for each in choices if split_choice(each)[0] != inner.name]

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """Its own backend first; what goes on from a clip can only be filmed where the clip is."""
        said = await super().admit(order, tries=tries, most=most)
        if not (said.held in (Held.PAUSED, Held.DOWN) or (said.held is None and tries >= TRIES)):
            return said
        if order.extend_of is not None or order.brief.starts_at:
            return said
        for choice in self._choices:
            if await self._ways.open(choice, order, most):
                if said.held is None:
                    super().release(order.job)
                return Admission(choice=choice)
        return said


class Router:
    """The choice ``auto``: a `ports.Backend` that films nothing itself; every order to it goes on to one of the others."""

    name = ROUTER

    def __init__(self, ways: Ways, choices: Sequence[str], prefer: Prefer) -> None:
        self._ways, self._choices, self._prefer = ways, tuple(choices), prefer

    async def capabilities(self) -> Capabilities:
        """What at least one of them can; which one films a brief, and for how much, is looked at one by one (`among`)."""
        cans = [await offering.capabilities_of(self._ways.doors, choice) for choice in self._choices]
        lengths = [can.seconds for can in cans]
        shapes = [can.shapes for can in cans]
        return Capabilities(
            seconds=tuple(sorted({each for some in lengths for each in some or ()})) if all(lengths) else None,
            shapes=tuple(dict.fromkeys(each for some in shapes for each in some or ())) if all(shapes) else None,
            images=any(can.images for can in cans),
            words_max=max(can.words_max for can in cans),
            resolutions=max((can.resolutions for can in cans), key=len),
            among=self._choices,
        )

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """The best of those that take it now."""
        for choice in await self._ranked(order):
            # what members were shown is the dearest of all; where one of them has no price, they were shown that
            if await self._ways.open(choice, order, most, any_price=most is None):
                return Admission(choice=choice)
        return Admission(Held.DOWN, ASK_AGAIN)

    async def _ranked(self, order: Order) -> list[str]:
        keyed: list[tuple[tuple[float, ...], int, str]] = []
        for place, choice in enumerate(self._choices):
            caps = await offering.capabilities_of(self._ways.doors, choice)
            whole = await self._ways.doors.get(split_choice(choice)[0]).capabilities()
            keyed.append((self._key(replace(caps, troubles=whole.troubles), order), place, choice))
        return [choice for _, _, choice in sorted(keyed)]

    def _key(self, caps: Capabilities, order: Order) -> tuple[float, ...]:
        """Less is better; what nobody knows comes last."""
        price = offering.price_of(caps, order.brief)
        cost = float("inf") if price is None else float(price)
        speed = float("inf") if caps.usual_seconds is None else caps.usual_seconds
        return {
            Prefer.COST: (cost, caps.troubles, speed),
            Prefer.SPEED: (speed, caps.troubles, cost),
            Prefer.STABILITY: (caps.troubles, speed, cost),
        }[self._prefer]

    def release(self, job: str) -> None:
        """It holds no places itself."""

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Never: orders go on before they are sent."""
        raise NeverMade("no backend was chosen")

    async def search(self, order: Order, since: float) -> Search:
        """Nothing was ever sent here."""
        return Search(complete=True)

    async def report(self, remote_id: str) -> Report:
        """Nothing was ever sent here."""
        return Report(Phase.LOST)

    async def fetch(self, remote_id: str, into: Path) -> None:
        """Nothing was ever sent here."""
        raise TurnedDown("nothing was filmed here")

    async def cancel(self, remote_id: str) -> bool:
        """Nothing was ever sent here."""
        return False

    async def close(self) -> None:
        """The others are closed by themselves."""
