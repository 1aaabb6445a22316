"""Opening a database, and what an operator is told when it does not work."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import BadSetting, DatabaseUnreachable, DiskFull
from storage.database import Database, normalised


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///film.sqlite", "sqlite+aiosqlite:///film.sqlite"),
        ("sqlite+aiosqlite:////films/film.sqlite", "sqlite+aiosqlite:////films/film.sqlite"),
        ("postgres://ada@db/film", "postgresql+psycopg://ada@db/film"),
        ("postgresql://ada@db:5433/film", "postgresql+psycopg://ada@db:5433/film"),
        ("postgresql+psycopg://db/film", "postgresql+psycopg://db/film"),
        ("postgresql+asyncpg://db/film", "postgresql+psycopg://db/film"),
    ],
)
def test_an_operator_writes_a_url_in_any_of_the_usual_ways(written: str, meant: str) -> None:
    assert normalised(written).render_as_string() == meant


@pytest.mark.parametrize("written", ["", "film.sqlite", "mysql://db/film", "sqlite://", "://", "sqlite:///:memory:"])
def test_what_cannot_hold_a_film_is_refused(written: str) -> None:
    with pytest.raises(BadSetting):
        normalised(written)


async def test_a_database_answers(database: Database) -> None:
    await database.ping()


async def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/film.sqlite")
    with pytest.raises(DatabaseUnreachable) as told:
        await database.ping()
    assert "nowhere" in str(told.value.params["url"])
    await database.close()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "film.sqlite").write_bytes(b"ftypisom" * 1000)
    database = Database(f"sqlite:///{tmp_path}/film.sqlite")
    with pytest.raises(DatabaseUnreachable):
        await database.ping()
    await database.close()


@pytest.mark.parametrize(
    "url", ["postgres://ada:s3cret@127.0.0.1:9/film", "postgres://127.0.0.1:9/film?password=s3cret"]
)
async def test_a_server_that_is_not_there_is_told_without_its_password(url: str) -> None:
    database = Database(url)
    with pytest.raises(DatabaseUnreachable) as told:
        await database.ping()
    assert "127.0.0.1:9/film" in str(told.value.params["url"])
    assert told.value.params["reason"]
    assert "s3cret" not in str(told.value)
    await database.close()


@pytest.mark.postgres
async def test_a_database_that_does_not_exist_is_told(fresh_postgres: str) -> None:
    database = Database(fresh_postgres.replace("/film_", "/no_film_"))
    with pytest.raises(DatabaseUnreachable):
        await database.ping()
    await database.close()


@pytest.mark.postgres
async def test_a_connection_lost_in_the_middle_is_told_and_the_next_one_works(fresh_postgres: str) -> None:
    database = Database(fresh_postgres)
    with pytest.raises(DatabaseUnreachable):
        async with database.transaction() as connection:
            await connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await database.ping()
    await database.close()


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/film.sqlite")

    async def fill() -> None:
        async with database.transaction() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 20")
            await connection.exec_driver_sql("CREATE TABLE films (reel BLOB)")
            await connection.exec_driver_sql("INSERT INTO films VALUES (zeroblob(1000000))")

    with pytest.raises(DiskFull) as told:
        await fill()
    assert told.value.params["path"] == f"{tmp_path}/film.sqlite"
    await database.ping()
    await database.close()


async def test_sqlite_keeps_what_it_has_promised(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/film.sqlite")
    async with database.transaction() as connection:
        told = {
            name: await connection.scalar(sa.text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await database.close()


async def test_another_connections_transaction_on_the_same_file_is_waited_for(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/film.sqlite")
    await database.ping()
    engine = sqlite3.connect(tmp_path / "film.sqlite", isolation_level=None)
    engine.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.ping())
    done, _ = await asyncio.wait([waiting], timeout=0.2)
    assert not done
    engine.execute("COMMIT")
    await asyncio.wait_for(waiting, 10)
    engine.close()
    await database.close()
