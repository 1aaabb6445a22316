"""Thousands of takes that wait at a server: how many requests a look costs, and how much processor.

The server runs as a process of its own and lists 100 jobs a page; what follows is a process of its own too
(`benchmarks.follower`): the real backend and the real watch, without database and engine, which `crowd` measures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.figures import Figure
from benchmarks.processes import DialectServer, Worker, dialect_server, follower, fresh_home

FOREVER: Final = 360_000.0
SETTLING: Final = 45.0
"""Until those that are asked one by one are asked as seldom as they will be."""
STEADY: Final = 30.0
MOST_A_LOOK: Final = 26
"""Ten pages of the list and sixteen single questions (`dialect_list.PAGES_A_TICK`, `following.SINGLE_A_LOOK`)."""


@dataclass(frozen=True)
class Cost:
    """Of following. `requests` and `looks`: a second; `share`: of one core."""

    requests: float
    looks: float
    share: float

    @property
    def a_look(self) -> float:
        """Requests for one look at all jobs."""
        return self.requests / self.looks


async def measure() -> AsyncIterator[Figure]:
    """By the list with 1,000 and 5,000 jobs, and one by one with 500."""
    for jobs in (1000, 5000):
        heard, cost = await _cost(jobs, lists=True)
        name = f"{jobs:,} jobs at a server that lists"
        measured = f"{cost.a_look:.1f} ({cost.requests:.1f} /s)"
        yield Figure(f"requests a look, {name}", measured, f"≤ {MOST_A_LOOK}", cost.a_look <= MOST_A_LOOK)
        yield Figure(f"processor, {name}", f"{cost.share * 100:.1f} % of a core")
        yield Figure(f"all ordered and heard of, {name}", f"{heard:.1f} s")
    _, cost = await _cost(500, lists=False)
    yield Figure("requests, 500 jobs one by one", f"{cost.requests:.1f} /s")
    yield Figure("processor, 500 jobs one by one", f"{cost.share * 100:.1f} % of a core")


async def _cost(jobs: int, *, lists: bool) -> tuple[float, Cost]:
    """Seconds until all were ordered and heard of, and what following costs from then on."""
    with fresh_home() as home:
        async with dialect_server(home / "orders.jsonl", FOREVER, lists=lists) as server:
            own = {"THROUGHLINE_HOME": str(home), **server.settings()}
            async with follower(own, jobs) as following:
                heard = await following.until_following(jobs, 600)
                await asyncio.sleep(SETTLING)
                return heard, await _steady(server, following)


async def _steady(server: DialectServer, following: Worker) -> Cost:
    """From the beginning of one look to that of another: a look that was cut in two would count for more or for less."""
    before, asked = await _at_a_look(following), await _asked(server)
    await asyncio.sleep(STEADY)
    after, asked = await _at_a_look(following), await _asked(server) - asked
    wall = after["wall"] - before["wall"]
    return Cost(asked / wall, (after["looks"] - before["looks"]) / wall, (after["cpu"] - before["cpu"]) / wall)


async def _at_a_look(following: Worker) -> dict[str, Any]:
    """Its state at the moment when it begins the next look."""
    state = await following.ask("state")
    looks = state["looks"]
    while state["looks"] == looks:
        await asyncio.sleep(0.05)
        state = await following.ask("state")
    return state


async def _asked(server: DialectServer) -> int:
    """Requests so far."""
    return sum((await server.asked()).values())
