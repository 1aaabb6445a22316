"""How large a file may be where it goes: by the server's boosts, and by what Discord itself refused there.

Sizes: discord.py's `Guild.filesize_limit` (10, 50, 100 MiB); a bot's own messages know no allowance of the member's. A file and
its form have to fit, so a little less is used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

import discord

from adapters.chat.discord.rest import Rest
from bot.errors import DeliveryFault
from bot.people import Address

log = logging.getLogger("throughline.discord")

LEAST: Final = 10_000_000
BY_TIER: Final = {2: 50_000_000, 3: 100_000_000}
STEPS: Final = (50_000_000, 25_000_000, LEAST, 8_000_000)
"""Limits that Discord has had; one of them holds where a larger file was refused."""
REMEMBERED_SECONDS: Final = 600.0
REMEMBERED: Final = 2000
DIRECT: Final = "direct"


class Room:
    """Remembers what servers take, in bytes a file."""

    def __init__(self, rest: Rest, now: Callable[[], float] = time.monotonic) -> None:
        self._rest, self._now = rest, now
        self._known: dict[str, tuple[float, int]] = {}
        self._learned: dict[str, int] = {}

    async def at(self, address: Address) -> int:
        """The limit at an address. Never raises: what cannot be learned is the smallest."""
        if address.direct or address.guest or not address.server:
            return self.direct
        limit = await self._guild(address.server)
        return min(limit, self._learned.get(address.server, limit))

    @property
    def direct(self) -> int:
        """The limit in direct messages."""
        return min(LEAST, self._learned.get(DIRECT, LEAST))

    def learn(self, address: Address, size: int, *, direct: bool = False) -> int:
        """A file of that size was refused there; the limit to go by from now on."""
        limit = next((step for step in STEPS if step < size), size * 3 // 4)
        where = address.server if address.server and not direct and not address.direct and not address.guest else DIRECT
        self._learned[where] = min(limit, self._learned.get(where, limit))
        log.warning("Discord refused %d bytes; %d is the limit there from now on", size, self._learned[where])
        return self._learned[where]

    async def _guild(self, guild: str) -> int:
        at, limit = self._known.get(guild, (0.0, 0))
        if limit and self._now() - at < REMEMBERED_SECONDS:
            return limit
        try:
            tier = int((await self._rest.guild(guild)).get("premium_tier") or 0)
        except (discord.HTTPException, DeliveryFault) as fault:
            log.info("what server %s takes could not be learned: %s", guild, type(fault).__name__)
            tier = 0
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[guild] = (self._now(), BY_TIER.get(tier, LEAST))
        return self._known[guild][1]
