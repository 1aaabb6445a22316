"""The `Engine` port on DBOS: one workflow without durable steps whose only argument is the job's id.

A workflow is enqueued under `<job>.<run>` in our own transaction, claimed by one worker, and simply run again when that
worker died. Which worker is dead we find out ourselves (`rows`). Two queues: `film` has a partition for every member,
which keeps the per-member cap; `follow` has no limits at all. What a dead worker ran goes back into the queue it came
from, where the oldest are claimed first, so that the caps hold across a crash too.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.engine import rows
from adapters.engine.threads import Hush, in_own_thread, quieten, run_on
from adapters.engine.upkeep import Upkeep
from bot.paperwork import Ticket
from bot.ports import Drive

if TYPE_CHECKING:
    import sqlalchemy as sa
    from dbos import DBOSConfig, EnqueueOptions

APPLICATION = "throughline"
VERSION = "1"  # pinned: by default it is a hash of the source, and old jobs would wait for ever after an upgrade
WORKFLOW = "drive"  # pinned: stored with every job
FILM, FOLLOW = "film", "follow"
THREADS = 16
"""For DBOS's database calls. All may wait for a dead database: our loop never uses them (see `threads`)."""

log = structlog.get_logger()
_only_one = threading.Lock()  # DBOS exists once in a process


async def prepare(url: str) -> None:
    """Creates or migrates the engine's tables; for `migrate`, and for processes that enqueue but never start."""
    quieten()
    await in_own_thread(partial(rows.create_tables, url))


class DbosEngine:
    """Runs jobs from our own database: a SQLite file (one process) or PostgreSQL (any number of workers).

    `url` is the async URL of our tables. At most `rolling_per_member` jobs of one member run at once, and
    `rolling_total` of all (None: no limit), those that follow not counted. A new job waits up to `poll` seconds, one
    that follows twice that. On PostgreSQL a worker silent for `dead_after` seconds, or for `gone_after` seconds and
    without a connection left, is dead; `on_lost` is called when that happens to this one, after it has stopped. Ended
    workflows are forgotten after `keep_finished` seconds; until then their ids cannot run again.
    """

    def __init__(
        self,
        url: str,
        *,
        rolling_per_member: int = 3,
        rolling_total: int | None = None,
        poll: float = 0.3,
        gone_after: float = 1.5,
        dead_after: float = 30.0,
        keep_finished: float = 3600.0,
        on_lost: Callable[[], object] = lambda: None,
    ) -> None:
        rows.sync_url(url)  # an impossible URL is refused here, not in the middle of the first order
        self._url = url
        each = rolling_per_member if rolling_total is None else min(rolling_per_member, rolling_total)
        self._caps = {"partition_concurrency": each, "global_concurrency": rolling_total}
        self._poll = poll
        self._gone_after, self._dead_after = gone_after, dead_after
        self._keep_finished = keep_finished
        self._on_lost = on_lost
        self._me = APPLICATION
        self._drive: Drive | None = None
        self._upkeep: Upkeep | None = None
        self._opening = threading.Lock()
        self._hush: Hush | None = None
        self._rolling: set[asyncio.Task[Any]] = set()
        self._in_flight: set[str] = set()
        self._stopping = False
        self._beats: asyncio.Task[None] | None = None
        self._farewell: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------- start and stop

    async def start(self, drive: Drive) -> None:
        """Begins to run what is enqueued, and what dead workers left, on the running loop.

        Creates or migrates the engine's tables. Raises RuntimeError if an engine is running in this process, and
        SQLAlchemy's errors if the database does not answer.
        """
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("a job engine is already running in this process")
        self._drive, self._stopping = drive, False
        self._me = f"{APPLICATION}-{uuid.uuid4().hex}"
        try:
            await in_own_thread(partial(self._launch, asyncio.get_running_loop()))
            await self.adopt_dead()
        except BaseException:
            await self.stop()
            raise
        self._beats = asyncio.create_task(self._keep_beating())

    async def stop(self, grace: float = 4.0) -> None:
        """Claims nothing more, cancels what runs and returns within `grace` seconds.

        What was cut off stays in the queue: the next start, or another worker, takes it up.
        """
        if self._drive is None:
            return
        self._drive, self._stopping = None, True
        if self._beats is not None:
            self._beats.cancel()
        for task in self._rolling:
            task.cancel()
        ending = asyncio.ensure_future(in_own_thread(self._shut_down))
        _, slow = await asyncio.wait({ending, *self._rolling}, timeout=grace)
        if slow:
            log.warning("engine.stopped_without_waiting", unfinished=len(slow))

    def _launch(self, home: asyncio.AbstractEventLoop) -> None:
        self._hush = quieten()
        rows.create_tables(self._url)
        self._close()  # connections made before carry no worker's name
        own = self._open()
        own.client.register_queue(FILM, polling_interval_sec=self._poll, **self._caps)  # type: ignore[arg-type]
        own.client.register_queue(FOLLOW, polling_interval_sec=2 * self._poll)
        rows.enrol(own.pool, self._me)
        from dbos import DBOS, WorkflowSerializationFormat

        DBOS(config=self._config(own.pool))

        @DBOS.workflow(
            name=WORKFLOW, max_recovery_attempts=None, serialization_type=WorkflowSerializationFormat.PORTABLE
        )
        async def workflow(job: str) -> None:
            workflow_id = str(DBOS.workflow_id)
            self._in_flight.add(workflow_id)
            try:
                await run_on(home, partial(self._run, job))
            finally:
                self._in_flight.discard(workflow_id)

        DBOS.launch()  # in a thread without a loop, so that DBOS keeps to a loop of its own

    def _shut_down(self) -> None:
        from dbos import DBOS

        if self._hush is not None:
            self._hush.stopping = True
        try:
            DBOS.destroy(destroy_registry=True)
            rows.leave(self._open().pool, self._me)
        except Exception as error:  # noqa: BLE001 — the database may be gone; the others find out by themselves
            log.warning("engine.left_without_notice", error=type(error).__name__)
        finally:
            self._close()
            _only_one.release()

    def _open(self) -> Upkeep:
        """The engine's own connections and the client on top of them; made once for every start."""
        from dbos import DBOSClient, DBOSPortableJSONSerializer

        with self._opening:
            if self._upkeep is None:
                pool = rows.connect(self._url, self._me)
                json = DBOSPortableJSONSerializer()
                client = DBOSClient(
                    system_database_engine=pool, serializer=json, application_name=APPLICATION, lazy=True
                )
                times = (self._gone_after, self._dead_after, self._keep_finished)
                self._upkeep = Upkeep(pool, client, self._me, *times)
            return self._upkeep

    def _close(self) -> None:
        with self._opening:
            if self._upkeep is not None:
                self._upkeep.pool.dispose()
            self._upkeep = None

    def _config(self, pool: sa.Engine) -> DBOSConfig:
        from dbos import DBOSPortableJSONSerializer

        return {
            "name": APPLICATION,
            "system_database_engine": pool,
            "application_version": VERSION,
            "executor_id": self._me,  # new at every start, so that DBOS's own one-by-one recovery finds nothing
            "serializer": DBOSPortableJSONSerializer(),
            "run_migrations": False,  # done before
            "max_executor_threads": THREADS,
            "log_level": "WARNING",
            "enable_otlp": False,
            # Nothing is sent or listened for between workflows: these threads should sleep.
            "notification_listener_polling_interval_sec": 0.5,
            "notification_coalesce_sec": 0.5,
            "scheduler_polling_interval_sec": 3600.0,
        }

    # ---------------------------------------------------------------- running

    async def _run(self, job: str) -> bool:
        """One run on our loop; False when it was cut off and should be taken up again."""
        if self._drive is None:
            return False
        task = asyncio.current_task()
        assert task is not None
        self._rolling.add(task)
        try:
            await self._drive(job)
        except asyncio.CancelledError:
            if not self._stopping:
                log.error("engine.drive_cancelled", job=job)
        except Exception:
            log.exception("engine.drive_failed", job=job)
        else:
            return True
        finally:
            self._rolling.discard(task)
        return not self._stopping

    async def enqueue(self, connection: object, ticket: Ticket) -> None:
        """Enqueues inside the caller's transaction, an SQLAlchemy `AsyncConnection` on our database.

        An id that was used before is left as it is. The engine's tables must be there (`start`, `prepare`).
        """
        if not isinstance(connection, AsyncConnection):
            raise TypeError("enqueue needs the AsyncConnection of the transaction")
        own = self._upkeep
        if own is None:
            own = await in_own_thread(self._open)
        client, order = own.client, _order(ticket)
        await connection.run_sync(lambda sync: client.enqueue_in_transaction(sync, order, ticket.job))

    async def live(self) -> frozenset[str]:
        """Ids `<job>.<run>` that are enqueued or running; a dead worker's count, as they are handed over."""
        return await in_own_thread(lambda: rows.live(self._open().pool))

    # ---------------------------------------------------------------- the dead, and the long finished

    async def adopt_dead(self) -> int:
        """Puts the workflows of dead workers back into their queues, oldest first; their number.

        Happens by itself at the start and, on PostgreSQL, with every heartbeat.
        """
        return await in_own_thread(lambda: self._open().adopt())

    async def _keep_beating(self) -> None:
        alone = rows.sync_url(self._url).drivername == "sqlite"
        while True:
            await asyncio.sleep(self._dead_after / 3 if alone else self._gone_after / 2)
            try:
                known = await in_own_thread(lambda: self._open().beat(self._in_flight))
            except Exception as error:  # noqa: BLE001 — a database that is away for a while comes back
                log.warning("engine.no_heartbeat", error=type(error).__name__)
                continue
            if not known:
                log.critical("engine.declared_dead", worker=self._me)
                self._farewell = asyncio.create_task(self._give_up())
                return

    async def _give_up(self) -> None:
        await self.stop()
        self._on_lost()


def _order(ticket: Ticket) -> EnqueueOptions:
    from dbos import WorkflowSerializationFormat

    order: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": FOLLOW if ticket.follow else FILM,
        "workflow_id": ticket.workflow_id,
        "app_version": VERSION,
        "serialization_type": WorkflowSerializationFormat.PORTABLE,
    }
    if not ticket.follow:
        order["queue_partition_key"] = ticket.member
    return order
