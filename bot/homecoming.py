"""The way home, ``fetching → finishing → delivering → done``: the clip is fetched, looked at, posted; never filmed again."""

from __future__ import annotations

import logging
from typing import Final

from bot import budget
from bot.crew import Crew, short
from bot.errors import (
    DeliveryFault,
    MediaFault,
    RefusedByRules,
    SetupFault,
    TurnedDown,
    Unreachable,
)
from bot.film import Clip
from bot.ports import Backend
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

FETCHES_MAX: Final = 12
POSTS_MAX: Final = 8


async def fetch(crew: Crew, job: Job) -> bool:
    """Bring the clip home; a file that cannot be played is asked for once more, then it is a failure."""
    assert job.remote_id is not None
    backend = crew.backends.get(job.backend)
    unplayable = 0
    for attempt in range(FETCHES_MAX):
        try:
            return await _bring_home(crew, job, backend)
        except Unreachable as fault:
            log.info("job %s: clip not fetched: %s", job.id, fault.reason)
        except (TurnedDown, RefusedByRules) as fault:
            return await crew.end_by(job, fault, failure="failed_there")
        except MediaFault as fault:
            unplayable += 1
            log.warning("job %s: not playable: %s", job.id, fault.reason)
            if unplayable > 1:
                return await crew.end(job, State.FAILED, failure="unplayable", reason=short(fault.reason))
        except SetupFault as fault:  # a full disk, a store that is away: the clip stays with the backend so long
            log.error("job %s: clip not stored: %s", job.id, fault)
        if await crew.cancelled(job):
            return await crew.end(job, State.CANCELLED)
        await crew.clock.sleep(min(30.0, 2.0**attempt))
    return await crew.end(job, State.FAILED, failure="not_fetched")


async def _bring_home(crew: Crew, job: Job, backend: Backend) -> bool:
    assert job.remote_id is not None
    async with crew.clips.scratch() as folder:
        file = folder / "clip"
        await backend.fetch(job.remote_id, file)
        footage = await crew.gate.footage(file)
        size = file.stat().st_size
        digest = await crew.clips.store(file, ".webm" if footage.media_type == "video/webm" else ".mp4")
    clip = Clip(digest, footage.media_type, size, footage.seconds, footage.width, footage.height)
    async with crew.work() as w:
        if await w.jobs.move(job.id, State.FETCHING, State.FINISHING):
            await w.takes.set_clip(job.take, clip)
    return True


async def finish(crew: Crew, job: Job) -> bool:
    """Take a poster, settle the price. A clip without a poster is still a clip."""
    take = await crew.take(job)
    assert take.clip is not None  # set by the same transaction that moved the job here
    poster = await _poster(crew, take.clip)
    async with crew.work() as w:
        moved = await w.jobs.move(job.id, State.FINISHING, State.DELIVERING)
        if moved:
            await w.takes.set_clip(job.take, _with_poster(take.clip, poster))
            await budget.close(w, moved, crew.clock.now())
    return True


async def _poster(crew: Crew, clip: Clip) -> str | None:
    try:
        path = await crew.clips.path(clip.digest)
        if path is None:
            return None
        async with crew.clips.scratch() as folder:
            still = folder / "poster.jpg"
            await crew.gate.poster(path, still)
            return await crew.clips.store(still, ".jpg")
    except (MediaFault, SetupFault) as fault:
        log.warning("no poster for clip %s: %s", clip.digest[:12], fault)
        return None


async def deliver(crew: Crew, job: Job) -> bool:
    """Post the clip; never film it again because it could not be posted.

    Where trying again would not help it is parked at once: the sweep looks again later, and ever more rarely.
    """
    for attempt in range(POSTS_MAX):
        try:
            return await _post(crew, job)
        except DeliveryFault as fault:
            log.warning("job %s: clip not posted: %s", job.id, fault.reason)
            if fault.final:
                break
        await crew.clock.sleep(min(60.0, 2.0**attempt))
    moved = await crew.move(job, State.UNDELIVERED)
    if moved:
        log.error("job %s: its clip could not be posted; kept", job.id)
        await crew.delivery.progress(moved)
    return moved is None


async def deliver_again(crew: Crew, job: Job) -> bool:
    """One more try for a clip that could not be posted."""
    try:
        await _post(crew, job)
    except DeliveryFault as fault:
        log.warning("job %s: clip still not posted: %s", job.id, fault.reason)
    return False


async def _post(crew: Crew, job: Job) -> bool:
    reference = await crew.delivery.clip(job)
    async with crew.work() as w:
        done = await w.jobs.move(
            job.id, (State.DELIVERING, State.UNDELIVERED), State.DONE, posted=reference, ended_at=crew.clock.now()
        )
    if done:
        log.info("job %s: delivered", job.id)
    return True


def _with_poster(clip: Clip, poster: str | None) -> Clip:
    return Clip(clip.digest, clip.media_type, clip.size, clip.seconds, clip.width, clip.height, poster)
