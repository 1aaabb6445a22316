"""The job engine keeps what its port promises: stored and enqueued or neither, once, under the caps, past any crash."""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from adapters.engine.dbos_engine import DbosEngine, prepare
from bot.paperwork import Ticket
from tests.adapters.engine.stage import LOST, QUICK, Marks, enqueue, open_database, until

ROOT = Path(__file__).resolve().parents[3]


class Set:
    """What goes on: which jobs roll, in which order they began, and the word that ends one."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.rolling: set[str] = set()
        self._cut: dict[str, asyncio.Event] = {}

    async def drive(self, job: str) -> None:
        self.began.append(job)
        self.rolling.add(job)
        try:
            await self._cut.setdefault(job, asyncio.Event()).wait()
        finally:
            self.rolling.discard(job)

    def cut(self, *jobs: str) -> None:
        for job in jobs:
            self._cut.setdefault(job, asyncio.Event()).set()

    async def rolls(self, *jobs: str) -> None:
        await until(lambda: _so(self.rolling == set(jobs)), f"rolling {jobs}, not {self.rolling}")


async def _so(fact: bool) -> bool:
    return fact


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_database(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[DbosEngine]:
    made = DbosEngine(database_url, **QUICK)
    yield made
    await made.stop()


async def test_a_transaction_that_is_rolled_back_enqueues_nothing(engine: DbosEngine, database: AsyncEngine) -> None:
    scene = Set()
    await engine.start(scene.drive)
    async with database.connect() as connection, connection.begin() as transaction:
        await engine.enqueue(connection, Ticket("never", 1, "anna"))
        await transaction.rollback()
    await enqueue(engine, database, Ticket("after", 1, "anna"))
    await scene.rolls("after")
    assert scene.began == ["after"]
    assert await engine.live() == {"after.1"}


async def test_a_transaction_that_is_committed_runs_once_and_then_is_over(
    engine: DbosEngine, database: AsyncEngine
) -> None:
    scene = Set()
    await engine.start(scene.drive)
    await enqueue(engine, database, Ticket("a", 1, "anna"), Ticket("b", 1, "bo", follow=True))
    assert await engine.live() == {"a.1", "b.1"}
    await scene.rolls("a", "b")
    scene.cut("a", "b")
    await until(lambda: _is_live(engine), "all ended")
    assert sorted(scene.began) == ["a", "b"]


async def _is_live(engine: DbosEngine, *ids: str) -> bool:
    return await engine.live() == set(ids)


async def test_a_used_id_is_not_run_again_but_the_next_run_is(engine: DbosEngine, database: AsyncEngine) -> None:
    scene = Set()
    await engine.start(scene.drive)
    scene.cut("a")
    await enqueue(engine, database, Ticket("a", 1, "anna"))
    await until(lambda: _is_live(engine), "ended")
    await enqueue(engine, database, Ticket("a", 1, "anna"))
    assert await engine.live() == frozenset()
    await enqueue(engine, database, Ticket("a", 2, "anna"))
    await until(lambda: _so(scene.began == ["a", "a"]), "run a second time")


async def test_one_member_waits_at_the_cap_while_others_go_on_and_what_follows_never_waits(
    engine: DbosEngine, database: AsyncEngine
) -> None:
    scene = Set()
    await engine.start(scene.drive)
    await enqueue(engine, database, *(Ticket(f"a{n}", 1, "anna") for n in range(5)))
    await scene.rolls("a0", "a1", "a2")
    await enqueue(engine, database, Ticket("b", 1, "bo"), Ticket("f", 1, "anna", follow=True))
    await scene.rolls("a0", "a1", "a2", "b", "f")
    scene.cut("a1")
    await scene.rolls("a0", "a2", "a3", "b", "f")


async def test_all_members_together_wait_at_the_total(database_url: str, database: AsyncEngine) -> None:
    engine, scene = DbosEngine(database_url, rolling_total=2, **QUICK), Set()
    try:
        await engine.start(scene.drive)
        await enqueue(engine, database, *(Ticket(member, 1, member) for member in ("anna", "bo", "cy")))
        await until(lambda: _so(len(scene.rolling) == 2), "two rolling")
        await enqueue(engine, database, Ticket("f", 1, "dee", follow=True))
        await until(lambda: _so("f" in scene.rolling), "f rolling")
        assert len(scene.began) == 3
        scene.cut(*scene.began)
        await until(lambda: _so(len(scene.began) == 4), "the last one begun")
    finally:
        await engine.stop()


async def test_stop_leaves_what_runs_to_the_next_start_and_the_cap_still_holds(
    engine: DbosEngine, database: AsyncEngine
) -> None:
    before, after = Set(), Set()
    await engine.start(before.drive)
    await enqueue(engine, database, *(Ticket(f"a{n}", 1, "anna") for n in range(4)), Ticket("f", 1, "anna", True))
    await before.rolls("a0", "a1", "a2", "f")
    await engine.stop()
    assert not before.rolling
    await engine.start(after.drive)
    await after.rolls("a0", "a1", "a2", "f")
    after.cut("a0")
    await after.rolls("a1", "a2", "a3", "f")
    assert after.began.count("a3") == 1


async def test_stop_returns_within_its_grace_even_if_a_job_does_not_listen(
    engine: DbosEngine, database: AsyncEngine
) -> None:
    let_go = asyncio.Event()
    deaf = asyncio.Event()

    async def does_not_listen(job: str) -> None:
        deaf.set()
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    await engine.start(does_not_listen)
    await enqueue(engine, database, Ticket("a", 1, "anna"))
    await deaf.wait()
    began = time.monotonic()
    await engine.stop(grace=1.0)
    assert time.monotonic() - began < 1.5
    let_go.set()


async def test_a_job_that_fails_is_told_by_its_id_and_is_over(engine: DbosEngine, database: AsyncEngine) -> None:
    async def fails(job: str) -> None:
        if job == "bad":
            raise RuntimeError("the lamp burst")
        raise asyncio.CancelledError

    await engine.start(fails)
    with capture_logs() as lines:
        await enqueue(engine, database, Ticket("bad", 1, "anna"), Ticket("odd", 1, "anna"))
        await until(lambda: _is_live(engine), "both ended")
    told = {(line["event"], line["job"]) for line in lines if line["log_level"] == "error"}
    assert told == {("engine.drive_failed", "bad"), ("engine.drive_cancelled", "odd")}


async def test_jobs_run_on_our_loop_and_its_thread_pool_stays_ours(engine: DbosEngine, database: AsyncEngine) -> None:
    """DBOS would replace the pool; with the database down, all name lookups of the process would then wait for it."""
    where: list[tuple[asyncio.AbstractEventLoop, threading.Thread]] = []

    async def look(job: str) -> None:
        where.append((asyncio.get_running_loop(), threading.current_thread()))

    await engine.start(look)
    await enqueue(engine, database, Ticket("a", 1, "anna"))
    await until(lambda: _so(bool(where)), "run")
    assert where == [(asyncio.get_running_loop(), threading.current_thread())]
    assert (await asyncio.to_thread(threading.current_thread)).name.startswith("asyncio")


async def test_a_run_whose_end_could_not_be_written_is_run_again(engine: DbosEngine, database: AsyncEngine) -> None:
    """The library gives up when the database is away at that moment; nobody else would ever look at the row."""
    scene = Set()
    await engine.start(scene.drive)
    scene.cut("a")
    await enqueue(engine, database, Ticket("a", 1, "anna"), Ticket("b", 1, "anna"))
    await until(lambda: _is_live(engine, "b.1"), "a ended")
    table = "dbos.workflow_status" if database.dialect.name == "postgresql" else "workflow_status"
    async with database.begin() as connection:
        await connection.execute(text(f"UPDATE {table} SET status = 'PENDING' WHERE workflow_uuid = 'a.1'"))
    await until(lambda: _so(scene.began.count("a") == 2), "run again")
    await until(lambda: _is_live(engine, "b.1"), "a ended again")
    assert scene.began.count("b") == 1


async def test_ended_workflows_are_forgotten(database_url: str, database: AsyncEngine) -> None:
    engine, scene = DbosEngine(database_url, keep_finished=0.5, **QUICK), Set()
    try:
        await engine.start(scene.drive)
        scene.cut("a")
        await enqueue(engine, database, Ticket("a", 1, "anna"), Ticket("b", 1, "anna"))
        await until(lambda: _is_forgotten(database, "a"), "a forgotten")
        assert await engine.live() == {"b.1"}
    finally:
        await engine.stop()


async def _is_forgotten(database: AsyncEngine, job: str) -> bool:
    table = "dbos.workflow_status" if database.dialect.name == "postgresql" else "workflow_status"
    async with database.begin() as connection:
        found = await connection.execute(text(f"SELECT 1 FROM {table} WHERE workflow_uuid = '{job}.1'"))
    return found.first() is None


async def test_nothing_but_the_jobs_id_is_stored_and_no_pickle(engine: DbosEngine, database: AsyncEngine) -> None:
    scene = Set()
    await engine.start(scene.drive)
    await enqueue(engine, database, Ticket("a", 1, "anna"))
    table = "dbos.workflow_input" if database.dialect.name == "postgresql" else "workflow_input"
    async with database.begin() as connection:
        stored = await connection.scalar(text(f"SELECT inputs FROM {table}"))
    assert json.loads(stored) == {"positionalArgs": ["a"], "namedArgs": {}}


async def test_one_engine_in_a_process(engine: DbosEngine, database_url: str) -> None:
    scene = Set()
    await engine.start(scene.drive)
    with pytest.raises(RuntimeError, match="already running"):
        await DbosEngine(database_url).start(scene.drive)


def test_a_database_that_cannot_be_shared_is_refused() -> None:
    for url in ("sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "mysql+aiomysql://somewhere/film"):
        with pytest.raises(ValueError, match="SQLite file or PostgreSQL"):
            DbosEngine(url)


# ---------------------------------------------------------------- workers that die


@asynccontextmanager
async def another_worker(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.adapters.engine.stage", url, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield worker
    finally:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()


async def marked(database: AsyncEngine, worker: int, *jobs: str) -> None:
    async def so() -> bool:
        return await Marks(database).of(worker) == set(jobs)

    await until(so, f"{jobs} run by {worker}")


async def given_jobs(engine: DbosEngine, database: AsyncEngine, *jobs: str) -> None:
    """The engine's tables are there, and the jobs are enqueued, but nobody works."""
    await Marks(database).create()
    await prepare(database.url.render_as_string(hide_password=False))
    await enqueue(engine, database, *(Ticket(job, 1, job) for job in jobs))


async def test_jobs_of_a_killed_process_are_run_again_by_the_next(
    engine: DbosEngine, database: AsyncEngine, database_url: str
) -> None:
    await given_jobs(engine, database, "a", "b", "c")
    async with another_worker(database_url) as worker:
        await marked(database, worker.pid, "a", "b", "c")
        worker.kill()
        await worker.wait()
    scene = Set()
    await engine.start(scene.drive)
    await scene.rolls("a", "b", "c")
    scene.cut("a", "b", "c")
    await until(lambda: _is_live(engine), "all ended")
    assert sorted(scene.began) == ["a", "b", "c"]


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_a_living_worker_takes_over_from_a_killed_one(
    engine: DbosEngine, database: AsyncEngine, database_url: str
) -> None:
    await given_jobs(engine, database, "a", "b")
    scene = Set()
    async with another_worker(database_url) as worker:
        await marked(database, worker.pid, "a", "b")
        await engine.start(scene.drive)
        await enqueue(engine, database, *(Ticket(f"f{n}", 1, "anna", follow=True) for n in range(10)))
        assert await engine.adopt_dead() == 0
        worker.kill()
        await worker.wait()
        await scene.rolls("a", "b", *(f"f{n}" for n in range(10)))


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_a_frozen_worker_is_relieved_and_gives_up_when_it_thaws(
    engine: DbosEngine, database: AsyncEngine, database_url: str
) -> None:
    await given_jobs(engine, database, "a")
    scene = Set()
    async with another_worker(database_url) as worker:
        await marked(database, worker.pid, "a")
        await engine.start(scene.drive)
        os.kill(worker.pid, signal.SIGSTOP)
        frozen = time.monotonic()
        await scene.rolls("a")
        # It is still connected, so it gets the long time.
        assert time.monotonic() - frozen > QUICK["dead_after"] / 2
        os.kill(worker.pid, signal.SIGCONT)
        assert await asyncio.wait_for(worker.wait(), 20) == LOST
    assert scene.began == ["a"]
    assert scene.rolling == {"a"}
