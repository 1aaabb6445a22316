"""What is said once a batch is stored: taps are acknowledged, missing words asked for, and what cannot be done is told.

All of it happens beside the listening. None of it is a wish, so a crash may lose it: the member taps or writes once more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol, runtime_checkable

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from adapters.chat import ChatPoster
from adapters.chat.telegram.library import place_of
from adapters.chat.telegram.notes import Recent
from adapters.chat.telegram.questions import question
from adapters.chat.telegram.understand import OLD_BUTTON, Asked, Outcome, Told, Wanted
from adapters.chat.telegram.updates import Pressed, Said
from bot.cards import Card, Tone
from bot.errors import Declined, DeliveryFault
from bot.intake import Intake
from bot.people import Address
from bot.text import explain, say

log = logging.getLogger("throughline.telegram")

POPUP: Final = 200
"""Characters that an answer to a tap may have (core.telegram.org/bots/api#answercallbackquery)."""
TRIES: Final = (0.3, 1.0, 3.0)
"""Seconds after which an acknowledgement that did not get through is repeated; later nobody sees it any more."""
MILD_SECONDS: Final = 30.0
AT_ONCE: Final = 32
FILMING: Final = frozenset(
    {"generate", "remix", "retake", "extend", "edit", "offer", "settle", "shoot", "draft", "approve", "reshoot"}
)
CUTTING: Final = frozenset({"film"})
NOTED: Final = frozenset({"cancel", "circle", "drop", "vote"})
PRICED: Final = frozenset({"final"})
ONE_PICTURE: Final = "ack.one_picture"


@runtime_checkable
class Asks(Protocol):
    """A poster that can open the reply box."""

    async def ask(self, address: Address, action: str, question: str, placeholder: str = "", words: str = "") -> str:
        """Ask for the words that `action` misses; `words`: those that stand there now. Raises `DeliveryFault`."""


class Answering:
    """Answers in tasks of its own. `now` counts seconds from nowhere in particular."""

    def __init__(self, bot: Bot, intake: Intake, poster: ChatPoster, now: Callable[[], float] = time.monotonic) -> None:
        self._bot, self._intake, self._poster, self._now = bot, intake, poster, now
        self._told: Recent[tuple[str, str], float] = Recent()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: dict[str, set[asyncio.Future[None]]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    def answer(self, event: Said | Pressed, outcome: Outcome | Declined) -> None:
        """Do what is due for it, soon; returns at once."""
        if isinstance(event, Pressed):
            self._soon(self._tapped(event, outcome))
        elif isinstance(outcome, Asked):
            self._soon(self._ask(event, outcome.action))
        elif isinstance(outcome, Declined):
            self._soon(self._tell(event, explain(outcome, event.address.locale), Tone.FAILED))
        elif isinstance(outcome, Told):
            if not outcome.mild or self._due(event, outcome.key):
                self._soon(self._tell(event, say(outcome.key, event.address.locale)))
        elif isinstance(outcome, Wanted) and outcome.note and self._due(event, outcome.note):
            self._soon(self._tell(event, say(outcome.note, event.address.locale)))

    def one_picture(self, said: Said) -> None:
        """Of an album only the first picture was taken."""
        self._soon(self._tell(said, say(ONE_PICTURE, said.address.locale)))

    async def written(self, chat: str) -> bool:
        """Wait until the questions on their way into that chat are written down; whether there were any.

        A question can be read before we know the number that Telegram gave it, so a quick answer may come first.
        """
        under_way = tuple(self._asking.get(chat, ()))
        await asyncio.gather(*under_way)
        return bool(under_way)

    async def close(self, seconds: float = 1.0) -> None:
        """Let what is being said be said, for so long."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _due(self, said: Said, key: str) -> bool:
        """The same is told in one place only once in a while."""
        at, now = (said.address.chat, key), self._now()
        last = self._told.get(at)
        if last is not None and now - last < MILD_SECONDS:
            return False
        self._told.put(at, now)
        return True

    def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._done(doing), name="telegram answer")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, doing: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._room:
                await doing
        except DeliveryFault as fault:
            log.info("telegram: not answered: %s", fault.reason)
        except Exception as fault:  # noqa: BLE001 - an answer that fails is no reason to stop hearing
            log.error("telegram: an answer failed: %s", place_of(fault))
        finally:
            doing.close()

    async def _tapped(self, press: Pressed, outcome: Outcome | Declined) -> None:
        locale = press.member.locale
        if isinstance(outcome, Asked):
            await self._acknowledge(press)
            await self._ask(press, outcome.action)
        elif isinstance(outcome, Wanted):
            await self._acknowledge(press, _ack(outcome, locale))
        elif isinstance(outcome, Declined):
            await self._acknowledge(press, explain(outcome, locale), alert=True)
        else:
            key = outcome.key if isinstance(outcome, Told) else OLD_BUTTON
            await self._acknowledge(press, say(key, locale), alert=True)

    async def _acknowledge(self, press: Pressed, text: str = "", *, alert: bool = False) -> None:
        """Stop the button's spinning. Too late is no fault of anybody's, and nothing depends on it."""
        for wait in (*TRIES, None):
            try:
                await self._bot.answer_callback_query(press.query, text=text[:POPUP] or None, show_alert=alert)
            except (BadRequest, Forbidden, InvalidToken, RetryAfter) as refused:
                log.info("telegram: a tap was not acknowledged: %s", type(refused).__name__)
            except TelegramError:
                if wait is not None:
                    await asyncio.sleep(wait)
                    continue
            return

    async def _ask(self, event: Said | Pressed, action: str) -> None:
        address = event.address
        try:
            slate, words = await self._intake.asked_about(action, event.member, address)
        except Declined as declined:
            await self._tell(event, explain(declined, address.locale), Tone.FAILED)
            return
        asked = question(action, slate, words, address.locale)
        if not isinstance(self._poster, Asks):
            await self._poster.answer(address, f"ask {event.wish}", Card(lines=(asked.text,)))
            return
        more = {"words": asked.words} if asked.words else {}
        with self._under_way(address.chat):
            await self._poster.ask(address, action, asked.text, asked.placeholder, **more)

    @contextmanager
    def _under_way(self, chat: str) -> Iterator[None]:
        """For as long as a question is being put there."""
        ended = asyncio.get_running_loop().create_future()
        self._asking.setdefault(chat, set()).add(ended)
        try:
            yield
        finally:
            ended.set_result(None)
            self._asking[chat].discard(ended)
            if not self._asking[chat]:
                del self._asking[chat]

    async def _tell(self, event: Said | Pressed, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        await self._poster.answer(event.address, f"note {event.wish}", Card(tone=tone, lines=(sentence,)))


def _ack(wanted: Wanted, locale: str) -> str:
    name = wanted.command.name
    if name in FILMING:
        return say("ack.filming", locale)
    if name in PRICED:
        return say("ack.priced", locale)
    if name in CUTTING:
        return say("ack.cutting", locale)
    return say("ack.noted", locale) if name in NOTED else ""
