"""All rows of our tables, out of one database and into another: for backups, and for moving from SQLite to PostgreSQL.

The engine's own tables stay behind: at the next start every open job without a workflow is handed to the engine anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors_operator import BackupUnreadable, NotEmpty
from storage import migrate
from storage.database import Database
from storage.tables import metadata

BATCH: Final = 500
_BEGUN_WITH: Final = frozenset({"cursors"})
"""Tables in which migrations put rows: theirs give way to those that are brought in."""
_OLDEST_FIRST: Final = {"takes": "created_at"}
"""Tables whose rows refer to older ones of their own."""


@asynccontextmanager
async def reading(database: Database, folder: Path) -> AsyncIterator[AsyncConnection]:
    """A look at everything as it stands at one moment, that no writer waits for. `folder`: where a copy may lie meanwhile."""
    if database.engine.dialect.name == "sqlite":
        copy = folder / "copy.sqlite"
        _copy(Path(database.url.database or ""), copy)
        quiet = Database(f"sqlite:///{copy}")
        try:
            async with quiet.transaction() as connection:
                yield connection
        finally:
            await quiet.close()
        return
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        async with connection.begin():
            yield connection


def _copy(file: Path, into: Path) -> None:
    """In WAL mode a reader holds nobody up."""
    source = sqlite3.connect(file)
    try:
        source.execute("VACUUM INTO ?", (str(into),))
    finally:
        source.close()


async def rows(connection: AsyncConnection) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """Table by table, those first that others refer to; in batches."""
    for table in metadata.sorted_tables:
        order = [table.c[_OLDEST_FIRST[table.name]]] if table.name in _OLDEST_FIRST else []
        found = await connection.stream(sa.select(table).order_by(*order, *table.primary_key.columns))
        async for batch in found.partitions(BATCH):
            yield table.name, [dict(row._mapping) for row in batch]


async def must_be_empty(database: Database) -> None:
    """Raises `NotEmpty` where anything of ours is in it. Its tables have to be there."""
    async with database.transaction() as connection:
        for table in metadata.sorted_tables:
            if table.name not in _BEGUN_WITH and await connection.scalar(sa.select(sa.literal(1)).select_from(table)):
                raise NotEmpty(database=database.shown_url)


class Bringer:
    """Puts rows into the tables as they are in one database, of whatever revision, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: dict[str, sa.Table] = {}
        self.brought: dict[str, int] = {}

    async def bring(self, name: str, batch: Iterable[Mapping[str, Any]]) -> None:
        """Raises `BackupUnreadable` for a table, or a column, that is not there."""
        table = await self._table(name)
        many = list(batch)
        if unknown := {column for row in many for column in row} - set(table.c.keys()):
            raise BackupUnreadable(reason=f"{name}: {', '.join(sorted(unknown))}")
        if name in _BEGUN_WITH and name not in self.brought:
            await self._connection.execute(sa.delete(table))
        self.brought[name] = self.brought.get(name, 0) + len(many)
        if many:
            await self._connection.execute(sa.insert(table), [_plain(table, row) for row in many])

    async def _table(self, name: str) -> sa.Table:
        if name not in metadata.tables:
            raise BackupUnreadable(reason=f"{name[:40]}?")
        if name not in self._known:
            there = sa.MetaData()
            self._known[name] = await self._connection.run_sync(
                lambda sync: sa.Table(name, there, autoload_with=sync, resolve_fks=False)
            )
        return self._known[name]


def _plain(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A table that was read from a database does not know of every column that it holds JSON."""
    told = {"list": list, "dict": dict}
    return {
        name: json.dumps(value)
        if isinstance(value, tuple(told.values())) and not isinstance(table.c[name].type, sa.JSON)
        else value
        for name, value in row.items()
    }


async def move(source: Database, target: Database, folder: Path) -> dict[str, int]:
    """Every row of the one into the other, which has to be empty; rows by table.

    Raises `NotEmpty`, `DatabaseFromTheFuture` or `DatabaseUnreachable`, with nothing in the target.
    """
    await migrate.upgrade(target)
    await must_be_empty(target)
    async with reading(source, folder) as here, target.transaction() as there:
        bringer = Bringer(there)
        async for name, batch in rows(here):
            await bringer.bring(name, batch)
    return bringer.brought
