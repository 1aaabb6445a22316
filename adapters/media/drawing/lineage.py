"""How the takes of a shot came from one another: a tree of small stills, each with its slate and what was changed for it.

Read from the top: what was made from a take stands below it, straight below while there is but one, indented where
there are several. The line to the take that is asked about is bright. Runs in the worker only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, UnidentifiedImageError

from adapters.media.drawing import ink
from adapters.media.drawing.ink import DIM, PAPER, PLAIN, ROOM, STRONG, TEXT, VERBATIM, Colour, Style

WIDTH, EDGE, HEAD = 1200, 40, 120
FOOT = 36
LINE: Colour = (0x73, 0x73, 0x73)
DEEPEST = 6
"""So many steps are indented; deeper ones stand below each other."""
MOST = 64


@dataclass(frozen=True)
class Size:
    """How large things are, in pixels."""

    columns: int
    still: int
    """Height of a still."""
    gap: int
    """Between two stills, one above the other."""
    slate: int
    words: int
    lines: int
    indent: int
    stroke: int

    @property
    def pitch(self) -> int:
        """From one still to the next below it."""
        return self.still + self.gap


LARGE = Size(columns=1, still=180, gap=32, slate=60, words=30, lines=3, indent=64, stroke=5)
MIDDLE = Size(columns=2, still=128, gap=28, slate=44, words=24, lines=3, indent=40, stroke=4)
SMALL = Size(columns=2, still=92, gap=24, slate=36, words=22, lines=2, indent=32, stroke=4)


@dataclass(frozen=True)
class Spot:
    """Where a branch's still stands."""

    column: int
    left: int
    top: int
    width: int
    high: int

    @property
    def trunk(self) -> int:
        """Where the line goes down from it, from the left."""
        return self.left + 20

    @property
    def middle(self) -> int:
        """From the top."""
        return self.top + self.high // 2


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write the tree: the fields of `bot.drawings.Lineage` with a file or None as each ``still``, ``into``. ``{width, height}``."""
    branches: Sequence[Mapping[str, Any]] = request["branches"][:MOST]
    size = LARGE if len(branches) <= 5 else MIDDLE if len(branches) <= 16 else SMALL
    stills = [_still(branch["still"], size.still) for branch in branches]
    spots = _spots(branches, stills, size)
    rows = -(-len(branches) // size.columns)
    canvas = Image.new("RGB", (WIDTH, HEAD + rows * size.pitch - size.gap + FOOT), ROOM)
    _heading(canvas, request)
    _lines(canvas, branches, spots, size)
    for branch, still, spot in zip(branches, stills, spots, strict=True):
        _hang(canvas, branch, still, spot, size)
        _tell(canvas, branch, spot, size, _text_left(spots, spot, size))
    return ink.save(canvas, request["into"])


def _still(file: str | None, high: int) -> Image.Image | None:
    """The still that high; None where it cannot be had."""
    if file is None:
        return None
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as opened:
            opened.draft("RGB", (4 * high, high))
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    wide = round(high * min(2.4, max(0.5, picture.width / picture.height)))
    return ink.boxed(picture, (wide, high))


def _spots(branches: Sequence[Mapping[str, Any]], stills: Sequence[Image.Image | None], size: Size) -> list[Spot]:
    rows = -(-len(branches) // size.columns)
    usual = next((still.width for still in stills if still), round(size.still * 16 / 9))
    column_width = (WIDTH - 2 * EDGE + 32) // size.columns
    spots = []
    for number, (still, lane) in enumerate(zip(stills, _lanes(branches), strict=True)):
        column, row = divmod(number, rows)
        left = EDGE + column * column_width + lane * size.indent
        spots.append(Spot(column, left, HEAD + row * size.pitch, still.width if still else usual, size.still))
    return spots


def _lanes(branches: Sequence[Mapping[str, Any]]) -> list[int]:
    """How far each is indented: as its parent where it is an only child, else one step more."""
    children = [branch["parent"] for branch in branches]
    lanes: list[int] = []
    for branch in branches:
        above = branch["parent"]
        lanes.append(0 if above is None else min(DEEPEST, lanes[above] + (children.count(above) > 1)))
    return lanes


def _heading(canvas: Image.Image, request: Mapping[str, Any]) -> None:
    count = Style(PLAIN, 26, DIM)
    wide = ink.measure(request["count"], count.case, count.size)
    ink.text(canvas, (WIDTH - EDGE, 76), request["count"], count, right=True)
    end = ink.text(canvas, (EDGE - 2, 76), request["shot"], Style(STRONG, 64, PAPER))
    title = Style(PLAIN, 30, TEXT)
    room = WIDTH - EDGE - wide - 40 - (end + 24)
    ink.text(canvas, (end + 24, 76), ink.short(request["title"], title, room), title)


def _lines(
    canvas: Image.Image, branches: Sequence[Mapping[str, Any]], spots: Sequence[Spot], size: Size
) -> None:
    """From each take to those made from it; the bright ones last, so that they lie on top."""
    bright = _ways(branches)
    for number in sorted(range(len(branches)), key=lambda each: each in bright):
        above = branches[number]["parent"]
        if above is not None:
            colour = PAPER if number in bright else LINE
            _line(canvas, spots[above], spots[number], size, colour)


def _ways(branches: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """The take that is asked about, and all it came from."""
    at = next((number for number, branch in enumerate(branches) if branch["shown"]), None)
    found = []
    while at is not None:
        found.append(at)
        at = branches[at]["parent"]
    return frozenset(found)


def _line(canvas: Image.Image, above: Spot, below: Spot, size: Size, colour: Colour) -> None:
    """Down, round a corner, and to the still; from one column to the next by its foot and its head."""
    draw, half = ImageDraw.Draw(canvas), size.stroke / 2
    shift = below.trunk - below.left if below.left == _column_left(above, below, size) else None
    trunk = below.left + (above.trunk - above.left) if shift is not None else _corner_trunk(above, below, size)
    top = above.top + above.high
    if below.column != above.column:
        draw.rectangle((above.trunk - half, top, above.trunk + half - 1, canvas.height - 1), fill=colour)
        top = HEAD - 16
    if shift is not None:
        draw.rectangle((trunk - half, top, trunk + half - 1, below.top - 1), fill=colour)
        return
    draw.rectangle((trunk - half, top, trunk + half - 1, below.middle - 12), fill=colour)
    bend = [(trunk + 12 - 12 * _cos(n), below.middle - 12 + 12 * _sin(n)) for n in range(13)]
    ink.stroke(canvas, bend, [size.stroke] * len(bend), colour)
    draw.rectangle((trunk + 12, below.middle - half, below.left - 1, below.middle + half - 1), fill=colour)
