"""What an English text establishes: who, where, when, in what weather and light; found line by line, never an action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from bot import lexicon
from bot.grammar import OPENERS, VERBS, Line, Word, lines, phrase, pointer
from bot.places import places
from bot.seen import Seen
from bot.subject import Subject, Term, spanned, subject_of
from bot.worn import carried_things, let_go, taken_off, worn

_KIND_OF = {"light": "light", "time": "time", "weather": "weather", "direction": "direction"}
_ERAS = ("time.day", "time.season", "time.era")


@dataclass
class _Found:
    """What has been found so far; the text is needed to cut the slices."""

    text: str
    slices: dict[str, tuple[int, str]] = field(default_factory=dict)
    subjects: list[tuple[int, str]] = field(default_factory=list)
    pointer: str = ""
    gone: set[str] = field(default_factory=set)

    def put(self, kind: str, rank: int, start: int, end: int) -> None:
        """Keep the slice unless one of the same or a better rank (a smaller number) is there."""
        value = self.text[start:end].strip()
        if value and (kind not in self.slices or rank < self.slices[kind][0]):
            self.slices[kind] = (rank, value)


@cache
def _set(name: str, column: str = "en") -> frozenset[str]:
    return lexicon.words_of(name, column)


def look(text: str) -> Seen:
    """Everything that one stretch of English text shows."""
    found = _Found(text)
    pronouns: set[str] = set()
    bare: set[str] = set()
    for line in lines(text):
        _look_at(line, found)
        pronouns |= {name for word in line.words if (name := pointer(word))}
        bare |= {word.low for word in line.words}
    first = min(found.subjects, key=lambda subject: subject[0], default=None)
    subjects = tuple(dict.fromkeys(name for rank, name in found.subjects if rank == 0 or (rank, name) == first))
    slices = {kind: value for kind, (_, value) in found.slices.items()}
    return Seen(
        found={"subject": first[1], **slices} if first else slices,
        subjects=subjects,
        pointer=found.pointer,
        pronouns=frozenset(pronouns),
        gone=frozenset(found.gone),
        changed=any(f" {words} " in f" {text.lower()} " for words in _set("wearing", "changed")),
        inside=bool(bare & _set("where.inside", "only")),
        outside=any(f" {words} " in f" {text.lower()} " for words in _set("where.outside")),
        nobody=bool(bare & _set("small", "nobody")) or "no people" in text.lower(),
    )


def _look_at(line: Line, found: _Found) -> None:
    words = line.words
    terms = [term for term in _terms(words) if not is_compound(words, *term)]
    sights = spanned(terms)
    where = [place for place in places(line) if place.end - 1 not in sights]
    mine = _put_subject(line, terms, found)
    used = set(mine)
    for place in where:
        if not used & set(range(place.start, place.end)):
            found.put("place", place.rank, words[place.start].start, words[place.end - 1].end)
    used |= {index for place in where for index in range(place.start, place.end)}
    for start, end, table in sorted(terms, key=lambda term: not term[2].startswith("light")):
        if not used & set(range(start, end)):
            used |= _put_term(words, start, end, table, found)
    _put_worn(words, mine, found)


def _put_subject(line: Line, terms: Sequence[Term], found: _Found) -> set[int]:
    """Keep the subject, or the pronoun that stands for it; the words used up."""
    who = subject_of(line, terms)
    if isinstance(who, str):
        found.pointer = found.pointer or ("" if found.subjects else who)
    if not isinstance(who, Subject):
        return set()
    found.subjects.append((who.rank, found.text[line.words[who.phrase.start].start : who.cut]))
    return set(range(who.phrase.start, who.phrase.end))


def _put_worn(words: Sequence[Word], mine: set[int], found: _Found) -> None:
    for kind, finder in (("wardrobe", worn), ("props", carried_things)):
        for own in finder(words):
            if not mine & set(range(own.start, own.end)):
                found.put(kind, 0, words[own.start].start, words[own.end - 1].end)
    if taken_off(words):
        found.gone.add("wardrobe")
    if let_go(words):
        found.gone.add("props")


def _terms(words: Sequence[Word]) -> list[Term]:
    """The fixed expressions in a line: first word, word behind the last, table. The longest wins, none overlaps."""
    known, found, at = lexicon.english().terms, [], 0
    while at < len(words):
        end, name = at + 1, ""
        for term in known.get(words[at].low, ()):
            length = len(term.words)
            if tuple(word.low for word in words[at : at + length]) == term.words:
                end, name = at + length, term.table
                break
        if not name and _is_era(words[at].low):
            name = "time.era"
        if name:
            found.append((at, end, name))
        at = end
    return found


def _is_era(low: str) -> bool:
    return len(low) == 5 and low[:-1].isdigit() and low.endswith("s")


def _put_term(words: Sequence[Word], start: int, end: int, table: str, found: _Found) -> set[int]:
    """Keep what the expression says; the words used up."""
    kind = _KIND_OF.get(table.partition(".")[0])
    if kind is None or (kind == "direction" and _is_camera_move(words, start)):
        return set()
    if kind == "weather" and _is_over(words, start, end):
        found.gone.add("weather")
        return set()
    if kind == "light":
        start, end = _wider_light(words, start, end)
    elif kind in ("weather", "time"):
        start = _with_adjectives(words, start)
    found.put(kind, _ERAS.index(table) if kind == "time" else 0, words[start].start, words[end - 1].end)
    return set(range(start, end))


def is_compound(words: Sequence[Word], start: int, end: int, table: str) -> bool:
    """Whether the expression only begins a longer name: "rain boots", "snow leopard", "storm the castle"."""
    following, last = words[end], words[end - 1]
    if table.startswith(("light", "direction")):
        return False
    if end - start == 1 and "verb.base" in last.tags and following.tags & OPENERS:
        return True
    if "owner" in last.tags or last.low.endswith("-"):
        return True
    nominal = "noun" in following.tags or ("open" in following.tags and not following.tags & VERBS)
    return nominal and not following.tags & (VERBS | OPENERS) and table != "weather.state"


def _is_over(words: Sequence[Word], start: int, end: int) -> bool:
    before = start - 1
    while before >= 0 and words[before].tags & (OPENERS | {"adjective"}) and words[before].low != "no":
        before -= 1
    if before >= 0 and words[before].low in _set("clearing", "before"):
        return True
    while words[end].tags & {"auxiliaries", "adverbs"} and words[end].low not in ("out", "up"):
        end += 1
    return words[end].low in _ends() or words[end].low == "over"


@cache
def _ends() -> frozenset[str]:
    return lexicon.forms_of("clearing")


def _is_camera_move(words: Sequence[Word], start: int) -> bool:
    """Whether it is the camera that moves that way ("pans left to right"), or somebody who leaves the frame."""
    movers = {
        "pan",
        "pans",
        "panning",
        "tilt",
        "tilts",
        "dolly",
        "truck",
        "trucks",
        "zoom",
        "exits",
        "exit",
        "leaves",
        "leave",
    }
    return any(word.low in movers for word in words[max(0, start - 2) : start])


def _with_adjectives(words: Sequence[Word], start: int) -> int:
    while (
        start > 0
        and "adjective" in words[start - 1].tags
        and words[start - 1].low not in _set("weather.state")
        and not words[start - 1].tags & (OPENERS | {"owner"})
    ):
        start -= 1
    return start


def _wider_light(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """With its colours before, and "from camera left", "through the blinds" behind; a list of lights stays together."""
    start = _with_adjectives(words, start)
    if words[end].low in ("from", "through"):
        source = phrase(words, end + 1)
        if words[end + 1].low in ("camera", "screen", "frame") and words[end + 2].low in ("left", "right"):
            return start, end + 3
        end = source.end if source else end
    following = [term for term in _terms(words[end:]) if term[2].startswith("light")]
    if following and (words[end].low == "and" or "comma" in words[end].tags):
        first, last, _ = following[0]
        if _with_adjectives(words, end + first) == end + 1:
            end += last
    return start, end


def happens(text: str) -> bool:
    """Whether a text tells an action: it holds a word that can only be a verb in the third person."""
    return any("verb.s" in word.tags and "noun" not in word.tags for line in lines(text) for word in line.words)
