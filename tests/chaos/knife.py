"""Every place where a process can die, as wrappers that implement the ports and count on nothing but them.

A `Knife` is told each place that the process passes (`before commit reserved→submitting`, `clip posted` …); where it has
been told to cut, the process kills itself with SIGKILL: no handler, no `finally`, nothing is flushed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.video.openai_videos import OpenAIVideos
from bot.brief import Brief
from bot.cards import Card
from bot.paperwork import Capabilities, Order, Report, Search, Ticket, Wish
from bot.people import Address
from bot.ports import Clips, Poster, Work, WorkFactory
from bot.records import (
    Films,
    Jobs,
    Ledger,
    Measured,
    Messages,
    Posts,
    Productions,
    Sessions,
    Spines,
    Takes,
    Troupe,
    Votes,
    Wishes,
)
from bot.states import Job

HASTE = 20.0
FETCH_SHOWS_WITHIN = 1.0


class HastyClock:
    """The time of the wall, but pauses last a twentieth: what is polled every second and a half need not hold up a test."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HASTE)


@dataclass
class Knife:
    """Cuts the process at the place named `at`; every other place is only reported."""

    passed: Callable[[str], None]
    at: str | None = None

    def reach(self, place: str) -> None:
        """The process is at this place now."""
        if place == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed(place)


# ---------------------------------------------------------------- transactions


@dataclass
class MarkedWork:
    """`ports.Work` that remembers which steps its transaction makes."""

    inner: Work
    marks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wishes: Wishes = _Wishes(self.inner.wishes, self.marks)
        self.jobs: Jobs = _Jobs(self.inner.jobs, self.marks)
        self.sessions: Sessions = self.inner.sessions
        self.spines: Spines = self.inner.spines
        self.cast: Troupe = self.inner.cast
        self.productions: Productions = self.inner.productions
        self.takes: Takes = self.inner.takes
        self.ledger: Ledger = self.inner.ledger
        self.posts: Posts = self.inner.posts
        self.messages: Messages = self.inner.messages
        self.votes: Votes = self.inner.votes
        self.films: Films = self.inner.films
        self.measured: Measured = self.inner.measured

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        await self.inner.move_chat(platform, old, new)

    async def hold(self, name: str) -> None:
        await self.inner.hold(name)

    async def enqueue(self, ticket: Ticket) -> None:
        await self.inner.enqueue(ticket)


class _Marked:
    """Hands everything on; what a subclass defines leaves a mark besides."""

    def __init__(self, inner: Any, marks: list[str]) -> None:
        self._inner, self._marks = inner, marks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Wishes(_Marked):
    async def add(self, wish: Wish) -> bool:
        self._marks.append("wish stored")
        return bool(await self._inner.add(wish))

    async def handled(self, wish_id: str, answer: Card, job: str | None) -> bool:
        self._marks.append("wish handled")
        return bool(await self._inner.handled(wish_id, answer, job))

    async def answered(self, wish_id: str) -> None:
        self._marks.append("wish answered")
        await self._inner.answered(wish_id)


class _Jobs(_Marked):
    async def move(self, job_id: str, source: Any, target: Any, **changes: Any) -> Job | None:
        before: Job = await self._inner.get(job_id)
        moved: Job | None = await self._inner.move(job_id, source, target, **changes)
        if moved:
            self._marks.append(f"{before.state}→{moved.state}")
        return moved

    async def note(self, job_id: str, state: Any, **changes: Any) -> Job | None:
        self._marks.extend(f"{name} noted" for name in ("posted", "told") if name in changes)
        noted: Job | None = await self._inner.note(job_id, state, **changes)
        return noted


def marked(work: WorkFactory, knife: Knife) -> WorkFactory:
    """Transactions whose commits are places: right before one, and right after it."""

    @asynccontextmanager
    async def factory() -> AsyncIterator[Work]:
        async with work() as inner:
            outer = MarkedWork(inner)
            yield outer
            step = " + ".join(outer.marks)
            if step:
                knife.reach(f"before commit {step}")
        if step:
            knife.reach(f"after commit {step}")

    return factory


# ---------------------------------------------------------------- the world outside


@dataclass
class SharpBackend:
    """The real backend; the orders, the clip's arrival and the cancellation are places."""

    inner: OpenAIVideos
    knife: Knife

    def __post_init__(self) -> None:
        self.name = self.inner.name

    @property
    def lists(self) -> bool:
        return self.inner.lists

    async def capabilities(self) -> Capabilities:
        return await self.inner.capabilities()

    def size_for(self, brief: Brief) -> tuple[int, int] | None:
        return self.inner.size_for(brief)

    async def submit(self, order: Order, reference: Path | None) -> str:
        self.knife.reach("order about to leave")
        remote_id = await self.inner.submit(order, reference)
        self.knife.reach("order accepted")
        return remote_id

    async def search(self, order: Order, since: float) -> Search:
        return await self.inner.search(order, since)

    async def report(self, remote_id: str) -> Report:
        return await self.inner.report(remote_id)

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        return await self.inner.reports(remote_ids)

    async def fetch(self, remote_id: str, into: Path) -> None:
        arriving = asyncio.ensure_future(self.inner.fetch(remote_id, into))
        until = time.monotonic() + FETCH_SHOWS_WITHIN
        while not arriving.done() and time.monotonic() < until and not _bytes_in(into.parent):
            await asyncio.wait({arriving}, timeout=0.005)
        self.knife.reach("clip arriving")
        await arriving
        self.knife.reach("clip arrived")

    async def cancel(self, remote_id: str) -> bool:
        stopped = await self.inner.cancel(remote_id)
        self.knife.reach("cancelled there")
        return stopped

    async def close(self) -> None:
        await self.inner.close()


def _bytes_in(folder: Path) -> bool:
    return any(file.stat().st_size for file in folder.iterdir())


@dataclass
class SharpClips:
    """The real clip store; whatever has been stored is a place."""

    inner: Clips
    knife: Knife

    async def store(self, file: Path, suffix: str) -> str:
        digest = await self.inner.store(file, suffix)
        self.knife.reach(f"{suffix} stored")
        return digest

    async def path(self, digest: str) -> Path | None:
        return await self.inner.path(digest)

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        return self.inner.scratch()


@dataclass
class SharpPoster:
    """A poster; before and after each of its calls is a place."""

    inner: Poster
    knife: Knife

    def __post_init__(self) -> None:
        self.platform, self.pace, self.still_pixels = self.inner.platform, self.inner.pace, self.inner.still_pixels

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        reference = await self.inner.show(address, key, card, posted)
        self.knife.reach("card shown" if posted is None else f"card changed to {card.tone.value}")
        return reference

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        await self.inner.progress(address, key, card, posted)
        self.knife.reach(f"card changed to {card.tone.value}")

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        await self.inner.answer(address, key, card, picture, file)
        self.knife.reach("answer posted")

    async def room(self, address: Address) -> int | None:
        return await self.inner.room(address)

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        self.knife.reach("clip about to be posted")
        reference = await self.inner.deliver(address, key, card, parts, posted)
        self.knife.reach("clip posted")
        return reference
