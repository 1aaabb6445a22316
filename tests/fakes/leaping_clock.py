"""A clock for the core in front of real servers: real time flows, and whoever sleeps leaps ahead at once.

So a minute of patience costs a test a hundredth of a second. A server on loopback lives in real time: `real` translates.
"""

from __future__ import annotations

import asyncio
import time


class LeapingClock:
    """`ports.Clock`. `nap`: the real seconds that any sleep takes at most; `haste`: how many times too far a sleep leaps."""

    def __init__(self, nap: float = 0.01, haste: float = 1.0) -> None:
        self._nap, self._haste = nap, haste
        self._leaps: list[tuple[float, float]] = []
        """(virtual time just after the leap, all that has been leapt over by then)."""

    @property
    def leapt(self) -> float:
        """Seconds by which it is ahead."""
        return self._leaps[-1][1] if self._leaps else 0.0

    def now(self) -> float:
        return time.time() + self.leapt

    async def sleep(self, seconds: float) -> None:
        if seconds > self._nap:
            leapt = self.leapt + seconds * self._haste - self._nap
            self._leaps.append((time.time() + leapt, leapt))
        await asyncio.sleep(min(max(seconds, 0.0), self._nap))

    def real(self, virtual: float) -> float:
        """The real time at which this clock showed `virtual`."""
        before = 0.0
        for at, leapt in self._leaps:
            if at > virtual:
                break
            before = leapt
        return virtual - before
