"""Which take of a shot its members like best. Implements `ports.Votes`."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import votes
from storage.upsert import insert


class SqlVotes:
    """Votes in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, shot: str, member: str, take: str, at: float) -> None:
        """The member's vote is for that take of the shot now, wherever it was before."""
        statement = insert(self._connection, votes).values(shot=shot, member=member, take=take, at=at)
        moved = statement.on_conflict_do_update(index_elements=["shot", "member"], set_={"take": take, "at": at})
        await self._connection.execute(moved)

    async def of_shot(self, shot: str) -> Mapping[str, int]:
        """Votes by take; takes without any are not in it."""
        query = sa.select(votes.c.take, sa.func.count()).where(votes.c.shot == shot).group_by(votes.c.take)
        return {row[0]: row[1] for row in await self._connection.execute(query)}
