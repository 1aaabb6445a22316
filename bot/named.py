"""Which fields of a shot a few words name: framing, lens, light, hour, weather, clothes … and in which of the words. Pure.

No language model: the tables of ``lexicon.toml`` and ``changes.toml``, and the readers that find noun phrases. What a remix names
is read with it, and what the source said of the same field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bot import fields_chinese, fields_english
from bot.fields import Field, Named, exact
from bot.reference import is_chinese

READ_MAX: Final = 2_000
"""Characters that are searched."""


@lru_cache(1024)
def named(text: str) -> tuple[Named, ...]:
    """Every field that these words name, in their order."""
    text = text[:READ_MAX]
    figures = exact(text)
    reader = fields_chinese.look if is_chinese(text) else fields_english.look
    found = sorted([*figures, *reader(text, figures)], key=lambda each: each.start)
    return tuple(_together(found, text))


def _together(found: Iterable[Named], text: str) -> Iterator[Named]:
    """What touches and is of one field is said once: "85mm" and "lens", "teal" and "amber"."""
    last: Named | None = None
    for each in found:
        if last is None:
            last = each
        elif _is_one(last, each) and _touch(last, each, text):
            last = replace(last, end=each.end, words=text[last.start : each.end])
        else:
            yield last
            last = each
    if last is not None:
        yield last


def _is_one(last: Named, each: Named) -> bool:
    """Of one field, or the way that a camera goes: "pan from left to right"."""
    pan = last.field is Field.MOVE and each.field is Field.DIRECTION
    return pan or (each.field is last.field and not (each.thing or last.thing))


_JOINS: Final = re.compile(r"\s*(?:(?:,|，|、|and|&|和|与|of|in|的|shot)\s*)?")


def _touch(last: Named, each: Named, text: str) -> bool:
    between = text[last.end : each.start].lower()
    commas = last.field in (Field.PALETTE, Field.LENS, Field.STOCK)
    return _JOINS.fullmatch(between) is not None and (commas or not {",", "，"} & set(between))
