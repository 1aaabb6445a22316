"""A remix that dresses somebody of the cast otherwise: in the line that describes them, and in what the shot hands on. Pure.

The line of a cast member says the clothes of their entry, so a change of clothes that leaves it as it is would be contradicted
by it, in this take and in every shot after it. In that line the clothes alone get new words; who it is stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.asked import Change
from bot.brief import Brief, Credit, Part, PartName
from bot.cast import redressed_line, worn_in
from bot.changes import speaks_of
from bot.continuity import Facts
from bot.fields import Field
from bot.named import named
from bot.reference import is_chinese, person

_SHE: Final = re.compile(r"\b(?:she|her|hers)\b|她", re.IGNORECASE)
_HE: Final = re.compile(r"\b(?:he|his|him)\b|他(?!们|們)", re.IGNORECASE)
_TWICE: Final = re.compile(r"\s*[,，、](?:\s*[,，、])+\s*")

Put = Callable[[str, Change], str]
"""Clothes with what a change names in them put otherwise, or taken out."""


@dataclass(frozen=True)
class Costume:
    """Somebody of a brief's cast, the line that describes them, and the clothes that it names."""

    credit: Credit
    line: str
    worn: str


def recostumed(brief: Brief, asks: Sequence[Change], put: Put) -> Brief:
    """The brief with the clothes that the changes name in the lines of those who wear them."""
    for meant, new in _fitted(brief, asks, put):
        line = redressed_line(meant.line, new)
        brief = replace(brief, parts=tuple(_with_line(part, meant.line, line) for part in brief.parts))
    return brief


def handed_on(facts: Facts, source: Brief, asks: Sequence[Change], put: Put) -> Facts:
    """What the next shot finds them wearing, where the changes took their entry's clothes from them."""
    for meant, new in _fitted(source, asks, put):
        who, outfits = meant.credit.id, dict(facts.outfits)
        carried = facts.wardrobe and outfits.get(who) == facts.wardrobe
        rest = {each: worn for each, worn in outfits.items() if each != who}
        facts = replace(
            facts,
            wardrobe=new if carried else facts.wardrobe,
            redressed=tuple(sorted({*facts.redressed, who})),
            outfits=tuple(sorted((rest | ({who: new} if new else {})).items())),
        )
    return facts


def told_to_wear(brief: Brief) -> dict[str, str]:
    """By id, the clothes that the brief's lines name."""
    return {each.credit.id: each.worn for each in _costumes(brief)}


def with_worn(asks: Sequence[Change], source: Brief) -> tuple[Change, ...]:
    """The changes, the first of each costume with the clothes that it takes the place of."""
    told: list[Change] = []
    shown: set[str] = set()
    for ask in asks:
        meant = None if ask.old else wearer(source, ask)
        if meant is not None and meant.credit.id not in shown:
            shown.add(meant.credit.id)
            ask = replace(ask, old=_spoken_of(meant.worn, ask) or meant.worn)  # noqa: PLW2901
        told.append(ask)
    return tuple(told)


def _fitted(brief: Brief, asks: Sequence[Change], put: Put) -> tuple[tuple[Costume, str], ...]:
    """Those who are dressed otherwise, with what they wear then: what a change names put otherwise, else all of it.

    "A red raincoat and boots" are two changes of one costume.
    """
    fitted: dict[str, tuple[Costume, str]] = {}
    last: Costume | None = None
    for ask in asks:
        last = (wearer(brief, ask) or last) if ask.field is Field.WARDROBE and not ask.adds else None
        if last is None:
            continue
        before = fitted.get(last.credit.id, (last, last.worn))[1]
        after = _TWICE.sub(", ", put(before, ask))
        if after == before and ask.new and not ask.tinted:
            after = f"{before}{'、' if is_chinese(ask.new) else ', '}{ask.new}" if last.credit.id in fitted else ask.new
        if after != before:
            fitted[last.credit.id] = (last, after)
    return tuple(fitted.values())


def wearer(brief: Brief, ask: Change) -> Costume | None:
    """Whose clothes the change speaks of: who is named in it, whose clothes it names, or the only one it can be."""
    if ask.field is not Field.WARDROBE or ask.adds:
        return None
    dressed = tuple(_costumes(brief))
    if by_name := [each.id for each in brief.cast if _is_named(each.name, ask.words)]:
        return next((each for each in dressed if each.credit.id in by_name), None)
    if any(_spoken_of(text, ask) for text in _elsewhere(brief)):
        return None  # somebody who is in the words alone wears that
    for choice in (_by_pronoun(dressed, ask.words), _by_clothes(dressed, ask), dressed):
        if len(choice) == 1:
            return choice[0] if ask.new or _spoken_of(choice[0].worn, ask) else None
    return None


def _costumes(brief: Brief) -> Iterator[Costume]:
    for credit in brief.cast:
        for line in _lines(brief, credit.name):
            if worn := worn_in(line):
                yield Costume(credit, line, worn)
                break


def _lines(brief: Brief, name: str) -> Iterator[str]:
    """What is said of somebody, to the line where the next one begins; a description may have lines of its own."""
    heads = "|".join(re.escape(each.name) for each in brief.cast)
    for part in brief.parts:
        if part.name is PartName.CAST:
            starts = [match.start() for match in re.finditer(rf"^(?:{heads})[:：]", part.text, re.MULTILINE)]
            for start, end in zip(starts, [*(at - 1 for at in starts[1:]), len(part.text)], strict=True):
                if part.text[start:].startswith((f"{name}:", f"{name}：")):
                    yield part.text[start:end]


def _with_line(part: Part, before: str, after: str) -> Part:
    return replace(part, text=part.text.replace(before, after, 1)) if part.name is PartName.CAST else part


def _elsewhere(brief: Brief) -> Iterator[str]:
    yield from (words for kind, words in brief.kept if kind != "sound")
    yield from (part.text for part in brief.parts if part.name is PartName.WORDS)


def _spoken_of(text: str, ask: Change) -> str:
    """The piece of clothing that the change speaks of, as the text says it; of a colour, the colour."""
    found = (each for each in named(text) if each.field is Field.WARDROBE and speaks_of(each, ask))
    return next((each.colour if ask.tinted else each.words for each in found), "")


def _is_named(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name), words, re.I) is not None


def _by_clothes(dressed: Sequence[Costume], ask: Change) -> tuple[Costume, ...]:
    """What takes the place of nothing that is named may be anybody's, unless there is one thing of that name."""
    if ask.old or ask.tinted:
        return tuple(each for each in dressed if _spoken_of(each.worn, ask))
    return tuple(each for each in dressed if any(it.thing == ask.thing for it in named(each.worn)))


def _by_pronoun(dressed: Sequence[Costume], words: str) -> tuple[Costume, ...]:
    gender = "female" if _SHE.search(words) else "male" if _HE.search(words) else None
    if gender is None:
        return ()
    return tuple(
        each for each in dressed if person(re.split("[:：]", each.line, maxsplit=1)[1].strip()).gender == gender
    )
