"""Spine by member, the rest by member and place. Implements `ports.Sessions`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.levels import Level
from bot.session import Session
from bot.spine import Spine
from storage.spines import SqlSpines
from storage.tables import sessions
from storage.upsert import insert


class SqlSessions:
    """Sessions in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, member: str, place: str) -> Session:
        """The session, a fresh one if there is none yet."""
        mine = sa.and_(sessions.c.member == member, sessions.c.place == place)
        row = (await self._connection.execute(sa.select(sessions).where(mine))).one_or_none()
        own = await SqlSpines(self._connection).get(Level.OWN, member)
        return Session(
            member=member,
            place=place,
            spine=own.spine,
            production=row.production if row else None,
            last_take=row.last_take if row else None,
        )

    async def save(self, session: Session) -> None:
        """Production and last take. The spine belongs to the member, not to the place: `set_spine`."""
        values = {"production": session.production, "last_take": session.last_take}
        statement = insert(self._connection, sessions).values(member=session.member, place=session.place, **values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["member", "place"], set_=values))

    async def set_spine(self, member: str, spine: Spine, at: float = 0.0) -> None:
        """The member's own spine, in all places."""
        await SqlSpines(self._connection).put(Level.OWN, member, spine, member, at)
