"""A cutting room that joins nothing: it writes down what was to be joined, and can be told that it cannot be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.cut import Cut
from bot.errors import MediaFault
from bot.exporting.bundle import Entry


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

    async def pack(self, entries: Sequence[Entry], into: Path) -> object:
        self.packed.append(entries)
        content = {entry.name: entry.file.read_bytes().decode() if entry.file else entry.text for entry in entries}
        into.write_bytes(json.dumps(content).encode())
        return None
