"""Our side of a worker process: start it, listen to it, end it when it takes too long or nobody waits any more."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from adapters.workers.child import Limits
from bot import errors

LONGEST_LINE = 1024 * 1024
STDERR_KEPT = 4096
FAULTS = {
    fault.__name__: fault
    for fault in (errors.NotAnImage, errors.PictureMoves, errors.ImageTooLarge, errors.MediaFault, errors.DiskFull)
}
PASSED_ON = ("HOME", "LOCALAPPDATA", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "WINDIR")
FEW_THREADS = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Workers:
    """Runs operations of one worker program, each in a process of its own, `at_once` of them at the same time.

    `program` is what Python is told to run, ``-m adapters.media.worker`` or a file.
    """

    def __init__(self, *program: str, at_once: int = 2, limits: Limits | None = None) -> None:
        self._program = program
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
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-X", "utf8", *self._program,
            stdin=PIPE, stdout=PIPE, stderr=PIPE,
            env=_environment(), limit=LONGEST_LINE, start_new_session=True,
        )  # fmt: skip
        last_words = asyncio.create_task(_last_words(process))
        try:
            answer = await _exchange(process, ask, on_progress)
            if answer is not None:
                return _result(answer)
            status = await process.wait()
            raise errors.MediaFault(f"the worker ended early (status {status}): {await last_words}".rstrip(": "))
        finally:
            await _end(process, last_words)


def _environment() -> dict[str, str]:
    """No secret of ours reaches a process that reads strangers' files."""
    return FEW_THREADS | {name: os.environ[name] for name in PASSED_ON if name in os.environ}


async def _exchange(process: Process, ask: bytes, on_progress: Callable[[float], None]) -> dict[str, Any] | None:
    """The final answer; None if the worker ended without one."""
    assert process.stdin
    assert process.stdout
    with suppress(ConnectionError):
        process.stdin.write(ask)
        await process.stdin.drain()
    with suppress(ValueError, ConnectionError):  # not JSON, or a line without end: as good as no answer
        async for line in process.stdout:
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


async def _last_words(process: Process) -> str:
    """The end of what the worker wrote to stderr."""
    assert process.stderr
    kept = b""
    while more := await process.stderr.read(STDERR_KEPT):
        kept = (kept + more)[-STDERR_KEPT:]
    return " ".join(kept.decode(errors="replace").split())


async def _end(process: Process, last_words: asyncio.Task[str]) -> None:
    """Kill the worker with everything it started; returns when it is gone."""
    assert process.stdin
    process.stdin.close()
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    await asyncio.wait([last_words])
