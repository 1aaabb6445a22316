"""The CMX 3600 list, line by line."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings

from bot.cut import Cut, Transition
from bot.exporting.edl import edl
from tests.bot.exporting.films import HOSTILE, cut, cuts, piece

EVENT = re.compile(
    r"(\d{3,})  ([A-Za-z0-9_-]{1,8}) +(V|AA/V|AA) +(C|D    \d{3}) +(\d\d:\d\d:\d\d:\d\d) (\S{11}) (\S{11}) (\S{11})"
)


def events(text: str) -> list[tuple[str, ...]]:
    """The event lines: number, reel, tracks, transition, four timecodes."""
    return [found.groups() for line in text.splitlines() if (found := EVENT.fullmatch(line))]


def frames(timecode: str) -> int:
    """A timecode as frames."""
    hours, minutes, seconds, left = map(int, timecode.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * 24 + left


def test_a_dissolve_as_an_editor_reads_it() -> None:
    assert edl(cut(96, 48, transition=Transition.DISSOLVE)) == dedent("""\
        TITLE: The Lamp
        FCM: NON-DROP FRAME

        001  1A-1     AA/V  C        00:00:00:00 00:00:03:12 00:00:00:00 00:00:03:12
        * FROM CLIP NAME: 1A-1.mp4
        * SLATE: 1A-1
        * WORDS: An old man walks into the library.
        * SOURCE FILE: clips/1A-1.mp4

        002  1A-1     AA/V  C        00:00:03:12 00:00:03:12 00:00:03:12 00:00:03:12
        002  1B-1     AA/V  D    012 00:00:00:00 00:00:02:00 00:00:03:12 00:00:05:12
        * FROM CLIP NAME: 1A-1.mp4
        * TO CLIP NAME: 1B-1.mp4
        * SLATE: 1B-1
        * WORDS: An old man walks into the library.
        * SOURCE FILE: clips/1B-1.mp4
        """)


def test_a_fade_goes_to_black_and_comes_from_it() -> None:
    found = events(edl(cut(96, 48, transition=Transition.FADE)))
    assert [(number, reel, kind) for number, reel, _, kind, *_ in found] == [
        ("001", "1A-1", "C"),
        ("002", "1A-1", "C"),
        ("002", "BL", "D    012"),
        ("003", "BL", "C"),
        ("003", "1B-1", "D    012"),
    ]
    assert [each[6:] for each in found] == [
        ("00:00:00:00", "00:00:03:12"),
        ("00:00:03:12", "00:00:03:12"),
        ("00:00:03:12", "00:00:04:00"),
        ("00:00:04:00", "00:00:04:00"),
        ("00:00:04:00", "00:00:06:00"),
    ]


def test_the_record_may_begin_at_another_hour_and_sources_never_do() -> None:
    found = events(edl(cut(96, 48), hour=1))
    assert [each[4:] for each in found] == [
        ("00:00:00:00", "00:00:04:00", "01:00:00:00", "01:00:04:00"),
        ("00:00:00:00", "00:00:02:00", "01:00:04:00", "01:00:06:00"),
    ]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_one_line(title: str) -> None:
    lines = edl(cut(24, title=title)).splitlines()
    assert lines[0].startswith("TITLE: ")
    assert len(lines[0]) <= 77
    assert lines[1] == "FCM: NON-DROP FRAME"
    assert len(events("\n".join(lines))) == 1


def test_words_without_ascii_are_left_out_and_the_slate_stays() -> None:
    text = edl(Cut("东京", (piece("2B-3", words="一个老人走进图书馆"),)))
    assert "WORDS" not in text
    assert "* SLATE: 2B-3" in text
    assert text.startswith("TITLE: THROUGHLINE\n")


@given(film=cuts)
@settings(max_examples=50, deadline=None)
def test_any_list_is_ascii_whole_and_without_a_gap(film: Cut) -> None:
    text = edl(film)
    assert text.isascii()
    lines = [line for line in text.splitlines() if line]
    assert all(EVENT.fullmatch(line) or line.startswith(("TITLE: ", "FCM: ", "* ")) for line in lines)
    at, seen = 0, ("", 0)
    for _, reel, tracks, kind, *times in events(text):
        source_in, source_out, record_in, record_out = map(frames, times)
        assert source_out - source_in == record_out - record_in
        assert kind == "C" or int(kind[1:]) == film.lap <= record_out - record_in
        if tracks == "AA":
            continue
        assert record_in == at
        if record_in == record_out:  # what a dissolve comes out of goes on from where it was
            assert (reel, source_in) == seen or reel == "BL" == seen[0]
        at, seen = record_out, (reel, source_out)
    assert at == film.frames
