"""Where the words say what the spine excludes: night against noon, one lens against another, colours against black and white."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from bot.lint_offer import Kind, Offer, offer
from bot.lint_reading import Mark, Words, read
from bot.lint_tables import listed, pairs, words_of
from bot.spine import Spine
from bot.words import LAYERS

_FOCAL = re.compile(
    r"(?<![\d.])(\d{2,3})\s?mm\b(?!\s*(?:film|stock|negative|print|胶片|底片))(?:\s+lens)?", re.IGNORECASE
)
_WIDE_BELOW, _TELE_ABOVE = 40, 70
_GREY: Final = frozenset(
    {"black", "white", "grey", "gray", "silver", "dark", "light", "pale", "bone white", "ink black"}
)


class Value(NamedTuple):
    """One value of an aspect (``hour``: ``night``) where it stands in a text."""

    name: str
    start: int
    end: int


@lru_cache(128)
def look_of(spine: Spine) -> Words:
    """The spine as it stands in front of every shot, read."""
    return read(spine.render())


@lru_cache(512)
def aspects(text: Words) -> Mapping[str, tuple[Value, ...]]:
    """What a text says of each aspect that excludes others; lenses by their focal length."""
    found: dict[str, list[Value]] = {}
    labelled = len(text.runs) > 1
    for mark in text.of("aspect"):
        _, aspect, value = mark.name.split(".")
        if not (labelled and text.in_run(mark.start, "sound", *LAYERS)) and not _denied(text, mark):
            found.setdefault(aspect, []).append(Value(value, mark.start, mark.end))
    at = text.folded.find("mm")
    while at >= 0:
        lens = _FOCAL.search(text.folded, max(0, at - 4), at + 20)
        if lens and not text.aside(at):
            found.setdefault("lens", []).append(Value(lens[1], *lens.span()))
        at = text.folded.find("mm", at + 2)
    return {name: tuple(sorted(values, key=lambda each: each.start)) for name, values in found.items()}


def _denied(text: Words, mark: Mark) -> bool:
    return (
        text.folded[max(0, mark.start - 12) : mark.start]
        .rstrip()
        .endswith((" no", "not", "without", "不", "没有", "instead of"))
    )


def clash(aspect: str, one: str, other: str) -> bool:
    """Whether two values of an aspect exclude each other."""
    if aspect == "lens":
        return _lenses_clash(one, other)
    pair = {one, other}
    return one != other and not any(set(each.split()) == pair for each in listed("beside", aspect))


def _lenses_clash(one: str, other: str) -> bool:
    if one.isdigit() and other.isdigit():
        return one != other
    length = next((int(each) for each in (one, other) if each.isdigit()), None)
    if length is None:
        return one != other
    return length > _WIDE_BELOW if "wide" in (one, other) else length < _TELE_ABOVE


def clashes(text: Words, *others: Words) -> Iterator[tuple[Value, Value, Words]]:
    """Each aspect of the text that another text excludes, once: both values, and the other text."""
    own = aspects(text)
    for other in others:
        theirs = aspects(other)
        for name in own.keys() & theirs.keys():
            if all(clash(name, mine.name, its.name) for mine in own[name] for its in theirs[name]):
                yield own[name][0], theirs[name][0], other


def conflicts(text: Words, spine: Spine) -> Iterator[Offer | None]:
    """What the spine excludes, each with the spine's own words for it."""
    look = look_of(spine)
    if not look.text:
        return
    for mine, its, _ in sorted(clashes(text, look)):
        own = look.text[its.start : its.end]
        hour = pairs("plain_hours", "zh" if text.chinese else "en").get(its.name)
        plain = (text.written(hour),) if hour and its in aspects(look).get("hour", ()) else ()
        yield _conflict(text, (mine.start, mine.end), (*plain, own), own)
    yield from _colours(text, look, spine)
    yield from _grades(text, look, spine)


def _conflict(text: Words, span: tuple[int, int], options: tuple[str, ...], against: str) -> Offer | None:
    found = text.text[slice(*span)]
    return offer(Kind.SPINE, text.text, span, options, found=" ".join(found.split()), spine=against)


def _colours(text: Words, look: Words, spine: Spine) -> Iterator[Offer | None]:
    """Colours in a black and white film, black and white in a coloured one, a palette of the words' own."""
    own, theirs = aspects(text).get("tint"), aspects(look).get("tint")
    if theirs and not own:
        found = next(_chromatic(text), None)
        if found:
            yield _conflict(text, found[1:], (text.written(found[0]),), look.text[slice(*theirs[0][1:])])
    elif own and not theirs and spine.palette and is_coloured(read(spine.palette)):
        yield _conflict(text, (own[0].start, own[0].end), (spine.palette,), spine.palette)
    elif spine.palette and (span := _own_palette(text)) and not _shares(text, span, spine.palette):
        yield _conflict(text, span, (spine.palette,), spine.palette)


@lru_cache(512)
def is_coloured(text: Words) -> bool:
    """Whether it names a colour that black and white film does not have."""
    return any(True for _ in _chromatic(text))


def _chromatic(text: Words) -> Iterator[Value]:
    """Words for colours, each under the name of the grey that stands for it."""
    greys = pairs("chromatic")
    for token in text.tokens:
        if token.low in greys and not text.aside(token.start):
            yield Value(greys[token.low], token.start, token.end)
    for colour, grey in sorted(pairs("chromatic", "zh").items(), key=lambda pair: -len(pair[0])) if text.han else ():
        at = text.folded.find(colour)
        if at >= 0 and not text.aside(at):
            yield Value(grey, at, at + len(colour))


def _own_palette(text: Words) -> tuple[int, int] | None:
    """The colours that stand, in one line, beside a word for the whole palette."""
    mark = next(iter(text.marks.get("palette_words", ())), None)
    if mark is None:
        return None
    first = text.text.rfind("\n", 0, mark.start) + 1
    last = text.text.find("\n", mark.end)
    near = [
        each
        for each in _named_colours(text)
        if first <= each.start and each.end <= (last if last >= 0 else len(text.text))
    ]
    near = [each for each in near if abs(each.start - mark.start) < 60]
    return (near[0].start, near[-1].end) if near else None


def _named_colours(text: Words) -> list[Value]:
    known = words_of("chromatic_more") | pairs("chromatic").keys() | _GREY
    found = [Value(each.low, each.start, each.end) for each in text.tokens if each.low in known]
    if text.han:
        found += [Value(c, m.start(), m.end()) for c in pairs("chromatic", "zh") for m in re.finditer(c, text.folded)]
    return sorted(found, key=lambda each: (each.start, each.end))


def _shares(text: Words, span: tuple[int, int], palette: str) -> bool:
    words = set(re.findall(r"[a-z]+|[\u3400-\u9fff]", text.folded[slice(*span)]))
    return bool(words & set(re.findall(r"[a-z]+|[\u3400-\u9fff]", palette.casefold())) - {"色", "and", "the"})


def _grades(text: Words, look: Words, spine: Spine) -> Iterator[Offer | None]:
    """A warm grade against a cold one."""
    said = next(iter(text.marks.get("grades.words", ())), None)
    if said is None or not spine.grade:
        return
    grade = read(spine.grade)
    for mine, its in (("warm", "cold"), ("cold", "warm")):
        near = [mark for mark in text.marks.get(f"grades.{mine}", ()) if 0 <= said.start - mark.start < 30]
        if near and grade.any(f"grades.{its}") and not grade.any(f"grades.{mine}"):
            yield _conflict(text, (near[0].start, said.start), (f"{spine.grade} ",), spine.grade)
