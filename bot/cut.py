"""The cut: which takes make the film, in which order, joined how, to the frame. Pure.

A **piece** is a take with its clip; an **edit** is a piece at its place in the film. Everything counts in frames of
`RATE`; a dissolve shows the end of one piece and the beginning of the next at once, so it makes the film shorter, while a cut
and a fade through black leave it as long as its pieces.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

RATE: Final = 24
"""Frames a second of every film."""
LAP: Final = 12
"""Frames of a transition: half a second."""


class Transition(StrEnum):
    """How one piece goes over into the next."""

    CUT = "cut"
    FADE = "fade"
    """Through black: each piece fades within its own length."""
    DISSOLVE = "dissolve"


@dataclass(frozen=True)
class Spoken:
    """A line of dialogue: seconds from the beginning of its piece, at most as long as that."""

    begins: float
    ends: float
    words: str
    who: str = ""


@dataclass(frozen=True)
class Piece:
    """A take in the film."""

    take: str
    """Id of the take; empty for one that is known only by its file."""
    slate: str
    """``2B-3``; the name of its file where it has no slate."""
    scene: int
    words: str
    """What its shot is about, in the member's words."""
    clip: str
    """Digest of the clip."""
    frames: int
    """Its length, in frames of `RATE`, at least 1."""
    width: int
    height: int
    circled: bool = False
    has_sound: bool = True
    spoken: tuple[Spoken, ...] = ()

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The piece back from its data."""
        return cls(**{**data, "spoken": tuple(Spoken(**each) for each in data.get("spoken", ()))})


@dataclass(frozen=True)
class Edit:
    """A piece at its place. Frames; `ends` is the first frame that is no longer its own."""

    number: int
    """From 1."""
    piece: Piece
    begins: int
    ends: int
    lap: int
    """So many of its first frames are shared with the edit before (a dissolve)."""

    @property
    def frames(self) -> int:
        """How long it is seen, shared frames included."""
        return self.ends - self.begins


@dataclass(frozen=True)
class Cut:
    """A film, as it is to be joined."""

    title: str
    pieces: tuple[Piece, ...]
    transition: Transition = Transition.CUT

    @property
    def lap(self) -> int:
        """Frames of every transition of this film: `LAP`, or half of its shortest piece; 0 for cuts and for a single piece.

        0 also where a piece is a single frame: it cannot be shared with both its neighbours.
        """
        if self.transition is Transition.CUT or len(self.pieces) < 2:
            return 0
        return min(LAP, min(piece.frames for piece in self.pieces) // 2)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every piece at its place, in order."""
        shared = self.lap if self.transition is Transition.DISSOLVE else 0
        found: list[Edit] = []
        begins = 0
        for number, piece in enumerate(self.pieces, 1):
            lap = shared if found else 0
            begins = found[-1].ends - lap if found else 0
            found.append(Edit(number, piece, begins, begins + piece.frames, lap))
        return tuple(found)

    @property
    def frames(self) -> int:
        """Length of the film."""
        edits = self.edits
        return edits[-1].ends if edits else 0

    @property
    def seconds(self) -> float:
        """Length of the film."""
        return self.frames / RATE

    def to_dict(self) -> dict[str, Any]:
        """The cut as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The cut back from `to_dict`'s data (or its JSON)."""
        pieces = tuple(Piece.from_dict(each) for each in data["pieces"])
        return cls(data["title"], pieces, Transition(data["transition"]))


def frames_in(seconds: float) -> int:
    """Frames of `RATE` in a clip of so many seconds: the nearest whole number, at least 1."""
    return max(1, round(seconds * RATE))


def timecode(frames: int, rate: int = RATE, *, hour: int = 0) -> str:
    """``HH:MM:SS:FF`` without drop frames, from hour `hour` on."""
    seconds, left = divmod(frames, rate)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hour + hours:02}:{minute:02}:{second:02}:{left:02}"
