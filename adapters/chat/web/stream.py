"""Server-sent events: every open page hears of new and changed cards within a moment, and misses none by its cursor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from adapters.chat.web.bell import Bell
from adapters.chat.web.render import event, post_data
from bot.paperwork import Post
from bot.ports import WorkFactory

STREAMS_MAX: Final = 32
LOOK_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
SLOW_SECONDS: Final = 10.0
"""A client that takes no bytes for this long is let go; it comes back and reads on from its cursor."""
PAGE: Final = 200


class Stream:
    """One open page. It pulls by cursor, so nothing queues up for a client that does not read."""

    def __init__(self, work: WorkFactory, bell: Bell, place: str, after: int) -> None:
        self._work, self._bell, self._place, self._cursor = work, bell, place, after
        self._views = bell.views
        self._tones: dict[str, str] = {}
        self._spoke = time.monotonic()
        self.closed = False

    async def run(self, response: web.StreamResponse) -> None:
        """Until the client goes, is too slow, or `closed` is set and the bell rung."""
        await self._say(response, b"retry: 2000\n\n: here\n\n")
        while not self.closed:
            posts = await self._changed()
            if posts:
                await self._say(response, b"".join(event("post", post_data(post), post.cursor) for post in posts))
            if self._view_changed(posts):
                await self._say(response, event("view", {}))
            if len(posts) == PAGE:
                continue
            if time.monotonic() - self._spoke > HEARTBEAT_SECONDS:
                await self._say(response, b": still here\n\n")
            await self._bell.wait(LOOK_SECONDS)

    async def _changed(self) -> Sequence[Post]:
        async with self._work() as w:
            posts = await w.posts.changed(self._place, self._cursor, PAGE)
        if posts:
            self._cursor = posts[-1].cursor
        return posts

    def _view_changed(self, posts: Sequence[Post]) -> bool:
        """A card that merely rolls on changes nothing beside the chat; a card in a new state may."""
        changed = self._views != self._bell.views
        self._views = self._bell.views
        for post in posts:
            state = f"{post.card.tone}/{post.card.status}"
            changed |= self._tones.get(post.key) != state
            self._tones[post.key] = state
        return changed

    async def _say(self, response: web.StreamResponse, data: bytes) -> None:
        async with asyncio.timeout(SLOW_SECONDS):
            await response.write(data)
        self._spoke = time.monotonic()


class Streams:
    """All open pages."""

    def __init__(self, work: WorkFactory, bell: Bell, place: str) -> None:
        self._work, self._bell, self._place = work, bell, place
        self._open: set[Stream] = set()

    @property
    def full(self) -> bool:
        """No more pages now."""
        return len(self._open) >= STREAMS_MAX

    async def serve(self, request: web.Request, after: int) -> web.StreamResponse:
        """Answer a request with the stream of what came after that cursor."""
        stream = Stream(self._work, self._bell, self._place, after)
        self._open.add(stream)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        try:
            await response.prepare(request)
            await stream.run(response)
        except (TimeoutError, ConnectionError):
            if request.transport:
                request.transport.abort()
        finally:
            self._open.discard(stream)
        return response

    def close(self) -> None:
        """End every stream now; the pages come back by themselves."""
        for stream in self._open:
            stream.closed = True
        self._bell.ring()
