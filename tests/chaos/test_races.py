"""Races that the kill tests found by chance, here by design: in memory, step by step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.commands import Generate
from bot.paperwork import Wish
from bot.ports import Work
from tests.dialogue import Chat


class MeddledEngine:
    """The engine of a chat in which somebody's wish is handled right before, or right after, `live` has been read."""

    def __init__(self, chat: Chat, wish: Wish, *, before: bool) -> None:
        self._chat, self._wish, self._before = chat, wish, before

    async def live(self) -> frozenset[str]:
        if self._before:
            await self._chat.studio.take_up(self._wish.id)
        seen = await self._chat.engine.live()
        if not self._before:
            await self._chat.studio.take_up(self._wish.id)
        return seen

    def __getattr__(self, name: str) -> object:
        return getattr(self._chat.engine, name)


async def swept_while_handled(folder: Path, *, before: bool) -> list[int]:
    """Runs that were enqueued when a wish came in the middle of a sweep."""
    chat = Chat(folder)
    chat.engine.frozen = True
    wish = await chat.stored(Generate(prompt="a fox"))
    chat.sweep.engine = MeddledEngine(chat, wish, before=before)  # type: ignore[assignment]
    await chat.sweep.round()
    return [ticket.run for ticket in chat.engine.kept]


async def test_a_job_made_while_the_sweep_looks_is_handed_over_once(tmp_path: Path) -> None:
    assert await swept_while_handled(tmp_path, before=True) == [0]
    assert await swept_while_handled(tmp_path, before=False) == [0]


async def test_wishes_of_one_member_that_overtake_each_other_make_shots_of_their_own(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    work, overtaken = chat.studio.work, asyncio.Event()

    @asynccontextmanager
    async def slow_to_begin() -> AsyncIterator[Work]:
        await overtaken.wait()
        async with work() as w:
            yield w

    chat.engine.frozen = True
    wishes = [await chat.stored(Generate(prompt=f"a fox {number}")) for number in range(3)]
    first, second, third = ((Generate(prompt=f"a fox {number}"), wish) for number, wish in enumerate(wishes))
    chat.studio.work = slow_to_begin
    waiting = asyncio.create_task(chat.studio.handle(*first))
    await asyncio.sleep(0)
    chat.studio.work = work
    chat.clock.time += 1
    answers = [await chat.studio.handle(*second)]
    overtaken.set()
    answers += [await waiting, await chat.studio.handle(*third)]
    assert [await slate(chat, answer.job) for answer in answers] == ["1A-1", "1B-1", "1C-1"]


async def slate(chat: Chat, job_id: str | None) -> str:
    """What the take of that job is called."""
    async with chat.store.work() as w:
        job = await w.jobs.get(job_id or "")
        take = await w.takes.get(job.take) if job else None
    return str(take.slate) if take else ""
