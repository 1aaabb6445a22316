"""``drive(job)``: the state machine of one take; may be stopped and resumed at any line.

Every step reads the row, does one thing, and moves the row by compare-and-set; whoever comes second finds the row moved and
goes on from there. `ordering` sends the order, `rolling` follows it, `homecoming` brings the clip home.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot import homecoming, ordering, rolling, succession
from bot.crew import Crew
from bot.states import Job, State


@dataclass
class Driver(Crew):
    """`await driver(job_id)` is the port's `Drive`."""

    tell: Callable[[str], Awaitable[None]] | None = None
    """Takes a stored wish up; without it the sweep does."""
    _driving: set[str] = field(default_factory=set)

    async def __call__(self, job_id: str) -> None:
        """Go on with the job until it has ended, is parked, or this process stops."""
        if job_id in self._driving:
            return  # the row guards it too, but an order under way here needs nobody to look for it
        self._driving.add(job_id)
        try:
            while await self._step(job_id):
                pass
        finally:
            self._driving.discard(job_id)
        await self._hand_on(job_id)

    async def _hand_on(self, job_id: str) -> None:
        """What waited for this job goes on; of a storyboard's last it is told how it went."""
        async with self.work() as w:
            job = await w.jobs.get(job_id)
            told = await succession.hand_on(w, job) if job else None
        if told is not None and self.tell is not None:
            await self.tell(told)

    async def _step(self, job_id: str) -> bool:
        job = await self.row(job_id)
        step = STEPS.get(job.state) if job else None
        return bool(job and step and await step(self, job))


STEPS: Final[Mapping[State, Callable[[Crew, Job], Awaitable[bool]]]] = {
    State.RESERVED: ordering.begin,
    State.SUBMITTING: ordering.look,
    State.AMBIGUOUS: ordering.look_again,
    State.SUBMITTED: rolling.follow,
    State.ROLLING: rolling.follow,
    State.FETCHING: homecoming.fetch,
    State.FINISHING: homecoming.finish,
    State.DELIVERING: homecoming.deliver,
    State.UNDELIVERED: homecoming.deliver_again,
}
"""What is done in each state. A step returns whether to look at the row again."""
