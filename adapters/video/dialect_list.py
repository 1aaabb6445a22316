"""The list of jobs, ``GET /videos``: walking it, finding an order whose answer was lost, following many jobs at once.

Not every server has one (LiteLLM answers 400), not every list is whole, newest first, or carries prompts: what cannot be
known is said to be unknown, because a job taken for missing would be paid for twice.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from adapters.video.dialect import Page, Video, id_of, moment_of, page_of
from adapters.video.wire import Answer
from bot.errors import Unreachable
from bot.paperwork import Order, Search

PAGE: Final = 100
PAGES_MOST: Final = 100
PAGES_A_TICK: Final = 10
"""Following reads so many pages at once; the rest of a longer list has its turn at the next tick, so that the number of requests
stays constant."""
NO_LIST: Final = frozenset({400, 403, 404, 405, 501})
ASK_AGAIN_SECONDS: Final = 600.0
"""A server that had no list may have been a proxy in trouble: look again after that time."""
SLACK_SECONDS: Final = 2.0


class Ask(Protocol):
    """A question to the server. Raises `Unreachable`."""

    def __call__(self, method: str, *path: str, params: dict[str, str | int] | None = None) -> Awaitable[Answer]: ...


Look = Callable[[Page, Answer], bool]
"""Looks at one page; True: it has seen enough."""


class Listing:
    """The list of one server. `offered`: False where the operator says that it has none."""

    def __init__(self, ask: Ask, *, offered: bool) -> None:
        self._ask = ask
        self._offered = offered
        self._closed_until = 0.0
        self._left_at: str | None = None
        """The id after which following goes on; None: at the newest."""

    @property
    def available(self) -> bool:
        """As far as we know, it has a list."""
        return self._offered and time.monotonic() >= self._closed_until

    async def walk(self, look: Look) -> bool:
        """Page by page until `look` has seen enough or the list ends (True); False: there may be more that we cannot see.

        Raises `Unreachable`.
        """
        ended, _ = await self._pages(look, None, PAGES_MOST)
        return ended

    async def stroll(self, look: Look) -> bool:
        """`walk`, a few pages at a time: the next call goes on where this one stopped. True: it came to the end.

        Raises `Unreachable`.
        """
        began = self._left_at
        self._left_at = None
        ended, after = await self._pages(look, began, PAGES_A_TICK)
        if not ended and after is not None:
            self._left_at = after
        return ended and began is None

    async def _pages(self, look: Look, after: str | None, most: int) -> tuple[bool, str | None]:
        """Whether it came to the end, and the id of the last job seen; None: there is nowhere to go on."""
        seen: set[str] = set()
        for _ in range(most if self.available else 0):
            answer = await self._ask("GET", "videos", params={"limit": PAGE, **({"after": after} if after else {})})
            page = self._read(answer, first=after is None)
            if page is None:
                return False, None
            fresh = [video for video in page.videos if id_of(video) not in seen]
            if look(Page(tuple(fresh)), answer) or page.more is False or not page.videos:
                return True, None
            if not fresh:  # it does not know `after` and says the same again
                return False, None
            seen.update(id_of(video) or "" for video in fresh)
            after = page.last
        return False, after

    def _read(self, answer: Answer, *, first: bool) -> Page | None:
        page = page_of(answer.data) if answer.ok else None
        if page is None and not answer.ok and answer.status not in NO_LIST:
            raise Unreachable(f"HTTP {answer.status} from the list of jobs")
        if page is None and first:
            self._closed_until = time.monotonic() + ASK_AGAIN_SECONDS
        return page


@dataclass(frozen=True)
class Sent:
    """What an order told the server, as far as it is listed again; None: not sent. `sizes`, `lengths`: all offered."""

    size: str | None = None
    seconds: int | None = None
    sizes: frozenset[str] = frozenset()
    lengths: frozenset[int] = frozenset()


@dataclass
class Finder:
    """Looks for one order among pages: exactly its prompt, made at or after `since` (epoch seconds, our clock)."""

    order: Order
    sent: Sent
    since: float
    found: list[tuple[float, str]] = field(default_factory=list)
    doubt: bool = False

    def look(self, page: Page, answer: Answer) -> bool:
        """Take in a page; True once it reaches back past `since`."""
        floor = self.since - SLACK_SECONDS + _skew(answer)
        moments = [moment_of(video.get("created_at")) for video in page.videos]
        for video, moment in zip(page.videos, moments, strict=True):
            self._weigh(video, moment, floor)
        known = [moment for moment in moments if moment is not None]
        falling = len(known) == len(moments) and known == sorted(known, reverse=True)
        return bool(known) and falling and known[-1] < floor

    def _weigh(self, video: Video, moment: float | None, floor: float) -> None:
        likeness = min(self._prompt(video), self._details(video))
        if likeness < 0 or (moment is not None and moment < floor):
            return
        remote_id = id_of(video)
        if likeness == 0 or moment is None or remote_id is None:
            self.doubt = True
        else:
            self.found.append((moment, remote_id))

    def _prompt(self, video: Video) -> int:
        """1: exactly ours, -1: another, 0: cannot be told (not listed, or listed shortened or tidied)."""
        ours, theirs = self.order.brief.text, video.get("prompt")
        if theirs == ours:
            return 1
        if not isinstance(theirs, str) or not theirs.strip():
            return 0
        return 0 if _tidy(ours).startswith(_tidy(theirs.rstrip(" .…"))) else -1

    def _details(self, video: Video) -> int:
        """The same for remix, size and length: servers round them, so only what is surely another's is excluded."""
        source = video.get("remixed_from_video_id")
        if isinstance(source, str) and source:
            return 1 if source == self.order.remix_of else -1
        return min(self._size(video.get("size")), self._seconds(video.get("seconds")))

    def _size(self, value: object) -> int:
        if self.sent.size is None or not isinstance(value, str) or not value:
            return 1
        theirs = value.lower().replace("*", "x").replace(" ", "")
        if theirs == self.sent.size:
            return 1
        return -1 if theirs in self.sent.sizes else 0

    def _seconds(self, value: object) -> int:
        theirs = _number(value)
        if self.sent.seconds is None or theirs is None or abs(theirs - self.sent.seconds) < 1:
            return 1
        return -1 if theirs in self.sent.lengths else 0

    def result(self, *, whole: bool) -> Search:
        """`whole`: the walk went past `since` or to the end."""
        return Search(tuple(remote_id for _, remote_id in sorted(self.found)), whole and not self.doubt)


def _skew(answer: Answer) -> float:
    """Seconds that the server's clock is ahead of ours, where it is more than a request takes."""
    ahead = 0.0 if answer.date is None else answer.date - time.time()
    return ahead if abs(ahead) > SLACK_SECONDS else 0.0


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
