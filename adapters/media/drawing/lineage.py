"""How the takes of a shot came from one another: a tree of small stills, each with its slate and what was changed for it.

Read from the top: what was made from a take stands below it, straight below while there is but one, indented where
there are several. The line to the take that is asked about is bright. Runs in the worker only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
TRUNK, BEND, STUB = 14, 14, 24
MARGIN = 40
"""Between two columns."""


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


SIZES = (
    (4, Size(columns=1, still=180, gap=32, slate=60, words=30, lines=3, indent=64, stroke=5)),
    (8, Size(columns=1, still=128, gap=28, slate=48, words=28, lines=2, indent=56, stroke=5)),
    (16, Size(columns=2, still=128, gap=36, slate=44, words=24, lines=3, indent=40, stroke=4)),
    (MOST, Size(columns=2, still=92, gap=24, slate=36, words=22, lines=2, indent=32, stroke=4)),
)
"""How large things are for up to so many takes."""


@dataclass(frozen=True)
class Spot:
    """Where a branch's still stands."""

    column: int
    """Left edge of its column."""
    shift: int
    """How far it is indented."""
    top: int
    width: int
    high: int

    @property
    def left(self) -> int:
        """Left edge of the still."""
        return self.column + self.shift

    @property
    def middle(self) -> int:
        """From the top."""
        return self.top + self.high // 2


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write the tree: the fields of `bot.drawings.Lineage` with a file or None as each ``still``, ``into``. ``{width, height}``."""
    branches: Sequence[Mapping[str, Any]] = request["branches"][:MOST]
    size = next(size for most, size in SIZES if len(branches) <= most)
    stills = [_still(branch["still"], size.still) for branch in branches]
    spots = _spots(branches, stills, size)
    rows = -(-len(branches) // size.columns)
    canvas = Image.new("RGB", (WIDTH, HEAD + rows * size.pitch - size.gap + FOOT), ROOM)
    _heading(canvas, request)
    _lines(canvas, branches, spots, size)
    for branch, still, spot in zip(branches, stills, spots, strict=True):
        _hang(canvas, branch, still, spot)
        _tell(canvas, branch, spot, size)
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
    spots = []
    for number, (still, lane) in enumerate(zip(stills, _lanes(branches), strict=True)):
        column, row = divmod(number, rows)
        top = HEAD + row * size.pitch
        spots.append(
            Spot(EDGE + column * _column(size), lane * size.indent, top, still.width if still else usual, size.still)
        )
    return spots


def _column(size: Size) -> int:
    """Width of a column with its margin."""
    return (WIDTH - 2 * EDGE + MARGIN) // size.columns


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


def _lines(canvas: Image.Image, branches: Sequence[Mapping[str, Any]], spots: Sequence[Spot], size: Size) -> None:
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
    """Down, and round a corner to what is indented; from one column to the next by the foot and the head of the sheet."""
    draw, half = ImageDraw.Draw(canvas), size.stroke / 2
    top, trunk = above.top + above.high, below.column + above.shift + TRUNK
    if below.column != above.column:
        there = above.left + TRUNK
        draw.rectangle((there - half, top, there + half - 1, canvas.height - 1), fill=colour)
        top = HEAD - STUB
    if below.shift == above.shift:
        draw.rectangle((trunk - half, top, trunk + half - 1, below.top - 1), fill=colour)
        return
    draw.rectangle((trunk - half, top, trunk + half - 1, below.middle - BEND), fill=colour)
    angles = [math.pi / 2 * step / 12 for step in range(13)]
    bend = [(trunk + BEND * (1 - math.cos(a)), below.middle - BEND * (1 - math.sin(a))) for a in angles]
    ink.stroke(canvas, [(x - 0.5, y - 0.5) for x, y in bend], [size.stroke - 0.5] * len(bend), colour)
    draw.rectangle((trunk + BEND, below.middle - half, below.left - 1, below.middle + half - 1), fill=colour)


def _hang(canvas: Image.Image, branch: Mapping[str, Any], still: Image.Image | None, spot: Spot) -> None:
    """The still, or how the take stands where it has none; the one that is asked about in a bright frame."""
    canvas.paste(still or _blank(branch["state"], (spot.width, spot.high)), (spot.left, spot.top))
    if branch["shown"]:
        frame = (spot.left - 4, spot.top - 4, spot.left + spot.width + 3, spot.top + spot.high + 3)
        ImageDraw.Draw(canvas).rectangle(frame, outline=PAPER, width=6)


def _blank(state: str, size: tuple[int, int]) -> Image.Image:
    box = Image.new("RGB", size, ink.WELL)
    ImageDraw.Draw(box).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=ink.RULE)
    style = ink.sized(state, Style(PLAIN, 24, DIM), size[0] - 16, 18)
    words = ink.short(state, style, size[0] - 12)
    left = (size[0] - ink.measure(words, style.case, style.size)) / 2
    ink.text(box, (left, size[1] // 2 + round(style.size * ink.CAP / 2)), words, style)
    return box


def _tell(canvas: Image.Image, branch: Mapping[str, Any], spot: Spot, size: Size) -> None:
    """Slate, where else it was made, what is left out, what was changed."""
    left = spot.left + spot.width + 20
    room = spot.column + _column(size) - MARGIN - left
    slate = Style(STRONG, size.slate, PAPER if branch["shown"] else TEXT)
    baseline = spot.top + round(size.slate * ink.CAP) + 4
    end = ink.slate(canvas, (left - 2, baseline), branch["slate"], slate, circled=branch["circled"])
    aside = Style(PLAIN, max(20, size.words - 4), DIM)
    note = ink.short("  ".join(filter(None, (branch["note"], branch["more"]))), aside, room - (end - left) - 20)
    ink.text(canvas, (end + 20, baseline), note, aside)
    words = Style(VERBATIM if branch["verbatim"] else PLAIN, size.words, TEXT if branch["verbatim"] else DIM)
    for line in ink.lines(branch["words"], words, room, size.lines):
        baseline += round(size.words * 1.3)
        ink.text(canvas, (left, baseline + 8), line, words)
