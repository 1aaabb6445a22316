"""The cut as FCPXML 1.9: a project with its spine, for Final Cut Pro and whoever reads its exchange format.

Times are rational seconds. A dissolve lies over the cut in its middle, so both its clips keep frames that are not seen; a fade
through black belongs to the clips themselves, as it takes no frame of their neighbours. Order of elements: Apple's document type
definition (``asset-clip``: note, adjustments, markers, metadata).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.cut import RATE, Cut, Piece, Transition
from bot.exporting.names import Named, named, one_line
from bot.exporting.spans import Span, spans

VERSION = "1.9"
FRAME = f"100/{RATE * 100}s"
DISSOLVE = ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265")
CROSSFADE = ("Audio Crossfade", "FFAudioTransition")
"""Names and ids of Final Cut Pro's own effects, as its exports write them."""
STUDIO = "com.apple.proapps.studio."
NAME_MAX = 200
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, escaped or not."""


def fcpxml(cut: Cut, names: Sequence[Named] | None = None) -> str:
    """The document; its media are named relative to it."""
    names = names or named(cut)
    root = Element("fcpxml", version=VERSION)
    refs = _resources(SubElement(root, "resources"), cut, names)
    title = _name(cut.title)
    project = SubElement(SubElement(SubElement(root, "library"), "event", name=title), "project", name=title)
    sequence = SubElement(
        project,
        "sequence",
        {"format": refs[_screen(cut)], "duration": _time(cut.frames), "tcStart": "0s", "tcFormat": "NDF"},
        audioLayout="stereo",
        audioRate="48k",
    )
    _lay(SubElement(sequence, "spine"), cut, names, refs)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{tostring(root, "unicode")}\n'


def _resources(resources: Element, cut: Cut, names: Sequence[Named]) -> dict[str, str]:
    """Ids by what they stand for: a size, a file, an effect."""
    refs: dict[str, str] = {}
    for size in dict.fromkeys((_screen(cut), *map(_size, cut.pieces))):
        width, high = size.split("x")
        _resource(resources, refs, "format", size, frameDuration=FRAME, width=width, height=high)
    if cut.transition is Transition.DISSOLVE and cut.lap:
        for effect, uid in (DISSOLVE, CROSSFADE):
            _resource(resources, refs, "effect", effect, name=effect, uid=uid)
    for piece, name in zip(cut.pieces, names, strict=True):
        if name.file not in refs:
            sound = {"hasAudio": "1", "audioSources": "1", "audioChannels": "2", "audioRate": "48000"}
            known = {"name": _name(piece.slate), "start": "0s", "duration": _time(piece.frames), "hasVideo": "1"}
            known |= {"format": refs[_size(piece)], "videoSources": "1"} | (sound if piece.has_sound else {})
            asset = _resource(resources, refs, "asset", name.file, **known)
            SubElement(asset, "media-rep", kind="original-media", src=f"./{name.file}")
    return refs


def _resource(resources: Element, refs: dict[str, str], tag: str, key: str, **attributes: str) -> Element:
    refs[key] = f"r{len(refs) + 1}"
    return SubElement(resources, tag, {"id": refs[key], **attributes})


def _lay(spine: Element, cut: Cut, names: Sequence[Named], refs: dict[str, str]) -> None:
    for span, name in zip(spans(cut, middle=True), names, strict=True):
        if span.edit.lap:
            _dissolve(spine, span, refs)
        piece = span.edit.piece
        where = {"offset": _time(span.begins), "start": _time(span.source_in), "duration": _time(span.frames)}
        roles = {"videoRole": "video"} | (
            {"audioRole": "dialogue" if piece.spoken else "effects"} if piece.has_sound else {}
        )
        what = {"ref": refs[name.file], "name": _name(piece.slate), "format": refs[_size(piece)], "tcFormat": "NDF"}
        _annotate(SubElement(spine, "asset-clip", what | where | roles), cut, span, name)


def _dissolve(spine: Element, span: Span, refs: dict[str, str]) -> None:
    over = {"name": DISSOLVE[0], "offset": _time(span.edit.begins), "duration": _time(span.edit.lap)}
    transition = SubElement(spine, "transition", over)
    for tag, (name, _) in (("filter-video", DISSOLVE), ("filter-audio", CROSSFADE)):
        SubElement(transition, tag, ref=refs[name], name=name)


def _annotate(clip: Element, cut: Cut, span: Span, name: Named) -> None:
    """Words, fades, slate."""
    piece, edit = span.edit.piece, span.edit
    if words := _fit(piece.words).strip():
        SubElement(clip, "note").text = words
    if cut.transition is Transition.FADE and cut.lap:
        _fade(SubElement(clip, "adjust-blend", amount="1"), "1", cut, edit.number)
        if piece.has_sound:
            _fade(SubElement(clip, "adjust-volume", amount="0dB"), "0dB", cut, edit.number)
    mark = {"start": _time(span.source_in), "duration": _time(1), "value": _name(piece.slate)}
    SubElement(clip, "marker", mark | ({"note": short} if (short := one_line(words)) else {}))
    _studio(clip, (("reel", name.reel), ("scene", str(piece.scene)), ("shot", _name(piece.slate))))


def _fade(adjust: Element, value: str, cut: Cut, number: int) -> None:
    """In and out of black within the clip itself; the film's own two ends stay as they are."""
    param = SubElement(adjust, "param", name="amount", value=value)
    if number > 1:
        SubElement(param, "fadeIn", type="linear", duration=_time(cut.lap))
    if number < len(cut.pieces):
        SubElement(param, "fadeOut", type="linear", duration=_time(cut.lap))


def _studio(clip: Element, known: Iterable[tuple[str, str]]) -> None:
    metadata = SubElement(clip, "metadata")
    for key, value in known:
        SubElement(metadata, "md", key=f"{STUDIO}{key}", value=value)


def _screen(cut: Cut) -> str:
    """The size that most of its pieces have; of several such, the first."""
    sizes = Counter(map(_size, cut.pieces))
    return sizes.most_common(1)[0][0] if sizes else "1280x720"


def _size(piece: Piece) -> str:
    return f"{piece.width}x{piece.height}"


def _time(frames: int) -> str:
    return f"{frames}/{RATE}s" if frames else "0s"


def _name(text: str) -> str:
    return one_line(_fit(text))[:NAME_MAX] or "Throughline"


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)
