"""Several takes of one idea: the price of all of them first, then cards to vote on, and a winner."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.budget import Caps
from bot.cards import BUTTON_BYTES, Card, Tone
from bot.commands import More, Shoot, Takes
from bot.errors import BadValue
from bot.film import Slate, Take
from bot.reading import read
from bot.states import State
from bot.verdicts import Vote
from bot.votes import leading
from tests.dialogue import INES, MAREK, MODERATOR, Chat
from tests.fakes.film_world import FakeBackend, FakeClock
from tests.storage.props import take

PRICE = "$0.16"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path, others=(FakeBackend("grand"),), final="grand")


async def filmed(chat: Chat, count: int = 4) -> list[Card]:
    """The cards of takes that were filmed together, in the order of their numbers."""
    asked = await chat.says(f"/takes a fox seconds:4 count:{count}")
    await chat.taps(f"Film {count} · ${0.04 * count:.2f}", asked)
    return standing(chat)


def standing(chat: Chat) -> list[Card]:
    """The cards of all takes as they stand in the chat now."""
    shown = [cards[-1] for cards in chat.poster.messages.values() if cards[-1].clip]
    return sorted(shown, key=lambda card: card.title)


def votes(chat: Chat) -> list[int]:
    """What the cards say, take by take."""
    told = [[fact for fact in card.facts if fact.startswith("votes: ")] for card in standing(chat)]
    return [int(each[0].removeprefix("votes: ")) if each else 0 for each in told]


# ---------------------------------------------------------------- several takes


async def test_the_price_of_all_of_them_comes_first(chat: Chat) -> None:
    card = await chat.says("/takes a fox seconds:4 count:4")

    assert (card.title, card.quote, card.tone) == ("4 takes of one shot", "a fox", Tone.WAITING)
    assert card.facts == ("fake", "4 s", PRICE)
    assert card.lines[0].startswith("Nothing is filmed yet.")
    assert [button.label for button in card.buttons] == [f"Film 4 · {PRICE}", "Edit", "Not now"]
    assert all(len(button.action.encode()) <= BUTTON_BYTES for button in card.buttons)
    assert not chat.store.rows.jobs
    assert not chat.store.rows.shots
    assert not chat.store.rows.opened


async def test_each_is_a_card_of_the_same_shot_with_a_chance_of_its_own(chat: Chat) -> None:
    asked = await chat.says("/takes a fox seconds:4 count:3")
    told = await chat.taps("Film 3 · $0.12", asked)
    cards = standing(chat)

    assert [card.title for card in cards] == ["1A-1", "1A-2", "1A-3"]
    assert chat.prompts == ["a fox"] * 3
    assert all("Vote" in [button.label for button in card.buttons] for card in cards)
    briefs = [order.brief for order in chat.backend.accepted.values()]
    assert [brief.seed for brief in briefs] == [None] * 3, "every job throws its own dice"
    assert sum(entry.micros for entry in chat.store.rows.opened.values()) == 120_000
    assert told == cards[0]
    line = next(cards for key, cards in chat.poster.messages.items() if cards[0] == asked)[-1]
    assert (line.lines, line.buttons) == (("Filming 3 takes of 1A. The votes are cast on their cards.",), ())


async def test_they_roll_in_the_order_of_their_numbers(chat: Chat) -> None:
    cards = await filmed(chat, 6)
    times = [(await chat.job(card)).created_at for card in cards]
    assert times == sorted(set(times))
    assert [order.slate for order in chat.backend.accepted.values()] == [card.title for card in cards]


async def test_a_chance_that_was_set_is_counted_on_from(chat: Chat) -> None:
    await chat.taps("Film 2 · $0.08", await chat.says("/takes a fox seconds:4 count:2 seed:2147483647"))
    assert sorted(order.brief.seed or 0 for order in chat.backend.accepted.values()) == [0, 2**31 - 1]


async def test_the_next_shot_goes_on_from_them(chat: Chat) -> None:
    await chat.taps("Film 2 · $0.08", await chat.says("/takes A fox in a snowy forest. seconds:4 count:2"))
    card = await chat.says("It turns round.")
    assert card.title == "1B-1"
    assert "snowy forest" in chat.prompts[-1]


async def test_tapped_any_number_of_times_they_are_filmed_once(chat: Chat) -> None:
    idea = await chat.stored(Takes(prompt="a fox", count=2, seconds=4))
    await chat.studio.take_up(idea.id)
    taps = [await chat.stored(Shoot(idea=idea.id)) for _ in range(4)]
    await asyncio.gather(*(chat.studio.take_up(tap.id) for tap in taps))
    await chat.engine.quiet()

    assert chat.prompts == ["a fox"] * 2
    assert len(chat.store.rows.jobs) == 2


async def test_a_crash_after_the_tap_shows_every_card_all_the_same(chat: Chat) -> None:
    asked = await chat.says("/takes a fox seconds:4 count:3")
    idea = next(wish for wish in chat.store.rows.wishes.values() if wish.command["name"] == "takes")
    chat.engine.frozen = True
    await chat.studio._handled(await chat.stored(Shoot(idea=idea.id)))
    assert list(chat.poster.messages.values())[-1][-1] == asked
    await chat.studio.take_up_open()

    waiting = sorted(cards[-1].title for cards in chat.poster.messages.values() if cards[-1].take)
    assert waiting == ["1A-1", "1A-2", "1A-3"]


async def test_a_question_that_was_answered_before_it_was_shown_is_not_asked_any_more(chat: Chat) -> None:
    idea = await chat.stored(Takes(prompt="a fox", count=2, seconds=4))
    await chat.studio._handled(idea)
    await chat.studio.take_up((await chat.stored(Shoot(idea=idea.id))).id)
    await chat.engine.quiet()
    await chat.studio.take_up_open()

    assert idea.id not in chat.poster.messages
    assert len(chat.prompts) == 2


@pytest.mark.parametrize(("caps", "sentence"), [(Caps(takes_a_day=3), "more than 3"), (Caps(1, 2), "2 takes waiting")])
async def test_the_caps_are_for_all_of_them_together(tmp_path: Path, caps: Caps, sentence: str) -> None:
    chat = Chat(tmp_path, caps=caps)
    refused = await chat.says("/takes a fox seconds:4 count:4")
    assert sentence in refused.lines[0]
    assert not chat.store.rows.jobs
    assert (await chat.says("/takes a fox seconds:4 count:3")).tone is Tone.WAITING


async def test_caps_that_are_full_by_the_time_of_the_tap_make_none_of_them(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(takes_a_day=4))
    asked = await chat.says("/takes a fox seconds:4 count:4")
    await chat.says("/generate a heron")
    refused = await chat.taps(f"Film 4 · {PRICE}", asked)
    assert "more than 4 takes in a day" in refused.lines[0]
    assert len(chat.store.rows.jobs) == 1
    assert len(chat.store.rows.shots) == 1


async def test_a_price_that_has_changed_films_nothing(chat: Chat) -> None:
    asked = await chat.says("/takes a fox seconds:4")
    chat.backend.can = replace(chat.backend.can, micros_per_second=20_000)
    refused = await chat.taps(f"Film 4 · {PRICE}", asked)
    assert refused.lines == ("The price is $0.32 by now, so nothing was filmed. Please write it once more.",)
    assert not chat.prompts


async def test_after_a_day_the_price_stands_no_longer(chat: Chat) -> None:
    asked = await chat.says("/takes a fox seconds:4")
    chat.clock.time += 25 * 3600
    refused = await chat.taps(f"Film 4 · {PRICE}", asked)
    assert "is not here any more" in refused.lines[0]
    assert not chat.prompts


async def test_an_unknown_price_is_said_or_refused_as_the_operator_demands(tmp_path: Path) -> None:
    card = await Chat(tmp_path).says("/takes a fox count:2")
    assert (card.facts[-1], card.buttons[0].label) == ("price not known", "Film 2")
    strict = await Chat(tmp_path, demand=True).says("/takes a fox count:2")
    assert "Nobody has set a price" in strict.lines[0]


async def test_edited_it_is_several_takes_still(chat: Chat) -> None:
    edited = await chat.taps("Edit", await chat.says("/takes a fox seconds:4 count:2"), "a heron")
    assert (edited.quote, edited.buttons[0].label) == ("a heron", "Film 2 · $0.08")
    await chat.taps("Film 2 · $0.08", edited)
    assert chat.prompts == ["a heron"] * 2


async def test_not_now_films_nothing(chat: Chat) -> None:
    gone = await chat.taps("Not now", await chat.says("/takes a fox count:2"))
    assert gone.lines == ("Not filmed. Nothing was spent.",)
    assert not chat.store.rows.jobs


@pytest.mark.parametrize("count", ["1", "7", "many"])
def test_two_to_six(count: str) -> None:
    with pytest.raises(BadValue):
        read(f"/takes a fox count:{count}")


# ---------------------------------------------------------------- votes


async def test_one_vote_a_member_and_it_moves(chat: Chat) -> None:
    first, second, *_ = await filmed(chat)
    await chat.wants(Vote(take=first.take), INES)
    await chat.wants(Vote(take=first.take), MAREK)
    assert votes(chat) == [2, 0, 0, 0]
    await chat.wants(Vote(take=second.take), MAREK)
    assert votes(chat) == [1, 1, 0, 0]
    for _ in range(3):
        await chat.wants(Vote(take=second.take), MAREK)
    assert votes(chat) == [1, 1, 0, 0]


async def test_a_card_is_edited_only_when_its_count_changes(chat: Chat) -> None:
    cards = await filmed(chat)
    shown = {card.take: len(chat.poster.messages[card.take]) for card in cards}
    await chat.wants(Vote(take=cards[0].take))
    await chat.wants(Vote(take=cards[0].take))
    assert {take: len(chat.poster.messages[take]) - before for take, before in shown.items()} == {
        cards[0].take: 1,
        **{card.take: 0 for card in cards[1:]},
    }


class SlowClock(FakeClock):
    """While somebody sleeps, everybody else comes to an end."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        for _ in range(400 if seconds > 1 else 0):
            await asyncio.sleep(0)


async def test_many_votes_at_once_are_few_edits(tmp_path: Path) -> None:
    chat = Chat(tmp_path, FakeBackend(clock=SlowClock()))
    first, *_ = await filmed(chat)
    chat.poster.pace = 3.0
    before = len(chat.poster.messages[first.take])
    voters = [replace(MAREK, id=f"chat:{number}") for number in range(30)]
    wishes = [await chat.stored(Vote(take=first.take), voter) for voter in voters]
    await asyncio.gather(*(chat.studio.take_up(wish.id) for wish in wishes))

    assert votes(chat)[0] == 30
    assert len(chat.poster.messages[first.take]) - before <= 3


async def test_nothing_else_is_voted_on(chat: Chat) -> None:
    alone = await chat.says("/generate a heron")
    refused = await chat.wants(Vote(take=alone.take), MAREK)
    assert refused.lines == ("1A-1 cannot be voted for. /takes films several takes of one idea to choose from.",)
    assert "Vote" not in [button.label for button in alone.buttons]
    first, *_ = await filmed(chat)
    remix = await chat.taps("Retake", first)
    assert "Vote" not in [button.label for button in remix.buttons]
    elsewhere = await chat.wants(Vote(take=first.take), MAREK, place="day-shoots")
    assert "There is no take" in elsewhere.lines[0]
    assert votes(chat)[1:] == [0] * 5


async def test_the_winner_can_be_circled_or_made_final(chat: Chat) -> None:
    first, second, third, *_ = await filmed(chat)
    nobody = await chat.wants(More(take=first.take))
    assert not [each for each in nobody.buttons if "winner" in each.label]
    for member, card in ((INES, third), (MAREK, second), (MODERATOR, third)):
        await chat.wants(Vote(take=card.take), member)

    more = await chat.wants(More(take=first.take))
    await chat.taps("Circle the winner: 1A-3", more)
    assert (await chat.take(third)).circled
    more = await chat.wants(More(take=first.take))
    assert "Circle the winner: 1A-3" not in [each.label for each in more.buttons]
    asked = await chat.taps("Make the winner final: 1A-3 · $0.04", more)
    assert (asked.reply_to, (await chat.job(asked)).state) == ("1A-3", State.AWAITING_APPROVAL)
    others = await chat.wants(More(take=first.take), MAREK)
    assert not [each for each in others.buttons if "winner" in each.label]


async def test_without_a_final_model_the_winner_is_circled_once(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    first, second, *_ = await filmed(chat)
    await chat.wants(Vote(take=second.take))
    await chat.taps("Circle the winner: 1A-2", await chat.wants(More(take=first.take)))
    more = await chat.wants(More(take=first.take))
    assert not [each for each in more.buttons if "winner" in each.label]


@given(counts=st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_the_winner_has_the_most_votes_and_is_the_earliest_of_those(counts: list[int]) -> None:
    takes = [take(f"take {number}", number=number, slate=Slate(1, 0, number)) for number in range(1, len(counts) + 1)]
    found = leading(takes, {each.id: count for each, count in zip(takes, counts, strict=True) if count})
    assert found == (_first(takes, counts) if any(counts) else None)


def _first(takes: list[Take], counts: list[int]) -> Take:
    return takes[counts.index(max(counts))]
