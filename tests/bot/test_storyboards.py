"""Storyboards: the price of all of them first, one tap, every shot in its order, and a line at the end that says how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assembly import BoardOver
from bot.brief import PartName
from bot.budget import Caps
from bot.capabilities import Capabilities
from bot.cards import Card, Tone
from bot.commands import Shoot, Stage
from bot.errors import BadOrder
from bot.film import Shape
from bot.people import Address
from bot.states import Job, State
from tests.dialogue import INES, MAREK, Chat
from tests.fakes.film_world import FakeBackend

THREE = """/storyboard The letter
Shot 1 (4s): A detective in a trench coat waits at night.
Dialogue: Jo: “Late.”
Shot 2 (8s): He lights a cigarette.

Scene 2:
Shot 3 (4s): A gull over the pier at dawn."""
TEN = """/storyboard
Scene 1:
Shot 1 (4s): Night. Mara in a red oilskin coat waits on the pier, rain, one lamp behind her.
Shot 2 (4s): Mara turns round.
Shot 3 (4s): Teo rows out of the dark.
Shot 4 (4s): Teo throws a rope.
Shot 5 (4s): Mara catches it.
Scene 2:
Shot 6 (4s): Morning. A bare kitchen, low sun. Teo in a grey jumper pours coffee.
Shot 7 (4s): Mara sits down.
Shot 8 (4s): Teo lays a letter on the table.
Shot 9 (4s): Mara opens it.
Shot 10 (4s): She laughs."""


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def board_of(chat: Chat) -> str:
    """The wish of the storyboard that was asked for last."""
    return [wish.id for wish in chat.store.rows.wishes.values() if wish.command["name"] == "storyboard"][-1]


async def jobs_of(chat: Chat, board: str = "") -> Sequence[Job]:
    async with chat.store.work() as w:
        return await w.jobs.of_board(board or board_of(chat))


def told(chat: Chat, board: str = "") -> list[Card]:
    """What was said at the end."""
    return chat.poster.messages.get(f"end-{board or board_of(chat)}", [])


async def words_of(chat: Chat) -> list[str]:
    async with chat.store.work() as w:
        shots = [await w.productions.shots(each) for each in chat.store.rows.productions]
    return [shot.words for production in shots for shot in production]


# ---------------------------------------------------------------- asked


async def test_the_price_of_all_comes_first_and_nothing_is_spent(chat: Chat) -> None:
    card = await chat.says(THREE)
    assert (card.tone, card.title, card.quote) == (Tone.WAITING, "Storyboard · 3 shots", "The letter")
    assert card.facts[:2] == ("$0.16", "16 s")
    assert [(row.title, row.note) for row in card.rows] == [("1A", "4 s"), ("1B", "8 s"), ("2A", "4 s")]
    assert card.rows[0].text == "A detective in a trench coat waits at night.\nDialogue: Jo: “Late.”"
    assert labels(card) == ["Film it · $0.16", "Edit", "Not now"]
    rows = chat.store.rows
    assert (rows.jobs, rows.opened, rows.shots, chat.backend.accepted) == ({}, {}, {}, {})


async def test_the_slates_go_on_from_what_was_filmed_before(chat: Chat) -> None:
    await chat.says("A fox crosses the snow.")
    card = await chat.says(THREE)
    assert [row.title for row in card.rows] == ["1B", "1C", "2A"]


async def test_filmed_in_order_and_told_once_at_the_end(chat: Chat) -> None:
    filming = await chat.says(THREE)
    await chat.taps("Film it · $0.16", filming)
    jobs = await jobs_of(chat)
    takes = [chat.store.rows.takes[job.take] for job in jobs]

    assert [str(take.slate) for take in takes] == ["1A-1", "1B-1", "2A-1"]
    assert [job.created_at for job in jobs] == sorted({job.created_at for job in jobs})
    assert {job.state for job in jobs} == {State.DONE}
    assert sum(chat.store.rows.closed[job.id].micros for job in jobs) == 160_000
    assert [chat.poster.messages[take.id][-1].tone for take in takes] == [Tone.READY] * 3
    before = chat.poster.messages[board_of(chat)][-1]
    assert before.lines == ("Filming 3 shots, 1A to 2A. Each has a card of its own.",)
    assert not before.buttons

    (over,) = told(chat)
    assert over.lines == ("3 of 3 filmed; 12 s.",)
    assert [(button.label, button.action) for button in over.buttons] == [("Cut the film", "film"), ("Check", "check")]
    await chat.sweep.round()
    assert len(told(chat)) == 1


async def test_every_brief_is_compiled_as_if_they_had_been_sent_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "all").mkdir()
    single, whole = Chat(tmp_path / "one"), Chat(tmp_path / "all")
    for chat in (single, whole):
        await chat.says("/style set look:35mm, golden hour")
        await chat.says("A harbour in the rain, night.")
    await single.says("/generate A detective in a trench coat waits at night.\nDialogue: Jo: “Late.” seconds:4")
    await single.says("/generate He lights a cigarette. seconds:8")
    await single.says("/generate A gull over the pier at dawn. seconds:4 scene:new")
    await whole.taps("Film it · $0.16", await whole.says(THREE))
    assert sorted(whole.prompts) == sorted(single.prompts)


async def test_a_story_of_ten_shots_keeps_its_people_and_places_and_does_not_grow(chat: Chat) -> None:
    await chat.says("/style set look:Super 8, muted teal")
    await chat.says("/cast add Mara: a woman of forty with a scar over one eyebrow")
    await chat.says("/cast add Teo: an old boatman with a white beard")
    await chat.taps("Film it · $0.40", await chat.says(TEN))
    briefs = [chat.store.rows.takes[job.take].brief for job in await jobs_of(chat)]

    assert len(briefs) == 10
    mara, teo = "a woman of forty with a scar over one eyebrow", "an old boatman with a white beard"
    for at, brief in enumerate(briefs):
        assert brief.text.startswith("Super 8, muted teal"), at
        assert (mara in brief.text) or (teo in brief.text), at
    assert all(mara in brief.text and "red oilskin coat" in brief.text for brief in briefs[:2])
    for brief in briefs[1:5]:
        carried = brief.part(PartName.CARRIED)
        assert all(each in carried for each in ("pier", "Night", "rain")), brief.text
    for brief in briefs[6:]:
        carried = brief.part(PartName.CARRIED)
        assert all(each in carried for each in ("kitchen", "Morning", "low sun")), brief.text
        assert not any(each in brief.text for each in ("pier", "oilskin", "rain")), brief.text
    done = (
        "turns round",
        "rows out",
        "throws a rope",
        "catches",
        "pours coffee",
        "sits down",
        "lays a letter",
        "opens it",
    )
    for at, brief in enumerate(briefs):
        assert not [each for each in done if each in brief.part(PartName.CARRIED, PartName.CAST)], at
    assert max(len(brief.part(PartName.CARRIED)) for brief in briefs) < 200


async def test_a_storyboard_that_numbers_nothing_is_not_guessed_at(chat: Chat) -> None:
    for text in ("/storyboard A fox walks.\n\nIt stops.", "/storyboard A fox walks"):
        card = await chat.says(text)
        assert card.lines == ("There is no shot in that. One line each: Shot 1: what the camera sees.",)


async def test_what_a_model_does_not_film_is_said_with_the_number_of_the_shot(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1 (4s): a fox\nShot 2 (5s): a hare")
    assert card.lines == ("Shot 2: fake does not film 5 s. It films: 4, 8, 12 s.",)


async def test_a_shot_without_a_length_is_as_long_as_its_model_makes_it(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1: a fox\nShot 2 (4s): a hare")
    assert card.facts[0] == "price not known"
    chat.backend.can = replace(chat.backend.can, usual_length=8)
    card = await chat.says("/storyboard Shot 1: a fox\nShot 2 (4s): a hare")
    assert card.facts[:2] == ("$0.12", "12 s")


async def test_style_and_cast_lines_are_for_files_and_the_card_says_so(chat: Chat) -> None:
    card = await chat.says("/storyboard Style: noir\nShape: 9:16\nShot 1 (4s): a fox")
    assert "Style and Cast lines are for files. Here your /style and your /cast hold." in card.lines
    assert card.facts[-1] == "9:16"


# ---------------------------------------------------------------- changed


async def test_a_reply_changes_adds_and_takes_out_shots_by_their_numbers(chat: Chat) -> None:
    first = await chat.says(THREE)
    after = await chat.replies("Shot 2: He turns up his collar.\nShot 4 (12s): The tide.\nShot 1:", first)
    assert [(row.title, row.text, row.note) for row in after.rows] == [
        ("1A", "He turns up his collar.", "8 s"),
        ("2A", "A gull over the pier at dawn.", "4 s"),
        ("2B", "The tide.", "12 s"),
    ]
    again = await chat.taps("Edit", after, "Shot 2 (4s): He turns up his collar.")
    await chat.taps("Film it · $0.20", again)
    assert await words_of(chat) == ["He turns up his collar.", "A gull over the pier at dawn.", "The tide."]
    await chat.taps("Film it · $0.16", first)
    assert len(await words_of(chat)) == 6, "the one before is a storyboard of its own"


async def test_what_stands_there_now_is_shown_where_words_are_asked_for(chat: Chat) -> None:
    await chat.says("/storyboard Shot 1 (4s): a fox")
    _, words = await chat.intake.asked_about(f"edit_board:{board_of(chat)}", INES, Address("chat", "night-shoots"))
    assert words == "Shot 1 (4s): a fox"


async def test_not_now_lets_it_go(chat: Chat) -> None:
    card = await chat.taps("Not now", await chat.says(THREE))
    assert card.lines == ("Not filmed. Nothing was spent.",)
    assert not chat.store.rows.jobs


# ---------------------------------------------------------------- booked


async def test_two_taps_film_it_once(chat: Chat) -> None:
    card = await chat.says(THREE)
    wishes = [await chat.stored(Shoot(idea=board_of(chat)), pressed=chat.reference(card)) for _ in range(2)]
    await asyncio.gather(*(chat.studio.take_up(wish.id) for wish in wishes))
    await chat.engine.quiet()
    await chat.taps("Film it · $0.16", card)
    assert len(await jobs_of(chat)) == len(chat.store.rows.jobs) == 3
    assert len(chat.backend.accepted) == 3
    assert len(told(chat)) == 1


async def test_somebody_else_cannot_film_it(chat: Chat) -> None:
    card = await chat.says(THREE)
    refused = await chat.taps("Film it · $0.16", card, member=MAREK)
    assert refused.tone is Tone.FAILED
    assert not chat.store.rows.jobs


async def test_a_price_that_has_changed_films_nothing(chat: Chat) -> None:
    card = await chat.says(THREE)
    chat.backend.can = replace(chat.backend.can, micros_per_second=20_000)
    refused = await chat.taps("Film it · $0.16", card)
    assert refused.lines == ("The price is $0.32 by now, so nothing was filmed. Please write it once more.",)
    assert not chat.store.rows.jobs


async def test_a_price_stands_for_a_day(chat: Chat) -> None:
    card = await chat.says(THREE)
    chat.clock.time += 24 * 3600 + 60
    assert (await chat.taps("Film it · $0.16", card)).tone is Tone.FAILED
    assert not chat.store.rows.jobs


async def test_all_of_them_have_to_be_within_the_caps_together(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(rolling=1, waiting=1))
    card = await chat.says(THREE)
    assert card.tone is Tone.FAILED
    card = await chat.says("/storyboard Shot 1 (4s): a fox\nShot 2 (4s): a hare")
    chat.engine.frozen = True
    await chat.says("/generate an owl seconds:4")
    refused = await chat.taps("Film it · $0.08", card)
    assert refused.tone is Tone.FAILED
    assert len(chat.store.rows.jobs) == 1
    assert len(chat.store.rows.shots) == 1, "all or none"


async def test_a_failing_shot_does_not_lose_the_others(chat: Chat) -> None:
    card = await chat.says(THREE)
    chat.engine.frozen = True
    await chat.taps("Film it · $0.16", card)
    chat.engine.frozen = False
    (first, second, third), wish = await jobs_of(chat), board_of(chat)
    chat.backend.faults.append(BadOrder("no"))
    await chat.driver(second.id)
    await chat.driver(first.id)
    assert await chat.studio.take_up_open() == 1
    assert not told(chat), "one still has to be filmed"
    await chat.driver(third.id)

    assert [job.state for job in await jobs_of(chat)] == [State.DONE, State.FAILED, State.DONE]
    assert second.id not in {job for job, entry in chat.store.rows.closed.items() if entry.kind == "settle"}
    (over,) = told(chat, wish)
    assert over.lines == ("2 of 3 filmed; 8 s.", "Not filmed: 1B-1. The cards say why, and what helps.")


async def test_where_nothing_came_of_it_nothing_is_offered(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1 (4s): a fox\nShot 2 (4s): a hare")
    chat.backend.faults += [BadOrder("no"), BadOrder("no")]
    await chat.taps("Film it · $0.08", card)
    (over,) = told(chat)
    assert (over.tone, over.lines[0], over.buttons) == (Tone.FAILED, "None of the 2 shots was filmed.", ())


async def test_the_last_ones_that_are_cancelled_end_it_too(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1 (4s): a fox\nShot 2 (4s): a hare")
    chat.engine.frozen = True
    await chat.taps("Film it · $0.08", card)
    first, _ = await jobs_of(chat)
    await chat.driver(first.id)
    await chat.says("/cancel")
    assert (await jobs_of(chat))[1].state is State.CANCELLED
    assert not told(chat)
    await chat.sweep.round()
    (over,) = told(chat)
    assert over.lines[0] == "1 of 2 filmed; 4 s."
    assert labels(over) == ["Cut the film"]


async def test_what_could_not_be_said_at_the_end_is_said_after_a_restart(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1 (4s): a fox")
    chat.engine.frozen = True
    await chat.taps("Film it · $0.04", card)
    chat.driver.tell = None  # the process ends before anybody is told
    (job,) = await jobs_of(chat)
    await chat.driver(job.id)
    assert not told(chat)
    await chat.sweep.round()
    await chat.sweep.round()
    assert len(told(chat)) == 1


async def test_a_clip_that_is_posted_late_is_no_news_of_the_storyboard(chat: Chat) -> None:
    card = await chat.says("/storyboard Shot 1 (4s): a fox")
    chat.engine.frozen = True
    await chat.taps("Film it · $0.04", card)
    (job,) = await jobs_of(chat)
    chat.poster.refusals, chat.poster.final = 1, True
    await chat.driver(job.id)
    assert (await jobs_of(chat))[0].state is State.UNDELIVERED
    assert told(chat)[0].lines == ("1 of 1 filmed; 4 s.",)
    await chat.driver(job.id)
    assert (await jobs_of(chat))[0].state is State.DONE
    assert len(told(chat)) == 1


async def test_nobody_else_learns_how_it_went(chat: Chat) -> None:
    await chat.taps("Film it · $0.16", await chat.says(THREE))
    assert (await chat.wants(BoardOver(board=board_of(chat)), MAREK)).tone is Tone.FAILED


async def test_a_final_storyboard_is_filmed_by_the_final_model_without_a_second_question(tmp_path: Path) -> None:
    grand = FakeBackend("grand", can=Capabilities(seconds=(4, 8), shapes=(Shape.WIDE,), micros_per_second=100_000))
    chat = Chat(tmp_path, others=(grand,), final="grand", caps=Caps(approve_above=0))
    card = await chat.says("/storyboard Shot 1 (4s): a fox\nShot 2 (4s): a hare stage:final")
    await chat.taps("Film it · $0.80", card)
    assert {job.stage for job in await jobs_of(chat)} == {Stage.FINAL}
    assert len(grand.accepted) == 2
