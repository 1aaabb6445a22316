"""Waiting for something to come to pass without asking all the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

REST = 0.01


class Pulse:
    """Whoever changes something calls `stir`; whoever waits is asked again, at most a hundred times a second.

    Also without a word every `pace` seconds: what is waited for may not be the fake's own doing.
    """

    def __init__(self, pace: float = 0.1) -> None:
        self._pace = pace
        self._event = asyncio.Event()

    def stir(self) -> None:
        """Something changed."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def until(self, holds: Callable[[], object], within: float = 5.0) -> None:
        """Wait until it holds; AssertionError after `within` seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not holds():
            left = end - loop.time()
            assert left > 0, f"it did not come to pass within {within} s"
            try:
                await asyncio.wait_for(self._event.wait(), min(left, self._pace))
                await asyncio.sleep(REST)
            except TimeoutError:
                continue
