"""Backup, restore, and the move to another database: every row arrives, in an empty one only, and nothing is half done."""

from __future__ import annotations

import json
import stat
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cards import Card
from bot.cut import Cut
from bot.errors import DatabaseFromTheFuture
from bot.errors_operator import BackupUnreadable, NotEmpty
from bot.film import Film
from bot.paperwork import Wish
from bot.people import Member
from storage import migrate, transfer
from storage.backup import MANIFEST, backup, restore
from storage.database import Database
from storage.keys import secret
from storage.tables import metadata
from tests.postgres import new_database
from tests.storage.conftest import enqueue
from tests.storage.props import ADA, HERE, job, jobs

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@asynccontextmanager
async def opened(kind: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database without anything in it, not even tables."""
    folder.mkdir(exist_ok=True)
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder}/film.sqlite")
        yield database
        await database.close()
        return
    with new_database(request.getfixturevalue("postgres_url")) as url:
        database = Database(url)
        yield database
        await database.close()


def wish(words: str) -> Wish:
    command = {"name": "generate", "values": {"prompt": words}}
    return Wish(words, Member(ADA, "Ada"), HERE, command, 1.0)


async def lived_in(database: Database, home: Path) -> None:
    """Something of everything that is odd: Chinese words, a take made of another, money, a card, a secret, a clip."""
    await migrate.upgrade(database)
    work = database.work_factory(enqueue)
    await jobs(work, job("a"), job("b", price=40_000, seconds=4))
    async with work() as w:
        await w.ledger.reserve("b", ADA, 40_000, at=1.0, place="discord/1", seconds=4)
        await w.ledger.settle("b", 39_000, at=2.0)
        await w.wishes.add(wish("雪地里的狐狸"))
        await w.posts.put("web/1", "key", Card(title="1A-1", lines=("“…”", "\u2028")), at=3.0)
        await w.productions.arrange("film", ["shot"])
        await w.films.add(Film("cut", "film", ADA, "discord/1", Cut("雪", ()), 4.0))
        await w.measured.put("f" * 64, 1, {"exposure": -0.25, "palette": [0.1, 0.2]})
    await secret(database, "links")
    clip = home / "clips" / "ab" / f"ab{'0' * 62}.mp4"
    clip.parent.mkdir(parents=True)
    clip.write_bytes(b"a clip")


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows, in an order of their own."""
    found = {}
    async with database.transaction() as connection:
        for table in metadata.sorted_tables:
            rows = await connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            found[table.name] = [dict(row._mapping) for row in rows]
    return found


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("here", KINDS)
async def test_every_row_moves(here: str, there: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with opened(here, tmp_path / "a", request) as source, opened(there, tmp_path / "b", request) as target:
        await lived_in(source, tmp_path / "a")
        before = await everything(source)
        moved = await transfer.move(source, target, tmp_path)
        assert await everything(target) == before == await everything(source)
        assert moved["takes"] == 2
        with pytest.raises(NotEmpty):
            await transfer.move(source, target, tmp_path)
        assert await everything(target) == before


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("here", KINDS)
async def test_a_backup_is_restored(here: str, there: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "tonight.tar"
    async with opened(here, old, request) as source, opened(there, new, request) as target:
        await lived_in(source, old)
        (old / "throughline.toml").write_text("[caps]\nrolling = 2\n")
        wrote = await backup(source, old, file)
        brought = await restore(target, new, file)
        assert await everything(target) == await everything(source)
        assert wrote["clips"] == brought["clips"] == 1
        assert (new / "clips" / "ab" / f"ab{'0' * 62}.mp4").read_bytes() == b"a clip"
        assert (new / "throughline.toml").read_text() == "[caps]\nrolling = 2\n"
        assert await migrate.current(target) == migrate.newest()
        with pytest.raises(NotEmpty):
            await restore(target, new, file)


async def test_a_backup_is_its_owners_alone_and_nothing_else_is_left_behind(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    home, file = tmp_path / "home", tmp_path / "tonight.tar"
    async with opened("sqlite", home, request) as source:
        await lived_in(source, home)
        await backup(source, home, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "tonight.tar"]
    assert not list(home.glob("tmp*"))


async def test_while_a_transaction_is_open_a_backup_is_made_and_holds_what_was_committed(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    home, file = tmp_path / "home", tmp_path / "tonight.tar"
    async with opened("sqlite", home, request) as source, opened("sqlite", tmp_path / "new", request) as target:
        await lived_in(source, home)
        before = await everything(source)
        async with source.work_factory(enqueue)() as w:
            await w.wishes.add(wish("not yet"))
            other = Database(f"sqlite:///{home}/film.sqlite")
            await backup(other, home, file)
            await other.close()
        await restore(target, tmp_path / "new", file)
        assert await everything(target) == before


def tar_of(file: Path, **entries: str) -> Path:
    """A tar with these texts."""
    folder = file.with_suffix("")
    folder.mkdir()
    with tarfile.open(file, "w") as tar:
        for name, text in entries.items():
            (folder / "entry").write_text(text)
            tar.add(folder / "entry", name)
    return file


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {MANIFEST: "no JSON"},
        {MANIFEST: json.dumps({"edition": 99, "revision": "0008", "rows": {}})},
        {MANIFEST: json.dumps({"edition": 1, "revision": "0008", "rows": {"takes": 1}})},
        {
            MANIFEST: json.dumps({"edition": 1, "revision": "0008", "rows": {"sqlite_master": 1}}),
            "tables/sqlite_master.jsonl": "{}",
        },
        {
            MANIFEST: json.dumps({"edition": 1, "revision": "0008", "rows": {"keys": 1}}),
            "tables/keys.jsonl": '{"else": 1}',
        },
        {MANIFEST: json.dumps({"edition": 1, "revision": "0008", "rows": {"keys": 1}}), "tables/keys.jsonl": "{"},
    ],
)
async def test_what_is_no_backup_changes_nothing(
    entries: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened("sqlite", tmp_path / "home", request) as target:
        with pytest.raises(BackupUnreadable):
            await restore(target, tmp_path / "home", tar_of(tmp_path / "odd.tar", **entries))
        assert await migrate.current(target) is None


async def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    manifest = json.dumps({"edition": 1, "revision": "9999", "rows": {}})
    async with opened("sqlite", tmp_path / "home", request) as target:
        with pytest.raises(DatabaseFromTheFuture):
            await restore(target, tmp_path / "home", tar_of(tmp_path / "new.tar", **{MANIFEST: manifest}))


async def test_a_backup_of_an_older_version_is_brought_to_this_one(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Quotas came with revision 0008: before it the ledger knew no places."""
    entries = {
        MANIFEST: json.dumps({"edition": 1, "revision": "0007", "rows": {"productions": 1}}),
        "tables/productions.jsonl": json.dumps(
            {"id": "film", "member": ADA, "place": "p", "title": "雪", "opened_at": 1.0, "arranged": ["shot"]}
        ),
    }
    async with opened("sqlite", tmp_path / "home", request) as target:
        await restore(target, tmp_path / "home", tar_of(tmp_path / "old.tar", **entries))
        async with target.work_factory(enqueue)() as w:
            found = await w.productions.get("film")
        assert found is not None
        assert (found.title, found.arranged) == ("雪", ("shot",))


async def test_a_clip_that_names_a_place_elsewhere_stays_out(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    manifest = json.dumps({"edition": 1, "revision": "0008", "rows": {}})
    entries = {MANIFEST: manifest, "clips/../../stolen": "x", "clips/ab/../../../stolen": "x", "/stolen": "x"}
    async with opened("sqlite", tmp_path / "home", request) as target:
        await restore(target, tmp_path / "home", tar_of(tmp_path / "odd.tar", **entries))
    assert not list(tmp_path.rglob("stolen*"))
