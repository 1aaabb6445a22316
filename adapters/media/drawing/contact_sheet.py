"""The contact sheet of a film: stills and colours of every shot, the whole film as one bar, the spine. Runs in the worker only.

A shot is a row: left its slate, the circled take ringed as on a camera report, its words and its length; right its stills
over their record timecodes, set like edge print, and a strip of its colours. Where the shots were checked, a line runs
along them: unbroken it matches, a step aside is slight, a gap is off; the dot is the anchor. Many shots stand in two or three
columns with fewer stills each, read downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageDraw

from adapters.media.drawing import ink
from adapters.media.drawing.ink import AMBER, DIM, PAPER, PLAIN, ROOM, STRONG, TEXT, VERBATIM, Colour, Style
from adapters.media.drawing.moments import Moment, moments
from adapters.media.drawing.palette import Swatch, colours, strip
from adapters.media.lookahead import ahead
from adapters.type.typesetting import TEAL
from bot.cut import timecode
from bot.errors import MediaFault

MOST: Final = 60
WIDTH: Final = 1200
EDGE, GAP, STRIP = 40, 4, 14
HEAD, FOOT = 116, 36
BAR: Final = 64
"""Height of the bar that is the whole film."""
TALLEST, WIDEST = 0.5, 2.4
"""Between these a still has the film's own shape."""
TITLE, TITLE_LEAST = Style(PLAIN, 48, PAPER), 28
FACT, SPINE = Style(PLAIN, 22, DIM), Style(VERBATIM, 24, TEXT)
SPINE_LINES: Final = 3
CORAL: Colour = (0xEF, 0x82, 0x69)
LINES: Final[Mapping[str, Colour]] = {"anchor": TEAL, "matches": TEAL, "slight": AMBER, "off": CORAL}
"""Colour of the line beside a shot, by the verdict on it."""
LINE, ASIDE, DOT = 4, 7, 7
PALETTE_SAMPLE: Final = 32
"""Pixels of the longer side at which stills are looked at for their colours."""

BARS: Final = 0.09
"""Share of a still's height at its top and its foot that is not looked at for colours: bars with labels, or black ones."""


@dataclass(frozen=True)
class Plan:
    """How shots stand on the sheet. Pixels."""

    columns: int
    rows: int
    stills: int
    still: tuple[int, int]
    label: int
    """Width of a slate and what stands below it."""
    slate: Style
    words: Style
    code: Style

    @property
    def column(self) -> int:
        """Width of a column."""
        return WIDTH // self.columns

    @property
    def row(self) -> int:
        """From one shot to the next."""
        return self.still[1] + self.code.size + 12 + STRIP + 28

    def at(self, number: int) -> tuple[int, int]:
        """Left top corner of a shot."""
        return number // self.rows * self.column, HEAD + number % self.rows * self.row

    @property
    def pictures(self) -> int:
        """Where the stills begin, from the left of a column."""
        return EDGE + self.label + 16


@dataclass(frozen=True)
class Seen:
    """What was taken from a shot's clip; nothing where there is none or it cannot be decoded."""

    moments: Sequence[Moment] = ()
    swatches: Sequence[Swatch] = ()


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write the sheet: the fields of `bot.drawings.ContactSheet`, ``clips`` (files or None), ``into``. ``{width, height}``."""
    shots = request["shots"]
    if not 1 <= len(shots) <= MOST:
        raise MediaFault(f"a contact sheet has 1 to {MOST} shots, not {len(shots)}")
    plan = planned(len(shots), request["ratio"])
    seen = _all_seen(plan, shots, request["clips"])
    spine = ink.lines(request["spine"], SPINE, WIDTH - 2 * EDGE, SPINE_LINES)
    bar = HEAD + plan.rows * plan.row + 12
    high = bar + BAR + (FOOT + len(spine) * SPINE.leading if spine else 0) + FOOT
    canvas = Image.new("RGB", (WIDTH, high), ROOM)
    _head(canvas, request)
    for number, (shot, found) in enumerate(zip(shots, seen, strict=True)):
        _shot(canvas, plan, number, shot, found)
    _through_line(canvas, plan, shots)
    canvas.paste(whole_film(shots, seen), (0, bar))
    for number, line in enumerate(spine):
        ink.text(canvas, (EDGE, bar + BAR + FOOT + 20 + number * SPINE.leading), line, SPINE)
    return ink.save(canvas, request["into"], thrifty=False)


def planned(shots: int, ratio: float) -> Plan:
    """The plan for so many shots of a film of that shape."""
    ratio = min(WIDEST, max(TALLEST, ratio or 16 / 9))
    columns = 1 if shots <= 9 else 2 if shots <= 24 else 3
    label = (196, 152, 116)[columns - 1]
    stills = ((6, 3, 2), (5, 3, 2), (4, 2, 1))[(ratio >= 0.8) + (ratio >= 1.2)][columns - 1]
    room = WIDTH // columns - EDGE - label - 16
    wide = (room - (stills - 1) * GAP) // stills
    sizes = ((60, 22, 18), (44, 18, 16), (36, 18, 16))[columns - 1]
    styles = Style(STRONG, sizes[0], PAPER), Style(PLAIN, sizes[1], DIM), Style(STRONG, sizes[2], AMBER)
    return Plan(columns, -(-shots // columns), stills, (wide, round(wide / ratio)), label, *styles)


def _all_seen(plan: Plan, shots: Sequence[Mapping[str, Any]], clips: Sequence[str | None]) -> list[Seen]:
    """Two clips at a time."""

    def see(given: tuple[Mapping[str, Any], str | None]) -> Seen:
        shot, clip = given
        if clip is None:
            return Seen()
        try:
            found = moments(clip, max(1, shot["frames"]), plan.stills, plan.still[0])
        except (MediaFault, OSError, ValueError):
            return Seen()
        small = [_small(each.picture) for each in found]
        return Seen(found, colours(small))

    with ThreadPoolExecutor(2) as pool:
        return list(ahead(pool, see, zip(shots, clips, strict=True)))


def _small(picture: Image.Image) -> Image.Image:
    scale = PALETTE_SAMPLE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.NEAREST, box=_inside(picture))


def _inside(picture: Image.Image) -> tuple[float, float, float, float]:
    """The picture without what may be bars."""
    return (0, picture.height * BARS, picture.width, picture.height * (1 - BARS))


def _head(canvas: Image.Image, request: Mapping[str, Any]) -> None:
    """The title, and the facts at the right."""
    facts = [ink.short(fact, FACT, WIDTH / 2) for fact in request["facts"][:2]]
    for number, fact in enumerate(facts):
        ink.text(canvas, (WIDTH - EDGE, 46 + number * 30), fact, FACT, right=True)
    beside = max((ink.measure(fact, FACT.case, FACT.size) for fact in facts), default=0.0)
    room = WIDTH - 2 * EDGE - beside - 32
    style = ink.sized(request["title"], TITLE, room, TITLE_LEAST)
    ink.text(canvas, (EDGE, 68), ink.short(request["title"], style, room), style)


def _shot(canvas: Image.Image, plan: Plan, number: int, shot: Mapping[str, Any], seen: Seen) -> None:
    left, top = plan.at(number)
    wide, high = plan.still
    code = top + high + plan.code.size + 4
    _label(canvas, plan, (left + EDGE, top), code, shot)
    edge = left + plan.pictures
    for place in range(plan.stills):
        at = edge + place * (wide + GAP)
        moment = seen.moments[place] if place < len(seen.moments) else None
        if moment or not seen.moments:
            canvas.paste(ink.boxed(moment.picture if moment else None, plan.still), (at, top))
        if moment:
            shown = timecode(shot["begins"] + moment.frame).removeprefix("00:")
            ink.text(canvas, (at + 2, code), ink.short(shown, plan.code, wide), plan.code)
    if seen.swatches:
        across = plan.stills * (wide + GAP) - GAP
        canvas.paste(strip(seen.swatches, (across, STRIP)), (edge, code + 8))


def _label(canvas: Image.Image, plan: Plan, at: tuple[int, int], bottom: int, shot: Mapping[str, Any]) -> None:
    """Slate, words, and at the foot how long it is and the verdict on it, down to that baseline."""
    left, top = at
    style = ink.sized(shot["slate"] + "0" * shot["circled"], plan.slate, plan.label, 20)
    baseline = top + round(plan.slate.size * ink.CAP) + 6
    ink.slate(canvas, (left, baseline), shot["slate"], style, circled=shot["circled"])
    first = baseline + round(plan.words.size * 1.9)
    most = max(1, (bottom - plan.words.leading - first) // plan.words.leading + 1)
    for number, line in enumerate(ink.lines(shot["words"], plan.words, plan.label, most)):
        ink.text(canvas, (left, first + number * plan.words.leading), line, plan.words)
    length = Style(PLAIN, plan.words.size, TEXT)
    end = ink.text(canvas, (left, bottom), shot["length"], length)
    if shot["word"]:
        verdict = Style(PLAIN, plan.words.size, LINES.get(shot["verdict"], TEXT))
        room = left + plan.label - end - 12
        ink.text(canvas, (end + 12, bottom), ink.short(shot["word"], verdict, room), verdict)


def _through_line(canvas: Image.Image, plan: Plan, shots: Sequence[Mapping[str, Any]]) -> None:
    """The line along the shots that were checked."""
    draw = ImageDraw.Draw(canvas)
    for number, shot in enumerate(shots):
        colour = LINES.get(shot["verdict"])
        if colour is None:
            continue
        left, top = plan.at(number)
        foot = top + plan.row - (28 if (number + 1) % plan.rows == 0 or number + 1 == len(shots) else 0)
        _stretch(draw, left + 18, (top, foot), shot["verdict"], colour)


def _stretch(draw: ImageDraw.ImageDraw, at: int, ends: tuple[int, int], verdict: str, colour: Colour) -> None:
    top, foot = ends
    if verdict == "slight":
        step = [(at, top), (at, top + 12), (at + ASIDE, top + 12), (at + ASIDE, foot - 16), (at, foot - 16), (at, foot)]
        draw.line(step, fill=colour, width=LINE, joint="curve")
    elif verdict == "off":
        middle, half = (top + foot) // 2, (foot - top) // 4
        draw.line((at, top, at, middle - half), fill=colour, width=LINE)
        draw.line((at, middle + half, at, foot), fill=colour, width=LINE)
    else:
        draw.line((at, top, at, foot), fill=colour, width=LINE)
    if verdict == "anchor":
        draw.ellipse((at - DOT, top, at + DOT, top + 2 * DOT), fill=PAPER)


def whole_film(shots: Sequence[Mapping[str, Any]], seen: Sequence[Seen]) -> Image.Image:
    """The film from its beginning to its end as one bar: every shot as wide as it is long, in the colours of its stills."""
    bar = Image.new("RGB", (WIDTH, BAR), ink.WELL)
    ends = max(shot["begins"] + max(1, shot["frames"]) for shot in shots)
    for shot, found in zip(shots, seen, strict=True):
        left = round(shot["begins"] / ends * WIDTH)
        wide = max(1, round((shot["begins"] + shot["frames"]) / ends * WIDTH) - left)
        if found.moments:
            narrow = Image.new("RGB", (len(found.moments), BAR))
            for place, moment in enumerate(found.moments):
                narrow.paste(moment.picture.resize((1, BAR), Image.Resampling.BOX, _inside(moment.picture)), (place, 0))
            bar.paste(narrow.resize((wide, BAR), Image.Resampling.BILINEAR), (left, 0))
    return bar
