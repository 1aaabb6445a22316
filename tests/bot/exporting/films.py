"""Cuts to export: small ones by hand, hostile ones by chance."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from typing import Any

from hypothesis import strategies as st

from bot.cut import Cut, Piece, Spoken, Transition
from bot.film import Slate
from tests.needs import require

ADAPTERS = {"edl": "cmx_3600", "fcpxml": "fcpx_xml", "otio": "otio_json"}
PACKAGES = ("opentimelineio", "otio_cmx3600_adapter", "otio_fcpx_xml_adapter")
HOSTILE = (
    "",
    "1A-2",
    "1a-2",
    "BL",
    "CON",
    "../../etc/passwd",
    "东京的雨夜",
    "café — “noir”",
    "x" * 300,
    "TITLE: 001  BL V C\n* FROM CLIP NAME: other",
    "]]></note><spine/>&amp;<b>",
    "bell \x07, line \u2028, lone \ud800, 🎬",
)


def piece(slate: str = "1A-1", frames: int = 48, **known: Any) -> Piece:
    """A take in the film, `frames` long."""
    return Piece(
        **{
            "take": f"take-{slate}",
            "slate": slate,
            "scene": 1,
            "words": "An old man walks into the library.",
            "clip": f"digest-{slate}",
            "frames": frames,
            "width": 1280,
            "height": 720,
            **known,
        }
    )


def cut(*frames: int, transition: Transition = Transition.CUT, title: str = "The Lamp") -> Cut:
    """Shots 1A, 1B, … of these lengths."""
    pieces = (piece(str(Slate(1, number, 1)), length) for number, length in enumerate(frames))
    return Cut(title, tuple(pieces), transition)


_text = st.sampled_from(HOSTILE) | st.text(max_size=20)
_spoken = st.builds(
    Spoken, begins=st.floats(-1, 90), ends=st.floats(-1, 90), words=_text, who=st.sampled_from(("", "Mara", "a > b"))
)
_pieces = st.builds(
    Piece,
    take=st.sampled_from(("", "t1", "t2")),
    slate=_text,
    scene=st.integers(1, 3),
    words=_text,
    clip=st.sampled_from(("d1", "d2", "d3")),
    frames=st.integers(1, 2000),
    width=st.sampled_from((1280, 720)),
    height=st.just(720),
    has_sound=st.booleans(),
    spoken=st.lists(_spoken, max_size=3).map(tuple),
)
cuts = st.builds(Cut, _text, st.lists(_pieces, min_size=1, max_size=60).map(tuple), st.sampled_from(Transition))
"""Films of 1 to 60 pieces with hostile names and any transition."""


def read_back(text: str, kind: str) -> Any:
    """An independent reader's view of ``edl``, ``fcpxml`` or ``otio``: OpenTimelineIO's timeline."""
    require(all(map(importlib.util.find_spec, PACKAGES)), "OpenTimelineIO with its EDL and FCPXML adapters")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its old adapters warn of themselves
        library = importlib.import_module("opentimelineio")
        found = library.adapters.read_from_string(text, ADAPTERS[kind])
    return found if isinstance(found, library.schema.Timeline) else found[0]


def frames_of(times: Any) -> tuple[int, int]:
    """A range as its first frame and the first behind it."""
    start, length = times.start_time.value, times.duration.value
    assert times.start_time.rate == times.duration.rate == 24
    assert start == int(start)
    assert length == int(length)
    return int(start), int(start + length)
