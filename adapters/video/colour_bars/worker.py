"""The colour bars' worker: ``python -I -m adapters.video.colour_bars.worker`` makes one clip, or says what it can do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.workers.child import Tell, serve
from bot.brief import brief_from_dict


def render(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``{slate, brief, reference, into}`` -> ``{seconds, frames}``."""
    from adapters.video.colour_bars.render import Film, render

    reference = Path(request["reference"]) if request["reference"] else None
    film = Film(request["slate"], brief_from_dict(request["brief"]), reference)
    return dict(render(film, Path(request["into"]), tell))


def examine(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{}`` -> ``{missing, fonts, encodes}``: scripts that no font has, fonts of this system, whether H.264 can be made."""
    import av

    from adapters.type.fonts import system_faces
    from adapters.type.typesetting import VERBATIM

    samples = {"Chinese": "鸵鸟", "Japanese": "ひカ", "Korean": "한글", "Cyrillic": "Жя", "emoji": "🎬"}
    missing = [name for name, text in samples.items() if not all(map(VERBATIM.face, text))]
    encodes = all(name in av.codecs_available for name in ("libx264", "aac"))
    return {"missing": missing, "fonts": len(system_faces()), "encodes": encodes}


if __name__ == "__main__":
    serve({"render": render, "examine": examine})
