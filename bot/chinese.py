"""What a Chinese text establishes, Simplified or Traditional: the longest known word first, then by what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot import lexicon
from bot.seen import Seen
from bot.signs import Sign, sign_at, signs_in

_CLAUSE = re.compile(r"[^，。！？；：\n…—()（）|/.!?;:,\"“”「」『』《》【】\[\]·-]{1,160}")
"""At most so many characters: what nobody punctuates would else be compared with itself, sign by sign."""
_CAMERA = frozenset({"framing", "angle", "move", "lens", "stock", "style", "camera_verbs"})
_STATES = frozenset({"wearing", "holding", "having"})
_LOOKS = frozenset({"describing", "colours", "numbers", "measures"})
_PLACES = tuple(f"place.{sort}" for sort in ("indoor", "outdoor", "either", "spot", "names"))
_NOBODY = (*sorted(_CAMERA), "time", "weather", "light", "direction", "adverbs", "conjunctions", "particles", "sides")
_PLACE_WORDS = 24
"""So many words behind "in" may still belong to the place."""
_POINTING = ("they", "he", "she", "it")
_TABLES = {"weather": ("weather.fall", "weather.state")}


class Slice(NamedTuple):
    """A find: kind, rank (the smaller the surer), first and last character."""

    kind: str
    rank: int
    start: int
    end: int


def look(text: str) -> Seen:
    """Everything that one stretch of Chinese text shows."""
    folded = lexicon.chinese().simplified(text)
    clauses = [signs_in(folded, match.start(), match.end()) for match in _CLAUSE.finditer(folded)]
    finds: list[Slice] = []
    pointer = ""
    for signs in clauses:
        who, points = _subject(signs)
        named = any(find.kind == "subject" for find in finds)
        pointer = pointer or ("" if named else points)
        finds += [who] if who else []
        finds += _apart(signs, who)
    every = [sign for signs in clauses for sign in signs]
    subjects = tuple(dict.fromkeys(text[f.start : f.end] for f in sorted(finds, key=_order) if f.kind == "subject"))
    found = {f.kind: text[f.start : f.end] for f in sorted(finds, key=_order, reverse=True) if f.kind != "gone"}
    return Seen(
        found=found,
        subjects=subjects,
        pointer=pointer,
        pronouns=frozenset(name for sign in every for name in _POINTING if name in sign.tags),
        gone=frozenset(_gone(clauses)),
        changed=any("wearing.changed" in sign.tags for sign in every),
        inside=any(sign.word in ("室内", "屋内", "屋里") for sign in every),
        outside=any("where.outside" in sign.tags for sign in every),
        nobody=any(sign.word in ("空无一人", "空镜", "空镜头") for sign in every),
    )


def _apart(signs: Sequence[Sign], who: Slice | None) -> Iterator[Slice]:
    """What else the clause shows, without what the subject's or the place's own words say already."""
    finds = list(_rest(signs))
    masks = [find for find in (who, *(find for find in finds if find.kind == "place")) if find]
    for find in finds:
        if not any(mask is not find and mask.start < find.end and find.start < mask.end for mask in masks):
            yield find


def _order(find: Slice) -> tuple[int, int]:
    return find.rank, find.start


def _subject(signs: Sequence[Sign]) -> tuple[Slice | None, str]:
    """Who acts in this clause, or the pronoun that points back."""
    at = 0
    while at < len(signs):
        sign = signs[at]
        if pointer := next((name for name in _POINTING if name in sign.tags), ""):
            return None, pointer
        if sign.any("prepositions", "where"):
            at = _past_place(signs, at)
        elif sign.any(*_NOBODY) or (sign.any(*_PLACES) and not sign.animate):
            at += 1
        else:
            return _named(signs, at), ""
    return None, ""


def _past_place(signs: Sequence[Sign], at: int) -> int:
    """Behind "在雨中的街头": the last place or side word before anything that acts."""
    behind = at + 1
    for index in range(at + 1, min(at + 1 + _PLACE_WORDS, len(signs))):
        if signs[index].acts or signs[index].animate or signs[index].any("numbers"):
            break
        if signs[index].any(*_PLACES, "time", "weather", "sides", "light"):
            behind = index + 1
    return behind


def _named(signs: Sequence[Sign], at: int) -> Slice | None:
    """The noun phrase that begins here: number, measure word, looks and states before 的, head."""
    start = at
    counted = signs[at].any("numbers") and sign_at(signs, at + 1).any("measures", "numbers")
    index, unknown = at, 0
    while index < len(signs):
        sign = signs[index]
        if sign.animate:
            if sign_at(signs, index + 1).word != "的":
                return _whole(signs, start, index)
            index += 2
            continue
        if sign.any(*_STATES) and not sign.any("verbs"):
            behind = _behind_de(signs, index, still=True)
            if behind is None:
                return None
            index = behind
            continue
        counting = "measures" in sign.tags and index > start and signs[index - 1].any("numbers")
        if not counting and (sign.acts or sign.any("prepositions", "where", "adverbs", "pronouns")):
            return _unknown(signs, start, index, counted=counted) or _after_action(signs, index)
        if sign.any(*_PLACES, "time", "weather") and sign_at(signs, index + 1).word == "的" and not counted:
            start = index = index + 2
            continue
        unknown += "open" in sign.tags
        if unknown > 6:
            return None
        index += 1
    return _unknown(signs, start, index, counted=counted) if counted else None


def _behind_de(signs: Sequence[Sign], at: int, *, still: bool) -> int | None:
    """The word behind the 的 that ends this clause in front of a noun; None if there is none.

    With `still`, also None if somebody acts before it.
    """
    last = None
    for index in range(at + 1, len(signs)):
        if signs[index].animate and last is not None:
            return last
        if still and signs[index].acts:
            return None
        if signs[index].word == "的":
            last = index + 1
    return None


def _after_action(signs: Sequence[Sign], at: int) -> Slice | None:
    """``男孩`` of "正在奔跑的男孩": the action is left behind."""
    behind = _behind_de(signs, at - 1, still=False)
    if behind is None:
        return None
    head = next((index for index in range(behind, len(signs)) if signs[index].animate), None)
    return _whole(signs, behind, head) if head is not None else None


def _whole(signs: Sequence[Sign], start: int, head: int) -> Slice:
    """With whom "和" adds; the tables list many an expression in parts, so nouns that touch stay together."""
    while sign_at(signs, head + 1).animate:
        head += 1
    if sign_at(signs, head + 1).word in ("和", "与", "跟", "、"):
        other = _named(signs, head + 2) if head + 2 < len(signs) else None
        if other is not None and other.start == signs[head + 2].start:
            return Slice("subject", 0, signs[start].start, other.end)
    return Slice("subject", 0, signs[start].start, signs[head].end)


def _unknown(signs: Sequence[Sign], start: int, end: int, *, counted: bool) -> Slice | None:
    """A noun that no table has: counted with its measure word, or a name such as 小明."""
    body = signs[start:end]
    if counted and len(body) > 2 and not body[-1].any("measures", "particles", *_PLACES, *_LOOKS):
        return Slice("subject", 1, body[0].start, body[-1].end)
    named = 1 < len(body) < 4 and body[0].word in ("小", "老", "阿") and all("open" in sign.tags for sign in body[1:])
    return Slice("subject", 1, body[0].start, body[-1].end) if named else None


def _rest(signs: Sequence[Sign]) -> Iterator[Slice]:
    for index, sign in enumerate(signs):
        if sign.any(*_PLACES) and not sign.animate:
            yield from _place(signs, index)
        for kind in ("time", "weather", "light", "direction"):
            if (
                sign.any(*_TABLES.get(kind, (kind,)))
                and not _lone(signs, index)
                and not (kind == "weather" and _over(signs, index))
            ):
                start = _looks_before(signs, index) if kind in ("light", "weather") else index
                yield Slice(kind, 0 if "time.day" in sign.tags else 1, signs[start].start, sign.end)
        if sign.tags & {"wearing", "wearing.on", "holding"}:
            yield from _thing(signs, index)


def _lone(signs: Sequence[Sign], index: int) -> bool:
    """A one-character word beside an unknown one is most likely half of another word: 风 in 风格."""
    return len(signs[index].word) == 1 and any("open" in sign_at(signs, near).tags for near in (index - 1, index + 1))


def _over(signs: Sequence[Sign], index: int) -> bool:
    return "clearing" in sign_at(signs, index + 1).tags


def _gone(clauses: Sequence[Sequence[Sign]]) -> Iterator[str]:
    for signs in clauses:
        for index, sign in enumerate(signs):
            if sign.any("weather.fall", "weather.state") and _over(signs, index):
                yield "weather"
            for kind in ("wardrobe", "props") if "wearing.off" in sign.tags else ():
                if any(kind in later.tags for later in signs[index:]):
                    yield kind


def _looks_before(signs: Sequence[Sign], index: int) -> int:
    """The first word of what describes this one: 昏黄的 before 路灯."""
    while index > 0:
        before = signs[index - 1]
        skip = 2 if before.word == "的" and sign_at(signs, index - 2).any("describing", "colours") else 1
        if skip == 1 and not before.any("describing", "colours"):
            return index
        index -= skip
    return index


def _place(signs: Sequence[Sign], index: int) -> Iterator[Slice]:
    following = sign_at(signs, index + 1)
    if following.any(*_PLACES) or (following.word == "的" and sign_at(signs, index + 2).any(*_PLACES)):
        return
    start = _place_start(signs, index)
    before = sign_at(signs, start - 1)
    if _lone(signs, index) or _is_owner(signs, index) or ("open" in following.tags and not before.any("where")):
        return
    if before.word in _far():
        return
    spot = "place.spot" in signs[index].tags
    rank = (
        3
        if spot
        else 0
        if before.word in lexicon.words_of("where.inside", "zh")
        else 2
        if before.word in ("到", "往", "向")
        else 1
    )
    yield Slice("place", rank, signs[start].start, signs[index].end)


@cache
def _far() -> frozenset[str]:
    return lexicon.words_of("where.far", "zh") | {"从", "像", "如"}


def _is_owner(signs: Sequence[Sign], index: int) -> bool:
    """森林 of "森林的声音" is not where the shot plays."""
    if sign_at(signs, index + 1).word != "的":
        return False
    return not any(sign.animate for sign in signs[index + 2 :])


def _place_start(signs: Sequence[Sign], index: int) -> int:
    unknown = 0
    while index > 0:
        before = signs[index - 1]
        if before.word == "的":
            fits = sign_at(signs, index - 2).any("describing", "colours", *_PLACES, "light", "weather", "time")
        else:
            fits = before.any(
                "describing", "colours", *_PLACES, "numbers", "measures", "light", "weather", "time", "things"
            )
        fits = fits or ("open" in before.tags and unknown < 3)
        if not fits or before.acts or before.animate or before.any("where", "prepositions"):
            break
        unknown += "open" in before.tags
        index -= 1
    return index


def _thing(signs: Sequence[Sign], index: int) -> Iterator[Slice]:
    """What is worn ("穿着红色毛衣", whole) or held ("一把红伞", without the hand), up to its noun."""
    table = "props" if signs[index].any("holding") else "wardrobe"
    for at in range(index + 1, len(signs)):
        sign = signs[at]
        if sign.any(table) and not sign_at(signs, at + 1).any(table):
            whole = table == "wardrobe" and "wearing.on" not in signs[index].tags
            yield Slice(table, 0, signs[index if whole else index + 1].start, sign.end)
            return
        if sign.acts or sign.animate:
            return
