"""Setting type: text wrapped by measured width, face by face, into lines that can be drawn. Runs in the worker only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw

from adapters.type.fonts import COURIER, PLEX, PLEX_BOLD, Case, Face, Run

Colour = tuple[int, int, int]
ROOM, PAPER, TEXT, DIM = (0x11, 0x11, 0x11), (0xEC, 0xE9, 0xE2), (0xC6, 0xC3, 0xBC), (0x9C, 0x99, 0x92)
RULE, CONTROL, AMBER, TEAL = (0x3C, 0x3C, 0x3C), (0x28, 0x28, 0x28), (0xE6, 0xA9, 0x4A), (0x68, 0xB9, 0xAD)

VERBATIM, PLAIN, STRONG = Case(COURIER), Case(PLEX), Case(PLEX_BOLD)
WIDE_SCRIPTS = (
    r"\u2e80-\u303f\u3040-\u30ff\u3100-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
OPENS, CLOSES = r"「『（《〈【〔“‘\(", r"、。，．！？：；」』）》〉】〕…—’”\)"
PIECE = re.compile(
    rf"[^\S\n]+|[{OPENS}]*[{WIDE_SCRIPTS}][{CLOSES}]*|(?:(?![{WIDE_SCRIPTS}])\S)+",
)
"""Where a line may break: at blanks, and between any two characters of scripts that are written without them."""


@dataclass(frozen=True)
class Style:
    """How a text is set. `size` and `leading` in pixels."""

    case: Case
    size: int
    colour: Colour

    @property
    def leading(self) -> int:
        """From one baseline to the next."""
        return round(self.size * 1.32 / 2) * 2


@dataclass(frozen=True)
class Line:
    """One line, ready to be drawn."""

    text: str
    style: Style


@lru_cache(maxsize=50_000)
def measure(text: str, case: Case, size: int) -> float:
    """Width in pixels."""
    return sum(_run_width(run, case, size) for run in case.runs(text))


def _run_width(run: Run, case: Case, size: int) -> float:
    face, text, size = _as_drawn(run, case, size)
    return face.at(size).getlength(text)


def _as_drawn(run: Run, case: Case, size: int) -> tuple[Face, str, int]:
    """Face, text and size: characters that no font has are spelled as code points, smaller."""
    if run.face is not None:
        return run.face, run.text, size
    return case.spare, f" U+{ord(run.text):04X} ", max(12, round(size * 0.7))


def wrap(text: str, style: Style, width: int) -> list[Line]:
    """The text in lines of at most `width` pixels. Line breaks of the text are kept, nothing is left out."""
    lines: list[Line] = []
    for paragraph in text.expandtabs(4).split("\n"):
        lines += [Line(line, style) for line in _fill(paragraph, style, width)]
    return lines


def _fill(paragraph: str, style: Style, width: int) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(paragraph, style, width):
        wide = measure(piece, style.case, style.size)
        if line and used + wide > width and not piece.isspace():
            yield line.rstrip()
            line, used = "", 0.0
        line, used = line + piece, used + wide
    yield line.rstrip()


def _pieces(paragraph: str, style: Style, width: int) -> Iterator[str]:
    """What may not be broken, except where a single piece is wider than the line."""
    for piece in PIECE.findall(paragraph):
        if measure(piece, style.case, style.size) <= width:
            yield piece
        else:
            yield from _chopped(piece, style, width)


def _chopped(piece: str, style: Style, width: int) -> Iterator[str]:
    part, used = "", 0.0
    for char in piece:
        wide = measure(char, style.case, style.size)
        if part and used + wide > width:
            yield part
            part, used = "", 0.0
        part, used = part + char, used + wide
    yield part


def draw_text(draw: ImageDraw.ImageDraw, at: tuple[float, int], text: str, style: Style) -> float:
    """Draw one line with its baseline at ``at[1]``; returns where it ended."""
    left, baseline = at
    for run in style.case.runs(text):
        face, drawn, size = _as_drawn(run, style.case, style.size)
        colour = style.colour if run.face is not None else AMBER
        font = face.at(size)
        draw.text((left, baseline), drawn, font=font, fill=colour, anchor="ls")
        left += font.getlength(drawn)
    return left
