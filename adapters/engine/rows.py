"""The engine's tables, read and written synchronously: workflows that are alive, workers that are dead, old rows.

SQLite: the tables of DBOS stand in the same file as ours. PostgreSQL: they stand in the
schema `dbos`, and our list of workers in the schema `engine`. The columns read here are the documented ones of
https://docs.dbos.dev/explanations/system-tables; every change is made through the public client.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

Held = frozenset[tuple[str, str]]
"""Workflows that somebody has claimed: (queue, workflow id)."""

PENDING = "PENDING"
ENQUEUED = "ENQUEUED"
REAPER_LOCK = 0x7468726F7567686C  # any number, the same on all workers

_dbos = sa.MetaData(schema="dbos")
workflows = sa.Table(
    "workflow_status",
    _dbos,
    sa.Column("workflow_uuid", sa.Text, primary_key=True),
    sa.Column("status", sa.Text),
    sa.Column("executor_id", sa.Text),
    sa.Column("queue_name", sa.Text),
    sa.Column("completed_at", sa.BigInteger),  # milliseconds since 1970
)

engine_tables = sa.MetaData(schema="engine")
workers = sa.Table(
    "engine_workers",
    engine_tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("seen", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


def sync_url(url: str) -> sa.URL:
    """Our async URL as the engine's synchronous one. Raises ValueError for a database it cannot share."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and ":memory:" not in parsed.database:
        return parsed.set(drivername="sqlite")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("the job engine needs a SQLite file or PostgreSQL")


def connect(url: str, name: str) -> sa.Engine:
    """A pool of synchronous connections; `name` is how PostgreSQL lists them. Errors never show parameters."""
    target = sync_url(url)
    if target.drivername == "sqlite":
        pool = sa.create_engine(target, hide_parameters=True, pool_size=10, max_overflow=0)
        sa.event.listen(pool, "connect", _prepare_sqlite)
        return pool.execution_options(schema_translate_map={"dbos": None})
    session = {
        "application_name": name,
        "connect_timeout": 10,
        "options": "-c idle_in_transaction_session_timeout=60000",
    }
    return sa.create_engine(
        target, hide_parameters=True, pool_size=10, max_overflow=0, pool_pre_ping=True, connect_args=session
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"  # writers queue up instead of failing half-way
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def create_tables(url: str) -> None:
    """Creates or migrates the engine's tables; harmless when they are there, safe for several workers at once."""
    from dbos import DBOS  # here, because the import takes a third of a second

    DBOS.migrate(sync_url(url).render_as_string(hide_password=False))
    pool = connect(url, "throughline-migrate")
    if pool.dialect.name == "postgresql":
        with pool.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(REAPER_LOCK)))
            connection.execute(sa.schema.CreateSchema("engine", if_not_exists=True))
            engine_tables.create_all(connection, checkfirst=True)
    pool.dispose()


def live(pool: sa.Engine) -> frozenset[str]:
    """Ids of all workflows that are enqueued or running; those of a dead worker count, they will be handed over."""
    query = sa.select(workflows.c.workflow_uuid).where(workflows.c.status.in_([ENQUEUED, PENDING]))
    with pool.connect() as connection:
        return frozenset(connection.scalars(query))


def finished(pool: sa.Engine, older_than: float, limit: int) -> list[str]:
    """Ids of up to `limit` workflows that ended more than `older_than` seconds ago, by the database's clock."""
    query = sa.select(workflows.c.workflow_uuid).where(
        workflows.c.completed_at < _now_ms(pool) - int(older_than * 1000),
        workflows.c.status.not_in([ENQUEUED, PENDING]),
    )
    with pool.connect() as connection:
        return list(connection.scalars(query.limit(limit)))


def _now_ms(pool: sa.Engine) -> sa.ColumnElement[int]:
    if pool.dialect.name == "sqlite":
        return sa.literal_column("(CAST(strftime('%s', 'now') AS INTEGER) * 1000)", sa.BigInteger)
    return sa.literal_column("(extract(epoch from now()) * 1000)::bigint", sa.BigInteger)


def held_by(pool: sa.Engine, me: str) -> Held:
    """What this worker has claimed and not ended."""
    with pool.connect() as connection:
        return _held(connection, workflows.c.executor_id == me)


@contextmanager
def orphans(pool: sa.Engine, me: str, *, gone_after: float, dead_after: float) -> Iterator[Held]:
    """What dead workers hold, for as long as nobody else can hand it over.

    SQLite has one process, so every other worker is dead. On PostgreSQL the caller holds an advisory lock until it
    leaves; if another worker has it, nothing is given.
    """
    if pool.dialect.name == "sqlite":
        with pool.connect() as connection:
            held = _held(connection, workflows.c.executor_id.is_distinct_from(me))
        yield held
        return
    with pool.begin() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(REAPER_LOCK))):
            yield frozenset()
            return
        connection.execute(_bury(gone_after, dead_after))
        yield _held(connection, workflows.c.executor_id.not_in(sa.select(workers.c.id)))


def _held(connection: sa.Connection, by_whom: sa.ColumnElement[bool]) -> Held:
    query = sa.select(workflows.c.queue_name, workflows.c.workflow_uuid)
    found = connection.execute(query.where(workflows.c.status == PENDING, by_whom))
    return frozenset((queue, workflow) for queue, workflow in found)


def _bury(gone_after: float, dead_after: float) -> sa.Delete:
    """Removes workers silent for `dead_after` seconds, or for `gone_after` seconds without a connection left.

    A killed process loses its connections at once, a frozen machine keeps them. After a restart of PostgreSQL
    everybody is silent: the time counts from that restart, so that all can come back.
    """
    heard = sa.func.greatest(workers.c.seen, sa.func.pg_postmaster_start_time())
    connected = sa.text("SELECT application_name FROM pg_stat_activity WHERE application_name IS NOT NULL").columns(
        sa.column("application_name", sa.Text)
    )
    return sa.delete(workers).where(
        sa.or_(
            heard < _ago(dead_after),
            sa.and_(heard < _ago(gone_after), workers.c.id.not_in(sa.select(connected.subquery().c.application_name))),
        )
    )


def _ago(seconds: float) -> sa.ColumnElement[Any]:
    return sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def enrol(pool: sa.Engine, me: str) -> None:
    """Lists this worker as alive (PostgreSQL only; on SQLite there is one)."""
    if pool.dialect.name == "postgresql":
        with pool.begin() as connection:
            connection.execute(sa.insert(workers).values(id=me))


def beat(pool: sa.Engine, me: str) -> bool:
    """Says that this worker is alive; False when the others have declared it dead."""
    if pool.dialect.name == "sqlite":
        return True
    with pool.begin() as connection:
        sign = sa.update(workers).where(workers.c.id == me).values(seen=sa.func.clock_timestamp())
        return connection.execute(sign).rowcount == 1


def leave(pool: sa.Engine, me: str) -> None:
    """Strikes this worker off the list: what it held is anybody's."""
    if pool.dialect.name == "postgresql":
        with pool.begin() as connection:
            connection.execute(sa.delete(workers).where(workers.c.id == me))
