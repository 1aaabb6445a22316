"""What rooms are built of: walls with windows, shelves, furniture, lamps. The back wall is at depth 3.2. World units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from adapters.video.animatic.noise import stream
from adapters.video.animatic.palette import Colour, hexed, mix
from adapters.video.animatic.scenery import GROUND
from adapters.video.animatic.sheets import PERIOD, Ink, Sheet
from adapters.video.animatic.stage import Opening, Stage

WALL = 3.2
CEILING = -0.66
NIGHT = hexed("22365C")


@dataclass(frozen=True)
class Window:
    """A window in the back wall: middle, size, panes across and down."""

    x: float
    y: float
    width: float
    height: float
    across: int = 2
    down: int = 3


@dataclass
class Wall:
    """The back wall while it is furnished: everything on it is one layer."""

    stage: Stage
    colour: Colour
    sheet: Sheet = field(init=False)

    def __post_init__(self) -> None:
        self.foot = self.stage.ground(WALL)
        self.sheet = self.stage.sheet(WALL, CEILING - 0.6, self.foot + 0.04, fine=1.6)
        self._whole(self.colour)

    def _whole(self, colour: Colour) -> None:
        ink = self.sheet.ink()
        ink.image.paste(255, (0, 0, *ink.image.size))
        dark = self.stage.light.dark
        self.sheet.paint(
            ink, [(CEILING, mix(colour, dark, 0.55)), (-0.2, colour), (self.foot, mix(colour, dark, 0.35))]
        )

    def wood(self, share: float = 0.3) -> Colour:
        """Dark wood before this wall."""
        return mix(self.stage.light.dark, self.colour, share)

    def paint(self, ink: Ink, colour: Colour) -> None:
        """Something on the wall."""
        self.sheet.paint(ink, colour)

    def stripe(self, top: float, bottom: float, colour: Colour, value: int = 255) -> None:
        """A band along the whole wall."""
        ink = self.sheet.ink()
        ink.rect(-PERIOD / 2, top, PERIOD / 2, bottom, value)
        self.sheet.paint(ink, colour)

    def pool(self, places: Sequence[tuple[float, float, float]], colour: Colour, strength: float = 1.0) -> None:
        """Light that lies on the wall, round about (x, y, radius)."""
        wide, high = max(2, self.sheet.size[0] // 8), max(2, self.sheet.size[1] // 8)
        x = self.sheet.left + np.arange(wide) / wide * self.sheet.size[0] / self.sheet.ppu
        y = self.sheet.high + np.arange(high) / high * self.sheet.size[1] / self.sheet.ppu
        light = np.zeros((high, wide))
        for across, down, radius in places:
            for shift in self.sheet.copies(across - 2, across + 2):
                away = np.hypot(x[None, :] - across - shift, (y[:, None] - self.sheet.lifted(down)) * 1.15) / radius
                light = np.maximum(light, np.exp(-(away**1.6) * 1.4))
        mask = Image.fromarray((light * 255 * strength).astype(np.uint8)).resize(
            self.sheet.size, Image.Resampling.BILINEAR
        )
        ink = Ink(self.sheet, mask)
        sharp, self.sheet.blur = self.sheet.blur, 0.0
        self.sheet.paint(ink, colour)
        self.sheet.blur = sharp

    def windows(self, windows: Sequence[Window]) -> None:
        """Windows: bright by day, the night outside when lamps are lit; they let in shafts of light."""
        panes, frames = self.sheet.ink(), self.sheet.ink()
        for window in windows:
            _panes(panes, frames, window)
            self.stage.note("window", WALL, window.x, window.width, window.height)
            self.stage.openings.append(Opening(WALL, window.x, window.y, window.width, window.height))
        light = self.stage.light
        self.sheet.paint(frames, self.wood(0.4))
        outside = mix(mix(light.mid, light.low, 0.4), NIGHT, 0.7) if light.lamps else mix(light.light, light.low, 0.25)
        if not light.lamps:
            glow = panes.image.filter(ImageFilter.GaussianBlur(0.06 * self.sheet.ppu))
            sharp, self.sheet.blur = self.sheet.blur, 0.0
            self.sheet.shine(Ink(self.sheet, glow), light.light, 0.0, 0.5)
            self.sheet.blur = sharp
        self.sheet.paint(panes, [(-0.5, mix(outside, light.top, 0.25)), (0.0, outside)])

    def done(self, floor: Colour) -> None:
        """The wall is finished; the floor begins at its foot."""
        self.stage.put(self.sheet, floor)


def _panes(panes: Ink, frames: Ink, window: Window) -> None:
    left, top = window.x - window.width / 2, window.y - window.height / 2
    frames.rect(left - 0.018, top - 0.018, left + window.width + 0.018, top + window.height + 0.022)
    frames.rect(left - 0.035, top + window.height + 0.016, left + window.width + 0.035, top + window.height + 0.034)
    wide, high = window.width / window.across, window.height / window.down
    for column in range(window.across):
        for row in range(window.down):
            x, y = left + column * wide, top + row * high
            panes.rect(x + 0.006, y + 0.006, x + wide - 0.006, y + high - 0.006)


def shelf(wall: Wall, books: Ink, boards: Ink, *, left: float, right: float, boards_count: int = 6) -> None:
    """A bookcase from floor to ceiling, filled with books of all sizes."""
    stage = wall.stage
    rng = stream(stage.spec.place_seed, stage.spec.place, "shelf", left)
    stage.note("shelf", WALL, left, right - left, -CEILING)
    top, bottom = CEILING + 0.06, wall.foot - 0.02
    step = (bottom - top) / boards_count
    for side in (left - 0.012, right):
        boards.rect(side, top - 0.03, side + 0.012, bottom + 0.03)
    boards.rect(left - 0.02, top - 0.045, right + 0.02, top - 0.028)
    for number in range(boards_count):
        y = top + (number + 1) * step
        boards.rect(left, y, right, y + 0.010)
        x = left + 0.008
        while x < right - 0.02:
            wide, high = float(rng.uniform(0.010, 0.026)), step * float(rng.uniform(0.55, 0.88))
            if rng.random() < 0.9 and x + wide < right - 0.004:
                books.rect(x, y - high, x + wide - 0.002, y, int(rng.uniform(60, 255)))
            x += wide + (0.03 if rng.random() < 0.07 else 0.0)


def floor(stage: Stage, colour: Colour, boards: float = 0.0) -> None:
    """The floor that the figures stand on."""
    camera = stage.camera
    level = camera.foot - 0.03
    if level * camera.unit + camera.horizon > camera.height * 1.2:
        return
    light, near = stage.light, mix(colour, stage.light.dark, 0.4)
    far_level = stage.ground(WALL)
    sheet = stage.sheet(GROUND, far_level, level + 0.5, fine=1.5)
    body = sheet.ink()
    body.rect(-PERIOD, level - 0.004, PERIOD, level + 0.6)
    sheet.paint(body, [(level, mix(colour, light.haze, 0.08)), (level + 0.3, near)])
    stage.put(sheet, near)
    if boards:
        _boards(stage, mix(colour, light.dark, 0.35), boards)


def _boards(stage: Stage, colour: Colour, step: float) -> None:
    """Joints of the floor boards, closer together the further away."""
    for depth in (2.6, 2.1, 1.7, 1.4, 1.18):
        level = stage.ground(depth)
        sheet = stage.sheet(depth, level - 0.003, level + 0.003)
        ink = sheet.ink()
        ink.rect(-PERIOD / 2, level - 0.0015 * step, PERIOD / 2, level + 0.0015 * step, 150)
        sheet.paint(ink, colour)
        stage.put(sheet)


@dataclass
class Furniture:
    """Things that stand free in the room, at one depth: a body, and what shines."""

    stage: Stage
    depth: float
    top: float = -0.5

    def __post_init__(self) -> None:
        self.foot = self.stage.ground(self.depth)
        self.sheet = self.stage.sheet(self.depth, self.top, self.foot + 0.01, fine=1.6)
        self.body, self.glow, self.shade = self.sheet.ink(), self.sheet.ink(), self.sheet.ink()

    def table(self, x: float, width: float, height: float) -> float:
        """A table; returns the height of its top as y."""
        y = self.foot - height
        self.body.rect(x - width / 2, y, x + width / 2, y + 0.018)
        for leg in (x - width / 2 + 0.03, x + width / 2 - 0.03):
            self.body.polygon([(leg - 0.011, y), (leg + 0.011, y), (leg + 0.007, self.foot), (leg - 0.007, self.foot)])
        self.stage.note("table", self.depth, x, width, height)
        return y

    def books(self, x: float, y: float) -> None:
        """A small pile of books."""
        for wide, high, lean in ((0.12, 0.019, 0.0), (0.10, 0.017, 0.006), (0.112, 0.02, -0.005)):
            self.body.rect(x - wide / 2 + lean, y - high, x + wide / 2 + lean, y - 0.001)
            y -= high

    def lamp(self, x: float, y: float) -> None:
        """A table lamp."""
        self.body.rect(x - 0.004, y - 0.15, x + 0.004, y)
        self.body.disc(x, y - 0.004, 0.045, flat=0.25)
        self.shade.polygon(
            [(x - 0.038, y - 0.235), (x + 0.038, y - 0.235), (x + 0.078, y - 0.13), (x - 0.078, y - 0.13)]
        )
        self.glow.disc(x, y - 0.15, 0.10)

    def chair(self, x: float, way: int = 1) -> None:
        """A plain chair, seen from the side."""
        seat = self.foot - 0.13 * (1 + 0.2 / self.depth)
        self.body.rect(x - 0.06, seat, x + 0.06, seat + 0.014)
        for leg in (-0.055, 0.045):
            self.body.rect(x + leg, seat, x + leg + 0.010, self.foot)
        back = x - way * 0.055
        top = back - way * 0.02
        self.body.polygon(
            [(back - 0.006, seat), (back + 0.006, seat), (top + 0.006, seat - 0.17), (top - 0.006, seat - 0.17)]
        )

    def hanging(self, x: float, y: float, wide: float = 0.07) -> None:
        """A lamp that hangs from the ceiling."""
        self.body.line([(x, CEILING - 0.4), (x, y - 0.05)], 0.003)
        self.shade.polygon([(x - wide * 0.25, y - 0.055), (x + wide * 0.25, y - 0.055), (x + wide, y), (x - wide, y)])
        self.glow.disc(x, y + 0.02, 0.07)

    def done(self, colour: Colour) -> None:
        """Everything as a layer."""
        light, lit = self.stage.light, self.stage.light.lamps
        self.sheet.paint(self.body, colour)
        self.sheet.edge(self.body, light.rim, 1.0 if lit else -1.0, 0.003, 0.35)
        self.sheet.paint(self.shade, mix(light.light, hexed("FFB868"), 0.3) if lit else mix(colour, light.haze, 0.25))
        if lit:
            soft = self.glow.image.filter(ImageFilter.GaussianBlur(0.055 * self.sheet.ppu))
            sharp, self.sheet.blur = self.sheet.blur, 0.0
            self.sheet.shine(Ink(self.sheet, soft), light.light, 0.0, 1.0)
            self.sheet.blur = sharp
        self.stage.put(self.sheet)


def indoors(stage: Stage) -> None:
    """No sky, no rain; dust hangs in the air."""
    stage.indoors, stage.sky, stage.motes, stage.mist = True, "none", True, False
