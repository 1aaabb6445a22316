"""What is drawn beside words, as plain data: the shot card, a lineage, a palette, a contact sheet.

`ports.Drawing` makes pictures of it.

All words in it are ready to be set: in the member's language where they are ours, byte for byte where they are a member's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShotCard:
    """One take on one card."""

    slate: str
    circled: bool
    title: str
    """The production's."""
    words: str
    """The member's own, verbatim."""
    moments: tuple[str, str, str]
    """Names of the first, the middle and the last frame."""
    looked: Pairs
    """Lens, light, move: name and words; what is not known is left out."""
    facts: tuple[str, ...]
    """Two lines at most: what filmed it; length, shape, date."""
    comma: str
    """What stands between two facts in one line."""
    ratio: float
    """Width to height, for where no frame can be had."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True)
class Branch:
    """One take in a lineage."""

    parent: int | None
    """Place in the lineage of the take that this one was made from; None: the first, or one whose source is not shown."""
    slate: str
    words: str
    """What was changed for it; of a first take its words."""
    verbatim: bool
    """The words are a member's; else they are ours ("the same brief again")."""
    note: str = ""
    """Where else it was made, or in what other shape."""
    more: str = ""
    """What is left out below it."""
    state: str = ""
    """How it stands, where it has no still."""
    shown: bool = False
    """The take that is asked about."""
    circled: bool = False
    still: str | None = None
    """Digest of a still in the clip store."""


@dataclass(frozen=True)
class Lineage:
    """How the takes of a shot came from one another; a branch stands behind its parent."""

    shot: str
    title: str
    count: str
    branches: tuple[Branch, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True)
class Swatch:
    """A colour of a clip."""

    hex: str
    """``#13807f``."""
    share: float
    """Of the strip, 0..1."""
    name: str = ""
    """Of the nearest colour that has one."""


@dataclass(frozen=True)
class SheetShot:
    """One shot of a film on its contact sheet."""

    slate: str
    circled: bool
    words: str
    """What it is about, in the member's words."""
    length: str
    """How long it is, in words."""
    begins: int
    """Its first frame in the film."""
    frames: int
    """How many of the film are its own, 24 to a second."""
    verdict: str = ""
    """How it goes with the anchor: ``anchor``, ``matches``, ``slight`` or ``off``; empty: nobody has looked."""
    word: str = ""
    """The same, in a word of the member's language."""


@dataclass(frozen=True)
class ContactSheet:
    """A whole film in one picture. 60 shots at most."""

    title: str
    facts: tuple[str, ...]
    """Two lines at most: length, rate and takes; the date."""
    spine: str
    """What holds for every shot, byte for byte."""
    shots: tuple[SheetShot, ...]
    ratio: float
    """Width to height of the film."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True)
class CheckShot:
    """One shot on the strip of a continuity check."""

    slate: str
    circled: bool
    frames: int
    """Its length, 24 to a second."""
    verdict: str
    """``anchor``, ``matches``, ``slight``, ``off``; empty: it could not be measured."""
    word: str
    """The same, in a word of the member's language."""
    cause: str = ""
    """What likely makes it stand out."""


@dataclass(frozen=True)
class CheckStrip:
    """How the shots of a film go together, in one picture. 60 shots at most; an anchor begins a line of its own."""

    title: str
    shots: tuple[CheckShot, ...]
    ratio: float
    """Width to height of the film."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)
