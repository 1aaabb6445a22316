"""The strip of a check: a still of every shot, the line that runs through them, its words, its colours. In the worker only.

The line is unbroken where a shot matches, steps down where it is slightly off, and breaks where it is off; the dot is the
anchor, where a line begins. Shape and word always stand together, colour only repeats them. Sized to be read when a chat shows
the picture 480 pixels wide, half as large as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

from PIL import Image, ImageDraw

from adapters.media.drawing import ink
from adapters.media.drawing.ink import AMBER, DIM, PAPER, PLAIN, ROOM, STRONG, TEXT, Colour, Style
from adapters.media.drawing.moments import moments
from adapters.media.drawing.palette import colours, strip
from adapters.type.typesetting import TEAL
from bot.errors import MediaFault

MOST: Final = 60
UNHURRIED: Final = 24
"""Up to so many shots there is time to look for a good still of each."""
WIDTH: Final = 960
EDGE, GAP, ROW = 32, 12, 24
"""Pixels beside everything, between two stills, and between two rows."""
HEAD: Final = 92
TITLE, TITLE_LEAST = Style(PLAIN, 44, PAPER), 28
STRIP: Final = 16
LINE, DOT, STEP = 6, 11, 12
"""Thickness of the through-line, radius of its dot, and how far it steps down."""
BAND: Final = 44
"""Height in which it runs."""
CORAL: Colour = (0xEF, 0x82, 0x69)
LINES: Final[Mapping[str, Colour]] = {"anchor": TEAL, "matches": TEAL, "slight": AMBER, "off": CORAL}
TALLEST, WIDEST = 0.75, 2.4
"""Between these a still has the film's own shape; a taller one stands in a box of the first."""
PALETTE_SAMPLE, BARS = 48, 0.09
"""Pixels in which a still is looked at for its colours; the share at its top and foot that is not: labels, or black."""


@dataclass(frozen=True)
class Plan:
    """How the shots stand. Pixels."""

    columns: int
    still: tuple[int, int]
    slate: Style
    word: int
    """Size of the verdict; the cause is set a little smaller."""
    causes: int
    """Lines that a cause may take."""

    @property
    def cause(self) -> Style:
        """How a cause is set."""
        return Style(PLAIN, self.word - 3, TEXT)

    @property
    def row(self) -> int:
        """From one row to the next."""
        words = round(self.slate.size * ink.CAP) + round(self.word * 1.5) + self.causes * self.cause.leading
        return self.still[1] + STRIP + BAND + words + ROW

    def at(self, number: int) -> tuple[int, int]:
        """Left top corner of a shot."""
        return EDGE + number % self.columns * (self.still[0] + GAP), HEAD + number // self.columns * self.row


@dataclass(frozen=True)
class Run:
    """The line under one shot: where it begins, ends and how high it runs."""

    left: int
    right: int
    top: int


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write the strip: the fields of `bot.drawings.CheckStrip`, ``clips`` (files or None), ``into``. ``{width, height}``.

    Raises `MediaFault` for no shots and for more than `MOST`.
    """
    shots = request["shots"]
    if not 1 <= len(shots) <= MOST:
        raise MediaFault(f"a strip has 1 to {MOST} shots, not {len(shots)}")
    plan = planned(shots, request["ratio"])
    rows = -(-len(shots) // plan.columns)
    canvas = Image.new("RGB", (WIDTH, HEAD + rows * plan.row + EDGE - ROW), ROOM)
    style = ink.sized(request["title"], TITLE, WIDTH - 2 * EDGE, TITLE_LEAST)
    ink.text(canvas, (EDGE, 60), ink.short(request["title"], style, WIDTH - 2 * EDGE), style)
    with ThreadPoolExecutor(2) as pool:
        asked = zip(request["clips"], shots, strict=True)
        quick = len(shots) > UNHURRIED
        stills = list(pool.map(lambda ask: _still(ask[0], ask[1]["frames"], plan.still[0], quick=quick), asked))
    for number, (shot, still) in enumerate(zip(shots, stills, strict=True)):
        _hang(canvas, plan, plan.at(number), still)
        _name(canvas, plan, plan.at(number), shot)
    _through_line(canvas, plan, [shot["verdict"] for shot in shots])
    return ink.save(canvas, request["into"])


def planned(shots: Sequence[Mapping[str, Any]], ratio: float) -> Plan:
    """The plan for these shots of a film of that shape."""
    count = len(shots)
    columns = 2 if count in (1, 2, 4) else 3 if count <= 12 else 4
    wide = (WIDTH - 2 * EDGE - (columns - 1) * GAP) // columns
    slate, word = ((56, 32), (48, 28), (38, 24))[columns - 2]
    high = round(wide / min(WIDEST, max(TALLEST, ratio or 16 / 9)))
    plan = Plan(columns, (wide, high), Style(STRONG, slate, PAPER), word, 2)
    return replace(plan, causes=max(len(_cause(plan, shot)) for shot in shots))


def _cause(plan: Plan, shot: Mapping[str, Any]) -> list[str]:
    """In lines; none where there is none."""
    return ink.lines(shot["cause"], plan.cause, plan.still[0], plan.causes) if shot["cause"] else []


def _still(clip: str | None, frames: int, width: int, *, quick: bool) -> Image.Image | None:
    """From its second half (`quick`: where it costs least); None where there is none or it cannot be decoded."""
    if clip is None:
        return None
    try:
        return moments(clip, max(2, frames), 1 if quick else 2, width)[-1].picture
    except (MediaFault, OSError, ValueError):
        return None


def _hang(canvas: Image.Image, plan: Plan, at: tuple[int, int], still: Image.Image | None) -> None:
    """The still with its colours below."""
    (left, top), (wide, high) = at, plan.still
    canvas.paste(ink.boxed(still, plan.still), at)
    if still is None:
        return
    inside = (0, still.height * BARS, still.width, still.height * (1 - BARS))
    small = still.resize((PALETTE_SAMPLE, PALETTE_SAMPLE), Image.Resampling.BOX, box=inside)
    canvas.paste(strip(colours([small]), (wide, STRIP)), (left, top + high))


def _name(canvas: Image.Image, plan: Plan, at: tuple[int, int], shot: Mapping[str, Any]) -> None:
    """Slate, verdict and likely cause."""
    left, wide = at[0], plan.still[0]
    baseline = at[1] + plan.still[1] + STRIP + BAND + round(plan.slate.size * ink.CAP)
    style = ink.sized(shot["slate"] + "0" * shot["circled"], plan.slate, wide - 8, 20)
    ink.slate(canvas, (left, baseline), shot["slate"], style, circled=shot["circled"])
    verdict = Style(PLAIN, plan.word, LINES.get(shot["verdict"], DIM))
    baseline += round(plan.word * 1.5)
    ink.text(canvas, (left, baseline), ink.short(shot["word"], verdict, wide), verdict)
    for number, line in enumerate(_cause(plan, shot)):
        ink.text(canvas, (left, baseline + (number + 1) * plan.cause.leading), line, plan.cause)


def _through_line(canvas: Image.Image, plan: Plan, verdicts: Sequence[str]) -> None:
    """The line along every row; a stretch reaches to the next one, unless that begins a line of its own."""
    draw = ImageDraw.Draw(canvas)
    for number, verdict in enumerate(verdicts):
        colour = LINES.get(verdict)
        if colour is None:
            continue
        left, top = plan.at(number)
        goes_on = number + 1 < len(verdicts) and (number + 1) % plan.columns
        reach = GAP if goes_on and verdicts[number + 1] not in ("anchor", "") else 0
        run = Run(left, left + plan.still[0] + reach, top + plan.still[1] + STRIP + 16)
        _stretch(draw, run, verdict, colour)


def _stretch(draw: ImageDraw.ImageDraw, run: Run, verdict: str, colour: Colour) -> None:
    low = run.top + STEP
    if verdict == "slight":
        step = [(run.left, run.top), (run.left + 18, run.top), (run.left + 18, low), (run.right - 18, low)]
        draw.line([*step, (run.right - 18, run.top), (run.right, run.top)], fill=colour, width=LINE, joint="curve")
    elif verdict == "off":
        piece = (run.right - run.left) // 5
        draw.line((run.left + 18, low, run.left + 18 + piece, low), fill=colour, width=LINE)
        draw.line((run.right - 30 - piece, low, run.right - 30, low), fill=colour, width=LINE)
    else:
        draw.line((run.left, run.top, run.right, run.top), fill=colour, width=LINE)
    if verdict == "anchor":
        draw.ellipse((run.left, run.top - DOT, run.left + 2 * DOT, run.top + DOT), fill=PAPER)
