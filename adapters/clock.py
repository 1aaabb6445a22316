"""The clock on the wall."""

from __future__ import annotations

import asyncio
import time


class WallClock:
    """`ports.Clock` of the machine."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Let others work meanwhile."""
        await asyncio.sleep(seconds)
