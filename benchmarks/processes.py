"""Real processes to measure: Throughline on a home of its own, the dialect server, PostgreSQL.

Every process is started with Python's own interpreter from the repository's folder, and gone when its context ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.postgres import find_postgres, new_database, running_postgres

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 60.0
OURS = ("THROUGHLINE_", "OPENAI_", "DATABASE_URL", "DISCORD_", "TELEGRAM_")


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty data folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        yield Path(folder)


@contextmanager
def fresh_postgres() -> Iterator[str | None]:
    """The URL of an empty database on a PostgreSQL of its own; None where its programs are missing."""
    programs = find_postgres()
    if programs is None:
        yield None
        return
    with running_postgres(programs) as server, new_database(server) as url:
        yield url


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Ours without any setting of the operator's, and `own`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**plain, **own}


@asynccontextmanager
async def python(*arguments: str, own: Mapping[str, str]) -> AsyncIterator[Process]:
    """A Python process; its log is dropped. At the end it is killed unless it has ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT, env=environment(own),
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def line_of(process: Process) -> str:
    """The next line that a process prints. Raises RuntimeError if it ends, TimeoutError after `DEADLINE` seconds."""
    assert process.stdout is not None
    raw = await asyncio.wait_for(process.stdout.readline(), DEADLINE)
    if not raw:
        raise RuntimeError(f"the process ended early with status {await process.wait()}")
    return raw.decode().strip()


async def until_healthy(url: str) -> None:
    """Return at the first 200 from ``/healthz``. Raises TimeoutError after `DEADLINE` seconds."""
    async with asyncio.timeout(DEADLINE):
        async with httpx.AsyncClient() as client:
            while True:
                with suppress(httpx.TransportError):
                    if (await client.get(f"{url}/healthz")).status_code == 200:
                        return
                await asyncio.sleep(0.005)


@dataclass
class DialectServer:
    """A backend that lists many, as a process of its own: its work is not ours."""

    url: str
    log: Path

    def settings(self) -> dict[str, str]:
        """What makes Throughline film there."""
        return {"OPENAI_BASE_URL": self.url, "THROUGHLINE_BACKEND": "openai_videos"}

    async def asked(self) -> dict[str, int]:
        """How often each route was asked."""
        async with httpx.AsyncClient() as client:
            counts: dict[str, int] = (await client.get(self.url.replace("/v1", "/_state"))).json()["requests"]
            return counts


@asynccontextmanager
async def dialect_server(
    log: Path, film_seconds: float, port: int | None = None, clip: Path | None = None, *, lists: bool = True
) -> AsyncIterator[DialectServer]:
    """Takes every order and works on each for `film_seconds`, saying so from the first moment. `clip`: what it makes."""
    port = port or free_port()
    quirks = json.dumps({"words": {"queued": "in_progress"}, "lists": lists})
    program = ("-m", "tests.fakes.dialect_server", "--port", str(port), "--log", str(log))
    made = ("--clip", str(clip)) if clip else ()
    async with python(*program, "--film-seconds", str(film_seconds), "--quirks", quirks, *made, own={}):
        server = DialectServer(f"http://127.0.0.1:{port}/v1", log)
        async with asyncio.timeout(DEADLINE):
            while True:
                with suppress(httpx.TransportError):
                    await server.asked()
                    break
                await asyncio.sleep(0.02)
        yield server


@dataclass
class Worker:
    """`benchmarks.worker`, or what else answers its questions, seen from outside."""

    process: Process
    begun: float
    """`time.perf_counter()` at its start."""

    async def ask(self, question: str) -> dict[str, Any]:
        """Its answer to ``state`` or ``memory``."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{question}\n".encode())
        await self.process.stdin.drain()
        answer: dict[str, Any] = json.loads(await line_of(self.process))
        return answer

    async def until_following(self, jobs: int, within: float) -> float:
        """Seconds from the start of the process until it follows that many. Raises TimeoutError."""
        async with asyncio.timeout(within):
            following = 0
            while following < jobs:
                await asyncio.sleep(0.05)
                following = (await self.ask("state"))["following"]
        return time.perf_counter() - self.begun

    def kill(self) -> None:
        """As the power cut does."""
        self.process.send_signal(signal.SIGKILL)


@asynccontextmanager
async def worker(own: Mapping[str, str]) -> AsyncIterator[Worker]:
    """A worker that is ready."""
    begun = time.perf_counter()
    async with python("-m", "benchmarks.worker", own=own) as process:
        assert await line_of(process) == "ready"
        yield Worker(process, begun)


@asynccontextmanager
async def follower(own: Mapping[str, str], jobs: int) -> AsyncIterator[Worker]:
    """`benchmarks.follower`, which has begun to order so many takes."""
    begun = time.perf_counter()
    async with python("-m", "benchmarks.follower", str(jobs), own=own) as process:
        assert await line_of(process) == "ready"
        yield Worker(process, begun)
