"""Ten shots in two scenes with two people nobody has cast, a remix in the midst: continuity over the whole length.

Once as the fake backend is told it, once as the animatic understands it (no drawing).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.video.animatic.parsing import read_brief
from adapters.video.animatic.spec import ShotSpec
from bot.brief import PartName
from bot.commands import Generate, Scene
from tests.dialogue import Chat

SPINE = "Cinematography: 35mm lens. Palette anchors: teal, amber. Mood: tense. Background sound: distant trams."
ONE = (
    """Wide shot. A detective in a trench coat crosses a wet street at night in heavy rain, neon signs behind him.
Ambience: rain on asphalt""",
    "He lights a cigarette.",
    "A woman in a red dress runs up to him.",
    "She hands him a letter.",
    "The detective reads it.",
)
TWO = (
    "An elderly clockmaker in a leather apron sits in a workshop, candlelight.",
    "He opens a clock.",
    "Close-up. His hands turn a screw.",
    "A boy in a blue cap knocks.",
    "The clockmaker smiles.",
)
DEEDS = (
    "crosses",
    "lights a",
    "runs up",
    "hands him",
    "reads",
    "opens a clock",
    "turn a screw",
    "knocks",
    "smiles",
    "waves",
)
KEPT_ONE = ("wet street", "night", "heavy rain", "neon signs", "rain on asphalt")
KEPT_TWO = ("workshop", "candlelight")


@pytest.fixture
async def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path)
    await chat.says("/style set lens:35mm lens palette:teal, amber mood:tense sound:distant trams")
    for words in ONE:
        card = await chat.says(words)
    await chat.taps("Remix", card, "snow instead of rain, and he nods")
    for number, words in enumerate(TWO):
        await chat.wants(Generate(prompt=words, scene=Scene.SAME if number else Scene.NEW))
    return chat


def own(prompt: str) -> str:
    """What stands above the member's own words."""
    words = next(words for words in (*ONE, *TWO) if words in prompt)
    return prompt.partition(words)[0]


def shots(chat: Chat) -> list[str]:
    """The prompts without the remix."""
    return [*chat.prompts[:5], *chat.prompts[6:]]


async def test_every_brief_says_the_look_and_what_stays(chat: Chat) -> None:
    told = shots(chat)
    assert len(told) == 10
    for prompt, words in zip(told, (*ONE, *TWO), strict=True):
        assert prompt.startswith(SPINE)
        assert prompt.endswith(words)
    for prompt in told[1:5]:
        assert [each for each in KEPT_ONE if each not in own(prompt)] == []
        assert not any(each in prompt for each in KEPT_TWO)
    for prompt in told[6:]:
        assert [each for each in KEPT_TWO if each not in own(prompt)] == []
        assert not any(each in prompt for each in (*KEPT_ONE, "detective", "snow"))


async def test_who_is_in_the_shot_keeps_the_clothes(chat: Chat) -> None:
    told = shots(chat)
    assert [("trench coat" in own(told[at]), "red dress" in own(told[at])) for at in (1, 3, 4)] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert ["leather apron" in own(told[at]) for at in (6, 7, 9)] == [True, True, True]


async def test_no_earlier_action_is_filmed_again(chat: Chat) -> None:
    for prompt in shots(chat):
        assert not any(deed in own(prompt) for deed in DEEDS)


async def test_what_is_carried_does_not_grow(chat: Chat) -> None:
    lengths = [len(own(prompt).encode()) for prompt in shots(chat)]
    assert max(lengths) <= 360
    assert lengths[4] <= max(lengths[1:3]) + 40
    assert lengths[9] <= max(lengths[6:8]) + 40


async def test_the_remix_changes_the_weather_and_nothing_else(chat: Chat) -> None:
    source, remix = (order.brief for order in list(chat.backend.accepted.values())[4:6])
    differ = [part for part in remix.parts if part not in source.parts]

    assert [part.name for part in differ] == [PartName.CARRIED, PartName.CHANGE]
    assert differ[0].text == source.part(PartName.CARRIED).replace("heavy rain", "snow")


async def test_the_animatic_sees_the_same_place_hour_and_weather(chat: Chat) -> None:
    seen = [_seen(order.brief, index) for index, order in enumerate(chat.backend.accepted.values())]
    one, remix, two = seen[:5], seen[5], seen[6:]

    assert len({(spec.place, spec.weather) for spec in one}) == 1
    assert len({spec.light for spec in two}) == 1
    assert len({spec.place for spec in two}) == 1
    assert (remix.place, remix.weather) == (one[0].place, "snow")
    assert {tuple(spec.palette) for spec in seen} == {tuple(seen[0].palette)}


def _seen(brief: object, index: int) -> ShotSpec:
    return read_brief(brief, slate=f"1A-{index}", seed=1, place_seed=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "gone"),
    [
        ("A fox crosses a field in heavy rain.", "It stops in bright sunshine.", "heavy rain"),
        ("一只狐狸在大雨中跑过田野。", "它在灿烂的阳光里停下。", "大雨"),
    ],
)
async def test_no_rain_is_carried_into_sunshine(tmp_path: Path, first: str, second: str, gone: str) -> None:
    chat = Chat(tmp_path)
    await chat.says(first)
    card = await chat.says(second)
    assert gone in card.lines[0], "it is pointed out"
    await chat.says("The fox sleeps." if gone.isascii() else "狐狸睡着了。")
    assert not any(gone in prompt for prompt in chat.prompts[1:])
