"""The page of ideas is in step with its data, its stills are there, and the animatic understands what each idea shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adapters.video.animatic import ideas
from adapters.video.animatic.backend import spec_of
from adapters.video.animatic.spec import ShotSpec
from bot.gallery import Technique, technique, techniques
from bot.rehearsal import rehearse
from bot.text import languages

DOCS = Path(__file__).resolve().parents[4] / "docs"
PAGE = DOCS / "ideas.md"
BEYOND_DRAWING = {"cast": 6}
"""A face is described for models; the animatic draws who it is by coat and scarf."""


def named(name: str) -> Technique:
    found = technique(name)
    assert found is not None
    return found


def drawn(each: Technique, tag: str) -> list[ShotSpec]:
    return [spec_of(brief, "", each.name) for brief in rehearse(each.told(tag).commands())]


def test_the_page_says_what_the_data_says() -> None:
    assert PAGE.read_text("utf-8") == ideas.page(techniques()), "make ideas writes it anew"


def test_every_still_is_there_and_none_is_left_over() -> None:
    needed = {name for each in techniques() for name in ideas.file_names(each)}
    assert {file.name for file in (DOCS / ideas.FOLDER).iterdir()} == needed, "make ideas draws them anew"


@pytest.mark.parametrize("each", techniques(), ids=lambda each: each.name)
def test_stills_are_small(each: Technique) -> None:
    for name in ideas.file_names(each):
        file = DOCS / ideas.FOLDER / name
        assert file.stat().st_size <= ideas.MOST_BYTES
        with Image.open(file) as still:
            assert still.width == ideas.WIDTH


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("each", techniques(), ids=lambda each: each.name)
def test_the_animatic_understands_what_an_idea_shows(each: Technique, tag: str) -> None:
    specs = drawn(each, tag)
    assert set(each.shows) <= {kind for spec in specs for kind, _ in spec.understood}
    missed = {word for spec in specs for word in spec.not_understood}
    assert len(missed) <= BEYOND_DRAWING.get(each.name, 3), missed


@pytest.mark.parametrize("each", techniques(), ids=lambda each: each.name)
def test_the_stills_of_an_idea_differ(each: Technique) -> None:
    keys = [spec.key() for spec in drawn(each, "en")]
    assert len(set(keys)) == len(keys)
    assert len(keys) * each.moments == len(ideas.file_names(each)) == len(ideas.slates(each)) * each.moments


@pytest.mark.parametrize("tag", languages())
def test_what_is_carried_and_what_is_changed_shows(tag: str) -> None:
    alley, lantern = drawn(named("continuity"), tag)
    assert (alley.place, alley.light, alley.weather) == (lantern.place, lantern.light, lantern.weather)
    assert alley.figures[0].name == lantern.figures[0].name
    red, teal = drawn(named("one_change"), tag)
    assert red.place_label == teal.place_label
    assert red.figures[0].wardrobe != teal.figures[0].wardrobe
    assert [spec.light for spec in drawn(named("day_to_night"), tag)] == ["day", "golden", "night"]
    assert [spec.weather for spec in drawn(named("sun_to_snow"), tag)] == ["clear", "snow", "fog"]
    assert drawn(named("new_scene"), tag)[1].light == "dawn"
    wide, tall = drawn(named("other_shape"), tag)
    assert (wide.width, wide.height) == (tall.height, tall.width)
    assert [spec.grade for spec in drawn(named("spine"), tag)] == ["mono", "mono"]
    assert len({spec.place for spec in drawn(named("storyboard"), tag)}) == 1


def test_takes_are_named_as_they_would_be_in_a_production() -> None:
    assert ideas.slates(named("day_to_night")) == ["1A-1", "1A-2", "1A-3"]
    assert ideas.slates(named("continuity")) == ["1A-1", "1B-1"]
    assert ideas.slates(named("new_scene")) == ["1A-1", "2A-1"]
    assert ideas.slates(named("storyboard")) == ["1A-1", "1B-1", "1C-1"]


def test_a_line_is_shown_while_it_is_spoken() -> None:
    (spec,) = drawn(named("dialogue"), "en")
    (line,) = spec.dialogue
    (frame,) = ideas.frames_shown(spec, 1)
    assert line.start < frame / 24 < line.end


def test_the_page_and_its_stills_are_written_and_old_stills_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / ideas.FOLDER
    folder.mkdir(parents=True)
    (folder / "forgotten-1.jpg").write_bytes(b"old")
    ideas.write(tmp_path / "ideas.md", (named("one_change"),))
    assert sorted(file.name for file in folder.iterdir()) == ["one_change-1.jpg", "one_change-2.jpg"]
    assert "a teal umbrella" in (tmp_path / "ideas.md").read_text("utf-8")
