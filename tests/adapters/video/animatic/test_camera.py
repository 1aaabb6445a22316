"""The camera: moves move, figures stay whole and on the ground, a take that extends another goes on where it ended."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from adapters.video.animatic.blocking import cast_of, subject_of
from adapters.video.animatic.burn_in import bars_of
from adapters.video.animatic.camera import Camera
from adapters.video.animatic.figures import stride_speed
from adapters.video.animatic.light import light_of
from adapters.video.animatic.moves import progress
from adapters.video.animatic.spec import FPS, FRAMINGS, MOVES, Figure, ShotSpec
from adapters.video.animatic.troupe import Troupe
from tests.adapters.video.animatic.shots import FOX, SHAPES, SMALL, WAITING, WALKER


def troupe(spec: ShotSpec) -> Troupe:
    """The figures of a shot, as the picture would have them."""
    top, bottom = bars_of(spec.width, spec.height)
    size = (spec.width, spec.height - top - bottom)
    actors = cast_of(spec, Camera(spec, *size))
    return Troupe(spec, Camera(spec, *size, subject_of(actors, Camera(spec, *size))), light_of(spec), actors)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("framing", ["extreme_wide", "wide", "full"])
def test_heads_and_feet_stay_in_the_picture_throughout_every_move(framing: str, move: str) -> None:
    for shape, figure in (("wide", WALKER), ("tall", WAITING), ("wide", FOX)):
        width, height = SHAPES[shape]
        spec = replace(SMALL, width=width, height=height, framing=framing, move=move, seconds=4.0, figures=(figure,))
        cast = troupe(spec)
        for frame in range(0, spec.frames, 19):
            for left, top, right, bottom in cast.boxes(frame):
                assert top >= 0, (shape, figure.kind, frame)
                assert bottom <= cast.camera.height, (shape, figure.kind, frame)
                assert right > 0.2 * width, (shape, figure.kind, frame)
                assert left < 0.8 * width, (shape, figure.kind, frame)


@pytest.mark.parametrize("framing", ["wide", "full"])
def test_feet_stand_on_the_ground_that_the_place_is_built_on(framing: str) -> None:
    cast = troupe(replace(SMALL, framing=framing, figures=(WAITING,), width=640, height=360))
    (_, _, _, bottom), pose = cast.boxes(0)[0], cast.camera.pose(0)
    assert bottom == pytest.approx(cast.camera.down(pose, 1.0, cast.camera.foot), abs=4)


def test_two_figures_stand_apart_on_the_same_ground() -> None:
    cast = troupe(replace(SMALL, arrangement="two", figures=(WAITING, WALKER), width=640, height=360))
    (left, _, right, one), (other_left, _, _, other) = sorted(cast.boxes(0))
    assert left < right < other_left
    assert one == pytest.approx(other, abs=5)


def test_over_the_shoulder_one_is_seen_from_behind_and_larger() -> None:
    far, near = troupe(replace(SMALL, arrangement="over_shoulder", framing="medium", figures=(WAITING, WALKER))).actors
    assert (far.back, near.back) == (False, True)
    assert near.height > far.height
    assert far.facing == -near.facing
    assert abs(near.x) > abs(far.x)


def test_the_camera_tracks_at_the_pace_of_the_stride_so_that_feet_do_not_slide() -> None:
    cast = troupe(replace(SMALL, move="track_right", seconds=4.0))
    (actor,) = cast.actors
    assert actor.speed == pytest.approx(stride_speed(WALKER) * actor.height)
    travelled = cast.camera.pose(2 * FPS).x - cast.camera.pose(FPS).x
    assert travelled == pytest.approx(actor.speed, rel=0.02)


def test_a_figure_walks_the_way_the_camera_tracks() -> None:
    (actor,) = troupe(replace(SMALL, move="track_left")).actors
    assert (actor.facing, actor.speed < 0) == (-1, True)


@pytest.mark.parametrize("move", MOVES)
def test_an_extended_take_goes_on_from_the_last_frame(move: str) -> None:
    first = replace(SMALL, move=move, seconds=3.0)
    whole, later = troupe(replace(first, seconds=6.0)).camera, troupe(replace(first, starts_at=3.0)).camera
    for frame in (0, 10, 40):
        assert later.pose(frame) == whole.pose(72 + frame)


def test_a_move_never_goes_back() -> None:
    steps = [progress(second / 4) for second in range(80)]
    assert all(later > earlier for earlier, later in pairwise(steps))
    assert steps[0] == 0
    assert steps[-1] < 1.1


@pytest.mark.parametrize("move", [move for move in MOVES if move not in ("static", "handheld")])
def test_moves_are_smooth(move: str) -> None:
    camera = troupe(replace(SMALL, move=move, seconds=4.0)).camera
    places = [camera.across(camera.pose(frame), 8.0, 0.0) for frame in range(96)]
    speeds = [later - earlier for earlier, later in pairwise(places)]
    jolts = [abs(later - earlier) for earlier, later in pairwise(speeds)]
    assert max(jolts) < (12 if move == "whip" else 1.0)


def test_a_longer_lens_brings_the_background_nearer_and_leaves_the_subject() -> None:
    wide, long = (Camera(replace(SMALL, lens=lens), 256, 120) for lens in (28, 85))
    assert long.spread(20) > 1.4 * wide.spread(20)
    assert long.spread(1) == wide.spread(1) == 1


def test_wider_apertures_blur_more_and_the_subject_never() -> None:
    shallow, deep = (
        Camera(replace(SMALL, aperture=stop, framing="medium", lens=50), 1280, 620) for stop in (2.0, 11.0)
    )
    assert shallow.blur(12) > 2 * deep.blur(12)
    assert shallow.blur(1) == 0


@pytest.mark.parametrize("framing", FRAMINGS)
def test_closer_framings_show_the_figure_larger(framing: str) -> None:
    order = [name for name in FRAMINGS if name != "insert"]
    if framing not in order[1:]:
        return
    before = order[order.index(framing) - 1]
    near, far = (Camera(replace(SMALL, framing=name), 256, 120) for name in (framing, before))
    assert near.figure_height > far.figure_height


def test_nobody_is_nobody() -> None:
    assert troupe(replace(SMALL, arrangement="none")).actors == ()
    assert troupe(replace(SMALL, figures=())).actors == ()
    assert troupe(replace(SMALL, figures=(Figure("car", "car", gait="drive"),))).actors


@pytest.mark.parametrize("framing", ["extreme_wide", "wide", "full"])
def test_a_cat_stays_a_cat_beside_a_skater(framing: str) -> None:
    pair = (Figure("person", "skater"), Figure("cat", "cat"))
    spec = replace(SMALL, framing=framing, arrangement="two", figures=pair)
    skater, cat = cast_of(spec, Camera(spec, 256, 120))
    assert 0.1 * skater.height < cat.height < 0.4 * skater.height
