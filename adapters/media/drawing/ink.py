"""What all pictures are drawn with: type that fits, labels on stills, the ring round a chosen take. Runs in the worker only."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from adapters.media.opening import whole
from adapters.type.typesetting import (
    AMBER,
    DIM,
    PAPER,
    PLAIN,
    ROOM,
    RULE,
    STRONG,
    TEXT,
    VERBATIM,
    Colour,
    Style,
    draw_text,
    measure,
    wrap,
)

__all__ = ["AMBER", "DIM", "PAPER", "PLAIN", "ROOM", "RULE", "STRONG", "TEXT", "VERBATIM", "Colour", "Style", "measure"]

WELL: Colour = (0x17, 0x17, 0x17)
ELLIPSIS = "…"
FINE = 4
"""So many times larger curves are drawn, before they are made smaller: their edges become smooth."""
QUALITY = 88
CAP = 0.7
"""Height of a capital of Plex, in sizes."""


def text(canvas: Image.Image, at: tuple[float, int], words: str, style: Style, *, right: bool = False) -> float:
    """One line with its baseline at ``at[1]``, from the left or (`right`) up to ``at[0]``; returns where it ends."""
    left = at[0] - measure(words, style.case, style.size) if right else at[0]
    return draw_text(ImageDraw.Draw(canvas), (left, at[1]), words, style)


def short(words: str, style: Style, width: float) -> str:
    """The words in one line of at most `width` pixels, with an ellipsis where there were more of them."""
    return (lines(words, style, width, 1) or [""])[0]


def lines(words: str, style: Style, width: float, most: int) -> list[str]:
    """The words in at most `most` lines of `width` pixels, with an ellipsis where there were more of them."""
    plain = " ".join(words.split())[: 200 * most]
    found = [line.text for line in wrap(plain, style, int(width)) if line.text]
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and measure(last + ELLIPSIS, style.case, style.size) > width:
        last = last[:-1]
    return [*found[: most - 1], last.rstrip(" ,;:，；：、") + ELLIPSIS]


def sized(words: str, style: Style, width: float, least: int) -> Style:
    """The style as large as the words fit into `width`, no smaller than `least`."""
    wide = measure(words, style.case, style.size)
    size = style.size if wide <= width else max(least, int(style.size * width / wide))
    return Style(style.case, size, style.colour)


def boxed(picture: Image.Image | None, size: tuple[int, int]) -> Image.Image:
    """The picture whole in a box of that size; where there is none, a box crossed out as an empty slot on a sheet is."""
    box = Image.new("RGB", size, WELL)
    if picture is None:
        draw = ImageDraw.Draw(box)
        draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=RULE)
        draw.line((0, 0, *size), fill=RULE)
        draw.line((0, size[1], size[0], 0), fill=RULE)
        return box
    scale = min(size[0] / picture.width, size[1] / picture.height)
    inner = (min(size[0], round(picture.width * scale)), min(size[1], round(picture.height * scale)))
    if abs(size[0] - inner[0]) + abs(size[1] - inner[1]) <= 4:
        inner = size
    fitted = picture if picture.size == inner else picture.resize(inner, Image.Resampling.LANCZOS)
    box.paste(fitted, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return box


def on_still(canvas: Image.Image, at: tuple[int, int], words: str, style: Style) -> None:
    """A label on a still: a soft shadow lets it be read on anything."""
    wide, high = round(measure(words, style.case, style.size)) + 32, style.size + 32
    glyphs = Image.new("RGB", (wide, high))
    text(glyphs, (16, high - 20), words, Style(style.case, style.size, (255, 255, 255)))
    shadow = glyphs.convert("L").filter(ImageFilter.GaussianBlur(3)).point(lambda value: min(255, value * 3))
    canvas.paste((0, 0, 0), (at[0] - 16, at[1] - high + 20), shadow)
    text(canvas, at, words, style)


def slate(canvas: Image.Image, at: tuple[float, int], name: str, style: Style, *, circled: bool) -> float:
    """A slate with its baseline at ``at[1]``; the take's number of a chosen one in a ring. Returns where it ends."""
    shot, dash, take = name.rpartition("-")
    if not circled or not dash:
        return text(canvas, at, name, style)
    end = text(canvas, at, shot, style)
    small = Style(style.case, round(style.size * 0.76), style.colour)
    wide, cap = measure(take, small.case, small.size), small.size * CAP
    left, lift = end + style.size * 0.4, (style.size * CAP - cap) / 2
    text(canvas, (left, round(at[1] - lift)), take, small)
    radius = max(wide, cap) / 2 + style.size * 0.22
    middle = (left + wide / 2, at[1] - lift - cap / 2)
    box = (middle[0] - radius, middle[1] - radius * 0.94, middle[0] + radius, middle[1] + radius * 0.94)
    ring(canvas, box, max(3.0, style.size / 22), name)
    return middle[0] + radius


def ring(canvas: Image.Image, box: tuple[float, float, float, float], width: float, seed: str) -> None:
    """A ring in amber round that box, as a pencil draws it on a camera report: never quite round, and past its own beginning."""
    chance = random.Random(seed)  # noqa: S311 - a pencil, not a secret
    turn, over = chance.uniform(-2.4, -1.9), chance.uniform(0.5, 0.9)
    wobble = [(chance.uniform(-0.05, 0.05), chance.uniform(0, math.tau)) for _ in range(3)]
    centre, radius = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), ((box[2] - box[0]) / 2, (box[3] - box[1]) / 2)
    points = []
    for step in range(161):
        share = step / 160
        angle = turn + share * (math.tau + over)
        swell = (
            1 + 0.06 * (share - 0.5) + sum(size * math.sin(n * angle + lag) for n, (size, lag) in enumerate(wobble, 1))
        )
        points.append(
            (centre[0] + radius[0] * swell * math.cos(angle), centre[1] + radius[1] * swell * math.sin(angle))
        )
    weights = [width * (0.7 + 0.5 * math.sin(math.pi * (step / 160) ** 0.8)) for step in range(161)]
    stroke(canvas, points, weights, AMBER)


def stroke(
    canvas: Image.Image, points: Sequence[tuple[float, float]], weights: Sequence[float], colour: Colour
) -> None:
    """A smooth line through close points, as thick at each as its weight says, with round ends."""
    edge = max(weights) + 2
    left, top = int(min(x for x, _ in points) - edge), int(min(y for _, y in points) - edge)
    wide, high = int(max(x for x, _ in points) + edge) - left + 1, int(max(y for _, y in points) + edge) - top + 1
    mask = Image.new("L", (wide * FINE, high * FINE))
    draw = ImageDraw.Draw(mask)
    fine = [((x - left) * FINE, (y - top) * FINE) for x, y in points]
    for (x, y), weight in zip(fine, weights, strict=True):
        half = weight * FINE / 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=255)
    for one, other, weight in zip(fine, fine[1:], weights, strict=False):
        draw.line((*one, *other), fill=255, width=max(1, round(weight * FINE)))
    canvas.paste(colour, (left, top), mask.resize((wide, high), Image.Resampling.BOX))


def save(canvas: Image.Image, into: str, *, thrifty: bool = True) -> dict[str, int]:
    """Write it whole as JPEG (by its name PNG), colours unthinned so that small type stays sharp. ``{width, height}``.

    `thrifty`: a few per cent fewer bytes for half as much time again.
    """
    with whole(into) as part:
        if Path(into).suffix.lower() == ".png":
            canvas.save(part, "PNG")
        else:
            canvas.save(part, "JPEG", quality=QUALITY, subsampling=0, optimize=thrifty)
    return {"width": canvas.width, "height": canvas.height}
