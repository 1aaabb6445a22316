"""How a take's card and its clip reach a chat: once, whole, in the size of the place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import Generate, Help
from bot.errors import DiskFull
from bot.fitting import Fit, after_refusal
from bot.people import Address
from bot.states import State
from tests.dialogue import MAREK, Chat
from tests.fakes.film_world import FakePoster

KIB = 1024
GENERATE = Generate(prompt="a fox")


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def film_of(chat: Chat, size: int) -> None:
    """The backend's clips have about so many bytes; the gate says that each lasts 4 s."""
    chat.backend.clip = b"x" * size


# ---------------------------------------------------------------- the size of the place


async def test_what_fits_goes_as_it_is(chat: Chat) -> None:
    chat.poster.largest = 10 * KIB
    film_of(chat, 9 * KIB)
    card = await chat.says("/generate a fox")
    assert [len(file) for file in chat.poster.clips[card.take]] == [9 * KIB + len("fake-1")]
    assert card.lines == ()
    assert chat.gate.shrunk == []


async def test_a_still_lies_beside_the_clip_where_the_place_shows_one(chat: Chat) -> None:
    chat.poster.still_pixels = 320
    card = await chat.says("/generate a fox")
    assert chat.poster.stills[card.take] == [b"poster of " + chat.poster.clips[card.take][0]]
    chat.poster.still_pixels = 0
    card = await chat.says("/generate another fox")
    assert chat.poster.stills[card.take] == []


async def test_what_is_too_large_is_made_smaller_and_the_card_says_so(chat: Chat) -> None:
    chat.poster.largest = 300 * KIB
    film_of(chat, 400 * KIB)
    card = await chat.says("/generate a fox")
    assert [len(file) for file in chat.poster.clips[card.take]] == [300 * KIB]
    assert card.lines == ("Made smaller to fit here; the original is kept.",)
    take = await chat.take(card)
    assert take.clip is not None
    assert take.clip.size > 400 * KIB, "what is kept is the original"


async def test_rather_a_link_than_a_picture_nobody_can_watch(chat: Chat) -> None:
    """4 s in 100 KiB are 205 kbit/s."""
    chat.poster.largest = 100 * KIB
    chat.links["*"] = "https://film.example/clips/abc"
    film_of(chat, 400 * KIB)
    card = await chat.says("/generate a fox")
    assert card.clip is not None
    assert card.clip.url == "https://film.example/clips/abc"
    assert chat.poster.clips[card.take] == []
    assert card.lines == ("Too large to be posted here. The link works for 7 days.",)

    circled = await chat.taps("Circle", card)
    shown = chat.poster.messages[card.take][-1]
    assert shown.clip is not None
    assert shown.clip.url == card.clip.url, f"the link is gone with {circled.title}"


async def test_and_rather_parts_where_there_are_no_links(chat: Chat) -> None:
    chat.poster.largest = 100 * KIB
    film_of(chat, 250 * KIB)
    card = await chat.says("/generate a fox")
    assert [len(file) // KIB for file in chat.poster.clips[card.take]] == [100, 100, 50]
    assert card.lines == ("Too large for one file here, so it comes in 3 parts.",)


async def test_more_than_ten_parts_are_first_made_as_small_as_ten(chat: Chat) -> None:
    chat.poster.largest = 100 * KIB
    film_of(chat, 5000 * KIB)
    card = await chat.says("/generate a fox")
    assert chat.gate.shrunk == [900 * KIB]
    assert len(chat.poster.clips[card.take]) == 9


async def test_where_it_cannot_be_made_smaller_it_is_split(chat: Chat) -> None:
    chat.poster.largest = 300 * KIB
    chat.gate.cannot_shrink = True
    film_of(chat, 400 * KIB)
    card = await chat.says("/generate a fox")
    assert len(chat.poster.clips[card.take]) == 2


async def test_a_place_that_takes_less_than_it_says_is_believed_when_it_refuses(chat: Chat) -> None:
    chat.poster.largest, chat.poster.takes = None, 300 * KIB
    film_of(chat, 400 * KIB)
    card = await chat.says("/generate a fox")
    assert card.tone is Tone.READY
    assert chat.gate.shrunk == [300 * KIB]


async def test_what_nothing_makes_fit_is_kept_and_not_tried_again_and_again(chat: Chat) -> None:
    chat.poster.largest = 300 * KIB
    chat.gate.cannot_shrink = chat.gate.cannot_split = True
    film_of(chat, 400 * KIB)
    started = chat.clock.now()
    card = await chat.says("/generate a fox")
    assert (await chat.job(card)).state is State.UNDELIVERED
    assert chat.clock.now() - started < 10
    assert card.tone is Tone.PARKED
    assert "The clip is safe" in card.lines[0]
    assert "kept, not posted" in (await chat.says("/queue")).rows[0].text + (await chat.says("/queue")).rows[0].note

    chat.gate.cannot_split = False  # somebody has mended it
    chat.clock.time += 3600
    await chat.sweep.round()
    await chat.engine.quiet()
    assert (await chat.job(card)).state is State.DONE
    assert len(chat.backend.accepted) == 1


async def test_a_place_that_refuses_every_size_is_asked_three_times(chat: Chat) -> None:
    chat.poster.takes = 0
    film_of(chat, 400 * KIB)
    card = await chat.says("/generate a fox")
    assert (await chat.job(card)).state is State.UNDELIVERED
    assert len(chat.gate.shrunk) <= 2


async def test_a_full_disk_while_fitting_is_waited_out(chat: Chat) -> None:
    chat.poster.largest = 300 * KIB
    film_of(chat, 400 * KIB)
    full = [DiskFull(path="clips")]
    shrink = chat.gate.shrink

    async def without_room(file: Path, limit: int, into: Path) -> None:
        if full:
            raise full.pop()
        await shrink(file, limit, into)

    chat.gate.shrink = without_room  # type: ignore[method-assign]
    card = await chat.says("/generate a fox")
    assert full == []
    assert (await chat.job(card)).state is State.DONE


# ---------------------------------------------------------------- cards


class SlowChat(FakePoster):
    """A chat whose first card takes as long as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_post = asyncio.Event(), asyncio.Event()
        self.first_cards = 0

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        if posted is None:
            self.first_cards += 1
            self.asked.set()
            await self.may_post.wait()
        return await super().show(address, key, card, posted)


def slow(chat: Chat) -> SlowChat:
    poster = SlowChat()
    chat.poster = poster
    chat.delivery.posters = chat.studio.posters = {"chat": poster}
    return poster


async def test_a_slow_chat_does_not_keep_a_take_from_being_filmed(chat: Chat) -> None:
    poster = slow(chat)
    asking = asyncio.create_task(chat.says("/generate a fox"))
    await poster.asked.wait()
    for _ in range(1000):
        await asyncio.sleep(0)
    assert [job.state for job in chat.store.rows.jobs.values()] == [State.DELIVERING]
    assert poster.messages == {}

    poster.may_post.set()
    card = await asking
    assert card.tone is Tone.READY
    assert poster.first_cards == 1, "the clip found the card that its wish was answered with"
    assert [shown.tone for shown in poster.messages[card.take]][-1] is Tone.READY


async def test_after_a_restart_a_slow_chat_holds_up_neither_the_jobs_nor_other_answers(chat: Chat) -> None:
    poster = slow(chat)
    chat.engine.frozen = True
    film, asked = await chat.stored(GENERATE), await chat.stored(Help(), MAREK)
    sweeping = asyncio.create_task(chat.sweep.round())
    await poster.asked.wait()
    for _ in range(1000):
        await asyncio.sleep(0)
    assert poster.messages.get(asked.id), "the other member has an answer"
    async with asyncio.timeout(5):
        await chat.sweep.hand_over()
        assert await chat.studio.take_up_open() == 0, "the slow one is in hand"
    poster.may_post.set()
    await sweeping
    assert poster.first_cards == 1
    assert (await chat.answer(film.id)).status == "in the queue"


async def test_a_card_that_waited_for_its_turn_is_brought_up_to_date(chat: Chat) -> None:
    """Nothing may change for a long time after that, so the next change is not waited for."""
    poster = slow(chat)
    chat.engine.frozen = True
    asking = asyncio.create_task(chat.says("/generate a fox"))
    await poster.asked.wait()
    (job,) = chat.store.rows.jobs.values()
    async with chat.store.work() as w:
        await w.jobs.move(job.id, State.RESERVED, State.SUBMITTING)
    poster.may_post.set()
    await asking
    assert [card.status for card in poster.messages[job.take]] == ["in the queue", "being sent"]


async def test_progress_goes_the_way_that_may_be_dropped(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await chat.says("/generate a fox")
    chat.poster.refusals = 10_000
    job = await chat.job(card)
    await chat.delivery.progress(replace(job, state=State.SUBMITTING))
    assert chat.poster.refusals == 10_000, "an edit of progress was sent as one that must arrive"


async def test_before_its_first_card_stands_no_progress_is_shown(chat: Chat) -> None:
    chat.engine.frozen = True
    chat.poster.refusals = 1
    await chat.says("/generate a fox")
    (job,) = chat.store.rows.jobs.values()
    await chat.delivery.progress(job)
    assert chat.poster.messages == {}
    await chat.sweep.round()  # the wish is still unanswered
    assert list(chat.poster.messages) == [job.take]


async def test_an_idea_that_is_shot_goes_on_in_its_own_message(chat: Chat) -> None:
    chat.engine.frozen = True
    wish = await chat.stored(GENERATE)
    await chat.poster.show(wish.address, wish.id, Card(title="Idea"), None)
    await chat.studio.handle(GENERATE, wish)
    (job,) = chat.store.rows.jobs.values()
    async with chat.store.work() as w:
        await w.jobs.note(job.id, job.state, posted=f"chat/night-shoots/{wish.id}")
    await chat.delivery.open(job.id)
    assert [card.title for card in chat.poster.messages[wish.id]] == ["Idea", "1A-1"]


async def test_a_chat_that_is_gone_is_not_told_for_ever(chat: Chat) -> None:
    chat.engine.frozen = True
    card = await chat.says("/generate a fox")
    chat.poster.refusals, chat.poster.final = 1, True
    job = await chat.job(card)
    async with chat.store.work() as w:
        ended = await w.jobs.move(job.id, State.RESERVED, State.CANCELLED)
    assert ended is not None
    assert await chat.delivery.ended(ended)
    assert (await chat.job(card)).told


async def test_a_card_that_comes_after_the_clip_says_that_all_is_done(chat: Chat) -> None:
    """Two processes: the one that answers is slow, the one that films has posted the clip meanwhile."""
    poster = slow(chat)
    chat.engine.frozen = True
    asking = asyncio.create_task(chat.says("/generate a fox"))
    await poster.asked.wait()
    (job,) = chat.store.rows.jobs.values()
    async with chat.store.work() as w:
        await w.jobs.move(job.id, State.RESERVED, State.DONE, posted="chat/night-shoots/elsewhere")
    poster.may_post.set()
    card = await asking
    assert card.tone is Tone.READY
    assert card.buttons == ()


@pytest.mark.parametrize(("named", "next_room"), [(50, 50), (100, 90), (10**9, 90)])
def test_what_is_tried_next_is_always_smaller_than_what_was_refused(tmp_path: Path, named: int, next_room: int) -> None:
    refused = tmp_path / "clip"
    refused.write_bytes(b"x" * 100)
    assert after_refusal(Fit((refused,)), named) == next_room
