"""What was measured of a clip: its colours, its tones, its texture, its movement and its sound, as plain numbers. Pure.

Colours are OKLab (Ottosson 2020): lightness 0..1, `a` from green to red, `b` from blue to yellow; distances in it are about as
large as they look. `bot.matching` compares two of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

EDITION: Final[int] = 1
"""Raised when what is measured changes its meaning: measures of different editions are not compared, the clip is measured anew."""

Colour = tuple[float, float, float]
Spot = tuple[int, int, int, int]
"""A colour that a clip has and how much of it: lightness, `a` and `b` in thousandths, share in ten-thousandths of the picture."""


@dataclass(frozen=True)
class Measures:
    """One clip. Bars above, below and beside the picture are left out of everything."""

    spots: tuple[Spot, ...]
    """Its colours, the largest shares first; those near black or as bright as can be are not among them."""
    dark: Colour
    mid: Colour
    light: Colour
    """Mean colours of its darkest, its middle and its lightest fifth."""
    exposure: float
    """Mean of log2 of the luminance: stops below full white, negative."""
    contrast: float
    """Lightness between its darkest and its lightest twentieth."""
    saturation: float
    """Mean chroma."""
    warmth: float
    """Median `b`."""
    grain: float
    """Standard deviation of what is finest, in code values, where the picture is flattest."""
    sharpness: float
    """Steepest twentieth of its edges, against its contrast."""
    motion: float
    """Mean change between pictures an eighth of a second apart, in code values."""
    loudness: float | None
    """LUFS; None without sound."""
    spectrum: tuple[float, ...] | None
    """Decibels of 12 bands of half an octave to an octave, 60 Hz to 12 kHz, against all of them together; None without sound."""
    edition: int = EDITION

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data, at most some kilobytes."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The measures back from `to_dict`'s data (or its JSON)."""
        plain = dict(data)
        plain["spots"] = tuple((light, a, b, share) for light, a, b, share in data["spots"])
        for name in ("dark", "mid", "light", "spectrum"):
            plain[name] = tuple(data[name]) if data[name] is not None else None
        return cls(**plain)
