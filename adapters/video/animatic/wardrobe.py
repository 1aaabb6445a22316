"""What figures do and wear: verbs, garments and colours bound to whom the words say they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.video.animatic.cues import Passage
from adapters.video.animatic.guard import tags
from adapters.video.animatic.spec import Figure, Garment, Rgb
from adapters.video.animatic.subjects import MOST, VEHICLES, Who
from adapters.video.animatic.words import Cue, Entry, colours

_REACH = 5
"""Words that may stand between a colour and what it colours: "a red, slightly torn woollen coat"."""
_SENTENCE = frozenset(".!?;。！？；\n")
_BARS = frozenset(",，、和与.。;；!?\n") | {
    "and",
    "in",
    "on",
    "with",
    "of",
    "under",
    "at",
    "instead",
    "her",
    "his",
    "their",
    "the",
    "a",
}
_SHADES = {
    "dark": (0.55, 0),
    "deep": (0.7, 0),
    "light": (0.6, 100),
    "pale": (0.5, 126),
    "bright": (1.12, 0),
    "深": (0.6, 0),
    "浅": (0.6, 100),
}
_OVER = frozenset(
    {"coat", "trench_coat", "raincoat", "jacket", "hoodie", "cloak", "robe", "uniform", "suit", "spacesuit", "armour"}
)
_UNDER = frozenset({"shirt", "sweater", "dress", "kimono"})
_HEAD = frozenset({"hat", "fedora", "top_hat", "cap", "beanie", "helmet", "crown", "hood"})
_GROUNDED = frozenset(
    {
        "penguin",
        "chicken",
        "hen",
        "rooster",
        "duck",
        "duckling",
        "goose",
        "swan",
        "flamingo",
        "peacock",
        "企鹅",
        "鸡",
        "公鸡",
        "鸭子",
        "鹅",
        "天鹅",
        "孔雀",
        "火烈鸟",
    }
)
_PAINTED = frozenset({"person", "child", "crowd", "stand_in"})


def colour_of(passage: Passage, cue: Cue) -> tuple[Rgb, Cue] | None:
    """The colour said of this thing: right before it, or behind it ("his coat is red")."""
    first = cue.entry.base[:1]
    if not first.isascii() and first in colours():
        return colours()[first], cue
    found = [other for other in passage.of("colour") if other.behind <= cue.first and cue.first - other.behind < _REACH]
    for other in reversed(found):
        if not {token.low for token in passage.between(other.behind, cue.first)} & _BARS and not _covered(
            passage, other, cue
        ):
            return _shade(passage, other), other
    following = [other for other in passage.of("colour") if 0 < other.first - cue.behind < 3]
    for other in following:
        if {token.low for token in passage.between(cue.behind, other.first)} & {
            "is",
            "are",
            "now",
            "in",
            "to",
            "是",
            "成",
        }:
            return _shade(passage, other), other
    return None


def _covered(passage: Passage, colour: Cue, cue: Cue) -> bool:
    """Whether another thing stands between the colour and this one ("a red hat and coat", "red car door")."""
    return any(
        other.kind in ("wardrobe", "subject", "place") and colour.behind <= other.first and other.behind <= cue.first
        for other in passage.cues
    )


def _shade(passage: Passage, cue: Cue) -> Rgb:
    rgb = colours()[cue.value]
    before = passage.tokens[cue.first - 1].low if cue.first else ""
    factor, lift = _SHADES.get(before, (1.0, 0))
    red, green, blue = (min(255, round(part * factor + lift)) for part in rgb)
    return red, green, blue


def dressed(passage: Passage, crew: Sequence[Who], figures: list[Figure], index_of: Sequence[int]) -> list[Cue]:
    """Put every garment of the part on its wearer, in place; returns the cues that were used."""
    used: list[Cue] = []
    for cue in passage.of("wardrobe"):
        wearer = _owner(passage, cue, crew, index_of)
        if wearer >= len(figures):
            continue
        colour = colour_of(passage, cue)
        figures[wearer] = worn(figures[wearer], Garment(cue.value, colour[0] if colour else None))
        used += [cue, *([colour[1]] if colour else [])]
    for who, index in zip(crew, index_of, strict=True):
        colour = colour_of(passage, _as_cue(who)) if who.figure.kind not in _PAINTED else None
        if colour and index < len(figures) and colour[1] not in used:
            figures[index] = worn(figures[index], Garment("body", colour[0]))
            used.append(colour[1])
    used += _in_colour(passage, crew, figures, index_of, used)
    for cue in passage.gone:
        if cue.kind == "wardrobe":
            figures[:] = [_without(figure, cue.value) for figure in figures]
            used.append(cue)
    return used


def _as_cue(who: Who) -> Cue:
    return Cue(Entry("subject", who.figure.kind, who.figure.name), who.first, who.behind, who.start, who.start)


def _in_colour(
    passage: Passage, crew: Sequence[Who], figures: list[Figure], index_of: Sequence[int], used: Sequence[Cue]
) -> list[Cue]:
    """ "The woman in red": a coat of that colour."""
    done: list[Cue] = []
    for cue in passage.of("colour"):
        before = passage.tokens[cue.first - 1].low if cue.first else ""
        following = passage.tokens[cue.behind].low if cue.behind < len(passage.tokens) else "."
        noun = bool(tags(following) & {"noun", "open", "adjective"}) and "prepositions" not in tags(following)
        wearer = _owner(passage, cue, crew, index_of)
        if before == "in" and not noun and cue not in used and wearer < len(figures) and crew:
            figures[wearer] = worn(figures[wearer], Garment("coat", colours()[cue.value]))
            done.append(cue)
    return done


def _owner(passage: Passage, cue: Cue, crew: Sequence[Who], index_of: Sequence[int]) -> int:
    """The figure that a garment or a verb belongs to: the one before it, in Chinese also the one behind 的; else the first."""
    before = [(who.first, index) for who, index in zip(crew, index_of, strict=True) if who.first <= cue.first]
    after = [(who.first, index) for who, index in zip(crew, index_of, strict=True) if who.first > cue.first]
    near = [(first, index) for first, index in before if not _cut_off(passage, first, cue.first)]
    ahead = [(first, index) for first, index in after if not _cut_off(passage, cue.behind, first)]
    if ahead and any(token.low == "的" for token in passage.between(cue.behind, min(ahead)[0])) and not near:
        return min(ahead)[1]
    if near:
        return max(near)[1]
    if ahead and not (passage.seen.pointer and 0 not in index_of):
        return min(ahead)[1]
    return len(crew) + MOST if not before and 0 in index_of else 0


def _cut_off(passage: Passage, first: int, behind: int) -> bool:
    return any(token.low in _SENTENCE for token in passage.between(first, behind))


def worn(figure: Figure, garment: Garment) -> Figure:
    """The figure with this on; it takes the place of what is worn there, and keeps a known colour where none is named."""
    old = next((each for each in figure.wardrobe if each.what == garment.what), None)
    if old and garment.rgb is None:
        garment = old
    kept = tuple(each for each in figure.wardrobe if not _same_slot(each.what, garment.what))
    return replace(figure, wardrobe=(*kept, garment))


def _same_slot(one: str, other: str) -> bool:
    return one == other or any({one, other} <= slot for slot in (_OVER, _UNDER, _HEAD))


def _without(figure: Figure, what: str) -> Figure:
    return replace(figure, wardrobe=tuple(each for each in figure.wardrobe if not _same_slot(each.what, what)))


def moved(passage: Passage, crew: Sequence[Who], figures: list[Figure], index_of: Sequence[int]) -> list[Cue]:
    """Give every figure its first verb, in place; returns the cues that were used."""
    used: list[Cue] = []
    told: set[int] = set()
    for cue in passage.of("gait"):
        index = _owner(passage, cue, crew, index_of)
        if index < len(figures) and index not in told:
            figures[index] = replace(figures[index], gait=cue.value)
            told.add(index)
            used.append(cue)
    for index, figure in enumerate(figures):
        other = figures[1 - index] if len(figures) == 2 else None
        if (
            not figure.gait
            and other
            and index not in told
            and (other.gait in ("walk", "run") or _joined(passage, crew))
        ):
            figures[index] = replace(figure, gait=other.gait)
    return used


def _joined(passage: Passage, crew: Sequence[Who]) -> bool:
    """Whether two do the same: "a woman in red and a man in a hat sit"."""
    if len(crew) != 2:
        return False
    first, second = sorted(crew, key=lambda who: who.first)
    return any(token.low in ("and", "&", "和", "与", "跟") for token in passage.between(first.behind, second.first))


def settled(figure: Figure, *, quiet: bool) -> Figure:
    """The figure with a gait that its body can do; where no verb was said, what it does by nature."""
    gait, kind = figure.gait, figure.kind
    if kind in VEHICLES:
        natural = "fly" if kind == "plane" else "drive"
        return replace(figure, gait="still" if gait in ("still", "sit") else natural)
    if kind == "fish":
        return replace(figure, gait="swim")
    if kind in ("bird", "dragon") and gait in ("", "run") and figure.name not in _GROUNDED:
        return replace(figure, gait="fly")
    if kind in ("person", "child") and gait == "drive":
        gait = "walk"
    if not gait:
        gait = "still" if quiet or kind in ("crowd", "stand_in") else "walk"
    return replace(figure, gait="walk" if gait == "drive" and kind not in _PAINTED else gait)
