"""What the words leave to chance: a material and a force where weather acts on somebody, and something to be heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from bot.lint_offer import Kind, Offer, offer
from bot.lint_reading import Mark, Token, Words, alive, segments, situations
from bot.lint_tables import forms, tables
from bot.reference import is_chinese
from bot.words import LAYERS

_NEAR = 28
"""Characters within which a window or a roof takes the weather away from people."""
_DONE = frozenset({"verb.s", "verb.ing"})
_QUIET_RUNS = ("sound", *sorted(LAYERS), "dialogue", "camera")


def physics(text: Words) -> Iterator[Offer | None]:
    """The first element that acts on somebody while neither what gives way nor what pushes is named."""
    if text.any("answered") or not text.of("element") or _said(text):
        return
    for mark in text.of("element"):
        name = mark.name.partition(".")[2]
        element = tables()["element"]["storm" if name == "tempest" and text.any(*_AT_SEA) else name]
        if text.in_run(mark.start, *_QUIET_RUNS) or _sheltered(text, mark) or _is_gear(text, mark):
            continue
        if _bodily(text, element["body"]):
            yield _material(text, mark, element)
            return


def _said(text: Words) -> bool:
    """Whether one of the offered texts stands in the words already."""
    return any(each in text.text or (text.traditional and text.written(each) in text.text) for each in _texts())


@cache
def _texts() -> frozenset[str]:
    values = (value for element in tables()["element"].values() for value in element.values())
    return frozenset(each for value in values if isinstance(value, list) for each in value)


def _sheltered(text: Words, mark: Mark) -> bool:
    """Whether the weather stays behind glass or on a roof, or is denied."""
    if text.folded[: mark.start].rstrip().endswith((" no", "without", "没有")):
        return True
    weather = mark.name in ("element.rain", "element.snow", "element.wind")
    near = (each for each in text.marks.get("sheltered", ()) if -3 <= each.start - mark.end <= _NEAR)
    return weather and any("," not in text.text[mark.end : each.start] for each in near)


def _is_gear(text: Words, mark: Mark) -> bool:
    """Whether the sign is only part of what is worn or carried: 雨衣 is no rain."""
    return text.folded[mark.start : mark.end + 1] in _GEAR


_GEAR = frozenset({"雨衣", "雨伞", "雨靴", "雨鞋", "雨刷", "雨棚"})


def _furred(text: Words) -> bool:
    """Whether there are animals and nobody who wears clothes."""
    return (
        bool(text.people) and not text.any("situation.person") and all(mark.name == "animals" for mark in text.people)
    )


def _bodily(text: Words, body: str) -> bool:
    if not body:
        return True
    return any(alive(text) if name == "person" else text.any(_BODIES.get(name, "")) for name in body.split())


_AT_SEA = ("bodies.boat", "situation.water")
_BODIES = {"boat": "bodies.boat", "cloth": "bodies.cloth", "vehicle": "situation.vehicle"}


def _material(text: Words, mark: Mark, element: dict[str, Any]) -> Offer | None:
    """Said behind the clause that names the element, so that the words before it stay as they are."""
    end = text.clause_end(mark.end)
    said, comma = text.text[mark.start : end], "，" if text.chinese else ", "
    who = "animal" if "animal" in element and _furred(text) else "offers"
    options = [f"{said}{comma}{text.written(each)}" for each in element[f"{who}_zh" if text.chinese else who]]
    found = text.text[mark.start : mark.end]
    return offer(Kind.PHYSICS, text.text, (mark.start, end), tuple(options), found=" ".join(found.split()))


# ---------------------------------------------------------------- sound


def sound(text: Words, *around: Words) -> Offer | None:
    """A sound line, where nothing in the words or the spine names a sound and something happens that would be heard."""
    named = any(each.any("heard", "weak.sounds") for each in (text, *around)) or _spoken(text)
    if named or not _would_be_heard(text):
        return None
    where = situations(text, *around)
    rows = [row for row in tables()["bed"] if where.issuperset(row["when"].split())][:2]
    lines = [line for row in rows for line in row[_bed(row, text, around)]]
    end, label = len(text.text.rstrip()), text.written("声音：") if text.chinese else "Sound: "
    options = tuple(f"\n{label}{text.written(line) if text.chinese else line}" for line in lines)
    return offer(Kind.SOUND, text.text, (end, end), options)


def _bed(row: dict[str, Any], text: Words, around: Sequence[Words]) -> str:
    """Whose sounds they are: a person's, an animal's, or nobody's, since what is heard is shown."""
    tongue = "_zh" if text.chinese else ""
    everybody = [mark for each in (text, *around) for mark in each.people]
    if any(each.any("situation.person") for each in (text, *around)) or any(
        mark.name == "people" for mark in everybody
    ):
        return "zh" if text.chinese else "en"
    choice = "animal" if everybody and f"animal{tongue}" in row else "bare"
    return f"{choice}{tongue}" if f"{choice}{tongue}" in row else tongue.removeprefix("_") or "en"


def _spoken(text: Words) -> bool:
    return bool(text.asides) or any(name in ("dialogue", "sound", *LAYERS) for name, _, _ in text.runs)


def _would_be_heard(text: Words) -> bool:
    """Whether a place, a weather or an action is shown."""
    if text.any("happening", "weak.motion", "situation.rain") or text.of("element"):
        return True
    somebody = bool(text.people)
    return any(_heard(token, somebody) for token in text.tokens) or (text.han and _heard_signs(text))


def _heard(token: Token, somebody: bool) -> bool:
    """Whether a word is a place, or something done; a word that may be a noun, or is unknown, only where somebody is."""
    if token.tags & _PLACES and token.low not in _NO_PLACES:
        return True
    if token.low in forms("soundless", "en"):
        return False
    done = bool(token.tags & _DONE) and (somebody or "noun" not in token.tags)
    return done or (somebody and not token.tags and token.low.endswith("ing") and len(token.low) > 5)


def _heard_signs(text: Words) -> bool:
    praise = [(mark.start, mark.end) for mark in text.of("weak")]
    known = {at for start, end, _ in segments(text.folded) for at in range(start, end)}
    for start, end, tags in segments(text.folded):
        if end - start == 1 and any(
            at not in known and is_chinese(text.folded[at : at + 1]) for at in (start - 1, end)
        ):
            continue  # half of an unknown word: 风 of 风格
        if not any(first < end and start < last for first, last in praise) and (
            tags & _PLACES or _acts(tags) or _moves(text, start, tags)
        ):
            return True
    return False


_PLACES = frozenset(
    {"place.indoor", "place.outdoor", "place.either", "place.names", "weather.fall", "weather.state", "weather"}
)
_NO_PLACES = frozenset(
    {"world", "set", "shop", "stage", "cell", "bar", "plain", "space", "site", "mine", "lift", "court"}
)


def _acts(tags: frozenset[str]) -> bool:
    return bool(tags & {"verbs", "beats.more_zh"}) and not tags & {"beats.still_zh", "soundless"}


def _moves(text: Words, start: int, tags: frozenset[str]) -> bool:
    """走在, 漫步在, 穿过: somebody goes somewhere."""
    return "where" in tags and text.folded[start] in "走漫行奔徘穿横跑冲闯跨越登"
