"""What a posed figure is made of: painted outlines, the farthest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from adapters.video.animatic.figures.lightness import Paint
from adapters.video.animatic.figures.outline import Points

Look = Mapping[str, Paint]
"""Paint by role."""
FAR, MID, NEAR = 150, 215, 242
"""How close a part is: an edge of light is drawn where a nearer part covers a farther one."""


@dataclass(frozen=True)
class Part:
    """One outline in body heights, feet at 0, up negative; `depth` is FAR, MID or NEAR."""

    points: Points
    role: str
    depth: int = MID
    flat: bool = False
    """Takes no soft volume of its own (thin things, surface marks)."""


def moved(parts: Iterable[Part], by: complex = 0j, scale: float = 1.0) -> list[Part]:
    """The parts scaled about the feet, then moved."""
    return [replace(part, points=part.points * scale + by) for part in parts]


def mirrored(parts: Iterable[Part]) -> list[Part]:
    """The parts facing the other way."""
    return [replace(part, points=-np.conj(part.points)) for part in parts]


def named(parts: Iterable[Part], prefix: str) -> list[Part]:
    """The parts with roles of their own, so that several figures of one group keep their own paint."""
    return [replace(part, role=f"{prefix}{part.role}") for part in parts]
