"""The fake's own time, which can be put forward, and ids that carry it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""Discord's own epoch: the first second of 2015 (its reference, "Snowflakes")."""


class Clock:
    """Seconds since 1970, put forward by `skip`."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def skip(self, seconds: float) -> None:
        """So many seconds have gone by."""
        self._ahead += seconds


class Ids:
    """Snowflakes: unique, rising, with the moment in them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def make(self, step: int = 1) -> int:
        """The next one, at least `step` above the last (guilds are a millisecond apart, so that they spread over shards)."""
        moment = (int(self._clock.now() * 1000) - EPOCH_MS) << 22
        self._last = max(moment, self._last + step)
        return self._last


def iso(moment: float) -> str:
    """As Discord writes a time."""
    return datetime.fromtimestamp(moment, UTC).isoformat()
