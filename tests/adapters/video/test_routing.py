"""Pauses, limits and circuits: only ordering is held up, nobody's order fails by it, and the line is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.video.routing import COOLING, FAILURES, Breaker, Limited, Paused
from adapters.video.wrapped import Wrapped, innermost, wrap
from bot.backends import Admits, MakesCharacters, OffersModels, TakesHooks
from bot.brief import compile_brief
from bot.errors import BadOrder, NeverMade, Unclear, Unreachable
from bot.paperwork import Admission, Held, Order, Phase, Report
from bot.ports import Backend, Examinable, FitsPictures, ListsMany, ReadsWords
from tests.fakes.film_world import FakeBackend, FakeClock, ListingBackend


def order(job: str = "one") -> Order:
    return Order(job, compile_brief("a fox"))


async def asks(door: Wrapped, job: str = "one") -> Admission:
    return await door.admit(order(job), tries=0, most=None)


async def sends(door: Wrapped, job: str = "one") -> str:
    """Ask, and go if admitted."""
    assert await asks(door, job) == Admission()
    return await door.submit(order(job), None)


class CharacterBackend(FakeBackend):
    """Makes characters."""

    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        return f"{remote_id} as {name}"


class TestWrapping:
    """What is behind a wrapper is seen from outside, and what is not there is not pretended."""

    def test_it_has_what_the_inner_one_has(self) -> None:
        listing, plain = wrap(Paused, ListingBackend()), wrap(Paused, FakeBackend())
        assert isinstance(listing, ListsMany)
        assert not isinstance(plain, ListsMany | FitsPictures | ReadsWords | Examinable | OffersModels | TakesHooks)
        for each in (listing, plain):
            assert isinstance(each, Backend)
            assert isinstance(each, Admits)

    def test_it_stays_so_through_several(self) -> None:
        inner = ListingBackend()
        outer = wrap(Paused, wrap(Limited, wrap(Breaker, inner, FakeClock()), FakeClock()))
        assert isinstance(outer, ListsMany)
        assert outer.lists
        assert innermost(outer) is inner

    async def test_a_character_is_asked_for_through_all_of_them(self, tmp_path: Path) -> None:
        inner = CharacterBackend()
        outer = wrap(Paused, wrap(Limited, wrap(Breaker, inner, FakeClock()), FakeClock()))
        assert isinstance(outer, MakesCharacters)
        assert not isinstance(wrap(Paused, FakeBackend()), MakesCharacters)
        assert await outer.make_character("Ada", "fake-1", tmp_path) == "fake-1 as Ada"

    async def test_following_fetching_and_cancelling_go_straight_through(self, tmp_path: Path) -> None:
        inner = ListingBackend()
        remote = await inner.submit(order(), None)
        outer = wrap(Paused, wrap(Limited, inner, FakeClock(), 1, 1))
        assert isinstance(outer, ListsMany)
        assert (await outer.reports([remote]))[remote].phase is Phase.QUEUED
        await outer.fetch(remote, tmp_path / "clip")
        assert await outer.cancel(remote)
        assert inner.cancelled == [remote]


class TestPaused:
    """The operator lets a backend rest."""

    async def test_nothing_is_admitted_and_it_is_marked(self) -> None:
        door = wrap(Paused, FakeBackend())
        assert (await asks(door)).held is Held.PAUSED
        assert (await door.capabilities()).paused


class TestLimited:
    """So many a minute, so many at once."""

    async def test_the_rate_is_kept_and_the_minute_passes(self) -> None:
        clock = FakeClock()
        door = wrap(Limited, FakeBackend(clock=clock), clock, 2)
        await sends(door, "one")
        await sends(door, "two")
        held = await asks(door, "three")
        assert held.held is Held.BUSY
        assert 0 < held.wait <= 5
        clock.time += 60
        assert await asks(door, "three") == Admission()

    async def test_as_many_at_once_as_the_key_allows(self) -> None:
        clock = FakeClock()
        inner = FakeBackend(clock=clock, script=(Report(Phase.ROLLING), Report(Phase.FINISHED)))
        door = wrap(Limited, inner, clock, None, 1)
        remote = await sends(door, "one")
        assert (await asks(door, "two")).held is Held.BUSY
        await door.report(remote)
        assert (await asks(door, "two")).held is Held.BUSY
        await door.report(remote)  # finished there
        assert await asks(door, "two") == Admission()

    async def test_an_order_on_its_way_counts_until_it_is_answered_or_given_up(self) -> None:
        door = wrap(Limited, FakeBackend(), FakeClock(), None, 1)
        assert await asks(door, "one") == Admission()
        assert (await asks(door, "two")).held is Held.BUSY
        door.release("one")
        assert await asks(door, "two") == Admission()

    async def test_a_job_from_before_a_restart_counts_when_it_is_heard_of(self) -> None:
        clock = FakeClock()
        inner = FakeBackend(clock=clock)
        remote = await inner.submit(order(), None)
        door = wrap(Limited, inner, clock, None, 1)
        await door.report(remote)
        assert (await asks(door, "two")).held is Held.BUSY
        await door.cancel(remote)
        assert await asks(door, "two") == Admission()

    async def test_a_job_that_nobody_follows_any_more_does_not_count_for_ever(self) -> None:
        clock = FakeClock()
        door = wrap(Limited, FakeBackend(clock=clock), clock, None, 1)
        await sends(door, "one")
        clock.time += 301
        assert await asks(door, "two") == Admission()

    async def test_first_come_first_served(self) -> None:
        clock = FakeClock()
        door = wrap(Limited, FakeBackend(clock=clock), clock, 1)
        await sends(door, "zero")
        for job in ("one", "two"):
            assert (await asks(door, job)).held is Held.BUSY
        clock.time += 20
        for job in ("two", "one"):
            await asks(door, job)
        clock.time += 20
        for job in ("two", "one"):
            await asks(door, job)
        clock.time += 20
        assert (await asks(door, "two")).held is Held.BUSY
        assert await asks(door, "one") == Admission()

    async def test_who_has_left_the_line_holds_nobody_up(self) -> None:
        clock = FakeClock()
        door = wrap(Limited, FakeBackend(clock=clock), clock, 1)
        await sends(door, "zero")
        await asks(door, "one")  # and never again
        clock.time += 60
        assert await asks(door, "two") == Admission()

    async def test_a_429_closes_the_door_for_all(self) -> None:
        clock = FakeClock()
        door = wrap(Limited, FakeBackend(clock=clock, faults=[NeverMade("slow down", retry_after=20)]), clock)
        assert await asks(door) == Admission()
        with pytest.raises(NeverMade):
            await door.submit(order(), None)
        assert (await asks(door, "two")).held is Held.BUSY
        clock.time += 20
        assert await asks(door, "two") == Admission()


class TestBreaker:
    """After some failures in a row nothing is sent for a while, then one order tries."""

    async def opened(self, clock: FakeClock, fault: NeverMade | Unclear) -> tuple[Breaker, FakeBackend]:
        inner = FakeBackend(clock=clock, faults=[fault] * FAILURES)
        door = wrap(Breaker, inner, clock)
        for number in range(FAILURES):
            assert await asks(door, f"{number}") == Admission()
            with pytest.raises(type(fault)):
                await door.submit(order(f"{number}"), None)
        return door, inner

    @pytest.mark.parametrize("fault", [NeverMade("no connection"), Unclear("500")])
    async def test_it_opens_and_one_order_probes(self, fault: NeverMade | Unclear) -> None:
        clock = FakeClock()
        door, _ = await self.opened(clock, fault)
        assert (await asks(door)).held is Held.DOWN
        assert (await door.capabilities()).troubles == FAILURES
        clock.time += COOLING
        assert await asks(door, "probe") == Admission()
        assert (await asks(door, "other")).held is Held.DOWN
        await door.submit(order("probe"), None)
        assert await asks(door, "other") == Admission()

    async def test_a_probe_that_fails_makes_the_pause_longer(self) -> None:
        clock = FakeClock()
        door, inner = await self.opened(clock, NeverMade("no connection"))
        inner.faults = [NeverMade("still nothing")]
        clock.time += COOLING
        assert await asks(door, "probe") == Admission()
        with pytest.raises(NeverMade):
            await door.submit(order("probe"), None)
        clock.time += COOLING
        assert (await asks(door)).held is Held.DOWN
        clock.time += COOLING
        assert await asks(door) == Admission()

    async def test_a_probe_that_was_not_sent_after_all_lets_another_try(self) -> None:
        clock = FakeClock()
        door, _ = await self.opened(clock, NeverMade("no connection"))
        clock.time += COOLING
        assert await asks(door, "probe") == Admission()
        door.release("probe")
        assert await asks(door, "other") == Admission()

    @pytest.mark.parametrize("fault", [BadOrder("seconds?"), NeverMade("429", retry_after=3)])
    async def test_a_refusal_is_an_answer(self, fault: BadOrder | NeverMade) -> None:
        inner = FakeBackend(faults=[fault] * (FAILURES + 1))
        door = wrap(Breaker, inner, FakeClock())
        for _ in range(FAILURES + 1):
            with pytest.raises(type(fault)):
                await door.submit(order(), None)
        assert await asks(door) == Admission()

    async def test_questions_without_answers_open_it_and_an_answer_closes_it(self) -> None:
        class Deaf(FakeBackend):
            deaf = True

            async def report(self, remote_id: str) -> Report:
                if self.deaf:
                    raise Unreachable("no answer")
                return await super().report(remote_id)

        inner = Deaf()
        door = wrap(Breaker, inner, FakeClock())
        for _ in range(FAILURES):
            with pytest.raises(Unreachable):
                await door.report("a")
        assert (await asks(door)).held is Held.DOWN
        inner.deaf = False
        await door.report("a")
        assert await asks(door) == Admission()

    async def test_answers_to_questions_do_not_hide_that_no_order_is_taken(self) -> None:
        clock = FakeClock()
        inner = FakeBackend(clock=clock, faults=[Unclear("500")] * FAILURES)
        door = wrap(Breaker, inner, clock)
        for _ in range(FAILURES):
            with pytest.raises(Unclear):
                await door.submit(order(), None)
            await door.report("a")
        assert (await asks(door)).held is Held.DOWN

    async def test_it_learns_how_long_a_take_takes(self) -> None:
        clock = FakeClock()
        inner = FakeBackend(clock=clock, script=(Report(Phase.ROLLING), Report(Phase.FINISHED)))
        door = wrap(Breaker, inner, clock)
        remote = await sends(door)
        clock.time += 40
        await door.report(remote)
        assert (await door.capabilities()).usual_seconds is None
        await door.report(remote)
        assert (await door.capabilities()).usual_seconds == 40
