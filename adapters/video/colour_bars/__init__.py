"""The test signal: an embedded backend that needs no key and no GPU and says so in every frame.

A slate with SMPTE bars, tone, running timecode and the whole brief, rendered faster than it plays. It is honest about what
it is, so that everything around it can be tried and shown: orders, progress, cancelling, restarts, delivery.

`adapters.video.spooled` keeps and drives the orders, `worker` is the process that draws them (`slate`, `panel`,
`typesetting`, `fonts`, `bars`) and encodes them (`render`). Here is only what the main process does; it never loads
Pillow, numpy or av.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.spooled import Spooled, encoding
from bot.film import Shape
from bot.paperwork import Capabilities, Finding
from bot.ports import Backend

NAME = "colour_bars"
WORKER = ("-m", "adapters.video.colour_bars.worker")
LONGEST = 60
CAPABILITIES = Capabilities(
    seconds=tuple(range(1, LONGEST + 1)),
    shapes=tuple(Shape),
    images=True,
    words_max=32_000,
    cancels=True,
    free=True,
    usual_seconds=2.0,
    embedded=True,
)


def configured(setting: BackendSettings) -> bool:
    """Always: it needs nothing."""
    return True


def build(setting: BackendSettings) -> Backend:
    """The backend, with its spool in the folder that it is given."""
    return ColourBars(setting.folder)


class ColourBars(Spooled):
    """The test signal as a `bot.ports.Backend`."""

    def __init__(self, folder: Path, at_once: int | None = None) -> None:
        super().__init__(NAME, CAPABILITIES, folder, WORKER, at_once)

    def findings(self, told: Mapping[str, Any]) -> Sequence[Finding]:
        """Whether clips can be encoded, and which scripts no font here can draw."""
        return [encoding(NAME, told["encodes"]), _writing(told["missing"], told["fonts"])]


def _writing(missing: Sequence[str], fonts: int) -> Finding:
    if not missing:
        return Finding(NAME, "ok", f"Words in every script can be drawn ({fonts} system fonts).")
    lacking = ", ".join(missing)
    return Finding(
        NAME,
        "warning",
        f"No font draws {lacking}: such words appear as code points. Debian: apt install fonts-noto-cjk.",
    )
