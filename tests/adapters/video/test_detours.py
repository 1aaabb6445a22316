"""Other ways to the same film: before the intent only, never dearer than was shown, and the member told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.video.detours import TRIES, Fallback, Prefer, Router, Ways, read_routes
from adapters.video.registry import Registry
from adapters.video.routing import Limited, Paused
from adapters.video.wrapped import wrap
from bot import offering
from bot.brief import Brief, compile_brief
from bot.capabilities import Capabilities
from bot.errors import BadSetting, NeverMade
from bot.paperwork import Admission, Held, Order
from bot.ports import Backend
from bot.states import State
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeClock

WORDS = compile_brief("a fox", seconds=4)


def a_backend(name: str, micros: int | None = 10_000, **can: Any) -> FakeBackend:
    backend = FakeBackend(name)
    backend.can = replace(backend.can, micros_per_second=micros, **can)
    return backend


def ways(*backends: Backend, dearer: bool = False) -> Ways:
    return Ways(
        Registry({each.name: each for each in backends}, backends[0].name, backends[0].name), FakeClock(), dearer
    )


def order(brief: Brief = WORDS, **more: Any) -> Order:
    return Order("job", brief, **more)


async def goes(
    door: Fallback | Router, asked: Order | None = None, *, tries: int = 0, most: int | None = 40_000
) -> Admission:
    return await door.admit(asked or order(), tries=tries, most=most)


class TestFallback:
    """While a backend rests, is down, or has turned the order away some times."""

    async def test_it_stays_where_it_can_be_taken(self) -> None:
        main, other = a_backend("main"), a_backend("other")
        assert await goes(wrap(Fallback, main, ways(other), ["other"])) == Admission()

    async def test_it_goes_to_the_first_that_takes_it(self) -> None:
        main = wrap(Paused, a_backend("main"))
        resting, other = wrap(Paused, a_backend("resting")), a_backend("other")
        door = wrap(Fallback, main, ways(main, resting, other), ["main", "resting", "other"])
        assert await goes(door) == Admission(choice="other")

    async def test_after_some_tries_it_goes_and_gives_its_place_back(self) -> None:
        main = wrap(Limited, a_backend("main"), FakeClock(), None, 1)
        door = wrap(Fallback, main, ways(a_backend("other")), ["other"])
        assert await goes(door, tries=TRIES - 1) == Admission()
        main.release("job")
        assert await goes(door, tries=TRIES) == Admission(choice="other")
        assert await main.admit(Order("next", WORDS), tries=0, most=None) == Admission()

    @pytest.mark.parametrize(
        ("other", "why"),
        [
            (a_backend("other", 10_001), "it is dearer than what was shown"),
            (a_backend("other", None), "nobody knows what it costs"),
            (a_backend("other", seconds=(5,)), "it does not film that length"),
            (a_backend("other", retires_on="1970-01-01"), "it has ended"),
        ],
        ids=lambda each: each if isinstance(each, str) else "",
    )
    async def test_it_waits_rather_than_go_where(self, other: FakeBackend, why: str) -> None:
        door = wrap(Fallback, wrap(Paused, a_backend("main")), ways(other), ["other"])
        assert (await goes(door)).held is Held.PAUSED, why

    async def test_the_operator_may_allow_what_is_dearer(self) -> None:
        door = wrap(Fallback, wrap(Paused, a_backend("main")), ways(a_backend("other", 99_000), dearer=True), ["other"])
        assert (await goes(door)).choice == "other"

    @pytest.mark.parametrize("asked", [order(extend_of="r-1"), order(replace(WORDS, starts_at=4.0))])
    async def test_what_goes_on_from_a_clip_stays_where_the_clip_is(self, asked: Order) -> None:
        door = wrap(Fallback, wrap(Paused, a_backend("main")), ways(a_backend("other")), ["other"])
        assert (await goes(door, asked)).held is Held.PAUSED

    async def test_a_character_goes_only_where_it_is_known(self) -> None:
        asked = order(replace(WORDS, characters=("main:c1 third:c7",)))
        door = wrap(
            Fallback, wrap(Paused, a_backend("main")), ways(a_backend("other"), a_backend("third")), ["other", "third"]
        )
        assert await goes(door, asked) == Admission(choice="third")


class TestRouter:
    """The choice ``auto``."""

    def router(self, prefer: Prefer, *backends: Backend) -> Router:
        return Router(ways(*backends), [each.name for each in backends], prefer)

    @pytest.mark.parametrize(
        ("prefer", "chosen"), [(Prefer.COST, "cheap"), (Prefer.SPEED, "quick"), (Prefer.STABILITY, "steady")]
    )
    async def test_it_picks_by_what_the_operator_prefers(self, prefer: Prefer, chosen: str) -> None:
        router = self.router(
            prefer,
            a_backend("cheap", 1_000, usual_seconds=90, troubles=3),
            a_backend("quick", 5_000, usual_seconds=20, troubles=4),
            a_backend("steady", 9_000, usual_seconds=60, troubles=0),
        )
        assert await goes(router) == Admission(choice=chosen)

    async def test_it_passes_over_what_cannot_film_it_now(self) -> None:
        short = a_backend("short", 1_000, seconds=(5,))
        resting, open_ = wrap(Paused, a_backend("resting", 2_000)), a_backend("open", 9_000)
        assert (await goes(self.router(Prefer.COST, short, resting, open_))).choice == "open"
        assert (await goes(self.router(Prefer.COST, short, resting))).held is Held.DOWN

    async def test_a_price_that_was_shown_is_not_exceeded(self) -> None:
        assert (await goes(self.router(Prefer.SPEED, a_backend("dear", 11_000)))).held is Held.DOWN
        assert (await goes(self.router(Prefer.SPEED, a_backend("unknown", None)), most=None)).choice == "unknown"

    async def test_a_character_is_filmed_where_it_is_known(self) -> None:
        asked = order(replace(WORDS, characters=("b:c7",)))
        assert (await goes(self.router(Prefer.COST, a_backend("a"), a_backend("b")), asked)).choice == "b"

    async def test_it_offers_what_any_of_them_films(self) -> None:
        one, two = a_backend("one", seconds=(4,), images=False), a_backend("two", seconds=(8,))
        can = await self.router(Prefer.COST, one, two).capabilities()
        assert (can.seconds, can.images, can.among) == ((4, 8), True, ("one", "two"))

    async def test_nothing_is_ever_sent_to_it(self) -> None:
        router = self.router(Prefer.COST, a_backend("one"))
        assert isinstance(router, Backend)
        with pytest.raises(NeverMade):
            await router.submit(order(), None)
        assert (await router.search(order(), 0.0)).complete


class TestInAChat:
    """The same, from the member's side."""

    def chat(self, folder: Path, main: Backend, clock: FakeClock, *others: Backend) -> Chat:
        chat = Chat(folder, FakeBackend(clock=clock))
        names = [each.name for each in (main, *others)]
        inside = Registry({each.name: each for each in (main, *others)}, "main", "main")
        there = Ways(inside, clock)
        outside: dict[str, Backend] = {each.name: wrap(Fallback, each, there, names) for each in (main, *others)}
        outside["auto"] = Router(there, names, Prefer.COST)
        chat.driver.backends = chat.studio.backends = Registry(outside, "main", "main")
        chat.studio.desk = replace(chat.studio.desk, default="main", offered=("main", "auto"))
        return chat

    async def test_a_paused_backend_is_stood_in_for_and_the_member_told(self, tmp_path: Path) -> None:
        clock = FakeClock()
        main, other = a_backend("main"), a_backend("other", 5_000)
        other.clock = clock
        chat = self.chat(tmp_path, wrap(Paused, main), clock, other)
        card = await chat.says("/generate a fox seconds:4")

        assert card.lines == ("main could not take it at this time, so it went to other.",)
        assert [len(main.accepted), len(other.accepted)] == [0, 1]
        assert (await chat.job(card)).price == 20_000

    async def test_auto_films_with_the_best_and_makes_no_fuss(self, tmp_path: Path) -> None:
        clock = FakeClock()
        chat = self.chat(tmp_path, a_backend("main"), clock, a_backend("other", 5_000))
        card = await chat.says("/generate a fox seconds:4 model:auto")
        job = await chat.job(card)

        assert (job.backend, job.wanted, job.price, job.state) == ("other", "auto", 20_000, State.DONE)
        assert card.lines == ()
        assert chat.store.rows.opened[job.id].micros == 40_000  # held back: the dearest it could have been

    async def test_one_wish_is_never_two_orders(self, tmp_path: Path) -> None:
        clock = FakeClock()
        main, other = a_backend("main"), a_backend("other", 5_000)
        main.clock = other.clock = clock
        main.faults = [NeverMade("no connection")] * 5
        chat = self.chat(tmp_path, main, clock, other)
        card = await chat.says("/generate a fox seconds:4")

        assert [len(main.accepted), len(other.accepted)] == [0, 1]
        assert (await chat.job(card)).wanted == "main"


@pytest.mark.parametrize(
    "table", [{"fallbacks": []}, {"fallback": "main"}, {"prefer": "luck"}, {"dearer": "yes"}, {"fallback": [1]}]
)
def test_a_table_that_cannot_be_read_is_named(table: dict[str, Any]) -> None:
    with pytest.raises(BadSetting, match=r"routing\."):
        read_routes(table)


def test_what_a_router_shows_for_a_brief_is_the_dearest() -> None:
    offers = offering.Offers(
        a=Capabilities(micros_per_second=1), b=Capabilities(micros_per_second=None), auto=Capabilities(among=("a", "b"))
    )
    assert offering.price(offers, "auto", WORDS, 0.0) is None
