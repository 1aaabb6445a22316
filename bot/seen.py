"""What a piece of text shows, found word by word: the plain result that the readers of English and Chinese share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """What one stretch of text establishes, by the name of its kind, and what it says about the shot before."""

    found: dict[str, str] = field(default_factory=dict)
    """Kind → slice of the text. `subject` is left out when the words only point back ("he", "the hands")."""
    subjects: tuple[str, ...] = ()
    """Every person, animal or thing named as the one who acts, in order."""
    pointer: str = ""
    """``he``, ``she``, ``it`` or ``they`` when the text begins with a word that points back."""
    pronouns: frozenset[str] = frozenset()
    """Every personal pronoun used."""
    gone: frozenset[str] = frozenset()
    """Kinds that are over once this has been filmed: the rain stops, the coat comes off."""
    changed: bool = False
    """Somebody wears something else from the beginning of this shot."""
    inside: bool = False
    """It plays indoors, whether or not the place is named."""
    outside: bool = False
    """Somebody goes out of doors, whether or not the new place is named."""
    nobody: bool = False
    """The words ask for a place without people."""


def joined(parts: Iterable[Seen]) -> Seen:
    """Several stretches of one prompt as one; of every kind the first counts."""
    seen = list(parts)
    found: dict[str, str] = {}
    for part in seen:
        found = {**part.found, **found}
    first = next((part for part in seen if part.subjects or part.pointer), Seen())
    return Seen(
        found=found,
        subjects=tuple(dict.fromkeys(name for part in seen for name in part.subjects)),
        pointer=first.pointer,
        pronouns=frozenset().union(*(part.pronouns for part in seen)),
        gone=frozenset().union(*(part.gone for part in seen)),
        changed=any(part.changed for part in seen),
        inside=any(part.inside for part in seen),
        outside=any(part.outside for part in seen),
        nobody=any(part.nobody for part in seen),
    )
