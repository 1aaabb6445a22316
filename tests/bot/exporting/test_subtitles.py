"""What is said in the film, with its times."""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import dedent

from hypothesis import given, settings

from bot.cut import Cut, Spoken, Transition
from bot.exporting.names import one_line
from bot.exporting.subtitles import cues, srt, vtt
from tests.bot.exporting.films import cuts, piece

HELLO = Spoken(1.0, 2.5, "The lamp was never out.", "Mara")


def film(*said: tuple[Spoken, ...], transition: Transition = Transition.CUT) -> Cut:
    """A film of pieces of four seconds in which these lines are spoken."""
    return Cut("Film", tuple(piece(f"1{'ABC'[at]}-1", 96, spoken=each) for at, each in enumerate(said)), transition)


def test_lines_are_at_their_place_in_the_film() -> None:
    told = film((HELLO,), (Spoken(0.5, 2.0, "Then who lit it?"),))
    assert srt(told) == dedent("""\
        1
        00:00:01,000 --> 00:00:02,500
        Mara: The lamp was never out.

        2
        00:00:04,500 --> 00:00:06,000
        Then who lit it?
        """)
    assert vtt(told) == dedent("""\
        WEBVTT

        1
        00:00:01.000 --> 00:00:02.500
        <v Mara>The lamp was never out.</v>

        2
        00:00:04.500 --> 00:00:06.000
        Then who lit it?
        """)


def test_a_film_in_which_nobody_speaks_has_none() -> None:
    assert srt(film(())) == ""
    assert vtt(film(())) == "WEBVTT\n"


def test_a_dissolve_brings_lines_forward_and_the_first_makes_room() -> None:
    told = film((Spoken(2.0, 4.0, "Wait."),), (Spoken(0.0, 1.0, "No."),), transition=Transition.DISSOLVE)
    assert [(cue.begins, cue.ends) for cue in cues(told)] == [(2000, 3500), (3500, 4500)]


def test_two_at_once_share_a_subtitle() -> None:
    told = film((Spoken(1.0, 2.0, "Stop!", "Mara"), Spoken(1.2, 2.4, "No!", "Eli")))
    assert srt(told).splitlines()[1:] == ["00:00:01,000 --> 00:00:02,400", "- Mara: Stop!", "- Eli: No!"]
    assert vtt(told).splitlines()[4:] == ["<v Mara>- Stop!</v>", "<v Eli>- No!</v>"]


def test_what_two_share_stands_as_long_as_the_longer_of_them() -> None:
    told = film((Spoken(1.0, 3.0, "Stop!"), Spoken(1.2, 2.0, "No!")))
    assert [(cue.begins, cue.ends) for cue in cues(told)] == [(1000, 3000)]


def test_a_line_ends_with_its_piece_and_a_short_one_can_still_be_read() -> None:
    told = film((Spoken(3.9, 9.0, "Late."), Spoken(1.0, 1.0, "Quick.")))
    assert [(cue.begins, cue.ends) for cue in cues(told)] == [(1000, 1700), (3300, 4000)]


def test_words_are_no_markup() -> None:
    words = "<i>x</i> --> {\\an8}\n\n2\n& done"
    told = film((Spoken(0, 1, words, "<b>"),))
    assert srt(told).splitlines()[2:] == ["‹b›: ‹i›x‹/i› --› (\\an8) 2 & done"]
    assert vtt(told).splitlines()[4:] == ["<v &lt;b&gt;>&lt;i&gt;x&lt;/i&gt; --&gt; {\\an8} 2 &amp; done</v>"]


def test_a_long_film_has_hours() -> None:
    long = Cut("Film", (piece("1A-1", 24 * 3700), piece("1B-1", 96, spoken=(HELLO,))))
    assert "01:01:41,000 --> 01:01:42,500" in srt(long)


@given(told=cuts)
@settings(max_examples=50, deadline=None)
def test_no_two_stand_at_once_and_no_word_is_lost(told: Cut) -> None:
    found = cues(told)
    length = round(told.seconds * 1000)
    assert all(0 <= cue.begins < cue.ends <= length + 1 for cue in found)
    assert all(first.ends <= second.begins for first, second in pairwise(found))
    said = sorted(one_line(each.words) for piece in told.pieces for each in piece.spoken if one_line(each.words))
    assert sorted(line.words for cue in found for line in cue.lines) == said
    blocks = srt(told).split("\n\n") if found else []
    assert len(blocks) == len(found)
    assert all(re.match(r"\d+\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n\S", block) for block in blocks)
