"""What makes sure that nothing is left lying: at start and every half minute.

Open jobs without a live workflow are handed to the engine again, parked ones get another look, ends that could not be told
are told, and wishes that were stored but never answered are taken up.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Final

from bot import budget, succession
from bot.booking import is_over, let_go
from bot.delivery import Delivery
from bot.paperwork import Ticket
from bot.ports import Clock, Engine, WorkFactory
from bot.states import PARKED, UNDERWAY, Job, State
from bot.studio import Studio

log = logging.getLogger("throughline.sweep")

EVERY: Final = 30.0
PARKED_FIRST: Final = 60.0
PARKED_LONGEST: Final = 1800.0
AMBIGUOUS_DEADLINE: Final = 24 * 3600.0
BEFORE_ENGINE: Final = frozenset({State.RESERVED})
BATCH: Final = 200


@dataclass
class Sweep:
    """One round is idempotent: the run number of a job is raised by compare-and-set, whoever comes second does nothing."""

    work: WorkFactory
    engine: Engine
    studio: Studio
    delivery: Delivery
    clock: Clock
    _next_look: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Parked job → (when to look again, the pause before that)."""

    async def forever(self) -> None:
        """A round at once, then every half minute until cancelled; a round that fails is logged and the next one comes."""
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("a sweep failed")
            await self.clock.sleep(EVERY)

    async def round(self) -> int:
        """One look at everything; how many jobs were handed to the engine."""
        handed = await self.hand_over()
        await self._let_go_unanswered()
        await self._tell_ends()
        await self.studio.take_up_open()
        return handed

    async def hand_over(self) -> int:
        """Give the engine what lies about, and say nothing to anybody: chats may be slow. How many jobs."""
        await self.engine.adopt_dead()
        handed = await self._reopen(await self._stranded())
        return handed + await self._reopen(await self._parked_and_due())

    async def _stranded(self) -> list[Job]:
        async with self.work() as w:
            rows = await w.jobs.open(UNDERWAY)
        # after the rows: a job made between the two looks must not seem to have no workflow
        live = await self.engine.live()
        waiting = succession.waiting(rows)
        return [job for job in rows if f"{job.id}.{job.run}" not in live and job.id not in waiting]

    async def _parked_and_due(self) -> list[Job]:
        async with self.work() as w:
            rows = await w.jobs.open(PARKED)
        now = self.clock.now()
        due: list[Job] = []
        for job in rows:
            if job.state is State.AMBIGUOUS and now - (job.intent_at or job.created_at) > AMBIGUOUS_DEADLINE:
                await self._expire(job, now)
                continue
            at, pause = self._next_look.get(job.id, (now, PARKED_FIRST))
            if at <= now:
                due.append(job)
                self._next_look[job.id] = (now + pause, min(PARKED_LONGEST, pause * 2))
        for gone in self._next_look.keys() - {job.id for job in rows}:
            del self._next_look[gone]
        return due

    async def _let_go_unanswered(self) -> None:
        """What waited for its member's word for too long. Their cards say so with the other untold ends."""
        async with self.work() as w:
            now = self.clock.now()
            for job in await w.jobs.open((State.AWAITING_APPROVAL,)):
                if is_over(job, now):
                    await let_go(w, job, now, unanswered=True)

    async def _expire(self, job: Job, now: float) -> None:
        async with self.work() as w:
            moved = await w.jobs.move(job.id, State.AMBIGUOUS, State.EXPIRED, ended_at=now)
            if moved:
                await budget.close(w, moved, now)
        if moved:
            await self.delivery.ended(moved)

    async def _reopen(self, jobs: list[Job]) -> int:
        """Raise the run number and enqueue, in one transaction a batch."""
        handed = 0
        for start in range(0, len(jobs), BATCH):
            async with self.work() as w:
                for job in jobs[start : start + BATCH]:
                    opened = await w.jobs.reopen(job.id, job.run)
                    if opened:
                        await w.enqueue(
                            Ticket(opened.id, opened.run, opened.member, follow=opened.state not in BEFORE_ENGINE)
                        )
                        handed += 1
        return handed

    async def _tell_ends(self) -> None:
        async with self.work() as w:
            untold = await w.jobs.untold()
        for job in untold:
            if not await self.delivery.ended(job):
                log.info("job %s: its end is still untold", job.id)
