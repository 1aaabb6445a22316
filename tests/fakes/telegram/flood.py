"""Telegram's patience: about one message a second in a private chat, twenty a minute in a group, thirty a second over all.

Sends and edits count alike (core.telegram.org/bots/faq; TDLib's author on edits). Who writes on during a wait makes it longer.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.fakes.telegram.refusals import flood

LONGEST_WAIT = 245.0
"""The longest wait that was seen and told of."""


@dataclass
class Limits:
    """The numbers; `speed` makes their time run faster, `on` false lets everything pass."""

    on: bool = True
    speed: float = 1.0
    private_burst: int = 5
    private_seconds: float = 1.0
    """One more message in a private chat per that time."""
    group_messages: int = 20
    group_seconds: float = 60.0
    overall: int = 30
    overall_seconds: float = 1.0


@dataclass
class _Wait:
    until: float = 0.0
    length: float = 0.0
    told: float = 0.0


@dataclass
class Patience:
    """What was sent when, and who has to wait. Times are the fake's own seconds."""

    limits: Limits
    disregarded: list[str] = field(default_factory=list)
    """Requests made half a second or more after the answer that told to wait, and before the wait was over."""
    refused: int = 0
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _waits: dict[object, _Wait] = field(default_factory=lambda: defaultdict(_Wait))

    def spend(self, chat: int, *, group: bool, now: float, method: str, count: int = 1) -> None:
        """One send or edit; raises `Refusal` 429."""
        limits = self.limits
        if not limits.on:
            return
        keys: tuple[int | str, ...] = ("everywhere", chat)
        for key in keys:
            self._waiting(key, now, f"{method} in {chat}")
        here = (limits.group_messages, limits.group_seconds)
        if not group:
            here = (limits.private_burst, limits.private_burst * limits.private_seconds)
        everywhere = (limits.overall, limits.overall_seconds)
        for key, (most, seconds) in zip(keys, (everywhere, here), strict=True):
            self._room(key, most, seconds / limits.speed, now, count)
        for key in keys:
            self._sent[key].extend([now] * count)

    def _waiting(self, key: object, now: float, what: str) -> None:
        wait = self._waits[key]
        if now >= wait.until:
            return
        if now - wait.told > 0.5 / self.limits.speed:
            self.disregarded.append(f"{what}: {wait.until - now:.1f} s too early")
            wait.length = min(LONGEST_WAIT, 2 * wait.length)
            wait.until = now + wait.length
        self._refuse(wait, now)

    def _room(self, key: object, most: int, seconds: float, now: float, count: int) -> None:
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) + count <= most:
            return
        wait = self._waits[key]
        wait.length = max(1.0, math.ceil(sent[0] + seconds - now)) if sent else 1.0
        wait.until, wait.told = now + wait.length, now
        self._refuse(wait, now)

    def _refuse(self, wait: _Wait, now: float) -> None:
        self.refused += 1
        raise flood(max(1, math.ceil(wait.until - now)))
