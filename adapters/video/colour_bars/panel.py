"""The words on the slate: large and still where they fit, smaller where not, and moving only when nothing else helps.

The whole prompt stands there, part by part, in the order in which it is sent. What is verbatim is set in typewriter, our
labels are not. In order of preference: the member's own parts large and ours small; all in one size; scrolling slowly;
page by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from adapters.type.typesetting import (
    AMBER,
    DIM,
    PAPER,
    ROOM,
    RULE,
    STRONG,
    TEXT,
    VERBATIM,
    Colour,
    Line,
    Style,
    draw_text,
    wrap,
)
from adapters.video.colour_bars.bars import Planes, planes
from bot.brief import Brief, Part, PartName

NAMES = {
    PartName.SPINE: "spine",
    PartName.CARRIED: "carried over",
    PartName.WORDS: "your words",
    PartName.CHANGE: "change",
}
"""Names of the parts as the product's pages have them; the rest is called as in the brief."""
NOT_THE_MEMBERS = (PartName.SPINE, PartName.CARRIED)
LARGE = (72, 64, 58, 52, 48, 44, 40, 36, 32, 28)
OURS_SIZE = 20
SMALL = (26, 24, 22, 20)
PAGED = (22, 20, 18, 16, 14, 12)
LABEL = Style(STRONG, 18, DIM)
GAP = 24
FASTEST = 4
"""Pixels a frame that can still be read at 24 frames a second."""
PAGE_FRAMES = 18
LONG = 1500
"""Characters from which trying the large sizes is a waste of time."""
MANY_BREAKS = 120
"""Line breaks from which they are shown as signs: sixteen thousand empty lines are no help to a reader."""
FADE = 24


@dataclass(frozen=True)
class Block:
    """A labelled text."""

    label: str
    lines: tuple[Line, ...]

    @property
    def height(self) -> int:
        """In even pixels, with the gap below."""
        return 28 + sum(line.style.leading for line in self.lines) + GAP


class Panel:
    """Gives, for each frame, the piece of the words to be seen. Sizes in pixels, all even."""

    def __init__(self, brief: Brief, width: int, height: int, frames: int) -> None:
        self._height, self._frames = height, frames
        blocks = _still(brief, width, height)
        self._tops: list[int] = [0]
        self._speed = 0
        if not blocks:
            blocks = _scrolling(brief, width, height, frames)
            self._speed = _speed(blocks, height, frames) if blocks else 0
        if not blocks:
            blocks, self._tops = _paged(brief, width, height, frames)
        self._strip = _draw(blocks, width, height)

    @property
    def moves(self) -> bool:
        """Whether it has to be drawn more than once."""
        return self._speed > 0 or len(self._tops) > 1

    def at(self, number: int) -> Planes:
        """The piece for frame `number`, from 0."""
        if self._speed:
            furthest = self._strip.height - self._height
            hold = self._frames // 8
            top = min(max(0, number - hold) * self._speed, furthest) // 2 * 2
            return _soft_edges(self._strip.rows(top, top + self._height), above=top > 0, below=top < furthest - 1)
        page = min(number * len(self._tops) // self._frames, len(self._tops) - 1)
        top = self._tops[page]
        end = self._tops[page + 1] if page + 1 < len(self._tops) else self._strip.height
        shown = Planes.blank(self._strip.width, self._height)
        shown.luma[:] = self._strip.luma[-1, 0]
        shown.paste(self._strip.rows(top, min(end, top + self._height)), 0, 0)
        return shown

    def where(self, number: int) -> tuple[float, float] | None:
        """What share of the words is in sight (from, to), 0..1; None when all of them are."""
        if not self.moves:
            return None
        if self._speed:
            furthest = self._strip.height - self._height
            top = min(max(0, number - self._frames // 8) * self._speed, furthest)
            return top / self._strip.height, (top + self._height) / self._strip.height
        page = min(number * len(self._tops) // self._frames, len(self._tops) - 1)
        return page / len(self._tops), (page + 1) / len(self._tops)


def _soft_edges(piece: Planes, *, above: bool, below: bool) -> Planes:
    """Lines come and go softly where there is more."""
    dark = float(piece.luma.min())
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)[:, None]
    if above:
        piece.luma[:FADE] = dark + (piece.luma[:FADE] - dark) * ramp
    if below:
        piece.luma[-FADE:] = dark + (piece.luma[-FADE:] - dark) * ramp[::-1]
    return piece


def _still(brief: Brief, width: int, height: int) -> list[Block]:
    """Blocks that fit at once, as large as they can be; none if they do not."""
    if len(brief.text) > 3 * LONG:
        return []
    if len(brief.text) <= LONG:
        for size in LARGE:
            blocks = _ranked(brief, width, size)
            if _height(blocks) <= height:
                return blocks
    for size in SMALL:
        blocks = _whole(brief, width, size)
        if _height(blocks) <= height:
            return blocks
    return []


def _scrolling(brief: Brief, width: int, height: int, frames: int) -> list[Block]:
    for size in SMALL:
        blocks = _whole(brief, width, size)
        if _speed(blocks, height, frames) <= FASTEST:
            return blocks
    return []


def _speed(blocks: list[Block], height: int, frames: int) -> int:
    """Pixels a frame that show everything, with a rest at both ends; even, as chroma is, so that it moves smoothly."""
    moving = max(1, frames - 2 * (frames // 8))
    return -(-(_height(blocks) - height) // (2 * moving)) * 2


def _paged(brief: Brief, width: int, height: int, frames: int) -> tuple[list[Block], list[int]]:
    """Blocks and the rows at which pages begin: the largest type that leaves each page time to be read."""
    for size in PAGED:
        blocks = _whole(brief, width, size)
        tops = _page_tops(blocks, height)
        if len(tops) * PAGE_FRAMES <= frames:
            break
    return blocks, tops


def _page_tops(blocks: list[Block], height: int) -> list[int]:
    tops = [0]
    for top, bottom in _rows(blocks):
        if bottom - tops[-1] > height:
            tops.append(top)
    return tops


def _rows(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """Top and bottom of everything that a page may not cut; a label stays with its first line."""
    at = 0
    for block in blocks:
        top, at = at, at + 28
        for line in block.lines:
            at += line.style.leading
            yield top, at
            top = at
        at += GAP


def _ranked(brief: Brief, width: int, size: int) -> list[Block]:
    """Every part, in the order in which it is sent: the member's own large, ours small."""
    return [_block(part, Style(VERBATIM, _ours_or(size, part), _colour(part.name)), width) for part in brief.parts]


def _ours_or(size: int, part: Part) -> int:
    return min(size, OURS_SIZE) if part.name in NOT_THE_MEMBERS else size


def _whole(brief: Brief, width: int, size: int) -> list[Block]:
    """Every part, in the order in which it is sent, in one size."""
    return [_block(part, Style(VERBATIM, size, _colour(part.name)), width) for part in brief.parts]


def _colour(name: PartName) -> Colour:
    if name is PartName.CHANGE:
        return AMBER
    return TEXT if name in NOT_THE_MEMBERS else PAPER


def _block(part: Part, style: Style, width: int) -> Block:
    text = part.text
    if text.count("\n") > MANY_BREAKS:
        text = text.replace("\n", " ⏎ ")
    return Block(NAMES.get(part.name, part.name.value), tuple(wrap(text, style, width)))


def _height(blocks: list[Block]) -> int:
    return sum(block.height for block in blocks) - GAP


def _draw(blocks: list[Block], width: int, height: int) -> Planes:
    """All blocks on the room's dark, at least `height` high."""
    picture = Image.new("RGB", (width, max(height, _height(blocks) + 2) // 2 * 2), ROOM)
    draw = ImageDraw.Draw(picture)
    at = 0
    for number, block in enumerate(blocks):
        if number:
            draw.line((0, at - GAP // 2, width, at - GAP // 2), fill=RULE)
        draw_text(draw, (0, at + 18), block.label, LABEL)
        at += 28
        for line in block.lines:
            draw_text(draw, (0, at + round(line.style.size * 0.95)), line.text, line.style)
            at += line.style.leading
        at += GAP
    return planes(picture)
