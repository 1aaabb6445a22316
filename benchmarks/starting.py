"""How soon `throughline run` is ready: it has printed the studio's address and ``/healthz`` has answered 200."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.figures import Figure, at_most, median
from benchmarks.processes import free_port, fresh_home, line_of, python, until_healthy

RUNS = 5
PRINTED = "The studio is open at "


async def measure() -> AsyncIterator[Figure]:
    """The first start makes the tables; every later one finds them."""
    with fresh_home() as home:
        first = await _start(home)
        later = [await _start(home) for _ in range(RUNS)]
    yield Figure("process ready, first start (makes the database)", f"{first:.2f} s")
    spread = f" ({min(later):.2f} … {max(later):.2f})"
    yield at_most(f"process ready, second start, median of {RUNS}", median(later), 3, "s", digits=2, note=spread)


async def _start(home: Path) -> float:
    own = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": str(free_port())}
    begun = time.perf_counter()
    async with python("-m", "adapters", "run", own=own) as process:
        printed = await line_of(process)
        assert printed.startswith(PRINTED), printed
        await until_healthy(printed.removeprefix(PRINTED).rstrip("/"))
        took = time.perf_counter() - begun
        process.terminate()
        await process.wait()
    return took
