"""Where the platforms' own machine-readable specifications lie, for those who check requests against them.

They are not part of the repository. `THROUGHLINE_SPECS` names their folder; else it is ``shared/specs`` beside the checkout.
Where a file is absent, what would be checked with it is not.
"""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "specs"


def spec_file(name: str) -> Path | None:
    """The specification of that name (``discord.openapi.json``), or None."""
    path = Path(os.environ.get("THROUGHLINE_SPECS") or BESIDE) / name
    return path if path.is_file() else None
