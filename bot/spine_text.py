"""A spine as text that people can read, keep and pass on: a heading, then one line a field, ``lens: 85mm lens``.

A value's own line ends go on in lines that begin with two blanks. Reading back what was written gives the same spine, byte for
byte; text that lost its line ends on the way (a chat's one-line box) is read by the names of the fields alone.
"""

from __future__ import annotations

import re
from typing import Final

from bot.errors import SpineUnreadable
from bot.spine import FIELDS, Spine

HEADING: Final = "# spine"
_LINE: Final = re.compile(rf"({'|'.join(FIELDS)})[:：] ?(.*)", re.S)
_MARK: Final = re.compile(rf"(?:^|(?<=\s))({'|'.join(FIELDS)})[:：] ?")


def exported(spine: Spine) -> str:
    """The heading, and a line for each field that is set, in the order of `FIELDS`."""
    lines = (f"{name}: {value.replace(chr(10), chr(10) + '  ')}" for name, value in spine.filled().items())
    return "\n".join((HEADING, *lines))


def imported(text: str) -> Spine:
    """The spine that the text says. Raises `SpineUnreadable`, and `Spine.set`'s errors for a value that cannot be."""
    text = text.replace("\r\n", "\n").strip("\n")
    return Spine().set(**(_by_lines(text) if "\n" in text else _by_names(text)))


def _by_lines(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        if name and line.startswith("  "):
            values[name] += f"\n{line[2:]}"
        elif found := _LINE.fullmatch(line):
            name, values[found.group(1)] = found.groups()
        elif line.strip() and not line.startswith("#"):
            raise SpineUnreadable(line=line.strip()[:60], fields=", ".join(FIELDS))
    return values


def _by_names(text: str) -> dict[str, str]:
    plain = text.strip().removeprefix(HEADING).lstrip()
    marks = list(_MARK.finditer(plain))
    if not marks or plain[: marks[0].start()].strip():
        raise SpineUnreadable(line=plain[:60] or "-", fields=", ".join(FIELDS))
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    return {mark.group(1): plain[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}
