"""How one says that something takes another's place, goes, comes, or stays: turns of phrase, English and Chinese."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from bot import lexicon
from bot.fields import asked, terms
from bot.reference import is_chinese


class Swap(NamedTuple):
    """What comes, and what goes for it."""

    new: str
    old: str


_TURN: Final = r"(?:change|switch|swap|replace|turn|convert|transform|exchange|substitute|alter)"
_POLITE: Final = re.compile(
    r"^(?:\s*(?:please|pls|can you|could you|now|and|also|so|just|maybe|let's|i want|i'd like|ok|okay|there (?:is|are|should be)|"
    r"with|make (?:it|this)(?: with)?|have)\b)*\s*",
    re.IGNORECASE,
)
_SWAPS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?P<new>.+?)\s+(?:instead of|rather than|in place of|and not|, not)\s+(?P<old>.+)$",
        rf"\b{_TURN}\s+(?P<old>.+?)\s+(?:to|into|with|for|by)\s+(?P<new>.+)$",
        rf"^(?:\s*(?:{_TURN}|go(?:es)?|shift|move))?(?:\s+(?:it|this))?\s*from\s+(?P<old>.+?)\s+(?:to|into)\s+(?P<new>.+)$",
        r"^(?P<old>.+?)\s*(?:->|=>|→|⟶|⇒)\s*(?P<new>.+)$",
        r"^(?P<old>(?:the|his|her|their|its)\s+[\w '-]+?)\s+(?:(?:should|must|has to|needs to) be|is now|to be)\s+(?P<new>.+)$",
        r"^(?P<old>.+?)\s+(?:becomes?|turns? into|should become|should turn into)\s+(?P<new>.+)$",
        (
            r"\b(?:make|turn|paint|colou?r)\s+(?P<old>(?:the|his|her|their|its|that)\s+(?:[\w'-]+\s+){0,3}?[\w'-]+)\s+"
            r"(?P<new>(?:(?:more|less|much|a bit|slightly|darker|lighter|deep|bright|pale)\s+)*[\w-]+(?:\s+and\s+[\w-]+)?)$"
        ),
    )
)
_HAN_SWAPS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"[把将](?P<old>.+?)(?:换成|换为|改成|改为|变成|变为|替换成|替换为|换作|调成|做成|改到|换到|变得|弄成)(?:是|了)?(?P<new>.+)$",
        r"^从(?P<old>.+?)(?:变成|变为|改成|改为|换成|转为|到)(?P<new>.+)$",
        r"^(?P<new>.+?)(?:而不是|代替|取代|替代)(?P<old>.+)$",
        r"^用(?P<new>.+?)(?:代替|取代|替代|替换)(?P<old>.+)$",
        r"^(?P<old>.+?)(?:换成|换为|改成|改为|变成|变为|替换成|换作|调成|改到|换到|应该是|要是|变得)(?P<new>.+)$",
        r"^(?P<old>.+?)\s*(?:->|=>|→|⇒)\s*(?P<new>.+)$",
    )
)
_NOTHING: Final = re.compile(
    r"^(?:it|this|that|the (?:shot|scene|video|clip|take|image|picture|whole thing)|everything|all|镜头|画面|整个|场景|它)?$",
    re.I,
)


def swap_in(text: str) -> Swap | None:
    """What takes whose place in one clause; None where nothing is swapped. A direction ("from left to right") is none."""
    han = is_chinese(text)
    read = lexicon.chinese().simplified(text) if han else text
    if _is_direction(read, han=han):
        return None
    for pattern in _HAN_SWAPS if han else _SWAPS:
        found = pattern.search(read)
        if found is None:
            continue
        old, new = (text[slice(*found.span(name))].strip() for name in ("old", "new"))
        if not _NOTHING.match(old) and new:
            return Swap(new, old)
    return None


def _is_direction(read: str, *, han: bool) -> bool:
    sides = terms("zh" if han else "en")
    low = read.lower()
    return any(which == "direction" and term in low for term, which in sides.items())


def gone_in(text: str) -> str:
    """What stops or goes away by itself: "the rain stops", 把帽子拿掉; empty where nothing does."""
    han = is_chinese(text)
    read = lexicon.chinese().simplified(text) if han else text
    found = (_HAN_GONE if han else _GONE).match(read)
    return text[slice(*found.span("what"))] if found else ""


_GONE: Final = re.compile(
    r"^\s*(?:let\s+|make\s+|have\s+)?(?P<what>(?:the|all the|his|her|their)\s+[\w '-]+?)\s+"
    r"(?:stops?|clears?(?: up)?|(?:is|are) gone|goes away|disappears?|should (?:go|disappear))\s*$",
    re.IGNORECASE,
)
_HAN_GONE: Final = re.compile(
    r"^\s*[把将让]?(?P<what>.+?)(?:停(?:了|掉|下来)?|消失(?:了)?|没了|散去|散了|拿掉|去掉|脱掉|摘掉|删掉|拿走|去除)$"
)


def marked(text: str, table: str) -> tuple[bool, str]:
    """Whether a clause begins with a word of that list, and what stands behind it; else the text as it is."""
    if is_chinese(text):
        found = _han_marker(table).match(lexicon.chinese().simplified(text))
    else:
        found = _marker(table).match(text, _POLITE.match(text).end())  # type: ignore[union-attr]
    return (True, text[found.end() :]) if found else (False, text)


@cache
def _marker(table: str) -> re.Pattern[str]:
    extra = r"|not|instead of|rather than" if table == "removing" else ""
    words = "|".join(map(re.escape, asked(table)))
    return re.compile(
        rf"\s*(?:{words}{extra})\b(?!-)(?:\s+(?:the|his|her|their|its|any|all)(?=\s+(?:the|his|her|their|its)\b))?",
        re.IGNORECASE,
    )


@cache
def _han_marker(table: str) -> re.Pattern[str]:
    extra = "|而不是|不是|别要|别" if table == "removing" else ""
    return re.compile(rf"\s*(?:请|再|也|还|和|另外|把)*(?:{'|'.join(map(re.escape, asked(table, 'zh')))}{extra})")


# ---------------------------------------------------------------- what stays

_SAME_THINGS: Final = (
    "lighting set-?up|light set-?up|set-?up|lighting|light|shot|scene|framing|camera|camera angle|angle|subject|outfit|clothes|"
    "wardrobe|place|location|everything|take|clip|video|image|picture|style|look|character|person|people|man|woman|girl|boy|one|thing|action|composition|"
    "music|sound|colou?rs?|palette|mood|lens|weather|time|background|again|idea|prompt|as before"
)
_SAME: Final = re.compile(
    rf"\b(?:with\s+)?(?:exactly\s+)?(?:the\s+)?same\s+(?:[\w-]+\s+)?(?:{_SAME_THINGS})\b(?!\s+(?:as|of)\b)",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"^\s*(?:please\s+)?(?:keep(?:ing)?|maintain(?:ing)?|preserv(?:e|ing)|leave|leaving|(?:don't|do not) change|without changing|"
    r"exactly as)\b|"
    r"\b(?:everything else|all else|the rest|unchanged|as (?:it is|is|before)|no other changes?)\b",
    re.IGNORECASE,
)
_HAN_SAME: Final = re.compile(
    r"(?:同样的?|同一个?|一样的|相同的?)(?:镜头|画面|场景|构图|光线|灯光|人物|角色|布光|一幕|景别|机位|衣服|动作|地点|背景)"
)
_HAN_KEEPS: Final = re.compile(r"不变|保持|保留|维持|其他|其余|别的都")


def without_kept(text: str) -> str:
    """The clause without what it says to leave as it was: "same shot at night" → " at night"."""
    if is_chinese(text):
        read = lexicon.chinese().simplified(text)
        if _HAN_KEEPS.search(read):
            return ""
        found = _HAN_SAME.search(read)
        return f"{text[: found.start()]}{text[found.end() :]}" if found else text
    return "" if _KEEPS.search(text) else _SAME.sub("", text)
