"""Weak words: praise that no camera, lamp or microphone can be set to, and what could stand there instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from bot.lint_offer import OPTIONS_MAX, Kind, Offer, offer
from bot.lint_place import Find, in_place
from bot.lint_reading import Mark, Words, read, situations
from bot.lint_spine import aspects, clashes, is_coloured
from bot.lint_tables import listed, tables, words_of

_MEANT_FOR: Final = frozenset({"look", "beauty", "drama", "mood", "motion", "quality"})
_WHOLE: Final = frozenset({"light", "camera", "colour", "music", "sounds", "face"})
_SMALL: Final = frozenset({"prepositions", "conjunctions", "auxiliaries", "pronouns", "determiners", "adverbs"})
_BETWEEN = re.compile(r"[\s,、，+&/|]*(?:\band\b|和|与|又)?[\s,、，+&/|]*")
_LIST_MARKS = re.compile(r"[\s*#>\-•]*")
_FEELING = re.compile(r"(?<![\u4e00-\u9fff])(?:很有|超有|要有|有|充满)?([\u4e00-\u9fff]{2,3})感(?=$|[，。、,.!！\s])")
_FACE = re.compile(
    r"\b(?:extreme\s+)?(?:close[\s-]?up|tight shot)(?:\s+shot)?\s+(?:on|of)\s+(?:the|his|her|their|my|its|a|an|\w+'s)\s+"
    r"(?:\w+\s+)?face\b|\bface\s+close[\s-]?up\b|(?:脸部|面部|人脸)(?:大)?特写|(?:大)?特写(?:他|她)?的?(?:脸|面部)"
)


def weak_words(text: Words, *around: Words) -> Iterator[Offer | None]:
    """Every stretch of weak words with replacements that fit the rest; `around`: the spine, what is carried over."""
    finds = list(_merged(text, sorted((*_english(text), *_chinese(text), *_faces(text, *around)), key=_place)))
    where = situations(text, *around) if finds else frozenset()
    used: set[str] = set()
    for find in finds:
        span, options = in_place(text, find, _options(text, find, where, around, used))
        yield offer(Kind.WEAK, text.text, span, options, found=" ".join(text.text[find.start : find.end].split()))


def _place(find: Find) -> tuple[int, int]:
    return find.start, -find.end


# ---------------------------------------------------------------- found


def _english(text: Words) -> Iterator[Find]:
    behind = 0
    for mark in text.of("weak"):
        if mark.first >= behind and not _is_fair(text, mark):
            find = _whole(text, Find(mark.name.partition(".")[2], mark.start, mark.end, mark.first, mark.last))
            behind = find.last
            yield find
    for mark in text.marks.get("praise", ()):
        if mark.first >= 0 and (group := _head(text, mark.last)):
            yield _whole(text, Find(group, mark.start, mark.end, mark.first, mark.last))
    yield from _graded(text)
    yield from _moods(text)


def _graded(text: Words) -> Iterator[Find]:
    """ "insane quality", "next gen graphics": the noun only grades the whole, so what stands before it does too."""
    for at, token in enumerate(text.tokens if text.low_words & words_of("grading") else ()):
        if token.low not in words_of("grading") or not at or not _touch(text, at - 1) or text.aside(token.start):
            continue
        before = text.tokens[at - 1]
        if before.low not in words_of("grading", "fair") and not before.tags & _SMALL:
            yield Find("quality", before.start, token.end, at - 1, at + 1)


def _is_fair(text: Words, mark: Mark) -> bool:
    """Whether the word means what it says here: a 4K television, a pretty dark hallway, the city of Nice, a label."""
    tokens, word = text.tokens, text.tokens[mark.first].low
    following = tokens[mark.last].low if mark.last < len(tokens) and _touch(text, mark.last - 1) else ""
    if text.folded[mark.end : mark.end + 2].lstrip().startswith((":", "：")) or following in words_of("fair", word):
        return True
    if following in words_of("fair", "devices") and mark.name == "weak.quality":
        return True
    before = tokens[mark.first - 1].low if mark.first else ""
    if word == "nice" and text.text[mark.start].isupper() and before in ("in", "to", "from", "near", "of", "at"):
        return True
    if word == "fast" and mark.last < len(tokens) and following and not tokens[mark.last].tags & _SMALL:
        return True
    return word in ("better", "perfect", "pretty", "nice") and following == "than"


def _touch(text: Words, at: int) -> bool:
    """Whether nothing but a blank or a hyphen stands behind this word and before the next."""
    return at + 1 < len(text.tokens) and text.between(at, at + 1) in (" ", "-", "  ")


def _head(text: Words, at: int) -> str:
    """What the word at this index is, as a head: ``light`` for "lighting"; empty if it is none, or does not follow closely."""
    if at >= len(text.tokens) or not _touch(text, at - 1):
        return ""
    return next((m.name.partition(".")[2] for m in text.of("heads") if m.first == at), "")


def _whole(text: Words, find: Find) -> Find:
    """With what makes it louder, what it is meant for and what completes it: "very dramatic lighting", "cinematic look"."""
    tokens = text.tokens
    first, last, group = find.first, find.last, find.group
    while first and text.between(first - 1, first) == " " and tokens[first - 1].low in words_of("stronger"):
        first -= 1
    if group in _MEANT_FOR and (head := _head(text, last)):
        group = head
        last = next(m.last for m in text.of("heads") if m.first == last)
    elif group in _WHOLE and find.last == last and (head := _head(text, last)) == group:
        last = next(m.last for m in text.of("heads") if m.first == last)
    while last < len(tokens) and _touch(text, last - 1) and tokens[last].low in words_of("tails"):
        last += 1
    naming = group not in _WHOLE and last == find.last and _names(text, first, last)
    return Find(group, tokens[first].start, tokens[last - 1].end, first, last, naming)


def _names(text: Words, first: int, last: int) -> bool:
    """Whether a noun follows that these words are about."""
    tokens = text.tokens
    if last >= len(tokens):
        return False
    gap, following = text.between(last - 1, last), tokens[last]
    determined = first > 0 and text.between(first - 1, first) == " " and "determiners" in tokens[first - 1].tags
    if determined and (gap.strip() == "," or following.low == "and"):
        return True
    return not gap.strip(" -") and not following.tags & _SMALL and not tokens[last - 1].low.endswith(("ly", "fast"))


def _moods(text: Words) -> Iterator[Find]:
    """ "melancholic mood", "warm and nostalgic mood"."""
    tokens = text.tokens
    for mark in text.marks.get("mood_nouns", ()):
        first = mark.first
        while first > 0 and not text.between(first - 1, first).strip(" ,-") and _moody(text, first - 1):
            first -= 1
        while first < mark.first and tokens[first].low in ("and", "with"):
            first += 1
        if 0 <= first < mark.first:
            yield Find("mood", tokens[first].start, mark.end, first, mark.last)


def _moody(text: Words, at: int) -> bool:
    return text.tokens[at].low == "and" or text.tokens[at].low in words_of("moods") | words_of("stronger")


def _faces(text: Words, *around: Words) -> Iterator[Find]:
    """A close-up on a face for which no lens is named."""
    if "face" not in text.folded and not text.han:
        return
    if any(aspects(each).keys() & {"lens", "depth"} or "f/" in each.folded for each in (text, *around)):
        return
    for match in _FACE.finditer(text.folded):
        if not text.aside(match.start()):
            yield Find("face", *match.span())


# ---------------------------------------------------------------- found in Chinese


def _chinese(text: Words) -> Iterator[Find]:
    if not text.han:
        return
    behind = 0
    for mark in sorted((*text.of("weak"), *text.marks.get("praise", ())), key=lambda each: (each.start, -each.end)):
        if mark.first >= 0 or mark.start < behind or _is_fair_sign(text, mark):
            continue
        group = mark.name.partition(".")[2]
        find = _whole_signs(text, Find(group, mark.start, mark.end))
        if find.group:
            behind = find.end
            yield find
    yield from _mood_signs(text)
    for match in _FEELING.finditer(text.folded):
        if not text.aside(match.start()) and not match.group(1).endswith(listed("grading", "fair_zh")):
            yield Find("look", *match.span())


def _is_fair_sign(text: Words, mark: Mark) -> bool:
    word, behind = text.folded[mark.start : mark.end], text.folded[mark.end :]
    if behind.startswith((":", "：", *listed("fair", word))):
        return True
    if word.startswith("酷") and (
        behind.startswith(listed("fair", "cool_zh")) or text.folded[: mark.start].endswith("残")
    ):
        return True
    return mark.name == "weak.quality" and behind.removeprefix("的").startswith(listed("fair", "devices_zh"))


def _whole_signs(text: Words, find: Find) -> Find:
    """With 很 before, 一点 behind, and the head that it is meant for on either side: 好看的光影, 光影绝了."""
    start, end, group = find.start, find.end, find.group
    start -= _length_at_end(text.folded[:start], listed("stronger", "zh"))
    head = _head_behind(text, end) if group in (*_MEANT_FOR, "") else None
    if head:
        group, end = head.name.partition(".")[2], head.end
    elif before := _head_before(text, start):
        group, start = before.name.partition(".")[2], before.start
    while tail := _length_at_start(text.folded[end:], listed("tails", "zh")):
        end += tail
    if text.folded[end : end + 1] == "的" and re.match(r"的\s*(?:$|[，。、,.!！？?\n😊])", text.folded[end:]):
        end += 1
    return replace(find, group=group, start=start, end=end)


def _head_behind(text: Words, end: int) -> Mark | None:
    at = end + text.folded.startswith("的", end)
    return next((mark for mark in text.of("heads") if mark.start == at and mark.first < 0), None)


def _head_before(text: Words, start: int) -> Mark | None:
    return next((mark for mark in text.of("heads") if mark.end == start and mark.first < 0), None)


def _length_at_end(text: str, words: Sequence[str]) -> int:
    return max((len(word) for word in words if text.endswith(word)), default=0)


def _length_at_start(text: str, words: Sequence[str]) -> int:
    return max((len(word) for word in words if text.startswith(word)), default=0)


def _mood_signs(text: Words) -> Iterator[Find]:
    """温暖怀旧的氛围."""
    for mark in text.marks.get("mood_nouns", ()):
        start = mark.start - text.folded[: mark.start].endswith("的")
        first = start
        while length := _length_at_end(text.folded[:first], listed("moods", "zh")):
            first -= length
        if mark.first < 0 and first < start:
            yield Find("mood", first, mark.end)


# ---------------------------------------------------------------- put together


def _merged(text: Words, finds: Sequence[Find]) -> Iterator[Find]:
    """Weak words of one list are one find: "cinematic look, high quality, 4K"."""
    last: Find | None = None
    for find in finds:
        if last is not None and find.start < last.end:
            last = replace(last, end=max(last.end, find.end), naming=False) if find.end > last.end else last
        elif last is not None and _joined(text, last, find):
            naming = find.first >= 0 and last.first >= 0 and _names(text, last.first, find.last)
            last = replace(last, end=find.end, last=find.last, naming=naming)
        else:
            if last is not None:
                yield last
            last = find
    if last is not None:
        yield last


def _joined(text: Words, one: Find, other: Find) -> bool:
    if other.naming and not one.naming:
        return False
    return _BETWEEN.fullmatch(text.folded[one.end : other.start]) is not None and "face" not in (one.group, other.group)


# ---------------------------------------------------------------- what stands there instead


def _options(
    text: Words, find: Find, where: frozenset[str], around: Sequence[Words], used: set[str]
) -> tuple[str, ...]:
    column = "zh" if text.chinese else "before" if find.naming else "item"
    here = where if find.group != "beauty" or not _praises_somebody(text, find) else frozenset({"person"})
    found: list[str] = []
    for when, row in _rows(find.group):
        if when <= here:
            found += row.get(column, row["item"])
        if len(found) >= OPTIONS_MAX * 3:
            break
    fitting = [fit for each in found if (fit := _beside(each, text, *around))] if column != "before" else found
    fresh = [each for each in fitting if each not in used] or fitting or found
    used.add(fresh[0])
    return tuple(text.written(each) if text.chinese else each for each in fresh[:OPTIONS_MAX])


def _praises_somebody(text: Words, find: Find) -> bool:
    """Whether the noun that follows is a person: "a beautiful woman", 美丽的女人."""
    if find.naming:
        return any(mark.name == "people" and mark.first == find.last for mark in text.people)
    behind = find.end + text.folded.startswith("的", find.end)
    return text.chinese and any(mark.name == "people" and mark.start == behind for mark in text.people)


@cache
def _rows(group: str) -> Sequence[tuple[frozenset[str], Mapping[str, Sequence[str]]]]:
    """The rows of ``[[swap]]`` for a group, each with what has to hold."""
    return [(frozenset(row["when"].split()), row) for row in tables()["swap"] if group in row["for"].split()]


def _beside(option: str, *others: Words) -> str:
    """The option without those of its parts that these texts exclude, or that name a second lens."""
    comma = "、" if "、" in option else ", "
    kept = [part for part in option.split(comma) if not _excluded(part, others)]
    return comma.join(kept) if len(kept) * 2 >= len(option.split(comma)) else ""


def _excluded(part: str, others: Sequence[Words]) -> bool:
    own = _telling(part)
    if own is None:
        return False
    return any(True for _ in clashes(own, *others)) or (is_coloured(own) and any("tint" in aspects(o) for o in others))


@lru_cache(512)
def _telling(part: str) -> Words | None:
    """The part read, if it says anything that may be excluded."""
    return read(part) if aspects(read(part)) or is_coloured(read(part)) else None
