"""FCPXML: what Apple's definition asks for, and that no text breaks it."""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from bot.cut import Cut, Spoken, Transition
from bot.exporting.fcpxml import fcpxml
from tests.bot.exporting.films import HOSTILE, cut, cuts, piece

ORDER = ("note", "adjust-blend", "adjust-volume", "marker", "metadata")
"""Of a clip's children, as the definition has it."""


def spine_of(text: str) -> list[Element]:
    """What lies on the spine."""
    spine = fromstring(text).find("./library/event/project/sequence/spine")
    assert spine is not None
    return list(spine)


def frames(time: str | None) -> int:
    """A rational time as frames."""
    whole = Fraction((time or "0s").removesuffix("s")) * 24
    assert whole.denominator == 1
    return int(whole)


def test_a_project_with_its_media_beside_it() -> None:
    root = fromstring(fcpxml(cut(96, 48)))
    assert root.attrib == {"version": "1.9"}
    assert [each.tag for each in root] == ["resources", "library"]
    assert [each.get("src") for each in root.iter("media-rep")] == ["./clips/1A-1.mp4", "./clips/1B-1.mp4"]
    sequence = root.find("./library/event/project/sequence")
    assert sequence is not None
    assert (frames(sequence.get("duration")), sequence.get("tcStart"), sequence.get("tcFormat")) == (144, "0s", "NDF")
    clips = spine_of(fcpxml(cut(96, 48)))
    assert [(each.get("name"), frames(each.get("offset")), frames(each.get("duration"))) for each in clips] == [
        ("1A-1", 0, 96),
        ("1B-1", 96, 48),
    ]


def test_a_dissolve_lies_over_the_middle_of_what_is_shared() -> None:
    first, lap, second = spine_of(fcpxml(cut(96, 49, transition=Transition.DISSOLVE)))
    assert (lap.tag, lap.get("name"), frames(lap.get("offset")), frames(lap.get("duration"))) == (
        "transition",
        "Cross Dissolve",
        84,
        12,
    )
    assert (frames(first.get("start")), frames(first.get("duration"))) == (0, 90)
    assert [frames(second.get(key)) for key in ("offset", "start", "duration")] == [90, 6, 43]


def test_a_fade_belongs_to_the_clips_and_the_film_keeps_its_ends() -> None:
    def fades(clip: Element) -> list[tuple[str, str, int]]:
        return [
            (adjust.tag, fade.tag, frames(fade.get("duration")))
            for adjust in clip
            for fade in adjust.iter()
            if fade.tag.startswith("fade")
        ]

    clips = spine_of(fcpxml(cut(96, 48, 50, transition=Transition.FADE)))
    assert [[(tag, length) for adjust, tag, length in fades(clip) if adjust == "adjust-blend"] for clip in clips] == [
        [("fadeOut", 12)],
        [("fadeIn", 12), ("fadeOut", 12)],
        [("fadeIn", 12)],
    ]
    assert ("adjust-volume", "fadeIn", 12) in fades(clips[1])


def test_the_words_stand_in_the_note_and_the_slate_on_the_marker() -> None:
    words = "一个老人\nwalks & <waits> 🎬"
    clip = spine_of(fcpxml(Cut("Film", (piece("2B-3", scene=2, words=words),))))[0]
    assert clip.findtext("note") == words
    marker = clip.find("marker")
    assert marker is not None
    assert (marker.get("value"), marker.get("note")) == ("2B-3", "一个老人 walks & <waits> 🎬")
    studio = {each.get("key", "").rpartition(".")[2]: each.get("value") for each in clip.iter("md")}
    assert studio == {"reel": "2B-3", "scene": "2", "shot": "2B-3"}


def test_roles_say_who_is_heard() -> None:
    said = (Spoken(0, 1, "Hello."),)
    pieces = (piece("1A-1", spoken=said), piece("1B-1"), piece("1C-1", has_sound=False))
    clips = spine_of(fcpxml(Cut("Film", pieces)))
    assert [(clip.get("videoRole"), clip.get("audioRole")) for clip in clips] == [
        ("video", "dialogue"),
        ("video", "effects"),
        ("video", None),
    ]


def test_the_screen_is_what_most_clips_are() -> None:
    tall = {"width": 720, "height": 1280}
    root = fromstring(fcpxml(Cut("Film", (piece("1A-1"), piece("1B-1", **tall), piece("1C-1", **tall)))))
    sizes = {each.get("id"): each.get("width") for each in root.iter("format")}
    sequence = root.find("./library/event/project/sequence")
    assert sequence is not None
    assert sizes[sequence.get("format")] == "720"
    assert [sizes[clip.get("format")] for clip in root.iter("asset-clip")] == ["1280", "720", "720"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_it(text: str) -> None:
    root = fromstring(fcpxml(Cut(text, (piece(text, words=text),))))
    assert len(list(root.iter("asset-clip"))) == 1
    assert all(name for each in root.iter("project") if (name := each.get("name")) is not None)


@given(film=cuts)
@settings(max_examples=50, deadline=None)
def test_every_reference_is_there_and_the_spine_has_no_hole(film: Cut) -> None:
    text = fcpxml(film)
    root = fromstring(text)
    ids = [each.get("id") for each in root.findall("./resources/*")]
    assert len(ids) == len(set(ids))
    assert {each.get("ref") for each in root.iter() if each.get("ref")} <= set(ids)
    assert {each.get("format") for each in root.iter() if each.get("format")} <= set(ids)
    at = 0
    for item in spine_of(text):
        begins, length = frames(item.get("offset")), frames(item.get("duration"))
        if item.tag == "transition":
            assert begins <= at <= begins + length
            continue
        assert begins == at
        assert length > 0
        at += length
        assert [child.tag for child in item] == sorted((child.tag for child in item), key=ORDER.index)
    assert at == film.frames
