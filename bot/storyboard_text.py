"""A storyboard as text: ``Shot 1 (4s): …`` lines, also ``1.`` and ``镜头 1（4秒）：…``, taken apart and written again. Pure.

Whatever stands below a shot's line belongs to that shot, byte for byte, up to the next one, so its ``Dialogue:`` and ``Sound:``
lines stay with it. ``Scene 2:`` opens a scene, and what it says besides begins the scene's first shot. Above the first shot may
stand ``Title:``, ``Style:``, ``Shape:`` and ``Cast: name = description``. What numbers no shots is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.errors import BadValue
from bot.errors_film import NoShots, SceneWithoutShots, ShotLength, ShotTwice, ShotWithoutWords, TooManyShots
from bot.film import Shape

SHOTS_MAX: Final = 60
LONGEST: Final = 60
"""Seconds of one shot, as `/generate` takes them."""


@dataclass(frozen=True)
class BoardShot:
    """One shot of a storyboard."""

    number: int
    """As it is spoken of: from 1, ascending, perhaps with gaps."""
    words: str
    seconds: int | None = None
    scene_new: bool = False
    """It opens a scene."""


@dataclass(frozen=True)
class Board:
    """A storyboard. What stands above its shots is empty where nothing does."""

    shots: tuple[BoardShot, ...]
    title: str = ""
    style: str = ""
    cast: tuple[tuple[str, str], ...] = ()
    """(name, description), in the order of the lines."""
    shape: Shape | None = None


def read(text: str) -> Board:
    """The storyboard that the text writes down; shots in the order of their numbers.

    Raises `NoShots`, `TooManyShots`, `ShotTwice`, `ShotWithoutWords`, `ShotLength`, `SceneWithoutShots`, or `BadValue` for what
    stands above the shots.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    marks = _marks(text)
    above = _above(text[: marks[0].begins] if marks else text)
    return replace(above, shots=_checked(_shots(text, marks)))


def changed(board: Board, text: str) -> Board:
    """The storyboard with those shots put in the place of its own by number, or added; a number without words is taken out.

    A length, and the opening of a scene, stay where the new line says nothing of them. Raises what `read` raises.
    """
    text = text.replace("\r\n", "\n")
    shots = {shot.number: shot for shot in board.shots}
    for new in _once(_shots(text, _marks(text))):
        old = shots.pop(new.number, None)
        if new.words:
            shots[new.number] = _in_place_of(old, new)
    return replace(board, shots=_checked(sorted(shots.values(), key=lambda shot: shot.number)))


def write(board: Board) -> str:
    """The storyboard as text that `read` reads back."""
    lines = [f"Title: {board.title}"] if board.title else []
    lines += [f"Style: {board.style}"] if board.style else []
    lines += [f"Shape: {board.shape.value}"] if board.shape else []
    lines += [f"Cast: {name} = {description}" for name, description in board.cast]
    for shot in board.shots:
        lines += ["Scene: new"] if shot.scene_new else []
        lines.append(f"Shot {shot.number}{f' ({shot.seconds}s)' if shot.seconds else ''}: {shot.words}")
    return "\n".join(lines)


def _in_place_of(old: BoardShot | None, new: BoardShot) -> BoardShot:
    if old is None:
        return new
    return replace(new, seconds=new.seconds or old.seconds, scene_new=new.scene_new or old.scene_new)


# ---------------------------------------------------------------- marks

_HAN: Final = "零一二三四五六七八九"
_NUMBER: Final = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_AMOUNT: Final = r"[+-]?\d{1,9}(?:[.,]\d{1,9})?"
_UNIT: Final = r"(?:s|secs?|seconds?|秒[钟鐘]?)"
_IN_BRACKETS: Final = rf"[(（\[【][ \t]*(?:{_AMOUNT})[ \t]*{_UNIT}?[ \t]*[)）\]】]"
_LENGTH: Final = rf"(?:[ \t]*(?:{_IN_BRACKETS}|[,，–-]?[ \t]*{_AMOUNT}[ \t]*{_UNIT}(?=[ \t]*[:：])))"
_BOLD: Final = r"(?P<bold>\*{1,3}|_{1,3})?"
_SHOT_WORD: Final = r"(?:shot|镜头|鏡頭|分镜|分鏡|镜|鏡)"
_SHOT_NAME: Final = (
    rf"(?:{_SHOT_WORD}[ \t]*(?:\#|№|no\.?)?[ \t]*(?P<number>{_NUMBER})(?![\w%])"
    rf"|第[ \t]*(?P<nth>{_NUMBER})[ \t]*(?:个|個)?(?:镜头|鏡頭|镜|鏡))"
)
_SCENE_NUMBER: Final = (
    rf"(?:(?:scene|场景|場景)[ \t]*(?P<number>{_NUMBER})(?!\w)|第[ \t]*(?P<nth>{_NUMBER})[ \t]*[场場]景?)"
)
_SCENE_NEW: Final = rf"(?:scene|场景|場景)[ \t]*[:：][ \t]*(?:new|新)(?=[ \t]*(?:[.,;。，；]|$|{_SHOT_WORD}|第))"
_SCENE_NAME: Final = rf"(?:{_SCENE_NUMBER}|{_SCENE_NEW}|new[ \t]+scene(?!\w)|新场景|新場景)"
_END: Final = r"(?:[ \t]*(?:[:：]|[–—-](?=[ \t])|[.．、)）](?!\d)|(?=[(（\[【])|$))"
_COLON: Final = r"[ \t]*[:：]"
_AT_LINE: Final = rf"^[ \t\u3000]*(?:[#>•*-]{{1,4}}[ \t]+)?{_BOLD}[ \t]*"
_INLINE: Final = r"(?:^|(?<=[\s.!?;,。！？；，、”’\"')）]))(?P<bold>(?!))?"


def _pattern(begin: str, name: str, end: str, *, length: bool = True) -> re.Pattern[str]:
    timed = rf"(?P<length>{_LENGTH})?" if length else ""
    closed = r"(?(bold)[ \t]*(?:(?P=bold))?)"
    late = rf"(?P<late>{_IN_BRACKETS})?[ \t]*" if length else r"[ \t]*"
    return re.compile(rf"{begin}{name}{timed}{closed}{end}{closed}[ \t]*{late}", re.M | re.I)


_SHOT_LINE: Final = _pattern(_AT_LINE, _SHOT_NAME, _END)
_SHOT_INLINE: Final = _pattern(_INLINE, _SHOT_NAME, _COLON)
_SCENE_LINE: Final = _pattern(_AT_LINE, _SCENE_NAME, _END, length=False)
_SCENE_INLINE: Final = _pattern(_INLINE, rf"(?:{_SCENE_NUMBER}{_COLON}|{_SCENE_NEW}[.,;。，；]?)", "", length=False)
_BARE_LINE: Final = _pattern(
    r"^[ \t\u3000]*(?P<bold>\*{1,3})?",
    r"(?P<number>\d{1,3})",
    r"[ \t]*(?:[.)](?=\s|[^\x00-\x7f]|$)|[．、）：]|:(?=\s|$))",
)


@dataclass(frozen=True)
class _Mark:
    """Where a shot or a scene begins, and where what it says does."""

    begins: int
    ends: int
    number: int | None
    """None: a scene without a number."""
    length: str = ""
    scene: bool = False


def _marks(text: str) -> list[_Mark]:
    """In the order of the text. Within lines only where fewer than two lines begin with one: some places know no line ends."""
    shots = [_mark(found) for found in _SHOT_LINE.finditer(text)]
    if len(shots) > 1:
        return _in_order(text, shots, _SCENE_LINE)
    inline = [_mark(found) for found in _SHOT_INLINE.finditer(text)]
    if inline:
        begun = [mark for mark in shots if mark.ends not in {each.ends for each in inline}]
        return _in_order(text, [*begun, *inline], _SCENE_INLINE)
    shots = shots or [_mark(found) for found in _BARE_LINE.finditer(text)]
    return _in_order(text, shots, _SCENE_LINE)


def _in_order(text: str, shots: list[_Mark], scene: re.Pattern[str]) -> list[_Mark]:
    if not shots:
        return []
    scenes = [replace(_mark(found), scene=True) for found in scene.finditer(text)]
    return sorted([*shots, *scenes], key=lambda mark: mark.begins)


def _mark(found: re.Match[str]) -> _Mark:
    said = found.groupdict()
    number = said.get("number") or said.get("nth")
    length = said.get("length") or said.get("late") or ""
    return _Mark(found.start(), found.end(), _numeral(number) if number else None, length)


def _numeral(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_HAN.index(tens[0]) if tens else 1 if ten else 0) * 10 + (_HAN.index(ones[-1]) if ones else 0)


# ---------------------------------------------------------------- shots


def _shots(text: str, marks: list[_Mark]) -> list[BoardShot]:
    """As the marks say, unchecked; numbers that begin anew with a scene go on from those before. Raises `ShotLength` and more."""
    if (count := sum(not mark.scene for mark in marks)) > SHOTS_MAX:
        raise TooManyShots(count=count, limit=SHOTS_MAX)
    found: list[BoardShot] = []
    opening, said, scene, before = False, "", None, 0
    for mark, words in _bodies(text, marks):
        if mark.scene:
            opening = opening or mark.number is None or mark.number != scene
            scene, said = mark.number, "\n".join(filter(None, (said, words)))
            continue
        last = max((shot.number for shot in found), default=0)
        before = last if opening and mark.number == 1 and last else before
        number = (mark.number or 0) + before
        whole = "\n".join(filter(None, (said, words))) if words else ""
        found.append(BoardShot(number, whole, _seconds(mark.length, number), opening))
        opening, said = False, ""
    if said:
        raise SceneWithoutShots(words=said[:40])
    return found


def _bodies(text: str, marks: list[_Mark]) -> Iterator[tuple[_Mark, str]]:
    for mark, end in zip(marks, [*(mark.begins for mark in marks[1:]), len(text)], strict=False):
        yield mark, text[mark.ends : end].strip()


def _seconds(length: str, shot: int) -> int | None:
    found = re.search(_AMOUNT, length)
    if found is None:
        return None
    if not found.group().isdecimal() or not 1 <= int(found.group()) <= LONGEST:
        raise ShotLength(shot=shot, value=found.group(), most=LONGEST)
    return int(found.group())


def _once(shots: Iterable[BoardShot]) -> list[BoardShot]:
    """Raises `NoShots` or `ShotTwice`."""
    found: dict[int, BoardShot] = {}
    for shot in shots:
        if shot.number in found:
            raise ShotTwice(shot=shot.number)
        found[shot.number] = shot
    if not found:
        raise NoShots
    return sorted(found.values(), key=lambda shot: shot.number)


def _checked(shots: Iterable[BoardShot]) -> tuple[BoardShot, ...]:
    found = _once(shots)
    if len(found) > SHOTS_MAX:
        raise TooManyShots(count=len(found), limit=SHOTS_MAX)
    for shot in found:
        if not shot.words:
            raise ShotWithoutWords(shot=shot.number)
    return tuple(found)


# ---------------------------------------------------------------- above the shots

_HEADINGS: Final = {
    "title": ("title", "标题", "標題", "片名"),
    "style": ("style", "look", "风格", "風格", "外观", "外觀"),
    "shape": ("shape", "画幅", "畫幅"),
    "cast": ("cast", "角色", "人物", "演员", "演員"),
}
_HEADING_OF: Final = {word: name for name, words in _HEADINGS.items() for word in words}
_HEADING: Final = re.compile(rf"[ \t]*({'|'.join(_HEADING_OF)})[ \t]*[:：](.*)", re.I)


def _above(text: str) -> Board:
    """What stands above the shots; lines without a heading of their own belong to the one above, or to the title."""
    said: dict[str, list[str]] = {name: [] for name in _HEADINGS}
    name = "title"
    for line in text.split("\n"):
        found = _HEADING.fullmatch(line)
        if found:
            name = _HEADING_OF[found.group(1).lower()]
        if words := (found.group(2) if found else line).strip():
            said[name].append(words)
        elif not found:
            name = "title"
    title = "\n".join(said["title"])
    return Board((), title, "\n".join(said["style"]), _people(said["cast"]), _shape(said["shape"]))


def _people(lines: list[str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for line in lines:
        name, *rest = (part.strip() for part in re.split("[=＝]", line, maxsplit=1))
        if not name or not rest or not rest[0]:
            raise BadValue(option="Cast", value=line[:40], expected="name = description")
        found.append((name, rest[0]))
    return tuple(found)


def _shape(lines: list[str]) -> Shape | None:
    if not lines:
        return None
    said = " ".join(lines).lower()
    for shape in Shape:
        if said in (shape.value, shape.label):
            return shape
    raise BadValue(option="Shape", value=said[:40], expected=", ".join(Shape))
