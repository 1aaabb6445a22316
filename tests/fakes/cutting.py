"""A cutting room that joins nothing: it writes down what was to be joined, and can be told that it cannot be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.cut import Cut
from bot.errors import MediaFault
from bot.exporting.bundle import Entry
from bot.measures import Measures

PLAIN: Final = Measures(
    spots=(
        (180, 5, -30, 1500),
        (260, -10, -45, 1200),
        (340, -35, 10, 1100),
        (420, -20, 40, 1000),
        (500, 15, 55, 1000),
        (560, 60, 40, 800),
        (620, 10, -60, 900),
        (700, 0, 20, 900),
        (780, -15, 35, 800),
        (850, 5, 30, 800),
    ),
    dark=(0.15, 0.0, -0.02),
    mid=(0.5, 0.0, 0.01),
    light=(0.85, 0.0, 0.03),
    exposure=-2.4,
    contrast=0.7,
    saturation=0.06,
    warmth=0.01,
    grain=1.5,
    sharpness=0.4,
    motion=3.0,
    loudness=-18.0,
    spectrum=(-12.0, -10.0, -9.0, -9.0, -10.0, -11.0, -12.0, -14.0, -16.0, -19.0, -23.0, -28.0),
)
"""A clip with nothing special about it."""


@dataclass
class FakeCutting:
    """`bot.ports.CuttingRoom`. A film's bytes are its files' one after another; a zip's are its entries as JSON."""

    films: list[Cut] = field(default_factory=list)
    packed: list[Sequence[Entry]] = field(default_factory=list)
    broken: bool = False
    """No clips can be joined."""
    silent: bool = False
    """There is no sound in films."""
    slow: asyncio.Event | None = None
    """Films wait for it."""
    looks: dict[bytes, Measures] = field(default_factory=dict)
    """What is measured of clips with these bytes; of all others `PLAIN`."""
    measured: list[bytes] = field(default_factory=list)
    """The clips that were measured, in order."""
    unmeasured: set[bytes] = field(default_factory=set)
    """Clips that cannot be measured."""
    at_once: int = 0
    most_at_once: int = 0

    async def film(self, cut: Cut, files: Sequence[Path], into: Path) -> object:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.slow is not None:
                await self.slow.wait()
            if self.broken:
                raise MediaFault("the splicer broke")
            self.films.append(cut)
            into.write_bytes(b"film of " + b" + ".join(file.read_bytes() for file in files))
        finally:
            self.at_once -= 1
        return None

    async def extract_sound(self, file: Path, into: Path) -> None:
        if self.silent:
            raise MediaFault("no sound")
        into.write_bytes(b"sound of " + file.read_bytes())

    async def measure(self, file: Path) -> Measures:
        clip = file.read_bytes()
        if clip in self.unmeasured:
            raise MediaFault("it is black")
        self.measured.append(clip)
        return self.looks.get(clip, PLAIN)

    async def pack(self, entries: Sequence[Entry], into: Path) -> object:
        self.packed.append(entries)
        content = {entry.name: entry.file.read_bytes().decode() if entry.file else entry.text for entry in entries}
        into.write_bytes(json.dumps(content).encode())
        return None
