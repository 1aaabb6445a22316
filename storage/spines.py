"""Spines by level and holder. Implements `records.Spines`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.levels import Level, SharedSpine
from bot.spine import Spine
from storage.tables import spines
from storage.upsert import insert


class SqlSpines:
    """Spines in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, level: Level, holder: str) -> SharedSpine:
        """An empty one, version 0, if there is none yet."""
        query = sa.select(spines).where(spines.c.level == level.value, spines.c.holder == holder)
        row = (await self._connection.execute(query)).one_or_none()
        return SharedSpine(Spine(**row.spine), row.version, row.changed_by, row.changed_at) if row else SharedSpine()

    async def put(self, level: Level, holder: str, spine: Spine, by: str, at: float) -> None:
        """In place of what is there, one version on."""
        values = {"spine": spine.filled(), "changed_by": by, "changed_at": at}
        statement = insert(self._connection, spines).values(level=level.value, holder=holder, version=1, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["level", "holder"], set_={**values, "version": spines.c.version + 1}
            )
        )
