"""Slates, shapes and ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownTake
from bot.film import Shape, Slate, new_id


@pytest.mark.parametrize(
    ("slate", "spoken"),
    [
        (Slate(2, 1, 3), "2B-3"),
        (Slate(1, 8, 1), "1J-1"),
        (Slate(1, 13, 1), "1P-1"),
        (Slate(1, 23, 1), "1Z-1"),
        (Slate(1, 24, 1), "1AA-1"),
        (Slate(12, 0), "12A"),
    ],
)
def test_slates_skip_the_letters_that_read_as_numbers(slate: Slate, spoken: str) -> None:
    assert str(slate) == spoken
    assert Slate.read(spoken) == slate


@given(st.integers(1, 9999), st.integers(0, 24 * 25 - 1), st.integers(0, 9999))
def test_every_slate_is_read_as_it_is_spoken(scene: int, shot: int, take: int) -> None:
    slate = Slate(scene, shot, take)
    assert Slate.read(f" {str(slate).lower()} ") == slate


@pytest.mark.parametrize("text", ["", "B-3", "2I-1", "2", "2B-", "２Ｂ", "2B-3; DROP TABLE"])
def test_what_is_no_slate_is_an_unknown_take(text: str) -> None:
    with pytest.raises(UnknownTake):
        Slate.read(text)


def test_ids_are_short_ordered_and_apart() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {len(each) for each in ids} == {16}
    assert ids[0][:8] <= ids[-1][:8]


def test_shapes_have_their_ratios() -> None:
    assert {shape.value: shape.label for shape in Shape} == {
        "wide": "16:9",
        "tall": "9:16",
        "square": "1:1",
        "portrait": "4:5",
    }
