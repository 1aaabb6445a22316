"""The dangerous half of a job's way, ``reserved → submitting → submitted``: one paid call, made once.

The intent is committed before the call and the backend's id right after it; a row found between the two is looked up before
anything is sent again.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from bot import admitting, succession
from bot.crew import Crew, short
from bot.errors import (
    BackendFault,
    NeverMade,
    RefusedByRules,
    SetupFault,
    ThroughlineError,
    TurnedDown,
    Unclear,
)
from bot.orders import order_for, order_from_text, order_to_text, with_files
from bot.paperwork import Admission, Held, Order, Search, Taken
from bot.ports import Backend
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

LOOKS: Final = (2.0, 10.0)
"""Seconds before the first and the second look for an order whose answer was lost."""
LOOKS_IN_SILENCE: Final = (10.0, 15.0)
"""Two more looks while the backend does not answer at all; then, within 60 s of the order, the job is parked."""
STALE_INTENT: Final = 10.0
"""An intent older than this is not acted upon: a frozen worker that wakes up must look first."""
ORDERS_MAX: Final = 8


async def begin(crew: Crew, job: Job) -> bool:
    """When it may go: freeze the order in the row. From there on the money may be spent."""
    if job.cancel_asked:
        return await crew.end(job, State.CANCELLED)
    if job.after:
        return await succession.begin(crew, job)
    order = await order_for(crew, job)
    admission = await admitting.ask(crew, job, order)
    if admission.held is not None:
        return await admitting.wait(crew, job, admission)
    going = (job, order) if not admission.choice else await admitting.detour(crew, job, admission.choice)
    if going is None:
        return await admitting.wait(crew, job, Admission(Held.DOWN, admitting.ASK_AGAIN))
    return await _go(crew, *going)


async def _go(crew: Crew, job: Job, order: Order) -> bool:
    """The intent: what is told, to whom and for how much, in one compare-and-set."""
    async with crew.work() as w:
        moved = await w.jobs.move(
            job.id,
            job.state,
            State.SUBMITTING,
            order=order_to_text(order),
            backend=job.backend,
            model=order.model,
            price=job.price,
            wanted=job.wanted,
            held="",
            held_at=None,
            intent_at=crew.clock.now(),  # read in the transaction, which may have waited long for its turn
        )
    if moved is None:
        admitting.step_back(crew, job)
        return True
    return await _send(crew, moved, order)


async def look(crew: Crew, job: Job) -> bool:
    """The row says "submitting" and we are not the one who just wrote it: look before acting."""
    assert job.order is not None  # written by the same compare-and-set as the state
    return await _look_for(crew, job, order_from_text(job.order))


async def look_again(crew: Crew, job: Job) -> bool:
    """A parked order, taken up anew: one look, and back to its place if nothing can be said."""
    assert job.order is not None
    order = order_from_text(job.order)
    found = await _search(crew, job, order)
    if found is None:
        return False
    if await _adopt(crew, job, found):
        return True
    return found.complete and await _send_again(crew, job, "not in the backend's list")


async def _send(crew: Crew, job: Job, order: Order) -> bool:
    backend = crew.backends.get(job.backend)
    async with crew.clips.scratch() as folder:
        try:
            order, reference = await with_files(crew, order, backend, job.choice, folder)
        except SetupFault as fault:  # no room for it, or the clips are away: nothing was sent
            admitting.step_back(crew, job)
            return await _send_again(crew, job, str(fault))
        except (ThroughlineError, OSError) as fault:
            log.warning("job %s: the reference image could not be made ready: %s", job.id, fault)
            admitting.step_back(crew, job)
            return await crew.end(job, State.FAILED, failure="reference")
        answer = await _call(crew, job, order, backend, reference)
    match answer:
        case str():
            return await _took(crew, job, answer)
        case NeverMade():
            return await _send_again(crew, job, answer.reason, answer.retry_after)
        case TurnedDown() | RefusedByRules():
            return await crew.end_by(job, answer)
    log.warning("job %s: the answer to the order was lost: %s", job.id, answer.reason)
    return await _look_for(crew, job, order)


async def _call(crew: Crew, job: Job, order: Order, backend: Backend, reference: Path | None) -> str | BackendFault:
    """The paid call: made once, by the worker that has just committed the intent, or not at all."""
    if crew.clock.now() - (job.intent_at or 0.0) > STALE_INTENT:
        admitting.step_back(crew, job)
        return Unclear("this worker slept over its own intent")
    try:
        return await backend.submit(order, reference)
    except BackendFault as fault:
        return fault


async def _took(crew: Crew, job: Job, remote_id: str) -> bool:
    """Commit the backend's id. A job that was parked meanwhile is taken back by its late answer."""
    log.info("job %s: taken by %s", job.id, job.backend)
    try:
        async with crew.work() as w:
            moved = await w.jobs.move(
                job.id,
                (State.SUBMITTING, State.AMBIGUOUS),
                State.SUBMITTED,
                remote_id=remote_id,
                submitted_at=crew.clock.now(),
            )
    except Taken:
        # Two equal briefs with lost answers: another job adopted the one that was ours. Ours is the other one.
        return await _look_for(crew, job, order_from_text(job.order or ""))
    if moved is None:
        log.error("job %s: %s took it as %s, but its row had moved on", job.id, job.backend, remote_id)
    else:
        await crew.delivery.progress(moved)
    return True


async def _send_again(crew: Crew, job: Job, reason: str, after: float | None = None) -> bool:
    """It certainly was not taken: back to `reserved`, and once more after a pause; a few times at most."""
    attempts = job.attempts + 1
    if attempts >= ORDERS_MAX:
        return await crew.end(job, State.FAILED, failure="backend_down", reason=short(reason))
    moved = await crew.move(job, State.RESERVED, attempts=attempts, reason=short(reason), order=None)
    if moved:
        log.info("job %s: not taken by %s (%s), try %d", job.id, job.backend, short(reason), attempts)
        await crew.delivery.progress(moved)
        await crew.pause(moved, after if after is not None else min(60.0, 2.0**attempts))
    return True


async def _look_for(crew: Crew, job: Job, order: Order) -> bool:
    """Twice, for the exact brief made after our intent and not owned by another job. Adopt, send again, or park."""
    pauses = [*LOOKS]
    absent = 0
    while pauses:
        await crew.clock.sleep(pauses.pop(0))
        found = await _search(crew, job, order)
        if found is None:
            absent = 0
            if not pauses and (job.intent_at or 0) + sum((*LOOKS, *LOOKS_IN_SILENCE)) > crew.clock.now():
                pauses.extend(LOOKS_IN_SILENCE)
            continue
        if await _adopt(crew, job, found):
            return True
        absent = absent + 1 if found.complete else 0
        if absent >= len(LOOKS):
            return await _send_again(crew, job, "not in the backend's list", 0.0)
        if found.complete and not pauses:
            pauses.append(LOOKS[-1])
    return await _park(crew, job)


async def _search(crew: Crew, job: Job, order: Order) -> Search | None:
    try:
        return await crew.backends.get(job.backend).search(order, job.intent_at or job.created_at)
    except BackendFault as fault:
        log.info("job %s: no look into %s: %s", job.id, job.backend, fault.reason)
        return None


async def _adopt(crew: Crew, job: Job, found: Search) -> bool:
    for candidate in found.candidates:
        try:
            async with crew.work() as w:
                moved = await w.jobs.move(
                    job.id,
                    (State.SUBMITTING, State.AMBIGUOUS),
                    State.SUBMITTED,
                    remote_id=candidate,
                    submitted_at=job.intent_at or crew.clock.now(),
                )
        except Taken:
            continue  # made for another job with the same words
        if moved:
            log.info("job %s: found at %s and adopted", job.id, job.backend)
        return True
    return False


async def _park(crew: Crew, job: Job) -> bool:
    moved = await crew.move(job, State.AMBIGUOUS)
    if moved:
        log.error("job %s: could not learn whether %s took it; parked", job.id, job.backend)
        await crew.delivery.progress(moved)
    return moved is None
