"""One after another, in the order of arrival: what one member says is handled as it was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")
Done = asyncio.Future[None]


class Turns:
    """A queue per name, in this process; other processes are kept apart by `ports.Work.hold`."""

    def __init__(self) -> None:
        self._looked: Done | None = None
        self._last: dict[str, Done] = {}

    @asynccontextmanager
    async def turn(self, look: Callable[[], Awaitable[T]], name: Callable[[T], str]) -> AsyncIterator[T]:
        """Look something up, then wait until everything of the same name that came before is through.

        Many look at the same time, but they take their places in the order in which they came: looking is what tells the
        name, and a slow look must not be overtaken by a quick one.
        """
        before, looked = self._looked, asyncio.get_running_loop().create_future()
        self._looked = looked
        try:
            found = await look()
            await _over(before)
            key = name(found)
            ahead, through = self._last.get(key), asyncio.get_running_loop().create_future()
            self._last[key] = through
        finally:
            _end_after(before, looked)
        try:
            await _over(ahead)
            yield found
        finally:
            _end_after(ahead, through)
            if self._last[key] is through and through.done():
                del self._last[key]


async def _over(turn: Done | None) -> None:
    """Wait for its end, without taking part in it."""
    if turn is not None and not turn.done():
        await asyncio.wait({turn})


def _end_after(before: Done | None, mine: Done) -> None:
    """End this turn, but not before the one ahead of it: who gives up waiting must not let others overtake."""
    if before is None or before.done():
        mine.set_result(None)
    else:
        before.add_done_callback(lambda _: mine.set_result(None))
