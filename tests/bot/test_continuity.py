"""Continuity: who, where, when and in what light is carried into the next shot, in the words first used; what happened never is."""

import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import compile_brief
from bot.continuity import KNOWN_MAX, Facts, Kind, carry, facts_from_dict, read, say, without
from bot.spine import Spine

HERE = Path(__file__).parent


@cache
def rows(file: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / file).read_text("utf-8"))[table]
    return found


CASES = rows("continuity_cases.toml", "case")
UNSEEN = rows("continuity_unseen.toml", "case")
STORIES = rows("continuity_stories.toml", "story")


def expected(case: dict[str, Any]) -> dict[str, str]:
    return {kind.value: case[kind.value] for kind in Kind if kind.value in case}


def found(words: str) -> dict[str, str]:
    return {kind.value: value for kind, value in read(words).items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["words"][:40])
def test_a_prompt_establishes_what_it_says_and_nothing_else(case: dict[str, Any]) -> None:
    assert found(case["words"]) == expected(case)


@pytest.mark.parametrize("case", [*CASES, *UNSEEN], ids=lambda case: case["words"][:40])
def test_no_action_gets_in(case: dict[str, Any]) -> None:
    said = " ".join(found(case["words"]).values()).lower()
    assert not [word for word in case.get("never", ()) if word.lower() in said]


def score(cases: list[dict[str, Any]]) -> tuple[float, float]:
    """Precision and recall over single kinds; a value is right only if it is exactly the labelled slice."""
    said = wanted = right = 0
    for case in cases:
        have, want = found(case["words"]), expected(case)
        said, wanted = said + len(have), wanted + len(want)
        right += len(have.items() & want.items())
    return right / said, right / wanted


def test_prompts_never_met_before_are_read_nearly_as_well() -> None:
    precision, recall = score(UNSEEN)
    assert precision >= 0.9
    assert recall >= 0.8


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_a_film_keeps_what_must_stay(story: dict[str, Any]) -> None:
    facts, kept = Facts(), []
    for shot in story["shot"]:
        carried = carry(facts, shot["words"])
        facts = carried.facts
        kept.append({kind.value: words for kind, words in carried.kept})
    assert kept == [shot.get("kept", {}) for shot in story["shot"]]


def briefs(*shots: str) -> Iterator[str]:
    facts = Facts()
    for words in shots:
        carried = carry(facts, words)
        facts = carried.facts
        yield compile_brief(words, spine=Spine(look="85mm lens, teal and amber"), kept=carried.kept).text


def test_the_detective_keeps_his_coat_and_smokes_only_once() -> None:
    _, second, third = briefs(*(shot["words"] for shot in STORIES[0]["shot"]))
    for brief in (second, third):
        assert "A detective in a trench coat; a wet street; night; heavy rain\n" in brief
        assert not any(word in brief for word in ("crosses", "lights", "cigarette"))
    assert "stops" not in third
    assert "letter" not in third


def test_what_is_said_reads_like_a_note_to_the_crew() -> None:
    facts = Facts(subject="a fox", place="a wet street", direction="left to right", sound="distant traffic")
    assert (
        say(carry(facts, "It sits.").kept)
        == "a fox; a wet street; screen direction left to right; sound of distant traffic"
    )
    assert say(()) == ""


def test_what_the_words_say_themselves_is_not_said_twice() -> None:
    last = read("A detective in a trench coat waits on a wet street at night")
    again = carry(last, "A detective in a trench coat runs along a wet street at night")
    assert again.kept == ()
    assert again.facts.subject == "A detective in a trench coat"


@pytest.mark.parametrize("words", ["Another detective arrives.", "A second detective, older, arrives."])
def test_another_one_is_not_the_same_one(words: str) -> None:
    last = read("A detective in a trench coat waits on a wet street")
    assert Kind.SUBJECT not in dict(carry(last, words).kept)


def test_a_chip_taken_away_is_gone() -> None:
    facts = read("A detective in a trench coat crosses a wet street at night")
    assert without(facts, Kind.TIME).time == ""
    assert without(facts, Kind.TIME).subject == facts.subject
    forgotten = without(facts, Kind.SUBJECT)
    assert carry(forgotten, "The detective sits down.").kept == ((Kind.PLACE, "a wet street"), (Kind.TIME, "night"))


def test_facts_survive_storage() -> None:
    facts = read("A detective in a trench coat crosses a wet street at night")
    assert facts_from_dict(facts.to_dict()) == facts


prompts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from([*(word for case in CASES for word in case["words"].split()), "\n", "—", ":", '"', "的"]),
        max_size=40,
    ).map(" ".join),
)


@given(prompts)
@settings(max_examples=300, deadline=None)
def test_every_value_is_a_slice_of_the_words(words: str) -> None:
    facts = read(words)
    assert all(value in words for _, value in facts.items())
    assert all(name in words for name in facts.known)


@given(st.lists(prompts, max_size=6))
@settings(max_examples=150, deadline=None)
def test_what_is_kept_was_once_said(shots: list[str]) -> None:
    facts = Facts()
    for at, words in enumerate(shots):
        carried = carry(facts, words)
        assert all(any(value in earlier for earlier in shots[:at]) for _, value in carried.kept)
        assert [kind for kind, _ in carried.kept] == [kind for kind in Kind if kind in dict(carried.kept)]
        assert carried == carry(facts, words)
        facts = carried.facts


@given(st.lists(st.sampled_from([case["words"] for case in CASES]), min_size=20, max_size=20))
@settings(max_examples=50, deadline=None)
def test_twenty_shots_say_no_more_than_one(shots: list[str]) -> None:
    facts, longest = Facts(), dict.fromkeys(Kind, 0)
    for words in shots:
        carried = carry(facts, words)
        for kind, value in carried.kept:
            assert len(value) <= longest[kind]
        own = read(words)
        longest = {kind: max(longest[kind], len(getattr(own, kind.value)), *map(len, own.known), 0) for kind in Kind}
        facts = carried.facts
        assert len(facts.known) <= KNOWN_MAX


@given(prompts)
@settings(max_examples=100, deadline=None)
def test_a_shot_that_only_points_back_changes_nothing(words: str) -> None:
    facts = read(words)
    again = carry(facts, "…").facts
    assert {**again.to_dict(), "known": ()} == {**facts.to_dict(), "known": ()}


@pytest.mark.parametrize("word", ["把", "和", "在", "穿着", "一个", "的", "红色", "with a ", "the ", "in a coat "])
def test_a_wall_of_one_word_is_read_in_no_time(word: str) -> None:
    begun = time.process_time()
    read(word * (4_000 // len(word)))
    assert time.process_time() - begun < 2.0
