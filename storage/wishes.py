"""Stored wishes: waiting, then handled, then answered. Implements `ports.Wishes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards import Card, card_from_dict
from bot.paperwork import Wish
from bot.people import Address, Member
from storage.tables import wishes
from storage.upsert import insert

WAITING, HANDLED, ANSWERED = "waiting", "handled", "answered"


class SqlWishes:
    """Wishes in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, wish: Wish) -> bool:
        """Store it; False if a wish of that id is there already."""
        row = {
            "id": wish.id,
            "member": asdict(wish.member),
            "address": asdict(wish.address),
            "command": dict(wish.command),
            "at": wish.at,
            "state": HANDLED if wish.handled else WAITING,
            "answer": wish.answer.to_dict() if wish.answer else None,
            "job": wish.job,
        }
        statement = insert(self._connection, wishes).values(row).on_conflict_do_nothing(index_elements=["id"])
        return await self._connection.scalar(statement.returning(wishes.c.id)) is not None

    async def get(self, wish_id: str) -> Wish | None:
        """The wish of that id."""
        row = (await self._connection.execute(sa.select(wishes).where(wishes.c.id == wish_id))).one_or_none()
        return _wish(row) if row else None

    async def handled(self, wish_id: str, answer: Card, job: str | None) -> bool:
        """Compare-and-set from waiting; False if somebody else has handled it."""
        values = {"state": HANDLED, "answer": answer.to_dict(), "job": job}
        return await self._step(wish_id, WAITING, values)

    async def answered(self, wish_id: str) -> None:
        """The answer has been posted, so its address loses the hook. A wish that nobody has handled stays as it is."""
        address = await self._connection.scalar(sa.select(wishes.c.address).where(wishes.c.id == wish_id))
        spent = {"address": {**address, "hook": ""}} if address and address.get("hook") else {}
        await self._step(wish_id, HANDLED, {"state": ANSWERED, **spent})

    async def amend(self, wish_id: str, command: Mapping[str, Any]) -> None:
        """The command as it is handled, while the wish waits."""
        await self._step(wish_id, WAITING, {"command": dict(command)})

    async def shoot(self, wish_id: str, job: str) -> bool:
        """An idea becomes a job, once: False if it has one already, or has not been handled."""
        idea = (wishes.c.id == wish_id, wishes.c.state != WAITING, wishes.c.job.is_(None))
        statement = sa.update(wishes).where(*idea).values(job=job)
        return (await self._connection.execute(statement)).rowcount == 1

    async def open(self, limit: int = 1000) -> Sequence[Wish]:
        """Waiting or handled, but not answered; oldest first."""
        query = sa.select(wishes).where(wishes.c.state.in_([WAITING, HANDLED]))
        rows = await self._connection.execute(query.order_by(wishes.c.at, wishes.c.id).limit(limit))
        return [_wish(row) for row in rows]

    async def _step(self, wish_id: str, source: str, values: dict[str, Any]) -> bool:
        statement = sa.update(wishes).where(wishes.c.id == wish_id, wishes.c.state == source).values(values)
        return (await self._connection.execute(statement)).rowcount == 1


def _wish(row: sa.Row[Any]) -> Wish:
    return Wish(
        id=row.id,
        member=Member(**row.member),
        address=Address(**row.address),
        command=row.command,
        at=row.at,
        handled=row.state != WAITING,
        answer=card_from_dict(row.answer) if row.answer is not None else None,
        job=row.job,
    )
