"""``drive(job)``: the state machine of one take; may be stopped and resumed at any line.

Every step reads the row, does one thing, and moves the row by compare-and-set; whoever comes second finds the row moved and
goes on from there. The one dangerous moment is the paid call: its intent is committed before it, the backend's id right after
it, and a row found between the two is looked up before anything is sent again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot import budget
from bot.brief import brief_from_dict
from bot.delivery import Delivery
from bot.errors import (
    BackendFault,
    DeliveryFault,
    MediaFault,
    NeverMade,
    RefusedByRules,
    SetupFault,
    ThroughlineError,
    TurnedDown,
    Unclear,
    Unreachable,
)
from bot.film import Clip, Take
from bot.following import EVERY_AT_HOME, LIST_EVERY, Watch
from bot.paperwork import Capabilities, Order, Phase, Report, Search, Taken
from bot.ports import Backend, Backends, Clips, Clock, FitsPictures, Gate, WorkFactory
from bot.states import Job, State

log = logging.getLogger("throughline.jobs")

LOOKS: Final = (2.0, 10.0)
"""Seconds before the first and the second look for an order whose answer was lost."""
LOOKS_IN_SILENCE: Final = (10.0, 15.0)
"""Two more looks while the backend does not answer at all; then, within 60 s of the order, the job is parked."""
STALE_INTENT: Final = 10.0
"""An intent older than this is not acted upon: a frozen worker that wakes up must look first."""
ORDERS_MAX: Final = 8
FETCHES_MAX: Final = 12
POSTS_MAX: Final = 8
LOST_TIMES: Final = 3
LOST_SECONDS: Final = 20.0
FILMING_MAX: Final = 6 * 3600.0
PAUSE_MAX: Final = 300.0
USUAL_FOR: Final = 60.0
REASON_MAX: Final = 300


def order_to_text(order: Order) -> str:
    """The order as it is frozen in the job's row."""
    plain = {
        "job": order.job,
        "brief": order.brief.to_dict(),
        "model": order.model,
        "slate": order.slate,
        "remix_of": order.remix_of,
    }
    return json.dumps(plain, ensure_ascii=False)


def order_from_text(text: str) -> Order:
    """The order back from the job's row."""
    plain = json.loads(text)
    brief = brief_from_dict(plain["brief"])
    return Order(plain["job"], brief, plain.get("model"), plain.get("slate", ""), plain.get("remix_of"))


@dataclass
class Driver:
    """Everything one job needs to be driven; `await driver(job_id)` is the port's `Drive`."""

    work: WorkFactory
    backends: Backends
    clips: Clips
    gate: Gate
    delivery: Delivery
    clock: Clock
    _watches: dict[str, Watch] = field(default_factory=dict)
    _usuals: dict[tuple[str, str | None], tuple[float | None, float]] = field(default_factory=dict)
    """Backend and model → (how long it usually takes, until when we believe that)."""

    async def __call__(self, job_id: str) -> None:
        """Go on with the job until it has ended, is parked, or this process stops."""
        while True:
            job = await self._row(job_id)
            step = STEPS.get(job.state) if job else None
            if job is None or step is None:
                return
            if not await step(self, job):
                return

    @property
    def following(self) -> int:
        """How many jobs are followed here: waited for, and heard of from their backend since this process began."""
        return sum(len(watch.heard_of) for watch in self._watches.values())

    def close(self) -> None:
        """Stop following."""
        for watch in self._watches.values():
            watch.close()

    # ------------------------------------------------------------ reserved → submitting → submitted

    async def begin(self, job: Job) -> bool:
        """Freeze the order in the row; from here on the money may be spent."""
        if job.cancel_asked:
            return await self._end(job, State.CANCELLED)
        order = await self._order(job)
        moved = await self._move(
            job, State.SUBMITTING, order=order_to_text(order), model=order.model, intent_at=self.clock.now()
        )
        return await self._send(moved, order) if moved else True

    async def look(self, job: Job) -> bool:
        """The row says "submitting" and we are not the one who just wrote it: look before acting."""
        assert job.order is not None  # written by the same compare-and-set as the state
        return await self._look_for(job, order_from_text(job.order))

    async def look_again(self, job: Job) -> bool:
        """A parked order, taken up anew: one look, and back to its place if nothing can be said."""
        assert job.order is not None
        order = order_from_text(job.order)
        found = await self._search(job, order)
        if found is None:
            return False
        if await self._adopt(job, found):
            return True
        return found.complete and await self._send_again(job, "not in the backend's list")

    async def _order(self, job: Job) -> Order:
        async with self.work() as w:
            take = await w.takes.get(job.take)
            assert take is not None  # made in the same transaction as the job
            source = await w.jobs.of_take(take.made_from) if take.made_from else None
        caps = await self.backends.get(job.backend).capabilities()
        remix_of = source.remote_id if source and _remixes_by_id(job, take, source, caps) else None
        return Order(job.id, take.brief, job.model, str(take.slate), remix_of)

    async def _send(self, job: Job, order: Order) -> bool:
        backend = self.backends.get(job.backend)
        async with self.clips.scratch() as folder:
            try:
                reference = await self._reference(order, backend, folder)
            except (ThroughlineError, OSError) as fault:
                log.warning("job %s: the reference image could not be made ready: %s", job.id, fault)
                return await self._end(job, State.FAILED, failure="reference")
            answer = await self._call(job, order, backend, reference)
        match answer:
            case str():
                return await self._took(job, answer)
            case NeverMade():
                return await self._send_again(job, answer.reason, answer.retry_after)
            case TurnedDown() | RefusedByRules():
                return await self._end_by(job, answer)
        log.warning("job %s: the answer to the order was lost: %s", job.id, answer.reason)
        return await self._look_for(job, order)

    async def _call(self, job: Job, order: Order, backend: Backend, reference: Path | None) -> str | BackendFault:
        """The paid call: made once, by the worker that has just committed the intent, or not at all."""
        if self.clock.now() - (job.intent_at or 0.0) > STALE_INTENT:
            return Unclear("this worker slept over its own intent")
        try:
            return await backend.submit(order, reference)
        except BackendFault as fault:
            return fault

    async def _took(self, job: Job, remote_id: str) -> bool:
        """Commit the backend's id. A job that was parked meanwhile is taken back by its late answer."""
        log.info("job %s: taken by %s", job.id, job.backend)
        try:
            async with self.work() as w:
                moved = await w.jobs.move(
                    job.id,
                    (State.SUBMITTING, State.AMBIGUOUS),
                    State.SUBMITTED,
                    remote_id=remote_id,
                    submitted_at=self.clock.now(),
                )
        except Taken:
            # Two equal briefs with lost answers: another job adopted the one that was ours. Ours is the other one.
            return await self._look_for(job, order_from_text(job.order or ""))
        if moved is None:
            log.error("job %s: %s took it as %s, but its row had moved on", job.id, job.backend, remote_id)
        else:
            await self.delivery.progress(moved)
        return True

    async def _reference(self, order: Order, backend: Backend, folder: Path) -> Path | None:
        if order.brief.reference is None:
            return None
        path = await self.clips.path(order.brief.reference)
        if path is None:
            raise MediaFault("the reference image is gone")
        size = backend.size_for(order.brief) if isinstance(backend, FitsPictures) else None
        if size is None:
            return path
        fitted = folder / "reference.png"
        await self.gate.fit(path, *size, fitted)
        return fitted

    async def _send_again(self, job: Job, reason: str, after: float | None = None) -> bool:
        """It certainly was not taken: back to `reserved`, and once more after a pause; a few times at most."""
        attempts = job.attempts + 1
        if attempts >= ORDERS_MAX:
            return await self._end(job, State.FAILED, failure="backend_down", reason=_short(reason))
        moved = await self._move(job, State.RESERVED, attempts=attempts, reason=_short(reason), order=None)
        if moved:
            log.info("job %s: not taken by %s (%s), try %d", job.id, job.backend, _short(reason), attempts)
            await self._pause(moved, after if after is not None else min(60.0, 2.0**attempts))
        return True

    async def _look_for(self, job: Job, order: Order) -> bool:
        """Twice, for the exact brief made after our intent and not owned by another job. Adopt, send again, or park."""
        pauses = [*LOOKS]
        absent = 0
        while pauses:
            await self.clock.sleep(pauses.pop(0))
            found = await self._search(job, order)
            if found is None:
                absent = 0
                if not pauses and (job.intent_at or 0) + sum((*LOOKS, *LOOKS_IN_SILENCE)) > self.clock.now():
                    pauses.extend(LOOKS_IN_SILENCE)
                continue
            if await self._adopt(job, found):
                return True
            absent = absent + 1 if found.complete else 0
            if absent >= len(LOOKS):
                return await self._send_again(job, "not in the backend's list", 0.0)
            if found.complete and not pauses:
                pauses.append(LOOKS[-1])
        return await self._park(job)

    async def _search(self, job: Job, order: Order) -> Search | None:
        try:
            return await self.backends.get(job.backend).search(order, job.intent_at or job.created_at)
        except BackendFault as fault:
            log.info("job %s: no look into %s: %s", job.id, job.backend, fault.reason)
            return None

    async def _adopt(self, job: Job, found: Search) -> bool:
        for candidate in found.candidates:
            try:
                async with self.work() as w:
                    moved = await w.jobs.move(
                        job.id,
                        (State.SUBMITTING, State.AMBIGUOUS),
                        State.SUBMITTED,
                        remote_id=candidate,
                        submitted_at=job.intent_at or self.clock.now(),
                    )
            except Taken:
                continue  # made for another job with the same words
            if moved:
                log.info("job %s: found at %s and adopted", job.id, job.backend)
            return True
        return False

    async def _park(self, job: Job) -> bool:
        moved = await self._move(job, State.AMBIGUOUS)
        if moved:
            log.error("job %s: could not learn whether %s took it; parked", job.id, job.backend)
            await self.delivery.progress(moved)
        return moved is None

    # ------------------------------------------------------------ submitted → rolling → fetching

    async def follow(self, job: Job) -> bool:
        """Wait for the backend, showing what it says."""
        assert job.remote_id is not None
        watch = await self._watch(job.backend)
        started = job.submitted_at or self.clock.now()
        usual = await self._usual(job)
        last: Report | None = None
        lost: list[float] = []
        while True:
            news = await watch.next(job.id, job.remote_id, last, started=started, usual=usual)
            if news.cancel:
                return await self._cancel(job)
            if self.clock.now() - started > FILMING_MAX:
                return await self._end(job, State.FAILED, failure="too_slow")
            if news.report is None:
                continue
            last = news.report
            lost = [*lost, self.clock.now()] if last.phase is Phase.LOST else []
            if _lost_for_good(lost):
                return await self._end(job, State.FAILED, failure="lost")
            if last.phase in _OUTCOMES:
                return await self._outcome(job, last)
            moved = await self._note_progress(job, last)
            if moved is None:
                return True
            job = moved

    async def _note_progress(self, job: Job, report: Report) -> Job | None:
        """Write what is visible into the row; None if somebody else has moved it."""
        rolling = report.phase is Phase.ROLLING
        async with self.work() as w:
            if rolling and job.state is State.SUBMITTED:
                changes: dict[str, Any] = {"rolling_at": self.clock.now(), "progress": report.progress}
                moved = await w.jobs.move(job.id, State.SUBMITTED, State.ROLLING, **changes)
            elif report.progress != job.progress and report.phase is not Phase.LOST:
                moved = await w.jobs.note(job.id, job.state, progress=report.progress)
            else:
                return job
        if moved:
            await self.delivery.progress(moved)
        return moved

    async def _outcome(self, job: Job, report: Report) -> bool:
        if report.phase is Phase.FINISHED:
            moved = await self._move(job, State.FETCHING, filmed_at=self.clock.now(), progress=1.0)
            if moved:
                await self.delivery.progress(moved)
            return True
        if report.phase is Phase.REFUSED:
            return await self._end(
                job, State.REFUSED, failure="refused", gate=report.gate or "result", reason=_short(report.reason)
            )
        if report.phase is Phase.CANCELLED and job.cancel_asked:
            return await self._end(job, State.CANCELLED)
        failure = {Phase.EXPIRED: "expired_there", Phase.CANCELLED: "cancelled_there"}.get(report.phase, "failed_there")
        return await self._end(job, State.FAILED, failure=failure, reason=_short(report.reason))

    async def _cancel(self, job: Job) -> bool:
        assert job.remote_id is not None
        try:
            await self.backends.get(job.backend).cancel(job.remote_id)
        except BackendFault as fault:
            log.info("job %s: %s could not be told to stop: %s", job.id, job.backend, fault.reason)
        return await self._end(job, State.CANCELLED)

    # ------------------------------------------------------------ fetching → finishing → delivering → done

    async def fetch(self, job: Job) -> bool:
        """Bring the clip home; a file that cannot be played is asked for once more, then it is a failure."""
        assert job.remote_id is not None
        backend = self.backends.get(job.backend)
        unplayable = 0
        for attempt in range(FETCHES_MAX):
            try:
                return await self._bring_home(job, backend)
            except Unreachable as fault:
                log.info("job %s: clip not fetched: %s", job.id, fault.reason)
            except (TurnedDown, RefusedByRules) as fault:
                return await self._end_by(job, fault, failure="failed_there")
            except MediaFault as fault:
                unplayable += 1
                log.warning("job %s: not playable: %s", job.id, fault.reason)
                if unplayable > 1:
                    return await self._end(job, State.FAILED, failure="unplayable", reason=_short(fault.reason))
            except SetupFault as fault:  # a full disk: the clip stays with the backend until there is room
                log.error("job %s: clip not stored: %s", job.id, fault)
            if await self._cancelled(job):
                return await self._end(job, State.CANCELLED)
            await self.clock.sleep(min(30.0, 2.0**attempt))
        return await self._end(job, State.FAILED, failure="not_fetched")

    async def _bring_home(self, job: Job, backend: Backend) -> bool:
        assert job.remote_id is not None
        async with self.clips.scratch() as folder:
            file = folder / "clip"
            await backend.fetch(job.remote_id, file)
            footage = await self.gate.footage(file)
            size = file.stat().st_size
            digest = await self.clips.store(file, ".webm" if footage.media_type == "video/webm" else ".mp4")
        clip = Clip(digest, footage.media_type, size, footage.seconds, footage.width, footage.height)
        async with self.work() as w:
            if await w.jobs.move(job.id, State.FETCHING, State.FINISHING):
                await w.takes.set_clip(job.take, clip)
        return True

    async def finish(self, job: Job) -> bool:
        """Take a poster, settle the price. A clip without a poster is still a clip."""
        take = await self._take(job)
        assert take.clip is not None  # set by the same transaction that moved the job here
        poster = await self._poster(take.clip)
        async with self.work() as w:
            moved = await w.jobs.move(job.id, State.FINISHING, State.DELIVERING)
            if moved:
                await w.takes.set_clip(job.take, _with_poster(take.clip, poster))
                await budget.close(w, moved, self.clock.now())
        return True

    async def _poster(self, clip: Clip) -> str | None:
        path = await self.clips.path(clip.digest)
        if path is None:
            return None
        try:
            async with self.clips.scratch() as folder:
                still = folder / "poster.jpg"
                await self.gate.poster(path, still)
                return await self.clips.store(still, ".jpg")
        except (MediaFault, SetupFault) as fault:
            log.warning("no poster for clip %s: %s", clip.digest[:12], fault)
            return None

    async def deliver(self, job: Job) -> bool:
        """Post the clip; never film it again because it could not be posted."""
        for attempt in range(POSTS_MAX):
            if await self._posted(job):
                return True
            await self.clock.sleep(min(60.0, 2.0**attempt))
        moved = await self._move(job, State.UNDELIVERED)
        if moved:
            log.error("job %s: its clip could not be posted; kept", job.id)
        return moved is None

    async def deliver_again(self, job: Job) -> bool:
        """One more try for a clip that could not be posted."""
        await self._posted(job)
        return False

    async def _posted(self, job: Job) -> bool:
        try:
            reference = await self.delivery.clip(job)
        except DeliveryFault as fault:
            log.warning("job %s: clip not posted: %s", job.id, fault.reason)
            return False
        async with self.work() as w:
            done = await w.jobs.move(
                job.id, (State.DELIVERING, State.UNDELIVERED), State.DONE, posted=reference, ended_at=self.clock.now()
            )
        if done:
            log.info("job %s: delivered", job.id)
        return True

    # ------------------------------------------------------------ small things

    async def _row(self, job_id: str) -> Job | None:
        async with self.work() as w:
            return await w.jobs.get(job_id)

    async def _take(self, job: Job) -> Take:
        async with self.work() as w:
            take = await w.takes.get(job.take)
        assert take is not None
        return take

    async def _move(self, job: Job, target: State, **changes: Any) -> Job | None:
        async with self.work() as w:
            return await w.jobs.move(job.id, job.state, target, **changes)

    async def _end_by(self, job: Job, fault: BackendFault, failure: str = "") -> bool:
        if isinstance(fault, RefusedByRules):
            return await self._end(job, State.REFUSED, failure="refused", gate=fault.gate, reason=_short(fault.reason))
        return await self._end(job, State.FAILED, failure=failure or fault.key, reason=_short(fault.reason))

    async def _end(self, job: Job, state: State, **changes: Any) -> bool:
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

    async def _cancelled(self, job: Job) -> bool:
        async with self.work() as w:
            return bool(await w.jobs.cancels((job.id,)))

    async def _pause(self, job: Job, seconds: float) -> None:
        """Wait before the next order, with an eye on the cancel flag (the step that follows acts on it)."""
        until = self.clock.now() + min(seconds, PAUSE_MAX)
        while (left := until - self.clock.now()) > 0 and not await self._cancelled(job):
            await self.clock.sleep(min(1.0, left))

    async def _usual(self, job: Job) -> float | None:
        """How long its model usually takes; looked up once in a while for all, since a thousand may be taken up at once."""
        key, now = (job.backend, job.model), self.clock.now()
        if key not in self._usuals or self._usuals[key][1] <= now:
            async with self.work() as w:
                measured = await w.jobs.usual_seconds(job.backend, job.model)
            self._usuals[key] = (measured, now + USUAL_FOR)
        return self._usuals[key][0] or (await self.backends.get(job.backend).capabilities()).usual_seconds

    async def _watch(self, name: str) -> Watch:
        caps = await self.backends.get(name).capabilities()
        if name not in self._watches:
            every = EVERY_AT_HOME if caps.embedded else LIST_EVERY
            self._watches[name] = Watch(self.backends.get(name), self.clock, self._cancels, every)
        return self._watches[name]

    async def _cancels(self, job_ids: Any) -> frozenset[str]:
        async with self.work() as w:
            return await w.jobs.cancels(job_ids)


_OUTCOMES: Final = frozenset({Phase.FINISHED, Phase.FAILED, Phase.REFUSED, Phase.CANCELLED, Phase.EXPIRED})


def _lost_for_good(times: list[float]) -> bool:
    """Three times in a row, over 20 seconds or more."""
    return len(times) >= LOST_TIMES and times[-1] - times[0] >= LOST_SECONDS


def _remixes_by_id(job: Job, take: Take, source: Job, caps: Capabilities) -> bool:
    return caps.remixes and bool(take.change) and source.backend == job.backend and source.state is State.DONE


def _with_poster(clip: Clip, poster: str | None) -> Clip:
    return Clip(clip.digest, clip.media_type, clip.size, clip.seconds, clip.width, clip.height, poster)


def _short(reason: str) -> str:
    return " ".join(reason.split())[:REASON_MAX]


STEPS: Final[Mapping[State, Callable[[Driver, Job], Awaitable[bool]]]] = {
    State.RESERVED: Driver.begin,
    State.SUBMITTING: Driver.look,
    State.AMBIGUOUS: Driver.look_again,
    State.SUBMITTED: Driver.follow,
    State.ROLLING: Driver.follow,
    State.FETCHING: Driver.fetch,
    State.FINISHING: Driver.finish,
    State.DELIVERING: Driver.deliver,
    State.UNDELIVERED: Driver.deliver_again,
}
"""What is done in each state. A step returns whether to look at the row again."""
