"""Putting a replacement into its place: the article before it, the commas round it, the capital of a sentence's first word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.lint_reading import Words

_ARTICLE = re.compile(r"(?<!\w)an?\s$")
_MAKE = re.compile(
    r"(?:and\s+)?(?:please\s+|pls\s+)?\bmake\s+(?:it|this|the\s+video)\s+(?:look\s+|feel\s+|more\s+|be\s+)*$"
)
_LEADS = re.compile(
    r"(?:^|[^\w\s]|\b(?:with|in|of|on|and|or|to|is|are|a|an|the|like|for|looks?|use|using|add|has|have|some|as|at|by|make|it|this|no))\s*$"
)
_STOPS = re.compile(r"\s*(?:$|[^\w\s]|(?:and|or|of|in|on|at|with|for|to|from|by|but|like|as|is|are|pls|please|lol)\b)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMAS = frozenset({"look", "quality", "beauty", "drama", "mood", "light", "camera", "colour"})


@dataclass(frozen=True)
class Find:
    """Weak words that stand together: what they are meant for, and their span; for English also the words by index."""

    group: str
    start: int
    end: int
    first: int = -1
    last: int = -1
    naming: bool = False
    """Whether they stand in front of the noun that they praise."""


def in_place(text: Words, find: Find, options: tuple[str, ...]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The span, wider where what stands beside it has to change with it, and the options as they would be put in."""
    if text.chinese:
        return _in_chinese(text, find, options)
    span, options = _with_article(text, find, options) if find.naming else _with_commas(text, find, options)
    first = text.text[span[0]]
    if first.isupper() and not text.text[span[0] + 1 : span[0] + 2].isupper():
        options = tuple(each[:1].upper() + each[1:] for each in options)
    return span, options


def _with_article(text: Words, find: Find, options: tuple[str, ...]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """ "an epic battle" → "a low-angle, back-lit battle"."""
    article = _ARTICLE.search(text.folded[: find.start])
    if article is None:
        return (find.start, find.end), options
    fitting = tuple(each for each in options if _article(each) == article.group().strip())
    if fitting:
        return (find.start, find.end), fitting
    return (article.start(), find.end), tuple(f"{_article(each)} {each}" for each in options)


def _article(words: str) -> str:
    return "an" if words[:1].lower() in "aeiou" else "a"


def _with_commas(text: Words, find: Find, options: tuple[str, ...]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Between commas where it stood in the sentence like an adverb; in place of "make it …" as a whole."""
    start, end, before = find.start, find.end, text.folded[: find.start]
    if make := _MAKE.search(before):
        start = make.start()
        before = before[:start]
    if find.group == "face" and text.folded.startswith(" of ", end):
        return (start, end), tuple(f"{each}, on the face" for each in options)
    if find.group not in _COMMAS:
        return (start, end), options
    if before.endswith(" ") and not _LEADS.search(before):
        start -= 1
        options = tuple(f", {each}" for each in options)
    if not _STOPS.match(text.folded[end:]):
        options = tuple(f"{each}," for each in options)
    return (start, end), options


def _in_chinese(text: Words, find: Find, options: tuple[str, ...]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """With 的 in front of a noun; without the 得 of "跑得飞快"."""
    start = find.start - text.folded[: find.start].endswith(("得", "地"))
    behind = text.folded[find.end : find.end + 2]
    if start < find.start:
        options = tuple(f"，{each}" for each in options)
    if _HAN.match(behind) and not behind.startswith("的"):
        options = tuple(f"{each}的" for each in options)
    elif behind[:1] == " " and _HAN.match(behind[1:]):
        options = tuple(f"{each}，" for each in options)
    return (start, find.end), options
