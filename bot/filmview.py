"""The film as the local studio's page shows it: the strip in its order, the latest film with its chapters, how well shots match.

Plain data. Nothing is measured and nothing is made while somebody looks: matches come from measures that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.checking import Checked, known
from bot.commands import action
from bot.cut import RATE
from bot.cutting import Reel, cut_of, piece_of, same_film, takes_of
from bot.errors_film import FilmTooLong
from bot.film import Film, Shot, Slate, Take
from bot.leases import at_work, is_held
from bot.matching import LINE, PARTS
from bot.ports import Work, WorkFactory
from bot.text import say

OFF: Final = "off"
UNITS: Final = frozenset({"exposure", "sound"})
"""Parts whose differences have a unit that people know."""


def panel_of(reel: Reel, shot: Shot, take: Take | None) -> dict[str, Any]:
    """What a panel of the strip says about its shot's place in the film."""
    return {
        "shot": shot.id,
        "name": Slate(shot.scene, shot.number).shot_name,
        "seconds": round(take.clip.seconds, 2) if take and take.clip else None,
        "clip": take.clip.digest if take and take.clip else None,
        "in_film": shot.id in reel.standing,
    }


async def matches_of(work: WorkFactory, reel: Reel | None) -> dict[str, Checked]:
    """How the takes of the film go together, by their ids, as far as they are measured already."""
    try:
        pieces = [piece_of(take) for take in takes_of(reel)] if reel else []
    except FilmTooLong:
        return {}
    return {each.piece.take: each for each in (await known(work, pieces)).values()}


def match_of(found: Checked | None, locale: str) -> dict[str, Any] | None:
    """One shot: in a word, and gauge by gauge, each from 0 to 1."""
    if found is None:
        return None
    return {
        "score": found.match.score,
        "word": found.name,
        "label": found.word(locale),
        "off": found.name == OFF,
        "anchor": found.is_anchor,
        "cause": found.cause(locale),
        "gauges": [_gauge(found, part, locale) for part in PARTS],
    }


def _gauge(found: Checked, part: str, locale: str) -> dict[str, Any]:
    """`value` 0..1; of what has more and less, `difference` against the anchor and the `band` that an eye forgives."""
    gauge = {"name": part, "label": say(f"check.part.{part}", locale), "value": found.match.parts[part]}
    more = next((each for each in found.match.gauges if each.part == part), None)
    if more is None or part == "palette":
        return gauge
    unit = say(f"check.unit.{part}", locale) if part in UNITS else ""
    return gauge | {"difference": round(more.difference, 4), "band": round(more.band, 4), "unit": unit}


def matching_of(reel: Reel, found: Mapping[str, Checked]) -> dict[str, Any] | None:
    """All of them in numbers."""
    if not reel.standing:
        return None
    off = [each.piece.slate.partition("-")[0] for each in found.values() if each.is_off]
    return {"line": LINE, "measured": len(found), "of": len(reel.standing), "off": off}


async def film_of(w: Work, reel: Reel) -> dict[str, Any] | None:
    """The latest film that is there, or the first one while it is cut; None before that."""
    films = await w.films.of(reel.production.id)
    cutting = bool(films and films[0].clip is None and await is_held(w, at_work(reel.production.member)))
    film = next((film for film in films if film.clip), films[0] if cutting else None)
    return _film(film, reel, cutting=cutting) if film else None


def _film(film: Film, reel: Reel, *, cutting: bool) -> dict[str, Any]:
    clip = film.clip
    return {
        "id": film.id,
        "title": film.cut.title,
        "state": "cutting" if cutting else "ready",
        "clip": clip.digest if clip else None,
        "poster": clip.poster if clip else None,
        "media_type": clip.media_type if clip else "video/mp4",
        "seconds": round(film.cut.seconds, 2),
        "width": clip.width if clip else None,
        "height": clip.height if clip else None,
        "transition": film.cut.transition.value,
        "current": _is_current(film, reel),
        "chapters": _chapters(film),
        "actions": {
            "sheet": action("sheet", film.id),
            "export": action("export", film.id),
            "check": "check",
            "again": action("film", film.cut.transition.value),
        },
    }


def _is_current(film: Film, reel: Reel) -> bool:
    """Whether the shots as they stand would make the same film."""
    try:
        return same_film(film.cut, cut_of(reel, takes_of(reel), film.cut.transition))
    except FilmTooLong:
        return False


def _chapters(film: Film) -> list[dict[str, Any]]:
    return [
        {
            "slate": edit.piece.slate,
            "name": edit.piece.slate.partition("-")[0],
            "take": edit.piece.take,
            "words": edit.piece.words,
            "scene": edit.piece.scene,
            "seconds": round(edit.begins / RATE, 3),
            "ends": round(edit.ends / RATE, 3),
        }
        for edit in film.cut.edits
    ]


def actions_of(reel: Reel) -> dict[str, str]:
    """What may be pressed now."""
    count = len(reel.standing)
    found = {"film": "film", "export": "export"} if count else {}
    return found | ({"check": "check"} if count > 1 else {})
