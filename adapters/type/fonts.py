"""Which font can draw which character: our own first, then the system's; never a box. Runs in the worker only.

Our own (SIL Open Font License, in ``data/fonts``): Courier Prime for what is verbatim, IBM Plex Sans Condensed for what we
say, IBM Plex Sans for Cyrillic and Greek, Noto Emoji. Chinese, Japanese, Korean and the rest are looked for among the
fonts of the system.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from PIL import ImageFont, features

DATA = Path(__file__).parent / "data" / "fonts"
COURIER = ("courier-prime-latin-400-normal", "courier-prime-latin-ext-400-normal")
PLEX = ("ibm-plex-sans-condensed-latin-400-normal", "ibm-plex-sans-condensed-latin-ext-400-normal")
PLEX_BOLD = ("ibm-plex-sans-condensed-latin-600-normal", "ibm-plex-sans-condensed-latin-ext-600-normal")
OTHERS = (
    "ibm-plex-sans-cyrillic-400-normal",
    "ibm-plex-sans-cyrillic-ext-400-normal",
    "ibm-plex-sans-greek-400-normal",
    "noto-emoji-400-normal",
)
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts",
    "C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts",
)  # fmt: skip
WELL_KNOWN = (
    "NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansSC-Regular", "SourceHanSansSC-Regular", "PingFang",
    "Hiragino Sans GB", "STHeiti Light", "msyh", "wqy-microhei", "wqy-zenhei", "DroidSansFallbackFull", "YuGothM",
    "meiryo", "ヒラギノ角ゴシック W3", "AppleSDGothicNeo", "malgun", "NotoSans-Regular", "DejaVuSans", "Arial Unicode",
    "segoeui", "seguisym", "NotoSansSymbols", "NotoSansSymbols2", "Symbola", "unifont", "FreeSans",
)  # fmt: skip
"""Files to try before all others, by the start of their names; complete and upright sans faces, one per system."""
LESS_LIKED = ("bold", "italic", "oblique", "mono", "black", "thin", "light", "condensed", "narrow", "serif")
MOST_FACES = 400
PROBE = 24
NOWHERE = "\U0010ffff"
"""A noncharacter: what a font draws for it, it draws for everything it does not have."""
SHAPES = bool(features.check("raqm"))
"""Whether text is shaped: only then do joiners join instead of being drawn."""
COLLECTION_LANGUAGES = ("SC", "JP", "KR", "TC", "HK")


@dataclass(frozen=True)
class Face:
    """One face in one font file."""

    path: str
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at that size in pixels. Raises `OSError`."""
        return _load(self.path, self.index, size)

    def has(self, char: str) -> bool:
        """Whether it draws this character and not its "not defined" box."""
        return _draws(self, char)


@lru_cache(maxsize=256)
def _load(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)


@lru_cache(maxsize=1024)
def _probe(face: Face) -> ImageFont.FreeTypeFont:
    """For looking only: shaping would move marks about and make every box look different."""
    return ImageFont.truetype(face.path, PROBE, index=face.index, layout_engine=ImageFont.Layout.BASIC)


def _picture(face: Face, char: str) -> tuple[tuple[int, int], bytes]:
    mask = _probe(face).getmask(char)
    return mask.size, bytes(mask)


@lru_cache(maxsize=1024)
def _nowhere(face: Face) -> tuple[tuple[int, int], bytes]:
    return _picture(face, NOWHERE)


@lru_cache(maxsize=100_000)
def _draws(face: Face, char: str) -> bool:
    try:
        return _picture(face, char) not in {_nowhere(face), ((0, 0), b"")}
    except (OSError, ValueError):
        return False


@dataclass(frozen=True)
class Run:
    """A stretch of text in one face; with no face the text is drawn as its code points."""

    face: Face | None
    text: str


@dataclass(frozen=True)
class Case:
    """A type case: a family, and every other face to fall back on."""

    family: tuple[str, ...]
    spare: Face = field(init=False)
    """Draws code points and blanks."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "spare", self.own[0])

    @cached_property
    def own(self) -> tuple[Face, ...]:
        """The faces that came with us."""
        return tuple(Face(str(DATA / f"{name}.woff")) for name in (*self.family, *OTHERS))

    def runs(self, text: str) -> tuple[Run, ...]:
        """The text, divided by who can draw it. Blanks and joiners stay with what goes before."""
        runs: list[Run] = []
        for char in map(_plain_blank, unicodedata.normalize("NFC", text)):
            before = runs[-1].face if runs else self.spare
            face = before if _joins(char, before) else self.face(char)
            if face is not None and face is before and runs:
                runs[-1] = Run(face, runs[-1].text + char)
            elif face is not None:
                runs.append(Run(face, char))
            elif not _invisible(char):
                runs.append(Run(None, char))
        return tuple(runs)

    def face(self, char: str) -> Face | None:
        """The first face that has this character."""
        if char not in self._found:
            self._found[char] = next((face for face in self._faces() if face.has(char)), None)
        return self._found[char]

    @cached_property
    def _found(self) -> dict[str, Face | None]:
        return {}

    def _faces(self) -> Iterator[Face]:
        yield from self.own
        yield from system_faces()


def _plain_blank(char: str) -> str:
    """Blanks of every width as the one blank that every face has."""
    return " " if char.isspace() else char


def _joins(char: str, before: Face | None) -> bool:
    """Whether a character stays in the face of the one before it."""
    if before is None:
        return False
    if _invisible(char):
        return SHAPES
    return char.isspace() or (unicodedata.combining(char) > 0 and before.has(char))


def _invisible(char: str) -> bool:
    """Joiners, direction marks, variation selectors: they change how others are drawn and are not drawn themselves."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@lru_cache(maxsize=1)
def system_faces() -> tuple[Face, ...]:
    """The faces installed on this machine, the likeliest first."""
    files = [
        Path(folder, name) for top in FOLDERS for folder, _, names in os.walk(Path(top).expanduser()) for name in names
    ]
    fonts = sorted((file for file in files if file.suffix.lower() in {".ttf", ".otf", ".ttc"}), key=_liking)
    return tuple(face for file in fonts[:MOST_FACES] for face in _faces_of(file))


def _liking(file: Path) -> tuple[int, int, str]:
    known = next((place for place, name in enumerate(WELL_KNOWN) if file.stem.startswith(name)), len(WELL_KNOWN))
    dislikes = sum(word in file.stem.lower() for word in LESS_LIKED)
    return (known + 100 * dislikes, len(file.stem), str(file))


def _faces_of(file: Path) -> tuple[Face, ...]:
    """The faces of a file; of a collection those drawn for simplified Chinese first."""
    if file.suffix.lower() != ".ttc":
        return (Face(str(file)),)
    found: list[tuple[int, Face]] = []
    for index in range(12):
        try:
            family = ImageFont.truetype(str(file), PROBE, index=index).getname()[0] or ""
        except OSError:
            break
        language = family.rsplit(" ", 1)[-1]
        rank = COLLECTION_LANGUAGES.index(language) if language in COLLECTION_LANGUAGES else len(COLLECTION_LANGUAGES)
        found.append((rank + 10 * ("Mono" in family), Face(str(file), index)))
    return tuple(face for _, face in sorted(found, key=lambda pair: pair[0])[:1])
