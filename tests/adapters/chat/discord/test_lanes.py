"""Who goes first, how many at once, how many a second."""

import asyncio

import pytest

from adapters.chat.discord.lanes import Lane, Lanes, Meter, Urgency
from adapters.chat.discord.pace import Pacer
from adapters.chat.discord.turns import Turns


async def test_the_most_urgent_goes_first_and_equals_in_their_order() -> None:
    lanes, went = Lanes(1), list[str]()

    async def go(name: str, urgency: Urgency) -> None:
        async with lanes.turn("channel", urgency):
            went.append(name)
            await asyncio.sleep(0)

    who = [("card 1", 1), ("progress", 2), ("card 2", 1), ("clip", 0)]
    await asyncio.gather(*(go(name, Urgency(urgency)) for name, urgency in who))
    assert went == ["card 1", "clip", "card 2", "progress"]


async def test_channels_do_not_wait_for_one_another_and_are_forgotten() -> None:
    lanes, inside = Lanes(1), asyncio.Barrier(3)

    async def go(name: str) -> None:
        async with lanes.turn(name, Urgency.CARD):
            await inside.wait()

    await asyncio.wait_for(asyncio.gather(*map(go, "abc")), 1)
    assert not lanes._lanes


@pytest.mark.parametrize("late", [False, True])
async def test_who_gives_up_waiting_holds_nobody_up(late: bool) -> None:
    """`late`: they give up in the moment in which their turn comes."""
    lane = Lane(1)
    await lane.take(Urgency.CARD)
    leaving = asyncio.create_task(lane.take(Urgency.CARD))
    staying = asyncio.create_task(lane.take(Urgency.CARD))
    await asyncio.sleep(0)
    if late:
        lane.give()
        leaving.cancel()
    else:
        leaving.cancel()
        lane.give()
    await asyncio.wait_for(staying, 1)
    lane.give()
    assert lane.idle


async def test_so_many_a_second_and_the_rest_later() -> None:
    meter, clock = Meter(rate=3), asyncio.get_running_loop()
    start = clock.time()
    await asyncio.gather(*(meter.turn(Urgency.CARD) for _ in range(7)))
    assert 1.9 < clock.time() - start < 3


async def test_a_pacer_shows_the_newest_of_each_in_turn() -> None:
    shown: list[str] = []

    async def edit(key: str, item: int) -> None:
        shown.append(f"{key}{item}")

    pacer = Pacer(edit, gap=0.02)
    for item in range(3):
        for key in "ab":
            pacer.offer("channel", key, item)
    pacer.offer("channel", "c", 1)
    pacer.drop("c")
    await asyncio.sleep(0.15)
    assert shown == ["a2", "b2"]
    assert not pacer._pumps
    await pacer.close()


async def test_progress_that_fails_stops_nobody_else() -> None:
    shown: list[str] = []

    async def edit(key: str, item: int) -> None:
        if key == "a":
            raise RuntimeError("broken")
        shown.append(key)

    pacer = Pacer(edit, gap=0.0)
    pacer.offer("channel", "a", 1)
    pacer.offer("channel", "b", 1)
    await asyncio.sleep(0.05)
    assert shown == ["b"]


async def test_turns_of_one_key_follow_one_another() -> None:
    turns, inside = Turns(), 0

    async def go() -> int:
        nonlocal inside
        async with turns.turn("key"):
            inside += 1
            assert turns.busy("key")
            await asyncio.sleep(0)
            inside -= 1
            return inside

    assert await asyncio.gather(*(go() for _ in range(5))) == [0] * 5
    assert not turns.busy("key")
