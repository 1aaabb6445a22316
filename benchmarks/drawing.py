"""How fast the test signal renders: a 6-second clip of 1280 x 720, from the order to the finished file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.video.colour_bars import ColourBars
from benchmarks.compiling import SPINE, STORY
from benchmarks.figures import Figure, median
from benchmarks.processes import fresh_home
from bot.brief import compile_brief
from bot.film import Shape, new_id
from bot.paperwork import Order, Phase

SECONDS, RUNS = 6, 3


async def measure() -> AsyncIterator[Figure]:
    """With the worker process's start; once to warm up, then the median of `RUNS`."""
    with fresh_home() as home:
        await _film(home)
        took = median([await _film(home) for _ in range(RUNS)])
    yield Figure(
        f"colour_bars, {SECONDS} s of 1280x720, median of {RUNS}", f"{SECONDS / took:.1f} x real time ({took:.2f} s)"
    )


async def _film(home: Path) -> float:
    backend = ColourBars(home)
    brief = compile_brief(STORY[0], spine=SPINE, seconds=SECONDS, shape=Shape.WIDE)
    begun = time.perf_counter()
    try:
        remote = await backend.submit(Order(new_id(), brief), None)
        report = await backend.report(remote)
        while report.phase in (Phase.QUEUED, Phase.ROLLING):
            await asyncio.sleep(0.01)
            report = await backend.report(remote)
    finally:
        await backend.close()
    assert report.phase is Phase.FINISHED, report
    return time.perf_counter() - begun
