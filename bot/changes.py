"""What a reply changes of the take it replies to: each field from what it was to what it becomes. Pure.

`read` is `asked.asked_for` with what the source said of the same fields: its last change, the member's own words, what was carried
over, the spine, in that order, for the later one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bot.asked import Change as Change  # noqa: PLC0414 - what is read here
from bot.asked import asked_for, is_generic
from bot.brief import CHANGE_LEAD, Brief, PartName
from bot.contradictions import slot
from bot.fields import THINGS, Field, Named
from bot.named import named
from bot.reference import meant

SPINE_OF: Final = {
    Field.LENS: "lens",
    Field.DEPTH: "depth",
    Field.STOCK: "stock",
    Field.LIGHT: "light",
    Field.PALETTE: "palette",
    Field.GRADE: "grade",
    Field.MOOD: "mood",
    Field.SOUND: "sound",
    Field.AMBIENCE: "sound",
}
"""The spine's own field for what a change names; the free text of a spine is one unbroken string."""
KIND_OF: Final = {
    Field.TIME: "time",
    Field.SEASON: "time",
    Field.ERA: "time",
    Field.WEATHER: "weather",
    Field.LIGHT: "light",
    Field.PLACE: "place",
    Field.DIRECTION: "direction",
    Field.SOUND: "sound",
    Field.AMBIENCE: "sound",
    Field.WARDROBE: "wardrobe",
    Field.PROPS: "props",
    Field.SUBJECT: "subject",
}
"""What is carried on (`continuity.Kind`) of what a change names."""
AUDIBLE: Final = frozenset({Field.SOUND, Field.AMBIENCE, Field.EFFECTS, Field.MUSIC})
HEARD: Final = frozenset({PartName.SOUND, PartName.AMBIENCE, PartName.EFFECTS, PartName.MUSIC, PartName.DIALOGUE})
"""Parts whose words are heard, not seen."""
_OWN: Final = (
    PartName.WORDS,
    PartName.CAMERA,
    PartName.ACTION,
    PartName.DIALOGUE,
    PartName.SOUND,
    PartName.AMBIENCE,
    PartName.EFFECTS,
    PartName.MUSIC,
)


@lru_cache(256)
def read(words: str, source: Brief) -> tuple[Change, ...]:
    """The changes that the words ask for, each with what it was; none where no field is named."""
    return tuple(_with_old(change, source) for change in asked_for(words))


def _with_old(change: Change, source: Brief) -> Change:
    if change.old and change.new:
        return change
    if change.adds or change.field in (Field.ACTION, Field.DIALOGUE):
        return change
    before = next(_said(change, source), "")
    if not change.new:
        return replace(change, old=before or change.old)
    if change.colour and not change.tinted and (tint := _tint(change, source)):
        return replace(change, new=change.colour, old=tint, tinted=True)
    return replace(change, old="" if before.casefold() == change.new.casefold() else before)


def _tint(change: Change, source: Brief) -> str:
    """The colour that the same thing had: "red" of a red umbrella."""
    every = (each for text in _texts(source, change.field) for each in named(text))
    return next(
        (
            e.colour
            for e in every
            if e.thing == change.thing and e.colour and e.colour.casefold() != change.colour.casefold()
        ),
        "",
    )


def _said(change: Change, source: Brief) -> Iterator[str]:
    """What the source said of the field, what holds first."""
    if change.field is Field.SHAPE and source.shape:
        yield source.shape.label
    if change.field is Field.LENGTH and source.seconds:
        yield f"{source.seconds} s"
    if change.whole:
        yield from (label_off(part.text) for part in source.parts if part.name.value == change.field.value)
        return
    for text in _changed(source):
        yield from (
            each.new for each in reversed(asked_for(text)) if each.new and _same_field(each, change) and not each.adds
        )
    for text in _texts(source, change.field):
        found = (each for each in named(text) if speaks_of(each, change) and not is_generic(each.words))
        yield from (each.colour if change.tinted else each.words for each in found)
    yield from _carried(change, source)


def _changed(source: Brief) -> Iterator[str]:
    yield from (part.text.removeprefix(CHANGE_LEAD) for part in reversed(source.parts) if part.name is PartName.CHANGE)


def _texts(source: Brief, which: Field) -> Iterator[str]:
    """Own words, then what was carried over: "Sound: rain" says nothing of the weather."""
    yield from (part.text for part in source.parts if part.name in _OWN and (part.name in HEARD) == (which in AUDIBLE))
    yield from (words for kind, words in source.kept if (kind == "sound") == (which in AUDIBLE))


def _carried(change: Change, source: Brief) -> Iterator[str]:
    kind, name = KIND_OF.get(change.field), SPINE_OF.get(change.field)
    if change.field not in THINGS and change.field not in (Field.SEASON, Field.ERA):
        yield from (words for known, words in source.kept if known == kind)
    if name and (value := source.spine.value(name)):
        own = [item for item in items(value) if any(each.field is change.field for each in named(item))]
        yield own[0] if own and change.field is Field.LENS else value
    yield from (
        each.words for each in named(source.spine.look) if speaks_of(each, change) and change.field not in THINGS
    )


def items(value: str) -> list[str]:
    """What a field of a spine lists."""
    return [part.strip() for part in re.split(r"[,，、]", value) if part.strip()]


def label_off(line: str) -> str:
    """What stands behind the label of a line."""
    return line.replace("：", ":", 1).partition(":")[2].strip()


def _same_field(one: Change, other: Change) -> bool:
    return one.field is other.field and (one.field not in THINGS or one.thing == other.thing)


def speaks_of(each: Named, change: Change) -> bool:
    """Whether words of the source name what the change would replace: the same field, and of things the same one.

    Clothes are also the same where there is room for one of them alone: a parka for a trench coat.
    """
    if change.tinted:
        return each.thing == change.thing and bool(each.colour)
    if change.field not in THINGS:
        return each.field is change.field
    if each.field not in THINGS:
        return False
    wanted = _thing(change.old) if change.old else change.thing
    if each.thing == wanted:
        return True
    if change.old:
        return bool(meant(change.old, (each.words,)))
    return (
        each.field is change.field is Field.WARDROBE
        and bool(change.thing)
        and slot(each.thing) != ""
        and slot(each.thing) == slot(change.thing)
    )


def _thing(words: str) -> str:
    return next((each.thing for each in named(words) if each.thing), words)


# ---------------------------------------------------------------- one at a time

_GROUPS: Final[dict[Field, str]] = {
    **dict.fromkeys((Field.CAMERA, Field.FRAMING, Field.ANGLE, Field.LENS, Field.DEPTH), "camera"),
    **dict.fromkeys((Field.TIME, Field.LIGHT), "hour"),
    **dict.fromkeys((Field.SOUND, Field.AMBIENCE, Field.EFFECTS), "sound"),
}


def apart(changes: Sequence[Change]) -> tuple[tuple[Change, ...], ...]:
    """The changes that may be made one by one: a low angle and a wide shot are one set-up, a foggy morning one picture."""
    groups: list[list[Change]] = []
    for each in changes:
        home = next((group for group in groups if _belongs(each, group)), None)
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    return tuple(tuple(group) for group in groups)


def _belongs(each: Change, group: Sequence[Change]) -> bool:
    last = group[-1]
    kind = _GROUPS.get(each.field)
    if kind is not None and any(_GROUPS.get(other.field) == kind for other in group):
        return True
    return last.clause == each.clause and (each.touching or Field.ACTION in (each.field, last.field))


def first_alone(words: str) -> str:
    """The part of a reply that asks for its first change; empty where there are not two that may be made one by one."""
    groups = apart(asked_for(words))
    return ", ".join(dict.fromkeys(each.words for each in groups[0])) if len(groups) > 1 else ""
