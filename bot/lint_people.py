"""A "he" or 她 that may be either of two people in the words: a model will pick one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from bot import lexicon
from bot.lint_offer import Kind, Offer, offer
from bot.lint_reading import Words, segments
from bot.lint_tables import pairs

_PRONOUNS: Final = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female"}
_HAN_PRONOUNS: Final = re.compile(r"他(?!们|人|乡)|她(?!们)")
_HAN_NAMES: Final = re.compile(r"(?<![\u4e00-\u9fff])([小阿老][\u4e00-\u9fff])[和与跟、]([小阿老][\u4e00-\u9fff])")
_MANY: Final = frozenset({"people", "couple", "crowd", "group", "family", "team", "band"})
_TWO: Final = frozenset({"two", "both", "2", "twin"})


class Person(NamedTuple):
    """Somebody in the words."""

    name: str
    """As it would be said again: ``the detective``, ``Jonas``, 侦探."""
    start: int
    sort: str = ""
    """``male``, ``female``, or empty where it cannot be told."""
    two: bool = False
    """Two of a kind: "two samurai"."""


def pronouns(text: Words, cast: Sequence[str] = ()) -> Offer | None:
    """The first pronoun that fits two of those named before it, with their names to choose from."""
    said = _said(text)
    known = _known(text, cast) if said else []
    if len(known) < 2 and not any(person.two for person in known):
        return None
    for start, end, sort, owning in said:
        fitting = _fitting(text, known, start, sort)
        if len(fitting) > 1 or any(person.two for person in fitting):
            return _either(text, (start, end), fitting, owning=owning)
    return None


def _said(text: Words) -> list[tuple[int, int, str, bool]]:
    """The pronouns: place, gender, and whether something is owned ("her hat")."""
    found = []
    tokens = text.tokens
    for at in [at for at, token in enumerate(tokens) if token[0] in _PRONOUNS]:
        low, start, end, _ = tokens[at]
        if not (text.asides and text.aside(start)):
            following = tokens[at + 1].tags if at + 1 < len(tokens) else frozenset()
            owns = low == "his" or (low == "her" and bool(following & {"noun", "adjective"}))
            found.append((start, end, _PRONOUNS[low], owns))
    if text.han:
        they = (match for match in _HAN_PRONOUNS.finditer(text.folded) if not text.aside(match.start()))
        found += [(*match.span(), "male" if match.group() == "他" else "female", False) for match in they]
    return sorted(found)


def _known(text: Words, cast: Sequence[str]) -> list[Person]:
    found = [Person(name, match.start()) for name in cast if name for match in _named(text, name)]
    for mark in text.people:
        person = _han_person(text, mark.start, mark.end) if mark.first < 0 else _english_person(text, mark.first)
        if person and not (cast and any(abs(each.start - person.start) < 2 for each in found)):
            found.append(person)
    if text.han:
        for match in _HAN_NAMES.finditer(text.folded):
            found += [Person(text.text[slice(*match.span(n))], match.start(n)) for n in (1, 2)]
    return sorted(found, key=lambda person: person.start)


def _named(text: Words, name: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name), text.text))


def _english_person(text: Words, at: int) -> Person | None:
    token = text.tokens[at]
    tags = token.tags
    if "people" not in tags and token.low not in pairs("people_more"):
        return None
    plural = "plural" in tags or token.low in _MANY
    two = any(each.low in _TWO for each in text.tokens[max(0, at - 3) : at])
    if plural and not two:
        return None
    sort = pairs("people_more").get(token.low) or next((s for s in ("male", "female") if f"people.{s}" in tags), "")
    return Person(f"the {token.low}", token.start, "" if sort == "either" else sort, two)


def _han_person(text: Words, start: int, end: int) -> Person | None:
    tags = next((tags for first, last, tags in segments(text.folded) if first == start), frozenset())
    sorts = [tag.partition(".")[2] for tag in tags if tag.startswith("people.")]
    name, before = text.text[start:end], text.folded[:start]
    if not sorts or name in ("人", "人群", "路人", "行人", "家人") or text.folded[end : end + 1] == "们":
        return None
    two = before[-2:-1] in ("两", "二", "2") or before[-1:] == "俩"
    return Person(name, start, next((sort for sort in sorts if sort != "either"), ""), two)


def _fitting(text: Words, known: Sequence[Person], at: int, sort: str) -> list[Person]:
    """Who may be meant: those named before, of fitting gender; the one of this sentence, or the one certain "she", alone."""
    before: dict[str, Person] = {}
    for person in known:
        if person.start < at and person.sort in ("", sort):
            before[person.name] = person
    found = list(before.values())
    if len(found) < 2 and not any(person.two for person in found):
        return found
    first = text.sentence_start(at)
    here = [person for person in found if person.start >= first]
    if len(here) == 1 and not here[0].two:
        return here
    certain = [person for person in found if person.sort == sort == "female"]
    return certain if len(certain) == 1 and not certain[0].two else found


def _either(text: Words, span: tuple[int, int], fitting: Sequence[Person], *, owning: bool) -> Offer | None:
    said = text.text[slice(*span)]
    names = [name for person in fitting[-3:] for name in _names(text, person)]
    if span[1] - span[0] == 1:  # 他, 她
        options = names
    else:
        options = [f"{name}'s" if owning else name for name in names]
        options = [each[:1].upper() + each[1:] for each in options] if said[:1].isupper() else options
    return offer(Kind.PRONOUN, text.text, span, tuple(options), found=said, one=names[0], other=names[-1])


def _names(text: Words, person: Person) -> tuple[str, ...]:
    if not person.two:
        return (person.name,)
    if text.han and not person.name.isascii():
        return f"前面的{person.name}", text.written(f"后面的{person.name}")
    noun = _singular().get(person.name.removeprefix("the "), person.name.removeprefix("the "))
    return f"the first {noun}", f"the second {noun}"


@cache
def _singular() -> dict[str, str]:
    nouns = (noun for name in lexicon.names("people") for noun in lexicon.table(name))
    return {lexicon.plural(noun): noun for noun in nouns}
