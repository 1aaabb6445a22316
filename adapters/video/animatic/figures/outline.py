"""Outlines as complex numbers: x to the right, y down, so that multiplying by exp(iα) turns clockwise on the screen."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.complex128]
"""A polygon, [n]."""
Ends = Sequence[complex]


@lru_cache(maxsize=64)
def _weights(count: int, closed: bool, steps: int) -> NDArray[np.float64]:
    """The matrix [samples, count] that turns knots into points of a Catmull-Rom spline."""
    t = np.linspace(0, 1, steps, endpoint=False)
    blend: NDArray[np.float64] = 0.5 * np.stack(
        [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2], 1
    )
    spans = count if closed else count - 1
    matrix = np.zeros((spans * steps + (not closed), count))
    for span in range(spans):
        for knot, weight in zip(range(span - 1, span + 3), blend.T, strict=True):
            column = knot % count if closed else min(max(knot, 0), count - 1)
            matrix[span * steps : (span + 1) * steps, column] += weight
    if not closed:
        matrix[-1, -1] = 1
    return matrix


def smooth(knots: Ends, *, closed: bool = True, steps: int = 6) -> Points:
    """A smooth line through all knots."""
    return np.asarray(_weights(len(knots), closed, steps) @ np.asarray(knots, np.complex128), np.complex128)


@lru_cache(maxsize=8)
def _arc(n: int) -> Points:
    return np.asarray(np.exp(1j * np.linspace(math.pi / 2, 3 * math.pi / 2, n)), np.complex128)


def capsule(a: complex, b: complex, at_a: float, at_b: float) -> Points:
    """A limb from a to b with round ends of these radii."""
    along = b - a
    turn = along / abs(along) if along else 1 + 0j
    arc = _arc(7)
    return np.concatenate([a + arc * (at_a * turn), b - arc * (at_b * turn)])


def limb(a: complex, b: complex, profile: Sequence[tuple[float, float, float]]) -> Points:
    """A limb with flesh: rows of (place along 0-1, thickness to the front, thickness to the back), round at both ends.

    Front is the left hand of someone going from a to b on the screen: +x for a leg that points down; of a neck, which
    points up, it is the nape.
    """
    along = b - a
    front = -1j * along / abs(along)
    head, tail = profile[0], profile[-1]
    unit = along / abs(along)
    knots = [a - unit * (head[1] + head[2]) * 0.45, *(a + along * s + front * f for s, f, _ in profile)]
    knots += [b + unit * (tail[1] + tail[2]) * 0.45, *(a + along * s - front * k for s, _, k in reversed(profile))]
    return smooth(knots, steps=4)


@lru_cache(maxsize=8)
def _circle(n: int) -> Points:
    return np.asarray(np.exp(1j * np.linspace(0, 2 * math.pi, n, endpoint=False)), np.complex128)


def ellipse(at: complex, rx: float, ry: float, turn: float = 0.0) -> Points:
    """An ellipse, turned clockwise by `turn` radians."""
    ring = _circle(28)
    shape: Points = at + (ring.real * rx + 1j * ring.imag * ry) * cmath.exp(1j * turn)
    return shape


def ribbon(line: Ends, widths: Sequence[float]) -> Points:
    """A band along a line of knots with a width (full) at each."""
    mid = smooth(line, closed=False, steps=5)
    wide = smooth([complex(w) for w in widths], closed=False, steps=5).real / 2
    along = np.gradient(mid)
    normal = 1j * along / np.maximum(np.abs(along), 1e-9)
    return np.concatenate([mid + normal * wide, (mid - normal * wide)[::-1]])


def knee(hip: complex, foot: complex, upper: float, lower: float, bend: float) -> complex:
    """Where the joint between two bones of these lengths lies. `bend` 1: towards +x for a leg that points down."""
    span = foot - hip
    reach = min(max(abs(span), abs(upper - lower) + 1e-6), (upper + lower) * 0.9999)
    cosine = (upper**2 + reach**2 - lower**2) / (2 * upper * reach)
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    return hip + span / max(abs(span), 1e-9) * upper * cmath.exp(-1j * bend * angle)


def turned(points: Points, about: complex, turn: float, onto: complex | None = None) -> Points:
    """The points turned clockwise about a point, which is carried `onto` another."""
    moved: Points = (points - about) * cmath.exp(1j * turn) + (about if onto is None else onto)
    return moved


def swing(angle: float, length: float) -> complex:
    """A bone hanging down, swung forward (+x) by `angle` radians."""
    return complex(math.sin(angle), math.cos(angle)) * length


def ease(x: float) -> float:
    """Smooth step from 0 to 1."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)
