"""Which shots belong together: another framing does, another grade does not, and what is said of it is what was done."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.cut import Piece
from bot.matching import GRADING, LINE, PARTS, SAME, Verdict, checked, match, scene_checked
from bot.measures import Measures, Spot
from bot.regrade import Difference, graded_back
from bot.text import say

EXPOSURE, WARMTH, SATURATION = 0.5, 0.025, 0.25
"""The mildest step of each that a person notices where one shot follows another."""
QUIET = (-20.0,) * 12
WALLS: Sequence[tuple[float, float, float]] = [
    (0.2 + 0.6 * step / 60, 0.06 * math.sin(step / 4), 0.09 * math.cos(step / 7)) for step in range(60)
]
"""Colours of a room, from its shadows to its window."""
MEADOW = [(0.35 + 0.5 * step / 40, -0.09 + 0.02 * math.sin(step), 0.07 + 0.03 * math.cos(step)) for step in range(40)]


def shot(of: Sequence[tuple[float, float, float]], seed: int, **more: object) -> Measures:
    """A framing of that place: every colour of it, but for a few, in other shares, and somebody's coat."""
    chance = random.Random(seed)
    coat = (chance.uniform(0.3, 0.6), chance.uniform(-0.15, 0.15), chance.uniform(-0.15, 0.15))
    seen = [each for each in of if chance.random() > 0.15] + [coat]
    shares = [chance.uniform(0.2, 3) for _ in seen]
    spots: list[Spot] = [
        (round(1000 * light), round(1000 * a), round(1000 * b), max(1, round(9000 * share / sum(shares))))
        for (light, a, b), share in zip(seen, shares, strict=True)
    ]
    middle = (0.5, 0.0, 0.0)
    plain = Measures(
        tuple(spots), middle, middle, middle, -3.0, 0.5, 0.06, 0.01, 1.0, 0.8, 2.0, -20.0, QUIET,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def graded(of: Measures, stops: float = 0.0, warmth: float = 0.0, richer: float = 0.0) -> Measures:
    return replace(of, spots=graded_back(of.spots, Difference(-stops, -warmth, -math.log(1 + richer), 1.0, 1.0)))


def room(count: int = 5) -> list[Measures]:
    return [shot(WALLS, seed) for seed in range(count)]


def flagged(shots: Sequence[Measures], anchor: int | None = None) -> list[int]:
    return [at for at, found in enumerate(scene_checked(shots, anchor)) if found.score < LINE]


def test_a_shot_matches_itself_in_every_part() -> None:
    found = match(shot(WALLS, 1), shot(WALLS, 1))
    assert (found.score, found.verdict, found.cause) == (1.0, Verdict.MATCHES, None)
    assert dict(found.parts) == dict.fromkeys(PARTS, 1.0)


def test_another_framing_of_the_same_place_raises_no_alarm() -> None:
    shots = room(8)
    assert flagged(shots) == []
    assert all(match(shots[0], each).verdict is Verdict.MATCHES for each in shots)


@pytest.mark.parametrize(
    ("grade", "cause"),
    [
        ({"stops": EXPOSURE}, "brighter"),
        ({"stops": -EXPOSURE}, "darker"),
        ({"warmth": WARMTH}, "warmer"),
        ({"warmth": -WARMTH}, "cooler"),
        ({"richer": SATURATION}, "richer"),
        ({"richer": -SATURATION}, "paler"),
    ],
)
def test_the_one_shot_that_was_regraded_is_flagged_and_only_that_one(grade: dict[str, float], cause: str) -> None:
    for place in (1, 3):
        shots = room()
        shots[place] = graded(shots[place], **grade)
        found = scene_checked(shots, 0)
        assert [at for at, each in enumerate(found) if each.score < LINE] == [place]
        assert found[place].cause == f"check.cause.{cause}"
        assert say(f"check.cause.{cause}", "zh-Hans") != say(f"check.cause.{cause}", "en")


def test_where_nobody_named_an_anchor_the_first_shot_may_be_the_odd_one() -> None:
    shots = room()
    shots[0] = graded(shots[0], stops=-EXPOSURE)
    assert flagged(shots) == [0]
    assert flagged(shots, anchor=0) == [1, 2, 3, 4], "held to the odd one, all the others are off"


def test_another_place_is_off_because_of_its_colours() -> None:
    found = match(shot(WALLS, 1), shot(MEADOW, 2))
    assert (found.verdict, found.cause) == (Verdict.OFF, "check.cause.colours")
    assert found.parts["palette"] < 0.6


def test_a_shot_from_elsewhere_is_no_witness() -> None:
    shots = [*room(2), *(shot(MEADOW, seed) for seed in range(3)), *room(4)[2:]]
    assert flagged(shots, 0) == [2, 3, 4]
    shots[6] = graded(shots[6], warmth=WARMTH)
    assert flagged(shots, 0) == [2, 3, 4, 6]


def test_what_rightly_differs_lowers_a_score_but_never_below_the_line() -> None:
    plain = shot(WALLS, 1)
    other = replace(plain, grain=9.0, sharpness=0.0, motion=30.0, contrast=0.1, loudness=None, spectrum=None)
    found = match(plain, other)
    assert found.verdict is Verdict.MATCHES
    assert LINE <= found.score < 0.97
    assert all(found.parts[part] < 0.6 for part in PARTS if part not in GRADING)


def test_two_silent_shots_sound_the_same_and_a_louder_one_is_told() -> None:
    silent = shot(WALLS, 1, loudness=None, spectrum=None)
    assert match(silent, silent).parts["sound"] == 1.0
    louder = match(shot(WALLS, 1), shot(WALLS, 1, loudness=-12.0)).gauge("sound")
    assert louder.difference == pytest.approx(8.0)


def test_a_gauge_says_which_way_and_how_far_against_what_is_forgiven() -> None:
    shots = room()
    shots[2] = graded(shots[2], stops=1.0)
    gauge = scene_checked(shots, 0)[2].gauge("exposure")
    assert gauge.difference == pytest.approx(1.0, abs=0.25)
    assert 0.1 < gauge.band < 0.5
    assert gauge.bands == pytest.approx(gauge.difference / gauge.band)


def test_each_scene_is_held_to_its_own_anchor() -> None:
    shots = [*room(4), *(shot(MEADOW, seed) for seed in range(4))]
    shots[6] = graded(shots[6], warmth=WARMTH)
    pieces = [(Piece("", f"{at}", 1 + at // 4, "", "", 24, 16, 9), each) for at, each in enumerate(shots)]
    for anchor in (0, None):
        found = checked(pieces, anchor)
        assert [at for at, each in enumerate(found) if each.score < LINE] == [6]


def test_two_shots_one_shot_and_no_shot() -> None:
    first, other = room(2)
    assert [each.score for each in scene_checked([first])] == [1.0]
    assert scene_checked([first, graded(other, stops=-1.5)])[1].cause == "check.cause.darker"
    assert checked([]) == ()
    assert scene_checked([first, other])[0] == SAME


def test_a_black_clip_has_no_colours_and_is_off_not_a_fault() -> None:
    black = shot(WALLS, 1, spots=())
    assert match(shot(WALLS, 1), black).verdict is Verdict.OFF
    assert len(scene_checked([black, *room(3)])) == 4


def test_measures_survive_being_written_down() -> None:
    for each in (shot(WALLS, 3), shot(WALLS, 3, loudness=None, spectrum=None)):
        assert Measures.from_dict(json.loads(json.dumps(each.to_dict()))) == each
