"""How much Telegram forgives: so many messages in so many seconds in one chat, and a steady beat over all chats."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Allowance:
    """`messages` in any `seconds`, edits included; each urgency (by its number) may go only while fewer than its share are used."""

    messages: int
    seconds: float
    shares: tuple[int, ...]
    """By urgency: clip, answer, end, ready, progress. The difference is kept free for what is more urgent."""
    gap: float
    """Least seconds between two progress edits in the chat."""


PRIVATE: Final = Allowance(5, 5.0, (5, 4, 4, 4, 3), 1.5)
GROUP: Final = Allowance(20, 60.0, (20, 18, 16, 15, 14), 6.0)
EVERYWHERE: Final = 27.0
"""A second, spaced evenly: in no second more than 30 arrive, even when some are held up on the way."""


@dataclass
class Window:
    """What was sent in one chat of late.

    A message counts from the moment it is begun until `seconds` after it was answered: the server counts it at some moment in
    between, and an upload lasts.
    """

    allowance: Allowance
    _ended: deque[float] = field(default_factory=deque)
    _begun: int = 0

    def begin(self) -> None:
        """One is on its way."""
        self._begun += 1

    def end(self, now: float) -> None:
        """It was answered."""
        self._begun -= 1
        self._ended.append(now)

    def empty(self, now: float) -> bool:
        """Whether nothing counts any more."""
        self._forget(now)
        return not self._begun and not self._ended

    def free_at(self, urgency: int, now: float) -> float:
        """When the next one of that urgency may go: `now` or later; infinite while too many are on their way."""
        self._forget(now)
        over = self._begun + len(self._ended) - self.allowance.shares[urgency]
        if over < 0:
            return now
        return self._ended[over] + self.allowance.seconds if over < len(self._ended) else float("inf")

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0] + self.allowance.seconds <= now:
            self._ended.popleft()


@dataclass
class Metronome:
    """A steady beat of `rate` a second that makes up for at most one missed beat."""

    rate: float
    _next: float = float("-inf")

    def free_at(self) -> float:
        """When the next one may go."""
        return self._next

    def beat(self, now: float) -> None:
        """One goes now."""
        step = 1.0 / self.rate
        self._next = max(self._next, now - step) + step
