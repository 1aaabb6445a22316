"""The cutting room: everything that is done to finished clips, one worker process per operation.

Every operation writes its result whole or not at all, raises `MediaFault` for a file that is not what it should be and
`DiskFull` where there is no room, and ends at once when its caller is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from adapters.media.gate import ENCODE, LONG, PREPARED, WORKER
from adapters.workers.process import Workers
from bot.cut import Cut
from bot.drawings import CheckStrip, ContactSheet, Lineage, ShotCard, Swatch
from bot.exporting.bundle import Entry
from bot.measures import Measures

LOOK, COPY, PACK = 30.0, 120.0, 600.0
"""Seconds that looking, copying a clip and packing a whole film's clips may take."""
ENCODED = 3.0
"""Seconds more for every second of a film."""

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Still:
    """A frame that was written: its pixels, and its time in seconds."""

    width: int
    height: int
    seconds: float


@dataclass(frozen=True)
class Fitted:
    """A clip that was made to fit. `tries`: 0 if it fitted as it was."""

    bytes: int
    tries: int
    width: int
    height: int


@dataclass(frozen=True)
class Filmed:
    """A film that was joined."""

    copied: bool
    """Its picture without encoding."""
    width: int
    height: int
    frames: int
    """As many as the cut has."""
    lufs: float
    """Integrated loudness; -70: silent."""


@dataclass(frozen=True)
class Loudness:
    """Integrated LUFS (-70: silence), true peak in dBFS, length of the sound in seconds."""

    lufs: float
    peak: float
    seconds: float


@dataclass(frozen=True)
class Levelled:
    """The gain in decibels that was applied, and the loudness that comes of it."""

    gain: float
    lufs: float


class MediaRoom:
    """Operations on clips, two at once."""

    def __init__(self, workers: Workers | None = None) -> None:
        self._workers = workers or Workers(*WORKER, limits=LONG, prepared=PREPARED)

    async def last_frame(self, file: Path, into: Path) -> Still:
        """Write the last frame, upright in full size; PNG, or JPEG by the name of `into`."""
        return Still(**await self._run("last_frame", LOOK, file=file, into=into))

    async def remux(self, file: Path, into: Path) -> None:
        """Write the clip as MP4 with its index in front; nothing in it is encoded, and nothing of an MP4 is lost."""
        await self._run("remux", COPY, file=file, into=into)

    async def fit_bytes(self, file: Path, into: Path, limit: int, on_progress: Progress | None = None) -> Fitted:
        """Write the clip as MP4 of at most `limit` bytes."""
        return Fitted(**await self._run("fit_bytes", ENCODE, on_progress, file=file, into=into, limit=limit))

    async def film(self, cut: Cut, files: Sequence[Path], into: Path, on_progress: Progress | None = None) -> Filmed:
        """Write the film of the cut's pieces, each from the file at its place, as MP4: to the frame as long as the cut.

        Pieces that are all of one make are cut without encoding their pictures. Chapters have the pieces' slates.
        """
        request = {"cut": cut.to_dict(), "files": [str(file) for file in files], "into": str(into)}
        long = cut.seconds * ENCODED
        limits = replace(LONG, cpu=LONG.cpu + round(2 * long))
        return Filmed(
            **await self._workers.run("film", request, timeout=ENCODE + long, on_progress=on_progress, limits=limits)
        )

    async def loudness(self, file: Path) -> Loudness:
        """Measure it after ITU-R BS.1770."""
        return Loudness(**await self._run("loudness", LOOK, file=file))

    async def measure(self, file: Path) -> Measures:
        """What can be compared of a clip: colours, tones, texture, movement, sound. Raises `MediaFault`."""
        return Measures.from_dict(await self._run("measure", LOOK, file=file))

    async def normalise(self, file: Path, into: Path, target: float = -16.0, ceiling: float = -1.5) -> Levelled:
        """Write it at `target` LUFS, quieter where a true peak would pass `ceiling` dBFS; the picture is copied."""
        return Levelled(**await self._run("normalise", COPY, file=file, into=into, target=target, ceiling=ceiling))

    async def extract_sound(self, file: Path, into: Path) -> None:
        """Write the sound alone, WAV or M4A by the name of `into`."""
        await self._run("extract_sound", COPY, file=file, into=into)

    async def pack(self, entries: Sequence[Entry], into: Path, on_progress: Progress | None = None) -> int:
        """Write the zip of an export; returns its bytes."""
        files = [{"name": entry.name, "text": entry.text} | _where(entry) for entry in entries]
        return int((await self._run("pack", PACK, on_progress, entries=files, into=into))["bytes"])

    async def _run(
        self, op: str, timeout: float, on_progress: Progress | None = None, **request: Any
    ) -> dict[str, Any]:
        plain = {name: str(value) if isinstance(value, Path) else value for name, value in request.items()}
        return await self._workers.run(op, plain, timeout=timeout, on_progress=on_progress)


def _where(entry: Entry) -> dict[str, str]:
    return {"file": str(entry.file)} if entry.file else {}


class DrawingRoom:
    """Draws what chats show beside words (`bot.ports.Drawing`), two at once; nobody's picture waits for somebody's film."""

    def __init__(self, workers: Workers | None = None) -> None:
        self._workers = workers or Workers(*WORKER, prepared=PREPARED)

    async def shot_card(self, card: ShotCard, clip: Path | None, into: Path) -> None:
        """Three frames of the clip, its colours, and the card's words."""
        await self._draw("shot_card", card.to_dict() | {"clip": str(clip) if clip else None}, into)

    async def contact_sheet(self, sheet: ContactSheet, clips: Sequence[Path | None], into: Path) -> None:
        """Stills and colours of every shot from its clip, the film as one bar; a shot without a clip has empty stills."""
        files = [str(clip) if clip else None for clip in clips]
        await self._draw("contact_sheet", sheet.to_dict() | {"clips": files}, into)

    async def check_strip(self, strip: CheckStrip, clips: Sequence[Path | None], into: Path) -> None:
        """A still of every shot with its colours, over the through-line. At most 60 shots."""
        files = [str(clip) if clip else None for clip in clips]
        await self._draw("check_strip", strip.to_dict() | {"clips": files}, into)

    async def lineage(self, lineage: Lineage, stills: Mapping[str, Path], into: Path) -> None:
        """The tree of takes; a branch without a still says how it stands."""
        files = {digest: str(path) for digest, path in stills.items()}
        request = lineage.to_dict()
        for branch in request["branches"]:
            branch["still"] = files.get(branch["still"])
        await self._draw("lineage", request, into)

    async def palette(self, clip: Path) -> Sequence[Swatch]:
        """The clip's colours, six at most, dark to light."""
        answer = await self._workers.run("palette", {"file": str(clip)}, timeout=LOOK)
        return [Swatch(each["hex"], each["share"]) for each in answer["swatches"]]

    async def palette_strip(self, swatches: Sequence[Swatch], into: Path) -> None:
        """The colours as a strip, their names below."""
        await self._draw("palette_strip", {"swatches": [asdict(swatch) for swatch in swatches]}, into)

    async def _draw(self, op: str, request: dict[str, Any], into: Path) -> None:
        await self._workers.run(op, request | {"into": str(into)}, timeout=LOOK)
