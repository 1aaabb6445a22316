"""Sheets and canvas: what is drawn in the world's units comes out where it belongs, in the right colour, cheaply or not at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adapters.video.animatic.camera import Camera, Pose, Subject
from adapters.video.animatic.canvas import Canvas, halved, ycc
from adapters.video.animatic.noise import clouds, profile, shake, stream
from adapters.video.animatic.palette import anchored, from_lab, hexed, lab, mix, ramp
from adapters.video.animatic.sheets import PERIOD, Sheet
from tests.adapters.video.animatic.shots import SMALL

RED, BLUE = np.array([0.9, 0.1, 0.1]), np.array([0.1, 0.2, 0.9])


def camera(move: str = "static") -> Camera:
    """A camera without a figure."""
    return Camera(replace(SMALL, move=move, figures=()), 256, 120)


def painted(sheet: Sheet, fill: np.ndarray | None = None, bottom: int = 120) -> Canvas:
    """The sheet alone on a black canvas."""
    canvas = Canvas(256, 120)
    canvas.fill(0, 120, np.zeros(3))
    sheet.layer(fill).paint(canvas, sheet.camera, Pose(), bottom)
    return canvas


def test_what_is_drawn_is_seen_where_the_camera_says() -> None:
    sheet = Sheet(camera(), 8.0, -0.4, 0.1)
    ink = sheet.ink()
    ink.rect(0.1, -0.3, 0.3, -0.1)
    sheet.paint(ink, RED)
    rows, columns = np.nonzero(painted(sheet).y > 20)
    assert columns.min() == pytest.approx(camera().across(Pose(), 8.0, 0.1), abs=2.5)
    assert columns.max() == pytest.approx(camera().across(Pose(), 8.0, 0.3), abs=2.5)
    assert rows.min() == pytest.approx(camera().down(Pose(), 8.0, -0.3), abs=2.5)


def test_colours_survive_painting() -> None:
    sheet = Sheet(camera(), 8.0, -0.4, 0.1)
    ink = sheet.ink()
    ink.rect(-2, -0.4, 2, 0.1)
    sheet.paint(ink, RED)
    canvas = painted(sheet)
    for plane, value in zip(canvas.planes, ycc(RED), strict=True):
        middle = plane[plane.shape[0] // 3, plane.shape[1] // 2]
        assert float(middle) == pytest.approx(float(value), abs=2)


def test_the_world_repeats_itself() -> None:
    sheet = Sheet(camera(), 8.0, -0.4, 0.1)
    near, far = sheet.ink(), sheet.ink()
    near.disc(0.2, -0.2, 0.05)
    far.disc(0.2 + 2 * PERIOD, -0.2, 0.05)
    assert near.image.tobytes() == far.image.tobytes()
    assert near.image.getbbox() is not None


def test_a_fill_hides_what_is_behind_and_says_from_where() -> None:
    sheet = Sheet(camera(), 8.0, -0.2, 0.2)
    ink = sheet.ink()
    ink.rect(-PERIOD, -0.1, PERIOD, 0.5)
    sheet.paint(ink, BLUE)
    layer = sheet.layer(BLUE)
    covers = layer.covers_from(sheet.camera, Pose())
    assert covers == pytest.approx(camera().down(Pose(), 8.0, -0.1), abs=6)
    canvas = painted(sheet, BLUE)
    assert np.ptp(canvas.y[covers:].astype(int)) <= 2


def test_a_fill_below_nothing_stays_below() -> None:
    sheet = Sheet(camera(), 8.0, -0.4, 0.1)
    sheet.paint(sheet.ink(), RED)
    canvas = painted(sheet, BLUE)
    assert canvas.y[: int(camera().horizon) - 2].max() == 0


def test_light_adds_and_never_turns_over() -> None:
    canvas = Canvas(8, 8)
    canvas.fill(0, 8, np.full(3, 0.9))
    canvas.shine(np.full((8, 8), 255, np.uint8), np.ones(3))
    assert canvas.y.min() == 255
    canvas.shine(np.full((8, 8), 255, np.uint8), RED, strength=3)
    assert canvas.cr.min() > 200


def test_tint_and_lay_agree() -> None:
    mask = np.tile(np.arange(0, 256, 16, dtype=np.uint8), (16, 1))
    one = Canvas(16, 16)
    one.fill(0, 16, BLUE)
    one.tint(mask, RED)
    expected = ycc(RED)[0] * mask / 255.0 + ycc(BLUE)[0] * (1 - mask / 255.0)
    assert np.abs(one.y - expected).max() <= 2
    assert halved(mask).shape == (8, 8)


def test_colours_go_to_oklab_and_back() -> None:
    for colour in (RED, BLUE, hexed("FFB02E")):
        assert from_lab(lab(colour)) == pytest.approx(colour, abs=1e-6)
    assert mix(RED, BLUE, 0) == pytest.approx(RED, abs=1e-6)
    assert anchored(RED, ()) is RED
    assert lab(anchored(hexed("808080"), [(19, 128, 127)]))[1] < -0.02
    assert ramp([(0, RED), (1, BLUE)], np.array([0.0, 1.0]))[1] == pytest.approx(BLUE, abs=1e-6)


def test_chance_is_the_same_every_time_and_other_for_every_purpose() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    ridge = profile(stream(2, "ridge"), PERIOD, 5)
    x = np.linspace(-3, 3, 50)
    assert ridge(x) == pytest.approx(ridge(x + PERIOD), abs=1e-9)
    assert np.abs(ridge(x)).max() <= 1
    field = clouds(stream(3, "clouds"), (64, 32), 8)
    assert (field.shape, float(field.min()), float(field.max())) == ((32, 64), 0.0, 1.0)
    times = np.arange(0, 4, 1 / 24)
    assert np.abs(np.diff(shake(4, "yaw", times, 0.5))).max() < 0.6


def test_a_long_run_sees_the_world_again_and_again_without_a_seam() -> None:
    far = Camera(replace(SMALL, move="track_right", seconds=20.0), 256, 120, Subject(0.4, 1.5, 0.0))
    sheet = Sheet(far, 1.2, -0.3, 0.2)
    ink = sheet.ink()
    for number in range(60):
        x = -PERIOD / 2 + number * PERIOD / 60
        ink.rect(x, -0.2, x + 0.05, 0.1)
    sheet.paint(ink, RED)
    layer = sheet.layer()
    assert layer.y.width < 1.1 * (PERIOD + 0.4) * sheet.ppu
    canvas = Canvas(256, 120)
    for frame in (0, 100, 200, 300, 479):
        canvas.fill(0, 120, np.zeros(3))
        layer.paint(canvas, far, far.pose(frame), 120)
        row = canvas.y[int(far.horizon)] > 20
        edges = np.flatnonzero(np.diff(row.astype(int)) == 1)
        assert len(edges) > 15
        assert np.ptp(np.diff(edges)) <= 2
