"""How a clip would have to be graded to look like another: stops of exposure, warmth, saturation. Pure.

Another framing of the same place in the same light shows the same colours in other proportions; another grade shows other colours,
all moved the same way. So the colours of one clip are laid over those of the other, large and small ones nearly alike, and moved
together until as many as can be lie where the other has some too. How far they had to be moved is what differs in the grading;
how many lie on one another at last, or do not, is what differs in place, light and people, and does not come into it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.measures import Spot

Grade = tuple[float, float, float]
"""Stops of exposure; what is added to OKLab's `b` (and a quarter of it to `a`, as from blue to amber); log of saturation."""

CELL_STOPS: Final = 0.125
CELL_COLOUR: Final = 0.005
"""Of the field in which colours are looked up: fine against how far a colour reaches, so that moving it is smooth."""
REACH: Final = (0.25, 0.008)
"""How far a colour reaches: stops, and OKLab (standard deviations)."""
TINT: Final = 0.25
FLAT: Final = 0.5
"""Power of a colour's share that it weighs with: 1 as much as it covers, 0 all alike."""
FULL: Final = 0.8
"""From this quantile of a clip's own density on, a colour counts as there in full."""
BLACK: Final = 0.12
"""Lightness under which a colour tells nothing."""
CLIPPED: Final = 0.956
"""Light (linear, 0..1) from which a channel may have been cut off: code value 250."""
PROBES: Final = 2400
SHARP: Final = 0.015
"""Differences of fit that count: what fits worse by that much is a third as likely."""
SPREAD: Final = 512
STEPS: Final[tuple[tuple[float, ...], ...]] = (
    (-2.5, -2.0, -1.5, -1.25, *(0.125 * step for step in range(-8, 9)), 1.25, 1.5, 2.0, 2.5),
    (-0.1, -0.08, -0.06, *(0.006 * step for step in range(-8, 9)), 0.06, 0.08, 0.1),
    (-1.5, -1.0, -0.7, *(0.0625 * step for step in range(-8, 9)), 0.7, 1.0),
)
"""What is tried of exposure, of warmth, of saturation: closely where little differs, coarsely where it is plain to see."""
ORDERS: Final = ((1, 0, 2, 1, 0, 2), (0, 1, 2, 0, 1, 2))
"""In which order the axes are sought: warmth first, it is told best; where hardly anything is in common, exposure first too."""
HARDLY: Final = 0.4
NONE: Final[Grade] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Difference:
    """How the other clip is graded, seen from the first: positive is brighter, warmer, richer."""

    exposure: float
    """Stops."""
    warmth: float
    """OKLab `b`."""
    saturation: float
    """Natural logarithm of the ratio."""
    common: float
    """How many of their colours the two have in common as they are, 0..1."""
    fitted: float
    """And how many after the best regrade."""

    @property
    def gain(self) -> float:
        """What speaks for a regrade: colours that it brings into place. Another framing has next to none."""
        return max(0.0, self.fitted - self.common)


Field = Mapping[int, float]
"""How much there is of a colour and its neighbours, 0..1, by the number of its cell."""
Probe = tuple[float, float, float, float, float, float]
"""A colour in cells of the field, its weight, and between which exposures it can still be seen."""


@dataclass(frozen=True)
class Colours:
    """The colours of one clip, or of several together, made ready to be compared."""

    probes: tuple[Probe, ...]
    field: Field


@lru_cache(maxsize=256)
def colours(spots: tuple[Spot, ...]) -> Colours:
    """The colours of one clip."""
    weights = [share**FLAT for *_, share in spots]
    total = sum(weights) or 1.0
    probes = tuple(_probe(spot, weight / total) for spot, weight in zip(spots, weights, strict=True))
    return Colours(probes, _field(probes))


@lru_cache(maxsize=64)
def together(clips: tuple[tuple[Spot, ...], ...]) -> Colours:
    """The colours of several clips, none of them counting for more than another."""
    if len(clips) == 1:
        return colours(clips[0])
    probes = sorted((probe for each in clips for probe in colours(each).probes), key=lambda probe: -probe[3])[:PROBES]
    total = sum(probe[3] for probe in probes) or 1.0
    lighter = tuple((e, a, b, weight / total, low, high) for e, a, b, weight, low, high in probes)
    return Colours(lighter, _field(lighter))


def difference(first: Colours, other: Colours) -> Difference:
    """How the other is graded against the first."""
    if not first.probes or not other.probes:
        return Difference(0.0, 0.0, 0.0, 0.0, 0.0)
    fit = _Fit(first, other)
    best = max((_best(fit, order) for order in ORDERS[: 1 + (fit(NONE) < HARDLY)]), key=fit)
    mean = [_likely(fit, best, axis) for axis in range(3)]
    return Difference(mean[0], mean[1], mean[2], fit(NONE), fit(best))


def _best(fit: _Fit, order: Sequence[int]) -> Grade:
    """One axis after the other, each where it fits best."""
    best = NONE
    for axis in order:
        best = max((_with(best, axis, step) for step in STEPS[axis]), key=fit)
    return best


def graded_back(spots: tuple[Spot, ...], found: Difference) -> tuple[Spot, ...]:
    """The colours of a clip as they would be without the difference."""
    gain, warmth = 2 ** (found.exposure / 3), 1000 * found.warmth
    scale = gain * math.exp(found.saturation)
    return tuple(
        (round(light / gain), round((a - TINT * warmth) / scale), round((b - warmth) / scale), share)
        for light, a, b, share in spots
    )


def common(first: Colours, other: Colours) -> float:
    """How many of their colours the two have in common as they are, 0..1."""
    return _Fit(first, other)(NONE) if first.probes and other.probes else 0.0


def _likely(fit: _Fit, best: Grade, axis: int) -> float:
    """The mean of what may be, each step as likely as it fits: what cannot be told well comes out small."""
    fits = [fit(_with(best, axis, step)) for step in STEPS[axis]]
    top = max(fits)
    weights = [math.exp((each - top) / SHARP) for each in fits]
    return sum(weight * step for weight, step in zip(weights, STEPS[axis], strict=True)) / sum(weights)


def _with(grade: Grade, axis: int, value: float) -> Grade:
    changed = list(grade)
    changed[axis] = value
    return (changed[0], changed[1], changed[2])


class _Fit:
    """How much two clips have in common when the first is graded so: the share of each that lies where the other has some."""

    def __init__(self, first: Colours, other: Colours) -> None:
        self._there, self._back = _Half(first.probes, other.field), _Half(other.probes, first.field)
        self._known: dict[Grade, float] = {}

    def __call__(self, grade: Grade) -> float:
        if grade not in self._known:
            stops, warmth, richness = grade
            gain, scale = 2 ** (stops / 3), math.exp(richness)
            warm = warmth / CELL_COLOUR
            there = self._there(stops, gain * scale, TINT * warm, warm)
            back = 1 / (gain * scale)
            self._known[grade] = (there + self._back(-stops, back, -TINT * warm * back, -warm * back)) / 2
        return self._known[grade]


class _Half:
    """The share of some colours that lies in a field when they are moved.

    A colour that exposure takes where it cannot be seen, into white or black, keeps what it counted for unmoved: that it is
    missing there says nothing.
    """

    def __init__(self, probes: Sequence[Probe], field: Field) -> None:
        self._find = field.get
        self._probes = [(*probe, probe[3] * self._find(_cell(*probe[:3]), 0.0)) for probe in probes]

    def __call__(self, stops: float, scale: float, to_a: float, to_b: float) -> float:
        find, up, total = self._find, stops / CELL_STOPS, 0.0
        for e, a, b, weight, low, high, unmoved in self._probes:
            if low < stops < high:
                key = (round(e + up) * SPREAD + round(a * scale + to_a)) * SPREAD + round(b * scale + to_b)
                total += weight * find(key, 0.0)
            else:
                total += unmoved
        return total


def _probe(spot: Spot, weight: float) -> Probe:
    light, a, b = max(spot[0], 1) / 1000, spot[1] / 1000, spot[2] / 1000
    stops = 3 * math.log2(light)
    room = math.log2(CLIPPED / max(_brightest(light, a, b), 1e-4))
    low, high = min(3 * math.log2(BLACK) - stops, -0.01), max(room, 0.01)
    return (stops / CELL_STOPS, a / CELL_COLOUR, b / CELL_COLOUR, weight, low, high)


def _brightest(light: float, a: float, b: float) -> float:
    """The brightest channel of a colour, as light 0..1 (Ottosson's inverse)."""
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return max(
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _cell(e: float, a: float, b: float) -> int:
    return (round(e) * SPREAD + round(a)) * SPREAD + round(b)


def _bell(reach: float, size: float) -> list[tuple[int, float]]:
    """Cells on either side and how much of a colour reaches them."""
    far = math.ceil(2.2 * reach / size)
    return [(at, math.exp(-0.5 * (at * size / reach) ** 2)) for at in range(-far, far + 1)]


BELL_STOPS: Final = _bell(REACH[0], CELL_STOPS)
BELL_COLOUR: Final = [
    (a * SPREAD + b, one * two)
    for a, one in _bell(REACH[1], CELL_COLOUR)
    for b, two in _bell(REACH[1], CELL_COLOUR)
    if one * two > 0.08
]


def _field(probes: Sequence[Probe]) -> dict[int, float]:
    """Every colour spread over its neighbours; full where the clip itself is densest."""
    flat: dict[int, float] = {}
    for e, a, b, weight, *_ in probes:
        middle = _cell(e, a, b)
        for away, part in BELL_COLOUR:
            flat[middle + away] = flat.get(middle + away, 0.0) + weight * part
    field: dict[int, float] = {}
    for middle, amount in flat.items():
        for away, part in BELL_STOPS:
            key = middle + away * SPREAD * SPREAD
            field[key] = field.get(key, 0.0) + amount * part
    own = sorted(field.get(_cell(*probe[:3]), 0.0) for probe in probes)
    full = own[int(FULL * (len(own) - 1))] if own else 1.0
    return {key: min(1.0, amount / full) for key, amount in field.items() if amount > 0.02 * full}
