"""What a reply asks to change, and what it was: every case of the collection, and how the source's own words are found."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asked import asked_for
from bot.brief import Brief, compile_brief
from bot.changes import apart, first_alone, read
from bot.continuity import Kind
from bot.film import Shape
from bot.picks import Angle, Light, Pick, Time, Weather, joined, said
from bot.remixing import remixed
from bot.spine import Spine

CASES = tomllib.loads((Path(__file__).parent / "change_cases.toml").read_text("utf-8"))["case"]
PICKS = [pick for kind in (Angle, Light, Weather, Time) for pick in kind]


def asks(words: str) -> list[str]:
    """As the collection writes them."""
    return [
        f"{each.field.value}{f'({each.thing})' if each.tinted else ''}:{f' {each.old}' if each.old else ''} -> {each.new}"
        + (" +" if each.adds else "")
        for each in asked_for(words)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["words"])
def test_every_case(case: dict[str, Any]) -> None:
    assert asks(case["words"]) == case["asks"]


@given(st.text(max_size=300))
def test_any_words_can_be_read(words: str) -> None:
    for each in asked_for(words):
        assert each.new or each.old
        assert not each.tinted or each.thing


def detective() -> Brief:
    """A frozen brief with something in every kind of part."""
    return compile_brief(
        "He stops under a street lamp, a red umbrella in his hand.\nCamera: wide shot, slow dolly in\nSound: rain on nylon",
        spine=Spine(lens="anamorphic 2.0x lens, handheld", light="cool blue", palette="teal, amber", mood="tense"),
        kept=(
            (Kind.SUBJECT, "A detective in a trench coat"),
            (Kind.PLACE, "a wet street"),
            (Kind.TIME, "night"),
            (Kind.WEATHER, "heavy rain"),
        ),
        seconds=4,
        shape=Shape.WIDE,
    )


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("switch to 85mm", "anamorphic 2.0x lens", "85mm"),
        ("close-up", "wide shot", "close-up"),
        ("static camera", "slow dolly in", "static camera"),
        ("at dawn", "night", "dawn"),
        ("snow", "heavy rain", "snow"),
        ("in a bar", "a wet street", "a bar"),
        ("a leather jacket", "a trench coat", "a leather jacket"),
        ("a teal umbrella", "red", "teal"),
        ("the umbrella should be black", "red", "black"),
        ("candlelight", "cool blue", "candlelight"),
        ("palette: rust and cream", "teal, amber", "rust and cream"),
        ("Sound: wind", "rain on nylon", "wind"),
        ("8 seconds", "4 s", "8 seconds"),
        ("9:16", "16:9", "9:16"),
        ("no rain", "heavy rain", ""),
        ("more rain", "", "more rain"),
        ("a red scarf", "", "a red scarf"),
        ("he runs", "", "he runs"),
    ],
)
def test_what_it_was_is_found_in_the_source(words: str, old: str, new: str) -> None:
    (change,) = read(words, detective())
    assert (change.old, change.new) == (old, new)


def test_the_last_change_holds() -> None:
    (change,) = read("at noon", remixed(detective(), "at dawn"))
    assert (change.old, change.new) == ("dawn", "noon")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("at night, in the snow", "at night"),
        ("make it winter and give him a red scarf", "make it winter"),
        ("low angle, 24mm, and rain", "low angle, 24mm"),
        ("换成夜里，下雨，仰拍", "换成夜里"),
        ("wide shot from a low angle", ""),
        ("foggy morning", ""),
        ("she smiles, at night", "she smiles"),
        ("night, moonlight", ""),
        ("teal umbrella instead of red", ""),
        ("she turns around and smiles", ""),
        ("nothing that anybody could name", ""),
    ],
)
def test_two_changes_can_be_made_one_by_one(words: str, first: str) -> None:
    assert first_alone(words) == first
    assert not first or all(each in words for each in first.split(", "))
    assert len(apart(asked_for(first))) == bool(first)


@pytest.mark.parametrize("like", ["a fox", "一只狐狸", "一隻狐狸穿過雪地"])
@pytest.mark.parametrize("pick", PICKS)
def test_every_pick_names_one_field(pick: Pick, like: str) -> None:
    (change,) = asked_for(said(pick, like))
    sort = {Angle: {"framing", "angle"}, Light: {"light"}, Weather: {"weather"}, Time: {"time", "season"}}[type(pick)]
    assert change.field.value in sort
    assert not change.adds


def test_picks_join_the_words_in_their_language() -> None:
    assert joined("closer", (None, Time.NIGHT), "一只狐狸") == "closer, at night"
    assert joined(None, (Angle.LOW, Weather.SNOW), "一只狐狸") == "低角度仰拍，下雪"
    assert joined(None, (Time.WINTER,), "a fox") == "in winter"
