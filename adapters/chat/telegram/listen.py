"""Events in: by asking Telegram for updates, or by the webhook where the operator prefers it. Stored first, answered then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from adapters.chat import ChatPoster, ChatSettings
from adapters.chat.telegram import webhook
from adapters.chat.telegram.answering import Answering
from adapters.chat.telegram.ears import Ears
from adapters.chat.telegram.hearing import Hearing
from adapters.chat.telegram.library import PLATFORM
from adapters.chat.telegram.menu import hang_out
from adapters.chat.telegram.polling import POLL_SECONDS, Polling
from adapters.chat.telegram.staff import Staff
from adapters.chat.telegram.updates import Me, Surroundings
from adapters.chat.telegram.webhook import Door
from adapters.chat.telegram.wire import wire_of
from bot.errors import BadSetting
from bot.intake import Intake

log = logging.getLogger("throughline.telegram")

START_SECONDS: Final = 10.0
"""So long a start waits for Telegram; after that the bot goes on trying by itself."""
_Step = Callable[[Bot], Awaitable[None]]
AGAIN: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


@dataclass
class _Life:
    """What there is only while it listens."""

    bot: Ears
    answering: Answering
    staff: Staff
    hearing: Hearing | None = None
    polling: Polling | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class TelegramListener:
    """Hears Telegram. `doors`: what the web server opens for it, by name; empty unless the webhook is wanted."""

    doors: Mapping[str, Door]

    def __init__(self, setting: ChatSettings, intake: Intake, poster: ChatPoster, *, poll: int = POLL_SECONDS) -> None:
        self._setting, self._intake, self._poster, self._poll = setting, intake, poster, poll
        self._life: _Life | None = None
        self._password = ""
        self.doors = {PLATFORM: self._opened} if webhook.is_wanted(setting) else {}

    async def start(self, seconds: float = START_SECONDS) -> None:
        """Begin to hear. Raises `BadSetting`, with nothing left running, for what the operator has to mend.

        A network that is away is none of that: after `seconds` it goes on trying by itself.
        """
        options = self._setting.options
        try:
            bot = Ears(options.get("TELEGRAM_TOKEN", "").strip(), options.get("TELEGRAM_API_URL", ""))
        except InvalidToken as none:
            raise BadSetting(name="TELEGRAM_TOKEN", reason="there is none") from none
        life = self._life = _Life(bot, Answering(bot, self._intake, self._poster), Staff(bot))
        began = asyncio.create_task(self._begin(life), name="telegram start")
        life.tasks.append(began)
        await asyncio.wait({began}, timeout=seconds)
        if not began.done():
            log.error("telegram: %s cannot be reached yet; trying on", options.get("TELEGRAM_API_URL") or "Telegram")
        elif fault := began.exception():
            await self.stop()
            raise fault

    async def stop(self) -> None:
        """Hear no more, within a few seconds; what was heard is stored."""
        life, self._life = self._life, None
        if life is None:
            return
        for task in life.tasks:
            task.cancel()
        await asyncio.gather(*life.tasks, return_exceptions=True)
        if life.polling is not None:
            await life.polling.stop()
        await life.answering.close()
        await life.staff.close()
        with suppress(TelegramError, RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await life.bot.hang_up()

    async def _begin(self, life: _Life) -> None:
        """Learn who we are, then open the ears. Raises `BadSetting`."""
        if webhook.is_wanted(self._setting):
            self._password = await asyncio.to_thread(webhook.secret, self._setting)
            webhook.address(self._setting)
        me = await self._introduced(life.bot)
        room = wire_of(self._setting).fetch_room
        life.hearing = Hearing(self._intake, life.answering, life.staff, Surroundings(me, self._setting.language, room))
        await self._patiently(life.bot, self._open)
        if not self.doors:
            life.polling = Polling(life.bot, life.hearing.take, poll=self._poll)
            life.polling.start()
        life.tasks.append(asyncio.create_task(self._menu(life.bot), name="telegram menu"))

    async def _introduced(self, bot: Bot) -> Me:
        await self._patiently(bot, Bot.initialize)
        return Me(bot.id, bot.username)

    async def _open(self, bot: Bot) -> None:
        """One way or the other: Telegram refuses to tell both."""
        if self.doors:
            await webhook.hang_up(bot, webhook.address(self._setting), self._password)
        else:
            await bot.delete_webhook(drop_pending_updates=False)

    async def _patiently(self, bot: Bot, do: _Step) -> None:
        """Until it is done. Raises `BadSetting` where trying again would not help."""
        failures = 0
        while True:
            try:
                await do(bot)
                return
            except (InvalidToken, BadRequest, Forbidden) as refused:
                raise self._mend(refused) from None
            except TelegramError as fault:
                wait = AGAIN[min(failures, len(AGAIN) - 1)]
                log.warning("telegram: no answer (%s); again in %g s", type(fault).__name__, wait)
            failures += 1
            await asyncio.sleep(wait)

    def _mend(self, refused: TelegramError) -> BadSetting:
        """What an operator reads. Telegram answers a wrong token like an address that is not there."""
        if isinstance(refused, BadRequest) and self.doors:
            return BadSetting(
                name="THROUGHLINE_PUBLIC_URL", reason=f"Telegram does not take it for a webhook: {refused}"
            )
        pointed = self._setting.options.get("TELEGRAM_API_URL", "")
        where = f"{pointed} does not accept it, or is no Bot API server" if pointed else "Telegram does not accept it"
        return BadSetting(name="TELEGRAM_TOKEN", reason=where)

    async def _menu(self, bot: Bot) -> None:
        """The command menu is a convenience: without it everything works."""
        for wait in (1.0, 10.0, 60.0):
            try:
                changed = await hang_out(bot, self._setting.language)
            except TelegramError as fault:
                log.info("telegram: the command menu was not set (%s)", type(fault).__name__)
                await asyncio.sleep(wait)
            else:
                log.debug("telegram: %s command lists were changed", changed)
                return

    async def _opened(self, headers: Mapping[str, str], body: bytes) -> int:
        """The webhook's door; before we know who we are, Telegram has to come again."""
        life = self._life
        if life is None or life.hearing is None or not self._password:
            return 503
        return await webhook.door(self._password, life.hearing.take)(headers, body)
