"""/cast as members and moderators use it: who is in it, consent for a picture, a take's subject, the server's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.capabilities import Capabilities, Characters, Pictures
from bot.cards import Card, Tone
from bot.cast import Standing
from bot.looks import Cast, CastAction
from tests.dialogue import INES, MAREK, MODERATOR, Chat

ADD = "/cast add Marek: a stooped man in his fifties, grey beard wardrobe:a long brown coat voice:hoarse"
LINE = "Marek: a stooped man in his fifties, grey beard. Wardrobe: a long brown coat."


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def names(card: Card) -> list[str]:
    return [row.title for row in card.rows]


# ---------------------------------------------------------------- one's own


async def test_somebody_added_is_in_every_prompt_that_names_them(chat: Chat) -> None:
    card = await chat.says(ADD)
    assert (card.title, card.lines) == ("Marek", ("Marek is in your cast.",))
    assert [part.text for part in card.prompt] == [
        "a stooped man in his fifties, grey beard", "a long brown coat", "hoarse",
    ]  # fmt: skip
    await chat.says("/style set lens:85mm lens")
    shown = await chat.says("@marek waits.")

    assert chat.prompts == [f"Cinematography: 85mm lens.\n{LINE}\nmarek waits."]
    assert shown.quote == "marek waits."
    assert [(part.label, part.name) for part in shown.prompt][1] == ("Cast", "cast")


async def test_the_cast_follows_the_member_and_is_nobody_elses(chat: Chat) -> None:
    await chat.says(ADD)
    await chat.says("Marek waits.", place="elsewhere")
    await chat.says("Marek waits.", member=MAREK)
    assert chat.prompts == [f"{LINE}\nMarek waits.", "Marek waits."]
    assert names(await chat.says("/cast", member=MAREK)) == []
    assert names(await chat.says("/cast list")) == ["Marek"]


async def test_changes_are_versions_and_what_was_filmed_keeps_its_own(chat: Chat) -> None:
    await chat.says(ADD)
    first = await chat.says("Marek waits.")
    changed = await chat.says("/cast set @marek wardrobe:a black suit")
    assert "version 2" in changed.facts
    await chat.says("Marek sits.")
    await chat.taps("Retake", first)
    await chat.wants(Cast(action=CastAction.SET, who="marek", wardrobe="-"))
    await chat.says("Marek stands.")

    assert ["brown" in prompt for prompt in chat.prompts] == [True, False, True, False]
    assert ["black suit" in prompt for prompt in chat.prompts] == [False, True, False, False]
    assert [each.version for each in (await chat.take(first)).brief.cast] == [1]


async def test_edited_words_keep_the_version_of_their_take(chat: Chat) -> None:
    await chat.says(ADD)
    first = await chat.says("Marek waits.")
    await chat.says("/cast set Marek description:a tall woman of forty")
    await chat.taps("Change the words", await chat.taps("More", first), "@Marek sits down.")
    assert chat.prompts[-1] == f"{LINE}\nMarek sits down."


async def test_somebody_removed_is_named_no_more_and_may_come_back(chat: Chat) -> None:
    await chat.says(ADD)
    await chat.says("/cast remove marek")
    await chat.says("Marek waits.")
    assert chat.prompts == ["Marek waits."]
    assert "is in your cast" in (await chat.says(ADD)).lines[0]


async def test_the_list_says_where_they_appear(chat: Chat) -> None:
    await chat.says(ADD)
    await chat.says("Marek waits.")
    await chat.says("A fox.")
    await chat.says("Marek runs.")
    [row] = (await chat.says("/cast")).rows
    assert row.note == "yours · in 1A, 1C"
    assert row.action.startswith("cast:show:")
    assert "in 1A, 1C" in (await chat.says("/cast show Marek")).facts


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("/cast show Pavel", "nobody called “Pavel”"),
        ("/cast remove Pavel", "nobody called “Pavel”"),
        ("/cast add generate: a man", "means something else here"),
        ("/cast add remove: a man", "means something else here"),
        ("/cast add 演员: 一个人", "means something else here"),
        ("/cast add Old Marek: a man", "one word of letters and digits"),
        ("/cast add Marek a man", "one word of letters and digits"),
        ("/cast add Marek🎬: a man", "one word of letters and digits"),
        ("/cast add @Marek: a man", "one word of letters and digits"),
        (f"/cast add {'x' * 41}: a man", "at most 40 characters"),
        (f"/cast add Marek: {'x' * 4_001}", "4001 characters; 4000 is the most"),
        ("/cast add Lena: somebody else", "There is a Lena already"),
        ("/cast add LENA: somebody else", "There is a LENA already"),
        ("/cast add Marek", "no words yet"),
        ("/cast add Marek from:9Z-9", "no take “9Z-9”"),
        ("/cast set Lena", "no words yet"),
        ("/cast lock Lena", "nobody called “Lena”"),
        ("/cast add Marek: a man level:server", "set by moderators"),
    ],
)
async def test_bad_input_gets_one_sentence_and_changes_nothing(chat: Chat, said: str, sentence: str) -> None:
    await chat.says("/cast add Lena: a young woman")
    before = dict(chat.store.rows.cast)
    card = await chat.says(said)

    assert (card.tone, len(card.lines)) == (Tone.FAILED, 1)
    assert sentence in card.lines[0]
    assert chat.store.rows.cast == before


# ---------------------------------------------------------------- a picture


async def with_picture(chat: Chat) -> Card:
    chat.poster.pictures["cat.png"] = b"a cat"
    return await chat.wants(Cast(action=CastAction.ADD, who="Tom", description="a grey cat", image="chat:cat.png"))


async def test_a_picture_is_kept_only_after_a_yes(chat: Chat) -> None:
    asked = await with_picture(chat)
    assert asked.lines[-1].startswith("The picture is not kept yet.")
    assert [button.label for button in asked.buttons] == ["Yes, keep it", "No"]
    assert list(chat.clips.root.iterdir()) == []

    kept = await chat.taps("Yes, keep it", asked)
    [tom] = [who for who in chat.store.rows.cast.values() if who.version == 2]
    assert (tom.consent, tom.consent_at, tom.pending) == ("yes", chat.clock.now(), "")
    assert tom.image in {file.name for file in chat.clips.root.iterdir()}
    assert kept.lines[0] == "The picture is kept, with your answer."
    assert kept.buttons == ()


async def test_a_no_keeps_the_answer_and_no_picture(chat: Chat) -> None:
    await chat.taps("No", await with_picture(chat))
    [tom] = [who for who in chat.store.rows.cast.values() if who.version == 2]
    assert (tom.image, tom.consent, tom.pending) == (None, "no", "")
    assert list(chat.clips.root.iterdir()) == []
    again = await chat.says(f"/consent {tom.id} agreed:yes")
    assert again.tone is not Tone.FAILED
    assert all(who.image is None for who in chat.store.rows.cast.values())


async def test_nobody_else_can_consent(chat: Chat) -> None:
    asked = await with_picture(chat)
    refused = await chat.taps("Yes, keep it", asked, member=MAREK)
    assert refused.tone is Tone.FAILED
    assert list(chat.clips.root.iterdir()) == []


async def test_a_picture_that_is_gone_by_then_is_asked_for_again(chat: Chat) -> None:
    asked = await with_picture(chat)
    chat.poster.pictures.clear()
    assert "attach it again" in (await chat.taps("Yes, keep it", asked)).lines[0]


async def test_each_backend_is_told_in_the_best_way_it_has(chat: Chat) -> None:
    await chat.taps("Yes, keep it", await with_picture(chat))
    for characters in (Characters.PICTURES, Characters.IDS, Characters.NONE):
        chat.backend.can = Capabilities(characters=characters, pictures=Pictures(references=2))
        await chat.says("Tom sleeps.")
    briefs = [order.brief for order in chat.backend.accepted.values()]
    assert [len(brief.references) for brief in briefs] == [1, 0, 0]
    assert all("Tom: a grey cat." in brief.text for brief in briefs)


# ---------------------------------------------------------------- out of a take


async def test_somebody_out_of_a_finished_take(chat: Chat) -> None:
    take = await chat.says("A detective in a trench coat crosses a wet street at night.")
    card = await chat.says(f"/cast add Marek from:{take.take}")
    assert card.lines == ("Marek is in your cast.", "Made from 1A-1.")
    assert [part.text for part in card.prompt] == ["A detective", "in a trench coat"]
    await chat.says("Marek sleeps.")
    assert chat.prompts[-1].startswith("Marek: A detective. Wardrobe: in a trench coat.\n")


async def test_where_a_backend_could_make_a_character_it_is_kept_and_said(chat: Chat) -> None:
    chat.backend.can = Capabilities(characters=Characters.IDS)
    take = await chat.says("A fox runs.")
    card = await chat.says(f"/cast add Rusty from:{take.take}")
    [rusty] = chat.store.rows.cast.values()
    assert rusty.remote == "fake:fake-1"
    assert "fake can make a character of that clip" in card.lines[-1]
    assert [button.label for button in card.buttons] == ["Make the character", "No"]


async def test_a_take_without_a_clip_or_without_anybody_will_not_do(chat: Chat) -> None:
    nobody = await chat.says("Rain on an empty street.")
    assert "name nobody" in (await chat.says(f"/cast add Marek from:{nobody.take}")).lines[0]
    chat.engine.frozen = True
    waiting = await chat.says("A fox runs.")
    assert "has no clip yet" in (await chat.says(f"/cast add Marek from:{waiting.take}")).lines[0]


# ---------------------------------------------------------------- the server's


async def test_what_a_moderator_shares_everybody_there_may_name(chat: Chat) -> None:
    shared = await chat.says("/cast add Ada: a lighthouse keeper level:server", member=MODERATOR)
    assert {"the server’s", "locked"} <= set(shared.facts)
    await chat.says("Ada waits.")
    await chat.says("Ada waits.", place="elsewhere")
    assert ["lighthouse keeper" in prompt for prompt in chat.prompts] == [True, False]
    assert names(await chat.says("/cast list", member=MAREK)) == ["Ada"]


@pytest.mark.parametrize("said", ["set Ada wardrobe:a cap", "remove Ada", "unlock Ada"])
async def test_somebody_elses_canon_is_left_alone(chat: Chat, said: str) -> None:
    await chat.says("/cast add Ada: a lighthouse keeper level:server", member=MODERATOR)
    refused = await chat.says(f"/cast {said}")
    assert (refused.tone, len(refused.lines)) == (Tone.FAILED, 1)
    assert "Ada" in refused.lines[0]


async def test_unlocked_it_is_everybodys_to_change_but_not_to_remove(chat: Chat) -> None:
    await chat.says("/cast add Ada: a lighthouse keeper level:server", member=MODERATOR)
    await chat.says("/cast unlock Ada", member=MODERATOR)
    changed = await chat.says("/cast set Ada wardrobe:a cap")
    assert "version 2" in changed.facts
    assert (await chat.says("/cast remove Ada")).tone is Tone.FAILED
    await chat.says("/cast lock Ada", member=MODERATOR)
    assert (await chat.says("/cast set Ada wardrobe:none")).tone is Tone.FAILED


async def test_ones_own_goes_first_and_that_is_said(chat: Chat) -> None:
    await chat.says("/cast add Marek: a lighthouse keeper level:server", member=MODERATOR)
    mine = await chat.says(ADD)
    assert "your Marek stands for the server’s" in mine.lines[-1]
    card = await chat.says("Marek waits.")
    assert "lighthouse" not in chat.prompts[0]
    assert "Marek is your own here; the server has a Marek, too." in card.lines


async def test_a_proposal_waits_for_a_moderator(chat: Chat) -> None:
    await chat.says(ADD)
    proposed = await chat.says("/cast propose Marek")
    assert (await chat.taps("Approve Marek", proposed)).tone is Tone.FAILED
    assert names(await chat.says("/cast", member=MAREK)) == []

    listed = await chat.says("/cast", member=MODERATOR)
    assert [(row.title, row.note) for row in listed.rows] == [("Marek", "proposed")]
    await chat.taps("Approve Marek", listed, member=MODERATOR)
    assert names(await chat.says("/cast", member=MAREK)) == ["Marek"]
    assert "decided already" in (await chat.taps("Decline Marek", proposed, member=MODERATOR)).lines[0]


async def test_a_proposal_for_a_name_that_stands_becomes_its_next_version(chat: Chat) -> None:
    await chat.says("/cast add Marek: a lighthouse keeper level:server", member=MODERATOR)
    await chat.says(ADD)
    await chat.taps("Approve Marek", await chat.says("/cast propose Marek"), member=MODERATOR)
    shown = await chat.says("/cast show Marek", member=MAREK)
    assert "version 2" in shown.facts
    assert shown.prompt[0].text.startswith("a stooped man")


async def test_a_proposal_declined_leaves_nothing(chat: Chat) -> None:
    await chat.says(ADD)
    await chat.taps("Decline Marek", await chat.says("/cast propose Marek"), member=MODERATOR)
    assert names(await chat.says("/cast", member=MAREK)) == []
    assert {who.standing for who in chat.store.rows.cast.values()} == {Standing.STANDING, Standing.GONE}


async def test_alone_with_the_bot_there_is_nobody_to_share_with(chat: Chat) -> None:
    await chat.says(ADD, place="direct-ines")
    for said in ("/cast propose Marek", "/cast add Ada: a woman level:server"):
        card = await chat.says(said, member=INES, place="direct-ines")
        assert "Nothing is shared" in card.lines[0]
