"""Parked takes, and what an operator can decide about them: it is that one, give the money back, or try once more.

``ambiguous``: we could not learn whether the backend took the order. ``undelivered``: the clip is ours, its chat did not take it.
Every decision is one compare-and-set, so that of an operator, a late answer and the sweep exactly one is heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import budget
from bot.errors_operator import AlreadyOwned, NotParked, UnknownJob
from bot.film import Take
from bot.paperwork import Taken, Ticket
from bot.ports import Work
from bot.states import PARKED, Job, State


@dataclass(frozen=True)
class Parked:
    """One of them, with its take."""

    job: Job
    take: Take

    @property
    def since(self) -> float:
        """Epoch seconds: when it was ordered, or when the clip was there."""
        later = self.job.filmed_at if self.job.state is State.UNDELIVERED else self.job.intent_at
        return later or self.job.created_at

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be decided, in the order in which it should be thought of."""
        return ("adopt", "retry", "refund") if self.job.state is State.AMBIGUOUS else ("retry", "refund")


async def parked(w: Work) -> Sequence[Parked]:
    """All of them, oldest first."""
    found = []
    for job in await w.jobs.open(PARKED):
        take = await w.takes.get(job.take)
        assert take is not None  # made in the same transaction as the job
        found.append(Parked(job, take))
    return found


async def adopt(w: Work, job_id: str, remote_id: str, now: float) -> Job:
    """The order was taken, as that id: the take goes on from there.

    Raises `UnknownJob`, `NotParked`, and `AlreadyOwned` where that id belongs to another take.
    """
    job = await _found(w, job_id, (State.AMBIGUOUS,))
    try:
        moved = await w.jobs.move(
            job.id, State.AMBIGUOUS, State.SUBMITTED, remote_id=remote_id, submitted_at=job.intent_at or now
        )
    except Taken:
        raise AlreadyOwned(remote=remote_id[:80], backend=job.backend) from None
    return await _go_on(w, moved, job_id)


async def retry(w: Work, job_id: str, now: float) -> Job:
    """An order that the operator knows was never taken is sent again; a clip is posted again, never filmed again.

    Raises `UnknownJob` or `NotParked`.
    """
    job = await _found(w, job_id, (State.AMBIGUOUS, State.UNDELIVERED))
    if job.state is State.AMBIGUOUS:
        moved = await w.jobs.move(job.id, job.state, State.RESERVED, order=None, intent_at=None)
    else:
        moved = await w.jobs.move(job.id, job.state, State.DELIVERING)
    return await _go_on(w, moved, job_id)


async def refund(w: Work, job_id: str, now: float) -> Job:
    """Nothing comes of it any more, and what was held back for it is free again; its member is told with the next sweep.

    A clip that could not be delivered stays in the clip store. Raises `UnknownJob` or `NotParked`.
    """
    job = await _found(w, job_id, (State.AMBIGUOUS, State.UNDELIVERED))
    moved = await w.jobs.move(job.id, job.state, State.EXPIRED, ended_at=now)
    if moved is None:
        raise NotParked(job=job_id[:80], state=(await _found(w, job_id)).state.value)
    await budget.close(w, moved, now)
    return moved


async def _found(w: Work, job_id: str, states: Sequence[State] = ()) -> Job:
    job = await w.jobs.get(job_id)
    if job is None:
        raise UnknownJob(job=job_id[:80])
    if states and job.state not in states:
        raise NotParked(job=job.id, state=job.state.value)
    return job


async def _go_on(w: Work, moved: Job | None, job_id: str) -> Job:
    """Hand it to the engine, in the transaction that moved it."""
    opened = await w.jobs.reopen(moved.id, moved.run) if moved else None
    if opened is None:
        raise NotParked(job=job_id[:80], state=(await _found(w, job_id)).state.value)
    await w.enqueue(Ticket(opened.id, opened.run, opened.member, follow=opened.state is not State.RESERVED))
    return opened
