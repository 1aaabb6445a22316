"""What one member asks is handled in the order in which it was asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.commands import Generate, Remix
from bot.errors import Busy
from bot.turns import Turns
from tests.dialogue import INES, MAREK, Chat


async def test_the_same_name_waits_and_another_does_not() -> None:
    turns, order, gate = Turns(), [], asyncio.Event()

    async def one(name: str, number: int, *, slow: bool = False) -> None:
        async with turns.turn(lambda: looked_up(name), str) as found:
            if slow:
                await gate.wait()
            order.append((found, number))

    async def looked_up(name: str) -> str:
        await asyncio.sleep(0)
        return name

    first = asyncio.create_task(one("ines", 1, slow=True))
    others = [asyncio.create_task(one("ines", number)) for number in (2, 3)]
    await asyncio.create_task(one("marek", 1))
    assert order == [("marek", 1)]
    gate.set()
    await asyncio.gather(first, *others)
    assert order == [("marek", 1), ("ines", 1), ("ines", 2), ("ines", 3)]


async def test_a_slow_look_is_not_overtaken() -> None:
    turns, order = Turns(), []

    async def one(number: int, pauses: int) -> None:
        async def look() -> int:
            for _ in range(pauses):
                await asyncio.sleep(0)
            return number

        async with turns.turn(look, lambda _: "ines") as found:
            order.append(found)

    await asyncio.gather(one(1, 50), one(2, 0), one(3, 5))
    assert order == [1, 2, 3]


async def test_many_look_at_the_same_time() -> None:
    turns, looking, enough = Turns(), 0, asyncio.Event()

    async def one(number: int) -> None:
        async def look() -> str:
            nonlocal looking
            looking += 1
            if looking == 3:
                enough.set()
            await enough.wait()
            return str(number)

        async with turns.turn(look, str):
            pass

    async with asyncio.timeout(1):
        await asyncio.gather(*(one(number) for number in range(3)))


async def test_who_fails_or_is_stopped_holds_nobody_up() -> None:
    turns = Turns()

    async def away() -> str:
        raise Busy

    async def there() -> str:
        return "ines"

    async def stuck() -> None:
        async with turns.turn(there, str):
            await asyncio.Event().wait()

    waiting = asyncio.create_task(stuck())
    await asyncio.sleep(0)
    behind = asyncio.create_task(stuck())
    await asyncio.sleep(0)
    behind.cancel()
    waiting.cancel()
    await asyncio.gather(waiting, behind, return_exceptions=True)
    try:
        async with turns.turn(away, str):
            pass
    except Busy:
        pass
    async with asyncio.timeout(1), turns.turn(there, str) as found:
        assert found == "ines"


async def test_a_picture_that_takes_its_time_is_not_overtaken_by_the_next_wish(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    chat.poster.pictures["slow"] = b"a picture"
    arrived, fetch = asyncio.Event(), chat.poster.fetch

    async def slowly(attachment: str, into: Path) -> None:
        await arrived.wait()
        await fetch(attachment, into)

    chat.poster.fetch = slowly  # type: ignore[method-assign]
    first = await chat.stored(Generate(prompt="a fox", image="chat:slow"))
    second = await chat.stored(Remix(change="at night"))
    other = await chat.stored(Generate(prompt="a heron"), MAREK)
    taken = [asyncio.create_task(chat.studio.take_up(wish.id)) for wish in (first, second, other)]
    await asyncio.wait_for(taken[2], 5)
    arrived.set()
    await asyncio.gather(*taken)
    await chat.engine.quiet()

    hers = [take for take in chat.store.rows.takes.values() if take.member == INES.id]
    assert [str(take.slate) for take in hers] == ["1A-1", "1A-2"]
