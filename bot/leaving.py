"""The bot is no longer in a place: what waits there is cancelled, what it held back is released."""

from __future__ import annotations

from bot import budget
from bot.ports import Work
from bot.states import UNDERWAY, State


async def leave(w: Work, place: str, now: float) -> int:
    """Cancel what waits there and raise the cancel flag on what rolls; how many jobs. Nobody is there to be told."""
    here = [job for job in await w.jobs.open((State.AWAITING_APPROVAL, *UNDERWAY)) if job.address.place == place]
    for job in here:
        ended = {"ended_at": now, "told": True}
        moved = await w.jobs.move(job.id, job.state, State.CANCELLED, **ended) if job.state.waiting else None
        if moved:
            await budget.close(w, moved, now)
        else:
            await w.jobs.ask_cancel(job.id)
    return len(here)
