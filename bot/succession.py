"""Storyboards under way: a shot that begins with the last frame of the one before waits for it, and holds no place meanwhile.

Such a job is booked without a ticket. When the job that it names in `Job.after` has come to an end, or is parked, it is handed
to the engine: by whoever drove that one, or else by the sweep. It settles then what it begins with, once: the last frame, or
words alone. All of it is read off the rows, so it may be cut short anywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bot import offering
from bot.brief import Brief, Note
from bot.crew import Crew
from bot.errors import Declined, MediaFault, SetupFault
from bot.film import Take
from bot.frames import last_frame_of
from bot.paperwork import Ticket
from bot.pictures import leaves_house, told_of
from bot.ports import Work
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

NO_ROOM: Final = 5.0
"""Seconds until a frame is taken again that a full disk had no room for."""


def wish_of(board: str) -> str:
    """Id of the wish that tells how a storyboard went; booked with it (`bot.storyboards`)."""
    return f"end-{board}"


def is_over(job: Job) -> bool:
    """Nothing more comes of it, but for a clip that is kept and could not be posted."""
    return job.state.ended or job.state is State.UNDELIVERED


def lets_go_on(job: Job) -> bool:
    """Whether what waits for it need not wait any longer: it has ended, or nobody knows when it will."""
    return job.state.ended or job.state.parked or job.state is State.AWAITING_APPROVAL


def waiting(rows: Collection[Job]) -> frozenset[str]:
    """Of these jobs, all that are under way, those that wait for another one of them."""
    underway = {job.id for job in rows}
    return frozenset(job.id for job in rows if job.state is State.RESERVED and job.after in underway)


async def hand_on(w: Work, job: Job) -> str | None:
    """Hand those shots of its storyboard to the engine that waited for this job; the wish to take up once all are over."""
    if not job.board or not lets_go_on(job):
        return None
    jobs = await w.jobs.of_board(job.board)
    for each in jobs:
        if each.after == job.id and each.state is State.RESERVED and (opened := await w.jobs.reopen(each.id, each.run)):
            await w.enqueue(Ticket(opened.id, opened.run, opened.member))
    told = await w.wishes.get(wish_of(job.board)) if all(map(is_over, jobs)) else None
    return told.id if told is not None and not told.handled else None


async def begin(crew: Crew, job: Job) -> bool:
    """Settle what the job begins with; False where it has to go on waiting, so that nobody drives it meanwhile."""
    async with crew.work() as w:
        before = await w.jobs.get(job.after)
        shown = await w.takes.get(before.take) if before else None
    if before is not None and not lets_go_on(before):
        return False
    take = await crew.take(job)
    try:
        brief = await _opened(crew, job, take.brief, shown)
    except SetupFault as fault:
        log.error("job %s: no room for the frame that it begins with: %s", job.id, fault)
        await crew.pause(job, NO_ROOM)
        return True
    async with crew.work() as w:
        if await w.jobs.note(job.id, State.RESERVED, after=""):
            await w.takes.set_brief(job.take, brief)
    return True


async def _opened(crew: Crew, job: Job, brief: Brief, before: Take | None) -> Brief:
    """The brief with its first frame, or with the note that there is none to begin with."""
    try:
        if before is None or before.clip is None:
            raise MediaFault("there is no clip")
        return await _with_frame(crew, job, brief, await last_frame_of(before, crew.gate, crew.clips))
    except (MediaFault, Declined) as fault:
        log.info("job %s: begins from words alone: %s", job.id, fault)
    shot = replace(before.slate, take=0) if before else ""
    return replace(brief, notes=(*brief.notes, Note("no_last_frame", (("shot", str(shot)),))))


async def _with_frame(crew: Crew, job: Job, brief: Brief, frame: str) -> Brief:
    """As with a picture that a member attached. Raises what its backend has against it."""
    offers = await offering.offers(crew.backends)
    begun = replace(brief, reference=frame)
    offering.must_film(offers, job.choice, begun, crew.clock.now())
    told = await told_of(frame, crew.gate, crew.clips) if leaves_house(offers, job.choice) else ()
    return offering.noted(offers[job.choice], replace(begun, notes=(*told, *begun.notes)), "")
