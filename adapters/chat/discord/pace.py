"""How often progress is shown: one edit every few seconds in a channel, over all of its takes together.

Discord does not say how many edits a channel takes; seen were five in five seconds, and less for older messages. Progress uses
a fifth of that, so that cards and ends always find room.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
log = logging.getLogger("throughline.discord")

GAP: Final = 5.0
REMEMBERED: Final = 1000


class Pacer(Generic[Item]):
    """Keeps the newest progress of every key; each channel's are shown one by one, who has waited longest first."""

    def __init__(self, edit: Callable[[str, Item], Awaitable[None]], gap: float = GAP) -> None:
        self._edit, self._gap = edit, gap
        self._waiting: dict[str, dict[str, Item]] = {}
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._last: dict[str, float] = {}

    def offer(self, channel: str, key: str, item: Item) -> None:
        """Show it when there is room; it takes the place of an older one of its key. Returns at once."""
        self._waiting.setdefault(channel, {})[key] = item
        if channel not in self._pumps:
            self._pumps[channel] = asyncio.create_task(self._pump(channel), name=f"progress in {channel}")

    def drop(self, key: str) -> None:
        """What still waits of that key is no longer worth showing."""
        for waiting in self._waiting.values():
            waiting.pop(key, None)

    async def close(self) -> None:
        """Show nothing more."""
        pumps = tuple(self._pumps.values())
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, channel: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            while waiting := self._waiting.get(channel):
                await asyncio.sleep(max(0.0, self._last.get(channel, 0.0) + self._gap - loop.time()))
                if not waiting:
                    continue
                key = next(iter(waiting))
                item = waiting.pop(key)
                self._note(channel, loop.time())
                await self._show(key, item)
        finally:
            self._waiting.pop(channel, None)
            self._pumps.pop(channel, None)

    async def _show(self, key: str, item: Item) -> None:
        try:
            await self._edit(key, item)
        except Exception:  # progress may be lost, the pump may not
            log.exception("progress of %s not shown", key)

    def _note(self, channel: str, now: float) -> None:
        self._last[channel] = now
        if len(self._last) > REMEMBERED:
            self._last = {name: at for name, at in self._last.items() if now - at < self._gap}
