"""How jobs at a backend are followed: polling is the truth, and one call follows all where the backend lists many.

A `Watch` stands in front of one backend. Every driver that waits for a job asks it for the next report; the watch makes one
round of `ListsMany.reports` every `LIST_EVERY` seconds for all of them together, or asks job by job at ever longer steps.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace

from bot.errors import Unreachable
from bot.paperwork import Phase, Report
from bot.ports import Backend, Clock, ListsMany

log = logging.getLogger("throughline.following")

LIST_EVERY = 1.5
FIRST_STEP = 1.0
LONGEST_STEP = 10.0
EVERY_AT_HOME = 0.3
LAST_FIFTH_STEP = 1.5
CROWD = 600
"""With more jobs than that at one backend the looks come more seldom, since a list is read page by page …"""
LIST_LONGEST = 2.0
"""… but never more seldom than this."""
NUDGE = 300.0
"""A driver that has heard nothing for so long is woken all the same: it has its own deadline to keep."""
SINGLE_A_LOOK = 16
"""So many jobs that a list does not show are asked for one by one in one look: the number of questions stays constant …"""
PROGRESS_A_LOOK = 20
"""Progress alone wakes that many drivers a look, the longest untold first: each writes a row and a card, and many move."""

Cancels = Callable[[Collection[str]], Awaitable[frozenset[str]]]
"""Which of these job ids are to be cancelled."""


@dataclass(frozen=True)
class News:
    """What a driver is woken for: a report that differs from the last one, a wish to cancel, or silence from the backend."""

    report: Report | None = None
    cancel: bool = False
    silent: bool = False


@dataclass(slots=True, eq=False)
class _Waiter:
    job: str
    remote: str
    last: Report | None
    future: asyncio.Future[News]
    usual: float
    step: float = FIRST_STEP
    due: float = 0.0
    since: float = 0.0
    asked: float = 0.0


@dataclass
class Watch:
    """Follows the jobs of one backend for all drivers of this process."""

    backend: Backend
    clock: Clock
    cancels: Cancels
    every: float = LIST_EVERY
    """Seconds between two looks; shorter for a backend of our own, which costs nothing to ask."""
    least: float = 0.0
    """Least seconds between two questions about one job, where the backend asks for that."""
    _waiters: dict[_Waiter, None] = field(default_factory=dict)
    """Who waits longest stands first. The same job may be driven twice in one process: each drive waits for itself."""
    _round: asyncio.Task[None] | None = None
    _nudged: set[str] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def heard_of(self) -> frozenset[str]:
        """Ids of the jobs that are waited for and of which the backend has said something since this watch began."""
        return frozenset(waiter.job for waiter in self._waiters if waiter.last is not None)

    async def next(self, job: str, remote: str, last: Report | None, *, started: float, usual: float | None) -> News:
        """Wait for the next news of a job. `started`: when it was submitted; `usual`: how long its model usually takes.

        A lost job reports again at every look (three in a row are counted by the driver), anything else only on a change.
        """
        waiter = _Waiter(job, remote, last, asyncio.get_running_loop().create_future(), usual or 0.0, since=started)
        waiter.asked = self.clock.now()
        waiter.step = self._first_step(waiter)
        waiter.due = self.clock.now() + (0.0 if last is None else waiter.step)
        self._waiters[waiter] = None
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._rounds(), name=f"watch {self.backend.name}")
        try:
            return await waiter.future
        finally:
            del self._waiters[waiter]

    def nudge(self, remote_id: str) -> bool:
        """The backend says that something has happened to that job: ask about it now. False: nobody waits for it here."""
        if not any(waiter.remote == remote_id for waiter in self._waiters):
            return False
        self._nudged.add(remote_id)
        self._woken.set()
        return True

    def close(self) -> None:
        """Stop asking. Waiting drivers are cancelled by the engine."""
        if self._round is not None:
            self._round.cancel()

    async def _rounds(self) -> None:
        while self._waiters:
            try:
                await self._look()
            except Unreachable:
                self._tell_silence()
            except Exception:  # one broken answer must not leave every driver waiting for ever
                log.exception("a look at %s failed", self.backend.name)
                self._tell_silence()
            await self._rest(max(self.every, min(LIST_LONGEST, self.every * len(self._waiters) / CROWD)))

    async def _rest(self, seconds: float) -> None:
        """Until the next look; those that are nudged meanwhile are asked about at once."""
        resting = asyncio.ensure_future(self.clock.sleep(seconds))
        answering = asyncio.ensure_future(self._answer_nudges())
        try:
            await resting
        finally:
            resting.cancel()
            answering.cancel()

    async def _answer_nudges(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            nudged, self._nudged = self._nudged, set()
            try:
                await self._ask([waiter for waiter in tuple(self._waiters) if waiter.remote in nudged])
            except Exception:
                log.exception("%s called, and could not be asked", self.backend.name)

    async def _look(self) -> None:
        to_cancel = await self.cancels({waiter.job for waiter in self._waiters})
        for waiter in tuple(self._waiters):
            if waiter.job in to_cancel:
                _wake(waiter, News(cancel=True))
            elif waiter.asked + NUDGE <= self.clock.now():
                _wake(waiter, News(silent=True))
        if isinstance(self.backend, ListsMany) and self.backend.lists:
            await self._look_at_all(self.backend)
        else:
            await self._look_one_by_one()

    async def _look_at_all(self, backend: ListsMany) -> None:
        reports = await backend.reports({waiter.remote for waiter in self._waiters})
        missing, left = [], PROGRESS_A_LOOK
        for waiter in tuple(self._waiters):
            report = reports.get(waiter.remote)
            if report is None:
                missing.append(waiter)
            elif not _only_moved(report, waiter.last):
                self._offer(waiter, report)
            elif left:
                left -= 1
                self._offer(waiter, report)
        if not backend.lists:
            return  # it has just told us that it has no list: the next round asks one by one
        # … and who has waited longest for such a question is asked for first
        await self._ask(sorted(missing, key=lambda waiter: waiter.due)[:SINGLE_A_LOOK])

    async def _look_one_by_one(self) -> None:
        now = self.clock.now()
        await self._ask([waiter for waiter in tuple(self._waiters) if waiter.due <= now])

    async def _ask(self, waiters: list[_Waiter]) -> None:
        for start in range(0, len(waiters), 8):
            await asyncio.gather(*(self._ask_one(waiter) for waiter in waiters[start : start + 8]))

    async def _ask_one(self, waiter: _Waiter) -> None:
        try:
            report = await self.backend.report(waiter.remote)
        except Unreachable:
            _wake(waiter, News(silent=True))
            return
        waiter.step = self._next_step(waiter)
        waiter.due = self.clock.now() + waiter.step
        self._offer(waiter, report)

    def _offer(self, waiter: _Waiter, report: Report) -> None:
        if report != waiter.last or report.phase is Phase.LOST:
            _wake(waiter, News(report=report))

    def _tell_silence(self) -> None:
        for waiter in tuple(self._waiters):
            _wake(waiter, News(silent=True))

    def _first_step(self, waiter: _Waiter) -> float:
        elapsed = max(0.0, self.clock.now() - waiter.since)
        return self._near_the_end(waiter, elapsed) or min(self._longest, max(self._shortest, elapsed / 6))

    def _next_step(self, waiter: _Waiter) -> float:
        elapsed = max(0.0, self.clock.now() - waiter.since)
        return self._near_the_end(waiter, elapsed) or min(self._longest, waiter.step * 1.5)

    @property
    def _shortest(self) -> float:
        return max(self.least, min(FIRST_STEP, self.every))

    @property
    def _longest(self) -> float:
        return max(self.least, LONGEST_STEP)

    def _near_the_end(self, waiter: _Waiter, elapsed: float) -> float | None:
        """Every 1-2 s over the last fifth of the time that this model usually takes."""
        if waiter.usual and 0.8 * waiter.usual <= elapsed <= 1.2 * waiter.usual:
            return max(self.least, LAST_FIFTH_STEP)
        return None


def _only_moved(report: Report, last: Report | None) -> bool:
    """Whether nothing but the progress is new."""
    return last is not None and report != last and replace(report, progress=last.progress) == last


def _wake(waiter: _Waiter, news: News) -> None:
    if not waiter.future.done():
        waiter.future.set_result(news)
