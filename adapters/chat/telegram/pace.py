"""When something may be sent to Telegram: one turn after another, the clip first and progress last.

Limits are those of https://core.telegram.org/bots/faq ("My bot is hitting limits"): about one message a second in one chat
with short bursts, twenty a minute in a group, about thirty a second over all; edits count like messages. Nothing here knows
Telegram's library: what is sent is a coroutine function, and "told to wait" is `ToldToWait`.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeVar

from adapters.chat.telegram.rate import EVERYWHERE, GROUP, PRIVATE, Allowance, Metronome, Window
from bot.errors import DeliveryFault
from bot.ports import Clock

T = TypeVar("T")
Send = Callable[[], Awaitable[Any]]
log = logging.getLogger("throughline.telegram")

IDLE_CHATS: Final = 2000
"""So many chats are remembered before those in which nothing happens are forgotten."""
TOGETHER: Final = 3
"""So many chats refused within `TOGETHER_SECONDS` mean that the limit over all is meant."""
TOGETHER_SECONDS: Final = 2.0
UPLOADS: Final = 16
"""So many files go up at once: more would only make each of them slower, and let them arrive in bunches."""


class Urgency(IntEnum):
    """What goes first."""

    CLIP = 0
    ANSWER = 1
    """Answers, questions, first cards."""
    END = 2
    """How a take ended, and other edits that have to arrive."""
    READY = 3
    PROGRESS = 4


_LONGEST: Final[Mapping[Urgency, float]] = {Urgency.CLIP: 900.0, Urgency.READY: 30.0, Urgency.PROGRESS: 45.0}
"""Seconds after which a thing that waits is given up; 300 for the others. What is given up is tried again by who sent it."""


class ToldToWait(Exception):
    """Telegram wants nothing from us in that chat for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"told to wait {seconds:g} s")


class SteadyClock:
    """`ports.Clock` that is never set back; its `now` counts from nowhere in particular."""

    def now(self) -> float:
        """Seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others work meanwhile."""
        await asyncio.sleep(seconds)


@dataclass(eq=False)
class _Item:
    """One thing that waits for its turn."""

    urgency: Urgency
    key: str
    send: Send
    until: float
    order: int
    done: asyncio.Future[Any] | None = None
    """None for progress, which nobody waits for."""
    heavy: bool = False
    """Brings a file along."""

    @property
    def over(self) -> bool:
        return self.done is not None and self.done.done()

    def fail(self, error: BaseException) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_exception(error)

    def finish(self, result: Any) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_result(result)


@dataclass(eq=False)
class _Chat:
    """What waits in one chat, and what was sent there of late."""

    window: Window
    waiting: list[_Item] = field(default_factory=list)
    offers: dict[str, _Item] = field(default_factory=dict)
    flying: dict[str, _Item] = field(default_factory=dict)
    held_until: float = -math.inf
    progressed: float = -math.inf
    served: float = -math.inf
    rests_until: float = -math.inf
    """Nothing can be sent before, unless something new comes."""

    @property
    def idle(self) -> bool:
        return not (self.waiting or self.offers or self.flying)

    def owed(self, key: str) -> bool:
        """Whether something that has to arrive is under way for that key."""
        return (key in self.flying and self.flying[key].done is not None) or any(
            each.key == key for each in self.waiting
        )

    def next(self, now: float, heavy: bool) -> _Item | None:
        """What may be sent now, `heavy` things only if it says so; None: nothing, and `rests_until` says until when."""
        self._clear_out(now)
        rest = min((each.until for each in self._all()), default=math.inf)
        for item in self._in_order():
            if item.key in self.flying or (item.heavy and not heavy):
                continue
            free = max(self.held_until, self._free_at(item.urgency, now))
            if free <= now:
                return item
            rest = min(rest, free)
        self.rests_until = rest
        return None

    def _free_at(self, urgency: Urgency, now: float) -> float:
        free = self.window.free_at(urgency, now)
        return max(free, self.progressed + self.window.allowance.gap) if urgency is Urgency.PROGRESS else free

    def _all(self) -> Iterator[_Item]:
        yield from self.waiting
        yield from self.offers.values()

    def _in_order(self) -> Iterator[_Item]:
        yield from sorted(self.waiting, key=lambda each: (each.urgency, each.order))
        yield from self.offers.values()

    def _clear_out(self, now: float) -> None:
        for each in self.waiting:
            if each.until <= now:
                each.fail(DeliveryFault("there was no room for it in that chat"))
        self.waiting = [each for each in self.waiting if not each.over]
        self.offers = {key: each for key, each in self.offers.items() if each.until > now}

    def take(self, item: _Item, now: float) -> None:
        """It is on its way."""
        if item.done is None:
            del self.offers[item.key]
            self.progressed = now
        else:
            self.waiting.remove(item)
        self.flying[item.key] = item
        self.served = now
        self.window.begin()


class Pacer:
    """Gives every send and edit its turn, in one process. Two things of one key never go out at the same time."""

    def __init__(self, clock: Clock | None = None, private: Allowance = PRIVATE, group: Allowance = GROUP) -> None:
        self._clock = clock or SteadyClock()
        self._allowances = private, group
        self._overall = Metronome(EVERYWHERE)
        self._chats: dict[str, _Chat] = {}
        self._refused: dict[str, float] = {}
        self._held_until = -math.inf
        self._uploads = 0
        self._order = itertools.count()
        self._news = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def turn(
        self, chat: str, key: str, urgency: Urgency, send: Callable[[], Awaitable[T]], *, heavy: bool = False
    ) -> T:
        """Call `send` when it is its turn; what it returns or raises. Progress that waits under this key is dropped.

        `heavy`: it brings a file along.
        A `ToldToWait` from `send` silences the chat for that time, then `send` is called again. Raises `DeliveryFault` when
        its turn does not come in time.
        """
        if self._closed:
            raise DeliveryFault("this process is being stopped")
        where, now = self._chat(chat), self._clock.now()
        where.offers.pop(key, None)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        item = _Item(urgency, key, send, now + _LONGEST.get(urgency, 300.0), next(self._order), done, heavy)
        where.waiting.append(item)
        self._stir(where)
        result: T = await done
        return result

    def offer(self, chat: str, key: str, send: Send) -> None:
        """Progress: a newer one takes the place of an older one that waits; dropped when stale, or when better is under way."""
        where = self._chat(chat)
        if self._closed or where.owed(key):
            return
        until = self._clock.now() + _LONGEST[Urgency.PROGRESS]
        # dict keeps the place of a key that is replaced: whoever was shown longest ago stays first
        where.offers[key] = _Item(Urgency.PROGRESS, key, send, until, next(self._order))
        self._stir(where)

    def forget(self, chat: str, fault: DeliveryFault) -> None:
        """Nothing can be sent there: what waits fails with `fault`, progress is dropped."""
        if where := self._chats.get(chat):
            for each in where.waiting:
                each.fail(fault)
            where.waiting, where.offers = [], {}

    async def close(self) -> None:
        """Send no more; what waits fails and is left to the sweep."""
        self._closed = True
        for name in self._chats:
            self.forget(name, DeliveryFault("this process is being stopped"))
        tasks = [task for task in (self._loop, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _chat(self, name: str) -> _Chat:
        found = self._chats.get(name)
        if found is None:
            if len(self._chats) >= IDLE_CHATS:
                self._forget_idle()
            private, group = self._allowances
            found = self._chats[name] = _Chat(Window(private if name.isdecimal() else group))
        return found

    def _forget_idle(self) -> None:
        now = self._clock.now()
        self._chats = {
            name: each
            for name, each in self._chats.items()
            if not each.idle or each.held_until > now or not each.window.empty(now)
        }

    def _stir(self, where: _Chat) -> None:
        where.rests_until = -math.inf
        self._news.set()
        if self._closed:
            return
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._run(), name="telegram turns")

    async def _run(self) -> None:
        while True:
            self._news.clear()
            await self._rest(self._give_turns() - self._clock.now())

    def _give_turns(self) -> float:
        """Start what may be sent now; returns when to look again."""
        while True:
            now = self._clock.now()
            free = max(self._overall.free_at(), self._held_until)
            if free > now:
                return free
            chosen = self._choose(now)
            if chosen is None:
                waiting = (each for each in self._chats.values() if each.waiting or each.offers)
                return min((each.rests_until for each in waiting), default=math.inf)
            self._overall.beat(now)
            self._launch(*chosen, now)

    def _choose(self, now: float) -> tuple[str, _Item] | None:
        """The most urgent thing; among equals, of the chat that was served longest ago."""
        best: tuple[tuple[Urgency, float, int], str, _Item] | None = None
        for name, where in self._chats.items():
            if where.rests_until > now or not (where.waiting or where.offers):
                continue
            if (item := where.next(now, self._uploads < UPLOADS)) is None:
                continue
            rank = (item.urgency, where.served, item.order)
            if best is None or rank < best[0]:
                best = rank, name, item
        return best and best[1:]

    def _launch(self, chat: str, item: _Item, now: float) -> None:
        self._chats[chat].take(item, now)
        self._uploads += item.heavy
        task = asyncio.create_task(self._send(chat, item), name="telegram send")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, chat: str, item: _Item) -> None:
        where = self._chats[chat]
        try:
            item.finish(await item.send())
        except ToldToWait as told:
            if item.done is not None:
                where.waiting.append(item)
            self._hold(chat, told.seconds)
        except asyncio.CancelledError:
            item.fail(DeliveryFault("this process is being stopped"))
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it; nobody waits for progress
            item.fail(error)
        finally:
            del where.flying[item.key]
            where.window.end(self._clock.now())
            self._landed(item)
            self._stir(where)

    def _landed(self, item: _Item) -> None:
        """There is room for another file, for whoever waits with one."""
        self._uploads -= item.heavy
        if item.heavy and self._uploads == UPLOADS - 1:
            for each in self._chats.values():
                each.rests_until = -math.inf

    def _hold(self, chat: str, seconds: float) -> None:
        """Silence for that chat; for all of them where several are refused at once."""
        now, where = self._clock.now(), self._chats[chat]
        until = now + seconds + 0.2
        where.held_until = max(where.held_until, until)
        log.warning("telegram: told to wait %g s in one chat", seconds)
        for each in where.waiting:
            if each.until <= where.held_until:
                each.fail(DeliveryFault(f"told to wait {seconds:g} s"))
        self._refused = {name: at for name, at in self._refused.items() if now - at < TOGETHER_SECONDS} | {chat: now}
        if len(self._refused) >= TOGETHER:
            self._held_until = max(self._held_until, min(self._chats[name].held_until for name in self._refused))

    async def _rest(self, seconds: float) -> None:
        """Until then, or until something new comes."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self._news.wait())]
        if math.isfinite(seconds):
            waits.append(asyncio.create_task(self._sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
