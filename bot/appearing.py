"""Who appears in a shot: the cast that its words name, or that is carried into it by name; what each wears; what each backend
knows them by. Pure.

Of a cast member only the name is carried from shot to shot, never the description: that stands in every brief once, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import continuity
from bot.backends import split_choice
from bot.brief import Brief, Note
from bot.capabilities import Capabilities, Characters
from bot.cast import CastMember, Named, folded, named_in
from bot.continuity import READ_MAX, Carried, Facts, Kind
from bot.contradictions import contrary
from bot.established import seen_in
from bot.reference import Person, Who, is_chinese, person, undressed

_SMALL: Final = re.compile(
    r"\b(?:a|an|the|his|her|their|its|in|wearing|wears|same|and|of)\b|[他她它们的穿着戴了一件条顶双]", re.IGNORECASE
)
_PUT_ON: Final = re.compile(r"^(?:in|wearing|dressed in|clad in)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Appearing:
    """A shot's words with the cast that is in it."""

    words: str
    """Byte for byte what the member wrote, but for the ``@`` in front of names."""
    cast: tuple[CastMember, ...]
    """Named in the words first, then those carried over."""
    undressed: frozenset[str]
    """Ids of those who wear something else than their entry says."""
    carried: Carried
    """What is said again of the shot before, and what this shot leaves to the next."""


def appearing(words: str, cast: Sequence[CastMember], last: Facts) -> Appearing:
    """Who is in these words after a shot that left `last`."""
    named = named_in(words, cast)
    carried = _lit(continuity.carry(last, named.words, named.spelled, acquainted(cast)), named.words)
    again = named_in(continuity.say(carried.kept), cast).cast
    here = tuple(dict.fromkeys((*(who.id for who in named.cast), *(who.id for who in again))))
    by_id = {who.id: who for who in cast}
    now, later, clothes = _redressed(named, again)
    before = frozenset(last.redressed)
    worn = _outfits(last, carried, now)
    everybody = tuple(replace(by_id[each], wardrobe=worn.get(each, by_id[each].wardrobe)) for each in here)
    outfits = {who: said for who, said in last.outfits if who not in now | later} | clothes
    facts = replace(
        carried.facts, redressed=tuple(sorted(before | now | later)), outfits=tuple(sorted(outfits.items()))
    )
    return Appearing(named.words, everybody, (before | now) - worn.keys(), Carried(carried.kept, facts))


def _lit(carried: Carried, words: str) -> Carried:
    """Without a weather that cannot be in the light of these words: no rain is carried into sunshine."""
    light, weather = seen_in(words[:READ_MAX]).found.get("light", ""), dict(carried.kept).get(Kind.WEATHER, "")
    if not light or not weather or not contrary(weather, light):
        return carried
    kept = tuple(each for each in carried.kept if each[0] is not Kind.WEATHER)
    return Carried(kept, continuity.without(carried.facts, Kind.WEATHER))


def _outfits(last: Facts, carried: Carried, now: frozenset[str]) -> dict[str, str]:
    """By id, the clothes that stand for the entry's in a line of the cast: changed in a shot before, and not said otherwise."""
    said = continuity.say(carried.kept)
    return {who: worn for who, worn in last.outfits if who not in now and worn not in said}


def acquainted(cast: Sequence[CastMember]) -> Who:
    """What the words of a subject tell, knowing the cast: "Marek" is a man, and "the detective", if his description says so."""

    def who(subject: str) -> Person:
        known = named_in(subject, cast)
        if not known.cast:
            return person(subject)
        told = [person(each.description) for each in known.cast]
        alone = len(told) == 1
        return Person(
            head=told[0].head if alone else "",
            gender=told[0].gender if alone else "",
            plural=not alone or person(subject).plural,
            human=any(each.human for each in told) or not any(each.alive or each.thing for each in told),
            alive=any(each.alive for each in told) or not all(each.thing for each in told),
            definite=True,
            name=known.spelled[0] if alone else subject,
            thing=all(each.thing for each in told),
        )

    return who


def _redressed(named: Named, again: Sequence[CastMember]) -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """Ids of those whom the words dress otherwise from now on, of those who wear something else only afterwards, and what."""
    seen = seen_in(named.words[:READ_MAX])
    subject = seen.found.get("subject", "")
    for clothes in (seen.found.get("wardrobe", ""), subject[len(undressed(subject)) :].strip(" ,，")):
        wearer = _wearer(clothes, named, again) if clothes else None
        if wearer is not None and not _is_own(clothes, wearer):
            return frozenset({wearer.id}), frozenset(), {wearer.id: _PUT_ON.sub("", clothes)}
    wearer = _wearer("", named, again)
    if wearer is None:
        return frozenset(), frozenset(), {}
    now = frozenset({wearer.id}) if seen.changed else frozenset()
    return now, frozenset({wearer.id}) if "wardrobe" in seen.gone else now, {}


def _wearer(clothes: str, named: Named, again: Sequence[CastMember]) -> CastMember | None:
    """Whoever is named last in front of the clothes, else the first that is named, else the one carried over."""
    at = named.words.find(clothes) if clothes else -1
    before = [(named.words.rfind(name, 0, at), who) for name, who in zip(named.spelled, named.cast, strict=True)]
    near = max((pair for pair in before if at >= 0 and pair[0] >= 0), key=lambda pair: pair[0], default=None)
    return near[1] if near else next(iter((*named.cast, *again)), None)


def _is_own(clothes: str, wearer: CastMember) -> bool:
    """Whether "his coat" is the coat that the entry gives him anyway."""
    said = _SMALL.sub(" ", folded(clothes))
    entry = folded(wearer.wardrobe)
    if is_chinese(said):
        return all(part in entry for part in said.split())
    return all(re.search(rf"\b{re.escape(word)}\b", entry) for word in re.findall(r"\w+", said))


# ---------------------------------------------------------------- what a backend knows them by


def known_there(offers: Mapping[str, Capabilities], choice: str, brief: Brief, cast: Sequence[CastMember]) -> Brief:
    """The brief with the ids and the pictures by which the choice knows its cast; the words stand in it anyway."""
    caps = offers[choice]
    asked = {split_choice(each)[0] for each in caps.among or (choice,)}
    able = {name for name in asked if _by_id(offers, name, caps, choice)}
    entries = (" ".join(f"{name}:{who.ids[name]}" for name in sorted(able) if name in who.ids) for who in cast)
    characters = tuple(entry for entry in entries if entry)[: caps.characters_max]
    pictures = [who.image for who in cast if who.image] if caps.characters is Characters.PICTURES else []
    return replace(brief, characters=characters, references=tuple(pictures[: caps.pictures.references]))


def _by_id(offers: Mapping[str, Capabilities], name: str, caps: Capabilities, choice: str) -> bool:
    here = caps if split_choice(choice)[0] == name else offers.get(name)
    return here is not None and here.characters is Characters.IDS


def twice_named(cast: Sequence[CastMember], shared: Sequence[CastMember]) -> tuple[Note, ...]:
    """What is told of own cast members who stand for the server's of the same name."""
    theirs = {who.key for who in shared}
    return tuple(Note("own_cast", (("name", who.name),)) for who in cast if not who.shared and who.key in theirs)
