"""From animatic to draft to final with the same brief, and the tap that a price waits for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.budget import Caps
from bot.capabilities import Capabilities
from bot.cards import Card, Tone
from bot.commands import Cancel, Generate, Remix, Stage
from bot.film import Shape
from bot.states import State
from bot.verdicts import Approve, Draft
from tests.dialogue import MAREK, MODERATOR, Chat
from tests.fakes.film_world import FakeBackend

DAY = 24 * 3600.0
GRAND = Capabilities(
    seconds=(4, 6, 8),
    shapes=(Shape.WIDE, Shape.TALL),
    images=True,
    micros_per_second=157_500,
    resolutions=("720p", "1080p"),
    resolution="720p",
)
SKETCH = Capabilities(seconds=(4, 8, 12), shapes=(Shape.WIDE, Shape.TALL), images=True, free=True, embedded=True)


@pytest.fixture
def grand() -> FakeBackend:
    """The final model."""
    return FakeBackend("grand", can=GRAND)


@pytest.fixture
def chat(tmp_path: Path, grand: FakeBackend) -> Chat:
    return Chat(tmp_path, others=(grand,), final="grand", final_resolution="1080p")


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def spent(chat: Chat) -> int:
    """Micro-dollars held or spent, of everybody."""
    held = [entry.micros for job, entry in chat.store.rows.opened.items() if job not in chat.store.rows.closed]
    return sum(held) + sum(entry.micros for entry in chat.store.rows.closed.values() if entry.kind == "settle")


# ---------------------------------------------------------------- the final


async def test_a_draft_says_what_its_final_costs_and_a_final_has_no_final(chat: Chat) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    assert labels(draft) == ["Remix", "Next shot", "Retake", "Circle", "Final $0.63", "Show the prompt", "More"]

    final = await chat.taps("Film it · $0.63", await chat.taps("Final $0.63", draft))
    assert labels(final) == ["Remix", "Next shot", "Retake", "Circle", "Show the prompt", "More"]


async def test_the_price_comes_first_and_nothing_is_spent_until_the_tap(chat: Chat, grand: FakeBackend) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    before = spent(chat)
    asked = await chat.taps("Final $0.63", draft)

    assert (asked.title, asked.tone, asked.reply_to) == ("1A-2", Tone.WAITING, "1A-1")
    assert asked.lines[0].startswith("This is the final model. Nothing is spent until you film it")
    assert asked.facts == ("grand", "4 s", "1080p", "$0.63")
    assert labels(asked) == ["Film it · $0.63", "Not now", "Show the prompt"]
    assert (await chat.job(asked)).state is State.AWAITING_APPROVAL
    assert spent(chat) == before
    assert not grand.accepted
    assert not [ticket for ticket in chat.store.enqueued if ticket.job == (await chat.job(asked)).id]

    final = await chat.taps("Film it · $0.63", asked)
    assert (final.title, final.tone) == ("1A-2", Tone.READY)
    assert spent(chat) == before + 630_000
    assert chat.reference(final) == chat.reference(asked), "the card that asked becomes the clip"


async def test_the_final_is_told_what_the_draft_was_told_byte_for_byte(chat: Chat, grand: FakeBackend) -> None:
    await chat.says("/style set look:Super 8, grain light:golden hour")
    await chat.says("/generate A detective in a trench coat waits at night. seconds:4")
    draft = await chat.says("/generate He lights a cigarette.\nSound: rain on tin. seconds:4 seed:7 shape:tall")
    await chat.taps("Film it · $0.63", await chat.taps("Final $0.63", draft))

    told = (await chat.take(draft)).brief
    (order,) = grand.accepted.values()
    assert "trench coat" in told.text
    assert order.brief.text == told.text == chat.prompts[-1]
    assert replace(order.brief, resolution=None) == replace(told, resolution=None)
    assert (order.brief.resolution, order.brief.seed, order.brief.shape) == ("1080p", 7, Shape.TALL)


async def test_a_length_that_the_final_model_does_not_film_is_told(chat: Chat, grand: FakeBackend) -> None:
    grand.can = replace(GRAND, seconds=(6, 8))
    draft = await chat.says("/generate a fox seconds:4")
    assert "Final $0.94" in labels(draft)
    asked = await chat.says("/final")
    assert "This model films 6, 8 s; 6 s instead of 4 s." in asked.lines
    assert "$0.94" in asked.facts[-1]


async def test_a_resolution_that_the_final_model_does_not_have_is_its_own(chat: Chat, grand: FakeBackend) -> None:
    grand.can = replace(GRAND, resolutions=("720p",))
    await chat.says("/generate a fox seconds:4")
    asked = await chat.says("/final")
    assert (await chat.take(asked)).brief.resolution is None


async def test_without_a_final_model_there_is_no_button_and_one_sentence(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    draft = await chat.says("/generate a fox")
    assert not [label for label in labels(draft) if label.startswith("Final")]
    for card in (await chat.says("/final"), await chat.wants(Generate(prompt="a fox", stage=Stage.FINAL))):
        assert card.lines == ("There is no final model here. An operator can choose one.",)
    assert len(chat.store.rows.jobs) == 1


async def test_no_button_for_a_brief_that_the_final_model_does_not_film(chat: Chat, grand: FakeBackend) -> None:
    grand.can = replace(GRAND, shapes=(Shape.WIDE,))
    draft = await chat.says("/generate a fox shape:tall seconds:4")
    assert not [label for label in labels(draft) if label.startswith("Final")]
    refused = await chat.says("/final")
    assert "grand does not film that shape (tall)" in refused.lines[0]


async def test_asked_for_twice_it_is_the_same_question(chat: Chat) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    first = await chat.taps("Final $0.63", draft)
    for again in (await chat.taps("Final $0.63", draft), await chat.says("/final"), await chat.says("/final 1A-1")):
        assert (again.title, labels(again)) == (first.title, labels(first))
    assert len(chat.store.rows.jobs) == 2
    await chat.taps("Film it · $0.63", again)

    assert chat.poster.messages[first.take][-1].tone is Tone.READY
    card = await chat.says("/final 1A-2")
    assert card.lines == ("1A-2 is final already. /retake asks for it once more.",)


async def test_not_now_lets_it_go_and_costs_nothing(chat: Chat, grand: FakeBackend) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    asked = await chat.taps("Final $0.63", draft)
    gone = await chat.taps("Not now", asked)

    assert (gone.tone, gone.lines) == (Tone.FAILED, ("This take was not filmed. You paid nothing.",))
    assert labels(gone) == ["Change the words", "Show the prompt"]
    assert (await chat.job(asked)).id not in {*chat.store.rows.opened, *chat.store.rows.closed}
    assert not grand.accepted
    late = await chat.wants(Approve(take=asked.take))
    assert late.lines == ("1A-2 no longer waits for a yes, so it could not be filmed by this tap.",)
    assert (await chat.taps("Final $0.63", draft)).title == "1A-3", "it may be asked for anew"


async def test_a_price_stands_for_a_day(chat: Chat, grand: FakeBackend) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    asked = await chat.taps("Final $0.63", draft)
    chat.clock.time += DAY - 60
    await chat.sweep.round()
    assert (await chat.job(asked)).state is State.AWAITING_APPROVAL
    chat.clock.time += 120
    await chat.sweep.round()

    (line,) = chat.poster.messages[asked.take][-1].lines
    assert line == "This take could not be filmed: nobody said yes within a day. You paid nothing."
    assert not chat.store.rows.closed.keys() - {(await chat.job(draft)).id}
    assert not grand.accepted


async def test_a_tap_after_a_day_films_nothing_even_before_anybody_has_swept(chat: Chat, grand: FakeBackend) -> None:
    await chat.says("/generate a fox seconds:4")
    asked = await chat.says("/final")
    chat.clock.time += DAY + 60
    late = await chat.taps("Film it · $0.63", asked)
    assert late.tone is Tone.FAILED
    assert (await chat.job(asked)).state is State.EXPIRED
    assert not grand.accepted


async def test_a_price_that_has_changed_is_asked_for_again(chat: Chat, grand: FakeBackend) -> None:
    await chat.says("/generate a fox seconds:4")
    asked = await chat.says("/final")
    grand.can = replace(GRAND, micros_per_second=200_000)
    wish = await chat.stored(Approve(take=asked.take))
    await chat.studio.take_up(wish.id)

    assert chat.poster.messages[wish.id][-1].lines == (
        "The price is $0.80 by now. Nothing was filmed; the card asks again.",
    )
    again = chat.poster.messages[asked.take][-1]
    assert labels(again)[0] == "Film it · $0.80"
    assert not grand.accepted
    assert (await chat.taps("Film it · $0.80", again)).tone is Tone.READY
    assert chat.store.rows.opened[(await chat.job(asked)).id].micros == 800_000


async def test_a_final_model_that_is_gone_or_rests_meanwhile_says_so(chat: Chat, grand: FakeBackend) -> None:
    await chat.says("/generate a fox seconds:4")
    asked = await chat.says("/final")
    grand.can = replace(GRAND, retires_on="1970-01-02")
    card = await chat.wants(Approve(take=asked.take))
    assert "was ended by its provider" in card.lines[0]
    chat.studio.desk = replace(chat.desk, paused=frozenset({"grand"}))
    assert "rests at the moment" in (await chat.wants(Approve(take=asked.take))).lines[0]
    assert (await chat.job(asked)).state is State.AWAITING_APPROVAL


async def test_only_their_own_member_agrees_to_a_price(chat: Chat, grand: FakeBackend) -> None:
    draft = await chat.says("/generate a fox seconds:4")
    assert "belongs to another member" in (await chat.taps("Final $0.63", draft, member=MAREK)).lines[0]
    asked = await chat.taps("Final $0.63", draft)
    for member in (MAREK, MODERATOR):
        card = await chat.wants(Approve(take=asked.take), member)
        assert card.lines == ("1A-2 belongs to another member; only they can say yes to its price.",)
    assert not grand.accepted
    gone = await chat.wants(Cancel(take=asked.take), MODERATOR)
    assert gone.lines == ("This take was not filmed. You paid nothing.",)


async def test_generate_may_ask_for_a_final_at_once(chat: Chat, grand: FakeBackend) -> None:
    asked = await chat.says("/generate a fox seconds:4 stage:final")
    assert (asked.title, labels(asked)[0]) == ("1A-1", "Film it · $0.63")
    assert (await chat.take(asked)).brief.resolution == "1080p"
    assert (await chat.taps("Film it · $0.63", asked)).tone is Tone.READY
    assert len(grand.accepted) == 1
    assert not chat.backend.accepted


async def test_a_retake_of_a_final_is_asked_for_and_a_remix_is_a_draft_again(chat: Chat, grand: FakeBackend) -> None:
    final = await chat.taps("Film it · $0.63", await chat.says("/generate a fox seconds:4 stage:final"))
    again = await chat.taps("Retake", final)
    assert labels(again)[0] == "Film it · $0.63"
    remix = await chat.wants(Remix(change="at night", take=final.take))
    assert (remix.tone, (await chat.job(remix)).backend) == (Tone.READY, "fake")
    assert "Final $0.63" in labels(remix)
    assert len(grand.accepted) == 1


async def test_where_members_may_name_the_final_model_a_remix_of_a_final_is_a_draft_too(
    tmp_path: Path, grand: FakeBackend
) -> None:
    chat = Chat(tmp_path, others=(grand,), final="grand", offered=("fake", "grand"))
    final = await chat.taps("Film it · $0.63", await chat.says("/generate a fox seconds:4 stage:final"))
    remix = await chat.wants(Remix(change="at night", take=final.take))
    assert (await chat.job(remix)).backend == "fake"
    assert len(grand.accepted) == 1


async def test_the_queue_shows_what_waits_for_a_word(chat: Chat) -> None:
    await chat.says("/generate a fox seconds:4")
    await chat.says("/final")
    (row,) = (await chat.says("/queue")).rows
    assert (row.title, row.note.split(".")[0]) == ("1A-2", "waiting for approval")
    await chat.says("/cancel")
    assert not (await chat.says("/queue")).rows


async def test_what_waits_for_a_word_counts_among_what_waits(tmp_path: Path, grand: FakeBackend) -> None:
    chat = Chat(tmp_path, caps=Caps(rolling=1, waiting=1), others=(grand,), final="grand")
    for _ in range(2):
        asked = await chat.says("/generate a fox stage:final seconds:4")
        assert asked.tone is Tone.WAITING
    full = await chat.says("/generate a heron")
    assert full.lines == ("You have 1 takes waiting already. Let one of them roll first, or cancel one.",)


async def test_a_place_that_the_bot_has_left_keeps_no_question_open(chat: Chat) -> None:
    await chat.says("/generate a fox seconds:4")
    asked = await chat.says("/final")
    await chat.intake.left("chat", "night-shoots")
    assert (await chat.job(asked)).state is State.CANCELLED


# ---------------------------------------------------------------- from the animatic


@pytest.fixture
def house(tmp_path: Path, grand: FakeBackend) -> Chat:
    """With a free animatic below the default backend."""
    sketch = FakeBackend("sketch", can=SKETCH)
    return Chat(tmp_path, others=(grand, sketch), final="grand", embedded="sketch", offered=("fake", "sketch"))


async def test_an_animatic_becomes_a_draft_and_that_a_final_with_the_same_words(house: Chat) -> None:
    animatic = await house.says("/generate a fox seconds:4 stage:animatic")
    assert "Draft $0.04" in labels(animatic)
    assert not [label for label in labels(animatic) if label.startswith("Final")]
    draft = await house.taps("Draft $0.04", animatic)
    assert (draft.title, draft.tone, draft.reply_to) == ("1A-2", Tone.READY, "1A-1")
    final = await house.taps("Film it · $0.63", await house.taps("Final $0.63", draft))

    briefs = [(await house.take(card)).brief for card in (animatic, draft, final)]
    assert len({brief.text for brief in briefs}) == 1
    assert [(await house.job(card)).stage for card in (animatic, draft, final)] == ["animatic", "draft", "final"]


async def test_only_its_own_member_makes_an_animatic_a_draft(house: Chat) -> None:
    animatic = await house.says("/generate a fox seconds:4 stage:animatic")
    card = await house.wants(Draft(take=animatic.take), MAREK)
    assert "belongs to another member" in card.lines[0]
    assert not house.backend.accepted
