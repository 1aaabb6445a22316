"""Many members' wishes, on the members' way: stored, then handled by `Studio`, which enqueues in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from adapters.bootstrap import House, build
from adapters.settings import load
from bot.commands import Generate, to_dict
from bot.film import new_id
from bot.paperwork import Wish
from bot.people import Address, Member


@asynccontextmanager
async def front(own: Mapping[str, str]) -> AsyncIterator[House]:
    """Everything wired in this process and nothing started. `own`: the settings, by their names in the environment."""
    house = build(load(own))
    try:
        yield house
    finally:
        await house.backends.close()
        await house.database.close()


async def order(own: Mapping[str, str], takes: int, *, members: int) -> None:
    """So many takes, one after the other, the members by turns."""
    async with front(own) as house:
        for number in range(takes):
            await _wish(house, f"web:{number % members}", number)


async def _wish(house: House, who: str, number: int) -> None:
    prompt = f"A detective in a trench coat crosses street {number} in heavy rain, neon on wet asphalt, slow dolly back"
    command, address = Generate(prompt=prompt), Address("web", "studio", member=who)
    wish = Wish(new_id(), Member(who), address, to_dict(command), house.clock.now())
    async with house.work() as w:
        await w.wishes.add(wish)
    await house.studio.handle(command, wish)
    async with house.work() as w:
        await w.wishes.answered(wish.id)
