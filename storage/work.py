"""One transaction, as the core sees it. Implements `ports.Work`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.paperwork import Ticket
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
from storage.cast import SqlTroupe
from storage.films import SqlFilms, SqlMeasured
from storage.jobs import SqlJobs
from storage.ledger import SqlLedger
from storage.messages import SqlMessages
from storage.moving import move_chat
from storage.posts import SqlPosts
from storage.productions import SqlProductions
from storage.sessions import SqlSessions
from storage.spines import SqlSpines
from storage.takes import SqlTakes
from storage.votes import SqlVotes
from storage.wishes import SqlWishes

Enqueue = Callable[[AsyncConnection, Ticket], Awaitable[None]]
"""How the engine takes a ticket inside the transaction of a connection: `ports.Engine.enqueue`."""

HOLD_LOCK = 1
"""First key of the advisory locks behind `hold`; the second is made of the name."""


class SqlWork:
    """All repositories on one connection, whose transaction somebody else begins and ends."""

    def __init__(self, connection: AsyncConnection, enqueue: Enqueue) -> None:
        self._connection, self._enqueue = connection, enqueue
        self.wishes: Wishes = SqlWishes(connection)
        self.sessions: Sessions = SqlSessions(connection)
        self.spines: Spines = SqlSpines(connection)
        self.cast: Troupe = SqlTroupe(connection)
        self.productions: Productions = SqlProductions(connection)
        self.takes: Takes = SqlTakes(connection)
        self.films: Films = SqlFilms(connection)
        self.measured: Measured = SqlMeasured(connection)
        self.votes: Votes = SqlVotes(connection)
        self.jobs: Jobs = SqlJobs(connection)
        self.ledger: Ledger = SqlLedger(connection)
        self.posts: Posts = SqlPosts(connection)
        self.messages: Messages = SqlMessages(connection)

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """A chat has got another id: addresses, places and productions follow, its messages are forgotten."""
        await move_chat(self._connection, platform, old, new)

    async def hold(self, name: str) -> None:
        """Until the end of this transaction nobody else holds that name. On SQLite nobody else has a transaction at all."""
        if self._connection.dialect.name == "postgresql":
            lock = sa.func.pg_advisory_xact_lock(HOLD_LOCK, sa.func.hashtext(name))
            await self._connection.execute(sa.select(lock))

    async def enqueue(self, ticket: Ticket) -> None:
        """Hand a job to the engine in this same transaction."""
        await self._enqueue(self._connection, ticket)
