"""Rate limits: buckets by route and place, the global one, and the count of invalid requests.

Numbers that Discord does not promise are as others saw them (5 creates and 5 edits per channel in 5 s); the global limit,
the headers, `Via` on a 429 and what counts as invalid: its page "Rate Limits".
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

from tests.fakes.discord.refusals import Json

GLOBAL = 50
USUAL = (50, 1.0)
ALLOWANCES = {
    ("POST", "/channels/{channel}/messages"): (5, 5.0),
    ("PATCH", "/channels/{channel}/messages/{message}"): (5, 5.0),
    ("DELETE", "/channels/{channel}/messages/{message}"): (5, 1.0),
    ("POST", "/webhooks/{app}/{token}"): (5, 2.0),
    ("PATCH", "/webhooks/{app}/{token}/messages/{message}"): (5, 2.0),
    ("POST", "/users/@me/channels"): (10, 10.0),
    ("PUT", "/applications/{app}/commands"): (5, 20.0),
}
"""Method and route: how many in how many seconds for one place."""
OLD_EDITS = (3, 20.0)
"""Edits of messages older than an hour, for one channel (a guess that others published; Discord says only that it is low)."""


@dataclass
class Window:
    """A fixed window: opened by its first request, closed after `per` seconds."""

    allowed: int
    per: float
    used: int = 0
    until: float = 0.0

    def take(self, now: float) -> float:
        """Use one; 0, or the seconds to wait where none is left."""
        if now >= self.until:
            self.used, self.until = 0, now + self.per
        if self.used >= self.allowed:
            return self.until - now
        self.used += 1
        return 0.0


@dataclass
class Limited:
    """Too fast: wait `retry_after` seconds."""

    retry_after: float
    scope: str
    headers: dict[str, str] = field(default_factory=dict)
    code: int = 0
    message: str = "You are being rate limited."

    def body(self) -> Json:
        """What a 429 says."""
        wait = round(self.retry_after, 3)
        return {"message": self.message, "retry_after": wait, "global": self.scope == "global", "code": self.code}


class Limits:
    """All windows. `factor` 0 switches them off; 0.1 makes a window of 5 s last half a second."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self.invalid = 0
        """401, 403 and 429 (not shared) so far; 10,000 in ten minutes and the address is banned."""
        self.refused = 0
        self.allowances = dict(ALLOWANCES)
        self._windows: dict[tuple[str, str, str], Window] = {}
        self._ahead = 0.0

    def skip(self, seconds: float) -> None:
        """So many seconds have gone by."""
        self._ahead += seconds

    def _now(self) -> float:
        return time.monotonic() + self._ahead

    def take(self, method: str, route: str, place: str) -> tuple[dict[str, str], Limited | None]:
        """Count one request: its headers, and a refusal where it came too fast. Interaction answers are not counted."""
        if not self.factor or route.startswith("/interactions/"):
            return {}, None
        allowed, per = self.allowances.get((method, route), USUAL)
        now, window = self._now(), self._window((method, route, place), allowed, per)
        wait = window.take(now)
        headers = self._headers(window, hashlib.md5(f"{method} {route}".encode()).hexdigest(), now)
        if wait:
            return headers, self._too_fast(wait, "user", headers)
        counted = not route.startswith("/webhooks/")
        if counted and (overall := self._window(("", "", ""), GLOBAL, 1.0).take(now)):
            return headers, self._too_fast(overall, "global", {"X-RateLimit-Global": "true"})
        return headers, None

    def take_old_edit(self, channel: str) -> Limited | None:
        """Count an edit of a message older than an hour."""
        if not self.factor:
            return None
        wait = self._window(("PATCH", "old", channel), *OLD_EDITS).take(self._now())
        sentence = "Maximum number of edits to messages older than 1 hour reached. Try again later."
        return Limited(wait, "user", {}, 30046, sentence) if wait else None

    def _too_fast(self, wait: float, scope: str, headers: dict[str, str]) -> Limited:
        self.refused += 1
        return Limited(wait, scope, headers)

    def _window(self, key: tuple[str, str, str], allowed: int, per: float) -> Window:
        if key not in self._windows:
            self._windows[key] = Window(allowed, per * self.factor)
        return self._windows[key]

    @staticmethod
    def _headers(window: Window, bucket: str, now: float) -> dict[str, str]:
        left = max(0.0, window.until - now)
        return {
            "X-RateLimit-Limit": str(window.allowed),
            "X-RateLimit-Remaining": str(window.allowed - window.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": bucket,
        }


def refusal_headers(limited: Limited) -> dict[str, str]:
    """What a 429 carries besides."""
    scope = {"X-RateLimit-Scope": limited.scope, "Retry-After": f"{limited.retry_after:.3f}", "Via": "1.1 fake"}
    return {**limited.headers, **scope}
