"""The brief of a remix: the source's frozen brief with one change. Pure.

The rule. The change is said last, in the words of the one who asks: "Exactly as above, with this change: …"; models follow that.
What stands above must not contradict it, so where the change names a *field* of the brief, that field alone gets the new words:

* a field of the spine (the free text of a spine is one unbroken string and never touched), which is then rendered anew;
* a fact carried over, or what in it is named: "a trench coat" of "a detective in a trench coat";
* what somebody of the cast wears, in the line that describes them (`bot.costume`);
* a labelled line (``Camera:``, ``Lighting:``, 声音：), or what in it is named; a line that the change writes itself replaces it;
* seconds and shape, which are no words at all;
* an earlier change of the same fields, which is left out: remixes of remixes do not grow.

What cannot be true beside the new hour, weather or season (moonlight beside "at noon") goes with it; the card shows it as changed
too. What is only added ("add thunder", "brighter") contradicts nothing and is only said. Every other part stays byte for byte, the
member's own sentences always. Words that name no field are only said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from bot import continuity, costume
from bot.asked import asked_for
from bot.brief import CARRIED_LEAD, CHANGE_LEAD, Brief, Part, PartName, unremixed, with_change
from bot.cast import CastMember
from bot.changes import AUDIBLE, HEARD, KIND_OF, SPINE_OF, Change, items, label_off, read, speaks_of
from bot.continuity import Facts, Kind
from bot.contradictions import contrary
from bot.established import labelled
from bot.fields import THINGS, Field, asked
from bot.film import Shape
from bot.named import named
from bot.reference import meant, undressed
from bot.spine import Spine

_HOURLY: Final = frozenset({Field.TIME, Field.SEASON, Field.LIGHT, Field.WEATHER, Field.DIRECTION})
"""What a change of these may end beside its own field: a light of the spine, and of what is carried over …"""
_ENDS: Final = frozenset({Kind.TIME, Kind.WEATHER, Kind.LIGHT, Kind.DIRECTION})
_BESIDE: Final = frozenset(
    {
        Field.ACTION,
        Field.SOUND,
        Field.AMBIENCE,
        Field.EFFECTS,
        Field.DIALOGUE,
        Field.SUBJECT,
        Field.PROPS,
        Field.THING,
        Field.CAMERA,
    }
)
"""What may stand beside what was there: it takes a place only where it says whose."""
_PARTIAL: Final = frozenset(
    {Field.TIME, Field.SEASON, Field.ERA, Field.WARDROBE, Field.SUBJECT, Field.PROPS, Field.THING}
)
"""Of a carried fact only what is named is replaced; a place, a light, a weather as a whole."""
_LINES: Final = frozenset(
    {PartName.CAMERA, PartName.ACTION, PartName.SOUND, PartName.AMBIENCE, PartName.EFFECTS, PartName.MUSIC}
)


def remixed(source: Brief, change: str, cast: Sequence[CastMember] = ()) -> Brief:
    """The brief with that change; `cast` as in `brief.with_change`."""
    return with_change(adjusted(source, change), change, cast)


def is_one_change(before: Brief, after: Brief, change: str) -> bool:
    """Whether `after` is `before` with that change, so that it can be made of its clip: a clip keeps its length and its shape."""
    if not after.parts or after.parts[-1] != Part(PartName.CHANGE, f"{CHANGE_LEAD}{change}"):
        return False
    if after.parts == before.parts:
        return False  # a retake of a remix
    ready = adjusted(before, change)
    return unremixed(after).parts == ready.parts and (ready.seconds, ready.shape) == (before.seconds, before.shape)


@lru_cache(256)
def adjusted(source: Brief, change: str) -> Brief:
    """The source's brief where nothing contradicts the change; it is not said yet."""
    asks = asked_for(change)
    brief = costume.recostumed(_without_earlier(source, asks), asks, _cut)
    for ask in asks:
        brief = _lines_adjusted(_carried_adjusted(_spine_adjusted(_options_adjusted(brief, ask), ask), ask), ask)
    return brief


def differences(source: Brief, change: str) -> tuple[Change, ...]:
    """What the change makes of the source, to be shown: what it asks for, then what goes because of it."""
    asks = costume.with_worn(read(change, source), source)
    after = adjusted(source, change)
    over = {kind: old for kind, old in source.kept if kind not in dict(after.kept)}
    gone = [*_gone(over, {}), *_gone(source.spine.filled(), after.spine.filled())]
    return (*asks, *(each for each in gone if not any(_is_said(each, ask) for ask in asks)))


def _gone(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    """What is said no more, and of the fields of a spine what they list no more."""
    for name, old in before.items():
        if name in {*Field}:
            yield from (Change(Field(name), "", each) for each in items(old) if each not in items(after.get(name, "")))


def _is_said(each: Change, ask: Change) -> bool:
    home = {KIND_OF.get(ask.field), SPINE_OF.get(ask.field), ask.field.value}
    return each.field.value in home - {None} or each.old == ask.old


def base_of(take: Brief, change: str, ancestors: Sequence[Brief]) -> Brief | None:
    """Of the briefs that a remix may have been made of, nearest first, the one that the change was made to; None: none of them."""
    before = (
        each for each in ancestors if each.parts[-1:] != take.parts[-1:]
    )  # it has that change already: the same, taken again
    return next((each for each in before if adjusted(each, change).parts == unremixed(take).parts), None)


# ---------------------------------------------------------------- field by field


def _options_adjusted(brief: Brief, ask: Change) -> Brief:
    """Seconds and shape."""
    if ask.field is Field.LENGTH and (number := re.match(r"\d+", ask.new)):
        return replace(brief, seconds=max(1, int(number.group())))
    shape = shape_in(ask.new) if ask.field is Field.SHAPE else None
    return replace(brief, shape=shape) if shape else brief


def shape_in(words: str) -> Shape | None:
    """``vertical``, ``9 : 16``, 竖屏."""
    plain = re.sub(r"(?<=\d)\s*[:：x×]\s*(?=\d)", ":", words.strip().lower())
    return next((shape for shape in Shape if plain in asked("shapes", shape.value)), None)


def _spine_adjusted(brief: Brief, ask: Change) -> Brief:
    """The spine's part is rendered anew, if it is what its fields render to."""
    spine = _spine(brief.spine, ask)
    if spine == brief.spine or brief.part(PartName.SPINE) != brief.spine.render():
        return brief
    return replace(brief, spine=spine, parts=_replaced(brief.parts, PartName.SPINE, spine.render()))


def _spine(spine: Spine, ask: Change) -> Spine:
    values: dict[str, str] = {}
    for name, value in spine.filled().items():
        if name == "look":
            continue
        new = _in_spine(name, value, ask)
        if new is None and name == "light" and ask.field in _HOURLY and ask.new and contrary(value, ask.new):
            new = ", ".join(item for item in items(value) if not contrary(item, ask.new))
        if new is not None and new != value:
            values[name] = new
    return replace(spine, **values)


def _in_spine(name: str, value: str, ask: Change) -> str | None:
    """The field's new words; None where the change says nothing about it."""
    if ask.adds or ask.whole or (ask.field in _BESIDE and not _says_whose(ask)):
        return None
    home = SPINE_OF.get(ask.field) == name
    mine = [item for item in items(value) if any(each.field is ask.field for each in named(item))]
    if not home and not (mine and name == "lens"):
        return None
    if name != "lens" and home and ask.new:
        return ask.new
    if not mine:
        others = home and ask.new and not any(each.field in _CAMERA for each in named(value))
        return ask.new if others else (f"{ask.new}, {value}" if home and ask.new else None)
    left = [ask.new if item == mine[0] else item for item in items(value) if item == mine[0] or item not in mine]
    return ", ".join(filter(None, left))


_CAMERA: Final = frozenset({Field.FRAMING, Field.ANGLE, Field.MOVE, Field.DEPTH, Field.STOCK, Field.SPEED})


def _says_whose(ask: Change) -> bool:
    """Whether it names what it takes the place of, or takes something out."""
    return ask.whole or ask.tinted or bool(ask.old) or not ask.new


def _carried_adjusted(brief: Brief, ask: Change) -> Brief:
    """What is carried over, its part said anew."""
    before = tuple((Kind(kind), words) for kind, words in brief.kept)
    if brief.part(PartName.CARRIED) != (f"{CARRIED_LEAD}{continuity.say(before)}" if before else ""):
        return brief
    kept = tuple((kind, new) for kind, words in before if (new := _fact(kind, words, ask)))
    if kept == before:
        return brief
    said = f"{CARRIED_LEAD}{continuity.say(kept)}" if kept else ""
    plain = tuple((kind.value, words) for kind, words in kept)
    return replace(brief, kept=plain, parts=_replaced(brief.parts, PartName.CARRIED, said))


def _fact(kind: Kind, value: str, ask: Change) -> str:
    """The fact after the change; empty where it is over."""
    if ask.adds or (ask.field in _BESIDE and not _says_whose(ask)) or (kind is Kind.SOUND) != (ask.field in AUDIBLE):
        return value
    if KIND_OF.get(ask.field) == kind.value and ask.field not in _PARTIAL:
        return ask.new
    new = substituted(value, ask)
    if new != value:
        return new
    ended = kind in _ENDS and ask.field in _HOURLY and ask.new and contrary(value, ask.new)
    return "" if ended else value


def substituted(value: str, ask: Change) -> str:
    """The words of a field with what the change names in them put otherwise, or taken out; else as they are."""
    if ask.field is Field.SUBJECT and ask.old and ask.new and not ask.tinted and meant(ask.old, (value,)):
        return ask.new
    if ask.field is Field.WARDROBE and not ask.new:
        bare = undressed(value)
        return bare if any(speaks_of(each, ask) for each in named(value)) and bare != value else _cut(value, ask)
    return _cut(value, ask)


def _cut(value: str, ask: Change) -> str:
    found = next((each for each in named(value) if speaks_of(each, ask)), None)
    if found is None:
        return value
    start, end = found.start, found.end
    if ask.tinted:
        start = value.index(found.colour, found.start)
        end = start + len(found.colour)
    text = f"{value[:start]}{ask.new}{value[end:]}"
    return text if ask.new else re.sub(r"\s*\b(?:in|with|wearing|holding|carrying|under)?\s*$", "", text).strip(" ,，;")


def _lines_adjusted(brief: Brief, ask: Change) -> Brief:
    """Labelled lines, those that are parts of their own and those among the words."""
    if ask.adds:
        return brief
    parts = [new for part in brief.parts if (new := _line_adjusted(part, ask)) is not None]
    return replace(brief, parts=tuple(parts))


def _line_adjusted(part: Part, ask: Change) -> Part | None:
    if ask.whole:
        return replace(part, text=ask.words) if part.name.value == ask.field.value else part
    if part.name is PartName.WORDS:
        return replace(part, text="\n".join(_labelled_adjusted(line, ask) for line in part.text.split("\n")))
    beside = ask.field in _BESIDE and not _says_whose(ask)
    if part.name not in _LINES or beside or (part.name in HEARD) != (ask.field in AUDIBLE):
        return part
    own = part.name.value == ask.field.value
    if own and (not ask.new or part.name is PartName.MUSIC):
        return replace(part, text=f"{_label(part.text)}{ask.new}") if ask.new else None
    said = label_off(part.text)
    new = substituted(said, ask)
    return part if new == said else replace(part, text=f"{_label(part.text)}{new}")


def _labelled_adjusted(line: str, ask: Change) -> str:
    kind, value = labelled(line)
    if not kind or KIND_OF.get(ask.field) != kind or not ask.new or (ask.field in _BESIDE and not _says_whose(ask)):
        return line
    new = substituted(value.strip(), ask) if ask.field in _PARTIAL or ask.tinted else ask.new
    return f"{_label(line)}{new}"


def _label(line: str) -> str:
    """The label of a line with its colon and the blanks behind it, byte for byte."""
    found = re.match(r"[^:：]*[:：][ \t]*", line)
    return found.group() if found else ""


def _replaced(parts: Sequence[Part], name: PartName, text: str) -> tuple[Part, ...]:
    """The parts with that one's text; without it where the text is empty."""
    return tuple(
        replace(part, text=text) if part.name is name else part for part in parts if part.name is not name or text
    )


def _without_earlier(brief: Brief, asks: Sequence[Change]) -> Brief:
    """Without the changes made before that these changes make void."""
    parts = [part for part in brief.parts if part.name is not PartName.CHANGE or not _is_void(part.text, asks)]
    return replace(brief, parts=tuple(parts)) if len(parts) != len(brief.parts) else brief


def _is_void(text: str, asks: Sequence[Change]) -> bool:
    before = asked_for(text.removeprefix(CHANGE_LEAD))
    return bool(before) and all(any(_takes_over(ask, each) for ask in asks) for each in before)


def _takes_over(ask: Change, each: Change) -> bool:
    same = ask.field is each.field and (ask.field not in THINGS or ask.thing == each.thing)
    return same and not ask.adds and not each.adds and ask.field not in (Field.ACTION, Field.DIALOGUE)


# ---------------------------------------------------------------- what the shot hands on


def facts_remixed(facts: Facts, change: str, source: Brief | None = None) -> Facts:
    """What the change plainly names is what the next shot has to keep, with all that it ends. `source`: the brief it changes.

    "Golden hour" ends the night, "sunshine" the rain: the same rules as between two shots. People and things only as far as they
    are named: a parka for a trench coat leaves the detective who he is, and nobody wears what the cast says once it was taken off.
    """
    asks = asked_for(change)
    if source is not None and (worn := costume.handed_on(facts, source, asks, _cut)) != facts:
        asks, facts = tuple(ask for ask in asks if ask.field is not Field.WARDROBE), worn
    after = continuity.carry(facts, change).facts
    values: dict[str, Any] = {kind.value: getattr(after, kind.value) for kind in _SURROUNDINGS}
    people = {kind.value: getattr(facts, kind.value) for kind in (Kind.SUBJECT, Kind.WARDROBE, Kind.PROPS)}
    known = facts.known
    for ask in asks:
        if ask.adds or ask.field not in THINGS:
            continue
        put: Callable[[str], str] = lambda value, ask=ask: substituted(value, ask) if value else value  # type: ignore[misc]  # noqa: E731
        new = {name: put(value) for name, value in people.items()}
        if new == people and ask.field is Field.WARDROBE and ask.new and not ask.tinted and facts.subject:
            new["wardrobe"] = ask.new
        people, known = new, tuple(put(name) for name in known)
    outfits = tuple((who, people["wardrobe"] if worn == facts.wardrobe else worn) for who, worn in facts.outfits)
    return replace(facts, **values, **people, known=known, outfits=tuple(each for each in outfits if each[1]))


_SURROUNDINGS: Final = (Kind.PLACE, Kind.TIME, Kind.WEATHER, Kind.LIGHT, Kind.DIRECTION, Kind.SOUND)
