"""Somebody who draws: writes down what was to be drawn, and can be told that it cannot be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.drawings import CheckStrip, ContactSheet, Lineage, ShotCard, Swatch
from bot.errors import MediaFault


@dataclass
class FakeDrawing:
    """`bot.ports.Drawing`; a picture's bytes are its content as JSON."""

    cards: list[ShotCard] = field(default_factory=list)
    lineages: list[Lineage] = field(default_factory=list)
    strips: list[CheckStrip] = field(default_factory=list)
    clips: list[Path | None] = field(default_factory=list)
    """The clips that shot cards were drawn from."""
    sheets: list[ContactSheet] = field(default_factory=list)
    sheet_clips: list[list[Path | None]] = field(default_factory=list)
    """The clips that each contact sheet was drawn from."""
    stills: list[frozenset[str]] = field(default_factory=list)
    """Digests of the stills that came with each lineage."""
    broken: bool = False
    slow: bool = False

    async def shot_card(self, card: ShotCard, clip: Path | None, into: Path) -> None:
        self.cards.append(card)
        self.clips.append(clip)
        await self._draw(card, into)

    async def contact_sheet(self, sheet: ContactSheet, clips: Sequence[Path | None], into: Path) -> None:
        self.sheets.append(sheet)
        self.sheet_clips.append(list(clips))
        await self._draw(sheet, into)

    async def check_strip(self, strip: CheckStrip, clips: Sequence[Path | None], into: Path) -> None:
        self.strips.append(strip)
        self.clips.extend(clips)
        await self._draw(strip, into)

    async def lineage(self, lineage: Lineage, stills: Mapping[str, Path], into: Path) -> None:
        self.lineages.append(lineage)
        self.stills.append(frozenset(stills))
        await self._draw(lineage, into)

    async def palette(self, clip: Path) -> Sequence[Swatch]:
        return [Swatch("#13807f", 0.75), Swatch("#ffb02e", 0.25)]

    async def palette_strip(self, swatches: Sequence[Swatch], into: Path) -> None:
        into.write_bytes(json.dumps([[swatch.hex, swatch.name] for swatch in swatches]).encode())

    async def _draw(self, content: CheckStrip | ShotCard | Lineage | ContactSheet, into: Path) -> None:
        if self.slow:
            await asyncio.Event().wait()
        if self.broken:
            raise MediaFault("the pencil broke")
        into.write_bytes(json.dumps(content.to_dict()).encode())
