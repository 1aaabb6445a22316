"""A tap on a price and a cancel, at once and over and over: exactly one of them happens, on every store."""

from __future__ import annotations

import asyncio

import pytest

from bot.asking import Desk
from bot.booking import NOT_NOW, UNANSWERED, agree, let_go
from bot.paperwork import Ticket
from bot.states import Job, State
from tests.storage.conftest import Store
from tests.storage.props import ADA, job, jobs

DESK = Desk("animatic", "animatic", ("animatic",))
WAITING = job(state=State.AWAITING_APPROVAL, price=630_000, stage="final", batch=4)


async def row(store: Store) -> Job:
    async with store.work() as w:
        found = await w.jobs.get("job")
    assert found is not None
    return found


async def said_yes(store: Store) -> bool:
    async with store.work() as w:
        return await agree(DESK, w, WAITING, 2.0) is not None


async def said_no(store: Store, *, unanswered: bool = False) -> bool:
    async with store.work() as w:
        return await let_go(w, WAITING, 2.0, unanswered=unanswered) is not None


async def held(store: Store) -> int:
    async with store.work() as w:
        return (await w.ledger.spent(0.0, member=ADA)).micros


async def test_stage_and_batch_are_kept(store: Store) -> None:
    await jobs(store.work, WAITING)
    found = await row(store)
    assert (found.stage, found.batch, found.state) == ("final", 4, State.AWAITING_APPROVAL)
    assert await held(store) == 0


async def test_a_yes_holds_the_money_and_enqueues_once(store: Store) -> None:
    await jobs(store.work, WAITING)
    assert [await said_yes(store) for _ in range(3)] == [True, False, False]
    assert (await row(store)).state is State.RESERVED
    assert await held(store) == 630_000
    assert await store.tickets() == [Ticket("job", 0, ADA)]
    assert not await said_no(store)


@pytest.mark.parametrize(
    ("unanswered", "end"), [(False, (State.CANCELLED, NOT_NOW)), (True, (State.EXPIRED, UNANSWERED))]
)
async def test_a_no_holds_nothing_and_is_the_last_word(store: Store, unanswered: bool, end: tuple[State, str]) -> None:
    await jobs(store.work, WAITING)
    assert await said_no(store, unanswered=unanswered)
    found = await row(store)
    assert (found.state, found.failure) == end
    assert not await said_yes(store)
    assert await held(store) == 0
    assert await store.tickets() == []


async def test_at_once_only_one_of_them_is_heard(store: Store) -> None:
    await jobs(store.work, WAITING)
    heard = await asyncio.gather(*(said_yes(store) if number % 2 else said_no(store) for number in range(8)))
    assert sum(heard) == 1
    filmed = (await row(store)).state is State.RESERVED
    assert len(await store.tickets()) == int(filmed)
    assert await held(store) == (630_000 if filmed else 0)
