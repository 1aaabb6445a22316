"""The three stores that keep one contract: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Ticket, WorkFactory
from storage.database import Database
from storage.migrate import upgrade
from tests.fakes.storage import Broken, FakeStore

STORES = ("fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres))

# stands for the engine's table: what is enqueued in a transaction is there after it, or not at all
queue = sa.Table(
    "tickets",
    sa.MetaData(),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("job", sa.Text),
    sa.Column("run", sa.Integer),
    sa.Column("member", sa.Text),
    sa.Column("follow", sa.Boolean),
)


@dataclass(frozen=True)
class Store:
    """One of the three. `violation` is what a broken rule of the tables raises, `tickets` reads what was enqueued."""

    work: WorkFactory
    violation: type[Exception]
    tickets: Callable[[], Awaitable[list[Ticket]]]


async def enqueue(connection: AsyncConnection, ticket: Ticket) -> None:
    """An engine that writes the ticket down."""
    await connection.execute(sa.insert(queue).values(vars(ticket)))


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    if request.param == "fake":
        fake = FakeStore()

        async def enqueued() -> list[Ticket]:
            return list(fake.enqueued)

        yield Store(fake.work, Broken, enqueued)
        return
    where = request.getfixturevalue("tmp_path" if request.param == "sqlite" else "fresh_postgres")
    database = Database(f"sqlite:///{where}/film.sqlite" if isinstance(where, Path) else where)
    await upgrade(database)
    async with database.transaction() as connection:
        await connection.run_sync(queue.create)

    async def tickets() -> list[Ticket]:
        columns = (queue.c.job, queue.c.run, queue.c.member, queue.c.follow)
        async with database.transaction() as connection:
            rows = await connection.execute(sa.select(*columns).order_by(queue.c.position))
            return [Ticket(**row._mapping) for row in rows]

    yield Store(database.work_factory(enqueue), IntegrityError, tickets)
    await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database of either kind, without any table."""
    opened = Database(database_url)
    yield opened
    await opened.close()
