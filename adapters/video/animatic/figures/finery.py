"""What a creature or a machine wears: a scarf, a hat, a blanket for everything else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.video.animatic.figures import wardrobe
from adapters.video.animatic.figures.outline import Points, ribbon, smooth
from adapters.video.animatic.figures.parts import MID, NEAR, Part
from adapters.video.animatic.figures.rigs import Rig
from adapters.video.animatic.figures.traits import HATS, Outfit

Carry = Callable[[Points], Points]
FUR = frozenset({"fur"})
HAT_SEAT, HAT_SIZE = 0.006 - 0.962j, 0.13
"""Where the outlines of hats sit on a person's head, and how wide that is."""


def finery(body: Rig, outfit: Outfit, on_trunk: Carry, on_head: Carry, *, t: float, wind: float) -> list[Part]:
    """Garments on a creature; `on_trunk` and `on_head` carry outlines of the resting pose."""
    worn = outfit.worn - FUR
    if not worn:
        return []
    parts: list[Part] = []
    neck = worn & {"scarf", "tie", "belt"}
    others = worn - neck - set(HATS) - {"glasses", "mask"}
    if others:
        parts.append(Part(on_trunk(_blanket(body)), min(others), NEAR))
    for cut in sorted(neck):
        parts += _round_the_neck(body, cut, on_trunk, t, wind)
    if worn & set(HATS):
        scale = body.lengths["head_size"] / HAT_SIZE
        for name, role in wardrobe.hat_rows(outfit):
            seated = (wardrobe.outlines()[name] - HAT_SEAT) * scale + body.joints["crown"]
            parts.append(Part(on_head(seated), role, NEAR))
    if worn & {"glasses", "mask"}:
        size = body.lengths["head_size"] * 0.2
        ring = body.joints["eye"] + size * np.exp(1j * np.linspace(0, 6.2, 20))
        parts.append(Part(on_head(ring), "glasses" if "glasses" in worn else "mask", NEAR))
    return parts


def _blanket(body: Rig) -> Points:
    """A cloth over the back: the upper part of the trunk's middle."""
    trunk = body.shapes["trunk"]
    top, low = float(trunk.imag.min()), float(trunk.imag.max())
    left, right = float(trunk.real.min()), float(trunk.real.max())
    width, deep = right - left, low - top
    middle = (left + right) / 2 + 0.04 * width
    half = width * 0.2
    back = top + deep * 0.02
    return smooth([
        complex(middle - half, back + 0.03 * deep), complex(middle, back - 0.01 * deep), complex(middle + half, back + 0.01 * deep),
        complex(middle + half * 1.1, top + deep * 0.6), complex(middle, top + deep * 0.66),
        complex(middle - half * 1.1, top + deep * 0.6),
    ])  # fmt: skip


def _round_the_neck(body: Rig, cut: str, on_trunk: Carry, t: float, wind: float) -> list[Part]:
    low, high = body.joints["neck_low"], body.joints["neck_high"]
    rows = body.profiles["neck"]
    _, front, back = rows[len(rows) // 2]
    along = (high - low) / abs(high - low)
    at, across = low + (high - low) * 0.5, -1j * along
    height = abs(high - low) * (0.17 if cut == "scarf" else 0.1)
    nape, throat = at + across * front * 1.04, at - across * back * 1.06
    band = smooth(
        [
            throat - along * height * 0.8, (nape + throat) / 2 - along * height * 1.25, nape - along * height,
            nape + along * height * 0.7, (nape + throat) / 2 + along * height * 0.6, throat + along * height,
        ]
    )  # fmt: skip
    parts = [Part(on_trunk(band), cut, NEAR)]
    if cut == "scarf":
        size = abs(front + back) * 1.5 + 0.1
        root = complex(on_trunk(np.array([nape]))[0])
        line = [root + (point - root) * size * 2.6 for point in wardrobe.tail(root, 0.25, 0.3 + abs(wind), t)]
        parts.insert(
            0, Part(ribbon(line, [w * size * 2.2 for w in (0.03, 0.036, 0.042, 0.046, 0.046, 0.044, 0.04)]), cut, MID)
        )
    return parts
