"""Money: what is spent is what was settled, and what is still held back."""

from __future__ import annotations

import asyncio

import pytest

from bot.budget import Allowance, Quotas, reserve
from bot.errors_money import QuotaSpent
from bot.records import Spent
from bot.states import Job
from tests.storage.conftest import Store
from tests.storage.props import ADA, BO, job, jobs


async def test_spent_is_settled_plus_reserved(store: Store) -> None:
    await jobs(store.work, job("a"), job("b"), job("c"), job("bo's", member=BO))
    async with store.work() as w:
        for name, micros in (("a", 400_000), ("b", 20_000), ("c", 3_000)):
            await w.ledger.reserve(name, ADA, micros, at=10.0)
        await w.ledger.reserve("bo's", BO, 7_000_000_000_000, at=10.0)
        assert (await w.ledger.spent(0.0, member=ADA)).micros == 423_000

        assert await w.ledger.settle("a", 500_000, at=20.0)
        assert await w.ledger.release("b", at=20.0)
        assert (await w.ledger.spent(0.0, member=ADA)).micros == 503_000
        assert (await w.ledger.spent(15.0, member=ADA)).micros == 500_000
        assert (await w.ledger.spent(25.0, member=ADA)).micros == 0
        assert (await w.ledger.spent(0.0, member=BO)).micros == 7_000_000_000_000


async def test_a_job_is_settled_or_released_and_once(store: Store) -> None:
    await jobs(store.work, job("a"), job("b"))
    async with store.work() as w:
        for name in ("a", "b"):
            await w.ledger.reserve(name, ADA, 100, at=1.0)
        assert await w.ledger.settle("a", 90, at=2.0)
        assert not await w.ledger.settle("a", 80, at=3.0)
        assert not await w.ledger.release("a", at=3.0)
        assert await w.ledger.release("b", at=2.0)
        assert not await w.ledger.settle("b", 70, at=3.0)
        assert (await w.ledger.spent(0.0, member=ADA)).micros == 90


async def test_of_those_who_settle_and_those_who_release_at_once_one_does(store: Store) -> None:
    await jobs(store.work, job("a"))
    async with store.work() as w:
        await w.ledger.reserve("a", ADA, 100, at=1.0)

    async def close(number: int) -> bool:
        async with store.work() as w:
            return await (w.ledger.settle("a", 100, at=2.0) if number % 2 else w.ledger.release("a", at=2.0))

    assert (await asyncio.gather(*map(close, range(12)))).count(True) == 1


async def test_what_was_never_reserved_can_be_settled_but_not_for_a_job_that_is_not_there(store: Store) -> None:
    await jobs(store.work, job("a"))
    async with store.work() as w:
        assert await w.ledger.settle("a", 5, at=1.0)
        assert (await w.ledger.spent(0.0, member=ADA)).micros == 5
        assert not await w.ledger.settle("none", 5, at=1.0)
        assert not await w.ledger.release("none", at=1.0)


async def test_a_job_is_reserved_for_once(store: Store) -> None:
    await jobs(store.work, job("a"))
    async with store.work() as w:
        await w.ledger.reserve("a", ADA, 100, at=1.0)
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.ledger.reserve("a", ADA, 100, at=2.0)


async def test_places_and_seconds_are_summed_as_money_is(store: Store) -> None:
    await jobs(store.work, job("a"), job("b"), job("c", member=BO))
    async with store.work() as w:
        await w.ledger.reserve("a", ADA, 100, at=1.0, place="discord/1", seconds=4)
        await w.ledger.reserve("b", ADA, 0, at=1.0, place="discord/2", seconds=8)
        await w.ledger.reserve("c", BO, 50, at=1.0, place="discord/1", seconds=12)
        await w.ledger.settle("a", 90, at=2.0)
        await w.ledger.release("b", at=2.0)
        assert await w.ledger.spent(0.0, place="discord/1") == Spent(140, 16)
        assert await w.ledger.spent(0.0, place="discord/2") == Spent(0, 0)
        assert await w.ledger.spent(0.0, member=ADA, place="discord/1") == Spent(90, 4)
        assert await w.ledger.spent(1.5) == Spent(90, 4)


async def test_of_a_hundred_who_press_at_once_as_many_are_served_as_the_quota_of_the_place_allows(store: Store) -> None:
    crowd = [job(f"job {number}", member=f"chat:{number}", price=100, seconds=4) for number in range(100)]
    await jobs(store.work, *crowd)
    quotas = Quotas(server=Allowance(day=1_000), house=Allowance(month_seconds=10_000))

    async def press(each: Job) -> bool:
        try:
            async with store.work() as w:
                await reserve(w, quotas, each, now=5.0)
        except QuotaSpent:
            return False
        return True

    assert sum(await asyncio.gather(*map(press, crowd))) == 10
    async with store.work() as w:
        assert await w.ledger.spent(0.0) == Spent(1_000, 40)
