"""One vote a member for each shot, and it moves."""

from __future__ import annotations

import asyncio

import pytest

from tests.storage.conftest import Store
from tests.storage.props import ADA, BO, one_shot, shot, take


async def film(store: Store) -> None:
    """A shot with three takes, and another shot with one."""
    async with store.work() as w:
        await one_shot(w)
        await w.productions.add_shot(shot("other", number=1))
        for number in (1, 2, 3):
            await w.takes.add(take(f"take {number}", number=number))
        await w.takes.add(take("take of the other", of="other"))


async def test_votes_are_counted_take_by_take(store: Store) -> None:
    await film(store)
    async with store.work() as w:
        assert await w.votes.of_shot("shot") == {}
        await w.votes.put("shot", ADA, "take 1", at=1.0)
        await w.votes.put("shot", BO, "take 1", at=2.0)
        await w.votes.put("shot", "web:chen", "take 3", at=3.0)
        await w.votes.put("other", ADA, "take of the other", at=4.0)
    async with store.work() as w:
        assert await w.votes.of_shot("shot") == {"take 1": 2, "take 3": 1}
        assert await w.votes.of_shot("other") == {"take of the other": 1}


async def test_a_vote_moves_and_is_one_however_often_it_is_cast(store: Store) -> None:
    await film(store)
    for at, name in enumerate(("take 1", "take 2", "take 2", "take 1", "take 3")):
        async with store.work() as w:
            await w.votes.put("shot", ADA, name, at=float(at))
    async with store.work() as w:
        assert await w.votes.of_shot("shot") == {"take 3": 1}


async def test_votes_at_once_lose_none(store: Store) -> None:
    await film(store)

    async def vote(number: int) -> None:
        async with store.work() as w:
            await w.votes.put("shot", f"web:{number % 5}", f"take {number % 3 + 1}", at=1.0)

    await asyncio.gather(*map(vote, range(15)))
    async with store.work() as w:
        assert sum((await w.votes.of_shot("shot")).values()) == 5


@pytest.mark.parametrize("named", [("shot", "nothing"), ("nothing", "take 1")])
async def test_a_vote_is_for_what_is_there(store: Store, named: tuple[str, str]) -> None:
    await film(store)
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.votes.put(named[0], ADA, named[1], at=1.0)
    async with store.work() as w:
        assert await w.votes.of_shot("shot") == {}
