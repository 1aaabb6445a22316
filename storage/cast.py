"""Cast members by holder, with every version of each. Implements `records.Troupe`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cast import CastMember, Standing
from storage.tables import cast_members, cast_versions
from storage.upsert import insert

_ONES: Final = ("holder", "owner", "locked", "pending")
_VERSIONS: Final = ("name", "description", "wardrobe", "voice", "consent", "image", "consent_at", "made_from", "remote")
_BOTH: Final = sa.select(
    *(cast_members.c[name] for name in ("id", "standing", *_ONES)),
    *(cast_versions.c[name] for name in ("version", *_VERSIONS, "ids", "changed_by", "changed_at")),
).join_from(cast_members, cast_versions, cast_versions.c.cast == cast_members.c.id)
_NEWEST: Final = cast_versions.c.version == cast_members.c.version


class SqlTroupe:
    """Cast members in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, holder: str) -> Sequence[CastMember]:
        """Those that stand, in their newest version, by name."""
        found = await self._at(holder, Standing.STANDING)
        return sorted(found, key=lambda who: who.key)

    async def proposed(self, holder: str) -> Sequence[CastMember]:
        """Those that wait for a moderator's word, oldest first."""
        found = await self._at(holder, Standing.PROPOSED)
        return sorted(found, key=lambda who: (who.at, who.id))

    async def get(self, cast_id: str, version: int | None = None) -> CastMember | None:
        """The newest version, or that one."""
        which = _NEWEST if version is None else cast_versions.c.version == version
        row = (await self._connection.execute(_BOTH.where(cast_members.c.id == cast_id, which))).one_or_none()
        return _member(row) if row else None

    async def versions(self, cast_id: str) -> Sequence[CastMember]:
        """Every version, newest first."""
        query = _BOTH.where(cast_members.c.id == cast_id).order_by(cast_versions.c.version.desc())
        return [_member(row) for row in await self._connection.execute(query)]

    async def save(self, who: CastMember) -> None:
        """Keep it as its newest version."""
        one = {name: getattr(who, name) for name in _ONES}
        one |= {"standing": who.standing.value, "version": who.version}
        one["key"] = who.key if who.standing is Standing.STANDING else None
        mine = insert(self._connection, cast_members).values(id=who.id, **one)
        await self._connection.execute(mine.on_conflict_do_update(index_elements=["id"], set_=one))
        version = {name: getattr(who, name) for name in _VERSIONS}
        version |= {"ids": dict(who.ids), "changed_by": who.by, "changed_at": who.at}
        row = insert(self._connection, cast_versions).values(cast=who.id, version=who.version, **version)
        await self._connection.execute(row.on_conflict_do_update(index_elements=["cast", "version"], set_=version))

    async def _at(self, holder: str, standing: Standing) -> Sequence[CastMember]:
        where = (cast_members.c.holder == holder, cast_members.c.standing == standing.value, _NEWEST)
        return [_member(row) for row in await self._connection.execute(_BOTH.where(*where))]


def _member(row: sa.Row[Any]) -> CastMember:
    values = dict(row._mapping)
    by, at = values.pop("changed_by"), values.pop("changed_at")
    return CastMember(**{**values, "standing": Standing(row.standing)}, by=by, at=at)
