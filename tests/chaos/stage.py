"""The stage of the kill tests: a video server and a chat that outlive everybody, and a Throughline that may die on it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot import commands
from bot.commands import Command
from bot.film import new_id
from storage.tables import jobs, ledger, takes, wishes
from tests.chaos.chat import CLIP, Chat
from tests.chaos.server import PATIENCE, ROOT, Server, TooLate


async def until(look: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Look again and again until the answer is true; returns it. A look may block: it runs in a thread. Raises `TooLate`."""
    deadline = time.monotonic() + patience
    while not (seen := await asyncio.to_thread(look)):
        if time.monotonic() > deadline:
            raise TooLate(what)
        await asyncio.sleep(0.05)
    return seen


@dataclass(frozen=True)
class Asked:
    """A wish, and the words by which its order is known at the server."""

    id: str
    member: str
    command: dict[str, Any]
    words: str = ""

    @classmethod
    def for_(cls, command: Command, member: str = "chat:ines", words: str = "") -> Asked:
        """Any command."""
        return cls(new_id(), member, commands.to_dict(command), words)


@dataclass
class Throughline:
    """One data folder with one database, and the process that works on it: killed and started again as often as one likes."""

    home: Path
    database: str
    server: Server
    chat: Chat
    passed: list[str] = field(default_factory=list)
    """Places passed by the present process."""
    stored: set[str] = field(default_factory=set)
    """Wishes acknowledged, by whatever process."""
    asked: list[Asked] = field(default_factory=list)
    kills: int = 0
    ready: bool = False
    _process: asyncio.subprocess.Process | None = None
    _understudy: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._rows = sa.create_engine(self.database.replace("+aiosqlite", ""))

    # ------------------------------------------------------------ life and death

    async def starts(self, cut: str | None = None, *, wait: bool = True) -> None:
        """A new process; wishes that were never acknowledged are sent again, as a platform or a member would."""
        self.passed, self.ready = [], False
        self._age_scratch()
        self._process = self._understudy or await self._imports()
        self._reading = asyncio.create_task(self._read(self._process))
        self._tell(cut=cut)
        for asked in self.asked:
            if asked.id not in self.stored:
                self._tell(wish=_plain(asked))
        self._understudy = await self._imports()
        if wait:
            await until(lambda: self.ready or not self.alive, "the process is ready")

    async def _imports(self) -> asyncio.subprocess.Process:
        """A process that has all it needs in memory by the time it is told to begin: half of a start is imports."""
        with (self.home / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.chaos.child", self.chat.url,
                cwd=ROOT, env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        """It runs."""
        return self._process is not None and self._process.returncode is None

    async def killed(self) -> None:
        """SIGKILL from outside."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.kill()
        await self.died()

    async def died(self) -> None:
        """Wait until it is dead of SIGKILL."""
        assert self._process is not None
        assert self._reading is not None
        assert await self._process.wait() == -signal.SIGKILL
        await self._reading
        self.kills += 1

    async def ends(self) -> None:
        """Let it go in order; whatever happens, nothing is left running."""
        for process in (self._process, self._understudy):
            if process is not None and process.returncode is None:
                await _dismissed(process)
        if self._reading is not None:
            await self._reading
        self._rows.dispose()

    def _environment(self) -> dict[str, str]:
        own = {
            "THROUGHLINE_HOME": str(self.home),
            "DATABASE_URL": self.database,
            "THROUGHLINE_BACKEND": "openai_videos",
            "OPENAI_BASE_URL": f"{self.server.url}/v1",
            "NO_PROXY": "127.0.0.1",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "THROUGHLINE_"))}
        return {**kept, **own}

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            news = json.loads(line)
            self.ready = self.ready or "ready" in news
            if "passed" in news:
                self.passed.append(news["passed"])
            if "stored" in news:
                self.stored.add(news["stored"])

    def _age_scratch(self) -> None:
        """What lies about has been lying for two days: the start after that may clear it away."""
        for folder in self.scratch:
            os.utime(folder, (time.time() - 2 * 86_400,) * 2)

    # ------------------------------------------------------------ what it is told

    def wants(self, asked: Asked, cut: str | None = None) -> None:
        """A member's wish; `cut`: where the process dies next."""
        self.asked.append(asked)
        self._tell(cut=cut, wish=_plain(asked))

    def _tell(self, **said: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(said).encode() + b"\n")

    # ------------------------------------------------------------ what is there

    def rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        """Read the database as it is."""
        with self._rows.connect() as connection:
            return list(connection.execute(query))

    def wish(self, asked: Asked) -> sa.Row[Any] | None:
        """The wish's row."""
        return next(iter(self.rows(sa.select(wishes).where(wishes.c.id == asked.id))), None)

    def job(self, asked: Asked) -> sa.Row[Any] | None:
        """The row of the job that the wish made."""
        wish = self.wish(asked)
        return next(iter(self.rows(sa.select(jobs).where(jobs.c.id == wish.job))), None) if wish else None

    def settled(self, asked: Asked, *states: str) -> bool:
        """The wish is answered and its job, told about if it ended badly, is in one of these states."""
        wish, job = self.wish(asked), self.job(asked)
        told = job is not None and (job.told or job.state not in ("failed", "refused", "cancelled", "expired"))
        return wish is not None and wish.state == "answered" and job is not None and job.state in states and told

    def money(self, asked: Asked) -> list[str]:
        """Kinds of the job's ledger entries, in order."""
        job = self.job(asked)
        assert job is not None
        query = sa.select(ledger.c.kind).where(ledger.c.job == job.id).order_by(ledger.c.closing)
        return [row.kind for row in self.rows(query)]

    def counts(self) -> tuple[int, int, int]:
        """Wishes that film, jobs and takes in the database."""
        films = len({wish.id for wish in self.asked if wish.words})
        return films, len(self.rows(sa.select(jobs.c.id))), len(self.rows(sa.select(takes.c.id)))

    @property
    def scratch(self) -> list[Path]:
        """Folders of unfinished work."""
        home = self.home / "clips" / "scratch"
        return sorted(home.iterdir()) if home.is_dir() else []

    @property
    def clips(self) -> Counter[str]:
        """Files in the clip store, by suffix."""
        return Counter(path.suffix for path in (self.home / "clips").glob("??/*"))

    # ------------------------------------------------------------ what has to hold

    def complaints(self, asked: Asked, state: str, orders: int, clips: int, money: list[str]) -> Iterator[str]:
        """What is wrong after the wish is settled, in words."""
        job = self.job(asked)
        assert job is not None
        facts = {
            "state": (job.state, state),
            "accepted orders": (self.server.accepted(asked.words), orders),
            "cards": (len(self.chat.of(job.take)), 1),
            "clips posted": (len(self.chat.of(CLIP + job.take)), clips),
            "ledger": (self.money(asked), money),
            "jobs and takes": (self.counts()[1:], (self.counts()[0],) * 2),
        }
        yield from (f"{name}: {seen}, not {due}" for name, (seen, due) in facts.items() if seen != due)
        if len(self.scratch) > 1:
            yield f"scratch folders left: {len(self.scratch)}"


def _plain(asked: Asked) -> dict[str, Any]:
    return {"id": asked.id, "member": asked.member, "command": asked.command}


async def _dismissed(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), 15)
    except TimeoutError:
        process.kill()
        await process.wait()


@asynccontextmanager
async def throughline(
    folder: Path, database: str, server: Server, *, table: str = "", memory: int | None = 3
) -> AsyncIterator[Throughline]:
    """A data folder with its own chat, not yet started. `table`: more lines of ``[backends.openai_videos]``."""
    folder.mkdir(parents=True, exist_ok=True)
    options = (
        f'[caps]\ntakes_a_day = 500\n[backends.openai_videos]\nprice_per_second = "0.10"\nseconds = [1]\n{table}\n'
    )
    (folder / "throughline.toml").write_text(options, "utf-8")
    async with Chat(memory) as chat:
        house = Throughline(folder, database, server, chat)
        try:
            yield house
        finally:
            await house.ends()
