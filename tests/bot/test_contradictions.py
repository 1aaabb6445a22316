"""What is pointed out as contradicted, measured against pairs of shots that were labelled by hand, and its few rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.continuity import Facts, Kind, carry, read
from bot.contradictions import Clash, contrary, find, slot

CASES = tomllib.loads((Path(__file__).parent / "contradiction_cases.toml").read_text("utf-8"))
PAIRS = CASES["pair"]


def kinds(pair: dict[str, list[str]]) -> set[str]:
    return {clash.kind.value for clash in find(read(str(pair["before"])), str(pair["after"]))}


def test_what_is_pointed_out_is_contradicted_and_little_is_missed() -> None:
    found = [(kinds(pair), set(pair["kinds"])) for pair in PAIRS]
    right = sum(len(mine & real) for mine, real in found)
    precision, recall = right / sum(len(mine) for mine, _ in found), right / sum(len(real) for _, real in found)

    assert len(PAIRS) >= 60
    assert precision >= 0.9, [pair["after"] for pair in PAIRS if kinds(pair) - set(pair["kinds"])]
    assert recall >= 0.85, [pair["after"] for pair in PAIRS if set(pair["kinds"]) - kinds(pair)]


def test_nor_is_it_wrong_about_pairs_that_it_was_not_made_for() -> None:
    found = [(kinds(pair), set(pair["kinds"])) for pair in CASES["unseen"]]
    right, said = sum(len(mine & real) for mine, real in found), sum(len(mine) for mine, _ in found)
    assert said >= 5
    assert right / said >= 0.9


def test_it_says_what_was_and_what_is_in_the_members_words() -> None:
    was = read("A detective in a trench coat crosses a wet street at night.")
    assert find(was, "He stops at noon.") == (Clash(Kind.TIME, "night", "noon"),)


def test_what_was_carried_over_two_shots_still_stands() -> None:
    facts = Facts()
    for words in ("A fox crosses a snowy forest at night.", "The fox drinks.", "It looks up."):
        facts = carry(facts, words).facts
    assert [clash.old for clash in find(facts, "The fox runs in bright sunlight.")] == ["night"]


def test_indoors_the_weather_is_out_of_sight() -> None:
    was = read("A dog barks in heavy rain in the street.")
    assert [clash.kind for clash in find(was, "The dog sleeps in bright sunlight.")] == [Kind.WEATHER]
    assert find(was, "The dog sleeps in a kitchen in bright sunlight.") == ()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("night", "golden hour", True),
        ("night", "dusk", False),
        ("dawn", "night", False),
        ("noon", "moonlight", True),
        ("heavy rain", "soft drizzle", False),
        ("heavy snow", "summer", True),
        ("neon signs", "night", False),
        ("low-key lighting", "high-key lighting", True),
        ("夜晚", "阳光", True),
        ("a wet street", "noon", False),
    ],
)
def test_what_cannot_both_be(one: str, other: str, both: bool) -> None:
    assert contrary(one, other) is contrary(other, one) is both


def test_some_clothes_are_worn_one_at_a_time() -> None:
    assert slot("trench coat") == slot("parka") == slot("风衣") != ""
    assert slot("scarf") == slot("earring") == ""


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_can_be_compared(before: str, after: str) -> None:
    find(read(before), after)
    assert find(Facts(), after) == ()
