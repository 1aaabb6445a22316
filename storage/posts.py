"""The local studio's chat. Implements `ports.Posts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards import Card, card_from_dict
from bot.paperwork import Post
from storage.tables import cursors, posts
from storage.upsert import insert


class SqlPosts:
    """Posts in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, place: str, key: str, card: Card, at: float) -> Post:
        """Post, or replace by a card whose `revision` is not older. Returns what now stands there.

        Other puts wait from here to the end of this transaction, so it belongs at the end of one.
        """
        cursor = await self._next_cursor()
        new = {"card": card.to_dict(), "revision": card.revision, "cursor": cursor}
        statement = insert(self._connection, posts).values(place=place, key=key, at=at, first_cursor=cursor, **new)
        replaced = statement.on_conflict_do_update(
            index_elements=["place", "key"], set_=new, where=posts.c.revision <= card.revision
        )
        row = (await self._connection.execute(replaced.returning(posts))).one_or_none()
        if row is None:  # what stands there is newer
            query = sa.select(posts).where(posts.c.place == place, posts.c.key == key)
            row = (await self._connection.execute(query)).one()
        return _post(row)

    async def changed(self, place: str, after: int, limit: int = 200) -> Sequence[Post]:
        """Posts made or changed after that cursor, by cursor."""
        query = sa.select(posts).where(posts.c.place == place, posts.c.cursor > after)
        rows = await self._connection.execute(query.order_by(posts.c.cursor).limit(limit))
        return [_post(row) for row in rows]

    async def latest(self, place: str, limit: int = 50, before: float | None = None) -> Sequence[Post]:
        """The last posts (first made before that time), oldest first."""
        query = sa.select(posts).where(posts.c.place == place)
        if before is not None:
            query = query.where(posts.c.at < before)
        newest = query.order_by(posts.c.at.desc(), posts.c.first_cursor.desc()).limit(limit)
        return [_post(row) for row in await self._connection.execute(newest)][::-1]

    async def _next_cursor(self) -> int:
        """The next number, never to be given to anybody else, nor overtaken: the row stays locked until the commit."""
        statement = insert(self._connection, cursors).values(name="posts", value=1)
        raised = statement.on_conflict_do_update(index_elements=["name"], set_={"value": cursors.c.value + 1})
        return int((await self._connection.execute(raised.returning(cursors.c.value))).scalar_one())


def _post(row: sa.Row[Any]) -> Post:
    return Post(place=row.place, key=row.key, card=card_from_dict(row.card), cursor=row.cursor, at=row.at)
