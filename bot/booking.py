"""A take is booked: take, job, and either reservation and ticket at once, or a question with its price.

All of it happens in the transaction that the caller is given. What waits for its member's word (`State.AWAITING_APPROVAL`) counts
among what waits, but holds no money and is known to no engine: both are made by the step out of that state, which is a
compare-and-set, so that it is taken once however often it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from bot import budget, offering
from bot.asking import Ask, Desk
from bot.backends import split_choice
from bot.brief import Brief
from bot.commands import Stage
from bot.errors import PriceNotKnown
from bot.film import Production, Shot, Slate, Take, new_id
from bot.paperwork import Ticket
from bot.ports import Work
from bot.states import Job, State

APPROVAL_SECONDS: Final = 24 * 3600.0
"""So long a price stands; then the take is let go."""
NOT_NOW: Final = "not_now"
UNANSWERED: Final = "unanswered"
"""Why a take ended before anything was held back for it: `Job.failure` of one that is cancelled or expired."""
COMING: Final = "0" * 64
"""Stands for a picture that is not there yet."""
TICK: Final = 0.001
"""Seconds between the times of takes that are booked together, so that they roll in the order of their numbers."""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """One take to be made of a shot."""

    production: Production
    shot: Shot
    brief: Brief
    backend: str
    """A choice: the backend, or one of its models."""
    stage: Stage | None = None
    """None: what the choice makes of it."""
    made_from: Take | None = None
    change: str = ""
    posted: str | None = None
    """The message that becomes the take's card."""
    agreed: bool = False
    """Its price was on the button that was tapped: nothing more is asked."""
    batch: int = 0
    """So many are booked together."""
    board: str = ""
    """Id of the wish for the storyboard that it is a shot of."""
    after: str = ""
    """Id of the job whose clip's last frame it begins with: it waits for that one (`bot.succession`)."""

    @property
    def priced(self) -> Brief:
        """What its price is that of: the picture that it will begin with counts already."""
        return replace(self.brief, reference=self.brief.reference or COMING) if self.after else self.brief


async def book(desk: Desk, w: Work, ask: Ask, wanted: Booking) -> Job:
    """Make the take and its job; the session remembers it as shown last. Raises what the caps and the price list say."""
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now)
    stage = wanted.stage or desk.stage_of(wanted.backend)
    price = known_price(desk, ask, wanted.backend, wanted.priced)
    waits = not wanted.agreed and (stage is Stage.FINAL or desk.caps.asks(price))
    number = len(await w.takes.of_shot(wanted.shot.id)) + 1
    ask = replace(ask, now=ask.now + TICK * (number - 1)) if wanted.batch else ask
    take = _take(ask, wanted, number)
    state = State.AWAITING_APPROVAL if waits else State.RESERVED
    job = _job(ask, wanted, take.id, state=state, price=price, stage=stage.value)
    await w.takes.add(take)
    await w.jobs.add(job)
    if not waits:
        await set_going(desk, w, job, ask.now)
    session = await w.sessions.get(ask.member.id, ask.place)
    await w.sessions.save(replace(session, production=wanted.production.id, last_take=take.id))
    return job


def known_price(desk: Desk, ask: Ask, backend: str, brief: Brief) -> int | None:
    """What it costs there now, in micro-dollars; None: nobody knows. Raises `PriceNotKnown` where that will not do."""
    price = offering.price(ask.capabilities, backend, brief, ask.now)
    if price is None and desk.demand:
        raise PriceNotKnown(backend=backend)
    return price


async def set_going(desk: Desk, w: Work, job: Job, now: float) -> None:
    """Hold the money back and hand the job to the engine, unless it waits for another one. Raises `QuotaSpent`."""
    await budget.reserve(w, desk.quotas, job, now)
    if not job.after:
        await w.enqueue(Ticket(job.id, job.run, job.member))


async def agree(desk: Desk, w: Work, job: Job, now: float) -> Job | None:
    """Its member said yes: it is reserved and goes on as any other; None if it no longer waits. Raises `QuotaSpent`."""
    moved = await w.jobs.move(job.id, State.AWAITING_APPROVAL, State.RESERVED)
    if moved is not None:
        await set_going(desk, w, moved, now)
    return moved


async def let_go(w: Work, job: Job, now: float, *, unanswered: bool = False) -> Job | None:
    """Nobody said yes; nothing was held back, so nothing is given back. None if it no longer waits."""
    end, why = (State.EXPIRED, UNANSWERED) if unanswered else (State.CANCELLED, NOT_NOW)
    return await w.jobs.move(job.id, State.AWAITING_APPROVAL, end, ended_at=now, failure=why)


def is_over(job: Job, now: float) -> bool:
    """Whether its price has stood for long enough."""
    return now - job.created_at > APPROVAL_SECONDS


def _take(ask: Ask, wanted: Booking, number: int) -> Take:
    return Take(
        id=new_id(),
        shot=wanted.shot.id,
        slate=Slate(wanted.shot.scene, wanted.shot.number, number),
        brief=wanted.brief,
        member=ask.member.id,
        place=ask.place,
        made_from=wanted.made_from.id if wanted.made_from else None,
        change=wanted.change,
        created_at=ask.now,
    )


def _job(ask: Ask, wanted: Booking, take: str, **more: Any) -> Job:
    caps, (name, model) = ask.capabilities[wanted.backend], split_choice(wanted.backend)
    return Job(
        id=new_id(),
        take=take,
        member=ask.member.id,
        address=ask.address,
        backend=name,
        created_at=ask.now,
        model=model or caps.model,
        posted=wanted.posted,
        seconds=wanted.brief.seconds or caps.usual_length,
        batch=wanted.batch,
        board=wanted.board,
        after=wanted.after,
        **more,
    )
