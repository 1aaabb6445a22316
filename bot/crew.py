"""What every step of a job's way is given: the ports, and the few things that all steps do with a row."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from bot import budget
from bot.delivery import Delivery
from bot.errors import (
    BackendFault,
    RefusedByRules,
)
from bot.film import Take
from bot.following import EVERY_AT_HOME, LIST_EVERY, Watch
from bot.offering import capabilities_of
from bot.ports import Backends, Clips, Clock, Gate, WorkFactory
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

USUAL_FOR: Final = 60.0
PAUSE_MAX: Final = 300.0
REASON_MAX: Final = 300


@dataclass
class Crew:
    """Everything one job needs to be driven."""

    work: WorkFactory
    backends: Backends
    clips: Clips
    gate: Gate
    delivery: Delivery
    clock: Clock
    _watches: dict[str, Watch] = field(default_factory=dict)
    _usuals: dict[tuple[str, str | None, int | None], tuple[float | None, float]] = field(default_factory=dict)
    """Backend, model and length → (how long it usually takes, until when we believe that)."""

    @property
    def following(self) -> int:
        """How many jobs are followed here: waited for, and heard of from their backend since this process began."""
        return sum(len(watch.heard_of) for watch in self._watches.values())

    def close(self) -> None:
        """Stop following."""
        for watch in self._watches.values():
            watch.close()

    async def row(self, job_id: str) -> Job | None:
        """The job as it stands."""
        async with self.work() as w:
            return await w.jobs.get(job_id)

    async def take(self, job: Job) -> Take:
        """The job's take."""
        async with self.work() as w:
            take = await w.takes.get(job.take)
        assert take is not None  # made in the same transaction as the job
        return take

    async def move(self, job: Job, target: State, **changes: Any) -> Job | None:
        """Compare-and-set; None if somebody else has moved it."""
        async with self.work() as w:
            return await w.jobs.move(job.id, job.state, target, **changes)

    async def end(self, job: Job, state: State, **changes: Any) -> bool:
        """Move to an end and book the money in the same transaction; then tell the member."""
        now = self.clock.now()
        async with self.work() as w:
            moved = await w.jobs.move(job.id, job.state, state, ended_at=now, **changes)
            if moved:
                await budget.close(w, moved, now)
        if moved:
            log.info("job %s: %s %s", job.id, state.value, moved.failure)
            await self.delivery.ended(moved)
        return moved is None

    async def end_by(self, job: Job, fault: BackendFault, failure: str = "") -> bool:
        """End as the backend's answer says: refused by a gate, or failed."""
        if isinstance(fault, RefusedByRules):
            return await self.end(job, State.REFUSED, failure="refused", gate=fault.gate, reason=short(fault.reason))
        return await self.end(job, State.FAILED, failure=failure or fault.key, reason=short(fault.reason))

    async def cancelled(self, job: Job) -> bool:
        """Whether the member wants it stopped."""
        async with self.work() as w:
            return bool(await w.jobs.cancels((job.id,)))

    async def pause(self, job: Job, seconds: float) -> None:
        """Wait, with an eye on the cancel flag (the step that follows acts on it)."""
        until = self.clock.now() + min(seconds, PAUSE_MAX)
        while (left := until - self.clock.now()) > 0 and not await self.cancelled(job):
            await self.clock.sleep(min(1.0, left))

    async def watch(self, name: str) -> Watch:
        """The one watch in front of that backend."""
        caps = await self.backends.get(name).capabilities()
        if name not in self._watches:
            every = EVERY_AT_HOME if caps.embedded else LIST_EVERY
            least = caps.follow.every
            self._watches[name] = Watch(self.backends.get(name), self.clock, self.cancels, every, least)
        return self._watches[name]

    def wake(self, name: str, remote_ids: Collection[str]) -> int:
        """A backend says that something has happened to these jobs: they are looked at now. How many are followed here."""
        watch = self._watches.get(name)
        return sum(watch.nudge(remote_id) for remote_id in remote_ids) if watch else 0

    async def usual(self, job: Job) -> float | None:
        """How long its model usually takes; looked up once in a while for all, since a thousand may be taken up at once."""
        key, now = (job.backend, job.model, job.seconds), self.clock.now()
        if key not in self._usuals or self._usuals[key][1] <= now:
            async with self.work() as w:
                measured = await w.jobs.usual_seconds(job.backend, job.model, job.seconds)
            self._usuals[key] = (measured, now + USUAL_FOR)
        return self._usuals[key][0] or (await capabilities_of(self.backends, job.choice)).usual_seconds

    async def cancels(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those among the jobs whose cancel flag is raised."""
        async with self.work() as w:
            return await w.jobs.cancels(job_ids)


def short(reason: str) -> str:
    """A backend's own words, as long as a card bears."""
    return " ".join(reason.split())[:REASON_MAX]
