"""Money and caps: what a take costs, what is held back for it, and how much one member may have under way.

Integers of micro-dollars throughout, never floats. The reservation is made in the transaction that makes the job; it is
settled when the backend has worked for it, and released when it has not.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import TooManyToday, TooManyWaiting
from bot.errors_money import HouseQuotaSpent, MemberQuotaSpent, QuotaSpent, ServerQuotaSpent
from bot.ports import Work
from bot.records import Spent
from bot.states import UNDERWAY, Job, State

DAY, MONTH = 86_400.0, 30 * 86_400.0
HOUSE = "house"
SPENT: dict[str, type[QuotaSpent]] = {"member": MemberQuotaSpent, "server": ServerQuotaSpent, HOUSE: HouseQuotaSpent}
"""What is held while a quota of the whole house is counted (`Work.hold`)."""


@dataclass(frozen=True)
class Allowance:
    """What may be spent in the last 24 hours and the last 30 days: micro-dollars, and seconds of clip that are not free.

    None: no limit. A price that nobody knows counts by its seconds alone.
    """

    day: int | None = None
    month: int | None = None
    day_seconds: int | None = None
    month_seconds: int | None = None

    def __post_init__(self) -> None:
        if any(
            limit is not None and limit < 0 for limit in (self.day, self.month, self.day_seconds, self.month_seconds)
        ):
            raise ValueError("a quota is at least 0")

    @property
    def limits(self) -> bool:
        """Whether there is any."""
        return self != Allowance()

    @property
    def spans(self) -> tuple[tuple[float, int | None, int | None], ...]:
        """Length in seconds, money and seconds of the spans that have a limit."""
        both = ((DAY, self.day, self.day_seconds), (MONTH, self.month, self.month_seconds))
        return tuple(span for span in both if span[1:] != (None, None))


@dataclass(frozen=True)
class Quotas:
    """The operator's limits on spending: for each member, for each server or group, for all together."""

    member: Allowance = Allowance()
    server: Allowance = Allowance()
    house: Allowance = Allowance()


@dataclass(frozen=True)
class Caps:
    """The operator's limits for one member."""

    rolling: int = 3
    waiting: int = 20
    takes_a_day: int = 100
    approve_above: int | None = None
    """Micro-dollars: what costs more is filmed after a tap on its price; None: everything is filmed at once."""

    def __post_init__(self) -> None:
        if min(self.rolling, self.waiting, self.takes_a_day) < 1:
            raise ValueError("a cap is at least 1")
        if self.approve_above is not None and self.approve_above < 0:
            raise ValueError("approve_above is a price")

    def asks(self, price: int | None) -> bool:
        """Whether a take at that price waits for its member's word. A price that nobody knows is not above any line."""
        return self.approve_above is not None and price is not None and price > self.approve_above


async def check_caps(w: Work, caps: Caps, member: str, now: float, more: int = 1) -> None:
    """Raises `TooManyWaiting` or `TooManyToday`. Called inside the transaction that makes the jobs."""
    waiting = await w.jobs.count((State.AWAITING_APPROVAL, *UNDERWAY), member)
    if waiting + more > caps.waiting + caps.rolling:
        raise TooManyWaiting(limit=caps.waiting)
    if await w.takes.count_since(member, now - DAY) + more > caps.takes_a_day:
        raise TooManyToday(limit=caps.takes_a_day)


@dataclass(frozen=True)
class Left:
    """One quota as it stands: `whose` is ``member``, ``server`` or ``house``, `span` `DAY` or `MONTH`."""

    whose: str
    span: float
    spent: Spent
    money: int | None
    """The limit in micro-dollars, if there is one."""
    seconds: int | None

    def has_room(self, micros: int, seconds: int) -> bool:
        """For that much more."""
        money_left = self.money is None or self.spent.micros + micros <= self.money
        return money_left and (self.seconds is None or self.spent.seconds + seconds <= self.seconds)


async def left(w: Work, quotas: Quotas, member: str, place: str, now: float) -> tuple[Left, ...]:
    """Every quota that holds for the member there, the nearest first."""
    found = []
    whose: tuple[tuple[str, Allowance, dict[str, str]], ...] = (
        ("member", quotas.member, {"member": member}),
        ("server", quotas.server, {"place": place}),
        ("house", quotas.house, {}),
    )
    for name, allowance, which in whose:
        for length, money, seconds in allowance.spans:
            found.append(Left(name, length, await w.ledger.spent(now - length, **which), money, seconds))
    return tuple(found)


async def reserve(w: Work, quotas: Quotas, job: Job, now: float) -> None:
    """Hold the price back, and its seconds if it is not free. Raises `QuotaSpent` with nothing held back.

    A price that nobody knows is held as nothing, and shown as not known. Whoever counts a quota that others share holds it
    until the end of the transaction, so that a thousand who press at once never exceed it.
    """
    micros, seconds = job.price or 0, 0 if job.price == 0 else job.seconds or 0
    place = job.address.place
    if micros or seconds:
        await _hold(w, quotas, place)
        for each in await left(w, quotas, job.member, place, now):
            if not each.has_room(micros, seconds):
                raise SPENT[each.whose](hours=round(each.span / 3600))
    await w.ledger.reserve(job.id, job.member, micros, now, place=place, seconds=seconds)


async def _hold(w: Work, quotas: Quotas, place: str) -> None:
    """In one order for everybody. The member is held by whoever handles their wish."""
    if quotas.server.limits:
        await w.hold(f"place {place}")
    if quotas.house.limits:
        await w.hold(HOUSE)


async def close(w: Work, job: Job, now: float) -> None:
    """At the end of a job: settle if the backend took the order and was not the one to fail, else give the money back.

    A take cancelled after it was submitted is paid: the backend works, or has worked, for it. What the backend itself says
    that it cost is booked whatever came of it.
    """
    if job.paid or job.cost:
        await w.ledger.settle(job.id, job.spent or 0, now)
    else:
        await w.ledger.release(job.id, now)
