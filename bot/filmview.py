"""The film as the local studio's page shows it: the strip in its order, the latest film with its chapters, how well shots match.

Plain data. Nothing is measured and nothing is made while somebody looks: matches come from measures that are kept.
"""

from __future__ import annotations

from typing import Any

from bot.commands import action
from bot.cut import RATE
from bot.cutting import Reel, cut_of, same_film, takes_of
from bot.errors_film import FilmTooLong
from bot.film import Film, Shot, Slate, Take
from bot.leases import at_work, is_held
from bot.ports import Work


def panel_of(reel: Reel, shot: Shot, take: Take | None) -> dict[str, Any]:
    """What a panel of the strip says about its shot's place in the film."""
    return {
        "shot": shot.id,
        "name": Slate(shot.scene, shot.number).shot_name,
        "seconds": round(take.clip.seconds, 2) if take and take.clip else None,
        "clip": take.clip.digest if take and take.clip else None,
        "in_film": shot.id in reel.standing,
    }


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
