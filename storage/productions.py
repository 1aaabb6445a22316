"""Productions with their shots. Implements `ports.Productions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.continuity import facts_from_dict
from bot.film import Production, Shot
from storage.tables import productions, shots


class SqlProductions:
    """Productions in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, production: Production) -> None:
        """Store a new one."""
        row = {**asdict(production), "arranged": list(production.arranged)}
        await self._connection.execute(sa.insert(productions).values(row))

    async def get(self, production_id: str) -> Production | None:
        """The production of that id."""
        query = sa.select(productions).where(productions.c.id == production_id)
        row = (await self._connection.execute(query)).one_or_none()
        return _production(row) if row else None

    async def of(self, member: str, place: str) -> Sequence[Production]:
        """Newest first."""
        query = sa.select(productions).where(productions.c.member == member, productions.c.place == place)
        newest = query.order_by(productions.c.opened_at.desc(), productions.c.id.desc())
        return [_production(row) for row in await self._connection.execute(newest)]

    async def add_shot(self, shot: Shot) -> None:
        """Store a new one; its production has to be there."""
        row = {**vars(shot), "facts": shot.facts.to_dict()}
        await self._connection.execute(sa.insert(shots).values(row))

    async def save_shot(self, shot: Shot) -> None:
        """Its facts; nothing else of a shot changes."""
        statement = sa.update(shots).where(shots.c.id == shot.id).values(facts=shot.facts.to_dict())
        await self._connection.execute(statement)

    async def shot(self, shot_id: str) -> Shot | None:
        """The shot of that id."""
        row = (await self._connection.execute(sa.select(shots).where(shots.c.id == shot_id))).one_or_none()
        return _shot(row) if row else None

    async def shots(self, production_id: str) -> Sequence[Shot]:
        """In the order scene, number."""
        query = sa.select(shots).where(shots.c.production == production_id).order_by(shots.c.scene, shots.c.number)
        return [_shot(row) for row in await self._connection.execute(query)]

    async def last_shot(self, production_id: str) -> Shot | None:
        """The shot made last: shots are only ever put behind the others, whatever the clocks of several machines say."""
        query = sa.select(shots).where(shots.c.production == production_id)
        order = (shots.c.scene.desc(), shots.c.number.desc())
        row = (await self._connection.execute(query.order_by(*order).limit(1))).one_or_none()
        return _shot(row) if row else None

    async def arrange(self, production_id: str, shots: Sequence[str]) -> None:
        """Ids of its shots in the order of the film."""
        statement = sa.update(productions).where(productions.c.id == production_id)
        await self._connection.execute(statement.values(arranged=list(shots)))


def _production(row: sa.Row[Any]) -> Production:
    return Production(**{**row._mapping, "arranged": tuple(row.arranged)})


def _shot(row: sa.Row[Any]) -> Shot:
    return Shot(**{**row._mapping, "facts": facts_from_dict(row.facts)})
