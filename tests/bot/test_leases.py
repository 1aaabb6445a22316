"""One process at a time, and the next when that one is gone."""

from __future__ import annotations

import asyncio

import pytest

from bot import leases
from bot.errors import DeliveryFault
from bot.leases import SECONDS, is_held, leased
from tests.fakes.film_world import FakeClock
from tests.fakes.storage import FakeStore


async def held(store: FakeStore, name: str = "film") -> bool:
    async with store.work() as w:
        return await is_held(w, name)


async def test_who_comes_second_is_told_to_come_again() -> None:
    store, clock = FakeStore(), FakeClock()
    async with leased(store.work, clock, "film", "one"):
        assert await held(store)
        with pytest.raises(DeliveryFault) as refused:
            async with leased(store.work, clock, "film", "two"):
                raise AssertionError("both hold it")
        assert not refused.value.final
        async with leased(store.work, clock, "another film", "two"):
            assert await held(store, "another film")
    assert not await held(store)
    async with leased(store.work, clock, "film", "two"):
        assert await held(store)


async def test_what_a_dead_process_held_is_free_after_a_while() -> None:
    store, clock = FakeStore(), FakeClock()
    await leases._take(store.work, clock, "film", "one")  # and dies
    clock.time += SECONDS - 1
    with pytest.raises(DeliveryFault):
        async with leased(store.work, clock, "film", "two"):
            raise AssertionError("the first may live yet")
    clock.time += 2
    async with leased(store.work, clock, "film", "two"):
        assert await held(store)


async def test_a_process_that_takes_the_place_of_a_dead_one_does_not_wait() -> None:
    store, clock = FakeStore(), FakeClock()
    await leases._take(store.work, clock, "film", "alone")  # and dies
    async with leased(store.work, clock, "film", "alone"):
        assert await held(store)


async def test_it_is_renewed_as_long_as_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    store, clock = FakeStore(), FakeClock()
    monkeypatch.setattr(leases, "RENEW", 0.005)
    async with leased(store.work, clock, "film", "one"):
        clock.time += SECONDS * 10
        async with asyncio.timeout(5):
            while not await _refuses(store, clock):  # noqa: ASYNC110 - the renewal tells nobody
                await asyncio.sleep(0.005)
    assert not await held(store)


async def _refuses(store: FakeStore, clock: FakeClock) -> bool:
    try:
        await leases._take(store.work, clock, "film", "two")
    except DeliveryFault:
        return True
    return False


async def test_who_is_cancelled_lets_go() -> None:
    store, clock = FakeStore(), FakeClock()
    inside = asyncio.Event()

    async def works() -> None:
        async with leased(store.work, clock, "film", "one"):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(works())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await held(store)
