"""Keeps the engine's threads apart from ours: calls in threads of their own, and one loop waiting for another.

DBOS replaces the default thread pool of the loop it runs on and makes its database calls there. With the database
down those threads wait, and with them every name lookup of that loop. So DBOS lives on its own loop and its own
threads, and only `drive` runs on ours; nothing here ever touches our loop's default executor.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

QUIET = 10.0  # seconds; a database that is away would fill the log with many lines a second
KIND = 40  # characters by which two lines are of a kind

Job = Callable[[], Coroutine[Any, Any, bool]]
"""A job to run: True when it has ended, False when it is left for the next start. Keeps a reference to its own task."""


async def in_own_thread(call: Callable[[], T]) -> T:
    """Runs a blocking call in a daemon thread of its own; raises what it raises.

    A daemon, because a call that hangs on a dead database must not keep the process from exiting.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_call, args=(call, loop, done), name="engine", daemon=True).start()
    return await done


def _call(call: Callable[[], T], loop: asyncio.AbstractEventLoop, done: asyncio.Future[T]) -> None:
    try:
        report: Callable[[], None] = partial(_resolve, done, call())
    except BaseException as error:  # noqa: BLE001 — whatever it is, it belongs to the caller
        report = partial(_fail, done, error)
    with suppress(RuntimeError):  # the loop has closed, nobody waits
        loop.call_soon_threadsafe(report)


def _resolve(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[T], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)


async def run_on(home: asyncio.AbstractEventLoop, job: Job) -> None:
    """Waits here while `job` runs on the loop `home`; cancelled if it was left unfinished or `home` has closed."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    try:
        # An empty context: the engine's own context variables must not travel into the job.
        home.call_soon_threadsafe(_begin, job, done, context=Context())
    except RuntimeError as closed:
        raise asyncio.CancelledError from closed
    await done


def _begin(job: Job, done: asyncio.Future[None]) -> None:
    # `job` itself keeps the task alive: loops hold their tasks weakly.
    asyncio.get_running_loop().create_task(job()).add_done_callback(partial(_report, done))


def _report(done: asyncio.Future[None], task: asyncio.Task[bool]) -> None:
    ended = not task.cancelled() and task.exception() is None and task.result()
    with suppress(RuntimeError):  # the engine's loop has closed, its row stays for the next start
        done.get_loop().call_soon_threadsafe(_settle, done, ended)


def _settle(done: asyncio.Future[None], ended: bool) -> None:
    if done.done():
        return
    if ended:
        done.set_result(None)
    else:
        done.cancel()


class Hush(logging.Filter):
    """Keeps DBOS's log short: a line of a kind every `QUIET` seconds, no traceback, none while `stopping`."""

    stopping = False

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to keep the record; shortens it to one line."""
        line = record.getMessage().partition("\n")[0]
        if self.stopping or line.startswith("Asyncio task cancelled"):  # one for every job that a stop cuts off
            return False
        if record.exc_info and record.exc_info[0]:
            line = f"{line} {record.exc_info[0].__name__}"
        record.msg, record.args, record.exc_info = line, (), None
        now, last = time.monotonic(), self._said.get(line[:KIND])
        if last is not None and now - last < QUIET:
            return False
        self._said[line[:KIND]] = now
        return True


def quieten() -> Hush:
    """Sends DBOS's log through ours, from WARNING up; returns the filter that is in force."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:  # else DBOS adds a console handler of its own
        logger.addHandler(logging.NullHandler())
    logger.propagate = True
    hush = next((known for known in logger.filters if isinstance(known, Hush)), None) or Hush()
    logger.addFilter(hush)
    hush.stopping = False
    return hush
