"""The test signal's picture: bars, an honest label, the slate, a sweep clock, running timecode and the brief's words.

`Slate.frame(i)` is a pure function of the order: what stands still is drawn once, what moves is laid on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageOps

from adapters.type.typesetting import (
    AMBER,
    DIM,
    PAPER,
    PLAIN,
    ROOM,
    RULE,
    STRONG,
    Style,
    draw_text,
    measure,
)
from adapters.video.colour_bars.bars import Box, Planes, draw_bars, planes
from adapters.video.colour_bars.panel import Panel
from bot.brief import Brief
from bot.film import Shape

FPS = 24
POP_FRAMES = 2
"""Frames that a sync pop lasts, at the start of each second, in picture and sound."""
LABEL = "TEST SIGNAL — NOT A GENERATED VIDEO"
SIZES = {
    Shape.WIDE: (1280, 720),
    Shape.TALL: (720, 1280),
    Shape.SQUARE: (960, 960),
    Shape.PORTRAIT: (864, 1080),
}
CLOCK = 132
TIMECODE = (216, 40)


@dataclass(frozen=True)
class Sheet:
    """Where everything stands, in pixels. Boxes are left, top, right, bottom."""

    bars: Box
    label: tuple[int, int]
    label_size: int
    timecode: tuple[int, int]
    slate: Box
    facts: tuple[int, int]
    clock: tuple[int, int]
    inset: Box
    panel: Box


SHEETS = {
    Shape.WIDE: Sheet(
        (0, 0, 1280, 240), (40, 278), 25, (1028, 250), (40, 312, 316, 424), (40, 452), (40, 556),
        (184, 556, 316, 688), (356, 318, 1236, 694),
    ),
    Shape.TALL: Sheet(
        (0, 0, 720, 324), (40, 366), 27, (468, 392), (40, 392, 440, 500), (40, 536), (548, 448),
        (392, 448, 524, 580), (40, 622, 676, 1244),
    ),
    Shape.SQUARE: Sheet(
        (0, 0, 960, 264), (40, 304), 26, (708, 276), (40, 336, 480, 444), (40, 478), (788, 334),
        (632, 334, 764, 466), (40, 544, 916, 928),
    ),
    Shape.PORTRAIT: Sheet(
        (0, 0, 864, 288), (40, 328), 26, (612, 300), (40, 360, 440, 468), (40, 502), (692, 358),
        (536, 358, 668, 490), (40, 568, 820, 1048),
    ),
}  # fmt: skip


class Slate:
    """The picture of one order. `seconds` whole seconds, `inset` the reference picture."""

    def __init__(self, slate: str, brief: Brief, seconds: int, inset: Image.Image | None = None) -> None:
        self._shape = brief.shape or Shape.WIDE
        self._sheet = SHEETS[self._shape]
        self.frames = seconds * FPS
        left, top, right, bottom = self._sheet.panel
        self._panel = Panel(brief, right - left, bottom - top, self.frames)
        self._ground = self._draw_ground(slate or "take", _facts(self._shape, brief, seconds), inset)
        self._ground.paste(self._panel.at(0), left, top)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return SIZES[self._shape]

    def frame(self, number: int) -> Planes:
        """Frame `number`, from 0."""
        frame = self._ground.copy()
        if self._panel.moves:
            frame.paste(self._panel.at(number), *self._sheet.panel[:2])
            self._draw_gauge(frame, number)
        frame.paste(_timecode(number), *self._sheet.timecode)
        frame.paste(_clock(number % FPS, -(-(self.frames - number) // FPS)), *self._sheet.clock)
        return frame

    def _draw_ground(self, slate: str, facts: tuple[str, ...], inset: Image.Image | None) -> Planes:
        sheet = self._sheet
        picture = Image.new("RGB", self.size, ROOM)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, sheet.bars[3], self.size[0], sheet.bars[3] + 3), fill=AMBER)
        draw_text(draw, sheet.label, LABEL, Style(STRONG, sheet.label_size, AMBER))
        _draw_slate(draw, sheet.slate, slate)
        for row, fact in enumerate(facts):
            draw_text(draw, (sheet.facts[0], sheet.facts[1] + 26 * row), fact, Style(PLAIN, 20, DIM))
        if inset:
            _draw_inset(picture, sheet.inset, inset)
        ground = planes(picture)
        draw_bars(ground, sheet.bars)
        return ground

    def _draw_gauge(self, frame: Planes, number: int) -> None:
        """How much of the words has been shown: a hairline at the right, like a scroll bar."""
        seen = self._panel.where(number)
        if seen is None:
            return
        _, top, right, bottom = self._sheet.panel
        high = bottom - top
        frame.fill((right + 16, top, right + 18, bottom), (56, 128, 128))
        span = (
            top + round(seen[0] * high / 2) * 2,
            top + max(round(seen[0] * high / 2) + 4, round(seen[1] * high / 2)) * 2,
        )
        frame.fill((right + 16, span[0], right + 18, min(bottom, span[1])), (140, 128, 128))


def _facts(shape: Shape, brief: Brief, seconds: int) -> tuple[str, ...]:
    wide, high = SIZES[shape]
    seed = () if brief.seed is None else (f"seed {brief.seed}",)
    return (f"{seconds} s · {shape.label} · {FPS} fps", f"{wide} × {high}" + (f" · {seed[0]}" if seed else ""))


def _draw_slate(draw: ImageDraw.ImageDraw, box: Box, slate: str) -> None:
    """As large as the box allows, 104 at most."""
    left, _, right, bottom = box
    size = next((size for size in range(104, 28, -4) if measure(slate, STRONG, size) <= right - left), 28)
    draw_text(draw, (left - size // 24, bottom - 16), slate, Style(STRONG, size, PAPER))


def _draw_inset(picture: Image.Image, box: Box, inset: Image.Image) -> None:
    """The reference picture, whole, with a hairline around it and its name below."""
    left, top, right, bottom = box
    small = ImageOps.contain(inset, (right - left, bottom - top - 26), Image.Resampling.LANCZOS)
    corner = (left + (right - left - small.width) // 2, bottom - 26 - small.height)
    picture.paste(small, corner)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((corner[0] - 1, corner[1] - 1, corner[0] + small.width, corner[1] + small.height), outline=RULE)
    style = Style(PLAIN, 18, DIM)
    draw_text(draw, ((left + right - measure("reference", PLAIN, 18)) / 2, bottom - 4), "reference", style)


def _timecode(number: int) -> Planes:
    """``HH:MM:SS:FF``, non-drop, each figure in a cell of its own so that nothing jumps."""
    seconds, frames = divmod(number, FPS)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"
    whole = Planes.blank(*TIMECODE)
    at = 0
    for char in text:
        cell = _figure(char)
        whole.paste(cell, at, 0)
        at += cell.width
    whole.luma[:, at:] = cell.luma[0, 0]
    return whole


@lru_cache(maxsize=16)
def _figure(char: str) -> Planes:
    width = 12 if char == ":" else 22
    picture = Image.new("RGB", (width, TIMECODE[1]), ROOM)
    left = (width - measure(char, STRONG, 36)) / 2
    draw_text(ImageDraw.Draw(picture), (left, 31), char, Style(STRONG, 36, PAPER))
    return planes(picture)


@lru_cache(maxsize=FPS * 61)
def _clock(step: int, left: int) -> Planes:
    """A leader's clock: one turn of the hand a second, the seconds that are left, white for the sync pop."""
    face = _sweep(step).copy()
    ink = ROOM if step < POP_FRAMES else PAPER
    number = str(left)
    draw_text(ImageDraw.Draw(face), ((CLOCK - measure(number, STRONG, 60)) / 2, 87), number, Style(STRONG, 60, ink))
    return planes(face)


@lru_cache(maxsize=FPS)
def _sweep(step: int) -> Image.Image:
    """The clock without its number, drawn four times as large and reduced."""
    big = 4 * CLOCK
    picture = Image.new("RGB", (big, big), ROOM)
    draw = ImageDraw.Draw(picture)
    rim = (8, 8, big - 8, big - 8)
    draw.ellipse(rim, fill=PAPER if step < POP_FRAMES else (0x1C, 0x1C, 0x1C))
    if step >= POP_FRAMES:
        draw.pieslice(rim, -90, -90 + 360 * step / FPS, fill=RULE)
    for line in _cross(big):
        draw.line(line, fill=(0x52, 0x52, 0x52), width=4)
    draw.ellipse(rim, outline=PAPER, width=8)
    draw.ellipse((44, 44, big - 44, big - 44), outline=PAPER, width=4)
    return picture.reduce(4)


def _cross(big: int) -> Iterator[tuple[int, int, int, int]]:
    middle = big // 2
    yield 12, middle, big - 12, middle
    yield middle, 12, middle, big - 12
