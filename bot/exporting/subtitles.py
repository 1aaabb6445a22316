"""What is said in the film, with its times: SubRip and WebVTT.

Two never stand on the screen at once: where lines meet (in a dissolve, or when people talk at the same time) the first one makes
room, or both share one subtitle where it would be gone too soon. No word is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from bot.cut import RATE, Cut, Edit, Spoken
from bot.exporting.names import one_line

SHORTEST: Final = 700
"""Milliseconds that a subtitle stands at least, where its piece is that long."""
_SRT: Final = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")"})
"""Signs that players of SubRip take for markup; it has no way to escape them."""


@dataclass(frozen=True)
class Line:
    """What one person says."""

    words: str
    who: str = ""


@dataclass(frozen=True)
class Cue:
    """A subtitle: milliseconds of the film, and what is said then."""

    begins: int
    ends: int
    lines: tuple[Line, ...]


def srt(cut: Cut) -> str:
    """SubRip, the names of those who speak in front of their words."""
    blocks = []
    for number, cue in enumerate(cues(cut), 1):
        lines = [(f"{line.who}: " if line.who else "") + line.words for line in cue.lines]
        said = "\n".join(lines if len(lines) == 1 else [f"- {line}" for line in lines])
        blocks.append(f"{number}\n{_clock(cue.begins, ',')} --> {_clock(cue.ends, ',')}\n{said.translate(_SRT)}\n")
    return "\n".join(blocks)


def vtt(cut: Cut) -> str:
    """WebVTT, every line as the voice of the one who speaks."""
    blocks = ["WEBVTT\n"]
    for number, cue in enumerate(cues(cut), 1):
        said = "\n".join(_voiced(line, dashed=len(cue.lines) > 1) for line in cue.lines)
        blocks.append(f"{number}\n{_clock(cue.begins, '.')} --> {_clock(cue.ends, '.')}\n{said}\n")
    return "\n".join(blocks)


def _voiced(line: Line, *, dashed: bool) -> str:
    words = f"{'- ' if dashed else ''}{escape(line.words, quote=False)}"
    return f"<v {escape(line.who, quote=False)}>{words}</v>" if line.who else words


def _clock(at: int, point: str) -> str:
    seconds, left = divmod(at, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{left:03}"


def cues(cut: Cut) -> tuple[Cue, ...]:
    """The film's subtitles in order, none over another."""
    said = [_cue(edit, spoken) for edit in cut.edits for spoken in edit.piece.spoken if one_line(spoken.words)]
    return _parted(sorted(said, key=lambda cue: cue.begins))


def _cue(edit: Edit, spoken: Spoken) -> Cue:
    first, last = edit.begins * 1000 // RATE, edit.ends * 1000 // RATE
    begins = min(max(first + round(max(spoken.begins, 0) * 1000), first), max(first, last - SHORTEST))
    ends = min(max(first + round(spoken.ends * 1000), begins + SHORTEST), last)
    return Cue(begins, max(ends, begins + 1), (Line(one_line(spoken.words), one_line(spoken.who)),))


def _parted(said: Sequence[Cue]) -> tuple[Cue, ...]:
    found: list[Cue] = []
    for cue in said:
        before = found[-1] if found else None
        if before is None or before.ends <= cue.begins:
            found.append(cue)
        elif cue.begins - before.begins >= SHORTEST:
            found[-1:] = [replace(before, ends=cue.begins), cue]
        else:
            found[-1] = Cue(before.begins, max(before.ends, cue.ends), (*before.lines, *cue.lines))
    return tuple(found)
