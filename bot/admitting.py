"""Before the intent: may the order go now, and where? Pauses, limits, detours; nothing is frozen and nothing is spent here."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from bot import offering
from bot.backends import Admits, split_choice
from bot.crew import Crew
from bot.errors import ThroughlineError
from bot.orders import order_for
from bot.paperwork import Admission, Held, Order
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

HELD_MAX: Final = {Held.PAUSED: 24 * 3600.0, Held.DOWN: 2 * 3600.0, Held.BUSY: 24 * 3600.0}
"""Seconds for which an order waits at a closed door; then it is given up, and its money given back."""
ASK_AGAIN: Final = 5.0
TELLING: Final = 30.0
"""Seconds in which it is told: the first card may not stand yet, or the platform's pace forbid an edit."""


async def ask(crew: Crew, job: Job, order: Order) -> Admission:
    """What stands in front of the backend says; one that has nothing in front of it admits everything."""
    backend = crew.backends.get(job.backend)
    if not isinstance(backend, Admits):
        return Admission()
    return await backend.admit(order, tries=job.attempts, most=job.price)


def step_back(crew: Crew, job: Job) -> None:
    """The order is not sent after all: its place is free again."""
    backend = crew.backends.get(job.backend)
    if isinstance(backend, Admits):
        backend.release(job.id)


async def wait(crew: Crew, job: Job, admission: Admission) -> bool:
    """It has to wait: the member is told why; for ever it does not."""
    held, now = admission.held, crew.clock.now()
    assert held is not None
    if job.held and now - (job.held_at or now) > HELD_MAX[held]:
        return await crew.end(job, State.FAILED, failure=f"held_{held.value}")
    if job.held != held.value:
        async with crew.work() as w:
            noted = await w.jobs.note(job.id, State.RESERVED, held=held.value, held_at=job.held_at or now)
        log.info("job %s: waits, %s is %s", job.id, job.choice, held.value)
        job = noted or job
    if now - (job.held_at or now) < TELLING:
        await crew.delivery.progress(job)
    await crew.pause(job, min(max(admission.wait, 0.1), ASK_AGAIN))
    return True


async def detour(crew: Crew, job: Job, choice: str) -> tuple[Job, Order] | None:
    """The job and its order as that other choice gets them; None if it cannot film them. The row still knows nothing of it."""
    backend, model = split_choice(choice)
    try:
        caps = await offering.capabilities_of(crew.backends, choice)
        there = replace(job, backend=backend, model=model or caps.model, wanted=job.wanted or job.choice)
        order = await order_for(crew, there)
        offering.check(caps, order.brief, choice, now=crew.clock.now())
    except ThroughlineError as fault:
        log.warning("job %s: no detour to %s: %s", job.id, choice, fault)
        return None
    return replace(there, price=offering.price_of(caps, order.brief)), order
