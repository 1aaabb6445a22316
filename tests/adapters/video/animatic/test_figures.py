"""Figures stand on the ground, are as tall as asked, and are the same for the same words, seeds and threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from adapters.video.animatic.figures import KINDS, altitude, natural_height, stride_speed
from tests.adapters.video.animatic.stage_figures import (
    GAITS,
    STANDING,
    bottom,
    bytes_of,
    drawn,
    figure,
    solid,
    top,
)  # fmt: skip

MOMENTS = (0.0, 0.17, 0.34, 0.51, 0.68, 0.85)
GROUNDED = ("person", "child", "fox", "dog", "wolf", "cat", "horse", "deer", "bird", "ostrich", "bear", "rabbit", "dragon",
            "robot", "car", "train", "boat", "bicycle", "crowd", "stand_in")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gait", GAITS)
@pytest.mark.parametrize("facing", [1, -1])
def test_everybody_can_be_seen_in_every_gait_looking_either_way(kind: str, gait: str, facing: int) -> None:
    images = [drawn(figure(kind, gait), t, facing=facing, height_px=90) for t in MOMENTS[:3]]
    for image in images:
        assert image.y.shape == image.cb.shape == image.cr.shape == image.alpha.shape
        assert {image.y.dtype, image.alpha.dtype} == {np.dtype(np.uint8)}
        assert solid(image).sum() > 200
        assert 0 <= image.foot[0] < image.alpha.shape[1]


@pytest.mark.parametrize("kind", GROUNDED)
@pytest.mark.parametrize("gait", STANDING)
def test_the_foot_point_is_where_the_figure_touches_the_ground(kind: str, gait: str) -> None:
    gaps = [image.foot[1] - bottom(image) for image in (drawn(figure(kind, gait), t) for t in MOMENTS)]
    leaps = gait == "run" or kind in {"rabbit", "crowd"}
    assert min(abs(gap) for gap in gaps) <= 2
    assert all(-2.5 <= gap <= (40 if leaps else 2.5) for gap in gaps), gaps


@pytest.mark.parametrize("kind", ["person", "child", "robot", "stand_in"])
@pytest.mark.parametrize("height", [60, 120, 300, 900])
def test_standing_people_are_as_tall_as_asked(kind: str, height: int) -> None:
    image = drawn(figure(kind, "still"), 0.4, height_px=height)
    assert image.foot[1] - top(image) == pytest.approx(height, rel=0.12)


@pytest.mark.parametrize("kind", KINDS)
def test_looking_left_is_the_mirror_image_of_looking_right(kind: str) -> None:
    right, left = drawn(figure(kind, "walk"), 0.3), drawn(figure(kind, "walk"), 0.3, facing=-1)
    if kind == "stand_in":
        assert solid(right).sum() == pytest.approx(solid(left).sum(), rel=0.02)
        return
    width = min(right.alpha.shape[1], left.alpha.shape[1]) - 4
    mirrored = right.alpha[:, ::-1].astype(int)
    offset = round((right.alpha.shape[1] - right.foot[0]) - left.foot[0])
    a, b = mirrored[:, max(0, offset) :][:, :width], left.alpha[:, max(0, -offset) :][:, :width].astype(int)
    height = min(len(a), len(b))
    assert np.abs(a[:height] - b[:height, : a.shape[1]]).mean() < 12


def test_the_same_name_looks_the_same_and_another_name_different() -> None:
    mara, again, sol = figure(name="Mara"), figure(name="Mara"), figure(name="Sol")
    assert bytes_of(drawn(mara, 0.5)) == bytes_of(drawn(again, 0.5))
    assert bytes_of(drawn(mara, 0.5)) != bytes_of(drawn(sol, 0.5))
    assert bytes_of(drawn(mara, 0.5)) != bytes_of(drawn(mara, 0.5, seed=6))


@pytest.mark.parametrize("kind", ["fox", "dog", "horse", "dragon", "car", "fish", "robot", "child"])
def test_two_of_a_kind_can_be_told_apart(kind: str) -> None:
    looks = {bytes_of(drawn(figure(kind, name=name), 0.5)) for name in ("Ash", "Bo", "Cleo", "Dot", "Eve")}
    assert len(looks) >= 4


def test_a_character_keeps_hair_and_clothes_from_one_gait_to_the_next() -> None:
    def hues(gait: str) -> set[tuple[int, int]]:
        image = drawn(figure(gait=gait, name="Mara"), 0.2)
        seen = np.stack([image.cb[solid(image)] // 8, image.cr[solid(image)] // 8], 1)
        values, counts = np.unique(seen, axis=0, return_counts=True)
        return {(int(cb), int(cr)) for (cb, cr), count in zip(values, counts, strict=True) if count > 150}

    assert hues("walk") & hues("still")
    assert len(hues("walk") ^ hues("still")) <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_sprite_comes_from_any_thread(kind: str) -> None:
    def at(t: float) -> bytes:
        return bytes_of(drawn(figure(kind, "walk"), t, height_px=80))

    alone = [at(t) for t in MOMENTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(at, MOMENTS * 3)) == alone * 3


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_is_alive(kind: str) -> None:
    assert len({bytes_of(drawn(figure(kind, "walk"), t)) for t in MOMENTS}) == len(MOMENTS)
    assert len({bytes_of(drawn(figure("person", "still"), t)) for t in (0.0, 0.9, 1.8)}) == 3


@pytest.mark.parametrize("kind", ["person", "child", "robot", "stand_in"])
def test_a_bust_has_the_scale_and_the_ground_of_the_whole_figure(kind: str) -> None:
    whole, bust = drawn(figure(kind), 0.4, height_px=600), drawn(figure(kind), 0.4, height_px=600, bust=True)
    assert bust.foot[1] - top(bust) == pytest.approx(whole.foot[1] - top(whole), rel=0.06)
    assert bust.foot[1] - bottom(bust) > 250


def test_from_behind_there_is_no_face_but_the_same_clothes() -> None:
    front, back = (
        drawn(figure(name="Mara"), 0.4, height_px=600),
        drawn(figure(name="Mara"), 0.4, height_px=600, back=True),
    )
    assert bytes_of(front) != bytes_of(back)
    across = np.nonzero(solid(back).any(axis=0))[0]
    assert abs((across.min() + across.max()) / 2 - back.foot[0]) < 40


def test_what_is_below_the_cut_is_not_drawn() -> None:
    image = drawn(figure(), 0.4, cut=0.6)
    assert image.foot[1] - bottom(image) == pytest.approx(0.6 * 200, abs=2)


def test_a_group_is_wider_than_one_and_every_member_differs() -> None:
    one, three = drawn(figure(), 0.4), drawn(figure(count=3), 0.4)
    assert three.alpha.shape[1] > 2.2 * one.alpha.shape[1]
    assert drawn(figure("crowd"), 0.4).alpha.shape[1] > 4 * one.alpha.shape[1]


@pytest.mark.parametrize(
    "label", ["鸵鸟", "octopus", "Щелкунчик", "an unreasonably long name of a thing nobody has seen"]
)
def test_a_stand_in_bears_its_word_and_never_mirrored(label: str) -> None:
    from dataclasses import replace

    one = replace(figure("stand_in"), label=label)
    right, left = drawn(one, 0.4, height_px=400), drawn(one, 0.4, height_px=400, facing=-1)
    assert bytes_of(right) != bytes_of(drawn(replace(one, label="zzz"), 0.4, height_px=400))
    ink = [np.nonzero((image.y < 70) & solid(image))[1] - image.foot[0] for image in (right, left)]
    assert all(len(columns) > 60 for columns in ink)


def test_who_drives_is_seen_in_a_car_and_close_up_as_a_person() -> None:
    image = drawn(figure("person", "drive", name="Mara"), 0.3)
    assert image.alpha.shape[1] > 2.5 * image.alpha.shape[0]
    assert stride_speed(figure("person", "drive")) == stride_speed(figure("car", "drive"))
    near = drawn(figure("person", "drive", name="Mara"), 0.3, bust=True, height_px=600)
    assert near.foot[1] - top(near) == pytest.approx(600, rel=0.12)


def test_heights_speeds_and_altitudes_are_sensible() -> None:
    assert natural_height(figure("fox")) == pytest.approx(0.45)
    assert natural_height(figure("person")) == pytest.approx(1.75)
    assert all(0.1 < natural_height(figure(kind)) < 10 for kind in KINDS)
    assert all(stride_speed(figure(kind, "sit")) == 0 for kind in KINDS if kind != "fish")
    assert altitude(figure("person", "walk")) == 0 < altitude(figure("bird", "fly"))
