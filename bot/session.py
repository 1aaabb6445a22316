"""What a member's session holds: spine, cast, the production in hand in this place, the take last shown; and what is inherited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.cast import CastMember, merged_cast
from bot.levels import Level, Look, holder_of, merged
from bot.people import Address
from bot.spine import Spine

if TYPE_CHECKING:
    from bot.brief import Brief
    from bot.ports import Work


@dataclass(frozen=True)
class Session:
    """One member's working state in one place. The spine follows the member, the rest stays in the place."""

    member: str
    place: str
    spine: Spine = field(default_factory=Spine)
    """The member's own; what a shot is filmed with is `look_of`."""
    production: str | None = None
    last_take: str | None = None


@dataclass(frozen=True)
class Company:
    """The cast that a member may name in a place."""

    own: tuple[CastMember, ...] = ()
    shared: tuple[CastMember, ...] = ()
    """The server's, seen by everybody there."""

    @property
    def everybody(self) -> tuple[CastMember, ...]:
        """Own ones first; one's own stand for the server's of the same name."""
        return merged_cast(self.own, self.shared)


async def look_of(w: Work, member: str, address: Address) -> Look:
    """The spine that a shot of theirs has there: field by field their own, else the channel's, else the server's."""
    spines = {}
    for level in Level:
        if (holder := holder_of(level, member, address)) is not None:
            spines[level] = (await w.spines.get(level, holder)).spine
    return merged(spines)


async def company_of(w: Work, member: str, address: Address) -> Company:
    """Everybody whom their prompts may name there."""
    place = holder_of(Level.SERVER, member, address)
    return Company(tuple(await w.cast.of(member)), tuple(await w.cast.of(place)) if place else ())


async def credited(w: Work, brief: Brief) -> tuple[CastMember, ...]:
    """The cast of a brief, each in the version that it describes."""
    found = [await w.cast.get(each.id, each.version) for each in brief.cast]
    return tuple(who for who in found if who is not None)


def frozen_first(frozen: Sequence[CastMember], company: Company) -> tuple[CastMember, ...]:
    """Those whom a brief describes as it describes them, then the rest of the company."""
    return merged_cast(frozen, company.everybody)
