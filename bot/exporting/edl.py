"""The cut as a CMX 3600 edit decision list: plain ASCII that every editing system since tape reads.

An event is a line: number, reel, tracks, transition, then four timecodes: source in and out, record in and out. A dissolve is
an event of two lines: where the picture comes from, with no length, and where it goes, with the dissolve's frames; those belong
to what comes. A fade through black dissolves to the reel ``BL`` and from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.cut import Cut, Transition, timecode
from bot.exporting.names import Named, named, plain
from bot.exporting.spans import Span, spans

TITLE_MAX, WORDS_MAX = 70, 240
BLACK = "BL"
SOUND, PICTURE, BOTH = "AA", "V", "AA/V"


@dataclass(frozen=True)
class _Side:
    """A clip, or black, from a frame of its own on."""

    reel: str
    name: str
    at: int
    has_sound: bool
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Event:
    comes: _Side
    begins: int
    frames: int
    """Of the film."""
    goes: _Side | None = None
    """What it comes out of, if not by a cut."""
    lap: int = 0
    tracks: str = PICTURE


def edl(cut: Cut, names: Sequence[Named] | None = None, *, hour: int = 0) -> str:
    """The list. `names`: of the pieces; `hour`: at which its record timecode begins."""
    events = [part for event in _events(cut, names or named(cut)) for part in _tracks(event)]
    lines = [f"TITLE: {plain(cut.title, TITLE_MAX) or 'THROUGHLINE'}", "FCM: NON-DROP FRAME"]
    for number, event in enumerate(events, 1):
        lines += ["", *_lines(number, event, hour)]
    return "\n".join((*lines, ""))


def _events(cut: Cut, names: Sequence[Named]) -> Iterator[_Event]:
    laid = spans(cut, middle=False)
    fade = cut.lap if cut.transition is Transition.FADE else 0
    for number, (span, name) in enumerate(zip(laid, names, strict=True)):
        comes = _side(span, name)
        goes = None
        if number and cut.lap:
            before = laid[number - 1]
            goes = replace(_side(before, names[number - 1]), at=before.source_out)
            goes = _black(goes) if fade else goes
        last = number == len(laid) - 1
        frames = span.frames - (0 if last else fade)
        yield _Event(comes, span.begins, frames, goes, cut.lap if goes else 0)
        if fade and not last:
            leaves = replace(comes, at=span.source_in + frames)
            yield _Event(_black(comes), span.begins + frames, fade, leaves, fade)


def _side(span: Span, name: Named) -> _Side:
    piece = span.edit.piece
    said = ("SLATE", piece.slate), ("WORDS", piece.words), ("SOURCE FILE", name.file)
    comments = tuple(f"* {label}: {text}" for label, words in said if (text := plain(words, WORDS_MAX)))
    return _Side(name.reel, name.base, span.source_in, piece.has_sound, comments)


def _black(clip: _Side) -> _Side:
    """Black beside that clip: as silent as it."""
    return _Side(BLACK, "BLACK", 0, clip.has_sound)


def _tracks(event: _Event) -> Iterator[_Event]:
    """The event with its tracks; sound that comes where there was none cannot dissolve, so it is cut in beside the picture."""
    alone = event.goes is not None and not event.goes.has_sound
    yield replace(event, tracks=BOTH if event.comes.has_sound and not alone else PICTURE)
    if event.comes.has_sound and alone:
        yield replace(event, goes=None, lap=0, tracks=SOUND, comes=replace(event.comes, comments=()))


def _lines(number: int, event: _Event, hour: int) -> Iterator[str]:
    begins, comes, goes = event.begins, event.comes, event.goes
    record = timecode(begins, hour=hour), timecode(begins + event.frames, hour=hour)
    if goes:
        still = timecode(goes.at)
        yield _line(number, goes, event.tracks, "C", still, still, record[0], record[0])
    kind = f"D    {event.lap:03}" if goes else "C"
    yield _line(number, comes, event.tracks, kind, timecode(comes.at), timecode(comes.at + event.frames), *record)
    yield f"* FROM CLIP NAME: {goes.name if goes else comes.name}"
    if goes:
        yield f"* TO CLIP NAME: {comes.name}"
    yield from comes.comments


def _line(number: int, side: _Side, tracks: str, kind: str, *times: str) -> str:
    return f"{number:03}  {side.reel:<8} {tracks:<5} {kind:<8} {' '.join(times)}"
