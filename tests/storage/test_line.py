"""Where one is served at a time, those in haste go first."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.line import Haste, Line


async def waiting(line: Line, served: list[str], *who: tuple[str, Haste]) -> list[asyncio.Task[None]]:
    """They come one after another."""

    async def one(name: str, haste: Haste) -> None:
        async with line.turn(haste):
            served.append(name)
            await asyncio.sleep(0)

    tasks = []
    for name, haste in who:
        tasks.append(asyncio.create_task(one(name, haste)))
        await asyncio.sleep(0)
    return tasks


async def test_haste_goes_first_and_equals_in_order() -> None:
    line, served = Line(), list[str]()
    async with line.turn(Haste.LATER):
        tasks = await waiting(
            line,
            served,
            ("film 1", Haste.LATER),
            ("card 1", Haste.SOON),
            ("film 2", Haste.LATER),
            ("wish", Haste.AT_ONCE),
            ("card 2", Haste.SOON),
        )
    await asyncio.gather(*tasks)
    assert served == ["wish", "card 1", "card 2", "film 1", "film 2"]


async def test_nobody_waits_for_ever() -> None:
    now = 100.0
    line, served = Line(lambda: now), list[str]()
    async with line.turn(Haste.SOON):
        film = await waiting(line, served, ("film", Haste.LATER))
        now += 3
        cards = await waiting(line, served, ("card", Haste.SOON), ("wish", Haste.AT_ONCE))
    await asyncio.gather(*film, *cards)
    assert served == ["film", "wish", "card"]


async def test_who_stops_waiting_holds_nobody_up() -> None:
    line, served = Line(), list[str]()
    async with line.turn(Haste.SOON):
        first, second = await waiting(line, served, ("first", Haste.AT_ONCE), ("second", Haste.LATER))
        first.cancel()
    await second
    assert served == ["second"]

    turn = line.turn(Haste.SOON)
    await turn.__aenter__()
    late, last = await waiting(line, served, ("late", Haste.SOON), ("last", Haste.SOON))
    await turn.__aexit__(None, None, None)
    late.cancel()  # in the moment in which its turn has come
    with suppress(asyncio.CancelledError):
        await late
    await asyncio.wait_for(last, 1)
    assert served[-1] == "last"


async def test_a_wish_is_stored_before_the_films_that_were_there_first(tmp_path: Path) -> None:
    database, served = Database(f"sqlite:///{tmp_path}/throughline.sqlite"), list[Haste]()

    async def transact(haste: Haste) -> None:
        async with database.transaction(haste) as connection:
            await connection.execute(sa.text("SELECT 1"))
            served.append(haste)

    films = [asyncio.create_task(transact(Haste.LATER)) for _ in range(20)]
    await asyncio.sleep(0)
    await transact(Haste.AT_ONCE)
    await asyncio.gather(*films)
    await database.close()
    assert served.index(Haste.AT_ONCE) <= 1


@pytest.mark.postgres
async def test_postgresql_serves_many_at_once(fresh_postgres: str) -> None:
    database, together = Database(fresh_postgres), asyncio.Barrier(3)

    async def transact() -> None:
        async with database.transaction(Haste.LATER):
            await together.wait()

    async with asyncio.timeout(20):
        await asyncio.gather(*(transact() for _ in range(3)))
    await database.close()
