"""One call to Telegram after another: each in its turn, repeated where that is safe, refusals sorted by what they mean."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from telegram import Bot
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from adapters.chat.telegram.faults import Kind, Moved, Refused, seconds_told
from adapters.chat.telegram.pace import Pacer, ToldToWait, Urgency
from adapters.chat.telegram.wire import Wire, open_bot
from bot.errors import DeliveryFault
from bot.ports import Clock, WorkFactory

T = TypeVar("T")
Call = Callable[[Bot], Awaitable[T]]
log = logging.getLogger("throughline.telegram")

TRIES: Final = 4
"""Of what may be repeated: an edit, and what never left this machine."""
SENDS: Final = 2
"""Of a new message whose fate is not known: doubled words can be forgiven, words that never came cannot."""
CLOSED_SECONDS: Final = 600.0


class Line:
    """The calls of one process. Chats are Telegram's ids as text."""

    def __init__(self, wire: Wire, work: WorkFactory, pacer: Pacer, clock: Clock) -> None:
        self.wire, self.pacer = wire, pacer
        self._work, self._clock = work, clock
        self._bot: Bot | None = None
        self._closed: dict[str, tuple[float, str]] = {}
        self._moved: dict[str, str] = {}

    @property
    def bot(self) -> Bot:
        """The library's bot, made at its first use."""
        if self._bot is None:
            self._bot = open_bot(self.wire)
        return self._bot

    def where(self, chat: str) -> str:
        """The id that the chat has now, as far as we have been told."""
        return self._moved.get(chat, chat)

    async def edit(self, chat: str, key: str, urgency: Urgency, call: Call[T], *, heavy: bool = False) -> T:
        """What may be done twice; `heavy` with a file. Raises `Refused`, `Moved` or another `DeliveryFault`."""
        return await self._do(chat, key, urgency, call, TRIES, heavy=heavy)

    async def send(self, chat: str, key: str, urgency: Urgency, call: Call[T], *, heavy: bool = False) -> T:
        """A new message: one whose fate is not known is sent once more at most. Raises like `edit`."""
        return await self._do(chat, key, urgency, call, SENDS, heavy=heavy)

    def offer(self, chat: str, key: str, call: Call[object]) -> None:
        """An edit that may be dropped. A refusal is not repeated, nor told."""
        if self._shut(chat) is None:
            self.pacer.offer(chat, key, lambda: self._progress(chat, call))

    async def close(self) -> None:
        """Let go of connections; what waits is left to the sweep."""
        await self.pacer.close()
        if self._bot is not None:
            await self._bot.request.shutdown()

    async def _do(
        self, chat: str, key: str, urgency: Urgency, call: Call[T], lost_most: int, *, heavy: bool = False
    ) -> T:
        self._check_open(chat, urgency)
        failures = 0
        while True:
            try:
                result = await self.pacer.turn(chat, key, urgency, lambda: self._once(call), heavy=heavy)
            except TelegramError as error:
                refused = await self._sorted(chat, error)
                failures += 1
                most = {Kind.NOT_SENT: TRIES, Kind.UNKNOWN: lost_most}.get(refused.kind, 0)
                if failures >= most:
                    raise refused from None
                log.info("telegram: %s; once more", self.wire.scrubbed(refused.reason))
                await self._clock.sleep(2.0 ** (failures - 1))
            else:
                self._closed.pop(chat, None)
                return result

    async def _once(self, call: Call[T]) -> T:
        try:
            return await call(self.bot)
        except RetryAfter as told:
            raise ToldToWait(seconds_told(told)) from None

    async def _progress(self, chat: str, call: Call[object]) -> None:
        try:
            await self._once(call)
        except TelegramError as error:
            try:
                refused = await self._sorted(chat, error)
            except Moved:
                return
            log.debug("telegram: progress not shown: %s", self.wire.scrubbed(refused.reason))

    async def _sorted(self, chat: str, error: TelegramError) -> Refused:
        """The refusal; a chat that is closed or has moved is remembered. Raises `Moved`."""
        if isinstance(error, ChatMigrated):
            await self._follow(chat, str(error.new_chat_id))
        refused = Refused(error)
        if refused.kind is Kind.CLOSED:
            self._closed[chat] = self._clock.now() + CLOSED_SECONDS, refused.reason
            self.pacer.forget(chat, DeliveryFault(refused.reason, final=True))
        if refused.kind is Kind.TOKEN:
            log.error("telegram does not accept TELEGRAM_TOKEN any more; nothing can be posted there")
        return refused

    async def _follow(self, old: str, new: str) -> None:
        log.warning("telegram: a group has become a supergroup; everything that points to it follows")
        async with self._work() as w:
            await w.move_chat("telegram", old, new)
        self._moved[old] = new
        self.pacer.forget(old, Moved(new))
        raise Moved(new)

    def _check_open(self, chat: str, urgency: Urgency) -> None:
        """An answer or a first card is always tried: somebody there has just acted."""
        reason = self._shut(chat)
        if reason is not None and urgency is not Urgency.ANSWER:
            raise DeliveryFault(reason, final=True)

    def _shut(self, chat: str) -> str | None:
        until, reason = self._closed.get(chat, (0.0, ""))
        return reason if until > self._clock.now() else None
