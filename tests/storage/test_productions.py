"""Productions and their shots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.continuity import Facts
from tests.storage.conftest import Store
from tests.storage.props import ADA, BO, STUDIO, one_shot, production, shot


async def test_productions_of_one_member_in_one_place_newest_first(store: Store) -> None:
    old, new = production("old", opened_at=1.0), production("new", opened_at=2.0)
    async with store.work() as w:
        for each in (new, old, production("else", place="discord/9"), production("other", member=BO)):
            await w.productions.add(each)
    async with store.work() as w:
        assert await w.productions.of(ADA, STUDIO) == [new, old]
        assert await w.productions.get("old") == old
        assert await w.productions.get("lost") is None


async def test_shots_stand_in_the_order_of_the_script(store: Store) -> None:
    first, second, third = (
        shot("1A", created_at=3.0),
        shot("1B", number=1, created_at=1.0),
        shot("2A", scene=2, created_at=2.0),
    )
    async with store.work() as w:
        await w.productions.add(production())
        assert await w.productions.last_shot("film") is None
        for each in (third, first, second):
            await w.productions.add_shot(each)
    async with store.work() as w:
        assert await w.productions.shots("film") == [first, second, third]
        assert await w.productions.last_shot("film") == third
        assert await w.productions.shot("2A") == third
        assert await w.productions.shot("9Z") is None


async def test_of_shots_made_at_the_same_moment_the_last_in_the_script_is_the_last(store: Store) -> None:
    async with store.work() as w:
        await w.productions.add(production())
        for number in (0, 1):
            await w.productions.add_shot(shot(f"z{9 - number}", number=number))
        assert await w.productions.last_shot("film") == shot("z8", number=1)


async def test_only_the_facts_of_a_shot_change(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.productions.save_shot(replace(shot(), facts=Facts(place="a forest"), words="A wolf.", number=7))
        assert await w.productions.shot("shot") == replace(shot(), facts=Facts(place="a forest"))


async def test_two_shots_cannot_have_one_place_in_a_scene(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.productions.add_shot(shot("again"))


async def test_a_shot_needs_its_production(store: Store) -> None:
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.productions.add_shot(shot())
