"""A transaction: all of it happens, or none."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.cards import Card
from bot.paperwork import Ticket, Wish
from bot.people import Member
from bot.spine import Spine
from bot.states import State
from tests.storage.conftest import Store
from tests.storage.props import ADA, HERE, STUDIO, job, jobs, one_shot, take

TICKET = Ticket("job", 0, ADA)


class RanOutOfFilm(Exception):
    """Something that goes wrong in the middle."""


async def test_stored_and_enqueued(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(take())
        await w.jobs.add(job())
        await w.enqueue(TICKET)
        await w.enqueue(replace(TICKET, run=1, follow=True))
    assert await store.tickets() == [TICKET, Ticket("job", 1, ADA, follow=True)]


async def test_or_neither(store: Store) -> None:
    async with store.work() as w:
        await w.wishes.add(Wish("wish", Member(ADA), HERE, {"name": "help", "values": {}}, 1.0))

    async def film_and_fail() -> None:
        async with store.work() as w:
            await one_shot(w)
            await w.takes.add(take())
            await w.jobs.add(job())
            await w.ledger.reserve("job", ADA, 100, at=1.0)
            await w.enqueue(TICKET)
            await w.sessions.set_spine(ADA, Spine(look="Cold."))
            await w.posts.put(STUDIO, "take", Card(), at=1.0)
            await w.wishes.handled("wish", Card(), "job")
            raise RanOutOfFilm

    with pytest.raises(RanOutOfFilm):
        await film_and_fail()
    async with store.work() as w:
        assert await w.productions.get("film") is None
        assert await w.productions.shot("shot") is None
        assert await w.takes.get("take") is None
        assert await w.jobs.get("job") is None
        assert (await w.ledger.spent(0.0, member=ADA)).micros == 0
        assert (await w.sessions.get(ADA, STUDIO)).spine == Spine()
        assert await w.posts.latest(STUDIO) == []
        assert [wish.handled for wish in await w.wishes.open()] == [False]
    assert await store.tickets() == []


async def test_a_cancelled_transaction_leaves_nothing_behind(store: Store) -> None:
    await jobs(store.work, job("j"))
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.work() as w:
            await w.jobs.move("j", State.RESERVED, State.SUBMITTING)
            inside.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await asyncio.wait_for(inside.wait(), 10)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with asyncio.timeout(10), store.work() as w:
        assert await w.jobs.move("j", State.RESERVED, State.CANCELLED)


async def test_cancelled_at_any_moment_the_store_goes_on(store: Store) -> None:
    await jobs(store.work, *(job(f"j{number}") for number in range(60)))

    async def step(number: int) -> None:
        async with store.work() as w:
            await w.jobs.move(f"j{number}", State.RESERVED, State.SUBMITTING)

    for start in range(0, 60, 20):
        tasks = [asyncio.create_task(step(number)) for number in range(start, start + 20)]
        for number, task in enumerate(tasks):
            for _ in range(number % 7):
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.wait(tasks, timeout=30)
    async with asyncio.timeout(10), store.work() as w:
        assert await w.jobs.count([State.RESERVED, State.SUBMITTING]) == 60


async def test_fifty_writers_wait_for_each_other(store: Store) -> None:
    await jobs(store.work, *(job(f"j{number}") for number in range(50)))

    async def film(number: int) -> None:
        for source, target in ((State.RESERVED, State.SUBMITTING), (State.SUBMITTING, State.SUBMITTED)):
            async with store.work() as w:
                assert await w.jobs.get(f"j{number}")  # reads before it writes
                assert await w.jobs.move(f"j{number}", source, target, remote_id=f"r{number}")

    await asyncio.gather(*map(film, range(50)))
    async with store.work() as w:
        assert await w.jobs.count([State.SUBMITTED]) == 50


async def test_wishes_of_one_member_are_handled_one_by_one(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)

    async def retake(_: int) -> None:
        async with store.work() as w:
            await w.hold(f"member {ADA}")
            await w.hold(f"member {ADA}")
            number = len(await w.takes.of_shot("shot")) + 1
            await w.takes.add(take(f"t{number}", number=number))

    await asyncio.gather(*map(retake, range(10)))
    async with store.work() as w:
        assert [each.slate.take for each in await w.takes.of_shot("shot")] == list(range(1, 11))
