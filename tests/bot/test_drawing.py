"""Pictures on answers: drawn after the wish is handled, once per content, and never in the way of the words."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot import drawing
from bot.cards import Card, Tone
from bot.commands import to_dict
from bot.drawing import DrawingBoard, day, filmed_by
from bot.paperwork import Wish
from bot.people import Address
from bot.states import Job, State
from bot.verdicts import ShotCard
from tests.dialogue import INES, MAREK, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def shown_with(chat: Chat, card: Card) -> bytes | None:
    """The file that was posted with the message that shows the card."""
    key = next(key for key, cards in chat.poster.messages.items() if card in cards)
    return chat.poster.shown.get(key)


async def test_a_takes_story_comes_with_its_lineage(chat: Chat) -> None:
    await chat.says("a fox")
    card = await chat.says("/shot 1A-1")
    path = await chat.clips.path(card.picture)
    assert path is not None
    assert shown_with(chat, card) == path.read_bytes()
    assert json.loads(path.read_bytes())["shot"] == "1A"


async def test_the_shot_card_is_one_tap_behind_more(chat: Chat) -> None:
    film = await chat.says("Wide shot. A fox crosses a snowy forest at night, slow dolly in. 85mm")
    card = await chat.taps("Shot card", await chat.taps("More", film))
    assert (card.title, card.take) == ("1A-1", film.take)
    assert await chat.clips.path(card.picture) is not None
    (drawn,) = chat.drawing.cards
    assert drawn.slate == "1A-1"
    assert drawn.words == "Wide shot. A fox crosses a snowy forest at night, slow dolly in. 85mm"
    assert drawn.looked == (("Lens", "85mm"), ("Light", "night"), ("Move", "slow dolly in"))
    assert drawn.moments == ("first", "middle", "last")
    assert drawn.facts[0].startswith("draft, ")
    assert drawn.facts[1].startswith("4 s, 16:9, 12 Jan 1970")
    assert chat.drawing.clips[0] is not None


@pytest.mark.parametrize(
    ("stage", "backend", "model", "locale", "line"),
    [
        ("final", "openrouter", "google/veo-3.1", "en", "final, veo-3.1"),
        ("draft", "openrouter", "google/veo-3.1-fast", "zh-Hans", "草稿、veo-3.1-fast"),
        ("animatic", "animatic", None, "en", "animatic"),
        ("animatic", "animatic", None, "zh-Hans", "动态分镜"),
        ("", "comfyui", None, "en", "comfyui"),
    ],
)
def test_the_card_says_how_far_it_is_on_the_way(
    stage: str, backend: str, model: str | None, locale: str, line: str
) -> None:
    address = Address("chat", "night-shoots", member=INES.id)
    job = Job("1", "1", INES.id, address, State.DONE, backend, 0.0, model=model, stage=stage)
    assert filmed_by(job, locale) == line


async def test_the_card_speaks_the_members_language(chat: Chat) -> None:
    film = await chat.says("一只狐狸在黎明穿过森林，缓慢推近")
    here = Address("chat", "night-shoots", member=INES.id, locale="zh-CN")
    wish = Wish("dc-1", INES, here, to_dict(ShotCard(take=film.take)), chat.clock.now())
    async with chat.store.work() as w:
        await w.wishes.add(wish)
    await chat.studio.take_up(wish.id)
    (drawn,) = chat.drawing.cards
    assert drawn.looked == (("光线", "黎明"), ("运镜", "缓慢推近"))
    assert drawn.moments == ("首帧", "中间", "末帧")
    assert drawn.facts[1] == "4 秒、16:9、1970年1月12日"


def test_a_day_as_people_write_it() -> None:
    assert day(1_795_132_800.0, "en") == "20 Nov 2026"
    assert day(1_795_132_800.0, "zh-TW") == "2026年11月20日"


async def test_asking_again_draws_nothing_anew_until_something_changed(chat: Chat) -> None:
    film = await chat.says("a fox")
    first, again = await chat.says("/shot 1A-1"), await chat.says("/shot 1A-1")
    assert first.picture == again.picture
    assert len(chat.drawing.lineages) == 1
    await chat.taps("Circle", film)
    assert (await chat.says("/shot 1A-1")).picture != first.picture
    assert len(chat.drawing.lineages) == 2


async def test_a_picture_that_was_tidied_away_is_drawn_again(chat: Chat) -> None:
    await chat.says("a fox")
    first = await chat.says("/shot 1A-1")
    path = await chat.clips.path(first.picture)
    assert path is not None
    path.unlink()
    assert (await chat.says("/shot 1A-1")).picture == first.picture
    assert len(chat.drawing.lineages) == 2


async def test_where_nothing_can_be_drawn_the_words_go_alone(chat: Chat) -> None:
    await chat.says("a fox")
    chat.drawing.broken = True
    card = await chat.says("/shot 1A-1")
    assert card.title == "1A-1, the whole story"
    assert card.picture == ""
    assert shown_with(chat, card) is None


async def test_nobody_waits_long_for_a_picture(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    await chat.says("a fox")
    chat.drawing.slow = True
    monkeypatch.setattr(drawing, "PATIENCE", 0.02)
    async with asyncio.timeout(3):
        assert (await chat.says("/shot 1A-1")).picture == ""


async def test_without_a_board_the_words_go_alone(chat: Chat) -> None:
    await chat.says("a fox")
    chat.studio.board = None
    assert (await chat.says("/shot 1A-1")).picture == ""


async def test_a_take_that_rolls_has_no_shot_card_yet(chat: Chat) -> None:
    chat.engine.frozen = True
    rolling = await chat.says("a fox")
    card = await chat.says(f"/shot_card {rolling.take}")
    assert card.tone is Tone.FAILED
    assert len(card.lines) == 1
    assert chat.drawing.cards == []


async def test_what_is_not_here_is_not_drawn(chat: Chat) -> None:
    film = await chat.says("a fox")
    card = await chat.says(f"/shot_card {film.take}", member=MAREK, place="elsewhere")
    assert card.tone is Tone.FAILED
    assert chat.drawing.cards == []


async def test_after_a_crash_the_picture_is_still_drawn(chat: Chat) -> None:
    """The stored answer says what is to be drawn; a new process draws it."""
    await chat.says("a fox")
    chat.poster.refusals = 1
    before = set(chat.store.rows.wishes)
    await chat.says("/shot 1A-1")
    (wish,) = [wish for wish in chat.store.rows.wishes.values() if wish.id not in before]
    assert wish.answer is not None
    assert wish.answer.picture.startswith("lineage:")
    chat.studio.board = DrawingBoard(chat.store.work, chat.clips, chat.drawing)
    await chat.studio.take_up(wish.id)
    assert await chat.clips.path(chat.poster.messages[wish.id][-1].picture) is not None


async def test_a_look_taken_from_a_take_comes_with_its_colours(chat: Chat) -> None:
    await chat.says("/style set lens:85mm lens")
    await chat.says("a fox")
    card = await chat.says("/style from 1A-1")
    assert json.loads(shown_with(chat, card) or b"[]") == [["#13807f", "teal"], ["#ffb02e", "amber"]]
