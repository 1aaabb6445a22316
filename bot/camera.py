"""How a take was looked at: lens, light and move, read from its brief with the lexicon; what nobody named stays empty. Pure.

The newest words win: a change before the shot's own words, those before what was carried over, that before the spine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot import continuity, lexicon
from bot.brief import CHANGE_LEAD, Brief, PartName

LONGEST: Final = 28
"""Characters of one answer: a picture that a chat shows small has room for few words."""
_MILLIMETRES: Final = r"\d{1,3}(?:\.\d)?\s?mm"
_PACE: Final = r"(?:(?:very )?(?:slow|slowly|fast|quick|gentle|gently|steady|subtle) )?"
_ALONE: Final = frozenset(
    ("arc", "crane", "orbit", "pan", "pedestal", "static", "tilt", "tracking", "truck", "zoom", "推进", "拉开", "手持")
)
"""Moves that may mean something else: believed where a camera is spoken of."""
_CAMERA: Final = re.compile(r"\b(?:camera|cam|shot|lens|镜头|鏡頭|机位|機位)\b|镜头|鏡頭|机位|機位", re.I)
_CUT: Final = re.compile(r"(?:[,;，；、。]|\.(?=\s|$))\s*")
_LENS_WORD: Final = re.compile(r"(?:\s+lens|镜头|鏡頭)$", re.I)


@dataclass(frozen=True)
class Camera:
    """Each in the words of the brief, in pieces that are shown with commas between; empty where nothing was said."""

    lens: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    move: tuple[str, ...] = ()


def camera_of(brief: Brief) -> Camera:
    """What the brief says of lens, light and move."""
    said = [*_said(brief)]
    spine = brief.spine
    return Camera(
        lens=_first(_few(_lenses(text)) for text in said) or _few(_named(spine.lens)) or _few(_lenses(spine.look)),
        light=_light(brief, said),
        move=_first(_few(_moves(text, sure)) for text, sure in _with_camera(brief, said)) or _few(_moves(spine.look)),
    )


def _said(brief: Brief) -> Iterator[str]:
    """The member's words, the newest first."""
    own = []
    for part in reversed(brief.parts):
        if part.name is PartName.CHANGE:
            yield part.text.removeprefix(CHANGE_LEAD)
        elif part.name in (PartName.WORDS, PartName.CAMERA, PartName.ACTION):
            own.append(part.text)
    yield "\n".join(reversed(own))


def _with_camera(brief: Brief, said: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The same, a camera line of its own before them: there every word is the camera's."""
    told = list(said)
    yield from ((text, False) for text in told[:-1])
    yield brief.part(PartName.CAMERA), True
    yield told[-1], False


def _light(brief: Brief, said: Iterable[str]) -> tuple[str, ...]:
    """The light and the hour, each by who named it last."""
    kept = dict(brief.kept)
    found = [continuity.read(text) for text in said if text]
    light = next((facts.light for facts in found if facts.light), "") or kept.get("light", "")
    hour = next((facts.time for facts in found if facts.time), "") or kept.get("time", "")
    return _few(filter(None, (*_pieces(light or brief.spine.light)[:1], hour)))


def _named(words: str) -> Iterator[str]:
    """A spine's own lens, without saying that it is one."""
    return (_LENS_WORD.sub("", piece) for piece in _pieces(words))


def _lenses(text: str) -> Iterator[str]:
    return (_LENS_WORD.sub("", found) for found in _found(text, "lens"))


def _moves(text: str, sure: bool = False) -> Iterator[str]:
    """Where a word may mean something else, only in a sentence that speaks of a camera."""
    for sentence in re.split(r"[.!?。！？\n]", text):
        camera = sure or _CAMERA.search(sentence) is not None
        yield from (move for move in _found(sentence, "move") if camera or move.lower() not in _ALONE)


def _found(text: str, table: str) -> Iterator[str]:
    """The terms of a table in the text, as they are written there, from the first on."""
    folded = lexicon.chinese().simplified(text)
    return (text[match.start() : match.end()].strip() for match in _pattern(table).finditer(folded))


@cache
def _pattern(table: str) -> re.Pattern[str]:
    """The longest term wins."""
    english = "|".join(map(re.escape, sorted(lexicon.table(table), key=len, reverse=True)))
    chinese = "|".join(map(re.escape, sorted(lexicon.table(table, "zh"), key=len, reverse=True)))
    before = _PACE if table == "move" else rf"{_MILLIMETRES}|"
    return re.compile(rf"(?<!\w)(?:{before}(?:{english}))(?!\w| film)|(?:缓慢|慢慢|快速)?(?:{chinese})", re.I)


def _pieces(words: str) -> list[str]:
    return [piece for raw in _CUT.split(words) if (piece := raw.strip())]


def _few(pieces: Iterable[str]) -> tuple[str, ...]:
    """The first piece, and more while there is room for them."""
    kept: list[str] = []
    for piece in dict.fromkeys(pieces):
        if kept and sum(map(len, kept)) + len(piece) > LONGEST:
            break
        if not any(piece.lower() in before.lower() for before in kept):
            kept.append(piece)
    return tuple(kept)


def _first(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return next(filter(None, found), ())
