"""The media worker: ``python -I -m adapters.media.worker`` runs one operation and ends."""

from __future__ import annotations

from typing import Any

from adapters.workers.child import Tell, serve


def picture(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{width, height, media_type}``."""
    from adapters.media import pictures

    return pictures.look(request["file"])


def fit(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, width, height, into}`` -> ``{}``."""
    from adapters.media import pictures

    pictures.fit(request["file"], (request["width"], request["height"]), request["into"])
    return {}


def footage(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{seconds, width, height, media_type, has_sound}``."""
    from adapters.media import footage

    return footage.probe(request["file"])


def poster(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, into}`` -> ``{}``."""
    from adapters.media import footage

    footage.poster(request["file"], request["into"])
    return {}


if __name__ == "__main__":
    serve({"picture": picture, "fit": fit, "footage": footage, "poster": poster})
