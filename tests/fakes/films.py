"""Films and measures of the storage in memory. See `tests.fakes.storage`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.film import Clip, Film
from tests.fakes.repositories import Rows, put, there


class FakeFilms:
    """Films with their cuts."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, film: Film) -> None:
        there(self._rows.productions, film.production)
        put(self._rows.films, film.id, film)

    async def get(self, film_id: str) -> Film | None:
        return self._rows.films.get(film_id)

    async def latest(self, production_id: str) -> Film | None:
        return next(iter(await self.of(production_id, 1)), None)

    async def of(self, production_id: str, limit: int = 20) -> Sequence[Film]:
        mine = [film for film in self._rows.films.values() if film.production == production_id]
        return sorted(mine, key=lambda film: (film.created_at, film.id), reverse=True)[:limit]

    async def set_clip(self, film_id: str, clip: Clip) -> None:
        self._rows.films[film_id] = replace(self._rows.films[film_id], clip=clip)

    async def set_posted(self, film_id: str, posted: str) -> None:
        self._rows.films[film_id] = replace(self._rows.films[film_id], posted=posted)


class FakeMeasured:
    """What was measured of clips."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, clips: Collection[str], edition: int) -> Mapping[str, Mapping[str, Any]]:
        found = self._rows.measures
        return {clip: json.loads(json.dumps(found[clip, edition])) for clip in clips if (clip, edition) in found}

    async def put(self, clip: str, edition: int, found: Mapping[str, Any]) -> None:
        self._rows.measures.setdefault((clip, edition), found)
