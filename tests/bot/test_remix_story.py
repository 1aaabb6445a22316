"""Remixes as members ask for them: what the card shows, what is sent, and where a take comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.brief import PartName
from bot.cards import Card, Tone
from bot.commands import Remix, build, from_action
from bot.errors import BadValue, Declined, EmptyWords
from bot.film import Shape
from bot.picks import Angle, Time, Weather
from bot.reading import read
from bot.text import explain
from tests.dialogue import INES, Chat

STREET = "A detective in a trench coat crosses a wet street at night, a red umbrella in hand.\nCamera: wide shot, slow dolly in"


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def shown(card: Card) -> list[tuple[str, str, str]]:
    return [(change.label, change.old, change.new) for change in card.changes]


async def test_the_card_shows_what_was_and_what_becomes_of_it(chat: Chat) -> None:
    await chat.says("/style set lens:85mm lens light:neon signs")
    first = await chat.says(STREET)
    card = await chat.taps("Remix", first, "teal umbrella instead of red, close-up, 35mm")

    assert shown(card) == [
        ("Umbrella", "red", "teal"),
        ("Framing", "wide shot", "close-up"),
        ("Lens", "85mm lens", "35mm"),
    ]
    assert "Everything else is kept." in card.lines
    brief = (await chat.take(card)).brief
    assert brief.part(PartName.SPINE) == "Cinematography: 35mm. Lighting: neon signs."
    assert brief.part(PartName.CAMERA) == "Camera: close-up, slow dolly in"
    assert brief.part(PartName.WORDS) == STREET.split("\n")[0], "the member's own sentences stay byte for byte"
    assert [chip.words for chip in card.spine] == ["35mm", "neon signs"]


async def test_words_that_name_no_field_are_sent_as_they_stand(chat: Chat) -> None:
    first = await chat.says(STREET)
    card = await chat.taps("Remix", first, "with more oomph, you know")

    assert shown(card) == [("Changed", "", "with more oomph, you know")]
    assert "Everything else is kept." not in card.lines
    assert chat.prompts[1] == f"{chat.prompts[0]}\nExactly as above, with this change: with more oomph, you know"


async def test_what_goes_because_of_it_is_shown_too(chat: Chat) -> None:
    await chat.says("/style set light:golden hour, soft light")
    first = await chat.says("A fox crosses a field.")
    card = await chat.taps("Remix", first, "at midnight")

    assert shown(card) == [("Time", "", "midnight"), ("Light", "golden hour", "")]
    assert chat.prompts[-1].startswith("Lighting: soft light.\n")


async def test_pick_lists_are_changes_too(chat: Chat) -> None:
    await chat.says(STREET)
    card = await chat.wants(Remix(angle=Angle.LOW, weather=Weather.SNOW, time=Time.DAWN))

    assert card.quote == "low angle, at dawn, snow"
    assert shown(card)[1:] == [("Time", "night", "dawn"), ("Weather", "", "snow")]
    typed = await chat.says("/remix closer weather:rain")
    assert typed.quote == "closer, rain"
    chinese = await chat.says("一只狐狸穿过雪地")
    assert (await chat.says(f"/remix take:{chinese.take} time:night")).quote == "夜晚"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("/remix", "no words yet"),
        ("/remix weather:frogs", "sun, rain, snow"),
        ("/remix angle:sideways closer", "close-up"),
    ],
)
def test_bad_input_gets_one_sentence(said: str, sentence: str) -> None:
    with pytest.raises(Declined) as declined:
        read(said)
    assert sentence in explain(declined.value, "en")


async def test_an_unknown_take_gets_one_sentence(chat: Chat) -> None:
    await chat.says(STREET)
    card = await chat.says("/remix closer take:7Q-1")
    assert (card.tone, len(card.lines)) == (Tone.FAILED, 1)
    assert "no take “7Q-1”" in card.lines[0]


def test_nothing_to_change_is_no_remix() -> None:
    with pytest.raises(EmptyWords):
        from_action("remix:abc")
    with pytest.raises(BadValue):
        build("remix", {"weather": "lava"})
    assert build("remix", {"weather": "Rain", "take": "1A"}) == Remix(weather=Weather.RAIN, take="1A")


async def test_seconds_and_shape_are_set_and_fitted_to_the_model(chat: Chat) -> None:
    first = await chat.says("/generate a fox seconds:4")
    card = await chat.taps("Remix", first, "make it 7 seconds, vertical")
    brief = (await chat.take(card)).brief

    assert (brief.seconds, brief.shape) == (8, Shape.TALL)
    assert any("8 s instead of 7 s" in line for line in card.lines)


async def test_the_backend_edits_the_clip_where_only_fields_changed(tmp_path: Path) -> None:
    chat = Chat(tmp_path)
    chat.backend.can = replace(chat.backend.can, remixes=True)
    await chat.says("/style set light:golden hour")
    first = await chat.says("/generate a fox seconds:4")
    second = await chat.taps("Remix", first, "at night")
    await chat.taps("Remix", second, "make it 8 seconds")

    orders = list(chat.backend.accepted.values())
    assert [(order.remix_of, order.change) for order in orders] == [(None, ""), ("fake-1", "at night"), (None, "")]


async def test_other_words_for_a_remix_start_from_what_it_was_made_of(chat: Chat) -> None:
    await chat.says("/style set light:golden hour")
    first = await chat.says("A fox crosses a field.")
    night = await chat.taps("Remix", first, "candlelight")
    again = await chat.taps("Retake", night)
    snow = await chat.says(f"/edit snow take:{again.take}")
    third = await chat.says(f"/edit at dawn take:{snow.take}")

    assert chat.prompts[1].startswith("Lighting: candlelight.")
    assert chat.prompts[3] == "Lighting: golden hour.\nA fox crosses a field.\nExactly as above, with this change: snow"
    assert (
        chat.prompts[4] == "Lighting: golden hour.\nA fox crosses a field.\nExactly as above, with this change: at dawn"
    )
    assert third.title == "1A-5"


async def test_a_lineage_has_a_beginning(chat: Chat) -> None:
    card = await chat.says("A fox crosses a field.")
    for change in ("at night", "snow", "close-up"):
        card = await chat.taps("Remix", card, change)
        card = await chat.taps("Retake", card)

    made_from = {take.id: take.made_from for take in chat.store.rows.takes.values()}
    for each in made_from:
        line = [each]
        while (above := made_from[line[-1]]) is not None:
            assert above not in line, "no take is its own ancestor"
            line.append(above)
    assert len(line) == 7
    assert len([row for row in (await chat.says(f"/shot {card.take}")).rows if row.title.startswith("Made from")]) == 6


async def test_a_lineage_that_was_broken_from_outside_is_told_and_remixed_all_the_same(chat: Chat) -> None:
    first = await chat.says("A fox crosses a field.")
    second = await chat.taps("Remix", first, "at night")
    takes = chat.store.rows.takes
    takes[first.take] = replace(takes[first.take], made_from=second.take)

    story = await chat.says(f"/shot {second.take}")
    assert len([row for row in story.rows if row.title.startswith("Made from")]) == 2
    assert (await chat.says(f"/edit at dawn take:{second.take}")).tone is Tone.READY


async def test_a_remix_is_the_same_whoever_asks_for_it(chat: Chat) -> None:
    first = await chat.says(STREET)
    by_reply = await chat.taps("Remix", first, "at dawn")
    typed = await chat.wants(Remix(change="at dawn", take=first.take), INES)
    assert (await chat.take(by_reply)).brief == (await chat.take(typed)).brief
