"""What clips are called in an export: safe on every system, and short enough for a machine that reads tape names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.cut import Cut, Piece

FOLDER: Final = "clips"
REEL_MAX: Final = 8
"""Characters of a reel's name in a CMX list."""
STEM_MAX: Final = 40

_SIGNS: Final = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "：": ":", "，": ", "}
)
_SOURCES: Final = ("bl", "black", "ax", "bars")
"""Reel names that mean something else in a CMX list: black, a source without a tape, test bars."""
_DEVICES: Final = ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
"""Names that Windows keeps for itself, whatever stands behind the dot."""


@dataclass(frozen=True)
class Named:
    """A clip of the film as it is called in the export."""

    reel: str
    """At most `REEL_MAX` letters, digits, hyphens and underscores; no two clips share one."""
    file: str
    """Where it lies in the zip, ``clips/1A-2.mp4``."""

    @property
    def base(self) -> str:
        """The name of the file alone."""
        return self.file.rpartition("/")[2]


def named(cut: Cut, suffixes: Mapping[str, str] | None = None) -> tuple[Named, ...]:
    """The names of the cut's pieces, in their order; a take that is seen twice has one name.

    `suffixes`: of the clips' files by digest, with the dot; ``.mp4`` where there is none.
    """
    stems, reels = set(_DEVICES), set(_SOURCES)
    found: dict[tuple[str, str, str], Named] = {}
    for number, piece in enumerate(cut.pieces, 1):
        if _key(piece) not in found:
            stem = _free(_stem(piece.slate) or f"shot-{number}", stems, STEM_MAX)
            suffix = (suffixes or {}).get(piece.clip, ".mp4")
            found[_key(piece)] = Named(_free(stem[:REEL_MAX], reels, REEL_MAX), f"{FOLDER}/{stem}{suffix}")
    return tuple(found[_key(piece)] for piece in cut.pieces)


def _key(piece: Piece) -> tuple[str, str, str]:
    return piece.take, piece.slate, piece.clip


def _stem(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain(text, 300)).strip("-_")[:STEM_MAX]


def _free(wanted: str, taken: set[str], most: int) -> str:
    """The name, or the next like it that is not taken; letters of any case are the same."""
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted[: most - len(str(number)) - 1]}_{number}"
    taken.add(name.casefold())
    return name


def plain(text: str, most: int) -> str:
    """One line of printable ASCII, at most `most` characters: accents are taken off, what has no ASCII is left out.

    Empty where no letter and no digit is left.
    """
    bare = unicodedata.normalize("NFKD", text.translate(_SIGNS))
    line = " ".join("".join(char for char in bare if char.isascii()).split())
    line = "".join(char for char in line if char.isprintable())
    if not any(char.isalnum() for char in line):
        return ""
    return line if len(line) <= most else f"{line[: most - 3].rstrip()}..."


def one_line(text: str) -> str:
    """The text in one line, control characters left out."""
    spaced = (" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cs")).split())


def suffixes_of(kinds: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Suffixes by digest, of (digest, media type)."""
    return {digest: ".webm" if kind == "video/webm" else ".mp4" for digest, kind in kinds}
