"""A walk that walks: feet do not slide, they land when the sound says so, and knees and hips stay together."""

from itertools import pairwise

import numpy as np
import pytest

from adapters.video.animatic.figures import KINDS, footfalls, gaits, stride_speed
from adapters.video.animatic.figures.biped import Pose, pose
from adapters.video.animatic.figures.paws import paw, rhythm
from adapters.video.animatic.figures.rigs import rig
from tests.adapters.video.animatic.stage_figures import bottom, drawn, figure, solid

PACE = {"walk": gaits.WALK, "run": gaits.RUN}
STEPPERS = ("fox", "dog", "wolf", "cat", "horse", "deer", "bird", "ostrich", "bear", "rabbit", "dragon")


@pytest.mark.parametrize("gait", ["walk", "run"])
def test_a_standing_foot_stays_where_it_is_in_the_world(gait: str) -> None:
    beat = PACE[gait]
    times = np.linspace(0, beat.duty * beat.period, 40, endpoint=False)
    steps = [gaits.step(beat, t / beat.period) for t in times]
    assert all(step.planted for step in steps)
    soles = []
    for t, step in zip(times, steps, strict=True):
        turn = np.exp(1j * step.pitch)
        heel, ball = (step.ankle + (place - gaits.SOLE) * turn for place in (gaits.HEEL, gaits.BALL))
        lowest, rest = (heel, gaits.HEEL) if heel.imag > ball.imag else (ball, gaits.BALL)
        soles.append(lowest.real - rest.real + beat.speed * t)
        assert lowest.imag == pytest.approx(0, abs=0.004)
    assert max(soles) - min(soles) < 0.015


@pytest.mark.parametrize("kind", STEPPERS)
@pytest.mark.parametrize("gait", ["walk", "run"])
def test_a_standing_paw_stays_where_it_is_in_the_world(kind: str, gait: str) -> None:
    beat = rhythm(rig(kind).raw, gait)
    assert beat is not None
    places = []
    for t in np.linspace(0, beat.duty * beat.period, 30, endpoint=False):
        step = paw(beat, t / beat.period)
        assert step.at.imag == 0
        places.append(step.at.real + beat.speed * t)
    assert max(places) - min(places) < 0.015
    assert stride_speed(figure(kind, gait)) == beat.speed


def test_the_planted_shoe_is_seen_to_stand_still_while_the_body_goes_by() -> None:
    walker, height = figure("person", "walk", name="Mara"), 600.0
    speed = stride_speed(walker)
    columns = []
    for t in np.linspace(0.2, 0.34, 6) * gaits.WALK.period:
        image = drawn(walker, float(t), height_px=height)
        low = solid(image)[bottom(image) - 5 : bottom(image) - 2]
        front = np.nonzero(low.any(axis=0))[0].max()
        columns.append(front - image.foot[0] + speed * t * height)
    assert max(columns) - min(columns) < 0.015 * height


@pytest.mark.parametrize("gait", ["walk", "run"])
def test_legs_neither_stretch_nor_jump(gait: str) -> None:
    body, beat = rig("person"), PACE[gait]
    poses: list[Pose] = [pose(body, gait, t) for t in np.linspace(0, beat.period, 97)]
    for one in poses:
        for leg in (one.near, one.far):
            assert abs(leg.knee - leg.hip) == pytest.approx(body.lengths["thigh"], rel=0.02)
            assert abs(leg.ankle - leg.knee) == pytest.approx(body.lengths["shank"], rel=0.05)
            ahead = ((leg.knee - leg.hip) * (leg.ankle - leg.hip).conjugate()).imag
            assert ahead <= 1e-6, "the knee bends forwards"
    for before, after in pairwise(poses):
        assert abs(after.near.knee - before.near.knee) < 0.05
        assert abs(after.hip - before.hip) < 0.012
    assert abs(poses[0].near.ankle - poses[-1].near.ankle) < 1e-6


@pytest.mark.parametrize("kind", ["person", "child", "robot", "stand_in"])
@pytest.mark.parametrize("gait", ["walk", "run"])
def test_footfalls_are_heard_when_a_foot_lands(kind: str, gait: str) -> None:
    beat = PACE[gait]
    pace = 1.22 if kind == "child" else 1.0
    for at in footfalls(figure(kind, gait), 4.0):
        landing = [
            not gaits.step(beat, (at - 0.01) * pace / beat.period + side).planted
            and gaits.step(beat, (at + 0.01) * pace / beat.period + side).planted
            for side in (0.0, 0.5)
        ]
        assert landing.count(True) == 1 or at == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gait", ["still", "walk", "run", "sit", "fly"])
def test_footfalls_are_in_order_and_within_the_shot(kind: str, gait: str) -> None:
    times = footfalls(figure(kind, gait), 3.0)
    assert list(times) == sorted(set(times))
    assert all(0 <= time < 3.0 for time in times)
    assert not times or gait in {"walk", "run"}
    if kind in {*STEPPERS, "person", "child", "robot", "stand_in", "crowd"} and gait in {"walk", "run"}:
        assert 4 <= len(times) <= 40


def test_wheels_turn_with_the_ground() -> None:
    assert stride_speed(figure("car", "drive")) > stride_speed(figure("car", "walk")) > 0
    assert stride_speed(figure("car", "still")) == stride_speed(figure("bicycle", "still")) == 0
