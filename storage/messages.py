"""What a reply to one of our messages means. Implements `ports.Messages`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import messages
from storage.upsert import insert


class SqlMessages:
    """Messages in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, reference: str, action: str, at: float) -> None:
        """Remember, or change, what a reply to that message means."""
        statement = insert(self._connection, messages).values(reference=reference, action=action, at=at)
        changed = statement.on_conflict_do_update(index_elements=["reference"], set_={"action": action, "at": at})
        await self._connection.execute(changed)

    async def action(self, reference: str) -> str | None:
        """What a reply to that message means; None: it is not one of ours."""
        return await self._connection.scalar(sa.select(messages.c.action).where(messages.c.reference == reference))
