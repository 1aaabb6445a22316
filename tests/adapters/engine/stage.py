"""A worker to kill, and the table in which every run leaves its mark.

As a program (`python -m tests.adapters.engine.stage URL`) it runs whatever is enqueued, each job for ever, until it is
killed; it ends with 3 when the other workers have declared it dead.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.engine.dbos_engine import DbosEngine
from bot.paperwork import Ticket

QUICK: dict[str, Any] = {"poll": 0.05, "gone_after": 0.6, "dead_after": 3.0}
LOST = 3


def open_database(url: str) -> AsyncEngine:
    """Our side of the database, as storage opens it: on SQLite every transaction starts with BEGIN IMMEDIATE."""
    database = create_async_engine(url)
    if url.startswith("sqlite"):
        event.listen(database.sync_engine, "connect", _prepare)
        event.listen(database.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return database


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


class Marks:
    """A table of our own: which worker ran which job, in order."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def create(self) -> None:
        async with self._database.begin() as connection:
            await connection.execute(text("CREATE TABLE marks (job TEXT, worker INTEGER)"))

    async def leave(self, job: str) -> None:
        async with self._database.begin() as connection:
            await connection.execute(text("INSERT INTO marks VALUES (:job, :me)"), {"job": job, "me": os.getpid()})

    async def of(self, worker: int) -> set[str]:
        async with self._database.begin() as connection:
            rows = await connection.execute(text("SELECT job FROM marks WHERE worker = :worker"), {"worker": worker})
            return set(rows.scalars())


async def enqueue(engine: DbosEngine, database: AsyncEngine, *tickets: Ticket) -> None:
    """Enqueues all in one transaction."""
    async with database.begin() as connection:
        for ticket in tickets:
            await engine.enqueue(connection, ticket)


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 20) -> None:
    """Asks again and again until it is so; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.02)


async def work_until_killed(url: str) -> None:
    """The program: start, mark every job and hold it."""
    lost = asyncio.Event()
    marks = Marks(open_database(url))

    async def hold(job: str) -> None:
        await marks.leave(job)
        await asyncio.Event().wait()

    await DbosEngine(url, on_lost=lost.set, **QUICK).start(hold)
    await lost.wait()
    sys.exit(LOST)


if __name__ == "__main__":
    asyncio.run(work_until_killed(sys.argv[1]))
