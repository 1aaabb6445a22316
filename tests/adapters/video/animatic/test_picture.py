"""The picture: every word of light, weather, grade and style changes it; it is the same every time; it is honest in every frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adapters.type.typesetting import PLAIN
from adapters.video.animatic import places
from adapters.video.animatic.burn_in import BurnIn, how_it_is_shot, timecode
from adapters.video.animatic.grade import GRADES
from adapters.video.animatic.light import light_of, table
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.spec import ANGLES, FRAMINGS, LIGHTS, MOVES, WEATHERS, Line, ShotSpec
from tests.adapters.video.animatic.shots import FOX, SHAPES, SMALL, SPOKEN, WAITING, WALKER

STYLES = ("oil", "watercolour", "ink", "vhs", "super8")


def seen(spec: ShotSpec, number: int = 20) -> np.ndarray:
    """The picture between the bars, luma and colour."""
    picture = Picture(spec)
    top, bottom = picture.burn_in.bars
    frame = picture.frame(number)
    y = frame.y[top : spec.height - bottom].astype(np.int16)
    colour = [plane[top // 2 : (spec.height - bottom) // 2].astype(np.int16) for plane in (frame.cb, frame.cr)]
    return np.concatenate([y.reshape(-1), *(plane.reshape(-1) for plane in colour)])


def apart(specs: list[ShotSpec], least: float = 0.4) -> list[tuple[int, int]]:
    """Which pairs of shots cannot be told from each other."""
    pictures = [seen(spec) for spec in specs]
    return [
        (one, other)
        for one in range(len(specs))
        for other in range(one + 1, len(specs))
        if np.abs(pictures[one] - pictures[other]).mean() < least
    ]


def test_every_light_looks_different() -> None:
    assert set(LIGHTS) == set(table())
    assert not apart([replace(SMALL, light=light) for light in LIGHTS], 1.0)


def test_every_light_looks_different_indoors() -> None:
    assert not apart([replace(SMALL, place="interior_room", light=light) for light in LIGHTS], 0.6)


def test_every_weather_looks_different() -> None:
    assert not apart([replace(SMALL, weather=weather) for weather in WEATHERS])


def test_every_move_looks_different_and_moves() -> None:
    assert not apart([replace(SMALL, move=move) for move in MOVES])


def test_every_framing_and_every_angle_looks_different() -> None:
    assert not apart([replace(SMALL, framing=framing) for framing in FRAMINGS])
    assert not apart([replace(SMALL, angle=angle) for angle in ANGLES])


def test_every_grade_and_every_style_looks_different() -> None:
    assert not apart([replace(SMALL, grade=grade, light="golden") for grade in ("", *GRADES)])
    assert not apart([replace(SMALL, style=style) for style in ("", *STYLES)])


def test_every_place_looks_different() -> None:
    assert not apart([replace(SMALL, place=place) for place in places.names()], 2.0)


@pytest.mark.parametrize(
    "changed",
    [
        {"lens": 85}, {"aperture": 1.8, "framing": "medium"}, {"beams": True}, {"palette": ((255, 176, 46), (19, 128, 127))},
        {"direction": -1}, {"seed": 6}, {"place_seed": 9}, {"figures": (WAITING,)}, {"figures": (FOX,)}, {"figures": ()},
        {"arrangement": "two", "figures": (WALKER, WAITING)}, {"starts_at": 3.0},
    ],
)  # fmt: skip
def test_everything_else_that_is_said_changes_the_picture(changed: dict[str, object]) -> None:
    plain = replace(SMALL, framing=str(changed.get("framing", "wide")))
    assert np.abs(seen(plain) - seen(replace(plain, **changed))).mean() > 0.15  # type: ignore[arg-type]


def test_the_palette_draws_the_colours_to_its_anchors() -> None:
    teal = light_of(replace(SMALL, palette=((19, 128, 127),)))
    assert teal.mid[0] < teal.mid[2]
    assert light_of(SMALL).stars == 0


def test_frames_do_not_depend_on_the_order_in_which_they_are_drawn() -> None:
    spec = replace(SPOKEN, weather="storm", place="city", light="night", move="handheld")
    there, back = Picture(spec), Picture(spec)
    numbers = [0, 7, 15, 23]
    first = {number: there.planes(number) for number in numbers}
    for number in reversed(numbers):
        for mine, other in zip(first[number], back.planes(number), strict=True):
            assert np.array_equal(mine, other)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_label_is_in_every_frame(shape: str) -> None:
    width, height = SHAPES[shape]
    picture = Picture(
        replace(SPOKEN, width=width, height=height, place_label="a lighthouse", style="vhs", angle="dutch")
    )
    top, bottom = picture.burn_in.bars
    for number in range(picture.spec.frames):
        frame = picture.frame(number)
        assert np.array_equal(frame.y[:top], picture.burn_in.upper.y)
        assert np.array_equal(frame.cb[: top // 2], picture.burn_in.upper.cb)
        assert int((frame.y[:top] > 120).sum()) > 40
        assert np.array_equal(frame.y[height - bottom :, : width // 2], picture.burn_in.lower.y[:, : width // 2])
        assert int((frame.y[height - bottom :, width // 2 :] > 60).sum()) > 10


def test_the_bars_show_the_place_that_has_no_picture_of_its_own() -> None:
    large = replace(SMALL, width=1280, height=720)
    plain, labelled = BurnIn(large), BurnIn(replace(large, place_label="灯塔 lighthouse"))
    assert not np.array_equal(plain.upper.y, labelled.upper.y)
    assert np.array_equal(plain.upper.y[:, :110], labelled.upper.y[:, :110])


def test_the_time_runs() -> None:
    assert [timecode(frame) for frame in (0, 23, 24, 24 * 61 + 5, 24 * 3600)] == [
        "00:00:00:00", "00:00:00:23", "00:00:01:00", "00:01:01:05", "01:00:00:00",
    ]  # fmt: skip
    picture = Picture(replace(SMALL, starts_at=5.0))
    assert not np.array_equal(picture.frame(0).y[-12:], picture.frame(1).y[-12:])


def test_the_lower_bar_tells_how_it_is_shot() -> None:
    assert how_it_is_shot(replace(SMALL, framing="close", lens=85, move="dolly_in")) == "CLOSE-UP  ·  85mm  ·  DOLLY IN"
    assert how_it_is_shot(replace(SMALL, angle="low")) == "WIDE, LOW ANGLE  ·  28mm  ·  STATIC"


@pytest.mark.parametrize("text", ["You came back.", "Ты вернулась.", "你回来了。", "「回来了」 — Ты? Yes."])
def test_subtitles_in_any_script_come_and_go_and_are_never_boxes(text: str) -> None:
    spec = replace(SMALL, width=640, height=360, dialogue=(Line("Mara", text, 0.25, 0.75),))
    silent, spoken = Picture(replace(spec, dialogue=())), Picture(spec)
    differ = [not np.array_equal(silent.frame(number).y, spoken.frame(number).y) for number in (0, 12, 20)]
    assert differ == [False, True, False]
    assert all(
        run.face is None or run.face.has(char) or char.isspace() for run in PLAIN.runs(text) for char in run.text
    )
