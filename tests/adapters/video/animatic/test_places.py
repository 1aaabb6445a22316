"""Places: all are found, all can be drawn in every framing and shape, and each is the same place in every shot."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image

from adapters.video.animatic import places
from adapters.video.animatic.layers import Layer
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.spec import FRAMINGS, ShotSpec
from adapters.video.animatic.stage import Thing
from tests.adapters.video.animatic.shots import SHAPES, SMALL, WALKER

OURS = (
    "alley", "bridge", "city", "desert", "field", "forest", "harbour", "interior_library", "interior_room", "kitchen",
    "mountains", "sea", "snowfield", "space", "stadium", "station",
)  # fmt: skip


def test_every_place_is_found_by_its_name() -> None:
    assert set(OURS) <= set(places.names())
    with pytest.raises(KeyError):
        places.builder("nowhere")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", places.names())
def test_every_place_draws_in_every_framing_and_shape(place: str, shape: str) -> None:
    width, height = SHAPES[shape]
    for framing in FRAMINGS:
        lens = {"medium": 50, "close": 85, "extreme_close": 100}.get(framing, 28)
        picture = Picture(
            replace(SMALL, place=place, framing=framing, lens=lens, width=width, height=height, seconds=0.5)
        )
        frame = picture.frame(6)
        assert frame.y.shape == (height, width)
        assert float(frame.y.std()) > 4, (framing, "the picture is empty")


@pytest.mark.parametrize("place", places.names())
def test_tall_frames_are_filled(place: str) -> None:
    """Every quarter of a portrait picture has something in it, light and dark."""
    picture = Picture(replace(SMALL, place=place, width=144, height=256, light="golden", figures=(WALKER,)))
    y = picture.frame(0).y.astype(float)[24:-40]
    for quarter in np.array_split(y, 4):
        assert quarter.max() - quarter.min() > 18


@cache
def world(place: str, move: str, framing: str, width: int, light: str = "day") -> tuple[Thing, ...]:
    spec = replace(SMALL, place=place, move=move, framing=framing, width=width, light=light)
    return tuple(Picture(spec).stage.things)


@pytest.mark.parametrize("place", places.names())
def test_ridges_trees_and_houses_stand_where_they_stand_whatever_the_camera_does(place: str) -> None:
    first = world(place, "static", "wide", 256)
    assert first or place == "sea"
    assert world(place, "track_right", "wide", 256) == first
    assert world(place, "orbit", "full", 144) == first


@pytest.mark.parametrize("place", ["city", "forest", "mountains", "harbour"])
def test_other_chances_give_other_places_and_other_takes_do_not(place: str) -> None:
    spec = replace(SMALL, place=place)
    things = Picture(spec).stage.things
    assert Picture(replace(spec, seed=99)).stage.things == things
    assert Picture(replace(spec, place_seed=99)).stage.things != things


@pytest.mark.parametrize("place", ["city", "forest", "mountains", "field", "harbour", "desert", "bridge"])
def test_what_two_shots_both_show_looks_the_same_in_both(place: str) -> None:
    """Not only the list of things: the drawn layers agree wherever they overlap."""
    empty = replace(SMALL, place=place, figures=(), width=320, height=180)
    one, other = (shot_layers(replace(empty, move=move)) for move in ("static", "pan_right"))
    assert set(one) == set(other)
    for depth, mine in one.items():
        left, right = overlap(mine, other[depth])
        assert float(np.abs(left - right).mean()) < 4, depth


def shot_layers(spec: ShotSpec) -> dict[tuple[float, int], Layer]:
    """The layers of a shot by depth, and their number at that depth."""
    found: dict[tuple[float, int], Layer] = {}
    for layer in Picture(spec).stage.layers:
        number = sum(depth == layer.depth for depth, _ in found)
        found[layer.depth, number] = layer
    return found


def overlap(one: Layer, other: Layer) -> tuple[np.ndarray, np.ndarray]:
    """The part of the world that both show, at the same coarse scale."""
    left = max(one.left, other.left)
    right = min(one.left + one.y.width / one.ppu, other.left + other.y.width / other.ppu)
    top = max(one.top, other.top)
    bottom = min(one.top + one.y.height / one.ppu, other.top + other.y.height / other.ppu)
    size = (max(2, round((right - left) * 60)), max(2, round((bottom - top) * 60)))

    def seen(layer: Layer) -> np.ndarray:
        corners = (left - layer.left, top - layer.top, right - layer.left, bottom - layer.top)
        box = (corners[0] * layer.ppu, corners[1] * layer.ppu, corners[2] * layer.ppu, corners[3] * layer.ppu)
        return np.asarray(layer.y.resize(size, Image.Resampling.BOX, box=box), np.float64)

    return seen(one), seen(other)
