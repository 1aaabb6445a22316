"""One database, SQLite or PostgreSQL: connections, transactions, and what its faults mean for an operator."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

from bot.errors import BadSetting, DatabaseUnreachable, DiskFull
from bot.ports import Work, WorkFactory
from storage.line import Haste, Line
from storage.work import Enqueue, SqlWork

BUSY_MS = 30_000
"""How long SQLite waits for another connection's transaction, in milliseconds: the engine writes to the same file."""
WAL_TRIES, WAL_PAUSE = 100, 0.05
"""How often, and after how many seconds, the switch to WAL is tried again."""
IDLE_MS = 30_000
"""After this time without a word PostgreSQL ends a transaction: a frozen process must not keep its locks."""


class Database:
    """`url` as an operator writes it: `sqlite:///file`, `postgres://…`, `postgresql://…`, or SQLAlchemy's own.

    Nothing is opened before the first transaction. Raises `BadSetting` for a URL of another kind. Every transaction
    may raise `DatabaseUnreachable` and `DiskFull`.
    """

    def __init__(self, url: str) -> None:
        self.url = normalised(url)
        self.engine = _engine(self.url)
        self._line = Line() if self.url.get_backend_name() == "sqlite" else None

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return self.url.difference_update_query(["password"]).render_as_string(hide_password=True)

    def work_factory(self, enqueue: Enqueue, haste: Haste = Haste.SOON) -> WorkFactory:
        """What the core opens its transactions with; `enqueue` is the engine's. `haste`: see `transaction`."""

        @asynccontextmanager
        async def work() -> AsyncIterator[Work]:
            async with self.transaction(haste) as connection:
                yield SqlWork(connection, enqueue)

        return work

    @asynccontextmanager
    async def transaction(self, haste: Haste = Haste.SOON) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that commits at the end and rolls back on any exception.

        `haste`: who goes first at SQLite, which serves one at a time.
        """
        with self.faults():
            async with self._line.turn(haste) if self._line else nullcontext(), self.engine.begin() as connection:
                yield connection

    async def ping(self) -> None:
        """Returns if the database answers."""
        async with self.transaction() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Says in an operator's words what a driver says in its own. Other errors pass as they are."""
        try:
            yield
        except DBAPIError as error:
            if _is_full(error.orig):
                raise DiskFull(path=self.url.database or self.shown_url) from error
            if _is_unreachable(error.orig):
                raise DatabaseUnreachable(url=self.shown_url, reason=_first_line(error.orig)) from error
            raise


def normalised(url: str) -> sa.URL:
    """The URL with the driver that we use. Raises `BadSetting`."""
    try:
        parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except ArgumentError:
        parsed = None
    in_file = parsed is not None and parsed.database and ":memory:" not in parsed.database
    if parsed is not None and parsed.get_backend_name() == "sqlite" and in_file:
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed is not None and parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise BadSetting(name="DATABASE_URL", reason="it has to begin with sqlite:/// or postgresql://")


def _engine(url: sa.URL) -> AsyncEngine:
    if url.get_backend_name() == "postgresql":
        session = {
            "application_name": "throughline",
            "connect_timeout": 10,
            "options": f"-c idle_in_transaction_session_timeout={IDLE_MS}",
        }
        return create_async_engine(url, hide_parameters=True, pool_size=10, pool_pre_ping=True, connect_args=session)
    # SQLite has one writer: with one connection everybody waits in `Line`, and nobody polls a locked file
    engine = create_async_engine(
        url, hide_parameters=True, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0, pool_timeout=60
    )
    sa.event.listen(engine.sync_engine, "do_connect", _try_file)
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _try_file(_dialect: object, _record: object, arguments: Sequence[Any], _options: object) -> None:
    """A file that cannot be opened fails here: the driver's thread would fail again when it reports to a closed loop."""
    await_only(asyncio.to_thread(lambda: sqlite3.connect(arguments[0]).close()))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # else the driver begins transactions of its own accord, and too late
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool forgets it, and its thread would outlive us
        raise


def _write_ahead(cursor: Any) -> None:
    """Switch the file to WAL. SQLite does not wait its busy time for that, so we do: two may open a new file at once."""
    for attempt in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == WAL_TRIES - 1:
                raise
            await_only(asyncio.sleep(WAL_PAUSE))
        else:
            return


def _begin_immediate(connection: sa.Connection) -> None:
    # a transaction that reads first and writes later fails at once when another one has written in between
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_full(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or "disk is full" in str(error)
    return isinstance(error, psycopg.Error) and error.sqlstate == "53100"


def _is_unreachable(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB)
    if not isinstance(error, psycopg.OperationalError):
        return False
    # without a code: no connection, or a lost one. Classes: connection, login, no such database, too many, shut down
    return error.sqlstate is None or error.sqlstate.startswith(("08", "28", "3D", "53300", "57P"))


def _first_line(error: BaseException | None) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
