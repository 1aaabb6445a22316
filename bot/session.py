"""What a member's session holds: the spine, the production in hand in this place, the take last shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.spine import Spine


@dataclass(frozen=True)
class Session:
    """One member's working state in one place. The spine follows the member, the rest stays in the place."""

    member: str
    place: str
    spine: Spine = field(default_factory=Spine)
    production: str | None = None
    last_take: str | None = None
