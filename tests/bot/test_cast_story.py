"""A ten-shot story in two scenes with two of the cast: every prompt holds what it has to hold, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.brief import PartName
from bot.commands import Generate, Scene
from tests.dialogue import Chat

SPINE = "Cinematography: 85mm lens, shallow depth of field. Palette anchors: teal, amber. Mood: tense."
MAREK = "Marek: a stooped man in his fifties, grey beard. Wardrobe: a long brown coat."
LENA = "Lena: a young woman with red braids. Wardrobe: a teal raincoat."
STORY = (
    "Wide shot. Marek crosses a wet street at night in heavy rain.",
    "He lights a cigarette under a street lamp.",
    "@Lena runs up behind him.",
    "She hands Marek a letter.",
    "He reads it.",
    "Marek and Lena argue in a tea house at dawn, candlelight on the walls.",
    "She laughs.",
    "He pours the tea.",
    "Lena stands up and leaves.",
    "Marek stares at the door.",
)
SCENE_TWO = 5
HERE = ((MAREK,), (MAREK,), (LENA,), (LENA, MAREK), (MAREK,), (MAREK, LENA), (LENA,), (MAREK,), (LENA,), (MAREK,))
ACTIONS = (
    "crosses",
    "lights a cigarette",
    "runs up",
    "hands",
    "reads",
    "argue",
    "laughs",
    "pours",
    "stands up",
    "stares",
)


@pytest.fixture
async def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path)
    await chat.says("/style set lens:85mm lens depth:shallow depth of field palette:teal, amber mood:tense")
    for line in (MAREK, LENA):
        name, _, rest = line.partition(": ")
        description, _, wardrobe = rest.removesuffix(".").partition(". Wardrobe: ")
        await chat.says(f"/cast add {name}: {description} wardrobe:{wardrobe}")
    for number, words in enumerate(STORY):
        await chat.wants(Generate(prompt=words, scene=Scene.NEW if number == SCENE_TWO else None))
    return chat


async def test_spine_and_cast_stand_in_every_prompt_word_for_word_and_once(chat: Chat) -> None:
    for prompt, words, here in zip(chat.prompts, STORY, HERE, strict=True):
        assert prompt.count(SPINE) == 1
        assert prompt.endswith(words.replace("@", ""))
        assert {line: prompt.count(line) for line in (MAREK, LENA)} == {
            line: int(line in here) for line in (MAREK, LENA)
        }, words


async def test_place_time_weather_and_light_are_carried_within_a_scene(chat: Chat) -> None:
    briefs = [order.brief for order in chat.backend.accepted.values()]
    for brief in briefs[1:SCENE_TWO]:
        carried = brief.part(PartName.CARRIED)
        assert "a wet street" in carried
        assert "night" in carried
        assert "rain" in carried
    for brief in briefs[SCENE_TWO + 1 :]:
        carried = brief.part(PartName.CARRIED)
        assert "a tea house" in carried
        assert "dawn" in carried
        assert "candlelight" in carried
        assert "wet street" not in brief.text
    assert briefs[SCENE_TWO].part(PartName.CARRIED) == ""


async def test_no_earlier_action_is_said_again(chat: Chat) -> None:
    for number, prompt in enumerate(chat.prompts):
        assert [action for action in ACTIONS if action in prompt] == [ACTIONS[number]]


async def test_prompts_do_not_grow_from_shot_to_shot(chat: Chat) -> None:
    rest = [
        len(prompt) - len(words) - sum(len(line) + 1 for line in here)
        for prompt, words, here in zip(chat.prompts, STORY, HERE, strict=True)
    ]
    for first, last in ((1, SCENE_TWO), (SCENE_TWO + 1, len(STORY))):
        assert max(rest[first:last]) <= min(rest[first:last]) + 40, rest


async def test_the_shots_know_who_was_in_them(chat: Chat) -> None:
    briefs = [order.brief for order in chat.backend.accepted.values()]
    assert [len(brief.cast) for brief in briefs] == [len(here) for here in HERE]
    rows = (await chat.says("/cast")).rows
    assert [(row.title, row.note) for row in rows] == [
        ("Lena", "yours · in 1C, 1D, 2A, 2B, 2D"),
        ("Marek", "yours · in 1A, 1B, 1D, 1E, 2A, 2C, 2E"),
    ]
