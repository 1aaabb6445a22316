"""The state machine of one take, with every fault a backend and a platform can have: no job lost, none paid twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import Generate
from bot.errors import (
    BadOrder,
    DiskFull,
    NeverMade,
    OutOfQuota,
    RefusedByRules,
    Unclear,
    WrongKey,
)
from bot.paperwork import Phase, Report
from bot.states import State
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeClock, ListingBackend


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def ask(chat: Chat, words: str = "/generate a fox seconds:4") -> Card:
    return await chat.says(words)


def money(chat: Chat) -> dict[str, int]:
    return {entry.kind: entry.micros for entry in (*chat.store.rows.opened.values(), *chat.store.rows.closed.values())}


async def test_a_finished_take_is_settled_once(chat: Chat) -> None:
    card = await ask(chat)
    job = await chat.job(card)

    assert job.state is State.DONE
    assert money(chat) == {"reserve": 40_000, "settle": 40_000}
    assert job.order is not None
    assert "a fox" in job.order


async def test_not_taken_is_sent_again_and_taken_once(chat: Chat) -> None:
    chat.backend.faults = [NeverMade("no connection"), NeverMade("slow down", retry_after=30.0)]
    started = chat.clock.now()
    card = await ask(chat)

    assert card.tone is Tone.READY
    assert len(chat.backend.accepted) == 1
    assert chat.clock.now() - started >= 30
    assert (await chat.job(card)).attempts == 2
    seen = [line for shown in chat.poster.messages[card.take] for line in shown.lines]
    assert "fake has not taken it yet. Trying again, attempt 3." in seen


async def test_a_backend_that_is_down_for_good_is_told_and_costs_nothing(chat: Chat) -> None:
    chat.backend.faults = [NeverMade("no connection")] * 20
    card = await ask(chat)

    assert card.lines[0].startswith("This take could not be filmed: fake did not take it, several times over.")
    assert card.lines[0].endswith("You paid nothing; $0.04 is back.")
    assert "release" in money(chat)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (WrongKey("401"), "does not accept our key"),
        (OutOfQuota("no credit"), "is used up"),
        (BadOrder("seconds?"), "could not make sense of it"),
        (RefusedByRules("image"), "refused (image gate)"),
        (RefusedByRules("prompt"), "refused (prompt gate)"),
    ],
)
async def test_what_was_turned_down_is_not_sent_again(chat: Chat, fault: WrongKey, sentence: str) -> None:
    chat.backend.faults = [fault]
    card = await ask(chat)

    assert sentence in card.lines[0]
    assert card.tone is Tone.FAILED
    assert not chat.backend.accepted
    assert "settle" not in money(chat)


async def test_a_lost_answer_is_looked_up_and_adopted(chat: Chat) -> None:
    chat.backend.faults, chat.backend.accepts_anyway = [Unclear("cut")], True
    card = await ask(chat)

    assert card.tone is Tone.READY
    assert list(chat.backend.accepted) == ["fake-1"]
    assert (await chat.job(card)).remote_id == "fake-1"


async def test_a_lost_answer_to_an_order_that_was_never_made_is_sent_again(chat: Chat) -> None:
    chat.backend.faults = [Unclear("cut")]
    card = await ask(chat)

    assert card.tone is Tone.READY
    assert len(chat.backend.accepted) == 1


async def test_an_equal_order_of_another_job_is_not_adopted(chat: Chat) -> None:
    first = await ask(chat)
    chat.backend.faults, chat.backend.accepts_anyway = [Unclear("cut")], True
    second = await ask(chat)

    assert [(await chat.job(card)).remote_id for card in (first, second)] == ["fake-1", "fake-2"]
    assert len(chat.backend.accepted) == 2


async def test_without_a_list_the_job_is_parked_within_a_minute_and_never_sent_again(chat: Chat) -> None:
    chat.backend.faults, chat.backend.accepts_anyway, chat.backend.searchable = [Unclear("cut")], True, False
    started = chat.clock.now()
    card = await ask(chat)

    assert card.tone is Tone.PARKED
    assert card.lines == (
        "We could not confirm that your shot was taken; you will not be charged twice. We keep looking.",
    )
    assert chat.clock.now() - started <= 60
    for _ in range(5):
        chat.clock.time += 3600
        await chat.sweep.round()
        await chat.engine.quiet()
    assert len(chat.backend.accepted) == 1


async def test_a_parked_job_is_found_when_the_backend_can_be_searched_again(chat: Chat) -> None:
    chat.backend.faults, chat.backend.accepts_anyway, chat.backend.silent_searches = [Unclear("cut")], True, 4
    card = await ask(chat)
    assert card.tone is Tone.PARKED

    chat.clock.time += 120
    await chat.sweep.round()
    await chat.engine.quiet()
    assert (await chat.job(card)).state is State.DONE
    assert len(chat.backend.accepted) == 1


async def test_a_parked_job_expires_after_a_day_and_is_refunded(chat: Chat) -> None:
    chat.backend.faults, chat.backend.accepts_anyway, chat.backend.searchable = [Unclear("cut")], True, False
    card = await ask(chat)
    chat.clock.time += 25 * 3600
    await chat.sweep.round()

    assert (await chat.job(card)).state is State.EXPIRED
    assert chat.poster.messages[card.take][-1].lines[0].endswith("You paid nothing; $0.04 is back.")


async def test_the_finished_clip_is_refused_at_the_result_gate(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.9), Report(Phase.REFUSED, gate="result", reason="violence"))
    card = await ask(chat)

    assert "refused by the model (result gate)" in card.lines[0]
    assert [button.label for button in card.buttons] == ["Change the words", "Show the prompt"]


async def test_three_lost_answers_over_twenty_seconds_are_lost(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.1), Report(Phase.LOST))
    card = await ask(chat)

    assert "no longer knows it" in card.lines[0]


async def test_a_backend_that_never_ends_is_given_up_after_six_hours(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.5),)
    started = chat.clock.now()
    card = await ask(chat)

    assert "worked on it for six hours" in card.lines[0]
    assert 6 * 3600 <= chat.clock.now() - started <= 6.2 * 3600


async def test_one_lost_answer_is_not(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.1), Report(Phase.LOST), Report(Phase.LOST), Report(Phase.FINISHED))
    assert (await ask(chat)).tone is Tone.READY


async def test_cancel_while_rolling_tells_the_backend_and_says_what_is_spent(chat: Chat) -> None:
    chat.backend.script = (Report(Phase.ROLLING, 0.1),)
    wish = await chat.stored(Generate(prompt="a fox", seconds=4))
    await chat.studio.take_up(wish.id)
    card = await chat.answer(wish.id)
    await chat.says(f"/cancel {card.take}")

    ended = chat.poster.messages[card.take][-1]
    assert ended.lines == ("This take was cancelled. $0.04 is spent: filming had begun.",)
    assert chat.backend.cancelled == ["fake-1"]
    assert money(chat)["settle"] == 40_000


async def test_a_broken_clip_is_fetched_once_more_then_given_up(chat: Chat) -> None:
    chat.backend.clip = b"broken "
    card = await ask(chat)

    assert "not a playable clip" in card.lines[0]


async def test_a_full_disk_waits_for_room(chat: Chat) -> None:
    chat.clips.faults = [DiskFull(path="clips"), DiskFull(path="clips")]
    assert (await ask(chat)).tone is Tone.READY


async def test_a_clip_that_cannot_be_posted_is_kept_and_posted_later_never_filmed_again(chat: Chat) -> None:
    chat.poster.refusals = 1000
    card = await ask(chat)
    job = next(iter(chat.store.rows.jobs.values()))
    assert job.state is State.UNDELIVERED

    chat.poster.refusals = 0
    chat.clock.time += 120
    await chat.sweep.round()
    await chat.engine.quiet()
    assert chat.store.rows.jobs[job.id].state is State.DONE
    assert len(chat.backend.accepted) == 1
    assert [len(clips) for clips in chat.poster.clips.values()] == [1]
    assert card == Card()


async def test_a_delivery_whose_answer_is_lost_is_not_posted_twice(chat: Chat) -> None:
    chat.poster.lost_answers = 2
    card = await ask(chat)

    assert card.tone is Tone.READY
    assert len(chat.poster.clips[card.take]) == 1


async def test_an_end_that_could_not_be_told_is_told_by_the_sweep(chat: Chat) -> None:
    chat.backend.faults = [WrongKey("401")]
    chat.engine.frozen = True
    card = await ask(chat)
    chat.poster.refusals = 1
    await chat.driver((await chat.job(card)).id)
    assert not (await chat.job(card)).told

    await chat.sweep.round()
    assert (await chat.job(card)).told
    assert chat.poster.messages[card.take][-1].tone is Tone.FAILED


async def test_several_workers_on_the_same_job_film_it_once(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await ask(chat)
    job = await chat.job(card)
    workers = [replace(chat.driver, _driving=set(), _watches={}) for _ in range(4)]
    await asyncio.gather(*(worker(job.id) for worker in (chat.driver, chat.driver, *workers)))

    assert len(chat.backend.accepted) == 1
    assert len(chat.poster.clips[card.take]) == 1
    assert money(chat) == {"reserve": 40_000, "settle": 40_000}


async def test_a_worker_that_slept_over_its_intent_sends_nothing(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    chat.engine.frozen = True
    card = await ask(chat)
    job = await chat.job(card)
    usual = chat.clips.scratch
    slept = False
    another_worker = replace(chat.driver, _driving=set(), _watches={})

    @asynccontextmanager
    async def frozen() -> AsyncIterator[Path]:
        """The first worker freezes here, its intent committed; meanwhile another one takes the job to its end."""
        nonlocal slept
        if not slept:
            slept = True
            chat.clock.time += 60
            await another_worker(job.id)
        async with usual() as folder:
            yield folder

    chat.clips.scratch = frozen  # type: ignore[method-assign]
    await chat.driver(job.id)

    assert (await chat.job(card)).state is State.DONE
    assert len(chat.backend.accepted) == 1


async def test_open_jobs_without_a_workflow_are_handed_over_again(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await ask(chat)
    chat.engine.kept.clear()  # the engine's tables are gone
    chat.engine.frozen = False
    handed = await chat.sweep.round()
    await chat.engine.quiet()

    assert handed == 1
    job = await chat.job(card)
    assert (job.state, job.run) == (State.DONE, 1)


async def test_jobs_with_a_live_workflow_are_left_alone(chat: Chat) -> None:
    chat.engine.frozen = True
    await ask(chat)

    assert await chat.sweep.round() == 0


async def test_one_call_follows_all(tmp_path: Path) -> None:
    clock = FakeClock()
    backend = ListingBackend(
        clock=clock, script=(Report(Phase.ROLLING, 0.1), Report(Phase.ROLLING, 0.1), Report(Phase.FINISHED))
    )
    chat = Chat(tmp_path, backend)
    chat.engine.frozen = True
    cards = [await ask(chat) for _ in range(12)]
    jobs = [await chat.job(card) for card in cards]
    await asyncio.gather(*(chat.driver(job.id) for job in jobs))

    assert [(await chat.job(card)).state for card in cards] == [State.DONE] * 12
    assert backend.rounds < 12


async def test_a_backend_that_loses_its_list_is_asked_job_by_job(tmp_path: Path) -> None:
    backend = ListingBackend(clock=FakeClock(), lists=False)
    chat = Chat(tmp_path, backend)

    assert (await ask(chat)).tone is Tone.READY
    assert backend.rounds == 0


async def test_the_reference_picture_is_fitted_to_the_size(tmp_path: Path) -> None:
    class Exact(FakeBackend):
        """Wants the picture in exactly the clip's size."""

        def size_for(self, brief: object) -> tuple[int, int]:
            return 1280, 720

    chat = Chat(tmp_path, Exact(clock=FakeClock()))
    async with chat.clips.scratch() as folder:
        (folder / "picture").write_bytes(b"a picture")
        digest = await chat.clips.store(folder / "picture", ".png")
    card = await chat.wants(Generate(prompt="from a picture", image=digest))
    assert card.tone is Tone.READY
    assert chat.gate.fitted == [(1280, 720)]
