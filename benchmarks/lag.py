"""How late an event loop is: ``python -m benchmarks.lag`` watches a loop that does nothing else, until stdin ends."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.figures import percentile

STEP = 0.01


@asynccontextmanager
async def watched() -> AsyncIterator[list[float]]:
    """Seconds by which each sleep of 10 ms was too long, while the block lasts."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(STEP)
            late.append(time.perf_counter() - begun - STEP)

    watching = asyncio.create_task(watch())
    try:
        yield late
    finally:
        watching.cancel()


async def main() -> None:
    """Print the 99th percentile in milliseconds."""
    async with watched() as late:
        await asyncio.to_thread(sys.stdin.readline)
    print(percentile(late, 0.99) * 1000, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
