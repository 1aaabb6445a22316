"""Whether shots belong together, from what was measured of them: a score, its parts, a plain word and the likely cause. Pure.

What must not drift within a scene is how it is graded: exposure, warmth, saturation, and which colours there are (`palette`).
Contrast, grain, sharpness, movement and sound rightly differ from one framing to the next: they are shown, and they lower a score,
but never below `LINE`.

How much is forgiven. A difference of a third of a stop, the step of a lens's ring, is the least that is seen where one shot follows
another, half a stop is seen by everyone; of saturation it is about a quarter; of warmth about 0.025 in OKLab's `b`, near 500 K at
daylight. What is measured comes out somewhat smaller than what was done (`bot.regrade`), so the bands lie under these. They are
narrower the better the colours of a shot fall into place when it is graded back, since that is what another framing does not do;
and where several shots of a scene stand as witnesses instead of its anchor alone, less is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Final

from bot import regrade
from bot.cut import Piece
from bot.measures import Measures
from bot.regrade import Difference

LINE: Final = 0.85
"""From this score on a shot matches."""
OFF_LINE: Final = 0.6
"""Below it a shot is off."""
PARTS: Final = ("palette", "exposure", "contrast", "warmth", "saturation", "grain", "sharpness", "motion", "sound")
GRADING: Final = ("palette", "exposure", "warmth", "saturation")
"""The parts that may put a score below `LINE`."""
CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "exposure": ("darker", "brighter"),
    "warmth": ("cooler", "warmer"),
    "saturation": ("paler", "richer"),
    "contrast": ("flatter", "harder"),
    "palette": ("colours", "colours"),
}
"""What it is called when the difference is negative, and when it is positive: ``check.cause.<name>``."""
EYE: Final[Mapping[str, float]] = {"exposure": 0.3, "warmth": 0.012, "saturation": 0.12}
"""What an eye forgives, as it is measured: stops, OKLab `b`, logarithm of the ratio."""
SURE: Final = (0.5, 2.5)
"""How much narrower or wider the bands become by what speaks for a regrade."""
EVIDENCE_ALONE: Final = 0.042
"""Colours that must fall into place for a difference to be taken as it is: with the anchor alone to go by,"""
EVIDENCE: Final = (0.0175, 1.5, 0.034)
"""and with witnesses: to the first is added so many times what falls into place in the scene's other shots; the most of it."""
SOFT: Final[Mapping[str, float]] = {"contrast": 0.15, "grain": 1.0, "sharpness": 1.3, "motion": 1.8, "sound": 5.0}
"""Forgiven of the rest: lightness; octaves thrice; decibels."""
KIN: Final = 0.47
"""Colours in common from which two shots show the same place and light."""
KIN_FITTED: Final = 0.53
"""And what they must have in common when one of them is graded by no more than three times what an eye forgives."""
COLOURS: Final = (0.60, 0.13)
"""Colours in common from which nothing is amiss, and how much less is forgiven."""
FALL: Final = -math.log(LINE)
"""A part at the edge of its band is worth just `LINE`."""
FOREIGN: Final = 0.06
"""A regrade explains what is missing but for so much."""
WITNESSES: Final = 5
ENOUGH: Final = 4
"""Shots in a scene from which its own evenness can be told."""


class Verdict(StrEnum):
    """The three plain words, ``check.<value>``."""

    MATCHES = "matches"
    SLIGHT = "slight"
    OFF = "off"


@dataclass(frozen=True)
class Gauge:
    """One part: how much the shot differs, positive for more, and how much of it an eye forgives."""

    part: str
    difference: float
    """Exposure in stops, warmth and contrast in OKLab, saturation as logarithm of the ratio; grain, sharpness and motion in
    octaves; sound in decibels; palette: the share of colours that are not in common."""
    band: float

    @property
    def bands(self) -> float:
        """The difference in bands, at least 0: 1 at the edge of what is forgiven."""
        if self.part == "palette":
            return max(0.0, (COLOURS[0] - 1 + self.difference) / COLOURS[1])
        return abs(self.difference) / self.band


@dataclass(frozen=True)
class Match:
    """How well a shot belongs to others."""

    score: float
    """0..1."""
    parts: Mapping[str, float]
    """0..1 each, every one of `PARTS`; 1 where it cannot be told (two silent shots have no difference of sound)."""
    verdict: Verdict
    cause: str | None
    """Key of the likely cause, ``check.cause.darker``; None where it matches."""
    gauges: tuple[Gauge, ...] = ()

    def gauge(self, part: str) -> Gauge:
        """The gauge of a part. Raises `KeyError`."""
        return {each.part: each for each in self.gauges}[part]


SAME: Final = Match(1.0, dict.fromkeys(PARTS, 1.0), Verdict.MATCHES, None)
"""Of the anchor itself."""


def match(anchor: Measures, other: Measures) -> Match:
    """How well a shot belongs to another, with nothing else to go by."""
    return _match(_difference([anchor], other), EVIDENCE_ALONE, [anchor], other)


def checked(pieces: Sequence[tuple[Piece, Measures]], anchor: int | None = None) -> tuple[Match, ...]:
    """Every piece of a film against the rest of its scene, in their order.

    `anchor`: place of the piece that others are held to; the anchor of every other scene is its first, and may itself be found to
    be the one that stands out. Takes about 60 ms of processor for each piece: not for an event loop.
    """
    scenes: dict[int, list[int]] = {}
    for at, (piece, _) in enumerate(pieces):
        scenes.setdefault(piece.scene, []).append(at)
    found: dict[int, Match] = {}
    for places in scenes.values():
        chosen = places.index(anchor) if anchor in places else None
        scene = [pieces[at][1] for at in places]
        found.update(zip(places, scene_checked(scene, chosen), strict=True))
    return tuple(found[at] for at in range(len(pieces)))


def scene_checked(shots: Sequence[Measures], anchor: int | None = None) -> tuple[Match, ...]:
    """The shots of one scene, against its anchor (the first, where none is given) and those that are of its kind."""
    first = anchor or 0
    kin = [at for at, shot in enumerate(shots) if at == first or _are_kin(shots[first], shot)]
    among = _among(shots, kin, first) if len(kin) > 2 else {}
    if anchor is not None:
        among = among if among.get(first, SAME).verdict is Verdict.MATCHES else {}
        among[first] = SAME
    elif not among:
        among[first] = SAME
    return tuple(among.get(at) or match(shots[first], shot) for at, shot in enumerate(shots))


def _among(shots: Sequence[Measures], kin: Sequence[int], first: int) -> dict[int, Match]:
    """Each of its kind against the others; what stands out most is graded back, then the rest are looked at again.

    Of what was found before and after, the better stands: a false witness is nobody's fault.
    """
    heard = list(shots)
    out: list[int] = []
    best: dict[int, Match] = {}
    while True:
        witnesses = {at: [heard[each] for each in _nearest(kin, at, first)] for at in kin if at not in out}
        found = {at: _difference(others, shots[at]) for at, others in witnesses.items()}
        for at, difference in found.items():
            needed = _needed([each.gain for other, each in found.items() if other != at])
            matched = _match(difference, needed, witnesses[at], shots[at])
            best[at] = max(best.get(at, matched), matched, key=lambda each: each.score)
        more = [at for at in found if best[at].verdict is not Verdict.MATCHES]
        if not more or 2 * (len(out) + 1) >= len(kin):
            return best
        worst = max(more, key=lambda at: found[at].gain)
        out.append(worst)
        heard[worst] = replace(shots[worst], spots=regrade.graded_back(shots[worst].spots, found[worst]))


def _needed(gains: Sequence[float]) -> float:
    """What must fall into place, by how much does so in the scene's other shots anyway."""
    base, times, most = EVIDENCE
    return min(most, base + times * median(gains)) if len(gains) >= ENOUGH - 1 else most


def likely_cause(gauges: Sequence[Gauge]) -> str:
    """Key of what stands out most in the grading; other colours, where no grade or only several at once would explain it."""
    graded = [gauge for gauge in gauges if gauge.part in EYE]
    worst = max(graded, key=lambda gauge: gauge.bands)
    palette = next(gauge for gauge in gauges if gauge.part == "palette")
    several = sum(abs(gauge.difference) > 2 * EYE[gauge.part] for gauge in graded) > 1
    if several or palette.bands > max(1.0, worst.bands):
        worst = palette
    return f"check.cause.{CAUSES[worst.part][worst.difference > 0]}"


def _are_kin(one: Measures, other: Measures) -> bool:
    """Whether they show the same place and light: as they are, or after a small regrade."""
    if regrade.common(regrade.colours(one.spots), regrade.colours(other.spots)) >= KIN:
        return True
    found = _difference([one], other)
    return found.fitted >= KIN_FITTED and all(abs(getattr(found, part)) <= 3 * band for part, band in EYE.items())


def _difference(witnesses: Sequence[Measures], shot: Measures) -> Difference:
    return regrade.difference(regrade.together(tuple(each.spots for each in witnesses)), regrade.colours(shot.spots))


def _nearest(kin: Sequence[int], at: int, first: int) -> list[int]:
    """The anchor and the shots of its kind that stand nearest in the film, without the shot itself."""
    others = sorted((each for each in kin if each not in (at, first)), key=lambda each: (abs(each - at), each))
    return [*([first] if at != first else []), *others[:WITNESSES]]


def _match(found: Difference, needed: float, others: Sequence[Measures], shot: Measures) -> Match:
    gauges = _gauges(found, needed, others, shot)
    parts = {gauge.part: math.exp(-FALL * gauge.bands**2) for gauge in gauges}
    graded = sum(gauge.bands**4 for gauge in gauges if gauge.part in GRADING) ** 0.25
    grading = math.exp(-FALL * graded**2)
    rest = sum(parts[part] for part in SOFT) / len(SOFT)
    score = LINE + (grading - LINE) * (0.4 + 0.6 * rest) if grading >= LINE else grading * (0.9 + 0.1 * rest)
    verdict = Verdict.MATCHES if score >= LINE else Verdict.SLIGHT if score >= OFF_LINE else Verdict.OFF
    cause = None if verdict is Verdict.MATCHES else likely_cause(gauges)
    return Match(round(score, 4), {part: round(parts[part], 4) for part in PARTS}, verdict, cause, gauges)


def _gauges(found: Difference, needed: float, others: Sequence[Measures], shot: Measures) -> tuple[Gauge, ...]:
    """Every part, in the order of `PARTS`."""
    size = sum((getattr(found, part) / band) ** 4 for part, band in EYE.items()) ** 0.25
    speaks = math.sqrt(max(found.gain, 1e-6) / needed)
    width = min(SURE[1], max(SURE[0], size / speaks))
    gauges = {part: Gauge(part, getattr(found, part), band * width) for part, band in EYE.items()}
    gauges["palette"] = Gauge("palette", 1 - max(found.common, found.fitted - FOREIGN), 1 - COLOURS[0] + COLOURS[1])
    gauges |= {part: Gauge(part, _apart(part, others, shot), band) for part, band in SOFT.items()}
    return tuple(gauges[part] for part in PARTS)


def _apart(part: str, others: Sequence[Measures], shot: Measures) -> float:
    """The difference of a shot from the middle of the others in what is not grading."""
    if part == "contrast":
        return shot.contrast - median(each.contrast for each in others)
    if part == "sound":
        return _louder(others, shot)
    floor = {"grain": 0.5, "sharpness": 0.2, "motion": 0.5}[part]
    values = [getattr(each, part) + floor for each in (shot, *others)]
    return math.log2(values[0] / median(values[1:]))


def _louder(others: Sequence[Measures], shot: Measures) -> float:
    """Decibels; where the loudness is the same, how differently it is made up; silence against sound is far apart."""
    heard = [each for each in others if each.loudness is not None]
    if shot.loudness is None or not heard:
        return 0.0 if shot.loudness is None and not heard else 2 * SOFT["sound"] * (-1 if shot.loudness is None else 1)
    louder = shot.loudness - median(each.loudness for each in heard if each.loudness is not None)
    bands = [median(each) for each in zip(*(each.spectrum for each in heard if each.spectrum), strict=True)]
    other = [max(-40.0, each) for each in bands]
    timbre = math.dist([max(-40.0, each) for each in shot.spectrum or other], other) / math.sqrt(len(other) or 1)
    return louder if abs(louder) >= timbre / 2 else math.copysign(timbre / 2, louder)
