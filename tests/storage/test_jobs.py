"""Jobs: every step is taken once, whoever else tries."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.paperwork import Taken
from bot.people import Address
from bot.states import ENDS, UNDERWAY, Job, State
from storage import tables
from storage.database import Database
from storage.migrate import upgrade
from tests.storage.conftest import Store, enqueue
from tests.storage.props import ADA, BO, HERE, job, jobs


async def test_a_job_comes_back_whole(store: Store) -> None:
    full = Job(
        id="j",
        take="take of j",
        member=BO,
        address=Address("discord", "7", server="9", thread="8", channel="5", message="6", member=BO, locale="zh-Hans"),
        state=State.ROLLING,
        backend="task_relay",
        created_at=1_763_629_200.125,
        model="veo-3.1",
        price=9_007_199_254_740_993,
        order='{"job":"j"}',
        run=2,
        remote_id="r" * 250,
        attempts=1,
        progress=0.25,
        cancel_asked=True,
        failure="out_of_quota",
        gate="prompt",
        reason="no — 不行",
        posted="9/7/123",
        told=True,
        revision=5,
        intent_at=2.0,
        submitted_at=3.0,
        rolling_at=4.0,
        filmed_at=5.0,
        ended_at=6.0,
    )
    await jobs(store.work, full, job("other"))
    async with store.work() as w:
        assert await w.jobs.get("j") == full
        assert await w.jobs.get("none") is None
        assert await w.jobs.of_take("take of j") == full
        assert await w.jobs.of_takes(["take of j", "take of other", "take of none"]) == {
            "take of j": full,
            "take of other": replace(job("other"), take="take of other"),
        }
        assert await w.jobs.of_takes([]) == {}


async def test_of_twenty_who_try_one_moves_it(store: Store) -> None:
    await jobs(store.work, job("j"))

    async def submit(number: int) -> Job | None:
        async with store.work() as w:
            return await w.jobs.move("j", State.RESERVED, State.SUBMITTING, attempts=number, intent_at=2.0)

    moved = [each for each in await asyncio.gather(*map(submit, range(20))) if each is not None]
    async with store.work() as w:
        assert [await w.jobs.get("j")] == moved
    assert (moved[0].state, moved[0].intent_at, moved[0].revision) == (State.SUBMITTING, 2.0, 1)


async def test_a_job_moves_from_any_of_several_states(store: Store) -> None:
    await jobs(store.work, job("j", state=State.AMBIGUOUS))
    async with store.work() as w:
        assert await w.jobs.move("j", {State.RESERVED, State.SUBMITTING}, State.FAILED) is None
        there = Address("telegram", "5")
        moved = await w.jobs.move(
            "j", {State.AMBIGUOUS, State.SUBMITTING}, State.SUBMITTED, remote_id="r", address=there
        )
        assert moved is not None
        assert (moved.state, moved.remote_id, moved.address, moved.revision) == (State.SUBMITTED, "r", there, 1)
        assert await w.jobs.move("none", State.SUBMITTED, State.ROLLING) is None


async def test_a_note_counts_only_while_the_job_stands_where_it_stood(store: Store) -> None:
    await jobs(store.work, job("j", state=State.ROLLING))
    async with store.work() as w:
        noted = await w.jobs.note("j", State.ROLLING, progress=0.5)
        assert noted is not None
        assert (noted.progress, noted.revision) == (0.5, 1)
        done = await w.jobs.move("j", State.ROLLING, State.FETCHING)
        assert await w.jobs.note("j", State.ROLLING, progress=0.6) is None
        assert await w.jobs.get("j") == done


async def test_a_column_that_a_job_does_not_have_is_a_mistake(store: Store) -> None:
    await jobs(store.work, job("j"))
    async with store.work() as w:
        with pytest.raises(TypeError):
            await w.jobs.note("j", State.RESERVED, colour="red")


async def test_one_remote_id_belongs_to_one_job_of_a_backend(store: Store) -> None:
    await jobs(store.work, *(job(name, state=State.SUBMITTING) for name in ("a", "b")))
    await jobs(store.work, job("c", state=State.SUBMITTING, backend="comfyui"))
    async with store.work() as w:
        assert await w.jobs.move("a", State.SUBMITTING, State.SUBMITTED, remote_id="r1")
        with pytest.raises(Taken):
            await w.jobs.move("b", State.SUBMITTING, State.SUBMITTED, remote_id="r1")
        # the transaction goes on, and the row is as it was
        assert await w.jobs.note("b", State.SUBMITTING, reason="r1 is another's")
        assert await w.jobs.move("c", State.SUBMITTING, State.SUBMITTED, remote_id="r1")
    async with store.work() as w:
        beaten = await w.jobs.get("b")
        assert beaten is not None
        assert (beaten.state, beaten.remote_id, beaten.reason) == (State.SUBMITTING, None, "r1 is another's")
        assert await w.jobs.owner("animatic", "r1") == "a"
        assert await w.jobs.owner("comfyui", "r1") == "c"
        assert await w.jobs.owner("comfyui", "r2") is None


async def test_of_two_who_adopt_one_remote_id_at_once_one_is_told_that_it_is_taken(store: Store) -> None:
    await jobs(store.work, *(job(f"j{number}", state=State.SUBMITTING) for number in range(8)))

    async def adopt(number: int) -> str:
        try:
            async with store.work() as w:
                moved = await w.jobs.move(f"j{number}", State.SUBMITTING, State.SUBMITTED, remote_id="found")
                return "adopted" if moved else "gone"
        except Taken:
            return "taken"

    told = await asyncio.gather(*map(adopt, range(8)))
    assert sorted(told) == ["adopted"] + ["taken"] * 7


async def test_a_cancel_can_be_asked_until_the_end(store: Store) -> None:
    await jobs(store.work, job("a"), job("b"), job("c", state=State.DONE))
    async with store.work() as w:
        asked = await w.jobs.ask_cancel("a")
        assert asked is not None
        assert (asked.cancel_asked, asked.revision) == (True, 1)
        assert await w.jobs.ask_cancel("c") is None
        assert await w.jobs.cancels(["a", "b", "c", "none"]) == {"a"}
        assert await w.jobs.cancels([]) == frozenset()
        assert await w.jobs.cancels(["a", "b", *(f"other-{number}" for number in range(50))]) == {"a"}


async def test_of_ten_who_open_a_job_again_one_does(store: Store) -> None:
    await jobs(store.work, job("j"), job("ended", state=State.EXPIRED))

    async def reopen(_: int) -> Job | None:
        async with store.work() as w:
            return await w.jobs.reopen("j", 0)

    opened = [each.run for each in await asyncio.gather(*map(reopen, range(10))) if each is not None]
    assert opened == [1]
    async with store.work() as w:
        assert await w.jobs.reopen("ended", 0) is None


async def test_jobs_are_listed_and_counted_by_state_oldest_first(store: Store) -> None:
    await jobs(
        store.work,
        job("young", created_at=3.0),
        job("old", created_at=1.0, state=State.ROLLING),
        job("bo's", created_at=2.0, member=BO),
        job("done", state=State.DONE),
    )
    async with store.work() as w:
        assert [each.id for each in await w.jobs.open(UNDERWAY)] == ["old", "bo's", "young"]
        assert [each.id for each in await w.jobs.of_member(ADA, UNDERWAY)] == ["old", "young"]
        assert await w.jobs.open([]) == []
        assert await w.jobs.count(UNDERWAY) == 3
        assert await w.jobs.count([State.DONE, State.ROLLING], ADA) == 2
        assert await w.jobs.count([State.DONE], BO) == 0


async def test_who_has_not_been_told_how_it_ended(store: Store) -> None:
    await jobs(store.work, *(job(state.value, state=state, created_at=float(n)) for n, state in enumerate(State)))
    async with store.work() as w:
        waiting = [each.state for each in await w.jobs.untold()]
        assert waiting == [state for state in State if state in ENDS and state is not State.DONE]
        assert [each.state for each in await w.jobs.untold(limit=1)] == waiting[:1]
        assert await w.jobs.note("failed", State.FAILED, told=True)
        assert [each.state for each in await w.jobs.untold()] == waiting[1:]


async def test_how_many_wait_before_this_one(store: Store) -> None:
    mine = job("mine", created_at=5.0)
    await jobs(
        store.work,
        mine,
        job("before", created_at=4.0),
        job("after", created_at=6.0),
        job("m", created_at=5.0),  # made at the same moment; its id comes first
        job("rolls", created_at=1.0, state=State.ROLLING),
        job("asks", created_at=1.0, state=State.AWAITING_APPROVAL),
        *(job(f"bo's {number}", created_at=float(number), member=BO) for number in range(7)),
    )
    async with store.work() as w:
        assert await w.jobs.ahead(mine) == (2, 6)


async def test_how_long_it_usually_takes_is_the_median_of_the_last_twenty(store: Store) -> None:
    def done(number: int, seconds: float, **more: str) -> Job:
        at = float(number * 100_000)
        finished = job(f"j{number}", state=State.DONE, submitted_at=at, filmed_at=at + seconds)
        return replace(finished, backend=more.get("backend", "comfyui"), model=more.get("model"))

    async with store.work() as w:
        assert await w.jobs.usual_seconds("comfyui", None) is None
    await jobs(
        store.work,
        *(done(number, 9_000.0) for number in range(5)),  # long ago
        *(done(number, float(number)) for number in range(10, 30)),
        done(30, 5.0, backend="animatic"),
        done(31, 7.0, model="ltx"),
        job("failed", backend="comfyui", state=State.FAILED, submitted_at=1.0, filmed_at=2e7),
        job("unmeasured", backend="comfyui", state=State.DONE),
    )
    async with store.work() as w:
        assert await w.jobs.usual_seconds("comfyui", None) == 19.5
        assert await w.jobs.usual_seconds("comfyui", "ltx") == 7.0
        assert await w.jobs.usual_seconds("comfyui", "wan") is None


async def test_how_long_a_length_takes_is_known_by_its_own_kind_or_by_the_second(store: Store) -> None:
    def done(number: int, took: float, seconds: int | None) -> Job:
        at = float(number * 1_000)
        return job(
            f"j{number}", backend="comfyui", state=State.DONE, submitted_at=at, filmed_at=at + took, seconds=seconds
        )

    await jobs(store.work, done(0, 7.0, None))
    async with store.work() as w:
        assert await w.jobs.usual_seconds("comfyui", None, 4) == 7.0  # lengths were not noted then
    await jobs(store.work, done(1, 40.0, 4), done(2, 60.0, 4), done(3, 200.0, 10))
    async with store.work() as w:
        assert await w.jobs.usual_seconds("comfyui", None, 4) == 50.0
        assert await w.jobs.usual_seconds("comfyui", None, 10) == 200.0
        assert await w.jobs.usual_seconds("comfyui", None, 6) == 90.0  # 10, 15 and 20 seconds for one
        assert await w.jobs.usual_seconds("comfyui", None) == 50.0


async def test_what_it_cost_who_was_wanted_and_why_it_waits_is_kept(store: Store) -> None:
    await jobs(store.work, job("j", seconds=8))
    async with store.work() as w:
        stored = await w.jobs.get("j")
        assert stored is not None
        assert (stored.seconds, stored.cost, stored.place, stored.wanted, stored.held) == (8, None, None, "", "")
        moved = await w.jobs.move(
            "j", State.RESERVED, State.SUBMITTING, backend="other", wanted="first/model", cost=3, place=2, held="down"
        )
    assert moved is not None
    assert (moved.backend, moved.wanted, moved.cost, moved.place, moved.held) == ("other", "first/model", 3, 2, "down")


async def test_a_take_has_one_job(store: Store) -> None:
    await jobs(store.work, job("j"))
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.jobs.add(job("again", of="take of j"))
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.jobs.add(job("lost", of="no take"))


async def test_what_a_backend_babbles_can_be_stored(store: Store) -> None:
    await jobs(store.work, job("j"))
    async with store.work() as w:
        assert await w.jobs.note("j", State.RESERVED, reason="bad\x00 key \ud83e")
    async with store.work() as w:
        stored = await w.jobs.get("j")
    assert stored is not None
    assert stored.reason == "bad\ufffd key \ufffd"


@pytest.mark.parametrize("guest", [False, True])
async def test_a_hook_is_kept_until_the_card_stands_or_in_a_guest_place_until_all_is_told(
    store: Store, guest: bool
) -> None:
    hooked = replace(HERE, guest=guest, hook="aW50ZXJhY3Rpb24", hook_until=901.0)
    await jobs(store.work, job("j", address=hooked), job("k", address=hooked))
    async with store.work() as w:
        rolls = await w.jobs.move("j", State.RESERVED, State.ROLLING)
        posted = await w.jobs.note("j", State.ROLLING, posted="web/studio/9")
        failed = await w.jobs.move("j", State.ROLLING, State.FAILED)
        told = await w.jobs.note("j", State.FAILED, told=True)
        done = await w.jobs.move("k", State.RESERVED, State.DONE)
        stored = [await w.jobs.get(name) for name in "jk"]
    hooks = [each.address.hook for each in (rolls, posted, failed, told, done, *stored) if each]
    kept = hooked.hook if guest else ""
    assert hooks == [hooked.hook, kept, kept, "", "", "", ""]


async def test_an_address_from_before_chat_platforms_still_loads(database: Database) -> None:
    await upgrade(database)
    work = database.work_factory(enqueue)
    await jobs(work, job("j"))
    old = {"platform": "web", "chat": "studio", "server": None, "thread": None, "message": None, "member": ADA}
    async with database.transaction() as connection:
        await connection.execute(sa.update(tables.jobs).values(address=old))
    async with work() as w:
        found = await w.jobs.get("j")
        assert found is not None
        assert found.address == HERE
        assert await w.jobs.note("j", State.RESERVED, posted="web/studio/9")
