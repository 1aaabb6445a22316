"""Sessions, spines by level, and the cast with its versions, in memory. See `tests.fakes.storage`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cast import CastMember, Standing
from bot.levels import Level, SharedSpine
from bot.session import Session
from bot.spine import Spine
from tests.fakes.repositories import Broken, Rows, there


class FakeSessions:
    """Spine by member, the rest by member and place."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member: str, place: str) -> Session:
        session = self._rows.sessions.get((member, place), Session(member, place))
        return replace(session, spine=self._rows.spines.get((Level.OWN, member), SharedSpine()).spine)

    async def save(self, session: Session) -> None:
        for rows, key in ((self._rows.productions, session.production), (self._rows.takes, session.last_take)):
            if key is not None:
                there(rows, key)
        self._rows.sessions[session.member, session.place] = session

    async def set_spine(self, member: str, spine: Spine, at: float = 0.0) -> None:
        known = self._rows.spines.get((Level.OWN, member), SharedSpine())
        self._rows.spines[Level.OWN, member] = SharedSpine(spine, known.version + 1, member, at)


class FakeSpines:
    """Spines by level and holder."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, level: Level, holder: str) -> SharedSpine:
        return self._rows.spines.get((level, holder), SharedSpine())

    async def put(self, level: Level, holder: str, spine: Spine, by: str, at: float) -> None:
        known = await self.get(level, holder)
        self._rows.spines[level, holder] = SharedSpine(spine, known.version + 1, by, at)


class FakeTroupe:
    """Cast members by id and version; what belongs to somebody, not to a version, is that of the newest."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def of(self, holder: str) -> Sequence[CastMember]:
        return sorted(self._at(holder, Standing.STANDING), key=lambda who: who.key)

    async def proposed(self, holder: str) -> Sequence[CastMember]:
        return sorted(self._at(holder, Standing.PROPOSED), key=lambda who: (who.at, who.id))

    async def get(self, cast_id: str, version: int | None = None) -> CastMember | None:
        every = await self.versions(cast_id)
        return next((who for who in every if version in (None, who.version)), None)

    async def versions(self, cast_id: str) -> Sequence[CastMember]:
        mine = [who for (each, _), who in self._rows.cast.items() if each == cast_id]
        return sorted(mine, key=lambda who: -who.version)

    async def save(self, who: CastMember) -> None:
        standing = self._at(who.holder, Standing.STANDING) if who.standing is Standing.STANDING else []
        if any(each.key == who.key and each.id != who.id for each in standing):
            raise Broken(f"two of the name {who.name}")
        self._rows.cast[who.id, who.version] = who
        for version in await self.versions(who.id):
            alike = replace(version, owner=who.owner, standing=who.standing, locked=who.locked, pending=who.pending)
            self._rows.cast[who.id, version.version] = replace(alike, holder=who.holder)

    def _at(self, holder: str, standing: Standing) -> list[CastMember]:
        newest: dict[str, CastMember] = {}
        for who in sorted(self._rows.cast.values(), key=lambda who: who.version):
            newest[who.id] = who
        return [who for who in newest.values() if (who.holder, who.standing) == (holder, standing)]
