"""What a piece of text shows, found word by word: the plain result that the readers of English and Chinese share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace


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


def introduced(seen: Seen, words: str, names: Sequence[str]) -> Seen:
    """The same where it is known that these names in the words are somebody's: whoever stands first is whom it is about.

    A name that the readers could not take for one (Rose, 老周) would else be nobody, and somebody else would be carried over.
    """
    if not names:
        return seen
    own = seen.found.get("subject", "")
    first = words.find(names[0])
    earlier = bool(own) and (words.find(own) < first or own.startswith(names[0]))
    about = own if earlier else _together(words, first, names)
    apart = names if sum(name in about for name in names) > 1 else [name for name in names if name not in about]
    met = tuple(name for name in apart if not any(each.startswith(name) for each in seen.subjects))
    found = seen.found if seen.pointer else {**seen.found, "subject": about}
    return replace(seen, found=found, subjects=tuple(dict.fromkeys((*met, *seen.subjects, about))))


def _together(words: str, start: int, names: Sequence[str]) -> str:
    """The first name, with those that an "and" joins to it."""
    end = start + len(names[0])
    for name in names[1:]:
        joined = re.match(rf"(?:,? (?:and|&) |, |[、和与跟]){re.escape(name)}", words[end:])
        if joined is None:
            break
        end += joined.end()
    return words[start:end]
