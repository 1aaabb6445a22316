"""A worker that does everything to many files, one after the other: a process for each would take minutes.

``each``: ``{files, folder}`` -> ``{outcomes: {"<file> <operation>": [outcome, seconds]}}``. An outcome is ``made`` or the
name of what was raised. Run as a program by `test_hostile`.
"""

import gc
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters.media.worker import OPERATIONS
from adapters.workers.child import Tell, serve
from bot.cut import Cut, Piece, Transition
from bot.drawings import ContactSheet, SheetShot

MIB = 1024 * 1024
PIECE = Piece("", "1A-1", 1, "", "", 12, 64, 36)
TWICE = Cut("", (PIECE, PIECE), Transition.DISSOLVE)

SHEET = ContactSheet("", (), "", (SheetShot("1A-1", True, "", "", 0, 12),), 16 / 9)


def asked(file: str, into: str) -> dict[str, dict[str, Any]]:
    """Every operation on clips, with its request."""
    return {
        "footage": {"file": file},
        "poster": {"file": file, "into": f"{into}.jpg"},
        "last_frame": {"file": file, "into": f"{into}.png"},
        "contact_sheet": SHEET.to_dict() | {"clips": [file], "into": f"{into}.jpg"},
        "remux": {"file": file, "into": f"{into}.mp4"},
        "loudness": {"file": file},
        "normalise": {"file": file, "into": f"{into}.mp4", "target": -18.0, "ceiling": -1.5},
        "extract_sound": {"file": file, "into": f"{into}.wav"},
        "fit_bytes": {"file": file, "into": f"{into}.mp4", "limit": 6000},
        "film": {"cut": TWICE.to_dict(), "files": [file, file], "into": f"{into}.mp4"},
        "picture": {"file": file},
    }


def each(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Everything to every file."""
    outcomes = {}
    for number, file in enumerate(request["files"]):
        for name, wanted in asked(file, f"{request['folder']}/out-{Path(file).stem}").items():
            begun = time.monotonic()
            outcome = attempt(name, wanted)
            outcomes[f"{Path(file).name} {name}"] = [outcome, time.monotonic() - begun]
            with suppress(FileNotFoundError):
                Path(str(wanted.get("into"))).unlink()
        gc.collect()
        tell(number / len(request["files"]))
    return {"outcomes": outcomes}


def attempt(name: str, wanted: dict[str, Any]) -> str:
    """One operation; what came of it."""
    try:
        OPERATIONS[name](wanted, lambda _: None)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the test wants its name
        kinds = [kind.__name__ for kind in type(fault).__mro__]
        return "FFmpegError" if "FFmpegError" in kinds else f"{type(fault).__name__}: {fault}"
    return "made"


if __name__ == "__main__":
    serve({"each": each})
