"""``drive(job)``: the state machine of one take; may be stopped and resumed at any line.

Every step reads the row, does one thing, and moves the row by compare-and-set; whoever comes second finds the row moved and
goes on from there. `ordering` sends the order, `rolling` follows it, `homecoming` brings the clip home.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot import homecoming, ordering, rolling
from bot.crew import Crew
from bot.states import Job, State


class Driver(Crew):
    """`await driver(job_id)` is the port's `Drive`."""

    async def __call__(self, job_id: str) -> None:
        """Go on with the job until it has ended, is parked, or this process stops."""
        while True:
            job = await self.row(job_id)
            step = STEPS.get(job.state) if job else None
            if job is None or step is None:
                return
            if not await step(self, job):
                return


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
