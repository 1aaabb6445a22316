"""Who is next at a database that serves one at a time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum


class Haste(Enum):
    """How soon a transaction is wanted: seconds by which those in greater haste may come later and still go first."""

    AT_ONCE = 0.0
    """A platform waits for an acknowledgement."""
    SOON = 0.3
    """A member waits."""
    LATER = 2.0
    """A film is being made, which takes its time anyway; but nobody waits for ever."""


class Line:
    """One at a time: who came first and is in haste; among equals who came first."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._busy = False
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, haste: Haste) -> AsyncIterator[None]:
        """``async with`` the turn."""
        await self._take(haste)
        try:
            yield
        finally:
            self._give()

    async def _take(self, haste: Haste) -> None:
        if not self._busy:
            self._busy = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._now() + haste.value, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came in the same moment: the next shall have it
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False
