"""Money, append-only: what was held back, what it really cost, what was given back. Implements `ports.Ledger`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import jobs, ledger
from storage.upsert import insert

RESERVE, SETTLE, RELEASE = "reserve", "settle", "release"


class SqlLedger:
    """The ledger in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reserve(self, job: str, member: str, micros: int, at: float) -> None:
        """Hold that much back; once a job."""
        row = {"job": job, "closing": False, "kind": RESERVE, "member": member, "micros": micros, "at": at}
        await self._connection.execute(sa.insert(ledger).values(row))

    async def settle(self, job: str, micros: int, at: float) -> bool:
        """Book what it really cost; False if it was settled or released before."""
        return await self._close(job, SETTLE, sa.literal(micros, sa.BigInteger), at)

    async def release(self, job: str, at: float) -> bool:
        """Give the reservation back; False if it was settled or released before."""
        reserved = sa.select(ledger.c.micros).where(ledger.c.job == job, ledger.c.kind == RESERVE).scalar_subquery()
        return await self._close(job, RELEASE, sa.func.coalesce(reserved, 0), at)

    async def spent(self, member: str, since: float) -> int:
        """Micro-dollars settled, plus those still reserved, in entries made at or after `since`."""
        closed = ledger.alias("closed")
        is_closed = sa.exists().where(closed.c.job == ledger.c.job, closed.c.closing)
        counts = sa.or_(ledger.c.kind == SETTLE, sa.and_(ledger.c.kind == RESERVE, ~is_closed))
        query = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.micros), 0))
        total = await self._connection.scalar(query.where(ledger.c.member == member, ledger.c.at >= since, counts))
        return int(total or 0)

    async def _close(self, job: str, kind: str, micros: sa.ColumnElement[Any], at: float) -> bool:
        entry = sa.select(
            jobs.c.id, sa.true(), sa.literal(kind, sa.Text), jobs.c.member, micros, sa.literal(at, sa.Double)
        ).where(jobs.c.id == job)
        columns = ["job", "closing", "kind", "member", "micros", "at"]
        statement = insert(self._connection, ledger).from_select(columns, entry).on_conflict_do_nothing()
        return await self._connection.scalar(statement.returning(ledger.c.job)) is not None
