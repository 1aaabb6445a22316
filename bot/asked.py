"""What the words of a reply ask to change, by themselves: fields of the shot and what they become. Pure.

Read without a language model: the words are taken apart into clauses; in each is found what is swapped ("teal instead of red",
把红伞换成蓝伞), taken out ("no rain") or added, and which field each names (`bot.named`). Words that name no field ask for
no change that is known here: they are sent as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.established import labelled
from bot.fields import THINGS, Field, Named, asked
from bot.lengths import lengths_in_words
from bot.lexicon import chinese
from bot.named import READ_MAX, named
from bot.reference import is_chinese
from bot.swaps import Swap, gone_in, marked, swap_in, without_kept
from bot.words import labelled_runs


@dataclass(frozen=True)
class Change:
    """One named field that becomes something else."""

    field: Field
    new: str
    """In the words of the one who asks; empty where something is taken out."""
    old: str = ""
    """What it was: as the one who asks puts it, else (`changes.read`) as the source said it; empty where nobody said."""
    thing: str = ""
    """What can be seen, by its noun; see `colour`."""
    colour: str = ""
    """The new colour of that thing. With `tinted`, `new` and `old` are colours."""
    tinted: bool = False
    adds: bool = False
    """Something beside what is there, or more of it: nothing that was said before is contradicted."""
    whole: bool = False
    """A labelled line that takes the place of the one with that label."""
    words: str = ""
    """The words that ask for this change alone, cut from the reply."""
    clause: int = 0
    touching: bool = False
    """Said in one breath with the change before: "foggy morning"."""


_LABELS: Final = {
    "camera": Field.CAMERA,
    "action": Field.ACTION,
    "dialogue": Field.DIALOGUE,
    "sound": Field.SOUND,
    "ambience": Field.AMBIENCE,
    "effects": Field.EFFECTS,
    "music": Field.MUSIC,
}
"""Labelled lines by the name of their label (`bot.words`)."""

_CLAUSES: Final = re.compile(
    r"[;；。!！?？\n，、]|[,.](?=\s|$)|\bbut\b|\bthen\b|然后|同时|而且|并且|另外|"
    r"\band\b(?=\s+(?:also\s+)?(?:make|change|switch|turn|replace|swap|add|remove|use|set|put|give|have|let|no|without|then|it|he|she|they|"
    r"in|at|from|with|on)\b)",
    re.IGNORECASE,
)
_RELATIVE: Final = re.compile(
    r"\b(?:more|less|fewer|further|farther|nearer|closer|tighter|wider|(?:bright|dark|dimm|soft|hard|warm|cool|cold|slow|fast|quick|loud|quiet|"
    r"short|long|high|low|bigg|small|larg|tall|scari|happi|sadd|funni|calm|tens|light|moodi|cosi|cozi|rich|sharp|smooth|rough|wett|dri|deep|"
    r"thick|thinn|heavi|strong|weak|angri|clean|messi|busi|empti|full|lat|earli|green|blu|redd|old|young)er)\b(?!\s*shot)|更|一点|一些|点儿",
    re.IGNORECASE,
)


@lru_cache(512)
def asked_for(words: str) -> tuple[Change, ...]:
    """The changes that the words ask for, in their order; `old` only where they say it themselves."""
    found: list[Change] = []
    for number, (label, run) in enumerate(labelled_runs(words)):
        if label == "words":
            for place, clause in enumerate(_CLAUSES.split(run[:READ_MAX])):
                found += _clause(clause, number * 1000 + place) if clause and clause.strip() else ()
        else:
            said = re.split("[:：]", run, maxsplit=1)[1].strip()
            found.append(Change(_LABELS[label], said, whole=True, words=run.strip(), clause=number * 1000))
    return tuple(_merged(found))


def _clause(text: str, number: int) -> Iterator[Change]:
    text = without_kept(text)
    titled = _titled(text)
    if titled is not None:
        yield replace(titled, words=text.strip(), clause=number)
        return
    out, rest = marked(text, "removing")
    gone = gone_in(text)
    out, rest = (True, gone) if gone else (out, rest)
    swap = None if out else swap_in(text)
    if swap is not None:
        yield from (replace(each, words=text.strip(), clause=number) for each in _swapped(swap))
        return
    adds = marked(rest, "adding")[0]
    found = _framed(named(rest), rest)
    for place, each in enumerate(found):
        before = found[place - 1].end if place else 0
        words = rest[before : each.end if place + 1 < len(found) else len(rest)]
        change = _plain(each, rest) if _is_asked(each, rest) else None
        if out and not place:
            change = Change(each.field, "", each.words, each.thing)
            words = text if gone else text[: len(text) - len(rest)] + words
        if change is None:
            continue
        touching = place > 0 and not rest[before : each.start].strip()
        change = replace(change, adds=(change.adds or adds) and bool(change.new))
        yield replace(change, words=_tidy(words), clause=number, touching=touching)


def _titled(text: str) -> Change | None:
    """ "palette: rust and cream", 色调：暖: the field's own name, and what it becomes."""
    head, colon, said = text.replace("：", ":", 1).partition(":")
    found = named(head) if colon and len(head) < 40 else ()
    kind = found[0].field if len(found) == 1 and is_generic(head) else _KINDS.get(labelled(text)[0])
    return Change(kind, said.strip(), adds=_is_relative(said)) if kind and said.strip() else None


_KINDS: Final = {field.value: field for field in Field}
"""Of the labels that the lexicon knows: ``Lighting:``, 地点：."""


def _is_asked(each: Named, text: str) -> bool:
    """A number of seconds is the length of the take only where nothing else is said of it: "she waits 3 seconds" is action."""
    if each.field is not Field.LENGTH or not each.words[0].isdigit():
        return True
    around = text[: each.start] + text[each.end :]
    return bool(lengths_in_words(text)) or _LENGTH_ALONE.fullmatch(around) is not None


_LENGTH_ALONE: Final = re.compile(
    r"[\s.!]*(?:(?:please|pls|can you|now|just|only|make|change|cut|keep|set|it|this|the length|length|to|last|for|in|a|total|long|"
    r"instead|clip|video|take|be|should|时长|长度|改成|换成|改为|拍|拍成|做成|变成|共|只要|长|的|把|镜头)[\s.!]*)*",
    re.IGNORECASE,
)


def _framed(found: Sequence[Named], text: str) -> list[Named]:
    """ "close-up of the letter", 特写她的手: what is framed belongs to the framing."""
    kept: list[Named] = []
    for each in found:
        last = kept[-1] if kept else None
        between = text[last.end : each.start].strip().lower() if last else ""
        if (
            last
            and last.field is Field.FRAMING
            and each.field in THINGS
            and between in ("of", "on", "", "在", "她的", "他的", "它的")
        ):
            kept[-1] = replace(last, end=each.end, words=text[last.start : each.end])
        else:
            kept.append(each)
    return kept


def _tidy(words: str) -> str:
    return re.sub(r"^(?:and|plus|also|和|再|也|又)\s*\b|^[,，\s]+", "", words.strip(), flags=re.IGNORECASE).strip(
        " ,，"
    )


def _plain(each: Named, text: str) -> Change | None:
    if each.thing and each.colour and _is_said_of(each):
        return Change(each.field, each.colour, "", each.thing, each.colour, tinted=True)
    if is_generic(each.words):
        return None if text.strip() == each.words else Change(each.field, _tidy(text), adds=True)
    amount = _AMOUNT.search(text[: each.start])
    if amount is not None:
        return Change(each.field, f"{amount.group()}{each.words}", "", each.thing, each.colour, adds=True)
    new = _RELATIVE_BEHIND.sub("", each.words) or each.words
    return Change(each.field, new, "", each.thing, each.colour, adds=_is_relative(each.words) or is_generic(each.words))


_AMOUNT: Final = re.compile(r"(?:\b(?:more|less|fewer|some|a bit of|a little)\s+|更多|更少|多点|少点)$", re.IGNORECASE)
_RELATIVE_BEHIND: Final = re.compile(r"\s+instead$", re.IGNORECASE)


def _is_said_of(each: Named) -> bool:
    """ "the cat should be black", 猫是黑色的: the colour stands behind its thing."""
    return each.words.casefold().find(each.colour.casefold()) > each.words.casefold().find(each.thing)


def is_generic(words: str) -> bool:
    """Whether the words only name the field itself: "the light"."""
    plain = chinese().simplified(re.sub(r"^(?:the|its|some|a|more)\s+", "", words.strip().lower()))
    return plain in asked("generic", "zh" if is_chinese(plain) else "en")


def _is_relative(words: str) -> bool:
    return _RELATIVE.search(words) is not None


# ---------------------------------------------------------------- one thing for another


def _swapped(swap: Swap) -> list[Change]:
    """What stands on either side of "instead of", "to", 换成: the same fields, or a thing and its colour."""
    new, old = named(swap.new), named(swap.old)
    owner = next((each for each in old if each.field in THINGS), None)
    if owner is not None and new and all(each.field is Field.PALETTE for each in new):
        return [Change(owner.field, new[0].words, owner.colour, owner.thing, new[0].words, tinted=True)]
    if not new:
        return _in_its_place(swap, old)
    if not old and all(each.field is Field.PALETTE for each in new) and len(swap.old.split()) <= 4:
        thing = re.sub(r"^(?:the|his|her|their|its|that|把|将)\s*", "", swap.old.strip(), flags=re.IGNORECASE).lower()
        return [Change(Field.THING, new[0].words, "", thing.rpartition(" ")[2], new[0].words, tinted=True)]
    return [_paired(each, old, swap) for each in new]


def _in_its_place(swap: Swap, old: Sequence[Named]) -> list[Change]:
    """New words that name nothing by themselves: "make the light warmer", "replace the dog with a zorb"."""
    said = swap.new.strip()
    if not old or not said:
        return []
    if is_generic(old[0].words):
        return [Change(old[0].field, said, adds=_is_relative(said))]
    relative = _is_relative(said)
    return [Change(old[0].field, said, "" if relative else old[0].words, adds=relative)]


def _paired(each: Named, old: Sequence[Named], swap: Swap) -> Change:
    same = next((other for other in old if other.field is each.field), None)
    if same is None and each.colour and each.thing and old and old[0].field is Field.PALETTE:
        return Change(each.field, each.colour, old[0].words, each.thing, each.colour, tinted=True)
    if same is not None and same.thing == each.thing and same.colour and each.colour:
        return Change(each.field, each.colour, same.colour, each.thing, each.colour, tinted=True)
    if same is None and len(old) == 1 and (is_generic(old[0].words) or _kin(old[0].field, each.field)):
        said = "" if is_generic(old[0].words) else old[0].words
        which = each.field if not is_generic(old[0].words) or each.field not in _VAGUE else old[0].field
        return Change(
            which,
            swap.new.strip() if which is not each.field else each.words,
            said,
            each.thing,
            each.colour,
            adds=_is_relative(each.words),
        )
    return Change(
        each.field, each.words, same.words if same and not is_generic(same.words) else "", each.thing, each.colour
    )


_VAGUE: Final = frozenset({Field.GRADE, Field.MOOD, Field.PALETTE})


def _kin(one: Field, other: Field) -> bool:
    return {one, other} <= THINGS or {one, other} <= {Field.TIME, Field.LIGHT, Field.WEATHER, Field.SEASON}


def _merged(found: Sequence[Change]) -> Iterator[Change]:
    """ "not red, teal", "sunny, no rain": what is taken out is what the other of that field was; each field once."""
    left = list(found)
    for out in [each for each in found if not each.new]:
        other = next(
            (each for each in left if each.new and not each.old and not each.adds and _replaces(each, out)), None
        )
        if other is not None:
            tinted = out.field is Field.PALETTE and bool(other.thing)
            new = other.colour if tinted else other.new
            left[left.index(other)] = replace(other, new=new, old=out.old, tinted=tinted or other.tinted)
            left.remove(out)
    seen: set[tuple[Field, str]] = set()
    for each in left:
        key = (each.field, each.thing if each.field in THINGS else "")
        if key not in seen:
            seen.add(key)
            yield each


def _replaces(new: Change, out: Change) -> bool:
    if out.field is Field.PALETTE and new.colour:
        return True
    return new.field is out.field and (
        new.field not in THINGS or new.field is Field.WARDROBE or new.thing == out.thing or not out.thing
    )
