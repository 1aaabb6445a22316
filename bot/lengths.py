"""The length of a clip where it is asked for in the words: "make it a 30 second video", 「拍一段三十秒的视频」. Pure.

Only where it is plainly the clip's length: "he waits 30 seconds" is action, "the 30s" a time. Nothing is taken out of the words.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 3600
_ONES: Final = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS: Final = {
    **{word: max(1, number) for number, word in enumerate(_ONES)},
    "an": 1, "half a": 0.5, "fifteen": 15, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DIGITS: Final = {**{digit: number for number, digit in enumerate("零一二三四五六七八九")}, "两": 2, "兩": 2}

_NUMBER = rf"(?P<number>\d{{1,4}}(?:\.\d)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>seconds?|secs?|s|minutes?|mins?)"
_LENGTH = rf"\b{_NUMBER}[\s-]*{_UNIT}\b"
_CLIP = (
    r"(?:video|clip|film|movie|shot|take|scene|animation|animatic|reel|short|footage|sequence|loop|cartoon|trailer|teaser"
    r"|montage|commercial|vlog|gif)s?"
)
_ABOUT = r"(?:(?:about|around|roughly|exactly|at least|up to)\s+)?"
_ENGLISH: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LENGTH}(?:[\s-]+long)?\s+(?:[\w-]+\s+){{0,2}}?{_CLIP}\b",
        rf"\b{_CLIP}\s+(?:of|lasting|that\s+lasts|that\s+is|which\s+lasts|should\s+(?:be|last)|is)\s+{_ABOUT}{_LENGTH}",
        rf"{_LENGTH}[\s-]+(?:long|in\s+length|duration|runtime|running\s+time)\b",
        rf"\b(?:length|duration|runtime|running\s+time)\s*(?:is|of|:|=)?\s*{_ABOUT}{_LENGTH}",
        rf"^\s*{_LENGTH}(?=\s*[,.;:\n])",
        rf"[,.;\n]\s*{_LENGTH}\s*[.!]?\s*$",
        rf"\bmake\s+(?:it|this)\s+(?:last\s+)?{_ABOUT}{_LENGTH}",
    )
)
_HAN_NUMBER = r"(?P<number>\d{1,4}|[一二两兩三四五六七八九十百]{1,4}|半)"
_HAN_UNIT = r"(?P<unit>秒|分)[钟鐘]?"
_HAN_LENGTH = rf"{_HAN_NUMBER}\s*个?個?\s*{_HAN_UNIT}"
_HAN_CLIP = r"(?:视频|影片|短片|片子|片段|镜头|鏡頭|动画|動畫|視頻|短视频|短視頻|电影|電影)"
_CHINESE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_HAN_LENGTH}\s*[长長]?\s*的?\s*[\u4e00-\u9fff]{{0,4}}?{_HAN_CLIP}",
        rf"(?:时长|時長|长度|長度|片长|片長)\s*(?:为|為|是|约|約|：|:)?\s*{_HAN_LENGTH}",
        rf"(?:做成|拍成|剪成|拍|做|来|來)(?:一段|一个|一個)?\s*{_HAN_LENGTH}\s*(?:[长長]|的|$|[，。,.!！])",
        rf"{_HAN_LENGTH}[长長]",
        rf"^\s*{_HAN_LENGTH}(?=\s*[，。,；\n])",
        rf"[，。,；\n]\s*{_HAN_LENGTH}\s*[。！!]?\s*$",
    )
)


def lengths_in_words(words: str) -> tuple[int, ...]:
    """The lengths asked for, in seconds, in the order of the words; at most an hour each, none twice."""
    return tuple(dict.fromkeys(seconds for _, seconds, _ in _found(words)))


def first_length(words: str) -> tuple[int, re.Match[str]] | None:
    """The first of them, with the stretch that asks for it (groups ``number`` and ``unit``)."""
    return next(((seconds, match) for _, seconds, match in _found(words)), None)


def _found(words: str) -> list[tuple[int, int, re.Match[str]]]:
    found: list[tuple[int, int, re.Match[str]]] = []
    for pattern in (*_ENGLISH, *_CHINESE):
        for match in pattern.finditer(words):
            seconds = round(_value(match["number"]) * (60 if match["unit"][0] in "mM分" else 1))
            if 0 < seconds <= LONGEST and not _is_decade(match):
                found.append((match.start("number"), seconds, match))
    return sorted(found, key=lambda each: each[:2])


def _is_decade(match: re.Match[str]) -> bool:
    """``a 90s film``, ``1930s film``; but ``a 30s video`` is a length."""
    said = re.fullmatch(r"(\d{1,3}0)s\s.*?(\w+)", match[0], re.IGNORECASE)
    if said is None or int(said[1]) < 20:
        return False
    return int(said[1]) > 30 or not re.fullmatch(r"(video|clip|reel)s?", said[2], re.IGNORECASE)


def _value(number: str) -> float:
    said = " ".join(number.lower().split())
    if said in _NUMBERS:
        return _NUMBERS[said]
    if said == "半":
        return 0.5
    return float(said) if said[0].isascii() else _han(said)


def _han(said: str) -> int:
    """``三十`` → 30, ``十五`` → 15, ``一百二十`` → 120."""
    total = unit = 0
    for char in said:
        if char in "十百":
            total += max(unit, 1) * (10 if char == "十" else 100)
            unit = 0
        else:
            unit = _DIGITS[char]
    return total + unit
