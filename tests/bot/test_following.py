"""Following: one call for all where there is a list, ever longer steps where there is none, quick near the usual end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest

from bot.brief import compile_brief
from bot.errors import Unreachable
from bot.following import LONGEST_STEP, PROGRESS_A_LOOK, SINGLE_A_LOOK, News, Watch
from bot.paperwork import Order, Phase, Report
from tests.fakes.film_world import FakeBackend, FakeClock, ListingBackend


async def nobody(jobs: Collection[str]) -> frozenset[str]:
    return frozenset()


def taken(backend: FakeBackend, count: int = 1) -> list[str]:
    """Orders that the backend has accepted."""
    for number in range(count):
        remote = f"{backend.name}-{number + 1}"
        backend.accepted[remote] = Order(f"job-{number}", compile_brief("a fox"))
    return list(backend.accepted)


@dataclass
class Timed(FakeBackend):
    """Notes when it was asked."""

    times: list[float] = field(default_factory=list)

    async def report(self, remote_id: str) -> Report:
        self.times.append(self.clock.now())
        return await super().report(remote_id)


async def finish(watch: Watch, remote: str, started: float, usual: float | None = None) -> list[News]:
    """Follow one job to its end."""
    seen: list[News] = []
    last: Report | None = None
    while last is None or last.phase is not Phase.FINISHED:
        news = await watch.next("job", remote, last, started=started, usual=usual)
        seen.append(news)
        last = news.report or last
    return seen


async def test_without_a_list_the_steps_grow_to_ten_seconds() -> None:
    backend = Timed(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.1),) * 30 + (Report(Phase.FINISHED),))
    [remote] = taken(backend)
    await finish(Watch(backend, backend.clock, nobody), remote, backend.clock.now())

    steps = [after - before for before, after in zip(backend.times, backend.times[1:], strict=False)]
    assert steps[0] < 4
    assert LONGEST_STEP <= steps[-1] <= LONGEST_STEP + 1.5
    assert all(later >= earlier - 1.5 for earlier, later in itertools.pairwise(steps))


async def test_near_the_usual_end_it_is_asked_every_one_to_two_seconds() -> None:
    backend = Timed(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.1),) * 60 + (Report(Phase.FINISHED),))
    [remote] = taken(backend)
    started = backend.clock.now()
    await finish(Watch(backend, backend.clock, nobody), remote, started, usual=100.0)

    near = [at for at in backend.times if 82 <= at - started <= 118]
    steps = [after - before for before, after in itertools.pairwise(near)]
    assert len(steps) > 10
    assert max(steps) <= 2.0


async def test_only_changes_wake() -> None:
    script = (Report(Phase.ROLLING, 0.1),) * 5 + (Report(Phase.ROLLING, 0.5), Report(Phase.FINISHED))
    backend = ListingBackend(clock=FakeClock(), script=script)
    [remote] = taken(backend)
    seen = await finish(Watch(backend, backend.clock, nobody), remote, backend.clock.now())

    assert [news.report.progress for news in seen if news.report] == [0.1, 0.5, None]
    assert backend.rounds == 7


async def test_one_call_answers_for_a_thousand() -> None:
    backend = ListingBackend(clock=FakeClock(), script=(Report(Phase.FINISHED),))
    watch = Watch(backend, backend.clock, nobody)
    news = await asyncio.gather(
        *(
            watch.next(f"job-{at}", remote, None, started=0.0, usual=None)
            for at, remote in enumerate(taken(backend, 1000))
        )
    )

    assert {each.report for each in news} == {Report(Phase.FINISHED)}
    assert backend.rounds == 1


async def test_a_cancel_wakes_within_one_look() -> None:
    backend = ListingBackend(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.1),))
    [remote] = taken(backend)
    wanted: set[str] = set()

    async def cancels(jobs: Collection[str]) -> frozenset[str]:
        return frozenset(wanted & set(jobs))

    watch = Watch(backend, backend.clock, cancels)
    first = await watch.next("job", remote, None, started=0.0, usual=None)
    wanted.add("job")
    assert await watch.next("job", remote, first.report, started=0.0, usual=None) == News(cancel=True)


@pytest.mark.parametrize("fault", [Unreachable("down"), KeyError("a bug of ours")])
async def test_silence_is_told_and_asking_goes_on(fault: Exception) -> None:
    class Silent(ListingBackend):
        """Does not answer the first three times."""

        async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
            if self.rounds < 3:
                self.rounds += 1
                raise fault
            return await super().reports(remote_ids)

    backend = Silent(clock=FakeClock(), script=(Report(Phase.FINISHED),))
    [remote] = taken(backend)
    seen = await finish(Watch(backend, backend.clock, nobody), remote, 0.0)
    assert [news.silent for news in seen] == [True, True, True, False]


async def test_a_job_that_the_list_does_not_show_is_asked_by_itself() -> None:
    backend = ListingBackend(clock=FakeClock())
    watch = Watch(backend, backend.clock, nobody)
    news = await watch.next("job", "unknown", None, started=0.0, usual=None)
    assert news.report == Report(Phase.LOST)


async def test_the_same_job_driven_twice_is_told_twice() -> None:
    backend = ListingBackend(clock=FakeClock(), script=(Report(Phase.FINISHED),))
    [remote] = taken(backend)
    watch = Watch(backend, backend.clock, nobody)
    news = await asyncio.gather(*(watch.next("job", remote, None, started=0.0, usual=None) for _ in range(2)))
    assert [each.report for each in news] == [Report(Phase.FINISHED)] * 2


async def test_in_a_crowd_progress_comes_by_turns_and_a_new_phase_at_once() -> None:
    """Twice as many takes as are told of progress in one look, and one that begins to roll."""
    count = 2 * PROGRESS_A_LOOK
    backend = ListingBackend(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.2), Report(Phase.FINISHED)))
    remotes = taken(backend, count + 1)
    watch = Watch(backend, backend.clock, nobody)
    told: list[tuple[int, str]] = []

    async def wait(remote: str, last: Report) -> None:
        news = await watch.next(remote, remote, last, started=0.0, usual=None)
        assert news.report is not None
        told.append((backend.rounds, remote))

    await asyncio.gather(
        *(wait(remote, Report(Phase.ROLLING, 0.1)) for remote in remotes[:-1]), wait(remotes[-1], Report(Phase.QUEUED))
    )
    first = [remote for look, remote in told if look == 1]
    assert sorted(first) == sorted([*remotes[:PROGRESS_A_LOOK], remotes[-1]])
    assert len(told) == count + 1


async def test_a_job_counts_as_heard_of_once_the_backend_has_spoken() -> None:
    backend = ListingBackend(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.2),))
    [remote] = taken(backend)
    watch = Watch(backend, backend.clock, nobody)
    news = await watch.next("job", remote, None, started=0.0, usual=None)
    assert not watch.heard_of
    waiting = asyncio.create_task(watch.next("job", remote, news.report, started=0.0, usual=None))
    await asyncio.sleep(0)
    assert watch.heard_of == {"job"}
    watch.close()
    waiting.cancel()


class Slow(FakeClock):
    """A clock whose pauses really last until they are cut short."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(3600)


async def test_a_nudge_asks_about_that_job_at_once() -> None:
    backend = FakeBackend(clock=Slow(), script=(Report(Phase.ROLLING, 0.1), Report(Phase.FINISHED)))
    one, two = taken(backend, 2)
    watch = Watch(backend, backend.clock, nobody)
    first = await asyncio.gather(*(watch.next(each, each, None, started=0.0, usual=None) for each in (one, two)))
    assert [news.report for news in first] == [Report(Phase.ROLLING, 0.1)] * 2

    waiting = [
        asyncio.ensure_future(watch.next(each, each, Report(Phase.ROLLING, 0.1), started=0.0, usual=None))
        for each in (one, two)
    ]
    await asyncio.sleep(0)
    assert watch.nudge(one)
    assert not watch.nudge("nobody-waits-for-this")
    news = await asyncio.wait_for(waiting[0], 5)
    assert news.report == Report(Phase.FINISHED)
    assert not waiting[1].done()
    assert backend.asked == {one: 2, two: 1}
    waiting[1].cancel()
    watch.close()
    await asyncio.gather(waiting[1], return_exceptions=True)


async def test_a_nudge_that_finds_a_deaf_backend_only_tells_of_silence() -> None:
    class Deaf(FakeBackend):
        async def report(self, remote_id: str) -> Report:
            if self.asked.get(remote_id):
                raise Unreachable("no answer")
            return await super().report(remote_id)

    backend = Deaf(clock=Slow(), script=(Report(Phase.ROLLING, 0.1),))
    [remote] = taken(backend)
    watch = Watch(backend, backend.clock, nobody)
    news = await watch.next("job", remote, None, started=0.0, usual=None)
    waiting = asyncio.ensure_future(watch.next("job", remote, news.report, started=0.0, usual=None))
    await asyncio.sleep(0)
    watch.nudge(remote)
    assert (await asyncio.wait_for(waiting, 5)).silent
    watch.close()


async def test_a_backend_that_wants_to_be_asked_seldom_is() -> None:
    backend = Timed(clock=FakeClock(), script=(Report(Phase.ROLLING, 0.1),) * 6 + (Report(Phase.FINISHED),))
    [remote] = taken(backend)
    await finish(Watch(backend, backend.clock, nobody, least=15.0), remote, backend.clock.now(), usual=18.0)
    steps = [after - before for before, after in zip(backend.times, backend.times[1:], strict=False)]
    assert min(steps) >= 15.0


async def test_what_a_long_list_does_not_show_is_asked_for_a_few_at_a_time_and_everybody_has_a_turn() -> None:
    class Forgetful(ListingBackend):
        async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
            await super().reports(remote_ids)
            return {}

    backend = Forgetful(clock=FakeClock(), script=(Report(Phase.FINISHED),))
    remotes = taken(backend, 5 * SINGLE_A_LOOK)
    watch = Watch(backend, backend.clock, nobody)
    started = backend.clock.now()
    waits = [watch.next(remote, remote, None, started=started, usual=None) for remote in remotes]
    news = await asyncio.wait_for(asyncio.gather(*waits), 5)

    assert all(each.report and each.report.phase is Phase.FINISHED for each in news)
    assert backend.rounds >= 5
    assert len(backend.asked) == len(remotes)
