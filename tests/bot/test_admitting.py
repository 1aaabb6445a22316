"""Before the intent: an order waits at a closed door without being sent, goes another way and says so, and gives up in the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.cards import Tone
from bot.errors import NeverMade
from bot.orders import order_from_text
from bot.paperwork import Admission, Held, Order
from bot.states import State
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeBackends, FakeClock


@dataclass
class Gated(FakeBackend):
    """Says what it was told to say when it is asked, then admits everything."""

    answers: list[Admission] = field(default_factory=list)
    asked_for: list[tuple[int, int | None]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        self.asked_for.append((tries, most))
        return self.answers.pop(0) if self.answers else Admission()

    def release(self, job: str) -> None:
        self.released.append(job)


def a_chat(folder: Path, *answers: Admission) -> tuple[Chat, Gated, FakeBackend]:
    """A chat whose backend has a gate, with another backend beside it."""
    clock = FakeClock()
    gated = Gated(clock=clock, answers=[*answers])
    other = FakeBackend("other", clock)
    other.can = replace(other.can, micros_per_second=5_000)
    chat = Chat(folder, gated)
    both = FakeBackends({"fake": gated, "other": other})
    chat.driver.backends = chat.studio.backends = both
    return chat, gated, other


def lines(chat: Chat, take: str) -> list[str]:
    return [line for card in chat.poster.messages[take] for line in card.lines]


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (Held.PAUSED, "fake rests at the moment; your take waits."),
        (Held.DOWN, "fake does not answer at the moment; your take waits, and nothing is lost."),
        (Held.BUSY, "fake is busy with earlier takes; yours goes as soon as there is room."),
    ],
)
async def test_a_closed_door_is_waited_at_and_told_once(tmp_path: Path, held: Held, sentence: str) -> None:
    chat, gated, _ = a_chat(tmp_path, *[Admission(held, 5.0)] * 10)
    card = await chat.says("/generate a fox seconds:4")

    assert card.tone is Tone.READY
    assert len(gated.accepted) == 1
    assert lines(chat, card.take).count(sentence) == 1
    job = await chat.job(card)
    assert (job.held, job.held_at, job.attempts) == ("", None, 0)


async def test_a_door_that_never_opens_is_given_up_and_costs_nothing(tmp_path: Path) -> None:
    chat, gated, _ = a_chat(tmp_path, *[Admission(Held.DOWN, 5.0)] * 5_000)
    started = chat.clock.now()
    card = await chat.says("/generate a fox seconds:4")

    assert card.lines[0] == (
        "This take could not be filmed: fake did not answer for too long. You paid nothing; $0.04 is back."
    )
    assert not gated.accepted
    assert 2 * 3600 <= chat.clock.now() - started <= 2 * 3600 + 60


async def test_whoever_waits_can_still_cancel(tmp_path: Path) -> None:
    chat, gated, _ = a_chat(tmp_path, *[Admission(Held.PAUSED, 5.0)] * 5_000)
    chat.engine.frozen = True
    card = await chat.says("/generate a fox seconds:4")
    job = await chat.job(card)
    async with chat.store.work() as w:
        await w.jobs.ask_cancel(job.id)
    await chat.driver(job.id)

    assert (await chat.job(card)).state is State.CANCELLED
    assert not gated.accepted


async def test_a_detour_is_frozen_told_and_paid_at_its_own_price(tmp_path: Path) -> None:
    chat, gated, other = a_chat(tmp_path, Admission(choice="other"))
    card = await chat.says("/generate a fox seconds:4")
    job = await chat.job(card)

    assert not gated.accepted
    assert len(other.accepted) == 1
    assert (job.backend, job.wanted, job.price, job.state) == ("other", "fake", 20_000, State.DONE)
    assert card.lines == ("fake could not take it at this time, so it went to other.",)
    assert "$0.02" in card.facts
    [settled] = chat.store.rows.closed.values()
    assert (settled.kind, settled.micros) == ("settle", 20_000)
    assert chat.store.rows.opened[job.id].micros == 40_000


async def test_the_detour_holds_after_a_restart(tmp_path: Path) -> None:
    chat, gated, other = a_chat(tmp_path, Admission(choice="other"))
    other.faults = [NeverMade("no connection")]
    card = await chat.says("/generate a fox seconds:4")

    assert [len(gated.accepted), len(other.accepted)] == [0, 1]
    job = await chat.job(card)
    assert (job.backend, job.wanted, job.attempts) == ("other", "fake", 1)


async def test_a_detour_that_cannot_film_it_is_no_way(tmp_path: Path) -> None:
    chat, gated, other = a_chat(tmp_path, Admission(choice="other"))
    other.can = replace(other.can, seconds=(10,))
    await chat.says("/generate a fox seconds:4")

    assert not other.accepted
    assert len(gated.accepted) == 1


async def test_the_door_is_told_the_price_and_the_tries(tmp_path: Path) -> None:
    chat, gated, _ = a_chat(tmp_path)
    gated.faults = [NeverMade("no connection")]
    await chat.says("/generate a fox seconds:4")

    assert gated.asked_for == [(0, 40_000), (1, 40_000)]


async def test_a_picture_that_is_gone_gives_the_place_back(tmp_path: Path) -> None:
    chat, gated, _ = a_chat(tmp_path)
    chat.engine.frozen = True
    card = await chat.says("/generate a fox seconds:4")
    job = await chat.job(card)
    take = chat.store.rows.takes[job.take]
    chat.store.rows.takes[job.take] = replace(take, brief=replace(take.brief, reference="f" * 64))
    await chat.driver(job.id)

    assert (await chat.job(card)).failure == "reference"
    assert gated.released == [job.id]
    assert not gated.accepted


async def test_a_job_knows_its_model_and_its_seconds(tmp_path: Path) -> None:
    chat, gated, _ = a_chat(tmp_path)
    gated.can = replace(gated.can, model="fox-2", usual_length=8)
    job = await chat.job(await chat.says("a fox"))

    assert (job.choice, job.seconds, job.price) == ("fake/fox-2", 8, 80_000)
    assert job.order is not None
    assert order_from_text(job.order).model == "fox-2"
