"""What is honest in every frame: two matte bars with the label, the slate, framing · lens · move, timecode; and subtitles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from adapters.type.typesetting import (
    AMBER,
    DIM,
    PAPER,
    PLAIN,
    ROOM,
    STRONG,
    TEXT,
    Style,
    draw_text,
    measure,
    wrap,
)
from adapters.video.animatic.canvas import Canvas, Plane, ycc
from adapters.video.animatic.spec import FPS, Line, ShotSpec

TAG = "ANIMATIC"
NOTICE = "PREVIS — NOT A GENERATED VIDEO".replace(" ", "  ")  # at this size a narrow face nearly closes its blanks
MATTE = (0x0B, 0x0B, 0x0B)
FADE = 0.15
"""Seconds in which a subtitle comes and goes."""
FRAMING_WORDS = {"extreme_wide": "extreme wide", "medium_wide": "medium wide", "medium_close": "medium close", "close": "close-up",
                 "extreme_close": "extreme close-up"}  # fmt: skip


def bars_of(width: int, height: int) -> tuple[int, int]:
    """Height of the upper and of the lower bar, so that the picture between them divides by four."""
    unit = min(width, height) / 720
    upper, lower = (46, 54) if width > height * 1.2 else (52, 92)
    top = max(4, round(upper * unit / 4) * 4)
    rest = height - top - max(4, round(lower * unit / 4) * 4)
    return top, height - top - rest // 4 * 4


@dataclass(frozen=True)
class Caption:
    """One subtitle, ready to be laid on the picture: masks of letters and of their shadow."""

    line: Line
    letters: Plane
    shadow: Plane


@dataclass(frozen=True)
class BurnIn:
    """The bars of one shot, and its subtitles."""

    spec: ShotSpec

    @cached_property
    def unit(self) -> float:
        """How large type is, against a picture 720 high."""
        return min(self.spec.width, self.spec.height) / 720

    @cached_property
    def bars(self) -> tuple[int, int]:
        """Heights of the bars, pixels."""
        return bars_of(self.spec.width, self.spec.height)

    @cached_property
    def wide(self) -> bool:
        """Whether everything goes into one line."""
        return self.spec.width > self.spec.height * 1.2

    @cached_property
    def upper(self) -> Canvas:
        """The bar above: what this is."""
        picture, draw = self._blank(0)
        pad, middle = self._pixels(22), self.bars[0] / 2
        size = self._pixels(18)
        tag_width = measure(TAG, STRONG, size) + self._pixels(28)
        box = (pad, middle - self._pixels(14), pad + tag_width, middle + self._pixels(14))
        draw.rounded_rectangle(box, self._pixels(4), fill=AMBER)
        draw_text(draw, (pad + self._pixels(14), _baseline(middle, size)), TAG, Style(STRONG, size, ROOM))
        right = float(self.spec.width - pad)
        right -= self._right_aligned(draw, right, middle, NOTICE, Style(PLAIN, self._pixels(17), DIM))
        if self.spec.place_label:
            room = right - self._pixels(24) - (pad + tag_width + self._pixels(20))
            self._label(draw, pad + tag_width + self._pixels(20), middle, room)
        return _canvas(picture)

    def _label(self, draw: ImageDraw.ImageDraw, left: float, middle: float, room: float) -> None:
        style = Style(PLAIN, self._pixels(18), TEXT)
        text = _shortened(self.spec.place_label, style, room)
        draw_text(draw, (left, _baseline(middle, style.size)), text, style)

    @cached_property
    def lower(self) -> Canvas:
        """The bar below: slate, and how it is shot."""
        picture, draw = self._blank(1)
        pad, high = self._pixels(22), self.bars[1]
        slate = Style(STRONG, self._pixels(34 if self.wide else 38), PAPER)
        middle = high / 2 if self.wide else high * 0.33
        draw_text(draw, (pad, _baseline(middle, slate.size)), self.spec.slate, slate)
        style = Style(PLAIN, self._pixels(19), DIM)
        text = how_it_is_shot(self.spec)
        if self.wide:
            draw_text(
                draw,
                ((self.spec.width - measure(text, PLAIN, style.size)) / 2, _baseline(middle, style.size)),
                text,
                style,
            )
        else:
            draw_text(draw, (pad, _baseline(high * 0.78, style.size)), text, style)
        return _canvas(picture)

    def frame(self, picture: Canvas, number: int) -> Canvas:
        """The whole frame: bars around the picture, full range."""
        whole = Canvas(self.spec.width, self.spec.height)
        top, bottom = self.bars
        for plane, above, between, below in zip(
            whole.planes, self.upper.planes, picture.planes, self.lower.planes, strict=True
        ):
            half = plane.shape[0] * 2 // self.spec.height
            first, last = top * half // 2, (self.spec.height - bottom) * half // 2
            plane[:first], plane[first:last], plane[last:] = above, between, below
        self._timecode(whole, number)
        return whole

    def subtitles(self, picture: Canvas, number: int) -> None:
        """Lay the line that is spoken at this frame on the picture."""
        seconds = number / FPS
        for caption in self._captions:
            line = caption.line
            if line.start <= seconds < line.end:
                share = min(1.0, (seconds - line.start + 1 / FPS) / FADE, (line.end - seconds) / FADE)
                high, wide = caption.letters.shape
                x, y = (picture.width - wide) // 4 * 2, max(0, (picture.height - high - self._pixels(16)) // 2 * 2)
                picture.tint(caption.shadow, np.zeros(3), x, y, int(200 * share))
                picture.tint(caption.letters, np.array([1.0, 1.0, 0.96]), x, y, int(256 * share))

    @cached_property
    def _captions(self) -> tuple[Caption, ...]:
        return tuple(self._caption(line) for line in self.spec.dialogue if line.text.strip())

    def _caption(self, line: Line) -> Caption:
        style = Style(PLAIN, self._pixels(32 if self.wide else 36), (255, 255, 255))
        rows = wrap(line.text.strip(), style, int(self.spec.width * 0.82))[:4]
        size = (self.spec.width // 2 * 2, style.leading * len(rows) + self._pixels(12) // 2 * 2)
        picture = Image.new("RGB", size)
        draw = ImageDraw.Draw(picture)
        for row, each in enumerate(rows):
            left = (size[0] - measure(each.text, PLAIN, style.size)) / 2
            draw_text(draw, (left, round(style.leading * (row + 0.78))), each.text, style)
        letters = picture.convert("L")
        shadow = letters.filter(ImageFilter.MaxFilter(max(3, self._pixels(5) // 2 * 2 + 1)))
        shadow = shadow.filter(ImageFilter.GaussianBlur(1.6 * self.unit))
        return Caption(line, np.asarray(letters), np.asarray(shadow))

    def _timecode(self, whole: Canvas, number: int) -> None:
        """``HH:MM:SS:FF``, each figure in a cell of its own so that nothing jumps."""
        size = self._pixels(24 if self.wide else 30)
        text = timecode(round(self.spec.starts_at * FPS) + number)
        cells = [figure(char, size) for char in text]
        high = self.bars[1]
        middle = self.spec.height - high + (high / 2 if self.wide else high * 0.33)
        left = self.spec.width - self._pixels(22) - sum(cell.shape[1] for cell in cells)
        top = int(middle - cells[0].shape[0] / 2)
        for cell in cells:
            whole.y[top : top + cell.shape[0], left : left + cell.shape[1]] = cell[: self.spec.height - top]
            left += cell.shape[1]

    def _blank(self, which: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        picture = Image.new("RGB", (self.spec.width, self.bars[which]), MATTE)
        return picture, ImageDraw.Draw(picture)

    def _pixels(self, size: float) -> int:
        return max(5, round(size * self.unit))

    def _right_aligned(self, draw: ImageDraw.ImageDraw, right: float, middle: float, text: str, style: Style) -> float:
        wide = measure(text, style.case, style.size)
        draw_text(draw, (right - wide, _baseline(middle, style.size)), text, style)
        return wide


def timecode(frame: int) -> str:
    """``HH:MM:SS:FF`` at 24 frames a second."""
    seconds, frames = divmod(frame, FPS)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def how_it_is_shot(spec: ShotSpec) -> str:
    """``WIDE · 28mm · DOLLY IN``."""
    words = [FRAMING_WORDS.get(spec.framing, spec.framing), spec.move.replace("_", " ")]
    if spec.angle != "eye":
        words[0] += f", {spec.angle}" + (" angle" if spec.angle in ("low", "high") else "")
    return f"{words[0]}  ·  {spec.lens}mm  ·  {words[1]}".upper().replace("MM  ·", "mm  ·")


@lru_cache(maxsize=256)
def figure(char: str, size: int) -> Plane:
    """One figure of the timecode on matte, luma."""
    wide = int(size * (0.32 if char == ":" else 0.56)) + 1
    picture = Image.new("RGB", (wide, int(size * 1.2)), MATTE)
    left = (wide - measure(char, PLAIN, size)) / 2
    draw_text(ImageDraw.Draw(picture), (left, round(size * 0.96)), char, Style(PLAIN, size, PAPER))
    return np.asarray(picture.convert("L"))


def _baseline(middle: float, size: int) -> int:
    """Where text stands so that its capitals are centred."""
    return round(middle + size * 0.35)


def _shortened(text: str, style: Style, room: float) -> str:
    if measure(text, style.case, style.size) <= room:
        return text
    while text and measure(text + "…", style.case, style.size) > room:
        text = text[:-1]
    return text + "…" if text else ""


def _canvas(picture: Image.Image) -> Canvas:
    canvas = Canvas(picture.width, picture.height)
    y, cb, cr = ycc(np.asarray(picture, np.float64) / 255)
    canvas.y[...] = np.rint(y)
    for plane, values in ((canvas.cb, cb), (canvas.cr, cr)):
        plane[...] = np.rint((values[::2, ::2] + values[1::2, 1::2] + values[::2, 1::2] + values[1::2, ::2]) / 4)
    return canvas
