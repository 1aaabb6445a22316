"""The cut as an OpenTimelineIO timeline: one track of pictures, one of sound where there is any.

Schemas: OpenTimelineIO's serialized data, ``Timeline.1``, ``Track.1``, ``Clip.2``, ``Transition.1``. What is ours stands in the
metadata under ``throughline``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.cut import RATE, Cut, Transition
from bot.exporting.names import Named, named, one_line
from bot.exporting.spans import Span, spans

OURS = "throughline"
Data = dict[str, Any]


def otio(cut: Cut, names: Sequence[Named] | None = None) -> str:
    """The timeline as JSON; its media are named relative to it."""
    names = names or named(cut)
    tracks = [_track(cut, names, "Video")]
    if any(piece.has_sound for piece in cut.pieces):
        tracks.append(_track(cut, names, "Audio"))
    stack = _composition("Stack.1", "tracks", tracks)
    timeline = {"OTIO_SCHEMA": "Timeline.1", "name": _name(cut.title), "global_start_time": _time(0), "tracks": stack}
    ours = {OURS: {"transition": cut.transition.value, "rate": RATE, "frames": cut.frames}}
    whole = json.dumps(timeline | {"metadata": ours}, indent=2, ensure_ascii=False)
    return whole.encode("utf-8", "replace").decode("utf-8")  # lone surrogates have no UTF-8


def _track(cut: Cut, names: Sequence[Named], kind: str) -> Data:
    children: list[Data] = []
    for span, name in zip(spans(cut, middle=True), names, strict=True):
        if children and cut.lap:
            children.append(_transition(cut, span))
        heard = kind == "Video" or span.edit.piece.has_sound
        children.append(_clip(span, name) if heard else _gap(span))
    return _composition("Track.1", kind, children) | {"kind": kind}


def _composition(schema: str, name: str, children: list[Data]) -> Data:
    return _item(schema, name) | {"children": children}


def _item(schema: str, name: str, source_range: Data | None = None) -> Data:
    rest: Data = {"source_range": source_range, "effects": [], "markers": [], "enabled": True, "metadata": {}}
    return {"OTIO_SCHEMA": schema, "name": name, **rest}


def _clip(span: Span, name: Named) -> Data:
    piece = span.edit.piece
    media = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": name.base,
        "target_url": name.file,
        "available_range": _range(0, piece.frames),
        "available_image_bounds": None,
        "metadata": {},
    }
    said = {"slate": piece.slate, "scene": piece.scene, "words": piece.words, "take": piece.take, "reel": name.reel}
    ours = said | {"circled": piece.circled, "width": piece.width, "height": piece.height}
    return _item("Clip.2", _name(piece.slate), _range(span.source_in, span.frames)) | {
        "metadata": {OURS: ours},
        "media_references": {"DEFAULT_MEDIA": media},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _gap(span: Span) -> Data:
    return _item("Gap.1", "", _range(0, span.frames))


def _transition(cut: Cut, span: Span) -> Data:
    """Over the cut in front of that span: a dissolve's frames are shared there, a fade's lie on either side of it."""
    dissolves = cut.transition is Transition.DISSOLVE
    before = cut.lap // 2 if dissolves else cut.lap
    return {
        "OTIO_SCHEMA": "Transition.1",
        "name": "Dissolve" if dissolves else "Fade through black",
        "transition_type": "SMPTE_Dissolve" if dissolves else "Custom_Transition",
        "in_offset": _time(before),
        "out_offset": _time(cut.lap - before if dissolves else cut.lap),
        "metadata": {OURS: {"transition": cut.transition.value, "into": span.edit.piece.slate}},
    }


def _range(start: int, frames: int) -> Data:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start), "duration": _time(frames)}


def _time(frames: int) -> Data:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(RATE), "value": float(frames)}


def _name(text: str) -> str:
    return one_line(text)
