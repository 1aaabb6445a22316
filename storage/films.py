"""Films with their cuts, and what was measured of clips. Implements `ports.Films` and `ports.Measured`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cut import Cut
from bot.film import Clip, Film
from storage.tables import films, measures
from storage.upsert import insert


class SqlFilms:
    """Films in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, film: Film) -> None:
        """Store a new one; its production has to be there."""
        row = {**vars(film), "cut": film.cut.to_dict(), "clip": asdict(film.clip) if film.clip else None}
        await self._connection.execute(sa.insert(films).values(row))

    async def get(self, film_id: str) -> Film | None:
        """The film of that id."""
        return await self._one(sa.select(films).where(films.c.id == film_id))

    async def latest(self, production_id: str) -> Film | None:
        """The one that was made last."""
        return next(iter(await self.of(production_id, 1)), None)

    async def of(self, production_id: str, limit: int = 20) -> Sequence[Film]:
        """Newest first."""
        query = sa.select(films).where(films.c.production == production_id)
        newest = query.order_by(films.c.created_at.desc(), films.c.id.desc()).limit(limit)
        return [_film(row) for row in await self._connection.execute(newest)]

    async def set_clip(self, film_id: str, clip: Clip) -> None:
        """The file that came of it."""
        await self._connection.execute(sa.update(films).where(films.c.id == film_id).values(clip=asdict(clip)))

    async def set_posted(self, film_id: str, posted: str) -> None:
        """Where its card stands."""
        await self._connection.execute(sa.update(films).where(films.c.id == film_id).values(posted=posted))

    async def _one(self, query: sa.Select[Any]) -> Film | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _film(row) if row else None


class SqlMeasured:
    """Measures in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, clips: Collection[str], edition: int) -> Mapping[str, Mapping[str, Any]]:
        """By digest; clips that were not measured are not in it."""
        query = sa.select(measures.c.clip, measures.c.found)
        rows = await self._connection.execute(query.where(measures.c.clip.in_(clips), measures.c.edition == edition))
        return {row.clip: row.found for row in rows}

    async def put(self, clip: str, edition: int, found: Mapping[str, Any]) -> None:
        """Keep it, or keep what is there."""
        new = insert(self._connection, measures).values(clip=clip, edition=edition, found=dict(found))
        await self._connection.execute(new.on_conflict_do_nothing())


def _film(row: sa.Row[Any]) -> Film:
    clip = Clip(**row.clip) if row.clip else None
    return Film(**{**row._mapping, "cut": Cut.from_dict(row.cut), "clip": clip})
