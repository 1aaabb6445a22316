"""`start:last-frame` in a storyboard: each shot waits for the one before, holds no place meanwhile, and never for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.errors import BadOrder, DiskFull, MediaFault, Unclear
from bot.jobs import Driver
from bot.ports import Work
from bot.states import Job, State
from tests.bot.test_storyboards import jobs_of, told
from tests.dialogue import Chat
from tests.fakes.film_world import FakeGate

CHAIN = """/storyboard Shot 1 (4s): A fox stops.
Shot 2 (4s): It looks up.
Shot 3 (4s): It runs. start:last-frame"""
FILM = "Film it · $0.12"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def booked(chat: Chat, text: str = CHAIN) -> Sequence[Job]:
    """A storyboard that was booked, and the process died."""
    card = await chat.says(text)
    chat.engine.frozen = True
    await chat.taps(next(button.label for button in card.buttons), card)
    return await jobs_of(chat)


async def frames(chat: Chat) -> list[bytes]:
    """What each accepted order begins with, in the order of the storyboard."""
    found = []
    for job in await jobs_of(chat):
        digest = chat.store.rows.takes[job.take].brief.reference
        path = await chat.clips.path(digest) if digest else None
        found.append(path.read_bytes() if path else b"")
    return found


def clip_of(chat: Chat, job: Job) -> str:
    clip = chat.store.rows.takes[job.take].clip
    assert clip is not None
    return clip.digest


def clip_bytes(chat: Chat, job: Job) -> bytes:
    return (chat.clips.root / clip_of(chat, job)).read_bytes()


async def notes(chat: Chat, job: Job) -> list[str]:
    return [note.key for note in chat.store.rows.takes[job.take].brief.notes]


async def test_each_shot_begins_with_the_last_frame_of_the_one_before(chat: Chat) -> None:
    card = await chat.says(CHAIN)
    assert "Each shot begins with the last frame of the one before, except where a scene begins." in card.lines
    await chat.taps(FILM, card)
    assert await frames(chat) == [b"", b"last of a clipfake-1", b"last of a clipfake-2"]
    orders = [order.brief.reference for order in chat.backend.accepted.values()]
    assert orders == [chat.store.rows.takes[job.take].brief.reference for job in await jobs_of(chat)]
    assert [order.brief.text.rpartition("\n")[2] for order in chat.backend.accepted.values()] == [
        "A fox stops.",
        "It looks up.",
        "It runs.",
    ]
    assert len(told(chat)) == 1


async def test_a_scene_begins_anew_and_does_not_wait(chat: Chat) -> None:
    first, second, third = await booked(chat, CHAIN.replace("Shot 3", "Scene: new\nShot 3"))
    assert (first.after, second.after, third.after) == ("", first.id, "")
    assert {ticket.job for ticket in chat.store.enqueued} == {first.id, third.id}


async def test_the_first_goes_on_from_what_was_filmed_before(chat: Chat) -> None:
    await chat.says("An owl. ")
    await chat.taps(FILM, await chat.says(CHAIN))
    await chat.sweep.round()
    await chat.engine.quiet()
    assert (await frames(chat))[0] == b"last of a clipfake-1"


async def test_a_model_that_starts_from_no_picture_waits_for_none(chat: Chat) -> None:
    chat.backend.can = replace(chat.backend.can, images=False)
    card = await chat.says(CHAIN)
    assert "fake starts from no picture, so every shot begins from words alone." in card.lines
    await chat.taps(FILM, card)
    assert await frames(chat) == [b"", b"", b""]


async def test_what_waits_holds_no_place_and_is_not_driven(chat: Chat) -> None:
    first, second, third = await booked(chat)
    assert [ticket.job for ticket in chat.store.enqueued] == [first.id]
    assert await chat.sweep.hand_over() == 0
    await chat.driver(third.id)
    await chat.driver(second.id)
    assert [job.state for job in await jobs_of(chat)] == [State.RESERVED] * 3
    assert not chat.backend.accepted


class BlindGate(FakeGate):
    """Finds no last frame in the next clip."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.faults = [fault]

    async def last_frame(self, file: Path, into: Path) -> None:
        if self.faults:
            raise self.faults.pop(0)
        await super().last_frame(file, into)


@pytest.mark.parametrize("how", ["failed", "cancelled", "parked", "clip gone", "unreadable"])
async def test_without_a_clip_to_go_on_from_it_begins_from_words_alone(chat: Chat, how: str) -> None:
    first, second, third = await booked(chat)
    if how == "failed":
        chat.backend.faults.append(BadOrder("no"))
    if how == "parked":
        chat.backend.faults.append(Unclear("lost"))
        chat.backend.searchable = False
    if how == "unreadable":
        chat.driver.gate = BlindGate(MediaFault("nothing in it"))
    if how == "cancelled":
        await chat.says("/cancel 1A")
    await chat.driver(first.id)
    if how == "clip gone":
        (chat.clips.root / clip_of(chat, first)).unlink()
    await chat.sweep.hand_over()
    await chat.driver(second.id)
    await chat.driver(third.id)

    assert (await jobs_of(chat))[1].state is State.DONE
    assert (await frames(chat))[1] == b""
    assert await notes(chat, second) == ["no_last_frame"]
    card = chat.poster.messages[second.take][-1]
    assert "1A has no clip to go on from, so this shot begins from words alone." in card.lines
    assert (await frames(chat))[2].startswith(b"last of a clip"), "the next one goes on as ever"


async def test_a_clip_that_cannot_be_posted_is_a_clip_to_go_on_from(chat: Chat) -> None:
    first, second, _ = await booked(chat)
    chat.poster.refusals, chat.poster.final = 1, True
    await chat.driver(first.id)
    assert (await jobs_of(chat))[0].state is State.UNDELIVERED
    await chat.driver(second.id)
    assert (await frames(chat))[1] == b"last of a clipfake-1"


async def test_a_full_disk_is_waited_for(chat: Chat) -> None:
    first, second, _ = await booked(chat)
    await chat.driver(first.id)
    chat.driver.gate = BlindGate(DiskFull(free=0, needed=1))
    await chat.driver(second.id)
    assert (await frames(chat))[1] == b"last of a clipfake-1"


async def test_a_picture_that_its_model_refuses_is_left_out(chat: Chat) -> None:
    first, second, _ = await booked(chat)
    chat.backend.can = replace(chat.backend.can, images=False)
    await chat.driver(first.id)
    await chat.driver(second.id)
    assert (await frames(chat))[1] == b""
    assert (await jobs_of(chat))[1].state is State.DONE


async def test_one_that_is_cancelled_while_it_waits_ends_at_once(chat: Chat) -> None:
    first, second, third = await booked(chat)
    await chat.says("/cancel 1B")
    assert (await jobs_of(chat))[1].state is State.CANCELLED
    assert chat.store.rows.closed[second.id].kind == "release"
    await chat.driver(first.id)
    await chat.sweep.hand_over()
    await chat.driver(third.id)
    assert (await jobs_of(chat))[2].state is State.DONE


@dataclass
class Mortal:
    """A process whose last transaction is its `breaths`th: it dies before that one is committed, or right after."""

    chat: Chat
    breaths: int
    before: bool
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """From its start: what lies about is handed to the engine, and driven."""
        driver = self.chat.driver
        self.chat.engine.kept.clear()
        await self.chat.sweep.hand_over()
        mine = Driver(self.work, driver.backends, driver.clips, driver.gate, driver.delivery, driver.clock)
        tasks = {asyncio.ensure_future(self._drive(mine)), asyncio.ensure_future(self.dead.wait())}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        mine.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(self, driver: Driver) -> None:
        kept = self.chat.engine.kept
        while kept:
            await driver(kept.pop(0).job)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        self.breaths -= 1
        if self.breaths < 0:
            self._die()
        async with self.chat.store.work() as w:
            yield w
            if self.breaths == 0 and self.before:
                self._die()

    def _die(self) -> None:
        self.dead.set()
        raise asyncio.CancelledError


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("breaths", [3, 4, 5, 7, 11])
async def test_the_whole_chain_goes_on_after_a_kill_at_any_step(chat: Chat, breaths: int, before: bool) -> None:
    await booked(chat)
    for life in range(300):
        if all(job.state is State.DONE for job in await jobs_of(chat)):
            break
        await Mortal(chat, breaths + life % 5, before).live()
    jobs = await jobs_of(chat)
    assert await frames(chat) == [b"", *(b"last of " + clip_bytes(chat, job) for job in jobs[:2])]
    assert len(chat.backend.accepted) == 3, "nothing was filmed twice"
    await chat.sweep.round()
    assert len(told(chat)) == 1
