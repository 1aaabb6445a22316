"""Our side of a worker process: start it, listen to it, end it when it takes too long or nobody waits any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from adapters.workers.child import Limits
from adapters.workers.lines import FORKS, Worker, nursery, start
from bot import errors

STDERR_KEPT = 4096
FAULTS = {
    fault.__name__: fault
    for fault in (errors.NotAnImage, errors.PictureMoves, errors.ImageTooLarge, errors.MediaFault, errors.DiskFull)
}


class Workers:
    """Runs operations of one worker program, each in a process of its own, `at_once` of them at the same time.

    `program` is what Python is told to run, ``-m adapters.media.worker`` or a file. `prepared`: modules that most of its
    operations import; where the system allows it they are imported once, see `nursery`.
    """

    def __init__(
        self, *program: str, at_once: int = 2, limits: Limits | None = None, prepared: tuple[str, ...] = ()
    ) -> None:
        self._program, self._prepared = program, prepared
        self._seats = asyncio.Semaphore(at_once)
        self._limits = limits or Limits()

    async def run(
        self,
        op: str,
        request: dict[str, Any],
        *,
        timeout: float,
        on_progress: Callable[[float], None] | None = None,
        limits: Limits | None = None,
    ) -> dict[str, Any]:
        """Run one operation; `timeout` in seconds, counted from its start (not while it waits for its turn).

        Raises `NotAnImage`, `ImageTooLarge`, `DiskFull` or `MediaFault` as the operation does, and `MediaFault` when
        the worker crashed, was killed or took too long. Cancelling this call kills the worker.
        """
        ask = {"op": op, "request": request, "limits": (limits or self._limits).to_dict()}
        async with self._seats:
            try:
                async with asyncio.timeout(timeout):
                    return await self._converse(json.dumps(ask).encode() + b"\n", on_progress or (lambda _: None))
            except TimeoutError:
                raise errors.MediaFault(f"{op} took longer than {timeout:g} s") from None

    async def _converse(self, ask: bytes, on_progress: Callable[[float], None]) -> dict[str, Any]:
        worker = await self._started()
        last_words = asyncio.create_task(_last_words(worker))
        try:
            answer = await _exchange(worker, ask, on_progress)
            if answer is not None:
                return _result(answer)
            status = await worker.ended()
            raise errors.MediaFault(f"the worker ended early (status {status}): {await last_words}".rstrip(": "))
        finally:
            await worker.end()
            await asyncio.wait([last_words])
            worker.close()

    async def _started(self) -> Worker:
        if not (FORKS and self._prepared):
            return await start(self._program)
        try:
            return await nursery(self._program, self._prepared).worker()
        except OSError:  # a system that forbids what a nursery needs
            return await start(self._program)


async def _exchange(worker: Worker, ask: bytes, on_progress: Callable[[float], None]) -> dict[str, Any] | None:
    """The final answer; None if the worker ended without one."""
    with suppress(ConnectionError):
        worker.speech.write(ask)
        await worker.speech.drain()
    with suppress(ValueError, ConnectionError):  # not JSON, or a line without end: as good as no answer
        async for line in worker.answers:
            answer: dict[str, Any] = json.loads(line)
            if "progress" not in answer:
                return answer
            on_progress(float(answer["progress"]))
    return None


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if "result" in answer:
        result: dict[str, Any] = answer["result"]
        return result
    raise FAULTS.get(answer["fault"], errors.MediaFault)(**answer["params"])


async def _last_words(worker: Worker) -> str:
    """The end of what the worker wrote to stderr."""
    kept = b""
    with suppress(ConnectionError):
        while more := await worker.last_words.read(STDERR_KEPT):
            kept = (kept + more)[-STDERR_KEPT:]
    return " ".join(kept.decode(errors="replace").split())
