"""The continuity ledger of a production: what holds now, since which shot, and what a single shot changed. Pure.

Every shot stores what it leaves to the next (`film.Shot.facts`); the ledger is read off those, so it cannot disagree with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.continuity import Facts, Kind
from bot.film import Shot, Slate


@dataclass(frozen=True)
class Entry:
    """One thing that holds."""

    kind: Kind
    words: str
    """In the words first used."""
    since: Shot
    """The shot of the scene from which on it was said so."""

    @property
    def remixed(self) -> bool:
        """Whether it comes from a change to that shot rather than from its own words."""
        return self.words.casefold() not in self.since.words.casefold()


def entries(shots: Sequence[Shot]) -> tuple[Entry, ...]:
    """What the last of a production's shots leaves to the next, in the order of `Kind`."""
    if not shots:
        return ()
    return tuple(Entry(kind, words, since(shots, kind)) for kind, words in shots[-1].facts.items())


def since(shots: Sequence[Shot], kind: Kind) -> Shot:
    """The first of the unbroken run of shots up to the last, in its scene, that say the same of that kind."""
    first = shots[-1]
    for shot in reversed(shots):
        if shot.scene != first.scene or _of(shot.facts, kind) != _of(first.facts, kind):
            break
        first = shot
    return first


def news(shot: Shot, shots: Sequence[Shot]) -> tuple[tuple[Kind, str], ...]:
    """What a shot says otherwise than the one before it in its scene, or first; `shots`: its production's, in order."""
    before = [each for each in shots if each.scene == shot.scene and each.number < shot.number]
    known = before[-1].facts if before else Facts()
    return tuple((kind, words) for kind, words in shot.facts.items() if words != _of(known, kind))


def name(shot: Shot) -> str:
    """How the shot is spoken of: ``1A``."""
    return Slate(shot.scene, shot.number).shot_name


def _of(facts: Facts, kind: Kind) -> str:
    return str(getattr(facts, kind.value))
