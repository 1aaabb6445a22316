"""The lists as OpenTimelineIO, written by others, reads them: the same cuts, to the frame."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from bot.cut import Cut, Transition
from bot.exporting.edl import edl
from bot.exporting.fcpxml import fcpxml
from bot.exporting.names import named
from bot.exporting.otio import otio
from tests.bot.exporting.films import cut, cuts, frames_of, piece, read_back

few = settings(max_examples=25, deadline=None)


def track_of(timeline: Any, kind: str) -> Any:
    """The first track of that kind."""
    return next(track for track in timeline.tracks if track.kind == kind)


def clips_of(track: Any) -> list[Any]:
    """Its clips, black left out."""
    return [
        item
        for item in track
        if item.schema_name() == "Clip" and item.media_reference.schema_name() != "GeneratorReference"
    ]


def laps_of(track: Any) -> list[tuple[int, int]]:
    """Its transitions: frames in front of the cut, and behind it."""
    found = [item for item in track if item.schema_name() == "Transition"]
    return [(int(item.in_offset.value), int(item.out_offset.value)) for item in found]


def lies(clip: Any) -> tuple[int, int, int, int]:
    """Record in and out, source in and out."""
    return (*frames_of(clip.trimmed_range_in_parent()), *frames_of(clip.trimmed_range()))


def as_listed(film: Cut) -> list[tuple[int, int, int, int]]:
    """Where clips lie in a CMX list: what two clips share belongs to the one that comes, black to nobody."""
    fade = film.lap if film.transition is Transition.FADE else 0
    starts = [edit.begins for edit in film.edits]
    ends = [*(start - fade for start in starts[1:]), film.frames]
    return [(start, end, 0, end - start) for start, end in zip(starts, ends, strict=True)]


def as_laid(film: Cut) -> list[tuple[int, int, int, int]]:
    """Where clips lie on a timeline: what two clips share is parted in its middle."""
    half = film.lap // 2 if film.transition is Transition.DISSOLVE else 0
    starts = [0, *(edit.begins + half for edit in film.edits[1:])]
    ends = [*starts[1:], film.frames]
    begins = [edit.begins for edit in film.edits]
    return [(start, end, start - begin, end - begin) for start, end, begin in zip(starts, ends, begins, strict=True)]


def check_edl(film: Cut) -> None:
    track = track_of(read_back(edl(film), "edl"), "Video")
    clips = clips_of(track)
    assert [lies(clip) for clip in clips] == as_listed(film)
    assert [clip.metadata["cmx_3600"]["reel"] for clip in clips] == [name.reel for name in named(film)]
    joints = (len(film.pieces) - 1) * (2 if film.transition is Transition.FADE else 1) if film.lap else 0
    assert laps_of(track) == [(0, film.lap)] * joints
    assert int(track.duration().value) == film.frames


def check_otio(film: Cut) -> None:
    timeline = read_back(otio(film), "otio")
    assert int(timeline.duration().value) == film.frames
    for track in timeline.tracks:
        assert int(track.duration().value) == film.frames
    track = track_of(timeline, "Video")
    clips = clips_of(track)
    fades = film.transition is Transition.FADE
    assert [lies(clip) for clip in clips] == (as_listed(film) if fades else as_laid(film))
    assert [frames_of(clip.visible_range()) for clip in clips] == [(0, each.frames) for each in film.pieces]
    early = 0 if fades else film.lap // 2
    joints = (len(clips) - 1) * (2 if fades else 1) if film.lap else 0
    assert laps_of(track) == [(early, film.lap - early)] * joints
    assert [clip.media_reference.target_url for clip in clips] == [name.file for name in named(film)]


def check_fcpxml(film: Cut) -> None:
    track = track_of(read_back(fcpxml(film), "fcpxml"), "Video")
    assert [lies(clip) for clip in clips_of(track)] == as_laid(film)
    assert int(track.duration().value) == film.frames


CHECKS = [check_edl, check_otio, check_fcpxml]


@pytest.mark.parametrize("transition", Transition)
@pytest.mark.parametrize("check", CHECKS)
def test_three_shots_come_back_as_they_were_cut(check: Any, transition: Transition) -> None:
    check(cut(96, 48, 75, transition=transition))


@pytest.mark.parametrize("transition", Transition)
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("lengths", [(1,), (2000,), (1, 1), (2, 3, 2), (5, 4, 3), (24, 25, 24), tuple(range(25, 85))])
def test_very_short_shots_and_very_many_come_back_too(
    check: Any, transition: Transition, lengths: tuple[int, ...]
) -> None:
    check(cut(*lengths, transition=transition))


@pytest.mark.parametrize("check", CHECKS)
@given(film=cuts)
@few
def test_any_film_comes_back_as_it_was_cut(check: Any, film: Cut) -> None:
    check(film)


def test_the_lists_say_the_same_length_as_the_sum_without_what_is_shared() -> None:
    film = cut(96, 48, 75, transition=Transition.DISSOLVE)
    assert film.frames == 96 + 48 + 75 - 2 * 12
    assert int(read_back(otio(film), "otio").duration().value) == film.frames


def test_sound_comes_back_beside_the_picture_and_silence_as_nothing() -> None:
    pieces = (piece("1A-1", 48, has_sound=False), piece("1B-1", 60), piece("1C-1", 72))
    for transition in Transition:
        film = Cut("Quiet at first", pieces, transition)
        heard = clips_of(track_of(read_back(otio(film), "otio"), "Audio"))
        assert [clip.name for clip in heard] == ["1B-1", "1C-1"]
        listed = read_back(edl(film), "edl")
        assert {track.name for track in listed.tracks} == {"V", "A1", "A2"}
        sounds = clips_of(next(track for track in listed.tracks if track.name == "A1"))
        assert [frames_of(clip.trimmed_range())[0] for clip in sounds] == [0, 0]


def test_silence_does_not_go_over_into_silence() -> None:
    pieces = (piece("1A-1", has_sound=False), piece("1B-1", has_sound=False), piece("1C-1"))
    for transition, kinds in (
        (Transition.DISSOLVE, ["Gap", "Gap", "Transition", "Clip"]),
        (Transition.FADE, ["Gap", "Gap", "Gap", "Gap", "Transition", "Clip"]),
    ):
        timeline = read_back(otio(Cut("Quiet", pieces, transition)), "otio")
        assert [item.schema_name() for item in track_of(timeline, "Audio")] == kinds


def test_a_film_without_any_sound_has_no_track_for_it() -> None:
    film = Cut("Silent", (piece(has_sound=False), piece("1B-1", has_sound=False)))
    laid, listed = read_back(otio(film), "otio"), read_back(edl(film), "edl")
    assert [track.kind for track in laid.tracks] == ["Video"]
    assert [track.name for track in listed.tracks] == ["V"]


def test_what_a_member_wrote_comes_back_with_the_clip() -> None:
    film = Cut("Film", (piece("1A-1", words="一个老人走进图书馆 🎬"),))
    clip = clips_of(track_of(read_back(otio(film), "otio"), "Video"))[0]
    assert clip.metadata["throughline"]["words"] == "一个老人走进图书馆 🎬"
    assert clip.metadata["throughline"]["slate"] == "1A-1"


def test_black_is_where_the_film_fades() -> None:
    track = track_of(read_back(edl(cut(48, 48, transition=Transition.FADE)), "edl"), "Video")
    black = [item for item in track if item.schema_name() == "Clip" and item not in clips_of(track)]
    assert [lies(each) for each in black] == [(36, 48, 0, 12)]
