"""Takes with their frozen briefs and clips. Implements `ports.Takes`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.brief import Brief, brief_from_dict
from bot.film import Clip, Slate, Take
from storage.tables import shots, takes

_SELECT = sa.select(takes, shots.c.scene, shots.c.number.label("shot_number")).join(shots, takes.c.shot == shots.c.id)
_SLATE = (shots.c.scene, shots.c.number, takes.c.number)


class SqlTakes:
    """Takes in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, take: Take) -> None:
        """Store a new one; its shot has to be there."""
        row = {
            "id": take.id,
            "shot": take.shot,
            "number": take.slate.take,
            "brief": take.brief.to_dict(),
            "member": take.member,
            "place": take.place,
            "made_from": take.made_from,
            "change": take.change,
            "circled": take.circled,
            "created_at": take.created_at,
            **(_clip_columns(take.clip) if take.clip else {}),
        }
        await self._connection.execute(sa.insert(takes).values(row))

    async def get(self, take_id: str) -> Take | None:
        """The take of that id."""
        found = await self._all(_SELECT.where(takes.c.id == take_id))
        return found[0] if found else None

    async def of_shot(self, shot_id: str) -> Sequence[Take]:
        """In the order of their numbers."""
        return await self._all(_SELECT.where(takes.c.shot == shot_id).order_by(*_SLATE))

    async def of_production(self, production_id: str) -> Sequence[Take]:
        """In the order scene, shot, take."""
        return await self._all(_SELECT.where(shots.c.production == production_id).order_by(*_SLATE))

    async def made_from(self, take_ids: Collection[str], limit: int = 500) -> Sequence[Take]:
        """Takes that remix, repeat or extend these, in whatever production or place; oldest first."""
        query = _SELECT.where(takes.c.made_from.in_(take_ids))
        return await self._all(query.order_by(takes.c.created_at, takes.c.id).limit(limit))

    async def newest(self, member: str, place: str, limit: int = 25, *, done_only: bool = False) -> Sequence[Take]:
        """The member's takes in that place, newest first; with `done_only`, those that have a clip."""
        query = _SELECT.where(takes.c.member == member, takes.c.place == place)
        if done_only:
            query = query.where(takes.c.clip_digest.is_not(None))
        return await self._all(query.order_by(takes.c.created_at.desc(), takes.c.id.desc()).limit(limit))

    async def set_clip(self, take_id: str, clip: Clip) -> None:
        """The clip that was filmed, in place of the one before if there was one."""
        await self._connection.execute(sa.update(takes).where(takes.c.id == take_id).values(_clip_columns(clip)))

    async def set_brief(self, take_id: str, brief: Brief) -> None:
        """The brief with what it begins with, in place of the one that was booked."""
        await self._connection.execute(sa.update(takes).where(takes.c.id == take_id).values(brief=brief.to_dict()))

    async def circle(self, take_id: str, circled: bool) -> None:
        """Choose it for the film, or not."""
        await self._connection.execute(sa.update(takes).where(takes.c.id == take_id).values(circled=circled))

    async def count_since(self, member: str, since: float) -> int:
        """How many the member has made at or after that time."""
        query = sa.select(sa.func.count()).where(takes.c.member == member, takes.c.created_at >= since)
        return (await self._connection.execute(query)).scalar_one()

    async def _all(self, query: sa.Select[Any]) -> list[Take]:
        return [_take(row) for row in await self._connection.execute(query)]


def _take(row: sa.Row[Any]) -> Take:
    return Take(
        id=row.id,
        shot=row.shot,
        slate=Slate(row.scene, row.shot_number, row.number),
        brief=brief_from_dict(row.brief),
        member=row.member,
        place=row.place,
        made_from=row.made_from,
        change=row.change,
        circled=row.circled,
        clip=_clip(row),
        created_at=row.created_at,
    )


def _clip(row: sa.Row[Any]) -> Clip | None:
    if row.clip_digest is None:
        return None
    return Clip(**{each.name: row._mapping[f"clip_{each.name}"] for each in fields(Clip)})


def _clip_columns(clip: Clip) -> dict[str, Any]:
    return {f"clip_{name}": value for name, value in vars(clip).items()}
