"""Other words for a shot that was filmed before, and which of its words they replace. Pure.

What heads a take's card is what its form is filled in with, and what is replaced: of a remix the change, of any other take the
member's own words. The rest of the frozen brief stays byte for byte; only what was carried over and is now said by the new
words themselves is not said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import continuity
from bot.appearing import appearing
from bot.brief import Brief, PartName, compile_brief, unremixed
from bot.cast import CastMember, named_in
from bot.continuity import Facts
from bot.costume import told_to_wear
from bot.film import Take
from bot.remixing import remixed

_NOT_THE_MEMBERS: Final = frozenset({PartName.SPINE, PartName.CAST, PartName.CARRIED, PartName.CHANGE})


def is_remix(brief: Brief) -> bool:
    """Whether its last word is a change to what stands above it."""
    return bool(brief.parts) and brief.parts[-1].name is PartName.CHANGE


def own_words(take: Take) -> str:
    """The words that head the take's card, byte for byte."""
    return take.change or words_of(take.brief)


def words_of(brief: Brief) -> str:
    """The member's own words in a brief, without what a remix changed."""
    return "\n".join(part.text for part in brief.parts if part.name not in _NOT_THE_MEMBERS)


def reworded(source: Brief, words: str, cast: Sequence[CastMember] = (), base: Brief | None = None) -> Brief:
    """The source's brief with these words in place of its own, or of its last change if it is a remix.

    `cast`: whom the words may name; those whom the source describes in the version that it describes. `base`: what a remix was made
    of; without it what its last change took the place of stays away.
    """
    if is_remix(source):
        named = named_in(words, cast)
        return remixed(base or unremixed(source), named.words, named.cast)
    here = appearing(words, cast, carried_into(source, cast))
    said = compile_brief(
        here.words, spine=source.spine, cast=here.cast, undressed=here.undressed, kept=here.carried.kept
    )
    look = tuple(part for part in source.parts if part.name is PartName.SPINE)
    rest = tuple(part for part in said.parts if part.name is not PartName.SPINE)
    return replace(source, parts=(*look, *rest), kept=said.kept, cast=said.cast)


def facts_after(known: Facts, source: Brief, words: str, cast: Sequence[CastMember] = ()) -> Facts:
    """What a shot hands on once its words are replaced; a chip that its member took away stays away, unless the words say it."""
    before = carried_into(source, cast)
    after = appearing(words, cast, before).carried.facts
    said = continuity.read(words)
    for kind in dict(before.items()):
        if not getattr(known, kind.value) and not getattr(said, kind.value):
            after = continuity.without(after, kind)
    return after


def carried_into(brief: Brief, cast: Sequence[CastMember] = ()) -> Facts:
    """What the shot before had left to this brief, with those of the cast who wore something else by then."""
    told, words = brief.part(PartName.CAST), words_of(brief)
    described = {each.id for each in brief.cast}
    bare = [who.id for who in cast if who.id in described and who.wardrobe and who.wardrobe not in told]
    facts = continuity.facts_from_dict(dict(brief.kept))
    newly = appearing(words, cast, facts).undressed
    redressed = set(bare) - newly
    outfits = {who: worn for who, worn in told_to_wear(brief).items() if who in redressed}
    return replace(facts, redressed=tuple(sorted(redressed)), outfits=tuple(sorted(outfits.items())))
