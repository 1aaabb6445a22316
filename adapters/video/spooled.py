"""What the embedded backends have in common: orders on disk, drawn by worker processes, taken up again after a crash.

The backend's id of an order is our own job id. A subclass says what the worker is told (`request`), what becomes of a
finished clip (`rendered`) and what the doctor should know (`findings`); everything else is here.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from adapters.video.spool import Spool
from adapters.workers.child import MIB, Limits
from adapters.workers.process import Workers
from bot.errors import BadOrder, DiskFull, MediaFault, NeverMade, ThroughlineError, TurnedDown, Unreachable
from bot.paperwork import Capabilities, Finding, Order, Phase, Report, Search

LIMITS = Limits(cpu=600, file=1024 * MIB)
RENDER_TIMEOUT = 300.0
EXAMINE_TIMEOUT = 30.0
SWEEP_EVERY = 3600.0
log = structlog.get_logger()


@dataclass
class Rendering:
    """One order that a worker has, or waits for."""

    task: asyncio.Task[None]
    progress: float | None = None
    """None while it waits for its turn."""


class Spooled:
    """A `bot.ports.Backend` that is `Examinable`. `offers.seconds` are whole and without gaps.

    `worker` is a program for `Workers` with the operations ``render`` (writes the clip to ``into``, whole or not at
    all) and ``examine``; `at_once` of them run at the same time, by default one per two cores.
    """

    def __init__(
        self, name: str, offers: Capabilities, folder: Path, worker: Sequence[str], at_once: int | None = None
    ) -> None:
        self.name = name
        self._offers = offers
        self._spool = Spool(folder)
        self._workers = Workers(*worker, at_once=at_once or max(1, (os.cpu_count() or 1) // 2), limits=LIMITS)
        self._renderings: dict[str, Rendering] = {}
        self._swept: float | None = None

    def request(self, job: str) -> dict[str, Any] | None:
        """What the worker has to be told; None where the clip is in the spool by now. Blocks; run in a thread.

        Raises `OSError`, `ValueError`, `KeyError` or `TypeError` where the order cannot be read.
        """
        return self._spool.request(job)

    def rendered(self, job: str, request: Mapping[str, Any]) -> None:
        """Called when the worker has made the clip. Blocks; run in a thread. May raise `OSError`."""

    def findings(self, told: Mapping[str, Any]) -> Sequence[Finding]:
        """The doctor's lines, from what the worker's ``examine`` told."""
        return ()

    async def capabilities(self) -> Capabilities:
        """Always the same."""
        return self._offers

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Write the order to the spool and begin; twice the same order is one render. Raises `BadOrder`, `NeverMade`."""
        offered = self._offers.seconds
        if order.brief.seconds is not None and offered and order.brief.seconds not in offered:
            raise BadOrder(f"it films {offered[0]} to {offered[-1]} seconds")
        await self._sweep_now_and_then()
        try:
            await asyncio.to_thread(self._spool.add, order, reference)
        except ValueError as fault:
            raise BadOrder(str(fault)) from fault
        except OSError as fault:
            raise NeverMade(f"the order could not be stored: {fault.strerror}") from fault
        await self.report(order.job)
        return order.job

    async def search(self, order: Order, since: float) -> Search:
        """The spool is on this machine's disk: what is not in it was never made."""
        found = await self._known(order.job)
        return Search((order.job,) if found else (), complete=True)

    async def report(self, remote_id: str) -> Report:
        """How it goes. An order that nobody is working on, after a crash for instance, is taken up again."""
        await self._sweep_now_and_then()
        if remote_id not in self._renderings:
            if not await self._known(remote_id):
                return Report(Phase.LOST)
            ending = await asyncio.to_thread(self._spool.ending, remote_id)
            if ending is not None:
                return await self._ended(remote_id, ending)
        rendering = self._renderings.get(remote_id) or self._begin(remote_id)
        if rendering.progress is None:
            return Report(Phase.QUEUED)
        return Report(Phase.ROLLING, rendering.progress)

    async def fetch(self, remote_id: str, into: Path) -> None:
        """Copy the clip. Raises `TurnedDown` where there is none, `DiskFull`, `Unreachable`."""
        try:
            await asyncio.to_thread(shutil.copyfile, self._spool.clip(remote_id), into)
        except (FileNotFoundError, ValueError) as fault:
            raise TurnedDown("there is no such clip") from fault
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(path=str(into)) from fault
            raise Unreachable(f"the clip could not be copied: {fault.strerror}") from fault

    async def cancel(self, remote_id: str) -> bool:
        """Kill the worker at once. False where there is nothing left to stop."""
        if not await self._known(remote_id):
            return False
        if await asyncio.to_thread(self._spool.ending, remote_id) is not None:
            return False
        await asyncio.to_thread(self._spool.cancel, remote_id)
        await self._stop(remote_id)
        return await asyncio.to_thread(self._spool.ending, remote_id) == "cancelled"

    async def close(self) -> None:
        """Kill the workers; their orders stay in the spool and are taken up at the next start."""
        await asyncio.gather(*(self._stop(job) for job in tuple(self._renderings)))

    async def examine(self) -> Sequence[Finding]:
        """Whether the worker runs, and what it says of itself."""
        try:
            told = await self._workers.run("examine", {}, timeout=EXAMINE_TIMEOUT)
        except ThroughlineError as fault:
            reason = fault.params.get("reason", fault)
            return [Finding(self.name, "error", f"The worker process does not run: {reason}")]
        return self.findings(told)

    async def _known(self, job: str) -> bool:
        try:
            return await asyncio.to_thread(self._spool.knows, job)
        except ValueError:
            return False

    async def _ended(self, job: str, ending: str) -> Report:
        if ending == "clip.mp4":
            return Report(Phase.FINISHED, 1.0)
        if ending == "cancelled":
            return Report(Phase.CANCELLED)
        told = await asyncio.to_thread(self._spool.failure, job)
        return Report(Phase.FAILED, reason=told["reason"], retryable=told["retryable"])

    def _begin(self, job: str) -> Rendering:
        rendering = Rendering(asyncio.create_task(self._render(job), name=f"{self.name} {job}"))
        self._renderings[job] = rendering
        return rendering

    async def _render(self, job: str) -> None:
        try:
            await self._film(job)
        except DiskFull:
            await asyncio.to_thread(self._fail, job, "there is no space left on the disk", True)
        except MediaFault as fault:
            await asyncio.to_thread(self._fail, job, fault.reason, True)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            log.exception("an order cannot be read", backend=self.name, job=job)
            await asyncio.to_thread(self._fail, job, f"the order cannot be read: {type(fault).__name__}", False)
        finally:
            self._renderings.pop(job, None)

    async def _film(self, job: str) -> None:
        def note(progress: float) -> None:
            self._renderings[job].progress = progress

        request = await asyncio.to_thread(self.request, job)
        if request is None:
            return
        await self._workers.run("render", request, timeout=RENDER_TIMEOUT, on_progress=note)
        with suppress(OSError):  # the clip is there; whatever else was to be done with it can wait
            await asyncio.to_thread(self.rendered, job, request)

    def _fail(self, job: str, reason: str, retryable: bool) -> None:
        with suppress(OSError):  # not even this can be written: then the next report begins anew
            self._spool.fail(job, reason, retryable=retryable)

    async def _stop(self, job: str) -> None:
        rendering = self._renderings.get(job)
        if rendering is not None:
            rendering.task.cancel()
            await asyncio.wait([rendering.task])
            self._renderings.pop(job, None)  # a task that had not begun yet could not do it itself

    async def _sweep_now_and_then(self) -> None:
        now = time.monotonic()
        if self._swept is None or now - self._swept > SWEEP_EVERY:
            self._swept = now
            with suppress(OSError):
                await asyncio.to_thread(self._spool.sweep)


def encoding(name: str, encodes: bool) -> Finding:
    """The doctor's line on whether PyAV can encode here."""
    if encodes:
        return Finding(name, "ok", "PyAV encodes H.264 and AAC.")
    return Finding(name, "error", "This build of PyAV has no H.264 or AAC encoder: install the av wheel.")
