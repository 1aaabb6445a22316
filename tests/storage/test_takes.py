"""Takes, their clips, and who may be counted for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.brief import Brief, Part, PartName
from bot.film import Shape, Slate
from tests.storage.conftest import Store
from tests.storage.props import ADA, BO, CLIP, STUDIO, one_shot, production, shot, take


async def test_a_take_comes_back_whole(store: Store) -> None:
    brief = Brief((Part(PartName.SPINE, "Cold."), Part(PartName.WORDS, "狐狸 🦊")), 4, Shape.PORTRAIT, 7, "ef" * 32)
    first, second = take("one"), take("two", number=2, brief=brief, made_from="one", change="Rain.", created_at=1.25)
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(first)
        await w.takes.add(second)
    async with store.work() as w:
        assert await w.takes.get("two") == second
        assert await w.takes.get("three") is None
        assert await w.takes.of_shot("shot") == [first, second]


async def test_takes_of_a_production_stand_in_the_order_of_their_slates(store: Store) -> None:
    slates = [Slate(2, 0, 1), Slate(1, 1, 1), Slate(1, 0, 2), Slate(1, 0, 1), Slate(1, 0, 10)]
    async with store.work() as w:
        await w.productions.add(production())
        for scene, number in ((1, 0), (1, 1), (2, 0)):
            await w.productions.add_shot(shot(f"{Slate(scene, number)}", scene=scene, number=number))
        for slate in slates:
            await w.takes.add(take(f"{slate}", slate.shot_name, slate=slate))
        assert [each.slate for each in await w.takes.of_production("film")] == sorted(slates)


async def test_dailies_show_one_members_takes_in_one_place_newest_first(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        for number in range(1, 5):
            await w.takes.add(take(f"t{number}", number=number, created_at=float(number)))
        await w.takes.add(take("else", number=5, place="discord/9"))
        await w.takes.add(take("bo's", number=6, member=BO))
        await w.takes.set_clip("t2", CLIP)
        assert [each.id for each in await w.takes.newest(ADA, STUDIO)] == ["t4", "t3", "t2", "t1"]
        assert [each.id for each in await w.takes.newest(ADA, STUDIO, limit=2)] == ["t4", "t3"]
        assert [each.id for each in await w.takes.newest(ADA, STUDIO, done_only=True)] == ["t2"]


async def test_a_take_gets_its_clip_and_its_circle(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(take())
        await w.takes.set_clip("take", replace(CLIP, poster=None))
        await w.takes.set_clip("take", CLIP)
        await w.takes.circle("take", True)
        assert await w.takes.get("take") == take(clip=CLIP, circled=True)
        await w.takes.circle("take", False)
        assert await w.takes.get("take") == take(clip=CLIP)


async def test_a_days_takes_are_counted(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        for number, created_at in enumerate((10.0, 20.0, 30.0), start=1):
            await w.takes.add(take(f"t{number}", number=number, created_at=created_at))
        assert [await w.takes.count_since(ADA, since) for since in (0.0, 20.0, 31.0)] == [3, 2, 0]
        assert await w.takes.count_since(BO, 0.0) == 0


async def test_two_takes_of_a_shot_cannot_have_one_number(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(take("one"))
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.takes.add(take("another"))


async def test_takes_are_found_by_what_they_were_made_from_wherever_they_are(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(take("one"))
        await w.takes.add(take("two", number=2, made_from="one", created_at=3.0))
        await w.takes.add(take("three", number=3, made_from="two", created_at=2.0))
        await w.takes.add(take("else", number=4, made_from="one", place="discord/9", member=BO, created_at=1.0))
        assert [each.id for each in await w.takes.made_from(["one"])] == ["else", "two"]
        assert [each.id for each in await w.takes.made_from(["one", "two"])] == ["else", "three", "two"]
        assert [each.id for each in await w.takes.made_from(["one", "two"], 1)] == ["else"]
        assert await w.takes.made_from(["three"]) == []
        assert await w.takes.made_from([]) == []
