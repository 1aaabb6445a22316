"""A real `throughline run` that may be killed and started again as often as one likes; its data folder lives on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from storage.tables import jobs, wishes

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 60.0
OURS: Final = ("THROUGHLINE_", "OPENAI_", "DISCORD_", "TELEGRAM_", "DATABASE_")
ENDED: Final = ("done", "failed", "refused", "cancelled", "expired")


async def until(look: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Look again and again until the answer is true; returns it. AssertionError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}"
        await asyncio.sleep(0.02)
    return seen


@dataclass
class Mortal:
    """`own`: its environment; `roles`: arguments for ``throughline run``."""

    home: Path
    own: Mapping[str, str]
    roles: tuple[str, ...] = ()
    kills: int = 0
    begun: list[str] = field(default_factory=list)
    """What the present process said when it was ready."""
    _process: asyncio.subprocess.Process | None = None
    _understudy: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        url = self.own.get("DATABASE_URL") or f"sqlite:///{self.home}/throughline.sqlite"
        self._rows = sa.create_engine(url.replace("+aiosqlite", "").replace("postgresql://", "postgresql+psycopg://"))

    async def starts(self, *, wait: bool = True, again: bool = True) -> None:
        """A new process. `again`: another is made ready to follow it."""
        assert not self.alive, "it lives already"
        self.begun = []
        self._process = self._understudy or await self._imports()
        self._understudy = None
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(b"begin\n")
        self._reading = asyncio.create_task(self._read(self._process))
        if wait:
            await until(lambda: self.begun or not self.alive, "it is ready")
            assert self.begun, (self.home / "log").read_text()[-2000:]
        if again:
            self._understudy = await self._imports()

    @property
    def alive(self) -> bool:
        """It runs."""
        return self._process is not None and self._process.returncode is None

    async def killed(self) -> None:
        """SIGKILL: no handler, no `finally`, nothing is flushed."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.kill()
        assert await self._process.wait() == -signal.SIGKILL, (self.home / "log").read_text()[-2000:]
        self.kills += 1

    async def ends(self) -> None:
        """Nothing is left running."""
        for process in (self._process, self._understudy):
            if process is not None and process.returncode is None:
                process.kill()
                await process.wait()
        if self._reading is not None:
            await self._reading
        self._rows.dispose()

    async def _imports(self) -> asyncio.subprocess.Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        with (self.home / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.chats.child", *self.roles,
                cwd=ROOT, env={**kept, **self.own}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.begun.append(line.decode())

    # ------------------------------------------------------------ what is there

    def rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        """Read the database as it is; nothing where it is just being made."""
        with suppress(sa.exc.OperationalError), self._rows.connect() as connection:
            return list(connection.execute(query))
        return []

    def unanswered(self) -> list[str]:
        """Wishes that were stored and never answered."""
        return [row.id for row in self.rows(sa.select(wishes.c.id).where(wishes.c.state != "answered"))]

    def stored(self) -> int:
        """How many wishes there are."""
        return len(self.rows(sa.select(wishes.c.id)))

    def open(self) -> list[str]:
        """Jobs that have not ended, with their states."""
        query = sa.select(jobs.c.id, jobs.c.state).where(jobs.c.state.not_in(ENDED))
        return [f"{row.id} {row.state}" for row in self.rows(query)]

    def states(self) -> list[str]:
        """How all jobs stand."""
        return [row.state for row in self.rows(sa.select(jobs.c.state))]


@asynccontextmanager
async def mortal(home: Path, own: Mapping[str, str], *roles: str) -> AsyncIterator[Mortal]:
    """One that is not yet started."""
    home.mkdir(parents=True, exist_ok=True)
    one = Mortal(home, own, roles)
    try:
        yield one
    finally:
        await one.ends()
