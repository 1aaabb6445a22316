"""What lies in the zip of an export."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.cut import Cut, Spoken
from bot.exporting.bundle import Entry, archive_name, entries
from bot.text import languages
from tests.bot.exporting.films import HOSTILE, cuts, piece
from tests.bot.exporting.test_film_json import written

FILM = Cut("The Lamp", (piece("1A-2", clip="a", spoken=(Spoken(0, 1, "Hello."),)), piece("1B-1", clip="b")))
CLIPS = {"a": Path("store/a.mp4"), "b": Path("store/b.webm")}


def whole(locale: str = "en") -> Sequence[Entry]:
    """All that an export may hold."""
    return entries(
        FILM,
        CLIPS,
        film=written(),
        prompts="# Prompts",
        movie=Path("film"),
        sound=Path("sound"),
        sheet=Path("sheet"),
        locale=locale,
    )


def test_everything_that_an_editor_needs() -> None:
    found = whole()
    assert [entry.name for entry in found] == [
        "README.txt",
        "film.edl",
        "film.fcpxml",
        "film.otio",
        "film.srt",
        "film.vtt",
        "prompts.md",
        "film.json",
        "film.mp4",
        "film.wav",
        "contact_sheet.jpg",
        "clips/1A-2.mp4",
        "clips/1B-1.webm",
    ]
    files = {entry.name: entry.file for entry in found if entry.file}
    assert files["clips/1B-1.webm"] == Path("store/b.webm")
    assert all(bool(entry.text) != bool(entry.file) for entry in found)


def test_the_lists_name_the_clips_where_they_lie() -> None:
    texts = {entry.name: entry.text for entry in entries(FILM, CLIPS)}
    for name in ("film.edl", "film.fcpxml", "film.otio"):
        assert "clips/1A-2.mp4" in texts[name]
        assert "clips/1B-1.webm" in texts[name]
        assert "file:" not in texts[name]


def test_what_is_not_there_is_left_out_and_not_spoken_of() -> None:
    silent = Cut("Film", (piece("1A-1"),))
    found = entries(silent, {})
    assert [entry.name for entry in found] == ["README.txt", "film.edl", "film.fcpxml", "film.otio"]
    assert "film.srt" not in found[0].text
    assert "The clips are not in this zip." in found[0].text


@pytest.mark.parametrize("locale", languages())
def test_the_readme_tells_of_every_file_on_one_page(locale: str) -> None:
    found = whole(locale)
    text = found[0].text
    for entry in found[1:]:
        assert entry.name in text or entry.name.startswith("clips/")
    assert "clips/" in text
    assert len(text.splitlines()) <= 50
    assert text.startswith("The Lamp\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [("The Lamp", "The-Lamp.zip"), ("../../x", "x.zip"), ("东京", "film.zip"), ("a/b: “c”?", "a-b-c.zip")],
)
def test_the_zip_is_called_by_its_title(title: str, name: str) -> None:
    assert archive_name(title) == name


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_makes_a_name_that_is_not_one(title: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9-]{1,60}\.zip", archive_name(title))


@given(film=cuts)
@settings(max_examples=25, deadline=None)
def test_names_are_safe_and_unlike_in_any_film(film: Cut) -> None:
    clips = {each.clip: Path(f"store/{each.clip}.mp4") for each in film.pieces}
    names = [entry.name for entry in entries(film, clips)]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(re.fullmatch(r"(clips/)?[A-Za-z0-9_-]+\.[a-z0-9]+", name) for name in names)
