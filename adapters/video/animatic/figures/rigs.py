"""The data files of the silhouettes, read once: outlines as complex points, numbers as they are.

``data/silhouettes/<kind>.toml``; the format is told at the head of ``person.toml`` and ``fox.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from adapters.video.animatic.figures.outline import Points, smooth

DATA = Path(__file__).parent.parent / "data" / "silhouettes"
Profile = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Rig:
    """One silhouette file. Unit of length: the figure's height."""

    name: str
    metres: float
    rig: str
    joints: Mapping[str, complex]
    lengths: Mapping[str, float]
    profiles: Mapping[str, Profile]
    shapes: Mapping[str, Points]
    """Dense closed outlines in the resting pose."""
    hair: Mapping[str, Points]
    raw: Mapping[str, Any]
    """The whole file, for what only one kind has."""


@lru_cache(maxsize=64)
def rig(name: str) -> Rig:
    """The silhouette file of that name. Raises `FileNotFoundError`."""
    raw = tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
    base = raw.get("like")
    raw = _over(dict(rig(base).raw), raw) if base else raw
    return Rig(
        name=name,
        metres=raw["metres"],
        rig=raw["rig"],
        joints={key: complex(*at) for key, at in raw.get("joints", {}).items()},
        lengths=dict(raw.get("lengths", {})),
        profiles={key: tuple((s, f, b) for s, f, b in rows) for key, rows in raw.get("profiles", {}).items()},
        shapes={key: outline(points) for key, points in raw.get("shapes", {}).items()},
        hair={key: outline(points) for key, points in raw.get("hair", {}).items()},
        raw=raw,
    )


def _over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """One file laid over the one that it is `like`, table by table."""
    for key, value in above.items():
        held = below.get(key)
        below[key] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    return below


def outline(points: list[list[float]], *, closed: bool = True, steps: int = 6) -> Points:
    """A smooth line through a file's points; none through none."""
    if not points:
        return np.zeros(0, np.complex128)
    return smooth([complex(x, y) for x, y in points], closed=closed, steps=steps)
