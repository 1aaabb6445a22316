"""The shot card: three frames of a take, its colours, its slate, its words, and how it was looked at. Runs in the worker only.

A wide clip leads with its middle frame; any other stands as a triptych. The panel below is the same for all: left the
slate over the production's title, then the words (typewriter: they reached the model byte for byte) over lens, light and
move, right what filmed it and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from adapters.media.drawing import ink
from adapters.media.drawing.frames import Frames, frames
from adapters.media.drawing.ink import DIM, PAPER, PLAIN, ROOM, STRONG, VERBATIM, Style
from adapters.media.drawing.palette import colours, strip
from bot.errors import MediaFault

WIDE, NARROW = 1200, 1000
"""Widths of a card: for clips that are wide or square, and for those that are taller."""
LEAD = (800, 450)
GAP, EDGE, STRIP, FOOT = 4, 40, 28, 32
LEADS = 1.5
"""From this ratio of width to height on, the middle frame leads."""
TALLEST, WIDEST = 0.5, 1.5

LABEL = Style(PLAIN, 22, PAPER)
LABEL_AT = 0.89
"""Baseline of a frame's name in shares of its height: above the bar that an animatic has at its foot."""
SLATE = Style(STRONG, 104, PAPER)
SLATE_LEAST = 44
TITLE, NAME, FACT = Style(PLAIN, 24, DIM), Style(PLAIN, 22, DIM), Style(PLAIN, 24, DIM)
WORDS = Style(VERBATIM, 30, PAPER)
VALUES = tuple(Style(PLAIN, size, PAPER) for size in (30, 28, 26, 24))
"""The largest in which lens, light and move fit side by side."""
COLUMN_GAP = 32


@dataclass(frozen=True)
class Panel:
    """Where things stand under the frames, in pixels from its top."""

    top: int
    width: int
    high: int
    stacked: bool
    """Too narrow for the facts beside lens, light and move: they stand in a line of their own."""


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write the card: the fields of `bot.drawings.ShotCard`, ``clip`` (a file or None), ``into``. ``{width, height}``."""
    stills = _frames(request["clip"])
    ratio = _ratio(stills, request["ratio"])
    canvas, panel = _laid_out(ratio)
    _hang(canvas, stills, ratio, request["moments"])
    if stills is not None:
        canvas.paste(strip(colours(stills.all), (canvas.width, STRIP)), (0, panel.top - STRIP))
    left = _name(canvas, panel, request)
    _tell(canvas, panel, left, request)
    return ink.save(canvas, request["into"])


def _frames(clip: str | None) -> Frames | None:
    """None where the clip is gone or nothing of it can be decoded: the card is drawn with empty frames."""
    if clip is None:
        return None
    try:
        return frames(clip, LEAD[0])
    except MediaFault:
        return None


def _ratio(stills: Frames | None, ratio: float) -> float:
    if stills is not None:
        return stills.first.width / stills.first.height
    return ratio or 16 / 9


def _laid_out(ratio: float) -> tuple[Image.Image, Panel]:
    width = WIDE if ratio >= 1 else NARROW
    stacked = width < WIDE
    top = _frames_high(ratio, width) + GAP + STRIP
    high = 240 if stacked else 193
    return Image.new("RGB", (width, top + high), ROOM), Panel(top, width, high, stacked)


def _frames_high(ratio: float, width: int) -> int:
    if ratio >= LEADS:
        return LEAD[1]
    return round((width - 2 * GAP) / 3 / min(WIDEST, max(TALLEST, ratio)))


def _hang(canvas: Image.Image, stills: Frames | None, ratio: float, moments: Sequence[str]) -> None:
    """The frames in their places, each under its name."""
    first, middle, last = stills.all if stills else (None, None, None)
    for picture, words, box in zip((first, middle, last), moments, _places(ratio, canvas.width), strict=True):
        canvas.paste(ink.boxed(picture, (box[2], box[3])), (box[0], box[1]))
        ink.on_still(canvas, (box[0] + 16, box[1] + round(box[3] * LABEL_AT)), words, LABEL)


def _places(ratio: float, width: int) -> tuple[tuple[int, int, int, int], ...]:
    """Left, top, width and height of the first, the middle and the last frame."""
    high = _frames_high(ratio, width)
    if ratio >= LEADS:
        beside, half = LEAD[0] + GAP, (high - GAP) // 2
        small = (width - beside, half)
        return ((beside, 0, *small), (0, 0, *LEAD), (beside, high - half, *small))
    third = (width - 2 * GAP) // 3
    return ((0, 0, third, high), (third + GAP, 0, third, high), (width - third, 0, third, high))


def _name(canvas: Image.Image, panel: Panel, request: Mapping[str, Any]) -> int:
    """Slate and title at the left; where the next column begins."""
    style = ink.sized(request["slate"], SLATE, 320, SLATE_LEAST)
    baseline = panel.top + 28 + round(SLATE.size * ink.CAP)
    end = ink.slate(canvas, (EDGE - 4, baseline), request["slate"], style, circled=request["circled"])
    left = max(300, min(400, round(end / 4) * 4 + 48))
    title = ink.short(request["title"], TITLE, left - EDGE - 24)
    ink.text(canvas, (EDGE, panel.top + panel.high - FOOT), title, TITLE)
    return left


def _tell(canvas: Image.Image, panel: Panel, left: int, request: Mapping[str, Any]) -> None:
    room = panel.width - EDGE - left
    for number, line in enumerate(ink.lines(request["words"], WORDS, room, 2)):
        ink.text(canvas, (left, panel.top + 44 + number * 36), line, WORDS)
    bottom = panel.top + panel.high - FOOT
    facts = request["facts"]
    if panel.stacked:
        ink.text(
            canvas, (panel.width - EDGE, bottom), ink.short(request["comma"].join(facts), FACT, room), FACT, right=True
        )
        _columns(canvas, (left, bottom - 44), room, request["looked"])
        return
    wide = max((ink.measure(fact, FACT.case, FACT.size) for fact in facts), default=0)
    for number, fact in enumerate(reversed(facts[:2])):
        ink.text(canvas, (panel.width - EDGE, bottom - number * 38), fact, FACT, right=True)
    _columns(canvas, (left, bottom), room - wide - 40, request["looked"])


def _columns(canvas: Image.Image, at: tuple[int, int], room: float, looked: Sequence[tuple[str, str]]) -> None:
    """Name over value, side by side; long values share what room short ones leave."""
    room -= COLUMN_GAP * (len(looked) - 1)
    wishes, value = _fitting(looked, room)
    left: float = at[0]
    for (name, words), width in zip(looked, _shared(wishes, room), strict=True):
        ink.text(canvas, (left, at[1] - 38), ink.short(name, NAME, width + 1), NAME)
        ink.text(canvas, (left, at[1]), ink.short(words, value, width + 1), value)
        left += width + COLUMN_GAP


def _fitting(looked: Sequence[tuple[str, str]], room: float) -> tuple[list[float], Style]:
    """How wide each column would be, and the style of its value."""
    wishes, value = [0.0], VALUES[0]
    for value in VALUES:
        wishes = [max(_wide(name, NAME), _wide(words, value)) for name, words in looked]
        if sum(wishes) <= room:
            break
    return wishes, value


def _wide(words: str, style: Style) -> float:
    return ink.measure(words, style.case, style.size)


def _shared(wishes: Sequence[float], room: float) -> list[float]:
    """Each gets what it wishes while there is room; the greedy ones share the rest evenly."""
    widths = [0.0] * len(wishes)
    left = room
    for place, (index, wish) in enumerate(sorted(enumerate(wishes), key=lambda pair: pair[1])):
        widths[index] = min(wish, left / (len(wishes) - place))
        left -= widths[index]
    return widths
