"""An idea costs nothing until it is shot, and is shot once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import BUTTON_BYTES, Tone
from bot.commands import Dismiss, Idea, Shoot
from bot.paperwork import Wish
from tests.dialogue import INES, MAREK, Chat

HERE = "direct-ines"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_an_idea_shows_what_would_be_sent_and_what_it_would_cost(chat: Chat) -> None:
    await chat.says("/style set look:Super 8", place=HERE)
    card = await chat.wants(Idea(prompt="hello", seconds=4), place=HERE)

    assert (card.title, card.quote, card.tone) == ("An idea", "hello", Tone.WAITING)
    assert [(part.label, part.text) for part in card.prompt] == [("Spine", "Super 8"), ("Your words", "hello")]
    assert card.facts == ("fake", "4 s", "$0.04")
    assert [button.label for button in card.buttons] == ["Shoot it $0.04", "Edit", "Not now"]
    assert not chat.store.rows.jobs
    assert not chat.store.rows.productions
    assert not chat.store.rows.opened


async def test_an_idea_is_filmed_where_its_card_stands(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a fox", seconds=4), place=HERE)
    stands = chat.reference(idea)
    take = await chat.taps("Shoot it $0.04", idea, place=HERE)

    assert (take.title, take.tone) == ("1A-1", Tone.READY)
    assert chat.prompts == ["a fox"]
    assert (await chat.job(take)).posted == stands
    assert chat.reference(take) == stands


async def test_what_is_shot_is_what_would_be_sent_now(chat: Chat) -> None:
    second = await chat.wants(Idea(prompt="He waits."), place=HERE)
    await chat.says("A detective in a trench coat crosses a street at night.", place=HERE)
    await chat.taps("Shoot it", second, place=HERE)

    assert "trench coat" in chat.prompts[1]


async def test_two_taps_end_at_the_same_job(chat: Chat) -> None:
    idea = await chat.stored(Idea(prompt="a fox"), place=HERE)
    await chat.studio.take_up(idea.id)
    taps = [await chat.stored(Shoot(idea=idea.id), place=HERE) for _ in range(3)]
    await asyncio.gather(*(chat.studio.take_up(tap.id) for tap in taps))
    await chat.engine.quiet()

    assert chat.prompts == ["a fox"]
    jobs = {chat.store.rows.wishes[tap.id].job for tap in taps}
    assert jobs == {chat.store.rows.wishes[idea.id].job} == set(chat.store.rows.jobs)


async def test_only_its_own_member_may_shoot_edit_or_dismiss_it(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a surprise party"), place=HERE)
    for label, words in (("Shoot it", None), ("Edit", "mine now"), ("Not now", None)):
        card = await chat.taps(label, idea, words, member=MAREK, place=HERE)
        assert card.lines == ("That idea is not here any more. Write it once more.",)
    elsewhere = await chat.taps("Shoot it", idea, place="night-shoots")
    assert elsewhere.tone is Tone.FAILED
    assert not chat.prompts


async def test_a_wish_that_is_no_idea_cannot_be_shot(chat: Chat) -> None:
    wish = await chat.stored(Dismiss(idea="x"), place=HERE)
    for name in (wish.id, "nothing"):
        assert (await chat.wants(Shoot(idea=name), place=HERE)).tone is Tone.FAILED


async def test_an_edited_idea_is_an_idea_of_its_own(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a fox", seconds=8), place=HERE)
    second = await chat.taps("Edit", idea, "a heron", place=HERE)
    third = await chat.taps("Edit", second, "two herons", place=HERE)
    assert [card.quote for card in (idea, second, third)] == ["a fox", "a heron", "two herons"]
    assert "8 s" in third.facts
    await chat.taps("Shoot it $0.08", third, place=HERE)

    assert chat.prompts == ["two herons"]
    assert next(iter(chat.backend.accepted.values())).brief.seconds == 8


async def test_not_now_leaves_one_line(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a fox"), place=HERE)
    stands = chat.reference(idea)
    gone = await chat.taps("Not now", idea, place=HERE)

    assert (gone.lines, gone.buttons, gone.replaces) == (("Not filmed. Nothing was spent.",), (), True)
    assert chat.reference(gone) == stands
    assert not chat.store.rows.jobs


async def test_what_is_filmed_already_is_not_waved_away(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a fox"), place=HERE)
    take = await chat.taps("Shoot it", idea, place=HERE)
    wish = await chat.stored(Dismiss(idea=idea_of(chat, idea.quote).id), place=HERE)
    await chat.studio.take_up(wish.id)

    assert chat.poster.messages[take.take][-1].tone is Tone.READY
    assert wish.id not in chat.poster.messages


async def test_an_idea_that_cannot_be_filmed_says_so_at_once(chat: Chat) -> None:
    card = await chat.wants(Idea(prompt="a fox", seconds=5), place=HERE)
    assert "does not film 5 s" in card.lines[0]


async def test_the_longest_ids_fit_into_the_buttons(chat: Chat) -> None:
    wish = replace(await chat.stored(Idea(prompt="a fox"), place=HERE), id="tg-" + "1" * 47)
    async with chat.store.work() as w:
        await w.wishes.add(wish)
    await chat.studio.take_up(wish.id)
    card = await chat.answer(wish.id)

    assert all(len(button.action.encode()) <= BUTTON_BYTES for button in card.buttons)
    assert (await chat.taps("Shoot it", card, place=HERE)).tone is Tone.READY


def idea_of(chat: Chat, words: str) -> Wish:
    """The stored wish of the idea with those words."""
    return next(
        wish
        for wish in chat.store.rows.wishes.values()
        if wish.command["name"] == "idea" and wish.command["values"]["prompt"] == words and wish.member == INES
    )
