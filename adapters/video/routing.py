"""What stands in front of a backend when an order is to be sent: pauses, limits, a circuit that opens when it is in trouble.

Each asks the one behind it first (`admit`), so that whoever is asked last has the last word. Nothing here waits: it says for how
long to wait, and the job asks again. A job with a remote id is never asked anything.

::

    [backends.openrouter]
    paused = true            # nothing is sent there; what is there is followed
    rate_a_minute = 10       # orders a minute, for one key
    at_once = 2              # jobs there at the same time
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from adapters.video.wrapped import Wrapped
from bot.capabilities import Capabilities
from bot.errors import BackendFault, NeverMade, Unclear
from bot.paperwork import Admission, Held, Order, Phase, Report
from bot.ports import Backend, Clock

MINUTE: Final = 60.0
ASK_AGAIN: Final = 5.0
FORGOTTEN: Final = 30.0
"""Who has not asked for so long has gone out of the line: jobs ask every few seconds."""
UNSEEN: Final = 300.0
"""A job that nobody has followed for so long is no longer there."""
FAILURES: Final = 5
"""So many in a row open the circuit."""
COOLING: Final = 15.0
COOLING_MOST: Final = 300.0
PROBING_MOST: Final = 300.0
OUTCOMES: Final = 20
OVER: Final = frozenset(set(Phase) - {Phase.QUEUED, Phase.ROLLING})
SMOOTHING: Final = 0.3

log = structlog.get_logger("throughline")


class Paused(Wrapped):
    """The operator lets it rest: nothing new is sent there."""

    async def capabilities(self) -> Capabilities:
        """With the mark that it rests."""
        return replace(await super().capabilities(), paused=True)

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """Never."""
        return Admission(Held.PAUSED, ASK_AGAIN)


class Limited(Wrapped):
    """So many orders a minute and so many jobs at once, in the order of asking.

    A 429 closes the door for all, for as long as it says. What is counted is what this process sends and follows.
    """

    def __init__(self, inner: Backend, clock: Clock, rate: int | None = None, at_once: int | None = None) -> None:
        super().__init__(inner)
        self._clock, self._rate, self._at_once = clock, rate, at_once
        self._line: dict[str, float] = {}
        self._going: dict[str, float] = {}
        self._there: dict[str, float] = {}
        self._sent: deque[float] = deque()
        self._closed_until = 0.0

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """Where there is room for it, and for those that asked before."""
        said = await super().admit(order, tries=tries, most=most)
        if said.held is not None or said.choice:
            return said
        now = self._clock.now()
        self._tidy(now)
        self._line[order.job] = now
        if list(self._line).index(order.job) < self._room(now):
            del self._line[order.job]
            self._going[order.job] = now
            self._sent.append(now)
            return said
        super().release(order.job)
        return Admission(Held.BUSY, self._wait(now))

    def release(self, job: str) -> None:
        """Its place is free again."""
        self._line.pop(job, None)
        if self._going.pop(job, None) is not None and self._sent:
            self._sent.pop()
        super().release(job)

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Notes what it became."""
        try:
            remote_id = await super().submit(order, reference)
        except NeverMade as fault:
            if fault.retry_after:
                self._closed_until = max(self._closed_until, self._clock.now() + fault.retry_after)
            raise
        finally:
            self._going.pop(order.job, None)
        self._there[remote_id] = self._clock.now()
        return remote_id

    async def cancel(self, remote_id: str) -> bool:
        """Nobody follows it from here on."""
        try:
            return await super().cancel(remote_id)
        finally:
            self._there.pop(remote_id, None)

    def heard(self, reports: Mapping[str, Report]) -> None:
        """Who is there, and who is no more."""
        now = self._clock.now()
        for remote_id, report in reports.items():
            if report.phase in OVER:
                self._there.pop(remote_id, None)
            else:
                self._there[remote_id] = now

    def _tidy(self, now: float) -> None:
        for jobs, longest in ((self._line, FORGOTTEN), (self._going, UNSEEN), (self._there, UNSEEN)):
            for gone in [job for job, seen in jobs.items() if now - seen > longest]:
                del jobs[gone]
        while self._sent and now - self._sent[0] >= MINUTE:
            self._sent.popleft()

    def _room(self, now: float) -> float:
        """So many may go now."""
        if now < self._closed_until:
            return 0
        this_minute = self._rate - len(self._sent) if self._rate else float("inf")
        at_once = self._at_once - len(self._there) - len(self._going) if self._at_once else float("inf")
        return min(this_minute, at_once)

    def _wait(self, now: float) -> float:
        if now < self._closed_until:
            return min(ASK_AGAIN, self._closed_until - now)
        if self._rate and len(self._sent) >= self._rate:
            return min(ASK_AGAIN, max(0.1, self._sent[0] + MINUTE - now))
        return 1.0


class Breaker(Wrapped):
    """A circuit: after some failures in a row nothing is sent for a while, then one order tries. Nobody's order fails by it."""

    def __init__(self, inner: Backend, clock: Clock) -> None:
        super().__init__(inner)
        self._clock = clock
        self._in_a_row = {"order": 0, "question": 0}
        self._open_until: float | None = None
        self._cooling = COOLING
        self._probe: tuple[str, float] | None = None
        self._outcomes: deque[bool] = deque(maxlen=OUTCOMES)
        self._began: dict[str, float] = {}
        self._usual: float | None = None

    async def capabilities(self) -> Capabilities:
        """With how it has been doing, and how long it took, where it does not say itself."""
        can = await super().capabilities()
        usual = can.usual_seconds if can.usual_seconds is not None else self._usual
        return replace(can, troubles=self._outcomes.count(False), usual_seconds=usual)

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """While it is open: one order after the cooling, the others wait."""
        said = await super().admit(order, tries=tries, most=most)
        if said.held is not None or said.choice or self._open_until is None:
            return said
        now = self._clock.now()
        if now < self._open_until:
            return Admission(Held.DOWN, min(ASK_AGAIN, self._open_until - now))
        if self._probe is not None and self._probe[0] != order.job and now - self._probe[1] < PROBING_MOST:
            return Admission(Held.DOWN, 1.0)
        self._probe = (order.job, now)
        return said

    def release(self, job: str) -> None:
        """Another order may try."""
        if self._probe and self._probe[0] == job:
            self._probe = None
        super().release(job)

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Notes how it went. A refusal is an answer too."""
        try:
            remote_id = await super().submit(order, reference)
        except (NeverMade, Unclear) as fault:
            if isinstance(fault, NeverMade) and fault.retry_after is not None:
                self._well("order")  # it speaks to us: it is busy, not down
            else:
                self._ill("order")
            raise
        except BackendFault:
            self._well("order")
            raise
        finally:
            if self._probe and self._probe[0] == order.job:
                self._probe = None
        self._well("order")
        self._began[remote_id] = self._clock.now()
        return remote_id

    def heard(self, reports: Mapping[str, Report]) -> None:
        """It answers; and what has finished tells how long it takes."""
        self._well("question")
        now = self._clock.now()
        for remote_id in reports.keys() & self._began.keys():
            if (phase := reports[remote_id].phase) not in OVER:
                continue
            took = now - self._began.pop(remote_id)
            if phase is Phase.FINISHED:
                self._usual = took if self._usual is None else self._usual + SMOOTHING * (took - self._usual)

    def unheard(self) -> None:
        """A question got no answer."""
        self._ill("question")

    def _well(self, what: str) -> None:
        """Orders and questions are counted apart: a server may answer every question and take no order."""
        self._outcomes.append(True)
        self._in_a_row[what] = 0
        if self._open_until is not None and max(self._in_a_row.values()) < FAILURES:
            log.info("the backend takes orders again", backend=self.name)
            self._open_until, self._cooling = None, COOLING

    def _ill(self, what: str) -> None:
        self._outcomes.append(False)
        self._in_a_row[what] += 1
        now = self._clock.now()
        if self._open_until is None and self._in_a_row[what] >= FAILURES:
            self._open_until = now + self._cooling
            log.warning("the backend is in trouble; orders wait", backend=self.name, seconds=self._cooling)
        elif self._open_until is not None and now >= self._open_until:
            self._cooling = min(COOLING_MOST, self._cooling * 2)
            self._open_until = now + self._cooling
