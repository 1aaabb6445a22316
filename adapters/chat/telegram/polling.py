"""Asking for updates, one batch after another: the batch is stored, and only the next question confirms it.

python-telegram-bot's own updater confirms first, and would lose what a crash catches in between.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, Protocol

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.chat.telegram.library import place_of
from adapters.chat.telegram.updates import HEARD
from bot.errors import ThroughlineError

log = logging.getLogger("throughline.telegram")

POLL_SECONDS: Final = 30
"""How long Telegram may hold a question back while there is nothing to tell."""
LONGEST_REST: Final = 30.0
CONFLICT_REST: Final = 3.0
REFUSED_REST: Final = 300.0
"""After a token that was accepted before is not any more."""
QUICK: Final = 0.2
"""An empty answer that comes sooner is no long poll: such a server is not asked without end."""
STOP_SECONDS: Final = 2.5


class Take(Protocol):
    """Stores what updates wish, and says how many wishes that was; raises where it could not."""

    async def __call__(self, *updates: Update) -> int: ...


class Polling:
    """The loop. `poll` is in whole seconds."""

    def __init__(
        self,
        bot: Bot,
        take: Take,
        *,
        poll: int = POLL_SECONDS,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot, self._take, self._poll, self._rest = bot, take, poll, rest
        self._offset: int | None = None
        self._failures = 0
        self._storing = asyncio.Lock()
        self._life: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask."""
        self._life = asyncio.create_task(self._live(), name="telegram updates")

    async def stop(self) -> None:
        """Ask no more; a batch that is being stored is stored first."""
        life, self._life = self._life, None
        if life is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS), self._storing:
                life.cancel()
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)

    async def _live(self) -> None:
        while True:
            try:
                await self._once()
                self._failures = 0
            except Exception as fault:  # noqa: BLE001 - whatever happens, it goes on asking
                self._failures += 1
                await self._rest(self._patience(fault))

    async def _once(self) -> None:
        began = time.monotonic()
        updates = await self._bot.get_updates(offset=self._offset, timeout=self._poll, allowed_updates=HEARD)
        if not updates and time.monotonic() - began < min(QUICK, self._poll):
            await self._rest(1.0)
        async with self._storing:
            await self._store(updates)

    async def _store(self, updates: Sequence[Update]) -> None:
        """All at once; one by one where that fails for a reason of its own, so that one of them cannot block the rest."""
        if not updates:
            return
        try:
            await self._take(*updates)
        except ThroughlineError:  # busy, or the database is away: nothing is wrong with the updates
            raise
        except Exception:
            if self._failures < 2:
                raise
            await self._one_by_one(updates)
        self._offset = max(each.update_id for each in updates) + 1

    async def _one_by_one(self, updates: Sequence[Update]) -> None:
        """Pass over what cannot be stored, if others can: then it is not the storage that is at fault."""
        stored, faults = 0, []
        for each in updates:
            try:
                stored += await self._take(each)
            except Exception as fault:  # noqa: BLE001 - told below
                faults.append((each.update_id, fault))
        if faults and not stored:
            raise faults[0][1]
        for number, odd in faults:
            log.error("telegram: update %s passed over, it cannot be stored: %s", number, place_of(odd))

    def _patience(self, fault: Exception) -> float:
        """How long to rest after that; said in the log once, and again every tenth time."""
        loud = self._failures % 10 == 1
        level = logging.WARNING if loud else logging.DEBUG
        if isinstance(fault, Conflict):
            log.log(
                level,
                "telegram: somebody else takes this bot's updates too (an old instance, or a webhook); again soon",
            )
            return min(LONGEST_REST, CONFLICT_REST * self._failures)
        if isinstance(fault, InvalidToken):
            log.critical("telegram: the token is not accepted any more; nothing is heard there")
            return REFUSED_REST
        if isinstance(fault, RetryAfter):
            told = fault.retry_after
            return told.total_seconds() if isinstance(told, timedelta) else float(told)
        if isinstance(fault, TelegramError | ThroughlineError):
            log.log(level, "telegram: no updates (%s), attempt %s; again soon", type(fault).__name__, self._failures)
        else:
            log.error("telegram: updates could not be taken: %s", place_of(fault))
        return min(LONGEST_REST, 0.5 * 2.0 ** min(self._failures - 1, 8))
