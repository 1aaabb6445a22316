"""Buttons on Telegram: stored first, answered then; what is too old says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import Circle, More, Shoot, from_action
from tests.adapters.chat.telegram.stage_listen import House, at, house


@pytest.fixture(name="set_")
async def _set(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, typed=True) as stage:
        await stage.open()
        yield stage


async def test_a_tap_is_a_wish_that_knows_its_card(set_: House) -> None:
    card = set_.button("circle:01take")
    press = await set_.telegram.press(set_.ines, card, "tap")
    wish = await set_.heard()
    assert await set_.command() == Circle(take="01take")
    assert wish.id == f"tg-q-{press.id}"
    assert (wish.address.pressed, wish.address.message) == (at(card), str(card.id))
    assert wish.address.direct
    await set_.telegram.until(lambda: press.answered)
    assert press.answered is not None
    assert (press.answered.text, press.answered.alert) == ("Noted. The take’s card shows it.", False)


async def test_a_tap_that_films_says_so(set_: House) -> None:
    press = await set_.telegram.press(set_.ines, set_.button("shoot:tg-1-2"), "tap")
    assert await set_.command() == Shoot(idea="tg-1-2")
    await set_.telegram.until(lambda: press.answered)
    assert press.answered is not None
    assert press.answered.text == "Understood. The card comes in a moment."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("final:01take", "The price comes first; nothing is spent yet."),
        ("approve:01take", "Understood. The card comes in a moment."),
        ("vote:01take", "Noted. The take’s card shows it."),
    ],
)
async def test_a_tap_on_a_price_or_a_vote_says_what_comes(set_: House, data: str, said: str) -> None:
    press = await set_.telegram.press(set_.ines, set_.button(data), "tap")
    assert await set_.command() == from_action(data)
    await set_.telegram.until(lambda: press.answered)
    assert press.answered is not None
    assert press.answered.text == said


async def test_a_tap_that_answers_with_a_message_only_stops_spinning(set_: House) -> None:
    press = await set_.telegram.press(set_.ines, set_.button("more:01take"), "tap")
    assert await set_.command() == More(take="01take")
    await set_.telegram.until(lambda: press.answered)
    assert press.answered is not None
    assert press.answered.text == ""


async def test_a_tap_is_answered_only_when_it_is_stored(set_: House) -> None:
    set_.storage.go.clear()
    press = await set_.telegram.press(set_.ines, set_.button("circle:01take"), "tap")
    await set_.telegram.until(lambda: set_.storage.transactions >= 2, 8)  # it gave up once, and asked again
    assert press.answered is None
    assert set_.wishes == []
    set_.storage.go.set()
    await set_.telegram.until(lambda: press.answered)
    await set_.heard()


@pytest.mark.parametrize(
    "data", ["", "nonsense", "circle", "retake:1:oval", "circle:" + "x" * 60, "\x00", "style:fly", "⚙️"]
)
async def test_a_button_that_says_nothing_we_know_is_too_old(set_: House, data: str) -> None:
    press = await set_.telegram.press(set_.ines, set_.button("circle:01take"), data)
    await set_.telegram.until(lambda: press.answered)
    assert press.answered is not None
    assert press.answered.alert
    assert "too old" in press.answered.text
    assert set_.wishes == []


async def test_next_shot_asks_for_words(set_: House) -> None:
    press = await set_.telegram.press(set_.ines, set_.button("generate"), "tap")
    question = await set_.asked(count=2)
    assert "camera" in question.text
    await set_.telegram.until(lambda: press.answered)
    assert set_.wishes == []


async def test_edit_of_what_is_not_there_says_so(set_: House) -> None:
    await set_.telegram.press(set_.ines, set_.button("edit:01gone"), "tap")
    told = await set_.told(count=2)
    assert "no take" in told.text
    assert not told.asks


async def test_a_tap_on_a_message_that_is_gone_still_counts(set_: House) -> None:
    card = set_.button("circle:01take")
    set_.telegram.delete(card)
    await set_.telegram.press(set_.ines, card, "circle:01take")
    wish = await set_.heard()
    assert wish.address.pressed == at(card)


async def test_an_acknowledgement_that_is_lost_is_sent_again(set_: House) -> None:
    set_.telegram.faults.add("answerCallbackQuery", "reset before", times=2)
    press = await set_.telegram.press(set_.ines, set_.button("circle:01take"), "tap")
    await set_.telegram.until(lambda: press.answered)
    await set_.heard()


async def test_an_acknowledgement_that_comes_too_late_is_no_trouble(set_: House) -> None:
    await set_.listener.stop()
    await set_.telegram.press(set_.ines, set_.button("circle:01take"), "tap")
    set_.telegram.skip(60)
    await set_.restart()
    await set_.heard()
    await set_.telegram.until(lambda: any(call.method == "answerCallbackQuery" for call in set_.telegram.calls))
    await set_.telegram.say(set_.ines, set_.chat, "/queue")
    await set_.heard(2)
