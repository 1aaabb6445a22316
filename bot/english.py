"""What an English text establishes: who, where, when, in what weather and light; found line by line, never an action."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot import lexicon
from bot.grammar import (
    ANIMATE,
    OPENERS,
    VERBS,
    Line,
    Phrase,
    Word,
    coordinated,
    described,
    is_content,
    lines,
    phrase,
    pointer,
)
from bot.places import Place, places
from bot.seen import Seen
from bot.worn import carried_things, let_go, taken_off, worn

_FRAMES = ("framing", "angle", "move", "lens", "stock")
_KIND_OF = {"light": "light", "time": "time", "weather": "weather", "direction": "direction"}
_AFTER_CAMERA = frozenset({"prepositions", "adverbs", "pronouns"})
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
    best = min((rank for rank, _ in found.subjects), default=9)
    subjects = tuple(name for rank, name in found.subjects if rank == best or rank == 0)
    slices = {kind: value for kind, (_, value) in found.slices.items() if kind != "pointer"}
    return Seen(
        found={"subject": subjects[0], **slices} if subjects else slices,
        subjects=subjects,
        pointer=found.pointer if not subjects or _leads(found, text, subjects[0]) else "",
        pronouns=frozenset(pronouns),
        gone=frozenset(found.gone),
        changed=any(f" {words} " in f" {text.lower()} " for words in _set("wearing", "changed")),
        inside=bool(bare & _set("place.inside", "only")),
        nobody=bool(bare & _set("small", "nobody")) or "no people" in text.lower(),
    )


def _leads(found: _Found, text: str, subject: str) -> bool:
    """Whether the text pointed back before it named its first subject."""
    return "pointer" in found.slices and found.slices["pointer"][0] < text.find(subject)


def _look_at(line: Line, found: _Found) -> None:
    words = line.words
    terms = [term for term in _terms(words) if not _is_compound(words, *term)]
    sights = _spanned(terms)
    where = [place for place in places(line) if place.end - 1 not in sights]
    who = _subject(line, terms, found)
    used = set(range(who.start, who.end)) if who else set()
    for place in where:
        if not used & set(range(place.start, place.end)):
            found.put("place", place.rank, words[place.start].start, words[place.end - 1].end)
    used |= {index for place in where for index in range(place.start, place.end)}
    for start, end, table in sorted(terms, key=lambda term: not term[2].startswith("light")):
        if not used & set(range(start, end)):
            used |= _put_term(words, start, end, table, found)
    _put_worn(words, set(range(who.start, who.end)) if who else set(), found)


def _put_worn(words: Sequence[Word], mine: set[int], found: _Found) -> None:
    for kind, finder in (("wardrobe", worn), ("props", carried_things)):
        for own in finder(words):
            if not mine & set(range(own.start, own.end)):
                found.put(kind, 0, words[own.start].start, words[own.end - 1].end)
    if taken_off(words):
        found.gone.add("wardrobe")
    if let_go(words):
        found.gone.add("props")


def _terms(words: Sequence[Word]) -> list[tuple[int, int, str]]:
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
    return len(low) in (4, 5) and low[:-1].isdigit() and low.endswith("s")


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


def _is_compound(words: Sequence[Word], start: int, end: int, table: str) -> bool:
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
    if before >= 0 and words[before].low in _set("weather.ends", "before"):
        return True
    while words[end].tags & {"auxiliaries", "adverbs"} and words[end].low not in ("out", "up"):
        end += 1
    return words[end].low in _ends() or words[end].low == "over"


@cache
def _ends() -> frozenset[str]:
    return lexicon.forms_of("weather.ends")


def _is_camera_move(words: Sequence[Word], start: int) -> bool:
    """Whether it is the camera that moves that way ("pans left to right"), or somebody who leaves the frame."""
    movers = {"pan", "pans", "panning", "tilt", "tilts", "dolly", "truck", "trucks", "zoom", "exits", "exit", "leaves", "leave"}
    return any(word.low in movers for word in words[max(0, start - 2) : start])


def _with_adjectives(words: Sequence[Word], start: int) -> int:
    while start > 0 and "adjective" in words[start - 1].tags and words[start - 1].low not in _set("weather.state") and not words[start - 1].tags & (OPENERS | {"owner"}):
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
    if following and (words[end].low in ("and",) or "comma" in words[end].tags):
        first, last, _ = following[0]
        if _with_adjectives(words, end + first) == end + 1:
            end += last
    return start, end


def _subject(line: Line, terms: Sequence[tuple[int, int, str]], found: _Found) -> Phrase | None:
    """The first noun phrase that is neither framing, place, time nor weather, put into what was found; or a pointer back."""
    words, at, framed = line.words, 0, False
    spans, sights = {start: (end, table) for start, end, table in terms}, _spanned(terms)
    while "end" not in words[at].tags:
        end, table = spans.get(at, (at, ""))
        if end > at and not (table.partition(".")[0] in _FRAMES and _is_name(words, at, end)):
            framed, at = framed or table.partition(".")[0] in _FRAMES, end
            continue
        skipped = _skip(words, at, framed=framed)
        if skipped is not None:
            at = skipped
            continue
        if name := pointer(words[at]):
            if not _is_expletive(words, at, sights):
                _point(found, name, words[at].start)
            return None
        who = phrase(words, at)
        if who is None or who.head in sights:
            at = who.end if who else at + 1
            continue
        if "place" in words[who.head].tags and not words[who.head].tags & ANIMATE and not _drives(words, who):
            at = who.end
            continue
        return _keep(line, described(words, coordinated(words, described(words, who))), found, framed=framed)
    return None


def _spanned(terms: Sequence[tuple[int, int, str]]) -> set[int]:
    """The words that belong to a light, an hour, a weather or a side."""
    return {index for start, end, table in terms if table.partition(".")[0] in _KIND_OF for index in range(start, end)}


def _is_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a camera word is here an ordinary one: "a medium", "portrait painter", "wide street"."""
    following = words[end]
    return end - at == 1 and is_content(following) and not following.tags & OPENERS and "wide" == words[at].low


def _point(found: _Found, name: str, at: int) -> None:
    if not found.pointer and not found.subjects:
        found.pointer = name
        found.slices["pointer"] = (at, name)


def _drives(words: Sequence[Word], who: Phrase) -> bool:
    """Whether a vehicle acts, rather than being where somebody sits."""
    return "place.vehicle" in words[who.head].tags and bool(words[who.end].tags & (VERBS | {"adverbs"}))


def _is_expletive(words: Sequence[Word], at: int, sights: set[int]) -> bool:
    """Whether "it" is nobody: "it is snowing", "it's a warm evening"."""
    return words[at].low.startswith("it") and any(index in sights for index in range(at + 1, min(at + 6, len(words))))


def _skip(words: Sequence[Word], at: int, *, framed: bool) -> int | None:
    """Where to go on if this word cannot begin the subject; None if it can."""
    word, following = words[at], words[at + 1]
    if pointer(word):
        return None
    if _tells(words, at):
        return _past_camera(words, at)
    if "prepositions" in word.tags and not (framed and word.low in ("of", "on", "from", "with", "at", "as", "like")):
        place = phrase(words, at + 1)
        return place.end if place else at + 1
    if word.low in ("u", "you", "i", "we") and following.tags & {"auxiliaries"}:
        return _next_clause(words, at)
    if word.tags & {"comma", "conjunctions", "prepositions", "auxiliaries", "pronouns"}:
        return at + 1
    if "adverbs" in word.tags and "noun" not in word.tags:
        return at + 1
    if word.low in _camera_verbs() and word.tags & VERBS and (framed or following.tags & (OPENERS | _AFTER_CAMERA)):
        return at + 1
    if phrase(words, at) is None:
        return _next_clause(words, at)
    return None


def _tells(words: Sequence[Word], at: int) -> bool:
    """Whether the camera or the teller comes here: "the camera follows", "we see"."""
    here = at + 1 if words[at].tags & OPENERS else at
    return words[here].low in _set("camera_verbs", "tellers") or (words[at].low == "there" and "auxiliaries" in words[at + 1].tags)


@cache
def _camera_verbs() -> frozenset[str]:
    return lexicon.forms_of("camera_verbs") | {"following", "showing"}


def _past_camera(words: Sequence[Word], at: int) -> int:
    here = at + (2 if words[at].tags & OPENERS else 1)
    while words[here].tags & {"prepositions", "adverbs", "auxiliaries"} or words[here].low in _camera_verbs():
        here += 1
    return here


def _next_clause(words: Sequence[Word], at: int) -> int:
    """Past this action: a subject may come behind a comma ("Running through the wheat, a fox …"), else there is none."""
    while not words[at].tags & {"comma", "end"} and not _joins_clause(words, at):
        at += 1
    return at


def _joins_clause(words: Sequence[Word], at: int) -> bool:
    """Whether somebody else comes in here: "and kids …", "while a dog …"."""
    following = words[at + 1].tags
    return words[at].low in ("and", "while", "as", "but") and bool(following & (ANIMATE | {"determiners"}))


def _keep(line: Line, who: Phrase, found: _Found, *, framed: bool) -> Phrase | None:
    """Put a subject into what was found: 0 somebody alive, 1 a thing that acts, 2 a thing that is shown; others are not sure."""
    words = line.words
    head, first, behind = words[who.head], words[who.start], words[who.end]
    acting = bool(behind.tags & (VERBS | {"auxiliaries", "adverbs"}))
    named = head.capital and "open" in head.tags and not line.titled
    owner = next((word for word in words[who.start : who.head] if "owner" in word.tags), None)
    end = words[who.end - 1].end
    if owner and "body" in head.tags:
        rank, end = 0, owner.end - 2
    elif head.tags & ANIMATE or (named and acting):
        rank = 0
    elif acting and not line.titled:
        rank = 1
    elif _is_shown(words, who, framed=framed):
        rank = 2
    else:
        return None
    found.subjects.append((rank, found.text[first.start : end]))
    return who


def _is_shown(words: Sequence[Word], who: Phrase, *, framed: bool) -> bool:
    first, head = words[who.start], words[who.head]
    if head.low in _set("small", "units"):
        return False
    after_of = framed and who.start > 0 and words[who.start - 1].low in ("of", "on")
    return after_of or first.low in ("a", "an") or "numbers" in first.tags


def happens(text: str) -> bool:
    """Whether a text tells an action: it holds a word that can only be a verb in the third person."""
    return any("verb.s" in word.tags and "noun" not in word.tags for line in lines(text) for word in line.words)
