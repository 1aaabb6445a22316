"""How long the studio takes to say "heard" to a wish while a hundred takes roll: the wish is stored before it answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx

from benchmarks.figures import Figure, median, percentile
from benchmarks.ordering import front, order
from benchmarks.processes import dialect_server, free_port, fresh_home, line_of, python, until_healthy
from bot.states import State

ROLLING, WISHES, WARM_UP = 100, 100, 10
PAUSE = 0.05
FOREVER = 360_000.0
CAPS = "[caps]\nwaiting = 1000\ntakes_a_day = 10000\n"


async def measure() -> AsyncIterator[Figure]:
    """Web and worker in one process, as `throughline run` starts them, on SQLite."""
    with fresh_home() as home:
        (home / "throughline.toml").write_text(CAPS, "utf-8")
        async with dialect_server(home / "orders.jsonl", FOREVER) as server:
            port = free_port()
            own = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": str(port), **server.settings()}
            async with python("-m", "adapters", "run", own=own) as process:
                await line_of(process)
                await until_healthy(f"http://127.0.0.1:{port}")
                await order(own, ROLLING, members=ROLLING // 2)
                await _until_rolling(own)
                times = await _ask(f"http://127.0.0.1:{port}")
    spread = f"{median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms"
    yield Figure(f"wish acknowledged (POST → 202) while {ROLLING} takes roll", spread)


async def _until_rolling(own: dict[str, str]) -> None:
    async with front(own) as house, asyncio.timeout(120):
        while True:
            async with house.work() as w:
                if await w.jobs.count((State.ROLLING,)) >= ROLLING:
                    return
            await asyncio.sleep(0.2)


async def _ask(url: str) -> list[float]:
    """Milliseconds of every wish, one after the other."""
    times = []
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        for number in range(WARM_UP + WISHES):
            begun = time.perf_counter()
            answer = await client.post("/api/wish", json={"text": f"a lighthouse in fog, wave number {number}"})
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 202, answer.text
            await asyncio.sleep(PAUSE)
    return times[WARM_UP:]
