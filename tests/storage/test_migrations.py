"""From an empty database to today's tables and back, whatever stands beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from bot.errors import DatabaseFromTheFuture
from storage.database import Database
from storage.migrate import current, differences, downgrade, newest, upgrade
from storage.tables import metadata

ENGINES = ("workflow_status", "operation_outputs", "dbos_migrations", "queues")


@pytest.fixture
async def shared(database: Database) -> AsyncIterator[Database]:
    """A database in which the engine has its tables already: beside ours on SQLite, in a schema on PostgreSQL, too."""
    async with database.transaction() as connection:
        for table in ENGINES:
            await connection.exec_driver_sql(f"CREATE TABLE {table} (workflow_uuid TEXT PRIMARY KEY, status TEXT)")
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql("CREATE SCHEMA dbos")
            await connection.exec_driver_sql("CREATE TABLE dbos.workflow_status (workflow_uuid TEXT PRIMARY KEY)")
        await connection.exec_driver_sql("INSERT INTO workflow_status VALUES ('job.0', 'PENDING')")
    yield database
    await tables_of(database)


async def tables_of(database: Database) -> set[str]:
    async with database.transaction() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def test_up_and_down_and_up_again(database: Database) -> None:
    assert await current(database) is None
    for _ in range(2):
        await upgrade(database)
        assert await current(database) == newest()
        assert await differences(database) == []
        assert await tables_of(database) == {*metadata.tables, "alembic_version"}
        await downgrade(database, "base")
        assert await current(database) is None
        assert await tables_of(database) == {"alembic_version"}


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await upgrade(database)
    await upgrade(database)
    assert await differences(database) == []


async def test_the_engines_tables_are_left_alone(shared: Database) -> None:
    await upgrade(shared)
    assert await differences(shared) == []
    await downgrade(shared, "base")
    assert await tables_of(shared) == {*ENGINES, "alembic_version"}
    async with shared.transaction() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM workflow_status")).all()
    assert [tuple(row) for row in rows] == [("job.0", "PENDING")]


async def test_a_difference_would_be_noticed(database: Database) -> None:
    await upgrade(database)
    async with database.transaction() as connection:
        await connection.exec_driver_sql("DROP INDEX ix_jobs_state_created_at")
        await connection.exec_driver_sql("ALTER TABLE jobs ADD COLUMN colour TEXT")
    assert {difference[0] for difference in await differences(database)} == {"add_index", "remove_column"}


async def test_names_of_constraints_are_the_same_on_every_database(database: Database) -> None:
    await upgrade(database)

    def names(connection: sa.Connection) -> set[str | None]:
        look = sa.inspect(connection)
        keys = [*look.get_unique_constraints("jobs"), *look.get_foreign_keys("jobs"), look.get_pk_constraint("jobs")]
        return {key["name"] for key in [*keys, *look.get_check_constraints("ledger")]}

    async with database.transaction() as connection:
        found = await connection.run_sync(names)
    assert found == {
        "pk_jobs",
        "fk_jobs_take_takes",
        "uq_jobs_take",
        "uq_jobs_backend_remote_id",
        "ck_ledger_kind",
        "ck_ledger_micros",
    }


async def test_a_database_from_the_future_is_refused_and_left_alone(database: Database) -> None:
    await upgrade(database)
    async with database.transaction() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '2099_holodeck'")
    for wish in (upgrade(database), downgrade(database, "base"), current(database)):
        with pytest.raises(DatabaseFromTheFuture) as told:
            await wish
        assert told.value.params == {"revision": "2099_holodeck"}
    assert await tables_of(database) == {*metadata.tables, "alembic_version"}


async def test_two_processes_may_start_at_once(database_url: str) -> None:
    processes = [Database(database_url) for _ in range(3)]
    await asyncio.gather(*map(upgrade, processes))
    assert await differences(processes[0]) == []
    for each in processes:
        await each.close()


async def test_references_are_kept_after_a_migration(database: Database) -> None:
    await upgrade(database)
    with pytest.raises(sa.exc.IntegrityError):
        async with database.transaction() as connection:
            await connection.exec_driver_sql("INSERT INTO sessions VALUES ('ada', 'here', 'no film', NULL)")
