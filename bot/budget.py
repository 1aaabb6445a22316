"""Money and caps: what a take costs, what is held back for it, and how much one member may have under way.

Integers of micro-dollars throughout, never floats. The reservation is made in the transaction that makes the job; it is
settled when the backend has worked for it, and released when it has not.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import TooManyToday, TooManyWaiting
from bot.ports import Work
from bot.states import UNDERWAY, Job, State

DAY = 86_400.0


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


async def reserve(w: Work, job: Job, now: float) -> None:
    """Hold the price back. A price that nobody knows is held as nothing, and shown as not known."""
    await w.ledger.reserve(job.id, job.member, job.price or 0, now)


async def close(w: Work, job: Job, now: float) -> None:
    """At the end of a job: settle if the backend took the order and was not the one to fail, else give the money back.

    A take cancelled after it was submitted is paid: the backend works, or has worked, for it. What the backend itself says
    that it cost is booked whatever came of it.
    """
    if job.paid or job.cost:
        await w.ledger.settle(job.id, job.spent or 0, now)
    else:
        await w.ledger.release(job.id, now)
