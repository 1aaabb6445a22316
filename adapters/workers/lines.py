"""How a worker is started and spoken to: as a process from nothing, or, where that works, by a nursery of prepared ones."""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from adapters.workers.nursery import BORN

LONGEST_LINE: Final = 1024 * 1024
PASSED_ON: Final = ("HOME", "LOCALAPPDATA", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "WINDIR")
FEW_THREADS: Final = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
FORKS: Final = sys.platform == "linux"
"""Where forking a process that has imported much is safe, and files travel by socket."""
BIRTHS: Final = 3


class Worker(Protocol):
    """One that was just started."""

    speech: asyncio.StreamWriter
    """Its stdin."""
    answers: asyncio.StreamReader
    last_words: asyncio.StreamReader
    """What it writes to stderr."""

    async def ended(self) -> int:
        """Its exit status, once its answers have ended; negative: the signal."""

    async def end(self) -> None:
        """Kill it with everything it started; returns when it is gone."""

    def close(self) -> None:
        """Let go of what it said last."""


def environment() -> dict[str, str]:
    """No secret of ours reaches a process that reads strangers' files."""
    return FEW_THREADS | {name: os.environ[name] for name in PASSED_ON if name in os.environ}


# ---------------------------------------------------------------- from nothing


class _Started:
    def __init__(self, process: Process) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self._process = process
        self.speech, self.answers, self.last_words = process.stdin, process.stdout, process.stderr

    async def ended(self) -> int:
        return await self._process.wait()

    async def end(self) -> None:
        self.speech.close()
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def close(self) -> None:
        pass  # its pipes close with it


async def start(program: tuple[str, ...]) -> Worker:
    """A process from nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-X", "utf8", *program,
        stdin=PIPE, stdout=PIPE, stderr=PIPE,
        env=environment(), limit=LONGEST_LINE, start_new_session=True,
    )  # fmt: skip
    return _Started(process)


# ---------------------------------------------------------------- from a nursery


@dataclass
class _Forked:
    steering: socket.socket
    speech: asyncio.StreamWriter
    answers: asyncio.StreamReader
    last_words: asyncio.StreamReader
    _ears: asyncio.StreamWriter
    _status: int | None = None

    async def ended(self) -> int:
        await self.end()
        assert self._status is not None
        return self._status

    async def end(self) -> None:
        if self._status is not None:
            return
        self.speech.close()
        with suppress(OSError):
            self.steering.shutdown(socket.SHUT_WR)
        told = b""
        with suppress(OSError):
            told = await asyncio.get_running_loop().sock_recv(self.steering, 16)
        self._status = int(told or -signal.SIGKILL)  # the nursery is gone, and took it along
        self.steering.close()

    def close(self) -> None:
        self._ears.close()


class Nursery:
    """Our end of a nursery, which is opened at the first wish and again after it has ended."""

    def __init__(self, program: tuple[str, ...], modules: tuple[str, ...]) -> None:
        self._command = [sys.executable, "-I", "-X", "utf8", "-m", "adapters.workers.nursery", *program, "--", *modules]
        self._door: socket.socket | None = None
        self._process = 0

    async def worker(self) -> Worker:
        """A worker, forked. Raises OSError where there is none to be had."""
        for _ in range(BIRTHS):
            if worker := await self._born():
                return worker
            self._close()
        raise OSError("no worker could be started")

    async def _born(self) -> _Forked | None:
        """None where the nursery has ended meanwhile."""
        ours, theirs = zip(*(socket.socketpair() for _ in range(3)), strict=True)
        steering, speech, ears = ours
        for each in ours:
            each.setblocking(False)
        try:
            socket.send_fds(self._opened(), [BORN], [each.fileno() for each in theirs])
            for each in theirs:
                each.close()
            alive = await asyncio.get_running_loop().sock_recv(steering, len(BORN)) == BORN
        except BaseException as fault:
            for each in (*ours, *theirs):
                each.close()
            if isinstance(fault, OSError):
                return None
            raise
        if not alive:
            for each in ours:
                each.close()
            return None
        answers, writer = await asyncio.open_connection(sock=speech, limit=LONGEST_LINE)
        words, other = await asyncio.open_connection(sock=ears)
        return _Forked(steering, writer, answers, words, other)

    def _opened(self) -> socket.socket:
        if self._door is None:
            self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs, Path(os.devnull).open("r+b") as nothing:
                files = (theirs.fileno(), nothing.fileno(), nothing.fileno())
                actions = [(os.POSIX_SPAWN_DUP2, file, number) for number, file in enumerate(files)]
                self._process = os.posix_spawn(self._command[0], self._command, environment(), file_actions=actions)
            atexit.register(self._close)
        return self._door

    def _close(self) -> None:
        if self._door is None:
            return
        atexit.unregister(self._close)
        self._door.close()
        self._door = None
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


_NURSERIES: Final[dict[tuple[tuple[str, ...], tuple[str, ...]], Nursery]] = {}


def nursery(program: tuple[str, ...], modules: tuple[str, ...]) -> Nursery:
    """The one nursery of this process for that program, which has imported these modules."""
    return _NURSERIES.setdefault((program, modules), Nursery(program, modules))
