"""Who is meant by "the detective", "he" or 那个侦探: a new shot's words against the subjects met before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot import lexicon
from bot.grammar import ANIMATE, Phrase, Word, lines, phrase
from bot.signs import signs_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "same"})
_FITS = {"he": "male", "she": "female"}


@dataclass(frozen=True)
class Person:
    """What a subject's own words tell about it. Despite the name it may be an animal or a thing."""

    head: str = ""
    gender: str = ""
    """``male``, ``female``, or empty where it cannot be told."""
    plural: bool = False
    human: bool = False
    alive: bool = False
    definite: bool = False
    """Said as somebody known: "the detective", "detective", 那个侦探."""
    bare: bool = False
    """Nothing but article and noun."""
    dressed: bool = False
    """Says itself what is worn."""
    other: bool = False
    generic: bool = False
    name: str = ""
    title: str = ""
    """``detective`` of "Detective Mills", who is found by either."""
    thing: bool = False
    """Certainly neither person nor animal."""


def is_chinese(text: str) -> bool:
    """Whether any sign of it is Chinese."""
    return _HAN.search(text) is not None


@lru_cache(1024)
def person(subject: str) -> Person:
    """What the words of a subject tell."""
    return _chinese_person(subject) if is_chinese(subject) else _english_person(subject)


def _english_person(subject: str) -> Person:
    line = next(lines(subject), None)
    found = phrase(line.words, 0) if line else None
    if line is None or found is None:
        return Person()
    words = line.words
    head, before = words[found.head], words[found.start : found.head]
    base = _singular(head.low)
    tags = head.tags
    title = before[-1].low if before and head.capital and before[-1].tags & ANIMATE and not tags & ANIMATE else ""
    human = bool(title) or "people" in tags or _sounds_human(head, before)
    return Person(
        head=base,
        gender=next((sort for sort in ("male", "female") if f"people.{sort}" in tags or _said(before, sort)), ""),
        plural=not title and _plural(words, found),
        human=human,
        alive=human or bool(tags & ANIMATE),
        title=title,
        thing=not human and not tags & ANIMATE and bool(tags & {"things", "props", "place", "wardrobe"}),
        definite=not before
        or before[0].low in _DEFINITE
        or not any("determiners" in w.tags or "numbers" in w.tags for w in before),
        bare=found.end == len(words) - 3 and all(word.tags & {"determiners"} for word in before),
        dressed=_says_clothes(words[found.end - 1 :]),
        other=any(word.low in lexicon.words_of("small", "otherness") for word in before),
        generic=base in lexicon.words_of("generic"),
        name=subject[: head.end] if head.capital and not tags & ANIMATE and not before else "",
    )


def _sounds_human(head: Word, before: Sequence[Word]) -> bool:
    """Whether an unknown noun is most likely somebody: "an elderly clockmaker"."""
    if "open" not in head.tags or "plural" in head.tags:
        return False
    aged = any(word.low in ("old", "young", "elderly", "middle-aged", "aged") for word in before)
    return aged or head.low.endswith(("maker", "keeper", "ist", "ian", "eer", "smith", "seller"))


def _says_clothes(behind: Sequence[Word]) -> bool:
    """Clothes behind the head; a colour alone only as "in red"."""
    pairs = pairwise(behind)
    return any("wardrobe" in word.tags and ("adjective" not in word.tags or last.low == "in") for last, word in pairs)


def _said(before: Sequence[Word], sort: str) -> bool:
    return any(word.low == sort for word in before)


def _plural(words: Sequence[Word], found: Phrase) -> bool:
    head = words[found.head]
    many = any("numbers" in word.tags and word.low not in ("one", "1") for word in words[found.start : found.head])
    return (
        many
        or "plural" in head.tags
        or head.low in ("couple", "crowd", "group", "family")
        or words[found.end].low in ("and", "&")
    )


@cache
def _singulars() -> dict[str, str]:
    nouns = (noun for name in lexicon.names("people", "animals", "things") for noun in lexicon.table(name))
    return {lexicon.plural(noun): noun for noun in nouns}


def _singular(low: str) -> str:
    return _singulars().get(low, low)


def _chinese_person(subject: str) -> Person:
    known = lexicon.chinese()
    signs = signs_of(subject)
    folded = known.simplified(subject)
    animate = [sign for sign in signs if sign.animate]
    head = animate[-1] if animate else signs[-1] if signs else None
    if head is None:
        return Person()
    counted = signs[0].any("numbers") and signs[0].word not in ("那", "这")
    return Person(
        head=head.word,
        gender=next((sort for sort in ("male", "female") if f"people.{sort}" in head.tags), ""),
        plural="们" in folded
        or (signs[0].word not in ("一", "1", "那", "这", "某") and counted)
        or folded[1:2] in ("群", "对"),
        human=head.any("people"),
        alive=head.animate,
        definite=not counted,
        bare="的" not in folded and len(animate) == 1 and len(signs) <= 3,
        dressed=any(sign.any("wardrobe") for sign in signs),
        other=folded.startswith(("另", "别的", "其他")),
        generic=head.word in lexicon.words_of("generic", "zh"),
    )


Who = Callable[[str], Person]
"""What a subject's words tell, where more is known of some names than their words say."""


def meant(subject: str, known: Sequence[str], who: Who = person) -> str:
    """The first description of the one whom these words mean, the most lately met first; empty if it is someone new."""
    new = who(subject)
    if new.other or (new.dressed and not new.name):
        return ""
    for old in reversed(known):
        if _same(new, who(old), old):
            return old
    return ""


def _same(new: Person, old: Person, words: str) -> bool:
    if new.name:
        edge = "" if is_chinese(new.name) else r"\b"
        named = re.search(rf"{edge}{re.escape(new.name)}{edge}", words, re.IGNORECASE) is not None
        return named and new.plural == old.plural
    if new.head in (old.head, old.title) and new.plural == old.plural:
        return new.definite or (new.bare and not new.generic)
    if not new.definite or not new.generic or new.plural != old.plural or not old.alive:
        return False
    if new.human:
        return old.human and not (new.gender and old.gender and new.gender != old.gender)
    return (new.head in ("animal", "creature", "动物") and not old.human) or old.head in lexicon.words_of(
        "animals.kinds", new.head
    )


def pointed_at(pronoun: str, last: str, known: Sequence[str], who: Who = person) -> str:
    """The subject that a pronoun means: of fitting gender or number if it can be told, else the last one."""
    candidates = list(dict.fromkeys((last, *reversed(known)))) if last else list(reversed(known))
    if not candidates:
        return ""
    best = max(candidates, key=lambda subject: _fit(pronoun, who(subject)))
    return best if _fit(pronoun, who(best)) >= 0 else ""


def _fit(pronoun: str, who: Person) -> int:
    """2 certain, 1 likely, 0 possible, -1 impossible."""
    if pronoun == "they":
        return 2 if who.plural else 0
    if pronoun == "it":
        return 0 if who.human else 2
    if who.gender and who.gender != _FITS[pronoun]:
        return -1
    if who.plural or who.thing:
        return 0 if who.human else -1
    return 2 if who.gender else int(who.human or bool(who.name))


def undressed(subject: str) -> str:
    """The description without what is worn, for one who has taken it off: "A detective" of "A detective in a trench coat"."""
    if is_chinese(subject):
        return subject.rpartition("的")[2] if person(subject).dressed else subject
    line = next(lines(subject), None)
    found = phrase(line.words, 0) if line else None
    if line is None or found is None or not person(subject).dressed:
        return subject
    return subject[: line.words[found.end - 1].end]
