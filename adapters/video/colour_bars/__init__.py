"""The test signal: an embedded backend that needs no key and no GPU and says so in every frame.

A slate with SMPTE bars, tone, running timecode and the whole brief, rendered faster than it plays. It is honest about what
it is, so that everything around it can be tried and shown: orders, progress, cancelling, restarts, delivery.

`spool` keeps the orders on disk, `worker` is the process that draws them (`slate`, `panel`, `typesetting`, `fonts`, `bars`)
and encodes them (`render`). Here is only what the main process does; it never loads Pillow, numpy or av.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.video import BackendSettings
from adapters.video.colour_bars.spool import Spool
from adapters.workers.child import MIB, Limits
from adapters.workers.process import Workers
from bot.errors import BadOrder, DiskFull, MediaFault, NeverMade, ThroughlineError, TurnedDown, Unreachable
from bot.film import Shape
from bot.ports import Backend, Capabilities, Finding, Order, Phase, Report, Search

NAME = "colour_bars"
WORKER = ("-m", "adapters.video.colour_bars.worker")
LONGEST = 60
LIMITS = Limits(cpu=600, file=1024 * MIB)
RENDER_TIMEOUT = 300.0
EXAMINE_TIMEOUT = 30.0
CAPABILITIES = Capabilities(
    seconds=tuple(range(1, LONGEST + 1)),
    shapes=tuple(Shape),
    images=True,
    words_max=32_000,
    cancels=True,
    free=True,
    usual_seconds=2.0,
    embedded=True,
)


def configured(setting: BackendSettings) -> bool:
    """Always: it needs nothing."""
    return True


def build(setting: BackendSettings) -> Backend:
    """The backend, with its spool in the folder that it is given."""
    return ColourBars(setting.folder)


@dataclass
class Rendering:
    """One order that a worker has, or waits for."""

    task: asyncio.Task[None]
    progress: float | None = None
    """None while it waits for its turn."""


class ColourBars:
    """The test signal as a `bot.ports.Backend`. The backend's id of an order is our own job id."""

    name = NAME

    def __init__(self, folder: Path, at_once: int | None = None) -> None:
        self._spool = Spool(folder)
        self._workers = Workers(*WORKER, at_once=at_once or max(1, (os.cpu_count() or 1) // 2), limits=LIMITS)
        self._renderings: dict[str, Rendering] = {}
        self._swept = False

    async def capabilities(self) -> Capabilities:
        """Always the same."""
        return CAPABILITIES

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Write the order to the spool and begin; twice the same order is one render. Raises `BadOrder`, `NeverMade`."""
        if order.brief.seconds is not None and not 1 <= order.brief.seconds <= LONGEST:
            raise BadOrder(f"it films 1 to {LONGEST} seconds")
        await self._sweep_once()
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
        await self._sweep_once()
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
        """Whether clips can be encoded, and which scripts no font here can draw."""
        try:
            told = await self._workers.run("examine", {}, timeout=EXAMINE_TIMEOUT)
        except ThroughlineError as fault:
            return [
                Finding(self.name, "error", f"The worker process does not run: {fault.params.get('reason', fault)}")
            ]
        return [_encoding(told["encodes"]), _writing(told["missing"], told["fonts"])]

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
        def note(progress: float) -> None:
            self._renderings[job].progress = progress

        try:
            request = await asyncio.to_thread(self._spool.request, job)
            await self._workers.run("render", request, timeout=RENDER_TIMEOUT, on_progress=note)
        except DiskFull:
            await asyncio.to_thread(self._fail, job, "there is no space left on the disk", True)
        except MediaFault as fault:
            await asyncio.to_thread(self._fail, job, fault.reason, True)
        except (OSError, ValueError) as fault:
            await asyncio.to_thread(self._fail, job, f"the order cannot be read: {type(fault).__name__}", False)
        finally:
            self._renderings.pop(job, None)

    def _fail(self, job: str, reason: str, retryable: bool) -> None:
        with suppress(OSError):  # not even this can be written: then the next report begins anew
            self._spool.fail(job, reason, retryable=retryable)

    async def _stop(self, job: str) -> None:
        rendering = self._renderings.get(job)
        if rendering is not None:
            rendering.task.cancel()
            await asyncio.wait([rendering.task])
            self._renderings.pop(job, None)  # a task that had not begun yet could not do it itself

    async def _sweep_once(self) -> None:
        if not self._swept:
            self._swept = True
            with suppress(OSError):
                await asyncio.to_thread(self._spool.sweep)


def _encoding(encodes: bool) -> Finding:
    if encodes:
        return Finding(NAME, "ok", "PyAV encodes H.264 and AAC.")
    return Finding(NAME, "error", "This build of PyAV has no H.264 or AAC encoder: install the av wheel.")


def _writing(missing: Sequence[str], fonts: int) -> Finding:
    if not missing:
        return Finding(NAME, "ok", f"Words in every script can be drawn ({fonts} system fonts).")
    lacking = ", ".join(missing)
    return Finding(
        NAME,
        "warning",
        f"No font draws {lacking}: such words appear as code points. Debian: apt install fonts-noto-cjk.",
    )
