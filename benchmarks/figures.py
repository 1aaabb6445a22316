"""One line of the table, the machine it was measured on, and how they are printed."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEADS = ("what", "measured", "target", "met")
WIDTHS = (64, 26, 12, 4)


@dataclass(frozen=True)
class Figure:
    """What was measured, in words and units. `met` is None where nothing was promised."""

    name: str
    measured: str
    target: str = ""
    met: bool | None = None


def at_most(name: str, value: float, limit: float, unit: str, *, digits: int = 1, note: str = "") -> Figure:
    """A figure with a promise: `value` and `limit` in `unit`."""
    measured = f"{value:.{digits}f} {unit}{note}"
    return Figure(name, measured, f"≤ {limit:g} {unit}", value <= limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def head() -> str:
    """The first two lines of the table."""
    return f"{_row(HEADS)}\n{_row(tuple('─' * width for width in WIDTHS))}"


def line(figure: Figure) -> str:
    """A line of the table; a missed promise is plain to see."""
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return _row((figure.name, figure.measured, figure.target, met))


def _row(cells: Sequence[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def machine() -> str:
    """Cores, processor, system, Python and the load at this moment: no figure means anything without them."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {_processor()}, {system}, Python {platform.python_version()}{load}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (each.partition(":")[2].strip() for each in lines if each.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")
