"""Other words for a shot that was filmed before, and which of its words they replace. Pure.

What heads a take's card is what its form is filled in with, and what is replaced: of a remix the change, of any other take the
member's own words. The rest of the frozen brief stays byte for byte; only what was carried over and is now said by the new
words themselves is not said twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import continuity
from bot.brief import CARRIED_LEAD, Brief, Part, PartName, remixed
from bot.continuity import Facts
from bot.film import Take
from bot.words import labelled_runs

_NOT_THE_MEMBERS: Final = frozenset({PartName.SPINE, PartName.CARRIED, PartName.CHANGE})


def is_remix(brief: Brief) -> bool:
    """Whether its last word is a change to what stands above it."""
    return bool(brief.parts) and brief.parts[-1].name is PartName.CHANGE


def is_one_change(before: Brief, after: Brief) -> bool:
    """Whether `after` is `before` with one change more, and so can be made of its clip."""
    return is_remix(after) and after.parts[:-1] == before.parts


def own_words(take: Take) -> str:
    """The words that head the take's card, byte for byte."""
    return take.change or words_of(take.brief)


def words_of(brief: Brief) -> str:
    """The member's own words in a brief, without what a remix changed."""
    return "\n".join(part.text for part in brief.parts if part.name not in _NOT_THE_MEMBERS)


def reworded(source: Brief, words: str) -> Brief:
    """The source's brief with these words in place of its own, or of its last change if it is a remix."""
    if is_remix(source):
        return remixed(replace(source, parts=source.parts[:-1]), words)
    carried = continuity.carry(_carried_into(source), words)
    look = tuple(part for part in source.parts if part.name is PartName.SPINE)
    kept = (Part(PartName.CARRIED, f"{CARRIED_LEAD}{continuity.say(carried.kept)}"),) if carried.kept else ()
    runs = tuple(Part(PartName(label), run) for label, run in labelled_runs(words))
    return replace(source, parts=(*look, *kept, *runs), kept=tuple((kind.value, said) for kind, said in carried.kept))


def facts_after(known: Facts, source: Brief, words: str) -> Facts:
    """What a shot hands on once its words are replaced; a chip that its member took away stays away, unless the words say it."""
    before = _carried_into(source)
    after = continuity.carry(before, words).facts
    said = continuity.read(words)
    for kind in dict(before.items()):
        if not getattr(known, kind.value) and not getattr(said, kind.value):
            after = continuity.without(after, kind)
    return after


def _carried_into(brief: Brief) -> Facts:
    return continuity.facts_from_dict(dict(brief.kept))
