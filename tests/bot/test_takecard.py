"""A take as a card, in every state a job can stand in and in every language."""

from __future__ import annotations

import pytest

from bot.brief import compile_brief
from bot.cards import BUTTON_BYTES, Card, Tone, card_from_dict
from bot.commands import from_action
from bot.errors import EmptyWords
from bot.film import Clip, Slate, Take, new_id
from bot.paperwork import Reading
from bot.people import Address
from bot.spine import Spine
from bot.states import Job, State
from bot.takecard import TakeView, take_card
from bot.text import languages

NOW = 1000.0


def view(state: State, **changes: object) -> TakeView:
    take = Take(
        id=new_id(),
        shot=new_id(),
        slate=Slate(1, 1, 2),
        brief=compile_brief("a fox", spine=Spine(palette="teal, amber"), seconds=4),
        member="chat:ines",
        place="chat/here",
        clip=Clip("ab" * 32, "video/mp4", 10, 4.0, 1280, 720, "cd" * 32),
    )
    job = Job(
        id=new_id(),
        take=take.id,
        member="chat:ines",
        address=Address("chat", "here"),
        state=state,
        backend="fake",
        created_at=NOW - 100,
        price=40_000,
        failure={State.FAILED: "lost", State.REFUSED: "refused"}.get(state, ""),
        gate="result" if state is State.REFUSED else "",
        submitted_at=NOW - 60,
        filmed_at=NOW - 10,
    )
    plain = {"ahead_own": 1, "ahead_others": 2, "usual": 90.0} | changes
    return TakeView(take=take, job=job, words="a fox", **plain)  # type: ignore[arg-type]


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("state", State)
def test_every_state_has_its_card(state: State, tag: str) -> None:
    card = take_card(view(state), NOW, tag)

    assert card.title == "1B-2"
    assert card.status
    assert card.quote == "a fox"
    assert card_from_dict(card.to_dict()) == card
    assert (card.progress is None) == (not state.underway)
    assert (card.clip is not None) == (state in (State.DONE, State.UNDELIVERED, State.DELIVERING))
    for button in card.buttons:
        assert len(button.action.encode()) <= BUTTON_BYTES
        if button.asks:
            with pytest.raises(EmptyWords):
                from_action(button.action)
        from_action(button.action, "at night") if button.asks else from_action(button.action)


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (State.RESERVED, Tone.WAITING),
        (State.ROLLING, Tone.ROLLING),
        (State.DONE, Tone.READY),
        (State.REFUSED, Tone.FAILED),
        (State.AMBIGUOUS, Tone.PARKED),
    ],
)
def test_the_tone_is_told_at_a_glance(state: State, tone: Tone) -> None:
    assert take_card(view(state), NOW, "en").tone is tone


def shown(state: State) -> Card:
    return take_card(view(state), NOW, "en")


def test_what_is_left_is_a_guess_from_what_it_usually_takes() -> None:
    rolling = shown(State.ROLLING).progress
    assert rolling is not None
    assert rolling.seconds_left == 30.0
    waiting = shown(State.RESERVED).progress
    assert waiting is not None
    assert (waiting.place, waiting.seconds_left) == (4, None)


def test_facts_come_in_order_of_weight() -> None:
    assert shown(State.DONE).facts == ("fake", "4 s", "$0.04", "filmed in 50 s")


def test_palette_anchors_are_chips_of_their_own() -> None:
    assert [chip.words for chip in shown(State.DONE).spine] == ["teal", "amber"]


def test_a_backend_with_a_lexicon_says_what_it_understood() -> None:
    reading = Reading((("subject", "fox"), ("palette", "teal"), ("place", "fox")), ("quixotic",))
    card = take_card(view(State.DONE, reading=reading), NOW, "en")
    assert [(part.label, part.text) for part in card.prompt[-2:]] == [
        ("Understood", "fox, teal"),
        ("Not understood", "quixotic"),
    ]
