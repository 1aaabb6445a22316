"""What clips are called in an export."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from bot.cut import Cut
from bot.exporting.names import named, one_line, plain, suffixes_of
from tests.bot.exporting.films import cuts, piece


def test_a_clip_is_called_by_its_slate() -> None:
    name = named(Cut("Film", (piece("1A-2"),)))[0]
    assert (name.reel, name.file, name.base) == ("1A-2", "clips/1A-2.mp4", "1A-2.mp4")


def test_a_take_that_comes_back_has_one_name_and_another_of_the_same_slate_another() -> None:
    film = Cut("Film", (piece("1A-1"), piece("1B-1"), piece("1A-1"), piece("1A-1", clip="else")))
    assert [name.reel for name in named(film)] == ["1A-1", "1B-1", "1A-1", "1A-1_2"]


def test_the_suffix_is_the_clips_own() -> None:
    film = Cut("Film", (piece("1A-1", clip="a"), piece("1B-1", clip="b")))
    assert [name.base for name in named(film, suffixes_of([("b", "video/webm")]))] == ["1A-1.mp4", "1B-1.webm"]


@pytest.mark.parametrize(
    ("slate", "reel", "file"),
    [
        ("../../etc/passwd", "etc-pass", "clips/etc-passwd.mp4"),
        ("BL", "BL_2", "clips/BL.mp4"),
        ("con", "con_2", "clips/con_2.mp4"),
        ("东京的雨夜", "shot-1", "clips/shot-1.mp4"),
        ("Évasion.final.mov", "Evasion-", "clips/Evasion-final-mov.mp4"),
    ],
)
def test_a_file_of_any_name_gets_a_safe_one(slate: str, reel: str, file: str) -> None:
    name = named(Cut("Film", (piece(slate),)))[0]
    assert (name.reel, name.file) == (reel, file)


@given(film=cuts)
def test_names_are_safe_and_nobody_shares_one(film: Cut) -> None:
    names = named(film)
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,8}", name.reel)
        assert re.fullmatch(r"clips/[A-Za-z0-9_-]{1,40}\.mp4", name.file)
        assert name.reel.upper() not in ("BL", "AX", "BLACK", "BARS")
    same = {(each.take, each.slate, each.clip) for each in film.pieces}
    assert len({name.reel.casefold() for name in names}) == len({name.file.casefold() for name in names}) == len(same)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Café — “noir”…", 'Cafe - "noir"...'),
        ("Tokyo 东京\nat\tnight", "Tokyo at night"),
        ("一个老人，走进", ""),
        ("\x1b[31mred\x00", "[31mred"),
        ("a" * 40, "a" * 17 + "..."),
    ],
)
def test_plain_text_is_one_line_of_ascii(text: str, line: str) -> None:
    assert plain(text, 20) == line


def test_one_line_keeps_every_script() -> None:
    assert one_line("一个\n老人\u2028🎬 \x07.") == "一个 老人 🎬 ."
