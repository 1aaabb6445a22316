"""Storage in memory: what the contract in `tests/storage` asks of a database, and nothing more.

A transaction works on a copy of all rows, which takes the place of the old one when it commits. Transactions follow one
another, as on SQLite. A rule of the tables that is broken raises `Broken`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.paperwork import Ticket
from bot.ports import Work
from bot.records import (
    Films,
    Jobs,
    Ledger,
    Measured,
    Messages,
    Posts,
    Productions,
    Sessions,
    Spines,
    Takes,
    Troupe,
    Votes,
    Wishes,
)
from tests.fakes.films import FakeFilms, FakeMeasured
from tests.fakes.looks import FakeSessions, FakeSpines, FakeTroupe
from tests.fakes.money import FakeLedger
from tests.fakes.moving import move_chat
from tests.fakes.repositories import (
    Broken,
    FakeJobs,
    FakeMessages,
    FakePosts,
    FakeProductions,
    FakeTakes,
    FakeVotes,
    FakeWishes,
    Rows,
)

__all__ = ["Broken", "FakeStore", "FakeWork"]


class FakeStore:
    """A database: `store.work` is the `WorkFactory`, `store.rows` what is committed.

    `on_enqueue` is called with each ticket right after its transaction has committed.
    """

    def __init__(self, on_enqueue: Callable[[Ticket], object] | None = None) -> None:
        self.rows = Rows()
        self.on_enqueue = on_enqueue
        self._turn = asyncio.Lock()
        self._inside: asyncio.Task[Any] | None = None

    @property
    def enqueued(self) -> list[Ticket]:
        """The tickets of committed transactions, in order."""
        return self.rows.enqueued

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction. RuntimeError inside another one of the same task: on SQLite that would wait for itself."""
        me = asyncio.current_task()
        if self._inside is me:
            raise RuntimeError("a transaction inside a transaction")
        async with self._turn:
            self._inside = me
            try:
                rows, before = self.rows.snapshot(), len(self.rows.enqueued)
                await asyncio.sleep(0)
                yield FakeWork(rows)
                self.rows = rows
            finally:
                self._inside = None
        for ticket in rows.enqueued[before:]:
            if self.on_enqueue is not None:
                self.on_enqueue(ticket)


class FakeWork:
    """One transaction's repositories, all on the same rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.wishes: Wishes = FakeWishes(rows)
        self.sessions: Sessions = FakeSessions(rows)
        self.spines: Spines = FakeSpines(rows)
        self.cast: Troupe = FakeTroupe(rows)
        self.productions: Productions = FakeProductions(rows)
        self.takes: Takes = FakeTakes(rows)
        self.films: Films = FakeFilms(rows)
        self.measured: Measured = FakeMeasured(rows)
        self.votes: Votes = FakeVotes(rows)
        self.jobs: Jobs = FakeJobs(rows)
        self.ledger: Ledger = FakeLedger(rows)
        self.posts: Posts = FakePosts(rows)
        self.messages: Messages = FakeMessages(rows)

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        move_chat(self._rows, platform, old, new)

    async def hold(self, name: str) -> None:
        """Nobody else has a transaction anyway."""

    async def enqueue(self, ticket: Ticket) -> None:
        self._rows.enqueued.append(ticket)
