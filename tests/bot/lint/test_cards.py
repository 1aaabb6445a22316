"""Offers on cards: a tap films a new take with the replacement put in, or hones an idea before anything is spent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import lint_card
from bot.cards import BUTTON_BYTES, Card, Tone
from bot.commands import EditIdea, Hone, Idea, Shoot, TakeUp, action, from_action
from bot.errors import RefusedByRules
from bot.film import new_id
from bot.lint_offer import Kind, Offer
from tests.dialogue import INES, MAREK, Chat

HERE = "direct-ines"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def offered(card: Card) -> list[str]:
    return [each.label for each in card.buttons if each.action.startswith(("offer:", "hone:"))]


async def test_an_offer_films_the_same_shot_with_other_words(chat: Chat) -> None:
    card = await chat.says("a beautiful street at night")
    assert offered(card) == [
        "→ wet-asphalt, neon-lit",
        "Add sound: distant traffic, a neon tube buzzing",
    ]
    assert card.lines == (
        "“beautiful” tells the camera little; a lamp, a lens or a colour tells more.",
        "No sound is named. What is heard has to be seen as well.",
    )
    after = await chat.taps("→ wet-asphalt, neon-lit", card)

    assert (after.title, after.tone, after.quote) == ("1A-2", Tone.READY, "a wet-asphalt, neon-lit street at night")
    assert chat.prompts == ["a beautiful street at night", "a wet-asphalt, neon-lit street at night"]
    assert [label.partition(":")[0] for label in offered(after)] == ["Add sound"]


async def test_a_sound_is_a_line_of_its_own(chat: Chat) -> None:
    card = await chat.says("a fox crosses a snowy forest")
    after = await chat.taps(offered(card)[0], card)

    assert (
        after.quote == "a fox crosses a snowy forest\nSound: light quick steps on dry snow, wind over a ridge, breath"
    )
    assert [part.name for part in after.prompt] == ["words", "sound"]
    assert offered(after) == []


async def test_one_at_a_time_films_the_first_change_alone(chat: Chat) -> None:
    shot = await chat.says("a fox crosses a yard, leaves rustling")
    both = await chat.replies("at night and in the rain", shot)
    assert offered(both) == ["Only: at night"]
    assert both.lines[-1] == "2 changes at once. One at a time shows what each of them does."
    alone = await chat.taps("Only: at night", both)

    assert (alone.quote, alone.title) == ("at night", "1A-3")
    assert chat.prompts[2] == chat.prompts[0] + "\nExactly as above, with this change: at night"


async def test_a_change_that_is_praise_becomes_a_change_to_film(chat: Chat) -> None:
    shot = await chat.says("a fox crosses a yard, leaves rustling")
    card = await chat.replies("make it more cinematic", shot)
    after = await chat.taps(offered(card)[0], card)

    assert after.quote.startswith("shot on 35mm film stock")
    assert "cinematic" not in chat.prompts[2]


async def test_a_length_in_the_words_is_set_by_a_tap(chat: Chat) -> None:
    card = await chat.says("a 12 second video of bees humming")
    (label,) = offered(card)
    assert label == "12 s instead"
    assert len([line for line in card.lines if "12" in line]) == 1
    after = await chat.taps(label, card)

    assert after.quote == "a video of bees humming"
    assert (await chat.job(after)).seconds == 12
    assert "$0.12" in after.facts


async def test_the_rest_stands_behind_more(chat: Chat) -> None:
    card = await chat.says("a beautiful street at night")
    more = await chat.taps("More", card)
    (second, *_) = offered(more)
    assert second == "“beautiful” → back-lit, lamp-lit"
    after = await chat.taps(second, more)
    assert after.quote == "a back-lit, lamp-lit street at night"


async def test_a_take_without_a_clip_offers_nothing(chat: Chat) -> None:
    chat.backend.faults = [RefusedByRules("prompt")]
    card = await chat.says("a beautiful street at night")
    assert card.tone is Tone.FAILED
    assert offered(card) == []
    assert len(card.lines) == 1


async def test_an_offer_that_is_gone_is_told_so(chat: Chat) -> None:
    card = await chat.says("a beautiful street at night")
    gone = await chat.wants(TakeUp(take=card.take, offer="ffffff"))
    assert gone.tone is Tone.FAILED
    assert gone.lines == (
        "These words are read otherwise by now, so that offer is gone. The take’s card shows what is offered.",
    )
    assert len(chat.prompts) == 1


async def test_somebody_elses_offer_goes_into_ones_own_production(chat: Chat) -> None:
    card = await chat.says("a beautiful street at night", member=INES)
    after = await chat.taps(offered(card)[0], card, member=MAREK)
    assert (after.title, after.quote) == ("1A-1", "a wet-asphalt, neon-lit street at night")


async def test_an_idea_is_honed_before_anything_is_spent(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a beautiful street at night", seconds=4), place=HERE)
    assert "→ wet-asphalt, neon-lit" in offered(idea)
    honed = await chat.taps("→ wet-asphalt, neon-lit", idea, place=HERE)

    assert honed.quote == "a wet-asphalt, neon-lit street at night"
    assert not chat.prompts
    assert not chat.store.rows.jobs
    take = await chat.taps("Shoot it $0.04", honed, place=HERE)
    assert take.tone is Tone.READY
    assert chat.prompts == ["a wet-asphalt, neon-lit street at night"]


async def test_a_honed_idea_may_be_edited_and_honed_again(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a beautiful street at night"), place=HERE)
    honed = await chat.taps("→ wet-asphalt, neon-lit", idea, place=HERE)
    edited = await chat.taps("Edit", honed, "an epic street at night", place=HERE)
    again = await chat.taps(offered(edited)[0], edited, place=HERE)
    assert again.quote.startswith("a wet-asphalt, neon-lit street")


async def test_an_idea_of_somebody_else_cannot_be_honed(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="a beautiful street at night"), place=HERE)
    card = await chat.taps(offered(idea)[0], idea, member=MAREK, place=HERE)
    assert card.lines == ("That idea is not here any more. Write it once more.",)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
async def test_a_card_speaks_its_members_language(chat: Chat, locale: str) -> None:
    offers = (Offer("weak", 0, 2, "唯美", ("逆光",), "lint.weak", (("found", "唯美"),)),)
    assert lint_card.lines(offers, locale)[0].startswith(
        {"en": "“唯美”", "zh-Hans": "“唯美”", "zh-Hant": "「唯美」"}[locale]
    )


def test_a_card_shows_three_one_of_each_kind_first() -> None:
    kinds = (Kind.SPINE, Kind.SPINE, Kind.WEAK, Kind.WEAK, Kind.SOUND)
    offers = [Offer(kind, n, n + 1, "x", ("y",), f"lint.{kind}") for n, kind in enumerate(kinds)]
    assert [each.start for each in lint_card.shown(offers)] == [0, 2, 4]
    assert [each.start for each in lint_card.shown(offers[:2])] == [0, 1]


def test_a_button_fits_every_platform_and_comes_back_as_its_command() -> None:
    offer = Offer("weak", 0, 1, "x", ("y",), "lint.weak")
    take, wish = new_id(), "tg-" + "9" * 47
    tap = action("offer", take, lint_card.mark(offer, 0))
    assert from_action(tap) == TakeUp(take=take, offer=lint_card.mark(offer, 0))
    longest = action("hone", wish, lint_card.mark(offer, 0))
    assert len(longest.encode()) <= BUTTON_BYTES
    assert from_action(longest) == Hone(idea=wish, offer=lint_card.mark(offer, 0))
    assert {Shoot.name, EditIdea.name} & {Hone.name, TakeUp.name} == set()
