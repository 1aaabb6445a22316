"""The media worker: ``python -I -m adapters.media.worker`` runs one operation and ends."""

from __future__ import annotations

from typing import Any

from adapters.workers.child import Operation, Tell, serve


def picture(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{width, height, media_type}``."""
    from adapters.media import pictures

    return pictures.look(request["file"])


def faces(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{found}``."""
    from adapters.media import faces

    return {"found": faces.may_show(request["file"])}


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
    """``{file, into, most}`` -> ``{}``."""
    from adapters.media import footage

    footage.poster(request["file"], request["into"], request.get("most", footage.POSTER_WIDTH))
    return {}


def last_frame(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, into}`` -> ``{width, height, seconds}``."""
    from adapters.media import stills

    return stills.last_frame(request["file"], request["into"])


def remux(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, into}`` -> ``{}``."""
    from adapters.media.remux import remux as move_index

    move_index(request["file"], request["into"])
    return {}


def fit_bytes(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``{file, into, limit}`` -> ``{bytes, tries, width, height}``."""
    from adapters.media import shrink

    return shrink.fit_bytes(request["file"], request["into"], request["limit"], tell)


def split(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``{file, into, limit}`` -> ``{parts: [names]}``."""
    from adapters.media.split import split as cut

    return cut(request["file"], request["into"], request["limit"], tell)


def film(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``{cut, files, into}`` -> ``{copied, width, height, frames, lufs}``."""
    from adapters.media import film as filming

    return filming.film(request, tell)


def measure(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> `bot.measures.Measures` as data."""
    from adapters.media import measure as measuring

    return measuring.measure(request["file"])


def loudness(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{lufs, peak, seconds}``."""
    from adapters.media import sound

    return sound.loudness(request["file"])


def normalise(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, into, target, ceiling}`` -> ``{gain, lufs}``."""
    from adapters.media import sound

    return sound.normalise(**request)


def extract_sound(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file, into}`` -> ``{codec}``."""
    from adapters.media import sound

    return sound.extract(request["file"], request["into"])


def shot_card(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """`bot.drawings.ShotCard` as data, ``clip``, ``into`` -> ``{width, height}``."""
    from adapters.media.drawing import shot_card as card

    return card.draw(request)


def contact_sheet(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """`bot.drawings.ContactSheet` as data, ``clips`` (files or None), ``into`` -> ``{width, height}``."""
    from adapters.media.drawing import contact_sheet as sheet

    return sheet.draw(request)


def check_strip(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """`bot.drawings.CheckStrip` as data, ``clips``, ``into`` -> ``{width, height}``."""
    from adapters.media.drawing import check_strip as strip

    return strip.draw(request)


def lineage(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """`bot.drawings.Lineage` as data with files for stills, ``into`` -> ``{width, height}``."""
    from adapters.media.drawing import lineage as tree

    return tree.draw(request)


def palette(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{file}`` -> ``{swatches: [{hex, share}]}``."""
    from adapters.media.drawing import palette as colours

    return {"swatches": colours.of_clip(request["file"])}


def palette_strip(request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{swatches: [{hex, share, name}], into}`` -> ``{width, height}``."""
    from adapters.media.drawing import palette as colours

    return colours.draw(request)


def pack(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``{entries: [{name, text} or {name, file}], into}`` -> ``{bytes}``."""
    from adapters.media.pack import pack as write

    return {"bytes": write(request["entries"], request["into"], tell)}


OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (
        picture, faces, fit, footage, poster, last_frame, contact_sheet, remux, fit_bytes, split, film, loudness, normalise,
        measure, extract_sound, shot_card, check_strip, lineage, palette, palette_strip, pack,
    )
}  # fmt: skip

if __name__ == "__main__":
    serve(OPERATIONS)
