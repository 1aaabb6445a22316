"""The gallery shows every place, light, weather, framing and angle there is, and its file stays small."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from adapters.video.animatic import gallery, places
from adapters.video.animatic.spec import ANGLES, ARRANGEMENTS, FRAMINGS, LIGHTS, WEATHERS


def test_everything_is_on_the_sheet() -> None:
    shots = list(gallery.shots())
    assert {spec.place for spec in shots} == set(places.names())
    assert {spec.light for spec in shots} == set(LIGHTS)
    assert {spec.weather for spec in shots} == set(WEATHERS)
    assert {spec.framing for spec in shots} == set(FRAMINGS)
    assert {spec.angle for spec in shots} == set(ANGLES)
    assert {spec.arrangement for spec in shots} >= set(ARRANGEMENTS) - {"none"}
    assert all(spec.height > spec.width for spec in gallery.tall_shots())


def test_a_still_is_as_wide_as_a_tile() -> None:
    assert gallery.still(replace(gallery.BASE, width=320, height=180, seconds=0.5)).width == gallery.TILE


def test_the_file_stays_small(tmp_path: Path) -> None:
    noise = Image.effect_noise((1600, 1200), 90).convert("RGB")
    gallery.save(noise, tmp_path / "sheet.jpg")
    assert 0 < (tmp_path / "sheet.jpg").stat().st_size <= gallery.BYTES
