"""A worker whose detector sees what a file says: ``face`` or ``no face``; ``hang``, ``crash`` and ``broken`` are done.

Run as a program by `test_faces`.
"""

import os
import time
from pathlib import Path
from typing import Any

from adapters.workers.child import Tell, serve
from bot.errors import NotAnImage


def faces(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{found}``."""
    says = Path(request["file"]).read_text(encoding="utf-8")
    if says == "hang":
        time.sleep(600)
    if says == "crash":
        os.abort()
    if says == "broken":
        raise NotAnImage
    return {"found": says == "face"}


if __name__ == "__main__":
    serve({"faces": faces})
