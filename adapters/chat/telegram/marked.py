"""Text with its formatting beside it, as Telegram takes it: entities with offsets and lengths in UTF-16 units.

No markup is ever parsed, so nothing that a member or a model wrote can become formatting. Telegram finds links, mentions,
hashtags and commands in plain text by itself, though, except where the text is set as code: words that look like one of them
are set as code (https://core.telegram.org/bots/api#messageentity: code and pre hold no other entity, and may stand in a quote).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from telegram import MessageEntity

ENTITIES_MAX: Final = 90
"""Telegram passes over entities beyond the hundredth; the last ten are left for what it finds by itself."""
GUARDS_MAX: Final = 12
"""A text with more words that look like links is set as code altogether."""

_UNSENDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_FOUND: Final = (
    r"[A-Za-z][A-Za-z0-9+.-]{0,20}://\S+",  # an address with its scheme
    r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+",  # of mail
    r"(?<!\w)@\w+",
    r"(?<!\w)#\w+",
    r"(?<!\w)\$[A-Za-z]\w*",
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?:[/?#:]\S*)?",  # an address without its scheme
    r"\d{1,3}(?:\.\d{1,3}){3}(?:[/:]\S*)?",
    r"\+?\d{7,20}",
)
_COMMAND: Final = r"(?<![\w/])/[A-Za-z0-9_]+(?:@\w+)?"
_OURS: Final = re.compile("|".join(_FOUND))
_THEIRS: Final = re.compile("|".join((*_FOUND, _COMMAND)))


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def head(text: str, limit: int) -> str:
    """As much of the beginning as fits into that many UTF-16 units, with an ellipsis where something is left out."""
    if units(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…" if limit > 0 else ""


def clean(text: str) -> str:
    """Without characters that cannot be sent; Telegram takes none of them either."""
    return _UNSENDABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True)
class Marked:
    """A text and its entities, each (kind, offset, length)."""

    text: str = ""
    marks: tuple[tuple[str, int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def __add__(self, other: Marked) -> Marked:
        shift = units(self.text)
        moved = ((kind, offset + shift, length) for kind, offset, length in other.marks)
        return Marked(self.text + other.text, (*self.marks, *moved))

    @property
    def size(self) -> int:
        """In UTF-16 units."""
        return units(self.text)

    def inside(self, kind: str) -> Marked:
        """The whole of it within one more entity."""
        return Marked(self.text, ((kind, 0, self.size), *self.marks)) if self.text else self

    def entities(self) -> list[MessageEntity]:
        """As the library takes them; a list that is too long loses its last ones."""
        return [MessageEntity(kind, offset, length) for kind, offset, length in self.marks[:ENTITIES_MAX] if length]


def plain(text: str) -> Marked:
    """Our own words: commands in them may be tapped, everything else is guarded as in `words`."""
    return _guarded(text, "", _OURS)


def words(text: str, kind: str = "") -> Marked:
    """Words of a member or a model, as text and nothing else; all of them in `kind` (``bold`` …) where none has to be guarded."""
    return _guarded(text, kind, _THEIRS)


def whole(text: str, kind: str) -> Marked:
    """All of the text as ``pre`` or ``code``: nothing in it can be read as anything."""
    return Marked(clean(text)).inside(kind)


def joined(parts: Iterable[Marked], between: str) -> Marked:
    """One after the other; empty ones are left out."""
    result = Marked()
    for part in parts:
        if part:
            result = result + Marked(between) + part if result else part
    return result


def _guarded(text: str, kind: str, linklike: re.Pattern[str]) -> Marked:
    text = clean(text)
    hits = [hit.span() for hit in linklike.finditer(text)]
    if not hits:
        return Marked(text).inside(kind) if kind else Marked(text)
    if len(hits) > GUARDS_MAX:
        hits = [(hits[0][0], hits[-1][1])]
    return Marked(text, tuple((MessageEntity.CODE, units(text[:start]), units(text[start:end])) for start, end in hits))
