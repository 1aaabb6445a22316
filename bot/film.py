"""The nouns of film making, frozen, with their small rules.

A **shot** is the intention, a **take** one attempt at it, a **clip** the media file of a take. A **slate** is how a take is
spoken of: ``2B-3`` is scene 2, shot B, take 3.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from bot.errors import UnknownTake

if TYPE_CHECKING:
    from bot.brief import Brief
    from bot.continuity import Facts
    from bot.cut import Cut

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # a camera report skips I and O: they read as 1 and 0
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SLATE = re.compile(r"^\s*(\d{1,4})\s*([A-HJ-NP-Za-hj-np-z]{1,2})(?:\s*-\s*(\d{1,4}))?\s*$")


def new_id() -> str:
    """A fresh id: 16 characters, ordered by creation time to the millisecond, safe in URLs and button payloads."""
    number = (int(time.time() * 1000) << 32) | secrets.randbits(32)
    return "".join(_ID_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def chance_of(job: str) -> int:
    """The chance of a take whose brief names no seed, 0 to 2³¹-1: the same job always throws the same dice."""
    digest = hashlib.sha256(f"take\0{job}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1


class Shape(StrEnum):
    """The outline of a picture, by the word members use for it."""

    WIDE = "wide"
    TALL = "tall"
    SQUARE = "square"
    PORTRAIT = "portrait"

    @property
    def ratio(self) -> tuple[int, int]:
        """Width to height, in lowest terms."""
        return _RATIOS[self]

    @property
    def label(self) -> str:
        """The ratio as people write it, ``16:9``."""
        wide, high = self.ratio
        return f"{wide}:{high}"


_RATIOS = {Shape.WIDE: (16, 9), Shape.TALL: (9, 16), Shape.SQUARE: (1, 1), Shape.PORTRAIT: (4, 5)}


@dataclass(frozen=True, order=True)
class Slate:
    """A take's spoken name. `shot` counts from 0 within its scene and is spoken as a letter; `take` 0 names the shot alone."""

    scene: int
    shot: int
    take: int = 0

    @property
    def letter(self) -> str:
        """``A`` to ``Z`` without I and O, then ``AA`` and on."""
        first, last = divmod(self.shot, len(LETTERS))
        return (LETTERS[first - 1] if first else "") + LETTERS[last]

    @property
    def shot_name(self) -> str:
        """The slate without the take, ``2B``."""
        return f"{self.scene}{self.letter}"

    def __str__(self) -> str:
        return f"{self.shot_name}-{self.take}" if self.take else self.shot_name

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``2B-3`` or ``2b``. Raises `UnknownTake` for anything else."""
        found = _SLATE.match(text)
        if not found:
            raise UnknownTake(take=text)
        scene, letters, take = found.groups()
        number = 0
        for letter in letters.upper():
            number = number * len(LETTERS) + LETTERS.index(letter) + 1
        return cls(int(scene), number - 1, int(take or 0))


@dataclass(frozen=True)
class Production:
    """The film being made by one member in one place."""

    id: str
    member: str
    place: str
    title: str
    opened_at: float
    """Seconds since the epoch, UTC."""
    arranged: tuple[str, ...] = ()
    """Ids of its shots in the order of the film, as far as its member has put them in one; the others follow by slate."""


@dataclass(frozen=True)
class Shot:
    """One intended image in time. Its words never change; its takes are the attempts at it."""

    id: str
    production: str
    scene: int
    number: int
    """Place in the scene, from 0."""
    words: str
    """The member's own words, byte for byte."""
    facts: Facts
    """What the next shot has to keep of this one."""
    created_at: float


@dataclass(frozen=True)
class Take:
    """One attempt at a shot. The brief is frozen: exactly what was or will be sent."""

    id: str
    shot: str
    slate: Slate
    brief: Brief
    member: str
    place: str
    made_from: str | None = None
    """The take that this one remixes or repeats."""
    change: str = ""
    """What the member asked to change, byte for byte; empty for a first take and for a retake."""
    circled: bool = False
    clip: Clip | None = None
    created_at: float = 0.0

    def circle(self, circled: bool = True) -> Take:
        """The same take, chosen for the film (or not)."""
        return replace(self, circled=circled)


@dataclass(frozen=True)
class Clip:
    """The media file of a take, named by what is in it."""

    digest: str
    """SHA-256 of the file, hexadecimal."""
    media_type: str
    size: int
    """Bytes."""
    seconds: float
    width: int
    height: int
    poster: str | None = None
    """Digest of a still (JPEG), where one could be taken."""


@dataclass(frozen=True)
class Film:
    """Takes of a production, cut together: what was decided, and the clip that came of it, once there is one."""

    id: str
    production: str
    member: str
    place: str
    cut: Cut
    created_at: float
    clip: Clip | None = None
    posted: str | None = None
    """The platform's reference of its card."""
