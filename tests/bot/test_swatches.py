"""Colours by the names that people give them."""

import pytest

from bot.drawings import Swatch
from bot.swatches import named, nearest


@pytest.mark.parametrize(
    ("code", "english", "simplified"),
    [
        ("#13807f", "teal", "青"),
        ("#ffb02e", "amber", "琥珀"),
        ("#343a3e", "wet asphalt", "湿沥青"),
        ("#f4dd38", "yellow", "黄"),
    ],
)
def test_a_colour_has_the_name_of_the_nearest(code: str, english: str, simplified: str) -> None:
    assert nearest(code, "en-GB") == english
    assert nearest(code, "zh-CN") == simplified


def test_traditional_characters_where_they_are_read() -> None:
    assert nearest("#f4dd38", "zh-TW") == "黃"


def test_a_name_is_not_given_twice() -> None:
    found = named([Swatch("#13807f", 0.5), Swatch("#148180", 0.3), Swatch("#ffb02e", 0.2)], "en")
    assert [(each.hex, each.name) for each in found] == [("#13807f", "teal"), ("#148180", ""), ("#ffb02e", "amber")]
