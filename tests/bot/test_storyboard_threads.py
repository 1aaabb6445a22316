"""Where a place has threads, the shots of a storyboard go into one of them; where it has none, they go where it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import DeliveryFault
from bot.people import Address
from tests.bot.test_storyboards import THREE, board_of, jobs_of
from tests.dialogue import Chat
from tests.fakes.film_world import FakePoster


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


class ThreadingPoster(FakePoster):
    """A chat with threads."""

    faults: list[DeliveryFault]
    asked = 0

    async def thread(self, address: Address, title: str) -> Address:
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        assert title == "Storyboard: The letter"
        return replace(address, thread=f"under {address.pressed}", pressed=None)


@pytest.fixture
def threading(chat: Chat) -> ThreadingPoster:
    poster = ThreadingPoster(work=chat.store.work)
    poster.faults = []
    chat.poster = poster
    for posters in (chat.studio.posters, chat.delivery.posters):
        posters["chat"] = poster  # type: ignore[index]
    return poster


async def test_where_there_are_threads_the_shots_go_into_one(chat: Chat, threading: ThreadingPoster) -> None:
    card = await chat.says(THREE)
    await chat.taps("Film it · $0.16", card)
    under = f"under {chat.reference(card)}"
    assert {job.address.thread for job in await jobs_of(chat)} == {under}
    assert chat.store.rows.wishes[f"end-{board_of(chat)}"].address.thread == under
    await chat.taps("Film it · $0.16", card)
    assert threading.asked == 1


@pytest.mark.parametrize("final", [True, False])
async def test_without_a_thread_they_go_where_the_storyboard_stands(
    chat: Chat, threading: ThreadingPoster, final: bool
) -> None:
    card = await chat.says(THREE)
    threading.faults += [DeliveryFault("no", final=final) for _ in range(3)]
    await chat.taps("Film it · $0.16", card)
    if not final:
        assert not chat.store.rows.jobs, "it may still be had"
        await chat.sweep.round()
        assert not chat.store.rows.jobs
        chat.clock.time += 200
        await chat.sweep.round()
        await chat.engine.quiet()
    assert {job.address.thread for job in await jobs_of(chat)} == {None}
    assert len(chat.backend.accepted) == 3
