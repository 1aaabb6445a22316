"""What stands behind a take's card: the whole prompt, and More."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import Edit, from_action
from bot.film import Shape
from tests.dialogue import INES, MAREK, MODERATOR, Chat

SHOT_ONE = "A detective in a trench coat crosses a wet street at night in heavy rain."


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


async def test_the_whole_prompt_part_by_part(chat: Chat) -> None:
    await chat.says("/style set look:Super 8, faded")
    await chat.says(SHOT_ONE)
    card = await chat.says("He waits.\nSound: rain on tin")
    shown = await chat.taps("Show the prompt", card)

    assert shown.title == "1B-1, the prompt"
    assert [part.label for part in shown.prompt] == ["Spine", "Carried over", "Your words", "Sound"]
    assert "\n".join(part.text for part in shown.prompt) == chat.prompts[1]
    assert shown.take == card.take


async def test_the_prompt_is_shown_while_it_waits_and_after_it_failed(chat: Chat) -> None:
    chat.engine.frozen = True
    waiting = await chat.says("a fox")
    assert labels(waiting) == ["Cancel", "Show the prompt"]
    assert (await chat.taps("Show the prompt", waiting)).prompt[0].text == "a fox"
    ended = await chat.taps("Cancel", waiting)
    assert labels(ended) == ["Try again", "Change the words", "Show the prompt"]


async def test_more_offers_what_its_backend_can(chat: Chat) -> None:
    card = await chat.says("/generate a fox shape:wide")
    assert labels(await chat.taps("More", card)) == ["As tall 9:16", "Change the words", "The whole story", "Shot card"]

    chat.backend.can = replace(chat.backend.can, extends=True, shapes=tuple(Shape))
    more = await chat.taps("More", card)
    assert labels(more) == [
        "Go on after it",
        "As tall 9:16",
        "As square 1:1",
        "As portrait 4:5",
        "Change the words",
        "The whole story",
        "Shot card",
    ]
    tall = await chat.taps("As tall 9:16", more)
    assert (tall.title, list(chat.backend.accepted.values())[-1].brief.shape) == ("1A-2", Shape.TALL)
    assert (await chat.taps("Go on after it", more)).title == "1B-1"
    assert (await chat.taps("The whole story", more)).title == "1A-1, the whole story"


async def test_a_shape_that_nobody_named_is_read_from_the_clip(chat: Chat) -> None:
    card = await chat.says("a fox")
    assert "As wide 16:9" not in labels(await chat.taps("More", card))


async def test_what_is_kept_can_be_taken_away_by_its_member(chat: Chat) -> None:
    await chat.says(SHOT_ONE)
    card = await chat.says("He waits.")
    weather = next(chip for chip in (await chat.taps("More", card)).kept if chip.kind == "weather")
    answer = await chat.wants(from_action(weather.action), INES)
    left = (await chat.taps("More", card)).kept

    assert answer == Card(), "what a chip changes shows on the take's card"
    assert left
    assert weather.kind not in {chip.kind for chip in left}
    assert (await chat.taps("More", card, member=MAREK)).kept == ()
    assert (await chat.taps("More", card, member=MODERATOR)).kept


async def test_other_words_film_the_same_shot_again(chat: Chat) -> None:
    await chat.says("/style set look:Super 8")
    await chat.says(SHOT_ONE)
    card = await chat.says("He waits.")
    await chat.says("/style set look:VHS")
    more = await chat.taps("More", card)
    again = await chat.taps("Change the words", more, "He runs at noon.")

    assert (again.title, again.reply_to, again.quote, again.changes) == ("1B-2", "1B-1", "He runs at noon.", ())
    look, carried, words = chat.prompts[-1].split("\n")
    assert (look, words) == ("Super 8", "He runs at noon.")
    assert "trench coat" in carried
    assert "night" not in carried


async def test_other_words_replace_only_the_change_of_a_remix(chat: Chat) -> None:
    first = await chat.says("A red car.")
    remix = await chat.taps("Remix", first, "at night")
    more = await chat.taps("More", remix)
    assert more.quote == "at night"
    again = await chat.taps("Change the words", more, "in snow")

    assert (again.title, again.quote) == ("1A-3", "in snow")
    assert chat.prompts[-1] == "A red car.\nExactly as above, with this change: in snow"


async def test_the_next_shot_keeps_the_new_words(chat: Chat) -> None:
    first = await chat.says("A heron stands in a wet street at night.")
    more = await chat.taps("More", first)
    await chat.taps("Change the words", more, "A fox stands in a dry field at noon.")
    await chat.says("It looks up.")

    carried = chat.prompts[-1].split("\n")[0]
    assert "fox" in carried
    assert "dry field" in carried
    assert "heron" not in carried


async def test_what_the_new_words_do_not_say_is_not_kept_of_the_old(chat: Chat) -> None:
    first = await chat.says("A heron stands in a wet street at night.")
    await chat.says(f"/edit Close-up of an empty chair. take:{first.take}")
    await chat.says("Dust settles on it.")

    for old in ("heron", "wet street", "night"):
        assert old not in chat.prompts[-1]


async def test_a_chip_taken_away_does_not_come_back_with_other_words(chat: Chat) -> None:
    await chat.says(SHOT_ONE)
    card = await chat.says("He waits.")
    await chat.says(f"/drop {card.take} kind:weather")
    await chat.says(f"/edit He smiles. take:{card.take}")
    await chat.says("He leaves.")

    assert "rain" not in chat.prompts[-1]
    assert "trench coat" in chat.prompts[-1]


async def test_other_words_are_no_remix_by_id(chat: Chat) -> None:
    chat.backend.can = replace(chat.backend.can, remixes=True)
    first = await chat.says("A red car.")
    await chat.taps("Remix", first, "at night")
    await chat.says(f"/edit A blue car. take:{first.take}")
    await chat.wants(Edit(take=first.take, prompt="A red car.\nSound: rain"))

    assert [order.remix_of for order in chat.backend.accepted.values()] == [None, "fake-1", None, None]


async def test_a_remix_filmed_again_is_not_changed_twice(chat: Chat) -> None:
    chat.backend.can = replace(chat.backend.can, remixes=True)
    first = await chat.says("A red car.")
    remix = await chat.taps("Remix", first, "one more car")
    await chat.taps("Retake", remix)
    await chat.says(f"/edit two more cars take:{remix.take}")

    assert [order.remix_of for order in chat.backend.accepted.values()] == [None, "fake-1", None, None]


async def test_a_take_that_is_not_here_has_no_menu(chat: Chat) -> None:
    secret = await chat.says("A surprise party.", place="direct-ines")
    for label in ("Show the prompt", "More"):
        card = await chat.taps(label, secret, member=MAREK)
        assert card.tone is Tone.FAILED
        assert "surprise" not in repr(card)
