"""A clock that is moved on by hand: hours pass in a moment, and everything that falls due on the way is done on the way."""

from __future__ import annotations

import asyncio
import heapq
import itertools


class HandClock:
    """`ports.Clock` for tests."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._due: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (self._now + seconds, next(self._order), waiting))
        await waiting

    async def settle(self) -> None:
        """Let everyone do what can be done without time passing."""
        for _ in range(12):
            await asyncio.sleep(0)

    async def move(self, seconds: float) -> None:
        """Let so much time pass."""
        end = self._now + seconds
        await self.settle()
        while self._due and self._due[0][0] <= end:
            at, _, waiting = heapq.heappop(self._due)
            self._now = max(self._now, at)
            if not waiting.done():
                waiting.set_result(None)
                await self.settle()
        self._now = end
        await self.settle()
