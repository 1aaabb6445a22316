"""The waiting half, ``submitted → rolling → fetching``: what the backend says, shown as it changes."""

from __future__ import annotations

import logging
from typing import Any, Final

from bot.crew import Crew, short
from bot.errors import (
    BackendFault,
)
from bot.offering import capabilities_of
from bot.paperwork import Phase, Report
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

LOST_TIMES: Final = 3
LOST_SECONDS: Final = 20.0
FILMING_MAX: Final = 6 * 3600.0

_OUTCOMES: Final = frozenset({Phase.FINISHED, Phase.FAILED, Phase.REFUSED, Phase.CANCELLED, Phase.EXPIRED})


async def follow(crew: Crew, job: Job) -> bool:
    """Wait for the backend, showing what it says."""
    assert job.remote_id is not None
    watch = await crew.watch(job.backend)
    started = job.submitted_at or crew.clock.now()
    usual = await crew.usual(job)
    last: Report | None = None
    lost: list[float] = []
    while True:
        news = await watch.next(job.id, job.remote_id, last, started=started, usual=usual)
        if news.cancel:
            return await _cancel(crew, job)
        if crew.clock.now() - started > FILMING_MAX:
            return await crew.end(job, State.FAILED, failure="too_slow")
        if news.report is None:
            continue
        last = news.report
        lost = [*lost, crew.clock.now()] if last.phase is Phase.LOST else []
        if _lost_for_good(lost):
            return await crew.end(job, State.FAILED, failure="lost")
        if last.phase in _OUTCOMES:
            return await _outcome(crew, job, last)
        moved = await _note_progress(crew, job, last)
        if moved is None:
            return True
        job = moved


async def _note_progress(crew: Crew, job: Job, report: Report) -> Job | None:
    """Write what is visible into the row; None if somebody else has moved it."""
    begins = report.phase is Phase.ROLLING and job.state is State.SUBMITTED
    same = (report.progress, report.place) == (job.progress, job.place)
    if not begins and (same or report.phase is Phase.LOST):
        return job  # without a transaction: after a restart a thousand come here at once
    async with crew.work() as w:
        if begins:
            changes: dict[str, Any] = {"rolling_at": crew.clock.now(), "progress": report.progress, "place": None}
            moved = await w.jobs.move(job.id, State.SUBMITTED, State.ROLLING, **changes)
        else:
            moved = await w.jobs.note(job.id, job.state, progress=report.progress, place=report.place)
    if moved:
        await crew.delivery.progress(moved)
    return moved


async def _outcome(crew: Crew, job: Job, report: Report) -> bool:
    if report.phase is Phase.FINISHED:
        cost = report.cost if report.cost is not None else job.cost
        now = crew.clock.now()
        moved = await crew.move(job, State.FETCHING, filmed_at=now, progress=1.0, place=None, cost=cost)
        if moved:
            await crew.delivery.progress(moved)
        return True
    if report.phase is Phase.REFUSED:
        gate, cost = report.gate or "result", await _cost_of_refusal(crew, job, report)
        return await crew.end(job, State.REFUSED, failure="refused", gate=gate, reason=short(report.reason), cost=cost)
    if report.phase is Phase.CANCELLED and job.cancel_asked:
        return await crew.end(job, State.CANCELLED, cost=report.cost)
    failure = {Phase.EXPIRED: "expired_there", Phase.CANCELLED: "cancelled_there"}.get(report.phase, "failed_there")
    return await crew.end(job, State.FAILED, failure=failure, reason=short(report.reason), cost=report.cost)


async def _cost_of_refusal(crew: Crew, job: Job, report: Report) -> int | None:
    """As the backend says, else the price where it charges for what its rules refused."""
    if report.cost is not None:
        return report.cost
    tariff = (await capabilities_of(crew.backends, job.choice)).tariff
    return job.price if tariff and tariff.charges_on_refusal else None


async def _cancel(crew: Crew, job: Job) -> bool:
    assert job.remote_id is not None
    try:
        await crew.backends.get(job.backend).cancel(job.remote_id)
    except BackendFault as fault:
        log.info("job %s: %s could not be told to stop: %s", job.id, job.backend, fault.reason)
    return await crew.end(job, State.CANCELLED)


def _lost_for_good(times: list[float]) -> bool:
    """Three times in a row, over 20 seconds or more."""
    return len(times) >= LOST_TIMES and times[-1] - times[0] >= LOST_SECONDS
