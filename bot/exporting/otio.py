"""The cut as an OpenTimelineIO timeline: one track of pictures, one of sound where there is any.

A fade through black is a dissolve to a gap and one from it, both in frames of the clips themselves.

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

OURS, GAP = "throughline", "Gap.1"
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
    dissolves = cut.transition is Transition.DISSOLVE
    fade = 0 if dissolves else cut.lap
    early = cut.lap // 2 if dissolves else 0
    children: list[Data] = []
    for span, name in zip(spans(cut, middle=True), names, strict=True):
        last = span.edit.number == len(names)
        item = _clip if kind == "Video" or span.edit.piece.has_sound else _gap
        _join(children, item(span.shortened(0 if last else fade), name), cut, early)
        if fade and not last:
            _join(children, _gap(span.shortened(span.frames - fade), name), cut, early)
    return _composition("Track.1", kind, children) | {"kind": kind}


def _join(children: list[Data], item: Data, cut: Cut, early: int) -> None:
    """Behind what is there, over a transition that begins `early` frames before the cut; nothing goes over into nothing."""
    if children and cut.lap and {children[-1]["OTIO_SCHEMA"], item["OTIO_SCHEMA"]} != {GAP}:
        children.append(_transition(cut, early))
    children.append(item)


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


def _gap(span: Span, _name: Named) -> Data:
    return _item(GAP, "", _range(0, span.frames))


def _transition(cut: Cut, early: int) -> Data:
    return {
        "OTIO_SCHEMA": "Transition.1",
        "name": cut.transition.value,
        "transition_type": "SMPTE_Dissolve",
        "in_offset": _time(early),
        "out_offset": _time(cut.lap - early),
        "metadata": {},
    }


def _range(start: int, frames: int) -> Data:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start), "duration": _time(frames)}


def _time(frames: int) -> Data:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(RATE), "value": float(frames)}


def _name(text: str) -> str:
    return one_line(text)
