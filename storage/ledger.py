"""Money, append-only: what was held back, what it really cost, what was given back. Implements `ports.Ledger`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Spent
from storage.tables import jobs, ledger
from storage.upsert import insert

RESERVE, SETTLE, RELEASE = "reserve", "settle", "release"


class SqlLedger:
    """The ledger in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reserve(
        self, job: str, member: str, micros: int, at: float, *, place: str = "", seconds: int = 0
    ) -> None:
        """Hold that much back, and so many seconds; once a job."""
        row = {"job": job, "closing": False, "kind": RESERVE, "member": member, "micros": micros, "at": at}
        await self._connection.execute(sa.insert(ledger).values({**row, "place": place, "seconds": seconds}))

    async def settle(self, job: str, micros: int, at: float) -> bool:
        """Book what it really cost; False if it was settled or released before."""
        return await self._close(job, SETTLE, sa.literal(micros, sa.BigInteger), at)

    async def release(self, job: str, at: float) -> bool:
        """Give the reservation back; False if it was settled or released before."""
        opening = ledger.alias("opening")
        reserved = sa.select(opening.c.micros).where(opening.c.job == job, opening.c.kind == RESERVE).scalar_subquery()
        return await self._close(job, RELEASE, sa.func.coalesce(reserved, 0), at)

    async def spent(self, since: float, *, member: str | None = None, place: str | None = None) -> Spent:
        """Settled, plus what is still reserved, in entries made at or after `since`."""
        closed = ledger.alias("closed")
        is_closed = sa.exists().where(closed.c.job == ledger.c.job, closed.c.closing)
        counts = sa.or_(ledger.c.kind == SETTLE, sa.and_(ledger.c.kind == RESERVE, ~is_closed))
        sums = (sa.func.coalesce(sa.func.sum(each), 0) for each in (ledger.c.micros, ledger.c.seconds))
        query = sa.select(*sums).where(ledger.c.at >= since, counts)
        query = query if member is None else query.where(ledger.c.member == member)
        query = query if place is None else query.where(ledger.c.place == place)
        micros, seconds = (await self._connection.execute(query)).one()
        return Spent(int(micros), int(seconds))

    async def _close(self, job: str, kind: str, micros: sa.ColumnElement[Any], at: float) -> bool:
        """The closing entry is of the same place, and of as many seconds if they were filmed."""
        filmed = ledger.c.seconds if kind == SETTLE else sa.literal(0)
        opening = sa.and_(ledger.c.job == jobs.c.id, ledger.c.kind == RESERVE)
        entry = (
            sa.select(
                *(jobs.c.id, sa.true(), sa.literal(kind, sa.Text), jobs.c.member, micros, sa.literal(at, sa.Double)),
                *(sa.func.coalesce(ledger.c.place, ""), sa.func.coalesce(filmed, 0)),
            )
            .select_from(jobs.outerjoin(ledger, opening))
            .where(jobs.c.id == job)
        )
        columns = ["job", "closing", "kind", "member", "micros", "at", "place", "seconds"]
        statement = insert(self._connection, ledger).from_select(columns, entry).on_conflict_do_nothing()
        return await self._connection.scalar(statement.returning(ledger.c.job)) is not None
