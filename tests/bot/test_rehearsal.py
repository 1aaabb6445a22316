"""What is rehearsed is what would be filmed: every idea of the gallery, told to the real studio in its chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.capabilities import Capabilities
from bot.commands import Extend, Generate, Remix, Retake
from bot.film import Shape
from bot.gallery import Technique, Telling, command_of, techniques
from bot.rehearsal import rehearse
from bot.text import languages
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend

ABLE = Capabilities(seconds=tuple(range(2, 21)), shapes=tuple(Shape), images=True, extends=True, micros_per_second=1)


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path, FakeBackend(can=ABLE))


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("each", techniques(), ids=lambda each: each.name)
async def test_the_studio_films_what_was_rehearsed(chat: Chat, each: Technique, tag: str) -> None:
    told = each.told(tag)
    await tell(chat, told)

    filmed = [order.brief for order in chat.backend.accepted.values()]
    wanted = rehearse(told.commands())
    assert sorted(brief.text for brief in filmed) == sorted(brief.text for brief in wanted)
    assert {brief.shape for brief in filmed} == {brief.shape for brief in wanted}
    assert [brief.starts_at > 0 for brief in filmed] == [brief.starts_at > 0 for brief in wanted]


async def tell(chat: Chat, told: Telling) -> None:
    """Message by message; what has a price first is filmed by a tap on it."""
    for message in told.words:
        card = await chat.says(message)
        for button in [each for each in card.buttons if each.action.startswith("shoot:")]:
            await chat.taps(button.label, card)


def test_what_needs_a_take_before_it_films_nothing_by_itself() -> None:
    assert rehearse([Remix(change="at night"), Retake(), Extend()]) == ()


def test_several_takes_of_one_shot_differ_by_their_chance_alone() -> None:
    takes = rehearse([command_of("/takes a fox in the snow count:3")])
    assert [take.text for take in takes] == ["a fox in the snow"] * 3
    assert len({take.seed for take in takes}) == 3


def test_an_extension_begins_where_the_clip_before_it_ends() -> None:
    takes = rehearse([Generate(prompt="a fox", seconds=6), Extend(), Extend()])
    assert [take.starts_at for take in takes] == [0, 6, 12]
