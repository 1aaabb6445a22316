"""The fields that a Chinese text names, Simplified or Traditional: the longest known expression first, then what is beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from bot import lexicon
from bot.fields import THINGS, Field, Named, asked, masked, terms

_CLAUSE: Final = re.compile(r"[^，。！？；：\n…—()（）|/!?;:,\"“”「」『』《》【】\[\]、]{1,160}")
_LOOKS: Final = frozenset({"colours", "describing", "numbers", "measures"})
_WIDENED: Final = frozenset({Field.LIGHT, Field.WEATHER, Field.MOVE, Field.MUSIC, Field.SOUND})
_PLACES: Final = frozenset({"place.indoor", "place.outdoor", "place.either", "place.names"})
_STRETCH: Final = (*sorted(_LOOKS), "place", "things", "light", "weather")
_SORTS: Final[tuple[tuple[Field, frozenset[str]], ...]] = (
    (Field.SUBJECT, frozenset({"people.male", "people.female", "people.either", "animals", "body"})),
    (Field.WARDROBE, frozenset({"wardrobe"})),
    (Field.PROPS, frozenset({"props"})),
)
_TOLD: Final = ("着", "了", "起来", "起", "向", "到", "过", "上", "下", "掉", "得")
_TINTS: Final = frozenset("红黑白黄蓝绿紫粉灰金银棕橙青褐")
_COPULAS: Final = (
    "是",
    "要",
    "变",
    "改",
    "换",
    "成",
    "为",
    "应该",
    "变成",
    "改成",
    "换成",
    "改为",
    "变为",
    "的",
    "用",
    "得",
    "必须",
)


class Piece(NamedTuple):
    """One word, and the field that it names by itself."""

    word: str
    start: int
    end: int
    tags: frozenset[str]
    field: Field | None

    def under(self, *roots: str) -> bool:
        """Whether one of its tables is, or is below, one of these."""
        return any(tag == root or tag.startswith(f"{root}.") for tag in self.tags for root in roots)


def look(text: str, figures: Sequence[Named]) -> list[Named]:
    """Everything in the text but the figures and quotations."""
    folded = lexicon.chinese().simplified(masked(text, figures, "|"))
    found: list[Named] = []
    for clause in _CLAUSE.finditer(folded):
        pieces = _pieces(folded, clause.start(), clause.end())
        found += [Named(w, a, b, text[a:b], thing, text[c:d]) for a, b, w, thing, (c, d) in _spans(pieces)]
    return found


def _pieces(folded: str, start: int, end: int) -> list[Piece]:
    """The words between two characters; what names a field goes before an ordinary word of the same length."""
    known, names, pieces, at = lexicon.chinese(), terms("zh"), [], start
    while at < end:
        longest = min(max(known.longest, _longest_name()), end - at)
        length = next(
            (n for n in range(longest, 0, -1) if (w := folded[at : at + n].lower()) in names or w in known.tags), 1
        )
        word = folded[at : at + length]
        if word.strip():
            tags = known.tags.get(word.lower(), frozenset({"open"}))
            pieces.append(Piece(word, at, at + length, tags, names.get(word.lower())))
        at += length
    return pieces


@cache
def _longest_name() -> int:
    return max(map(len, terms("zh")))


_Span = tuple[int, int, Field, str, tuple[int, int]]


def _spans(pieces: Sequence[Piece]) -> list[_Span]:
    spans: list[_Span] = []
    used: set[int] = set()
    for finder in (_terms, _places, _things, _colours):
        for first, last, which, thing, colour in finder(pieces, used, spans):
            spans.append((pieces[first].start, pieces[last].end, which, thing, colour))
            used |= set(range(first, last + 1))
    action = _action(pieces, used)
    return [*([span for span in spans if span[2] not in THINGS] if action else spans), *action]


_Find = tuple[int, int, Field, str, tuple[int, int]]
_NO_COLOUR: Final = (0, 0)


def _terms(pieces: Sequence[Piece], used: set[int], spans: list[_Span]) -> list[_Find]:
    found: list[_Find] = []
    for index, piece in enumerate(pieces):
        if piece.field is not None and not _lone(pieces, index):
            first = _looks_before(pieces, index) if piece.field in _WIDENED else index
            behind = index + 2 if _at(pieces, index + 1).word == "的" else index + 1
            tail = _at(pieces, behind).word in ("光", "光线", "灯光", "镜头", "色调", "风格", "画面", "时间")
            found.append(
                (
                    first,
                    behind if tail and _at(pieces, behind).field in (None, piece.field, Field.LIGHT) else index,
                    piece.field,
                    "",
                    _NO_COLOUR,
                )
            )
    return _apart(found)


def _apart(found: list[_Find]) -> list[_Find]:
    """Without what lies in what was found before it."""
    kept: list[_Find] = []
    for each in found:
        if not kept or each[0] > kept[-1][1]:
            kept.append(each)
    return kept


def _lone(pieces: Sequence[Piece], index: int) -> bool:
    """A one-character word beside an unknown one is most likely half of another word: 风 in 风格."""
    return len(pieces[index].word) == 1 and any(
        _at(pieces, near).tags == {"open"} and not _is_small(_at(pieces, near)) for near in (index - 1, index + 1)
    )


def _is_small(piece: Piece) -> bool:
    return piece.word in ("|", "加", "点", "再", "要", "也", "里", "把", "换", "改", "成", "变")


def _looks_before(pieces: Sequence[Piece], index: int) -> int:
    while index > 0:
        skip = (
            2
            if pieces[index - 1].word == "的" and index > 1 and pieces[index - 2].under("describing", "colours")
            else 1
        )
        if not pieces[index - skip].under("describing", "colours") or pieces[index - skip].field is not None:
            return index
        index -= skip
    return index


def _places(pieces: Sequence[Piece], used: set[int], spans: list[_Span]) -> list[_Find]:
    found: list[_Find] = []
    for index, piece in enumerate(pieces):
        following = _at(pieces, index + 1)
        if (
            not piece.tags & _PLACES
            or index in used
            or piece.field is not None
            or following.tags & _PLACES
            or _lone(pieces, index)
        ):
            continue
        first = index
        while (
            first > 0
            and first - 1 not in used
            and (pieces[first - 1].under(*_STRETCH) or pieces[first - 1].word == "的")
        ):
            first -= 1
        first += pieces[first].word == "的"
        found.append((first, index, Field.PLACE, "", _NO_COLOUR))
    return _apart(found)


def _things(pieces: Sequence[Piece], used: set[int], spans: list[_Span]) -> list[_Find]:
    found: list[_Find] = []
    for index, piece in enumerate(pieces):
        which = next((which for which, tags in _SORTS if piece.tags & tags), None)
        coloured = _colour_before(pieces, index)
        if (
            which is None
            and coloured is not None
            and piece.tags & {"things", "open"} | (piece.tags & {"place.vehicle"})
        ):
            which = Field.THING
        if which is None or index in used or piece.under("colours", "describing") or piece.field is not None:
            continue
        if len(piece.word) == 1 and coloured is None and _lone(pieces, index) and not piece.under("animals"):
            continue
        first, last = _phrase_start(pieces, index, used), _phrase_end(pieces, index)
        word = "".join(each.word for each in pieces[index : last + 1])
        word = word[1:] if coloured and coloured[0] == piece.start else word
        found.append((first, last, which, word, coloured or _NO_COLOUR))
    return _apart(found)


def _colour_before(pieces: Sequence[Piece], index: int) -> tuple[int, int] | None:
    """Where its colour stands: 红色 of 红色的伞, 红 of 红伞."""
    word, last = pieces[index].word, index - (2 if _at(pieces, index - 1).word == "的" else 1)
    if _at(pieces, last).under("colours"):
        first = last
        while _at(pieces, first - 1).under("colours") or _at(pieces, first - 1).word in _TINTS:
            first -= 1
        return pieces[first].start, pieces[last].end
    tinted = len(word) > 1 and word[0] in _TINTS and word[1:] in lexicon.chinese().tags
    return (pieces[index].start, pieces[index].start + 1) if tinted else None


def _phrase_start(pieces: Sequence[Piece], index: int, used: set[int]) -> int:
    first = index
    while first > 0 and first - 1 not in used:
        before = pieces[first - 1]
        if before.word == "的" and _at(pieces, first - 2).under(*_LOOKS, "people", "animals", "wardrobe"):
            first -= 2
        elif before.under(*_LOOKS) and not before.under("verbs", "adverbs"):
            first -= 1
        else:
            break
    return max(first, 0)


def _phrase_end(pieces: Sequence[Piece], index: int) -> int:
    """An unknown colourful thing goes on while its characters are unknown: 蓝色雪橇."""
    last = index
    while pieces[index].tags == {"open"} and _at(pieces, last + 1).tags == {"open"} and last - index < 3:
        last += 1
    return last


def _colours(pieces: Sequence[Piece], used: set[int], spans: list[_Span]) -> list[_Find]:
    """A colour by itself: of the thing before it (猫是黑色的), else of the picture."""
    found: list[_Find] = []
    for index, piece in enumerate(pieces):
        if index in used or not piece.under("colours"):
            continue
        owner = next(
            (span for span in spans if span[2] in THINGS and span[1] <= piece.start and span[4] == _NO_COLOUR), None
        )
        if owner is not None and all(each.word in _COPULAS for each in pieces if owner[1] <= each.start < piece.start):
            spans.remove(owner)
            spans.append((owner[0], piece.end, owner[2], owner[3], (piece.start, piece.end)))
        else:
            found.append((index, index, Field.PALETTE, "", (piece.start, piece.end)))
    return found


def _action(pieces: Sequence[Piece], used: set[int]) -> list[_Span]:
    for index, piece in enumerate(pieces):
        if index in used or not piece.under("verbs") or piece.word in _carriers() or piece.field is not None:
            continue
        before, behind = _at(pieces, index - 1), _at(pieces, index + 1)
        told = len(piece.word) > 1 or before.under("pronouns", "people", "animals") or behind.word in _TOLD
        if told and not piece.under("describing", *sorted(_PLACES)):
            first = next(
                (i for i, each in enumerate(pieces) if each.under("pronouns", "people", "animals") and i <= index),
                index,
            )
            return [(pieces[first].start, pieces[-1].end, Field.ACTION, "", _NO_COLOUR)]
    return []


@cache
def _carriers() -> frozenset[str]:
    worn = (*lexicon.table("wearing", "zh"), *lexicon.table("wearing", "zh_on"), *lexicon.table("holding", "zh"))
    return frozenset({*asked("carriers", "zh"), *worn, "变成", "换成", "改成", "站着"})


_NOTHING: Final = Piece("", 0, 0, frozenset({"end"}), None)


def _at(pieces: Sequence[Piece], index: int) -> Piece:
    return pieces[index] if 0 <= index < len(pieces) else _NOTHING
