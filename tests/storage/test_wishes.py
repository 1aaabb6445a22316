"""A wish is stored once, handled once, answered once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.cards import Card, Tone
from bot.commands import Generate, from_dict, to_dict
from bot.film import Shape
from bot.paperwork import Wish
from bot.people import Member
from tests.storage.conftest import Store
from tests.storage.props import ADA, FOX, HERE, job, jobs

COMMAND = Generate(prompt=FOX, shape=Shape.TALL, seconds=4)
WISH = Wish("discord-1", Member(ADA, "Ada", "zh-Hant", moderator=True), HERE, to_dict(COMMAND), at=1.5)
CARD = Card(Tone.WAITING, title="1A-1")


async def test_a_wish_comes_back_as_it_was_said(store: Store) -> None:
    async with store.work() as w:
        assert await w.wishes.add(WISH)
    async with store.work() as w:
        found = await w.wishes.get("discord-1")
    assert found == WISH
    assert found is not None
    assert from_dict(found.command) == COMMAND


async def test_what_the_platform_delivers_twice_is_stored_once(store: Store) -> None:
    async with store.work() as w:
        assert await w.wishes.add(WISH)
        assert not await w.wishes.add(replace(WISH, at=9.0))
        assert [wish.at for wish in await w.wishes.open()] == [1.5]


async def test_a_wish_waits_until_it_is_handled_and_stays_open_until_it_is_answered(store: Store) -> None:
    await jobs(store.work, job("j"))
    async with store.work() as w:
        await w.wishes.add(replace(WISH, id="second", at=2.0))
        await w.wishes.add(replace(WISH, id="first", at=1.0))
        assert [wish.id for wish in await w.wishes.open()] == ["first", "second"]
        assert [wish.id for wish in await w.wishes.open(limit=1)] == ["first"]

        await w.wishes.answered("first")  # nobody has handled it: it must not be forgotten
        assert await w.wishes.handled("first", CARD, "j")
        handled = await w.wishes.get("first")
        assert handled == replace(WISH, id="first", at=1.0, handled=True, answer=CARD, job="j")
        assert await w.wishes.open() == [handled, replace(WISH, id="second", at=2.0)]

        await w.wishes.answered("first")
        assert [wish.id for wish in await w.wishes.open()] == ["second"]


async def test_of_twenty_who_try_one_handles_it(store: Store) -> None:
    async with store.work() as w:
        await w.wishes.add(WISH)

    async def handle(number: int) -> bool:
        async with store.work() as w:
            return await w.wishes.handled(WISH.id, replace(CARD, title=f"{number}"), None)

    results = await asyncio.gather(*(handle(number) for number in range(20)))
    async with store.work() as w:
        stored = await w.wishes.get(WISH.id)
    assert results.count(True) == 1
    assert stored is not None
    assert stored.answer == replace(CARD, title=f"{results.index(True)}")


async def test_an_unknown_wish_cannot_be_handled(store: Store) -> None:
    async with store.work() as w:
        assert await w.wishes.get("nobody's") is None
        assert not await w.wishes.handled("nobody's", CARD, None)
        await w.wishes.answered("nobody's")


async def test_an_idea_is_shot_once_and_only_when_it_stands(store: Store) -> None:
    await jobs(store.work, job("first"), job("second"))
    async with store.work() as w:
        await w.wishes.add(WISH)
        assert not await w.wishes.shoot(WISH.id, "first")  # nobody has answered it with an idea yet
        assert not await w.wishes.shoot("nobody's", "first")
        await w.wishes.handled(WISH.id, CARD, None)
        await w.wishes.answered(WISH.id)
    async with store.work() as w:
        assert await w.wishes.shoot(WISH.id, "first")
        assert not await w.wishes.shoot(WISH.id, "second")
    async with store.work() as w:
        shot = await w.wishes.get(WISH.id)
        assert shot == replace(WISH, handled=True, answer=CARD, job="first")
        assert await w.wishes.open() == []


async def test_of_ten_taps_one_shoots(store: Store) -> None:
    await jobs(store.work, *(job(f"{number}") for number in range(10)))
    async with store.work() as w:
        await w.wishes.add(WISH)
        await w.wishes.handled(WISH.id, CARD, None)

    async def tap(number: int) -> bool:
        async with store.work() as w:
            return await w.wishes.shoot(WISH.id, f"{number}")

    assert sorted(await asyncio.gather(*map(tap, range(10))))[-2:] == [False, True]


async def test_what_was_attached_is_named_by_its_digest_while_the_wish_waits(store: Store) -> None:
    def with_picture(image: str) -> dict[str, object]:
        return to_dict(replace(COMMAND, image=image))

    async with store.work() as w:
        await w.wishes.add(replace(WISH, command=with_picture("discord:https://cdn.example/1")))
        await w.wishes.amend(WISH.id, with_picture("ab" * 32))
        await w.wishes.amend("nobody's", with_picture("cd" * 32))
        assert await w.wishes.handled(WISH.id, CARD, None)
        await w.wishes.amend(WISH.id, with_picture("ef" * 32))
    async with store.work() as w:
        found = await w.wishes.get(WISH.id)
    assert found is not None
    assert from_dict(found.command) == replace(COMMAND, image="ab" * 32)


async def test_the_hook_goes_when_the_wish_is_answered(store: Store) -> None:
    hooked = replace(HERE, direct=True, guest=True, pressed="web/studio/9", hook="aW50ZXJhY3Rpb24", hook_until=901.0)
    async with store.work() as w:
        await w.wishes.add(replace(WISH, address=hooked))
        await w.wishes.answered(WISH.id)  # not yet handled
        waiting = await w.wishes.get(WISH.id)
        await w.wishes.handled(WISH.id, CARD, None)
        await w.wishes.answered(WISH.id)
        answered = await w.wishes.get(WISH.id)
    assert waiting is not None
    assert answered is not None
    assert waiting.address == hooked
    assert answered.address == replace(hooked, hook="")
    assert "aW50ZXJhY3Rpb24" not in repr(waiting)


async def test_a_command_may_be_amended_while_the_wish_waits(store: Store) -> None:
    """What was attached is named by its digest, once it has been fetched."""
    fetched = {**to_dict(COMMAND), "image": "ab" * 32}
    async with store.work() as w:
        await w.wishes.add(WISH)
        await w.wishes.amend(WISH.id, fetched)
        waiting = await w.wishes.get(WISH.id)
        await w.wishes.handled(WISH.id, CARD, None)
        await w.wishes.amend(WISH.id, {})
        handled = await w.wishes.get(WISH.id)
    assert waiting is not None
    assert handled is not None
    assert waiting.command == handled.command == fetched
