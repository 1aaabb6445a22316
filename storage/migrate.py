"""Brings a database to this version's tables, or back. No file of settings, no command line: a `Database` is enough."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DatabaseFromTheFuture
from storage.database import Database
from storage.tables import metadata

MIGRATIONS: Final = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 2
"""First key of the advisory lock that keeps two starting processes from migrating at once."""


def only_ours(name: str | None, kind: str, _parents: object) -> bool:
    """For Alembic: whether a thing found in the database is one of our tables. The engine's stand beside them."""
    return kind != "table" or name in metadata.tables


OPTIONS: Final[dict[str, Any]] = {
    "target_metadata": metadata,
    "include_name": only_ours,
    "render_as_batch": True,
    "compare_type": True,
}


async def upgrade(database: Database, revision: str = "head") -> None:
    """To this version's tables, or those of an older revision; harmless when they are there.

    Raises `DatabaseFromTheFuture` and changes nothing if a newer Throughline has been here.
    """
    await _run(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    """Back to an older revision; ``base`` is an empty database. Raises `DatabaseFromTheFuture`."""
    await _run(database, lambda config: command.downgrade(config, revision))


async def current(database: Database) -> str | None:
    """The revision of the database, None if it is empty. Raises `DatabaseFromTheFuture`."""
    async with database.transaction() as connection:
        return await revision_of(connection)


async def revision_of(connection: AsyncConnection) -> str | None:
    """The same, within a transaction."""
    return await connection.run_sync(_known_revision)


def newest() -> str | None:
    """The revision that this version's tables have."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def differences(database: Database) -> list[Any]:
    """What the database has otherwise than `tables`, in Alembic's words; empty if they agree."""
    async with database.transaction() as connection:
        return await connection.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync, opts=OPTIONS), metadata))
        )


async def _run(database: Database, step: Callable[[Config], None]) -> None:
    async with _migration(database) as connection:
        await connection.run_sync(_run_sync, step)


def _run_sync(connection: sa.Connection, step: Callable[[Config], None]) -> None:
    _known_revision(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    step(config)


def _known_revision(connection: sa.Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    must_be_known(revision)
    return revision


def must_be_known(revision: str | None) -> None:
    """Raises `DatabaseFromTheFuture` for a revision that this version does not know; None is an empty database's."""
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseFromTheFuture(revision=revision)


@asynccontextmanager
async def _migration(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction for changing tables, with nobody else changing them meanwhile."""
    with database.faults():
        async with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # before BEGIN, for within a transaction it is ignored. Making a table anew drops the old one, which would
                # take the rows that refer to it along
                await _pragma(connection, "foreign_keys=OFF")
            try:
                async with connection.begin():
                    await _alone(connection)
                    yield connection
                    await _check_references(connection)
            finally:
                if connection.dialect.name == "sqlite":
                    await _pragma(connection, "foreign_keys=ON")


async def _pragma(connection: AsyncConnection, pragma: str) -> None:
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    await raw.driver_connection.execute(f"PRAGMA {pragma}")


async def _alone(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":  # on SQLite the transaction itself keeps others out
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK, 0)))


async def _check_references(connection: AsyncConnection) -> None:
    if connection.dialect.name == "sqlite":
        broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration would leave {len(broken)} references without their rows")
