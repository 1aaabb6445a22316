"""Who or what is in the frame: silhouettes for the nouns that there are, a labelled stand-in for every other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.video.animatic.cues import Passage
from adapters.video.animatic.guard import tags
from adapters.video.animatic.spec import Figure
from adapters.video.animatic.words import Cue
from bot import lexicon
from bot.brief import PartName
from bot.reference import is_chinese, person

MOST = 2
"""Figures in one frame."""

VEHICLES = frozenset({"car", "train", "boat", "plane", "bicycle"})
_CROWDED = 5
_NUMBERS = {
    "two": 2, "2": 2, "两": 2, "二": 2, "both": 2, "pair": 2, "three": 3, "3": 3, "三": 3, "four": 4, "4": 4, "四": 4, "few": 3,
    "several": 4, "几": 3, "five": 5, "5": 5, "五": 5, "six": 6, "6": 6, "六": 6, "ten": 10, "10": 10, "dozen": 12, "dozens": 24,
    "群": 9,     "hundreds": 99, "thousands": 99, "many": 9, "herd": 9, "flock": 9, "pack": 6, "group": 6, "army": 99, "crowd": 99,
}  # fmt: skip
_ABOARD = frozenset({"in", "on", "aboard", "inside", "onto", "into", "by", "off", "from"})
_COMPARED = frozenset(
    {
        "like",
        "photo",
        "photograph",
        "picture",
        "painting",
        "poster",
        "statue",
        "drawing",
        "portrait",
        "dreams",
        "memory",
    }
)
_OPENERS = frozenset(
    {
        "a",
        "an",
        "the",
        "his",
        "her",
        "their",
        "its",
        "this",
        "that",
        "one",
        "my",
        "same",
        "old",
        "young",
        "little",
        "small",
        "big",
        "black",
        "white",
        "red",
    }
)
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "same", "那", "这", "该"})
_SURNAMES = frozenset("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗小阿老")
_LIFE = frozenset({"people", "animals"})
_NOT_THINGS = frozenset(
    {"light", "weather", "place", "beams", "sound", "framing", "angle", "move", "lens", "style", "grade"}
)


@dataclass(frozen=True)
class Who:
    """Somebody found in a part, by where the words stand (tokens and characters)."""

    figure: Figure
    first: int
    behind: int
    start: int
    acting: bool = False
    definite: bool = False
    generic: bool = False


def people_of(passage: Passage) -> list[Who]:
    """Everybody in this part: who acts first, then who is only there, each in the order of the text."""
    slices = [(at, at + len(words), words) for words in passage.seen.subjects if (at := passage.text.find(words)) >= 0]
    found = [who for cue in passage.of("subject") if (who := _candidate(passage, cue, slices))]
    for start, end, words in slices:
        inside = [who for who in found if start <= who.start < end]
        if inside:
            _give_name(found, inside[0], words)
        elif who := _unlisted(passage, start, end, words):
            found.append(who)
    owners = [who for who in found if _owns(passage, who)]
    found = [who for who in found if who not in owners] or owners
    found.sort(key=lambda who: (not who.acting, who.start))
    return _without_extras(found)


def led(passage: Passage, found: Sequence[Who]) -> list[Who]:
    """Of a line of the cast: the one whom it describes, by the name that leads it ("Mara, a welder", 阿梅, 一位红发少女)."""
    name = re.match(r"([^\s,，]{1,40}), ", passage.text)
    described = [who for who in found if who.figure.kind != "stand_in"] or list(found)
    if name is None or not described:
        return list(found)
    who = next((who for who in described if who.start >= name.end()), described[0])
    return [replace(who, figure=replace(who.figure, name=name.group(1)))]


def _without_extras(found: list[Who]) -> list[Who]:
    """A crowd only where it is the subject; a name once."""
    kept: list[Who] = []
    for who in found:
        twice = any(who.figure.name == old.figure.name for old in kept)
        if not twice and not (who.figure.kind == "crowd" and kept):
            kept.append(who)
    return kept


def _candidate(passage: Passage, cue: Cue, slices: Sequence[tuple[int, int, str]]) -> Who | None:
    opening = next((start for start, end, _ in slices if start <= cue.start < end), -1)
    acting = opening >= 0
    if _is_part_of_more(passage, cue) or (not acting and _is_elsewhere(passage, cue)):
        return None
    before = [token.low for token in passage.between(max(0, cue.first - 4), cue.first)]
    if acting:
        before = [token.low for token in passage.between(0, cue.first) if token.start >= opening] or before
    name, kind = cue.entry.base, cue.value
    figure = _numbered(Figure(kind, name, name if kind == "stand_in" else "", ""), cue, before)
    generic = name in lexicon.words_of("generic") or name in lexicon.words_of("generic", "zh")
    return Who(figure, cue.first, cue.behind, cue.start, acting, bool(_DEFINITE & set(before[-3:])), generic)


def _numbered(figure: Figure, cue: Cue, before: Sequence[str]) -> Figure:
    """Two are two; many people are a crowd, many animals a count."""
    near = [low for low in before if low in _NUMBERS]
    count = _NUMBERS[near[-1]] if near else 3 if cue.entry.plural else 1
    if figure.kind == "couple":
        return replace(figure, kind="person", count=2)
    if figure.kind == "crowd" or count == 1:
        return figure
    human = figure.kind in ("person", "child")
    if human and (count >= _CROWDED or (not near and cue.entry.plural)):
        return replace(figure, kind="crowd")
    return replace(figure, count=min(count, 9))


def _is_part_of_more(passage: Passage, cue: Cue) -> bool:
    """ "Robot" in "robot dog", "dog" in "dog food", "baby" in "baby elephant"."""
    if cue.behind in passage.subject_starts and passage.text[cue.end : cue.end + 1] == " ":
        return True
    following = passage.tokens[cue.behind] if cue.behind < len(passage.tokens) else None
    if (
        following is None
        or is_chinese(cue.entry.base)
        or cue.entry.plural
        or passage.text[cue.end : following.start] != " "
    ):
        return False
    kinds = tags(following.low)
    verbal = any(tag.startswith("verb") for tag in kinds)
    return "noun" in kinds and not verbal and not kinds & {"prepositions", "conjunctions", "adverbs", "adjective"}


def _is_elsewhere(passage: Passage, cue: Cue) -> bool:
    """A vehicle somebody is in, something only compared or pictured, or who is only waited for."""
    before = [token.low for token in passage.between(max(0, cue.first - 5), cue.first)]
    plain = [low for low in before if low not in _OPENERS]
    last = plain[-1] if plain else ""
    if last == "of" and len(plain) > 1 and plain[-2] in _COMPARED:
        return True
    if last in ("like", "about") or (
        last == "as" and len(plain) > 1 and plain[-2] in ("dressed", "disguised", "known", "such")
    ):
        return True
    if cue.value in VEHICLES and (last in _ABOARD or _is_boarded(passage, cue)):
        return True
    if passage.text[max(0, cue.start - 1) : cue.end] in ("等人", "找人"):
        return True
    return cue.value == "person" and cue.entry.base in ("nobody", "someone", "audience")


def _is_boarded(passage: Passage, cue: Cue) -> bool:
    """船上, 在火车里."""
    return passage.text[cue.end : cue.end + 1] in ("上", "里", "内") and is_chinese(cue.entry.base)


def _owns(passage: Passage, who: Who) -> bool:
    """ "The fisherman's" of "the fisherman's hands"."""
    end = passage.tokens[who.behind - 1].end
    return passage.text[end : end + 2] in ("'s", "’s", "s'") or (
        passage.text[end : end + 1] == "的" and not who.acting and is_chinese(who.figure.name)
    )


def _give_name(found: list[Who], who: Who, words: str) -> None:
    """The cast name that leads a description: "Mara, a welder in blue overalls"."""
    match = re.match(r"([A-Z][\w’'-]*)(?=,)", words)
    if match and tags(match.group(1).lower()) <= {"open"} and match.group(1).lower() != who.figure.name:
        found[found.index(who)] = replace(who, figure=replace(who.figure, name=match.group(1)))


def _unlisted(passage: Passage, start: int, end: int, words: str) -> Who | None:
    """Somebody with a name of their own, or something that has no silhouette: a stand-in with its word on it."""
    inside = [index for index, token in enumerate(passage.tokens) if start <= token.start < end]
    kinds = {cue.kind for cue in passage.cues if start <= cue.start < end}
    owned = passage.name is PartName.CHANGE or words.lower().startswith(("her ", "his ", "their ", "its "))
    if any(start <= cue.start < end or cue.start <= start < cue.end for cue in passage.gone):
        return None
    if not inside or kinds & _NOT_THINGS or ("wardrobe" in kinds and owned):
        return None
    who = person(words)
    if is_chinese(words):
        figure = _unlisted_chinese(words, who.head)
    elif who.name or _is_name(words):
        figure = Figure("person", words.split(",")[0].split()[0], gait="")
    elif not who.head or ("subject" not in kinds and tags(words.split()[-1].lower()) & {"body"}):
        return None
    else:
        figure = Figure("stand_in", who.head, _label(words), "")
    return Who(figure, inside[0], inside[-1] + 1, start, True, who.definite, who.generic)


def _is_name(words: str) -> bool:
    first = words.split()[0].strip(",")
    return first[:1].isupper() and len(words.split()) <= 2 and tags(first.lower()) <= {"open"}


def _unlisted_chinese(words: str, head: str) -> Figure:
    """小明 and 王芳 are people; any other unknown head is a thing."""
    tail = words.rpartition("的")[2]
    tail = re.sub(r"^[一两二三四五六七八九十几这那][个只位名条头匹辆艘座间家张把支本件]?", "", tail) or head
    if 2 <= len(tail) <= 3 and tail[0] in _SURNAMES:
        return Figure("person", tail, gait="")
    return Figure("stand_in", tail, tail, "")


def _label(words: str) -> str:
    """The noun phrase without its article and what hangs behind it: "robot arm"."""
    plain = re.sub(r"^(?:a|an|the|some|this|that|his|her|two|three)\s+", "", words.strip(), flags=re.IGNORECASE)
    plain = re.split(r"\s+(?:of|in|on|with|wearing|under|over|at)\s+|,", plain)[0]
    return " ".join(plain.split()[-3:]).lower()


def pronoun_of(passage: Passage) -> Figure | None:
    """Somebody of whom the words only say "he", "she" or 他."""
    said = passage.seen.pronouns
    name = next((name for name in ("she", "he") if name in said or name == passage.seen.pointer), "")
    return Figure("person", name, gait="") if name else None


def same(who: Who, known: Sequence[Figure]) -> int | None:
    """Which of the known figures these words mean; None for somebody new."""
    for index, figure in enumerate(known):
        if who.figure.name.casefold() == figure.name.casefold():
            return index
    alike = [index for index, figure in enumerate(known) if _alike(who.figure.kind, figure.kind)]
    return alike[0] if alike and who.generic and who.definite else None


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"person", "child", "crowd"}


def spread(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """ "Two samurai" as two figures that look different; at most `MOST`."""
    return tuple(_each(figures))[:MOST]


def _each(figures: Sequence[Figure]) -> Iterator[Figure]:
    for figure in figures:
        if figure.count == MOST and len(figures) == 1:
            yield replace(figure, count=1)
            yield replace(figure, count=1, name=f"{figure.name} 2")
        else:
            yield figure
