"""Whose is what: productions per member and place, frozen briefs of others, and who may stop what."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards import Tone
from bot.commands import Remix, Retake, from_action
from tests.dialogue import INES, MAREK, MODERATOR, Chat

SECRET = "A surprise party for Marek."
DIRECT = "direct-ines"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def test_a_remix_of_anothers_clip_takes_its_frozen_brief_and_leaves_it_alone(chat: Chat) -> None:
    await chat.says("/style set look:ink on paper")
    hers = await chat.says("A heron lands.")
    await chat.says("/style set look:neon", member=MAREK)
    his = await chat.replies("in snow", hers, member=MAREK)
    await chat.says("It flies off.")

    assert (his.title, his.reply_to) == ("1A-1", "1A-1")
    assert chat.prompts[1] == "ink on paper\nA heron lands.\nExactly as above, with this change: in snow"
    assert "snow" not in chat.prompts[2], "her own shot keeps nothing of his change"
    assert (await chat.take(his)).member == MAREK.id
    assert [row.title for row in (await chat.says("/dailies")).rows] == ["1B-1", "1A-1"]


async def test_anothers_reworded_take_is_remixed_with_its_new_words(chat: Chat) -> None:
    hers = await chat.says("A heron lands.")
    again = await chat.says(f"/edit A fox sleeps. take:{hers.take}")
    his = await chat.taps("Retake", again, member=MAREK)

    assert chat.prompts[-1] == "A fox sleeps."
    assert chat.store.rows.shots[(await chat.take(his)).shot].words == "A fox sleeps."


@pytest.mark.parametrize("said", ["/remix louder take:{}", "/retake {}", "/shot {}", "/cancel {}", "/more {}"])
async def test_a_take_of_another_place_is_unknown_to_others(chat: Chat, said: str) -> None:
    secret = await chat.says(SECRET, place=DIRECT)
    for place in ("night-shoots", "direct-marek"):
        card = await chat.says(said.format(secret.take), member=MAREK, place=place)
        assert card.tone is Tone.FAILED
        assert "no take" in card.lines[0]
        assert "surprise" not in "".join(card.lines)
    assert chat.prompts == [SECRET]


async def test_private_words_do_not_turn_up_in_public_by_their_own_members_hand(chat: Chat) -> None:
    secret = await chat.says(SECRET, place=DIRECT)
    card = await chat.wants(Remix(change="louder", take=secret.take), place="night-shoots")

    assert card.tone is Tone.FAILED
    assert chat.prompts == [SECRET]


async def test_a_clip_that_came_as_a_direct_message_goes_on_there(chat: Chat) -> None:
    public = await chat.says("A fox.", place="night-shoots")
    card = await chat.wants(Retake(take=public.take), place=DIRECT)

    assert (card.title, card.tone) == ("1A-1", Tone.READY)
    assert (await chat.take(card)).place == f"chat/{DIRECT}"


async def test_a_public_card_may_be_looked_into_by_everybody_there(chat: Chat) -> None:
    card = await chat.says("A fox.")
    assert (await chat.taps("Show the prompt", card, member=MAREK)).prompt[0].text == "A fox."
    assert (await chat.taps("More", card, member=MAREK)).quote == "A fox."


async def test_only_the_member_or_a_moderator_may_circle_drop_and_cancel(chat: Chat) -> None:
    card = await chat.says("A detective in a trench coat waits at night.")
    second = await chat.says("He smokes.")
    for asked in (f"circle:{card.take}", f"drop:{second.take}:time"):
        stranger = await chat.wants(from_action(asked), member=MAREK)
        assert "belongs to another member" in stranger.lines[0]
        await chat.wants(from_action(asked), member=MODERATOR)
    assert (await chat.take(card)).circled

    chat.engine.frozen = True
    waiting = await chat.says("A fox.")
    assert "belongs to another member" in (await chat.taps("Cancel", waiting, member=MAREK)).lines[0]
    assert (await chat.taps("Cancel", waiting, member=MODERATOR)).status == "cancelled"


async def test_a_slate_means_the_takes_of_whoever_says_it(chat: Chat) -> None:
    await chat.says("Her fox.", member=INES)
    await chat.says("His fox.", member=MAREK)
    await chat.says("/retake 1A-1", member=MAREK)

    assert chat.prompts[-1] == "His fox."
