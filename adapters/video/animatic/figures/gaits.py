"""Walking and running as pure functions of time: feet that stand still on the ground while the body passes over them.

Lengths in body heights, times in seconds, angles in radians; the body moves to +x.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

from adapters.video.animatic.figures.outline import ease


@dataclass(frozen=True)
class Gait:
    """The rhythm of two legs."""

    period: float
    """Seconds from one footfall of a foot to its next."""
    speed: float
    """Body heights a second."""
    duty: float
    """Share of the period that a foot is on the ground."""
    lead: float
    """How far before the hip a foot lands."""
    lift: float
    heel_off: float
    """How far the heel has turned up when the toe leaves the ground."""
    strike: float
    """How far the toe points up when the heel lands."""
    bob: float
    lean: float
    arm: float
    elbow: float

    @property
    def travel(self) -> float:
        """How far a foot goes back under the body while it stands."""
        return self.speed * self.duty * self.period


WALK = Gait(1.08, 0.6, 0.61, 0.165, 0.045, 0.66, 0.28, 0.004, 0.035, 0.42, 0.3)
RUN = Gait(0.66, 1.62, 0.34, 0.165, 0.2, 0.75, 0.08, 0.02, 0.2, 0.75, 1.45)

HEEL, BALL, SOLE = complex(-0.036, 0.0), complex(0.062, 0.0), complex(0.0, -0.048)
"""Of a foot that stands at 0: where it pivots when it lands, when it leaves, and the ankle."""


@dataclass(frozen=True)
class Step:
    """One foot at one moment."""

    ankle: complex
    pitch: float
    """Turn of the foot; positive: heel up."""
    toe: float
    """Turn of the toes."""
    planted: bool


def _stance(gait: Gait, share: float, size: float) -> Step:
    """A standing foot, `share` 0-1 of its time on the ground."""
    at = complex(gait.lead - gait.travel * share, 0)
    if share < 0.16:
        pitch, pivot = -gait.strike * (1 - ease(share / 0.16)), HEEL * size
    else:
        pitch, pivot = gait.heel_off * ease((share - 0.5) / 0.5) * ease((share - 0.35) / 0.4), BALL * size
    ankle = at + pivot + (SOLE * size - pivot) * cmath.exp(1j * pitch)
    return Step(ankle, pitch, min(0.0, pitch), True)


def step(gait: Gait, phase: float, size: float = 1.0) -> Step:
    """The foot that lands at phase 0; `size` scales the foot."""
    phase %= 1.0
    if phase < gait.duty:
        return _stance(gait, phase / gait.duty, size)
    share = (phase - gait.duty) / (1 - gait.duty)
    off, on = _stance(gait, 1.0, size), _stance(gait, 0.0, size)
    back = -gait.speed * gait.period * (1 - gait.duty)
    x = _hermite(off.ankle.real, on.ankle.real, back * 0.6, back * 0.5, share)
    y = off.ankle.imag + (on.ankle.imag - off.ankle.imag) * ease(share)
    y -= gait.lift * math.sin(math.pi * share**0.8) ** 1.3
    pitch = off.pitch + (on.pitch - off.pitch) * ease(share * 1.1) + 0.12 * math.sin(math.pi * share)
    return Step(complex(x, y), pitch, pitch * 0.8 - 0.05, False)


def _hermite(a: float, b: float, slope_a: float, slope_b: float, t: float) -> float:
    return (
        a * (2 * t**3 - 3 * t**2 + 1) + b * (3 * t**2 - 2 * t**3)
        + slope_a * (t**3 - 2 * t**2 + t) + slope_b * (t**3 - t**2)
    )  # fmt: skip


def reach_height(standing: list[tuple[complex, float]], leg: float, wish: float) -> float:
    """How high (negative) the hips may be: as wished, but low enough for these standing (ankle, x of its hip)."""
    heights = [wish]
    for ankle, hip_x in standing:
        across = min(abs(ankle.real - hip_x), leg * 0.95)
        heights.append(ankle.imag - math.sqrt((leg * 0.997) ** 2 - across**2))
    return max(heights)
