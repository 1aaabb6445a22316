"""The three stores that keep one contract: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.paperwork import Ticket
from bot.ports import WorkFactory
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import metadata
from tests.fakes.storage import Broken, FakeStore
from tests.postgres import new_database

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


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[str]:
    """One PostgreSQL database for all tests of the contract: emptying it is quicker than making a new one."""
    with new_database(postgres_url) as url:
        yield url


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An empty store: each test runs on the fake, on SQLite and on PostgreSQL."""
    if request.param == "fake":
        fake = FakeStore()

        async def enqueued() -> list[Ticket]:
            return list(fake.enqueued)

        yield Store(fake.work, Broken, enqueued)
        return
    on_sqlite = request.param == "sqlite"
    url: str = request.getfixturevalue("tmp_path" if on_sqlite else "shared_postgres")
    database = Database(f"sqlite:///{url}/film.sqlite" if on_sqlite else url)
    await upgrade(database)
    async with database.transaction() as connection:
        await connection.run_sync(queue.create, checkfirst=True)
        if not on_sqlite:
            names = ", ".join(f'"{table}"' for table in (*metadata.tables, queue.name))
            await connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")

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
