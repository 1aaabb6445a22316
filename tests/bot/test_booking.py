"""What a price waits for: the operator's line, and a tap that is heard once whatever is pressed, in whatever order."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.budget import Caps
from bot.cards import Card, Tone
from bot.commands import Cancel, Idea
from bot.paperwork import Ticket
from bot.states import Job, State
from bot.verdicts import Approve, Final
from tests.bot.test_stages import DAY, GRAND, labels, spent
from tests.dialogue import INES, Chat
from tests.fakes.film_world import FakeBackend

# ---------------------------------------------------------------- above the operator's line


async def test_what_costs_more_than_the_line_asks_first_whatever_films_it(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(approve_above=50_000))
    cheap = await chat.says("/generate a fox seconds:4")
    dear = await chat.says("/generate a heron seconds:8")
    assert (cheap.tone, dear.tone) == (Tone.READY, Tone.WAITING)
    assert dear.lines[0].startswith("This costs more than is filmed here without asking.")
    assert labels(dear)[0] == "Film it · $0.08"
    assert chat.prompts == ["a fox"]
    assert (await chat.taps("Film it · $0.08", dear)).tone is Tone.READY
    for asked in (await chat.says("/retake"), await chat.says("/remix at night"), await chat.says("/extend 1B-1")):
        assert asked.tone in (Tone.WAITING, Tone.FAILED), "extending is not offered by this backend"
    assert len(chat.prompts) == 2


@pytest.mark.parametrize(("line", "asks"), [(39_999, True), (40_000, False), (0, True)])
async def test_the_line_itself_is_filmed_at_once(tmp_path: Path, line: int, asks: bool) -> None:
    chat = Chat(tmp_path, caps=Caps(approve_above=line))
    card = await chat.says("/generate a fox seconds:4")
    assert (card.tone is Tone.WAITING) is asks


async def test_a_price_that_nobody_knows_is_above_no_line(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(approve_above=0))
    assert (await chat.says("/generate a fox")).tone is Tone.READY
    strict = Chat(tmp_path, caps=Caps(approve_above=0), demand=True)
    assert "Nobody has set a price" in (await strict.says("/generate a fox")).lines[0]


async def test_what_was_tapped_with_its_price_is_not_asked_again(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(approve_above=0))
    idea = await chat.wants(Idea(prompt="a fox", seconds=4), place="direct-ines")
    assert (await chat.taps("Shoot it $0.04", idea, place="direct-ines")).tone is Tone.READY


# ---------------------------------------------------------------- presses in any number and order


presses = st.lists(st.sampled_from(["approve", "cancel", "late", "sweep", "die"]), min_size=1, max_size=7)


@given(order=presses, at_once=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_most_one_job_films_whatever_is_pressed(order: list[str], at_once: bool, tmp_path: Path) -> None:
    asyncio.run(_pressed(order, at_once, tmp_path / next(_folders)))


_folders = (f"chat-{number}" for number in itertools.count())


async def _pressed(order: list[str], at_once: bool, folder: Path) -> None:
    folder.mkdir()
    grand = FakeBackend("grand", can=GRAND)
    chat = Chat(folder, others=(grand,), final="grand")
    draft = await chat.says("/generate a fox seconds:4")
    asked = await chat.wants(Final(take=draft.take))
    held = spent(chat)
    if at_once:
        await asyncio.gather(*(_press(chat, asked, each) for each in order))
    else:
        for each in order:
            await _press(chat, asked, each)
    await chat.sweep.round()
    await chat.engine.quiet()
    job = await chat.job(asked)
    _nothing_unasked(chat, grand, job, order, held)


async def _press(chat: Chat, asked: Card, what: str) -> None:
    if what == "sweep":
        await chat.sweep.round()
    elif what == "late":
        chat.clock.time += DAY * 0.6
    elif what == "die":  # between the transaction and everything after it
        wish = await chat.stored(Approve(take=asked.take))
        await chat.studio._handled(wish)
    else:
        await chat.wants(Approve(take=asked.take) if what == "approve" else Cancel(take=asked.take))


def _nothing_unasked(chat: Chat, grand: FakeBackend, job: Job, order: list[str], held: int) -> None:
    assert len(grand.accepted) <= 1
    assert len([ticket for ticket in chat.store.enqueued if ticket == Ticket(job.id, 0, INES.id)]) <= 1
    if not {"approve", "die"} & set(order):
        assert not grand.accepted
        assert spent(chat) == held
        assert job.id not in chat.store.rows.opened
    if grand.accepted and job.state is State.DONE:
        assert spent(chat) == held + 630_000
