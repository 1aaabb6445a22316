"""What must not change between two shots, said in words.

The rule: of the shot before goes into the next brief only what must stay (who, what is worn and held, where, when, weather, light,
screen direction, sound bed), in the words first used; never what happened, for it would be filmed again; never more than one
shot's worth, however many shots there are. `read` finds that in a shot's own words, `carry` decides what has to be said again
in front of the next shot's, `say` says it.

Where who or where cannot be told from what happens, nothing of it is carried: the raw sentence would hold the action, and a take
filmed with a wrong action costs money, while a missing fact is only a missing chip. What is certain (night, rain, neon) still is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from functools import cache
from typing import Any

from bot import lexicon
from bot.established import seen_in
from bot.places import sort_of
from bot.reference import Who, is_chinese, meant, person, pointed_at, undressed
from bot.seen import Seen, introduced
from bot.signs import signs_of

READ_MAX = 4_000
"""Characters of a prompt that are searched: what stands behind is sent as it is, but establishes nothing."""

KNOWN_MAX = 8
"""Subjects remembered in a scene; the one not met for longest is forgotten."""

_NIGHT_LIGHT = ("moon", "star", "aurora", "northern", "月", "星", "极光")


class Kind(StrEnum):
    """What a script supervisor keeps an eye on, in the order in which it is said."""

    SUBJECT = "subject"
    WARDROBE = "wardrobe"
    PROPS = "props"
    PLACE = "place"
    TIME = "time"
    WEATHER = "weather"
    LIGHT = "light"
    DIRECTION = "direction"
    SOUND = "sound"


@dataclass(frozen=True)
class Facts:
    """What one shot establishes, each kind once, in the words first used. Never an action."""

    subject: str = ""
    wardrobe: str = ""
    props: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    light: str = ""
    direction: str = ""
    sound: str = ""
    known: tuple[str, ...] = ()
    """Subjects met so far in this scene, in the words first used, so that "the detective" is found again later."""
    redressed: tuple[str, ...] = ()
    """Ids of cast members who no longer wear what their cast entry says …"""
    outfits: tuple[tuple[str, str], ...] = ()
    """… and, by id, what they wear instead, as far as that was said."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data, empty members left out."""
        return {name: value for name, value in asdict(self).items() if value}

    def items(self) -> tuple[tuple[Kind, str], ...]:
        """What is set, in the order in which it is said."""
        return tuple((kind, words) for kind in Kind if (words := getattr(self, kind.value)))


def facts_from_dict(data: dict[str, Any]) -> Facts:
    """The facts back from `Facts.to_dict`'s data."""
    names = {field.name for field in fields(Facts)}
    plain = {name: value for name, value in data.items() if name in names}
    lists = {name: tuple(plain.get(name, ())) for name in ("known", "redressed")}
    outfits = tuple((who, worn) for who, worn in plain.get("outfits", ()))
    return Facts(**{**plain, **lists, "outfits": outfits})


@dataclass(frozen=True)
class Carried:
    """What has to be said again in a shot's brief, and the ledger that this shot leaves to the next."""

    kept: tuple[tuple[Kind, str], ...]
    facts: Facts


def read(words: str) -> Facts:
    """What a shot's own words establish; every value is a slice of the words."""
    return carry(Facts(), words).facts


def carry(last: Facts, words: str, names: Sequence[str] = (), who: Who = person) -> Carried:
    """What of the last shot must be said again in front of these words. What they set themselves is not said twice.

    `names`: cast members that the words name, as they are written there, in that order; `who` knows more of them than their
    names say.
    """
    seen = introduced(seen_in(words[:READ_MAX]), words, names)
    kept = {**_kept_people(last, seen, who), **_kept_surroundings(last, seen)}
    folded = words.casefold()
    said = tuple((kind, kept[kind]) for kind in Kind if kept.get(kind) and kept[kind].casefold() not in folded)
    return Carried(said, _ledger(last, seen, kept, who))


def say(kept: tuple[tuple[Kind, str], ...]) -> str:
    """One phrase for the brief: the kept words as they are, in the order of `Kind`; empty for nothing."""
    return "; ".join(f"{_lead(kind, words)}{words}" for kind, words in kept)


def _lead(kind: Kind, words: str) -> str:
    """Sound and sides would be taken for things to show or to film; they are named."""
    if kind is Kind.SOUND:
        return "声音：" if is_chinese(words) else "sound of "
    if kind is Kind.DIRECTION:
        return "画面方向：" if is_chinese(words) else "screen direction "
    return ""


def without(facts: Facts, kind: Kind) -> Facts:
    """The ledger after a member took a chip away; a subject is forgotten for good."""
    known = tuple(name for name in facts.known if name != facts.subject) if kind is Kind.SUBJECT else facts.known
    gone: dict[str, Any] = {kind.value: ""}
    outfits = tuple(each for each in facts.outfits if kind is not Kind.WARDROBE or each[1] != facts.wardrobe)
    return replace(facts, known=known, outfits=outfits, **gone)


def _kept_people(last: Facts, seen: Seen, about: Who) -> dict[Kind, str]:
    """Who is in the shot by reference to earlier ones, and what belongs to them."""
    who = _subject(last, seen, about)
    if not who and (last.subject or "subject" in seen.found):
        return {}
    kept = {Kind.SUBJECT: undressed(who) if seen.changed else who}
    if who == last.subject:
        old = {Kind.WARDROBE: last.wardrobe, Kind.PROPS: last.props, Kind.DIRECTION: last.direction}
        kept |= {kind: words for kind, words in old.items() if kind.value not in seen.found}
    if seen.changed:
        kept.pop(Kind.WARDROBE, None)
    return kept


def _subject(last: Facts, seen: Seen, about: Who) -> str:
    """The earlier subject that these words mean, in its first words; empty if they bring their own."""
    if seen.nobody and not seen.pointer:
        return ""
    if seen.pointer:
        return pointed_at(seen.pointer, last.subject, last.known, about)
    own = seen.found.get("subject", "")
    if not own:
        return last.subject
    return meant(own, _by_recency(last), about) or _bystander(own, last, seen, about)


def _bystander(own: str, last: Facts, seen: Seen, about: Who) -> str:
    """The one before, where a mere thing acts and "he" or "she" can be nobody else: "The door opens and he steps in"."""
    if about(own).alive or (about(own).name and not about(own).thing):
        return ""
    return next(
        (
            who
            for name in ("he", "she")
            if name in seen.pronouns and (who := pointed_at(name, last.subject, last.known, about))
        ),
        "",
    )


def _by_recency(last: Facts) -> tuple[str, ...]:
    """Subjects known, the last one at the end."""
    return (*(name for name in last.known if name != last.subject), *((last.subject,) if last.subject else ()))


def _kept_surroundings(last: Facts, seen: Seen) -> dict[Kind, str]:
    """Where, when, weather, light and sound bed as far as the new words leave them alone."""
    own, moved, indoors = seen.found, _moved(last, seen), _indoors(last, seen)
    kept: dict[Kind, str] = {}
    if not moved:
        kept |= {Kind.PLACE: last.place, Kind.SOUND: "" if "sound" in own else last.sound}
    if "time" not in own and not _tells_hour(own.get("light", "")):
        kept[Kind.TIME] = last.time
    if "weather" not in own and "weather" not in seen.gone and not indoors:
        kept[Kind.WEATHER] = last.weather
    if "light" not in own and _light_stays(last.light, seen, moved=moved, indoors=indoors):
        kept[Kind.LIGHT] = last.light
    return kept


def _new_place(last: Facts, seen: Seen) -> str:
    """The place that the words change to; empty if they name none, the same one, or only a spot in it."""
    own = seen.found.get("place", "")
    if own and last.place and (_is_spot(own) or _same_place(own, last.place)):
        return ""
    return own


def _is_spot(place: str) -> bool:
    if is_chinese(place):
        return any("place.spot" in sign.tags for sign in signs_of(place)[-1:])
    return sort_of(place) == "spot"


def _same_place(own: str, old: str) -> bool:
    """ "the street" after "a wet street"."""
    if is_chinese(own):
        return own in old
    first, _, rest = own.casefold().partition(" ")
    noun = rest if first in ("the", "this", "that", "same") else own.casefold()
    return first not in ("a", "an", "another") and re.search(rf"\b{re.escape(noun)}\b", old.casefold()) is not None


def _moved(last: Facts, seen: Seen) -> bool:
    if _new_place(last, seen):
        return True
    sort = _sort(last.place)
    return (seen.inside and sort != "indoor") or (seen.outside and sort == "indoor")


def _indoors(last: Facts, seen: Seen) -> bool:
    """Whether the shot goes indoors, where weather and sky are not seen."""
    return seen.inside or _sort(_new_place(last, seen)) == "indoor"


def _sort(place: str) -> str:
    if not is_chinese(place):
        return sort_of(place) if place else ""
    tags = [tag for sign in signs_of(place) for tag in sign.tags if tag.startswith("place.")]
    return tags[-1].partition(".")[2] if tags else ""


def _light_sort(light: str) -> str:
    """``sky``, ``practical`` or ``set``, by the last expression of the tables in it."""
    low = lexicon.chinese().simplified(light).casefold()
    return next((sort for term, sort in _light_terms() if term in low), "set")


@cache
def _light_terms() -> tuple[tuple[str, str], ...]:
    found = [
        (term, sort)
        for sort in ("sky", "practical", "set")
        for column in ("en", "zh")
        for term in lexicon.table(f"light.{sort}", column)
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _light_stays(light: str, seen: Seen, *, moved: bool, indoors: bool) -> bool:
    if not light:
        return False
    sort = _light_sort(light)
    if sort == "sky":
        return not indoors and not {"time", "weather"} & seen.found.keys()
    return sort == "set" or not moved


def _tells_hour(light: str) -> bool:
    """Whether a light says the time of day itself, so that an earlier "night" cannot stay beside "golden hour"."""
    return bool(light) and _light_sort(light) == "sky" and not any(word in light.casefold() for word in _NIGHT_LIGHT)


def _ledger(last: Facts, seen: Seen, kept: dict[Kind, str], about: Who) -> Facts:
    """What this shot leaves behind: kept words first where they are the fuller ones, else its own."""
    own = dict(seen.found)
    if kept.get(Kind.SUBJECT):
        own.pop("subject", None)
    if kept.get(Kind.PLACE):
        own.pop("place", None)
    values = {kind.value: own.get(kind.value) or kept.get(kind, "") for kind in Kind}
    if seen.nobody and not values["subject"]:
        values["subject"] = last.subject
    if "wardrobe" in seen.gone:
        values["wardrobe"] = ""
        values["subject"] = undressed(values["subject"])
    if "props" in seen.gone:
        values["props"] = ""
    return Facts(
        **values, known=_known(last, seen, values["subject"], about), redressed=last.redressed, outfits=last.outfits
    )


def _known(last: Facts, seen: Seen, subject: str, about: Who) -> tuple[str, ...]:
    """Everybody met, the subject of this shot at the end; a description that took something off replaces its fuller self."""
    met = list(last.known)
    met += [name for name in seen.subjects if name not in met and not meant(name, met, about)]
    shorter = {name for name in met if subject and name != subject and undressed(name) == subject}
    names = [name for name in met if name != subject and name not in shorter]
    return tuple((*names, subject) if subject else names)[-KNOWN_MAX:]
