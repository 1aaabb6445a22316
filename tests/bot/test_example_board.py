"""The storyboard that the documents film: ten shots in two scenes, with two of the cast, clean for our own linter."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.brief import Brief, PartName
from bot.commands import Style, StyleAction
from bot.gallery import command_of
from bot.linter import Kind, lint
from bot.rehearsal import rehearse
from bot.spine import Spine
from bot.storyboard_text import Board, read, write

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/no_return_address.txt"


@pytest.fixture(scope="module")
def board() -> Board:
    return read(EXAMPLE.read_text("utf-8"))


@pytest.fixture(scope="module")
def briefs(board: Board) -> tuple[Brief, ...]:
    """As its file films it: style and cast set first, then the shots."""
    style = Style(action=StyleAction.SET, look=board.style)
    cast = [command_of(f"/cast add {name}: {description}") for name, description in board.cast]
    return rehearse([style, *cast, command_of(f"/storyboard {write(board)}")])


def test_it_is_read_to_its_last_line(board: Board) -> None:
    assert board.title == "No Return Address"
    assert board.style.startswith("35mm film stock")
    assert [name for name, _ in board.cast] == ["Mara", "Jonas"]
    assert [shot.number for shot in board.shots] == [*range(1, 11)]
    assert [shot.number for shot in board.shots if shot.scene_new] == [1, 6]
    assert sum(shot.seconds or 0 for shot in board.shots) == 35


def test_words_that_tell_a_camera_little_are_not_in_it(board: Board) -> None:
    for shot in board.shots:
        found = lint(shot.words, spine=Spine(), seconds=shot.seconds, cast=("Mara", "Jonas"))
        assert {each.kind for each in found} <= {Kind.SOUND}, shot.words


def test_style_and_cast_go_into_every_shot_that_they_belong_to(board: Board, briefs: tuple[Brief, ...]) -> None:
    assert all(brief.text.startswith(board.style) for brief in briefs)
    for shot, brief in zip(board.shots, briefs, strict=True):
        for name, description in board.cast:
            if name in shot.words:
                assert description in brief.part(PartName.CAST)


def test_a_scene_keeps_what_must_stay_and_the_next_one_begins_anew(briefs: tuple[Brief, ...]) -> None:
    kept = [dict(brief.kept) for brief in briefs]
    assert (kept[0], kept[5]) == ({}, {})
    assert all("harbour" in each["place"] and "rain" in each["weather"] for each in kept[1:4])
    assert all("library" in each["place"] for each in (kept[6], kept[8]))
