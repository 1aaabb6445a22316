"""The pretended platforms as processes, with their real limits, and what a crowd of members saw there.

Times are seconds of the system's monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import httpx

from benchmarks.processes import DEADLINE, line_of, python

NUMBER: Final = re.compile(r"shot (\d+) of")
WORDS: Final = "shot {number} of a paper boat in the rain"
CHANNELS: Final = 12
"""Channels of the Discord server, between which the members spread."""
MEMBERS: Final = 300


@dataclass
class Seen:
    """What one member saw. `asked` … are moments, `acknowledged` is seconds after `asked`; None: it never came."""

    asked: float = 0.0
    place: str = ""
    acknowledged: float | None = None
    card: float | None = None
    clip: float | None = None


@dataclass
class _Fixed:
    """So many from the first on, then a new first."""

    most: int
    seconds: float
    used: int = 0
    until: float = 0.0

    def free(self, now: float) -> float:
        """When one more may go, at the earliest."""
        return now if now >= self.until or self.used < self.most else self.until

    def take(self, at: float) -> None:
        """One goes."""
        if at >= self.until:
            self.used, self.until = 0, at + self.seconds
        self.used += 1


@dataclass
class _Sliding:
    """So many in the time behind every moment."""

    most: int
    seconds: float
    sent: list[float] = field(default_factory=list)

    def free(self, now: float) -> float:
        """When one more may go, at the earliest."""
        return now if len(self.sent) < self.most else max(now, self.sent[-self.most] + self.seconds)

    def take(self, at: float) -> None:
        """One goes."""
        self.sent.append(at)


@dataclass(frozen=True)
class Allowed:
    """The platform's own limits on sending: how many in how many seconds, in one place and over all."""

    place: tuple[int, float]
    overall: tuple[int, float]
    window: type[_Fixed] | type[_Sliding]

    def soonest(self, wanted: Sequence[tuple[float, str]]) -> float:
        """When the last of these (moment, place) can have been sent at the earliest, whoever sends it."""
        places: dict[str, _Fixed | _Sliding] = {}
        everything = self.window(*self.overall)
        waiting = [(moment, number, place) for number, (moment, place) in enumerate(wanted)]
        heapq.heapify(waiting)
        last = 0.0
        while waiting:
            moment, number, place = heapq.heappop(waiting)
            here = places.setdefault(place, self.window(*self.place))
            at = max(here.free(moment), everything.free(moment))
            if at > moment:
                heapq.heappush(waiting, (at, number, place))
                continue
            here.take(at)
            everything.take(at)
            last = max(last, at)
        return last


class Platform(Protocol):
    """One of them."""

    name: str
    allowed: Allowed

    def settings(self) -> dict[str, str]:
        """What points a bot here."""

    async def ready(self) -> None:
        """Return when the bot can be spoken to."""

    async def crowd(self, over: float) -> dict[int, Seen]:
        """`MEMBERS` new members ask for a film each, spread over so many seconds; complete once nothing more comes."""

    async def look(self, seen: dict[int, Seen]) -> None:
        """Fill in what has happened until now."""


@dataclass
class _Remote:
    """Its control."""

    url: str
    client: httpx.AsyncClient

    async def ask(self, verb: str, **body: Any) -> Any:
        """One verb. Raises httpx.HTTPError."""
        answer = await self.client.post(f"{self.url}/control/{verb}", json=body)
        answer.raise_for_status()
        return answer.json()


@dataclass
class Discord:
    """A server with `CHANNELS` channels."""

    remote: _Remote
    token: str
    name: str = "Discord"
    allowed: Allowed = Allowed((5, 5.0), (50, 1.0), _Fixed)
    channels: list[str] = field(default_factory=lambda: [f"stage-{number}" for number in range(CHANNELS)])
    _since: int = 0

    def settings(self) -> dict[str, str]:
        api, gateway = f"{self.remote.url}/api/v10", f"{self.remote.url.replace('http', 'ws', 1)}/gw/"
        return {"DISCORD_TOKEN": self.token, "DISCORD_API_URL": api, "DISCORD_GATEWAY_URL": gateway}

    async def furnish(self) -> None:
        """Open the channels."""
        await self.remote.ask("guild", name="set")
        for channel in self.channels:
            await self.remote.ask("channel", guild="set", name=channel)

    async def ready(self) -> None:
        async with asyncio.timeout(DEADLINE):
            while True:
                state = await self.remote.ask("state")
                if "generate" in state["commands"] and state["connected"]:
                    return
                await asyncio.sleep(0.1)

    async def crowd(self, over: float) -> dict[int, Seen]:
        self._since = (await self.remote.ask("count"))["calls"]
        options = {"prompt": WORDS}
        begun = time.monotonic()
        heard = await self.remote.ask(
            "crowd", count=MEMBERS, channels=self.channels, name="generate", options=options, over=over
        )
        seen = {number: Seen(begun + number * over / MEMBERS) for number in range(MEMBERS)}
        for number, each in enumerate(heard):
            seen[number].acknowledged = each["acknowledged_within"]
            seen[number].place = self.channels[number % CHANNELS]
        return seen

    async def look(self, seen: dict[int, Seen]) -> None:
        for call in await self.remote.ask("calls", since=self._since):
            found = NUMBER.search(json.dumps(call["json"] or ""))
            if call["status"] != 200 or found is None or "/messages" not in call["route"]:
                continue
            one, ended = seen[int(found[1])], call["at"] + call["took"]
            if call["files"]:
                one.clip = one.clip or ended
            elif call["method"] == "POST":
                one.card = one.card or ended


@dataclass
class Telegram:
    """A conversation for each member."""

    remote: _Remote
    token: str
    name: str = "Telegram"
    allowed: Allowed = Allowed((5, 5.0), (30, 1.0), _Sliding)
    _chats: dict[int, int] = field(default_factory=dict)
    _crowds: int = 0

    def settings(self) -> dict[str, str]:
        return {"TELEGRAM_TOKEN": self.token, "TELEGRAM_API_URL": self.remote.url}

    async def ready(self) -> None:
        async with asyncio.timeout(DEADLINE):
            while True:
                if (await self.remote.ask("report"))["polls"]:
                    return
                await asyncio.sleep(0.1)

    async def crowd(self, over: float) -> dict[int, Seen]:
        self._crowds += 1
        self._chats = {}
        wishes = [
            {"user": f"m{self._crowds}-{number}", "text": f"/generate {WORDS.format(number=number)}"}
            for number in range(MEMBERS)
        ]
        seen = {}
        for number, said in enumerate(await self._said(wishes, over)):
            seen[number] = Seen(monotonic(said["at"]), str(said["chat"]))
            self._chats[said["chat"]] = number
        return seen

    async def _said(self, wishes: list[dict[str, str]], over: float) -> list[dict[str, Any]]:
        if not over:
            found: list[dict[str, Any]] = await self.remote.ask("say", many=wishes)
            return found

        async def one(number: int) -> dict[str, Any]:
            await asyncio.sleep(number * over / MEMBERS)
            said: dict[str, Any] = await self.remote.ask("say", **wishes[number])
            return said

        return list(await asyncio.gather(*(one(number) for number in range(MEMBERS))))

    async def look(self, seen: dict[int, Seen]) -> None:
        for call in await self.remote.ask("calls"):
            if call["status"] != 200 or call["chat"] not in self._chats:
                continue
            one, ended = seen[self._chats[call["chat"]]], monotonic(call["ended"])
            if call["method"] in ("editMessageMedia", "sendVideo"):
                one.clip = one.clip or ended
            elif call["method"] == "sendMessage" and one.card is None:
                one.card, one.acknowledged = ended, ended - one.asked


def monotonic(epoch: float) -> float:
    """A moment of the wall's clock on the monotonic one."""
    return epoch - time.time() + time.monotonic()


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[Platform]:
    """``discord`` or ``telegram`` as a process of its own, with its real limits."""
    program = ("-m", f"tests.fakes.{name}", "--port", "0")
    judge = ("--judge", "none") if name == "telegram" else ()
    limits = httpx.Limits(max_connections=None)
    async with python(*program, *judge, own={}) as process, httpx.AsyncClient(timeout=600, limits=limits) as client:
        told = json.loads(await line_of(process))
        remote = _Remote(told.get("origin") or told["url"], client)
        if name == "telegram":
            yield Telegram(remote, told["token"])
            return
        discord = Discord(remote, told["token"])
        await discord.furnish()
        yield discord
