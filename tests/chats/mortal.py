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
from dataclasses import dataclass
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
    said: str = ""
    """What the present process said when it was ready."""
    pid: int = 0
    """Of the present process; 0: there is none."""
    _source: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        url = self.own.get("DATABASE_URL") or f"sqlite:///{self.home}/throughline.sqlite"
        self._rows = sa.create_engine(url.replace("+aiosqlite", "").replace("postgresql://", "postgresql+psycopg://"))

    async def starts(self, *, wait: bool = True) -> None:
        """A new process; `wait`: until it is ready."""
        assert not self.pid, "it lives already"
        if self._source is None:
            self._source = await self._opened()
            self._reading = asyncio.create_task(self._read(self._source))
        assert self._source.stdin is not None
        self.said = ""
        self._source.stdin.write(b".")
        await until(lambda: self.pid, "it is born")
        if wait:
            await until(lambda: self.said or not self.pid, "it is ready")
            assert self.said, self.log()

    async def killed(self) -> None:
        """SIGKILL: no handler, no `finally`, nothing is flushed."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await until(lambda: not self.pid, "it is dead")
        self.kills += 1

    async def ends(self) -> None:
        """Nothing is left running."""
        if self.pid:
            await self.killed()
        if self._source is not None and self._reading is not None:
            assert self._source.stdin is not None
            self._source.stdin.close()
            await self._source.wait()
            await self._reading
        self._rows.dispose()

    def log(self) -> str:
        """The end of what it wrote to its log."""
        return (self.home / "log").read_text("utf-8")[-2000:]

    async def _opened(self) -> asyncio.subprocess.Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        with (self.home / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.chats.child", *self.roles,
                cwd=ROOT, env={**kept, **self.own}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    async def _read(self, source: asyncio.subprocess.Process) -> None:
        assert source.stdout is not None
        async for line in source.stdout:
            match line.decode().split():
                case ["born", pid]:
                    self.pid = int(pid)
                case ["ended", status]:
                    assert int(status) == -signal.SIGKILL, self.log()
                    self.pid = 0
                case words:
                    self.said = " ".join(words)

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
