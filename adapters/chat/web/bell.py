"""A bell between who posts and who reads: it says "look now", never what."""

from __future__ import annotations

import asyncio


class Bell:
    """Wakes everyone who waits, all at once. Missing a ring is harmless: readers look every second anyway."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.views = 0
        """Grows when a session may look different, though no card need have changed."""

    def ring(self, *, view: bool = False) -> None:
        """Wake all. `view`: the session may look different now."""
        self.views += view
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Until the next ring, at most `seconds`. True if it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True
