"""``throughline check ANCHOR.mp4 B.mp4 …``: how well clips match, measured; as a table for people, or as JSON.

Nothing but the files is needed: no database, no settings, no backend.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from adapters.media.room import MediaRoom
from bot.errors import MediaFault
from bot.errors_film import ClipUnreadable, OneShotOnly
from bot.matching import LINE, Match, Verdict, scene_checked
from bot.measures import Measures
from bot.text import say

SIGNS: Final = {Verdict.MATCHES: "───", Verdict.SLIGHT: "─┐_", Verdict.OFF: "─ ─"}
"""The line that runs through a film: unbroken it matches, a step is slight, a break is off."""


async def run(files: Sequence[Path], *, as_json: bool, locale: str = "en") -> int:
    """Measure them, hold all to the first, and print. Raises `OneShotOnly` or `ClipUnreadable`; exit code 0."""
    if len(files) < 2:
        raise OneShotOnly
    room = MediaRoom()
    measured = await asyncio.gather(*(_measured(room, file) for file in files))
    _, *matches = await asyncio.to_thread(scene_checked, measured, 0)
    told = _as_json(files, matches, locale) if as_json else _table(files, matches, locale)
    sys.stdout.write(f"{told}\n")
    return 0


async def _measured(room: MediaRoom, file: Path) -> Measures:
    if not await asyncio.to_thread(file.is_file):
        raise ClipUnreadable(file=str(file))
    try:
        return await room.measure(file)
    except MediaFault:
        raise ClipUnreadable(file=str(file)) from None


def _as_json(files: Sequence[Path], matches: Sequence[Match], locale: str) -> str:
    shots = [_shot(file, found, locale) for file, found in zip(files[1:], matches, strict=True)]
    return json.dumps({"anchor": str(files[0]), "shots": shots}, ensure_ascii=False, indent=2)


def _shot(file: Path, found: Match, locale: str) -> dict[str, Any]:
    return {"file": str(file), "score": found.score, "parts": dict(found.parts), "words": _words(found, locale)}


def _words(found: Match, locale: str) -> str:
    """``off: darker``."""
    word = say(f"check.{found.verdict.value}", locale)
    return f"{word}: {say(found.cause, locale)}" if found.cause else word


def _table(files: Sequence[Path], matches: Sequence[Match], locale: str) -> str:
    wide = max(len(file.name) for file in files)
    rows = [f"{files[0].name:<{wide}}  ●──  {say('check.anchor', locale)}"]
    for file, found in zip(files[1:], matches, strict=True):
        rows.append(f"{file.name:<{wide}}  {SIGNS[found.verdict]}  {found.score:.2f}  {_words(found, locale)}")
    return "\n".join((*rows, "", say("check.line", locale, line=LINE)))
