"""How well shots match: measured once, said in plain words, and what is off filmed again by one tap."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.budget import Caps
from bot.cards import Card, Tone
from bot.checking import Asked
from bot.measures import Colour
from bot.people import Address
from bot.states import State
from bot.view import session_view
from tests.dialogue import INES, MAREK, Chat
from tests.fakes.cutting import PLAIN

STOPS = -0.7
K = 2 ** (STOPS / 3)
"""OKLab of a picture that is so much darker: light goes by its cube root."""


def darker(colour: Colour) -> Colour:
    light, a, b = colour
    return (light * K, a * K, b * K)


DARK = replace(
    PLAIN,
    exposure=PLAIN.exposure + STOPS,
    dark=darker(PLAIN.dark),
    mid=darker(PLAIN.mid),
    light=darker(PLAIN.light),
    contrast=PLAIN.contrast * K,
    spots=tuple((round(light * K), round(a * K), round(b * K), share) for light, a, b, share in PLAIN.spots),
)
"""The same place in less light."""


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def filmed(chat: Chat, count: int) -> list[Card]:
    return [await chat.says(f"/generate shot {number} seconds:4") for number in range(count)]


async def darkens(chat: Chat, card: Card) -> bytes:
    """From now on the take's clip is measured as dark."""
    take = await chat.take(card)
    assert take.clip is not None
    path = await chat.clips.path(take.clip.digest)
    assert path is not None
    chat.cutting.looks[path.read_bytes()] = DARK
    return path.read_bytes()


async def test_shots_that_hold_together_are_said_to(chat: Chat) -> None:
    await filmed(chat, 3)
    card = await chat.says("/check")
    assert (card.tone, card.title) == (Tone.PLAIN, "Continuity: First film")
    assert card.lines[0] == "All 3 shots hold together."
    assert "0.85" in card.lines[1]
    assert [(row.title, row.text, row.note) for row in card.rows] == [
        ("1A-1", "anchor", ""),
        ("1B-1", "matches 1.00", ""),
        ("1C-1", "matches 1.00", ""),
    ]
    assert card.buttons == ()


async def test_what_is_off_is_named_with_its_cause_and_its_price(chat: Chat) -> None:
    cards = await filmed(chat, 4)
    for each in cards[2:]:
        await darkens(chat, each)
    card = await chat.says("/check 1A")
    assert card.lines[0] == "2 of 4 shots are off."
    assert [row.text.partition(" ")[0] for row in card.rows] == ["anchor", "matches", "off", "off"]
    assert "dark" in card.rows[2].note
    assert [button.label for button in card.buttons] == [
        "Re-shoot 1C, 1D · $0.08",
        "Re-shoot 1C · $0.04",
        "Re-shoot 1D · $0.04",
    ]


async def test_a_strip_shows_them_all(chat: Chat) -> None:
    cards = await filmed(chat, 3)
    await darkens(chat, cards[1])
    await chat.taps("Circle", cards[0])
    await chat.taps("Circle", cards[1])
    await chat.taps("Circle", cards[2])
    chat.cutting.unmeasured = {await darkens(chat, cards[2])}
    card = await chat.says("/check")
    path = await chat.clips.path(card.picture)
    assert path is not None
    assert path.read_bytes() in chat.poster.shown.values()
    (strip,) = chat.drawing.strips
    assert [(shot.slate, shot.verdict, shot.word, shot.circled, shot.frames) for shot in strip.shots] == [
        ("1A-1", "anchor", "anchor", True, 96),
        ("1B-1", "off", "off", True, 96),
        ("1C-1", "", "", True, 96),
    ]
    assert "dark" in strip.shots[1].cause
    assert (strip.title, strip.ratio) == ("First film", 1280 / 720)


async def test_where_no_strip_can_be_drawn_the_words_go_alone(chat: Chat) -> None:
    await filmed(chat, 2)
    chat.drawing.broken = True
    card = await chat.says("/check")
    assert card.picture == ""
    assert card.lines[0] == "All 2 shots hold together."


async def test_one_tap_films_what_is_off_and_a_second_one_nothing(chat: Chat) -> None:
    cards = await filmed(chat, 4)
    for each in cards[2:]:
        await darkens(chat, each)
    card = await chat.says("/check 1A")
    before = len(chat.prompts)
    again = await chat.taps("Re-shoot 1C, 1D · $0.08", card)
    assert again.title == "1C-2"
    assert len(chat.prompts) == before + 2
    assert {shown[-1].title for shown in chat.poster.messages.values()} >= {"1C-2", "1D-2"}
    told = await chat.taps("Re-shoot 1C, 1D · $0.08", card)
    assert told.lines == ("What was off is being filmed again already.",)
    assert len(chat.prompts) == before + 2


async def test_only_what_was_not_filmed_again_since_is_filmed(chat: Chat) -> None:
    cards = await filmed(chat, 4)
    for each in cards[2:]:
        await darkens(chat, each)
    card = await chat.says("/check 1A")
    await chat.taps("Re-shoot 1D · $0.04", card)
    before = len(chat.prompts)
    await chat.taps("Re-shoot 1C, 1D · $0.08", card)
    assert len(chat.prompts) == before + 1


async def test_what_needs_a_yes_waits_for_it(tmp_path: Path) -> None:
    chat = Chat(tmp_path, caps=Caps(approve_above=50_000))
    cards = [await chat.says(f"/generate shot {number} seconds:8") for number in range(2)]
    for each in cards:
        await chat.taps("Film it · $0.08", each)
    await darkens(chat, cards[1])
    card = await chat.says("/check 1A")
    waiting = await chat.taps("Re-shoot 1B · $0.08", card)
    assert (await chat.job(waiting)).state is State.AWAITING_APPROVAL


async def test_only_its_own_member_films_again(chat: Chat) -> None:
    cards = await filmed(chat, 3)
    await darkens(chat, cards[2])
    card = await chat.says("/check 1A")
    told = await chat.taps("Re-shoot 1C · $0.04", card, member=MAREK)
    assert told.lines == ("That check is too old to go by; /check measures anew.",)


async def test_each_clip_is_measured_once(chat: Chat) -> None:
    await filmed(chat, 3)
    await chat.says("/check")
    await chat.says("/check")
    assert len(chat.cutting.measured) == len(set(chat.cutting.measured)) == 3
    await chat.says("/generate one more seconds:4")
    await chat.says("/check")
    assert len(chat.cutting.measured) == 4


async def test_a_clip_that_cannot_be_measured_is_left_out_and_named(chat: Chat) -> None:
    cards = await filmed(chat, 3)
    chat.cutting.unmeasured = {await darkens(chat, cards[1])}
    card = await chat.says("/check")
    assert card.lines[-1] == "The clip of 1B-1 could not be measured, so it is left out."
    assert [row.title for row in card.rows] == ["1A-1", "1C-1"]
    chat.cutting.unmeasured |= {await darkens(chat, cards[2])}
    chat.store.rows.measures.clear()
    assert (await chat.says("/check")).lines == ("Nothing could be measured; please try once more.",)


async def test_an_anchor_may_be_a_take_that_is_not_in_the_film(chat: Chat) -> None:
    first, second = await filmed(chat, 2)
    await chat.taps("Retake", first)
    card = await chat.says("/check 1A-1")
    assert [row.title for row in card.rows] == ["1A-1", "1B-1"]
    await chat.taps("Circle", second)
    card = await chat.says("/check 1A-2")
    assert [row.title for row in card.rows] == ["1A-2", "1B-1"]
    assert (await chat.says("/check 7Z")).tone is Tone.FAILED


def test_what_is_compared_survives_as_text() -> None:
    for asked in (Asked("", ("a", "b")), Asked("b", ("a", "b"))):
        assert Asked.read(asked.makes.partition(":")[2]) == asked


# ---------------------------------------------------------------- on the page


async def view(chat: Chat) -> dict[str, Any]:
    address = Address("chat", "night-shoots", member=INES.id)
    return await session_view(chat.store.work, chat.studio.backends, chat.studio.desk, INES, address)


async def test_looking_at_the_page_measures_nothing(chat: Chat) -> None:
    await filmed(chat, 3)
    found = await view(chat)
    assert found["match"] == {"line": 0.85, "measured": 0, "of": 3, "off": []}
    assert [panel["match"] for panel in found["storyboard"]] == [None] * 3
    assert chat.cutting.measured == []


async def test_a_scene_that_is_measured_in_part_is_not_judged(chat: Chat) -> None:
    await filmed(chat, 3)
    await chat.says("/check")
    await chat.says("/generate another seconds:4")
    assert (await view(chat))["match"]["measured"] == 0
    await chat.says("/generate a scene of its own seconds:4 scene:new")
    await chat.says("/check")
    assert (await view(chat))["match"]["measured"] == 5
    await chat.says("/generate one more there seconds:4")
    assert (await view(chat))["match"]["measured"] == 4


async def test_the_page_shows_what_a_check_has_found(chat: Chat) -> None:
    cards = await filmed(chat, 3)
    await darkens(chat, cards[2])
    await chat.says("/check")
    found = await view(chat)
    matches = [panel["match"] for panel in found["storyboard"]]
    assert [match["word"] for match in matches] == ["anchor", "matches", "off"]
    assert [match["off"] for match in matches] == [False, False, True]
    assert found["match"] == {"line": 0.85, "measured": 3, "of": 3, "off": ["1C"]}
    gauges = {gauge["name"]: gauge for gauge in matches[2]["gauges"]}
    assert gauges["exposure"]["difference"] < -gauges["exposure"]["band"] < 0
    assert (gauges["exposure"]["unit"], gauges["warmth"]["unit"]) == ("stops", "")
    assert "difference" not in gauges["palette"]
    assert matches[2]["cause"]


async def test_the_strip_follows_the_order_that_its_member_gives_it(chat: Chat) -> None:
    await filmed(chat, 3)
    assert await chat.says("/arrange 1C 1A") == Card()
    found = await view(chat)
    assert [panel["name"] for panel in found["storyboard"]] == ["1C", "1A", "1B"]
    assert all(panel["in_film"] for panel in found["storyboard"])
    assert (await chat.says("/arrange 1C 4B")).lines == ("4B has no finished take in this production.",)


async def test_the_page_plays_the_latest_film_with_its_chapters(chat: Chat) -> None:
    cards = await filmed(chat, 2)
    assert (await view(chat))["film"] is None
    assert (await view(chat))["film_actions"] == {"film": "film", "export": "export", "check": "check"}
    await chat.says("/film transition:dissolve")
    film = (await view(chat))["film"]
    assert (film["state"], film["seconds"], film["current"]) == ("ready", 7.5, True)
    assert [(each["name"], each["seconds"], each["ends"]) for each in film["chapters"]] == [
        ("1A", 0.0, 4.0),
        ("1B", 3.5, 7.5),
    ]
    assert film["actions"]["again"] == "film:dissolve"
    await chat.taps("Circle", cards[0])
    later = await view(chat)
    assert later["film"]["current"] is False
    assert [panel["in_film"] for panel in later["storyboard"]] == [True, False]
    assert "check" not in later["film_actions"]
