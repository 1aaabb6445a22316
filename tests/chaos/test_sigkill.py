"""SIGKILL at every step of a take in turn. Nothing is lost, ordered twice, posted twice or booked twice.

The places are found, not listed: a first take runs through unharmed and reports every commit and every call to the outside
that it passes; each later take is killed at the next of them, and then finished by a fresh process.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.commands import Cancel, Generate
from bot.film import new_id
from bot.states import UNDERWAY, State
from tests.chaos.chat import CLIP
from tests.chaos.conftest import NewDatabase
from tests.chaos.server import TooLate, video_server
from tests.chaos.stage import Asked, Throughline, throughline, until

pytestmark = pytest.mark.slow

TRIES = 3
"""A step that a take may skip when the machine is busy (it was filmed before anybody saw it roll) is tried so often."""
PAID, GIVEN_BACK = ["reserve", "settle"], ["reserve", "release"]


def a_shot() -> Asked:
    """A wish like no other, so that its order can be told from all others."""
    words = f"a lighthouse keeper waves, {new_id()}"
    return Asked.for_(Generate(prompt=words, seconds=1, carry=False), words=words)


@asynccontextmanager
async def house(
    folder: Path, databases: NewDatabase, film_seconds: float = 0.6, table: str = "", **quirks: Any
) -> AsyncIterator[Throughline]:
    """A Throughline that runs, with a chat and a video server of its own."""
    folder.mkdir()
    with video_server(folder, film_seconds, **quirks) as server:
        async with throughline(folder, databases(folder), server, table=table) as home:
            await home.starts()
            yield home


async def unharmed(home: Throughline, asked: Asked, end: str) -> list[str]:
    """Let a take run through; the places it passed, in order."""
    home.wants(asked)
    await until(lambda: home.settled(asked, end), f"a take is {end}")
    await until(lambda: "after commit wish answered" in home.passed, "all places are reported")
    assert not list(home.complaints(asked, end, **DUE[end]))
    return list(dict.fromkeys(home.passed))


DUE: dict[str, dict[str, Any]] = {
    "done": {"orders": 1, "clips": 1, "money": PAID},
    "refused": {"orders": 0, "clips": 0, "money": GIVEN_BACK},
    "cancelled": {"orders": 1, "clips": 0, "money": PAID},
}


async def dies(home: Throughline, asked: Asked, cut: str, wish: Asked | None = None) -> bool:
    """Send the wish, with a knife at that place; whether the process died there (else the take has ended)."""
    home.wants(wish or asked, cut)
    await until(lambda: not home.alive or home.settled(asked, *DUE), f"it dies at {cut!r}")
    with suppress(TooLate):  # its last commit may be seen a moment before it dies of it
        await until(lambda: not home.alive, "it dies after all", patience=1.0)
    if home.alive:
        return False
    await home.died()
    return True


# ---------------------------------------------------------------- a take that ends well


async def killed_at(home: Throughline, cut: str) -> list[str]:
    """One take killed at that place and taken up by the next process; what is wrong then."""
    for _ in range(TRIES):
        asked = a_shot()
        if cut == "clip arriving":
            home.server.script("content", stall=True)
        if await dies(home, asked, cut):
            break
    else:
        return [f"{cut}: never reached"]
    await home.starts()
    await until(lambda: home.settled(asked, "done"), f"the take killed at {cut!r} is done")
    return [
        f"{cut}: {complaint}" for complaint in [*home.complaints(asked, "done", **DUE["done"]), *posts(home, asked)]
    ]


def posts(home: Throughline, asked: Asked) -> list[str]:
    """The chat forgets a nonce soon, so it must not be relied on: only a process that did not live to commit posts again."""
    job = home.job(asked)
    assert job is not None
    processes = [post.process for post in home.chat.asked(CLIP + job.take)]
    wrong = [] if len(processes) == len(set(processes)) else ["one process posted the clip twice"]
    clips = home.clips
    return wrong if (clips[".mp4"], clips[".jpg"]) == (1, 1) else [*wrong, f"files in the store: {dict(clips)}"]


async def killed_at_each(home: Throughline, cuts: Iterable[str]) -> list[str]:
    """All complaints of one house."""
    complaints = [complaint for cut in cuts for complaint in await killed_at(home, cut)]
    complaints += [f"posted again later: {message.nonce}" for message in doubles(home)]
    return complaints


def doubles(home: Throughline) -> list[Any]:
    """Messages that stand in the chat twice."""
    return [message for message in home.chat.messages if len(home.chat.of(message.nonce)) > 1]


def transitions(places: Iterable[str]) -> list[tuple[str, str]]:
    """The changes of state among these places."""
    found = []
    for place in places:
        if place.startswith("after commit ") and "→" in place:
            source, _, target = place.removeprefix("after commit ").partition("→")
            found.append((source, target))
    return found


def fixed(places: list[str]) -> list[str]:
    """Places that every take passes: how often a card shows progress depends on the machine."""
    return [place for place in places if not place.startswith(("card changed to rolling", "card changed to waiting"))]


async def test_a_take_survives_sigkill_at_every_step(tmp_path: Path, databases: NewDatabase) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(house(tmp_path / "one", databases))
        two = await stack.enter_async_context(house(tmp_path / "two", databases))
        places = fixed(await unharmed(one, a_shot(), "done"))
        steps = transitions(places)
        assert {source for source, _ in steps} == UNDERWAY
        assert {target for _, target in steps} == (UNDERWAY - {State.RESERVED}) | {State.DONE}
        assert {f"{when} commit wish {what}" for when in ("before", "after") for what in ("stored", "answered")} <= {
            *places
        }
        complaints = await asyncio.gather(killed_at_each(one, places[::2]), killed_at_each(two, places[1::2]))
        sys.stdout.write(f"\n{len(places)} places, {one.kills + two.kills} kills\n")
    assert not any(complaints), complaints
    assert one.kills + two.kills == len(places)


# ---------------------------------------------------------------- killed again while it recovers


SECOND_CUTS = (
    ("order about to leave", "before commit submitting→reserved"),
    ("order about to leave", "order accepted"),
    ("order accepted", "before commit submitting→submitted"),
    ("order accepted", "after commit submitting→submitted"),
    ("clip posted", "clip posted"),
    ("clip posted", "before commit delivering→done"),
)


async def killed_twice(home: Throughline, first: str, second: str) -> list[str]:
    """One take killed at the first place, and at the second by what takes it up; what is wrong when a third has done it."""
    asked = a_shot()
    assert await dies(home, asked, first)
    await home.starts(second, wait=False)
    await until(lambda: not home.alive, f"it dies at {second!r} after {first!r}")
    await home.died()
    await home.starts()
    await until(lambda: home.settled(asked, "done"), f"the take killed at {first!r} and {second!r} is done")
    return [f"{first}, {second}: {complaint}" for complaint in home.complaints(asked, "done", **DUE["done"])]


async def test_a_take_survives_sigkill_while_it_recovers_from_one(tmp_path: Path, databases: NewDatabase) -> None:
    async with house(tmp_path / "house", databases) as home:
        complaints = [await killed_twice(home, first, second) for first, second in SECOND_CUTS]
        assert not any(complaints), complaints
        assert not doubles(home)


# ---------------------------------------------------------------- other ends


UNCERTAIN = (("order about to leave", 0), ("order accepted", 1), ("before commit submitting→submitted", 1))
"""Where a process dies without knowing what became of the order, and how many were really accepted."""


async def parked_at(home: Throughline, cut: str) -> Asked:
    """A take killed there whose order cannot be looked up: parked, and the member is told."""
    asked = a_shot()
    assert await dies(home, asked, cut)
    await home.starts()
    await until(lambda: home.settled(asked, "ambiguous"), f"killed at {cut!r}, it is parked")
    await until(lambda: "charged twice" in " ".join(last_card(home, asked)["lines"]), "the member is told")
    return asked


async def test_an_order_that_nobody_can_look_up_is_parked_and_never_sent_again(
    tmp_path: Path, databases: NewDatabase
) -> None:
    async with house(tmp_path / "house", databases, lists=False) as home:
        parked = [(await parked_at(home, cut), orders) for cut, orders in UNCERTAIN]
        await home.killed()
        await home.starts()  # looks at every parked job once more
        for asked, orders in parked:
            assert not list(home.complaints(asked, "ambiguous", orders, clips=0, money=["reserve"]))


def last_card(home: Throughline, asked: Asked) -> dict[str, Any]:
    """What stands in the chat for the wish now."""
    job = home.job(asked)
    assert job is not None
    return home.chat.of(job.take)[0].cards[-1]


REFUSAL = {"status": 400, "body": {"error": {"code": "moderation_blocked", "message": "Blocked by our moderation."}}}


async def refused_at(home: Throughline, cut: str) -> list[str]:
    """A take that is refused, killed there; what is wrong when the member has been told."""
    asked = a_shot()
    assert await dies(home, asked, cut), cut
    await home.starts()
    await until(lambda: home.settled(asked, "refused"), f"killed at {cut!r}, it is refused")
    told = [] if last_card(home, asked)["tone"] == "failed" else ["the card does not say so"]
    return [f"{cut}: {complaint}" for complaint in [*home.complaints(asked, "refused", **DUE["refused"]), *told]]


async def test_a_refused_take_is_told_once_wherever_the_process_dies(tmp_path: Path, databases: NewDatabase) -> None:
    async with house(tmp_path / "house", databases) as home:
        home.server.script("create", 100, **REFUSAL)
        places = fixed(await unharmed(home, a_shot(), "refused"))
        assert ("submitting", "refused") in transitions(places)
        complaints = [await refused_at(home, cut) for cut in places[places.index("order about to leave") :]]
        assert not any(complaints), complaints
        assert not doubles(home)


async def cancelled_at(home: Throughline, cut: str | None) -> list[str]:
    """A take cancelled while it rolls, killed at that place; what is wrong when all is quiet again."""
    asked, cancel = a_shot(), Asked.for_(Cancel())
    home.wants(asked)
    await until(lambda: (row := home.job(asked)) and row.state == "rolling", "it rolls")
    await until(lambda: (row := home.wish(asked)) and row.state == "answered", "the first wish is answered")
    if cut is None:
        home.passed.clear()
        home.wants(cancel)
    else:
        assert await dies(home, asked, cut, cancel), cut
        await home.starts()
    await until(lambda: home.settled(asked, "cancelled"), f"killed at {cut!r}, it is cancelled")
    await until(lambda: (row := home.wish(cancel)) and row.state == "answered", f"and answered, killed at {cut!r}")
    return [f"{cut}: {complaint}" for complaint in home.complaints(asked, "cancelled", **DUE["cancelled"])]


async def test_a_take_cancelled_while_it_rolls_stays_cancelled(tmp_path: Path, databases: NewDatabase) -> None:
    rolling_for_long: dict[str, Any] = {"film_seconds": 900.0, "cancels": True, "words": {"queued": "in_progress"}}
    async with house(tmp_path / "house", databases, table="cancel = true", **rolling_for_long) as home:
        assert not await cancelled_at(home, None)
        places = list(dict.fromkeys(home.passed))
        assert ("rolling", "cancelled") in transitions(places)
        for cut in ("wish handled", "cancelled there", "rolling→cancelled", "told noted"):
            for place in [place for place in places if place.endswith(cut)]:
                assert not await cancelled_at(home, place)
        assert not doubles(home)
