"""Text as text: whatever a member, a model or a backend wrote is shown letter by letter, never read as markup by Discord.

Discord's markdown takes a backslash before any punctuation as "this character, plainly", and shows no backslash. Escaped are the
characters that open markup (emphasis, links, mentions, spoilers, code, ``<t:…>``), those that open it at the start of a line
only, and what would make a link or an invitation of plain words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

ELLIPSIS: Final = "…"
_ANYWHERE: Final = frozenset("\\*_~`|<>[]@")
_AT_LINE_START: Final = frozenset("#-+")
_BREAKS: Final = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and those that change the direction of what follows: they would reorder our own words around them."""
_FENCE: Final = re.compile(r"`(?=`)")


def units(text: str) -> int:
    """Its length as Discord's clients count it, in UTF-16 units: never less than its length in characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Line breaks of every kind become one kind; what nobody can see is taken out."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)).strip()


def plain(text: str, limit: int = 1000) -> str:
    """Escaped, on as many lines as it had, in at most `limit` UTF-16 units; cut with an ellipsis, never inside an escape."""
    text = clean(text)[: limit + 1]  # one more than fits: enough to know that something is cut off
    return _cut([f"\\{character}" if _opens(text, index) else character for index, character in enumerate(text)], limit)


def line(text: str, limit: int = 200) -> str:
    """Escaped, on one line."""
    return plain(" ".join(text.split()), limit)


def quote(text: str, limit: int = 1000) -> str:
    """A quote block: every line behind a bar."""
    lines = clean(text).split("\n")
    behind = 2 * min(len(lines), max(1, limit // 8))
    shown = plain("\n".join(lines[: max(1, limit // 8)]), limit - behind)
    return "\n".join(f"> {each}" if each.strip() else "> " for each in shown.split("\n"))


def code(text: str) -> str:
    """A code block, verbatim but for a zero-width space between two backticks: three of them would end the block."""
    return "```\n" + _FENCE.sub("`\u200b", _BREAKS.sub("\n", text)).strip("\n") + "\n```"


def label(text: str, limit: int = 80) -> str:
    """For buttons and menus, which know no markup: one line, cut."""
    return _cut(list(" ".join(clean(text).split())), limit)


def _cut(pieces: Sequence[str], limit: int) -> str:
    """As many of the pieces as fit, whole."""
    room = limit
    for at, piece in enumerate(pieces):
        room -= units(piece)
        if room < (at + 1 < len(pieces)):
            return "".join(pieces[:at]).rstrip() + ELLIPSIS
    return "".join(pieces)


def _opens(text: str, index: int) -> bool:
    """Whether the character there would open markup, or a link."""
    character = text[index]
    if character in _ANYWHERE:
        return True
    if character in _AT_LINE_START:
        return _first_of_line(text, index)
    if character == ".":
        return text[index + 1 : index + 2].isalpha() or text[:index].rsplit("\n", 1)[-1].strip().isdigit()
    return character == ":" and text[index + 1 : index + 2] not in ("", " ", "\n")


def _first_of_line(text: str, index: int) -> bool:
    """Nothing but space, or other characters of that kind (``-#``), stands before it on its line."""
    return not text[:index].rsplit("\n", 1)[-1].strip(" \t#-+")
