"""Who may send next: a few at a time, the most urgent first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Final


class Urgency(IntEnum):
    """What goes first where there is not room for all."""

    CLIP = 0
    CARD = 1
    PROGRESS = 2


class Lane:
    """Lets `width` through at a time."""

    def __init__(self, width: int) -> None:
        self._width = self._free = width
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @property
    def idle(self) -> bool:
        """Nobody is in it or before it."""
        return self._free == self._width and not self._waiting

    async def take(self, urgency: Urgency) -> None:
        """Wait for a turn; `give` gives it back."""
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the turn came in the same moment: somebody else shall have it
                self.give()
            raise

    def give(self) -> None:
        """A turn has ended: the most urgent goes on."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Lanes:
    """One lane for each name, for as long as somebody is in it."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def turn(self, name: str, urgency: Urgency) -> AsyncIterator[None]:
        """``async with`` a turn in the lane of that name."""
        lane = self._lanes.setdefault(name, Lane(self._width))
        try:
            await lane.take(urgency)
            try:
                yield
            finally:
                lane.give()
        finally:
            if lane.idle:
                self._lanes.pop(name, None)


class Meter:
    """At most `rate` a second over everything: Discord allows a bot 50, and answers to interactions do not count."""

    RATE: Final = 45

    def __init__(self, rate: int = RATE) -> None:
        self._lane = Lane(rate)

    async def turn(self, urgency: Urgency) -> None:
        """Wait until one more request may go out."""
        await self._lane.take(urgency)
        asyncio.get_running_loop().call_later(1.0, self._lane.give)
