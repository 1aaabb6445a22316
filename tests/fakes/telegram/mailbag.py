"""Updates on their way to the bot: kept until confirmed by a higher offset, asked for in a long poll or pushed to a webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from tests.fakes.telegram.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, conflict

Json = dict[str, Any]
KEPT_SECONDS: Final = 24 * 3600.0
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_at: int = 0
    deliveries: list[tuple[int, int]] = field(default_factory=list)
    """(update id, status) of every attempt; status 0: no answer at all."""


@dataclass
class Mailbag:
    """The queue of updates. `again`: seconds before a webhook that failed is tried again."""

    now: Callable[[], float]
    again: float = 0.2
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    confirmed: int = 0
    """The highest update id that the bot has confirmed."""
    polls: int = 0
    _last: int = 700_000_000
    _waiting: dict[int, tuple[float, Json]] = field(default_factory=dict)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: asyncio.Future[None] | None = None
    _pushing: asyncio.Task[None] | None = None

    @property
    def pending(self) -> list[Json]:
        """What waits to be confirmed."""
        return [update for _, update in self._waiting.values()]

    def put(self, kind: str, data: Json) -> int | None:
        """Queue an update of that kind; its id, or None where the bot does not want such."""
        if (self.allowed and kind not in self.allowed) or (not self.allowed and kind in NOT_BY_DEFAULT):
            return None
        return self.put_raw({kind: data})

    def put_raw(self, update: Json) -> int:
        """Queue whatever is given, however broken; its id."""
        self._last += 1
        self._waiting[self._last] = (self.now(), {"update_id": self._last} | update)
        self._came.set()
        return self._last

    async def take(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """What getUpdates answers. Raises `Refusal` 409 where a webhook is set, or when another poller comes."""
        if self.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        self.polls += 1
        self.interrupt(OTHER_POLLER)
        self._confirm(offset)
        mine = self._poller = asyncio.get_running_loop().create_future()
        try:
            return await self._wait(limit, timeout, mine)
        finally:
            if self._poller is mine:
                self._poller = None

    def interrupt(self, why: str) -> None:
        """Whoever polls now gets 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(why))

    async def _wait(self, limit: int, timeout: float, interrupted: asyncio.Future[None]) -> list[Json]:
        end = time.monotonic() + timeout
        while not (batch := self._batch(limit)) and (left := end - time.monotonic()) > 0:
            self._came.clear()
            came = asyncio.ensure_future(self._came.wait())
            waiting: set[asyncio.Future[Any]] = {came, interrupted}
            try:
                await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                came.cancel()
            if interrupted.done():
                break
        if interrupted.done():
            interrupted.result()
        return batch

    def _batch(self, limit: int) -> list[Json]:
        for update_id, (at, _) in list(self._waiting.items()):
            if self.now() - at > KEPT_SECONDS:
                del self._waiting[update_id]
        return self.pending[: max(1, min(100, limit))]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            keep = list(self._waiting)[offset:]
            offset = keep[0] if keep else 0
        for update_id in [each for each in self._waiting if each < offset]:
            del self._waiting[update_id]
            self.confirmed = max(self.confirmed, update_id)

    def drop(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()

    # ------------------------------------------------------------ webhook

    def push_to(self, webhook: Webhook) -> None:
        """Push from now on; an empty address stops it."""
        self.webhook = webhook
        if self._pushing is not None:
            self._pushing.cancel()
        self._pushing = asyncio.create_task(self._push(webhook)) if webhook.url else None

    async def stop(self) -> None:
        """No more polling, no more pushing."""
        self.interrupt("the server is going down")
        if self._pushing is not None:
            self._pushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._pushing

    async def _push(self, webhook: Webhook) -> None:
        under_way: dict[int, asyncio.Task[None]] = {}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
            try:
                while True:
                    self._came.clear()
                    for update_id, (_, update) in list(self._waiting.items()):
                        if update_id not in under_way and len(under_way) < webhook.max_connections:
                            under_way[update_id] = asyncio.create_task(self._deliver(session, webhook, update))
                    came = asyncio.ensure_future(self._came.wait())
                    await asyncio.wait({came, *under_way.values()}, return_when=asyncio.FIRST_COMPLETED)
                    came.cancel()
                    under_way = {key: task for key, task in under_way.items() if not task.done()}
            finally:
                for task in under_way.values():
                    task.cancel()

    async def _deliver(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> None:
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        wait = self.again
        while True:
            status = await self._attempt(session, webhook, update, headers)
            webhook.deliveries.append((update["update_id"], status))
            if 200 <= status < 300:
                self._waiting.pop(update["update_id"], None)
                self.confirmed = max(self.confirmed, update["update_id"])
                return
            webhook.error, webhook.error_at = f"Wrong response from the webhook: {status}", int(self.now())
            await asyncio.sleep(wait)
            wait = min(2 * wait, 100 * self.again)

    async def _attempt(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json, headers: Json) -> int:
        try:
            async with session.post(webhook.url, json=update, headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0
