"""Getting the finished clip out of a dialect server: ``/content`` first, then whatever address it names.

Gateways answer 200 with JSON or HTML and call it video/mp4; SGLang names the clip's address in a 400; relays keep it in
the Video object. Once a clip is paid for, only a clear word ends the search: everything else is `Unreachable`, ask again.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

import httpx

from adapters.video.dialect import Video, link_in, links_of, video_of
from adapters.video.download import Download, other_media
from adapters.video.trouble import trouble_in
from adapters.video.wire import Answer, NoAnswer, NoConnection, Redaction, Wire
from bot.errors import RefusedByRules, ThroughlineError, TurnedDown, Unreachable
from bot.paperwork import Phase, Report

LINKS_MOST: Final = 3
MISSED_TIMES: Final = 3
MISSED_SECONDS: Final = 20.0


class ClipDesk:
    """Hands over clips. `ask` gives the answer to ``GET /videos/{id}``, `read` what it says; `ask` raises `Unreachable`."""

    def __init__(
        self,
        wire: Wire,
        download: Download,
        redaction: Redaction,
        ask: Callable[[str], Awaitable[Answer]],
        read: Callable[[Answer], Report],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire, self._download, self._redaction = wire, download, redaction
        self._ask, self._read, self._now = ask, read, now
        self._missed: dict[str, list[float]] = {}

    async def fetch(self, remote_id: str, into: Path) -> None:
        """Write the clip to `into`. Raises `Unreachable`, `TurnedDown`, `RefusedByRules`, `DiskFull`."""
        answer = await self._try(self._wire.url("videos", remote_id, "content"), into)
        if answer is None or await self._try_links(_links_in(answer), into):
            return
        asked = await self._ask(remote_id)
        video, report = video_of(asked.data), self._read(asked)
        self._must_be_finished(remote_id, report)
        if video is None or not await self._try_links(links_of(video), into):
            raise self._no_clip(answer)

    async def _try(self, url: httpx.URL, into: Path) -> Answer | None:
        try:
            return await self._download.fetch(url, into)
        except (NoConnection, NoAnswer) as error:
            raise Unreachable(self._redaction.clean(str(error))) from None

    async def _try_links(self, links: Iterator[str], into: Path) -> bool:
        """Whether one of them held the clip."""
        for url in [url for link in links if (url := self._absolute(link))][:LINKS_MOST]:
            if await self._try(url, into) is None:
                return True
        return False

    def _absolute(self, link: str) -> httpx.URL | None:
        try:
            url = self._wire.base.join(link).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError):
            return None
        return url if url.scheme in ("http", "https") and url.host else None

    def _must_be_finished(self, remote_id: str, report: Report) -> None:
        if report.phase is Phase.LOST:
            raise self._lost(remote_id)
        self._missed.pop(remote_id, None)
        if report.phase is Phase.REFUSED:
            raise RefusedByRules(report.gate, report.reason)
        if report.phase in (Phase.QUEUED, Phase.ROLLING):
            raise Unreachable("the clip is not ready yet")
        if report.phase is not Phase.FINISHED:
            raise TurnedDown(report.reason or f"the backend says: {report.phase}")

    def _lost(self, remote_id: str) -> ThroughlineError:
        """A 404 may be a proxy in trouble; three in a row over 20 seconds are not."""
        times = self._missed.setdefault(remote_id, [])
        times.append(self._now())
        if len(times) < MISSED_TIMES or times[-1] - times[0] < MISSED_SECONDS:
            return Unreachable("the backend does not know the clip")
        del self._missed[remote_id]
        return TurnedDown("the backend no longer has the clip")

    def _no_clip(self, answer: Answer) -> ThroughlineError:
        """What to make of an answer that is no clip although the job is finished."""
        trouble = trouble_in(answer)
        reason = self._redaction.clean(f"HTTP {answer.status}: {trouble.message}".rstrip(": "))
        if trouble.surely_by_rules and answer.data is not None:
            return RefusedByRules("result", reason)
        if answer.ok and (kind := other_media(answer.body)):
            return TurnedDown(f"the backend sent {kind}, not MP4 or WebM")
        told = isinstance(answer.data, dict) and answer.data.get("error")
        return TurnedDown(reason) if answer.ok and told and not trouble.of_haste else Unreachable(reason)


def _links_in(answer: Answer) -> Iterator[str]:
    data = answer.data
    video: Video | None = data if isinstance(data, dict) else None
    if video is not None and answer.ok:
        yield from links_of(video)
    detail = video.get("detail") if video is not None and answer.status == 400 else None
    link = link_in(detail) if isinstance(detail, str) else None
    if link:
        yield link
