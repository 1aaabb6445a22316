"""An operator's word on parked takes: adopt, send again, give the money back; each is heard once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import parked
from bot.cards import Card, Tone
from bot.errors import Unclear
from bot.errors_operator import AlreadyOwned, NotParked, UnknownJob
from bot.states import Job, State
from tests.dialogue import INES, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def lost(chat: Chat, words: str = "a fox") -> Job:
    """A take whose order was accepted, though nobody can tell."""
    chat.backend.faults, chat.backend.accepts_anyway, chat.backend.searchable = [Unclear("cut")], True, False
    card = await chat.says(f"/generate {words} seconds:4")
    assert card.tone is Tone.PARKED
    chat.backend.accepts_anyway = False
    return await chat.job(card)


async def undelivered(chat: Chat) -> Job:
    """A take whose clip lies here."""
    chat.poster.refusals = 1000
    await chat.says("/generate a fox seconds:4")
    chat.poster.refusals = 0
    return next(iter(chat.store.rows.jobs.values()))


async def spent(chat: Chat) -> int:
    async with chat.store.work() as w:
        return (await w.ledger.spent(0.0, member=INES.id)).micros


def shown(chat: Chat, job: Job) -> Card:
    return chat.poster.messages[job.take][-1]


async def test_they_are_listed_with_what_may_be_decided(chat: Chat) -> None:
    job = await lost(chat)
    async with chat.store.work() as w:
        (only,) = await parked.parked(w)
    assert (only.job.id, str(only.take.slate), only.since) == (job.id, "1A-1", job.intent_at)
    assert only.answers == ("adopt", "retry", "refund")


async def test_adopted_it_goes_on_as_that_order_and_is_paid_once(chat: Chat) -> None:
    job = await lost(chat)
    async with chat.store.work() as w:
        await parked.adopt(w, job.id, "fake-1", chat.clock.now())
    await chat.engine.quiet()
    assert chat.store.rows.jobs[job.id].state is State.DONE
    assert len(chat.backend.accepted) == 1
    assert await spent(chat) == 40_000


async def test_an_order_of_another_take_cannot_be_adopted(chat: Chat) -> None:
    await chat.says("/generate an owl seconds:4")
    job = await lost(chat)
    with pytest.raises(AlreadyOwned):
        async with chat.store.work() as w:
            await parked.adopt(w, job.id, "fake-1", chat.clock.now())
    assert chat.store.rows.jobs[job.id].state is State.AMBIGUOUS


async def test_sent_again_it_is_a_new_order(chat: Chat) -> None:
    job = await lost(chat)
    async with chat.store.work() as w:
        await parked.retry(w, job.id, chat.clock.now())
    await chat.engine.quiet()
    assert chat.store.rows.jobs[job.id].state is State.DONE
    assert len(chat.backend.accepted) == 2
    assert await spent(chat) == 40_000


async def test_a_clip_that_lies_here_is_posted_again_and_never_filmed_again(chat: Chat) -> None:
    job = await undelivered(chat)
    async with chat.store.work() as w:
        await parked.retry(w, job.id, chat.clock.now())
    await chat.engine.quiet()
    assert chat.store.rows.jobs[job.id].state is State.DONE
    assert len(chat.backend.accepted) == 1
    assert [len(clips) for clips in chat.poster.clips.values()] == [1]


async def test_refunded_its_money_is_back_and_its_member_is_told(chat: Chat) -> None:
    job = await lost(chat)
    assert await spent(chat) == 40_000
    async with chat.store.work() as w:
        await parked.refund(w, job.id, chat.clock.now())
    assert await spent(chat) == 0
    await chat.sweep.round()
    assert shown(chat, job).lines[0].endswith("You paid nothing; $0.04 is back.")


async def test_of_ten_decisions_at_once_one_is_heard(chat: Chat) -> None:
    job = await lost(chat)

    async def decide(number: int) -> bool:
        try:
            async with chat.store.work() as w:
                await (parked.refund if number % 2 else parked.retry)(w, job.id, chat.clock.now())
        except NotParked:
            return False
        return True

    assert sum(await asyncio.gather(*map(decide, range(10)))) == 1


async def test_what_is_not_parked_or_not_there_is_told(chat: Chat) -> None:
    done = await chat.job(await chat.says("/generate a fox seconds:4"))
    for decide in (parked.retry, parked.refund):
        with pytest.raises(NotParked):
            async with chat.store.work() as w:
                await decide(w, done.id, chat.clock.now())
        with pytest.raises(UnknownJob):
            async with chat.store.work() as w:
                await decide(w, "nobody", chat.clock.now())


async def test_a_clip_that_lies_here_was_taken_so_there_is_nothing_to_adopt(chat: Chat) -> None:
    job = await undelivered(chat)
    with pytest.raises(NotParked):
        async with chat.store.work() as w:
            await parked.adopt(w, job.id, "fake-9", chat.clock.now())
