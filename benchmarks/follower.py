"""Nothing but following: orders so many takes, then waits for all of them as drivers do. Answers ``state`` on its input, in JSON.

The backend and the watch are those of a worker; there is no database, no engine and no chat.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass

from adapters import logs
from adapters.bootstrap import build_backends
from adapters.clock import WallClock
from adapters.settings import load
from bot.brief import compile_brief
from bot.film import new_id
from bot.following import Watch
from bot.paperwork import Order
from bot.ports import Backend

AT_ONCE = 16


@dataclass
class Looks:
    """Nobody cancels; each look asks once whether somebody does."""

    count: int = 0

    async def __call__(self, jobs: Collection[str]) -> frozenset[str]:
        self.count += 1
        return frozenset()


async def main(jobs: int) -> None:
    """Follow until the standard input ends."""
    logs.set_up("warning", as_json=False, secrets=[])
    clock, looks, backends = WallClock(), Looks(), build_backends(load()).backends
    backend = backends.get(backends.default)
    watch = Watch(backend, clock, looks)
    print("ready", flush=True)
    ordering = asyncio.create_task(_order(backend, watch, jobs))
    while question := await asyncio.to_thread(sys.stdin.readline):
        assert question.strip() == "state"
        told = {"following": len(watch.heard_of), "looks": looks.count}
        print(json.dumps({**told, "cpu": time.process_time(), "wall": time.perf_counter()}), flush=True)
    ordering.cancel()
    watch.close()
    await backends.close()


async def _order(backend: Backend, watch: Watch, jobs: int) -> None:
    room = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as takes:
        for number in range(jobs):
            takes.create_task(_take(backend, watch, number, room))


async def _take(backend: Backend, watch: Watch, number: int, room: asyncio.Semaphore) -> None:
    """One order, and its news until the end, which never comes."""
    job = new_id()
    async with room:
        remote = await backend.submit(Order(job, compile_brief(f"A fox crosses frozen lake number {number}.")), None)
    started, last = time.time(), None
    while True:
        news = await watch.next(job, remote, last, started=started, usual=None)
        last = news.report or last


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
