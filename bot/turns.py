"""One after another, in the order of arrival: what one member says is handled as it was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")


class Turns:
    """A queue per name, in this process; other processes are kept apart by `ports.Work.hold`."""

    def __init__(self) -> None:
        self._looking = asyncio.Lock()
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, look: Callable[[], Awaitable[T]], name: Callable[[T], str]) -> AsyncIterator[T]:
        """Look something up, then wait until everything of the same name that was looked up before is through.

        Looking is done one by one too: it is what tells the name, and a slow look must not be overtaken by a quick one.
        """
        async with self._looking:
            found = await look()
        queue = self._queues.setdefault(name(found), asyncio.Lock())
        async with queue:
            yield found
