"""The session panel's data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.people import Address
from bot.view import session_view
from tests.dialogue import INES, MODERATOR, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


async def view(chat: Chat) -> dict[str, Any]:
    address = Address("chat", "night-shoots", member=INES.id)
    studio = chat.studio
    found = await session_view(chat.store.work, studio.backends, studio.desk, INES, address)
    assert json.loads(json.dumps(found)) == found
    return found


async def test_before_the_first_shot_there_is_nothing_but_choices(chat: Chat) -> None:
    found = await view(chat)
    assert found["production"] is None
    assert found["storyboard"] == found["carried"] == []
    assert found["options"]["shapes"] == ["wide", "tall"]
    assert found["options"]["seconds"] == [4, 8, 12]
    assert found["options"]["backends"] == [
        {
            "name": "fake",
            "label": "fake",
            "free": False,
            "price_per_second": 10_000,
            "price": None,
            "shapes": ["wide", "tall"],
            "seconds": [4, 8, 12],
            "images": True,
        }
    ]
    assert "noir" in found["spine"]["presets"]


async def test_it_shows_what_is_in_hand(chat: Chat) -> None:
    await chat.says("/style set palette:teal, amber")
    card = await chat.says("A detective in a trench coat crosses a wet street at night.")
    found = await view(chat)

    assert found["production"]["shots"] == 1
    assert found["production"]["seconds"] == 4.0
    assert found["spine"]["text"] == "Palette anchors: teal, amber."
    assert found["spine"]["anchors"] == ["teal", "amber"]
    [panel] = found["storyboard"]
    assert (panel["slate"], panel["state"], panel["circled"]) == ("1A-1", "ready", False)
    assert panel["poster"]
    assert {chip["kind"] for chip in found["carried"]} >= {"subject", "time"}
    assert all(chip["action"] == f"drop:{card.take}:{chip['kind']}" for chip in found["carried"])


async def test_the_circled_take_stands_for_its_shot(chat: Chat) -> None:
    first = await chat.says("a fox")
    await chat.taps("Retake", first)
    assert [panel["slate"] for panel in (await view(chat))["storyboard"]] == ["1A-2"]
    await chat.taps("Circle", first)
    [panel] = (await view(chat))["storyboard"]
    assert (panel["slate"], panel["circled"]) == ("1A-1", True)


async def test_a_waiting_shot_is_shown_as_waiting(chat: Chat) -> None:
    chat.engine.frozen = True
    await chat.says("a fox")
    assert [panel["state"] for panel in (await view(chat))["storyboard"]] == ["waiting"]


async def test_it_shows_the_look_with_its_origins_and_the_cast_with_its_shots(chat: Chat) -> None:
    await chat.says("/style set level:server lens:35mm lens palette:teal, 酒红", member=MODERATOR)
    await chat.says("/style set mood:tense")
    await chat.says("/cast add Marek: a stooped man wardrobe:a brown coat")
    await chat.says("/cast add Ada: a lighthouse keeper level:server", member=MODERATOR)
    await chat.says("Marek waits.")
    found = await view(chat)

    fields = {each["name"]: each for each in found["spine"]["fields"]}
    assert (fields["lens"]["value"], fields["lens"]["own"], fields["lens"]["origin"]) == ("35mm lens", "", "server")
    assert fields["lens"]["origin_label"] == "Lens, from the server"
    assert (fields["mood"]["own"], fields["mood"]["origin"], fields["mood"]["origin_label"]) == ("tense", "own", "Mood")
    assert fields["grade"]["origin"] == ""
    assert found["spine"]["colours"] == ["#13807f", "#5e1325"]
    assert found["spine"]["preset_names"]["noir"] == "Film noir"
    marek, ada = found["cast"]
    assert (marek["name"], marek["level"], marek["shots"], marek["wardrobe"]) == (
        "Marek",
        "own",
        ["1A"],
        "a brown coat",
    )
    assert (ada["name"], ada["level"], ada["shots"], ada["locked"]) == ("Ada", "server", [], True)
    assert marek["consent"] == {"answer": "", "at": None, "asked": False}


async def test_the_sessions_card_shows_look_and_cast(chat: Chat) -> None:
    await chat.says("/style set level:server palette:teal", member=MODERATOR)
    await chat.says("/cast add Marek: a stooped man")
    await chat.says("Marek waits.")
    card = await chat.says("/session show")
    assert [(chip.words, chip.colour, chip.label) for chip in card.spine] == [
        ("teal", "#13807f", "Palette anchors, from the server")
    ]
    cast = [row for row in card.rows if row.action.startswith("cast:")]
    assert [(row.title, row.note) for row in cast] == [("Marek", "yours · in 1A")]


async def test_stages_are_offered_with_their_prices_where_there_is_more_than_one(chat: Chat) -> None:
    assert (await view(chat))["options"]["stages"] == []
    studio = chat.studio
    desk = replace(studio.desk, final="fake/pro")
    address = Address("chat", "night-shoots", member=INES.id)
    found = await session_view(chat.store.work, studio.backends, desk, INES, address)
    stages = {each["label"]: (each["name"], each["backend"]) for each in found["options"]["stages"]}
    assert stages == {"Animatic": ("animatic", "fake"), "Draft": ("draft", "fake"), "Final": ("final", "fake/pro")}
    assert [each["price_per_second"] for each in found["options"]["stages"]] == [10_000] * 3
    assert [each["name"] for each in found["options"]["backends"]] == ["fake"]
