"""Names of colours, in English and Chinese."""

from __future__ import annotations

import re

import pytest

from bot.cards import Card, Chip, card_from_dict
from bot.palette import colour, colours, rgb
from bot.spine import presets


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("teal", "#13807f"),
        ("Wet asphalt", "#343a3e"),
        (" wet-asphalt. ", "#343a3e"),
        ("酒红", "#5e1325"),
        ("酒紅", "#5e1325"),
        ("琥珀", "#ffb02e"),
        ("ambers", "#ffb02e"),
        ("#1A2B3C", "#1a2b3c"),
        ("rusty brown", "#6b4226"),
        ("blue-grey", "#6b7c8c"),
        ("a bright idea", ""),
        ("silver birch", ""),
        ("随便", ""),
        ("", ""),
    ],
)
def test_a_colour_by_its_name(name: str, found: str) -> None:
    assert colour(name) == found
    assert (rgb(name) is None) == (not found)


@pytest.mark.parametrize(
    ("shade", "of"), [("pale teal", "teal"), ("dark teal", "teal"), ("浅琥珀", "琥珀"), ("深酒红", "酒红")]
)
def test_a_shade_is_another_colour(shade: str, of: str) -> None:
    assert rgb(shade) not in (None, rgb(of))


def test_light_is_lighter_and_dark_is_darker() -> None:
    dark, plain, pale = (sum(rgb(name) or (0, 0, 0)) for name in ("dark teal", "teal", "pale teal"))
    assert dark < plain < pale


def test_the_table_is_some_hundred_names_each_in_both_languages() -> None:
    assert len(colours()) > 300
    assert sum(not name.isascii() for name in colours()) > 100
    assert all(re.fullmatch("#[0-9a-f]{6}", colour(name)) for name in colours())


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_anchor_of_a_preset_can_be_drawn(name: str) -> None:
    assert all(colour(anchor) for anchor in presets()[name].anchors())


def test_a_card_stored_before_chips_had_colours_is_still_read() -> None:
    chip = Chip("palette", "teal", "Palette anchors", colour="#13807f")
    assert card_from_dict(Card(spine=(chip,)).to_dict()).spine == (chip,)
    old = {"spine": [{"kind": "palette", "words": "teal", "label": "", "action": ""}]}
    assert card_from_dict(old).spine == (Chip("palette", "teal"),)
