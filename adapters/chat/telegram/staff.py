"""Who moderates a group: asked in the background, remembered for ten minutes, and never waited for longer than a moment."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from adapters.chat.telegram.library import place_of

log = logging.getLogger("throughline.telegram")

FRESH_SECONDS: Final = 600.0
AGAIN_SECONDS: Final = 30.0
"""After a question that failed."""
MOMENT: Final = 0.5
REMEMBERED: Final = 5_000


@dataclass(frozen=True)
class _Known:
    people: frozenset[int]
    until: float


class Staff:
    """Administrators by chat. `now` counts seconds from nowhere in particular."""

    def __init__(self, bot: Bot, now: Callable[[], float] = time.monotonic) -> None:
        self._bot, self._now = bot, now
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}

    def moderates(self, chat: str, user: int) -> bool:
        """As far as we know at this moment; what is old or unknown is asked for meanwhile."""
        known = self._known.get(chat)
        if known is None or known.until <= self._now():
            self._ask(chat)
        return known is not None and user in known.people

    async def settled(self, chat: str) -> None:
        """Until we know, but no longer than a moment."""
        if chat not in self._known:
            await asyncio.wait({self._ask(chat)}, timeout=MOMENT)

    def changed(self, chat: str) -> None:
        """What we know of that chat may be wrong now."""
        if chat in self._known:
            self._known[chat] = _Known(self._known[chat].people, 0.0)

    async def close(self) -> None:
        """Ask no more."""
        for task in tuple(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def _ask(self, chat: str) -> asyncio.Task[None]:
        if chat not in self._asking:
            task = self._asking[chat] = asyncio.create_task(self._learn(chat), name=f"telegram staff {chat}")
            task.add_done_callback(lambda _: self._asking.pop(chat, None))
        return self._asking[chat]

    async def _learn(self, chat: str) -> None:
        seconds, people = FRESH_SECONDS, self._known.get(chat, _Known(frozenset(), 0.0)).people
        try:
            found = await self._bot.get_chat_administrators(int(chat))
            people = frozenset(each.user.id for each in found if not each.user.is_bot)
        except TelegramError as error:
            log.info("telegram: administrators of a group not learned: %s", type(error).__name__)
            seconds = AGAIN_SECONDS
        except Exception as odd:  # noqa: BLE001 - an answer of a shape of its own must not cost anybody their wish
            log.warning("telegram: administrators of a group could not be read: %s", place_of(odd))
            seconds = AGAIN_SECONDS
        self._known[chat] = _Known(people, self._now() + seconds)
        self._known.move_to_end(chat)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
