"""Cards out, by REST alone: any worker can post, show progress and deliver without listening.

A card is one message. When the clip is there, that message becomes the clip, which may be repeated without harm, so a clip is
never posted twice; a short line below it notifies.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from weakref import WeakValueDictionary

import structlog

from adapters.chat.telegram.attachments import fetched
from adapters.chat.telegram.faults import Kind, Moved, Refused
from adapters.chat.telegram.library import PLATFORM
from adapters.chat.telegram.line import Line
from adapters.chat.telegram.notes import Notes, chat_of, message_of
from adapters.chat.telegram.pace import Pacer, SteadyClock, Urgency
from adapters.chat.telegram.parcels import size_of
from adapters.chat.telegram.render import Page, asking, bundled, captioned, message, part_card
from adapters.chat.telegram.sheets import Sheets
from adapters.chat.telegram.wire import Wire
from bot.cards import Card, Tone
from bot.errors import DeliveryFault, TooLarge
from bot.people import Address
from bot.ports import Clock, WorkFactory
from bot.text import say

log = structlog.get_logger()


class TelegramPoster:
    """`ports.Poster` and `ports.Attachments` on Telegram."""

    platform = PLATFORM
    pace = 3.0
    still_pixels = 320

    def __init__(
        self,
        wire: Wire,
        work: WorkFactory,
        clock: Clock | None = None,
        pacer: Pacer | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        clock = clock or SteadyClock()
        self._line = Line(wire, work, pacer or Pacer(clock), clock)
        self._sheets = Sheets(self._line)
        self._notes = Notes(work, wire.account, now)
        self._busy: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Post the card, or edit the one at `posted`; the message's reference, a new one where that message is gone.

        Raises `DeliveryFault`.
        """
        return await self._at(address, key, lambda here: self._show(here, key, card, posted, Urgency.END))

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Edit the card when there is room for it. Returns at once and never raises."""
        posted = self._notes.at_hand(key) or posted
        if self._line.where(chat_of(posted)) == chat_of(posted):
            self._sheets.offer(posted, key, card, address.locale)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """Answer a wish that made no take: a message replying to it, or the pressed card made anew.

        Raises `DeliveryFault`, and `TooLarge` for a file.
        """
        if file is not None:
            await self._at(address, key, lambda here: self._bundled(here, key, card, file))
            return
        if picture is not None:
            await self._at(address, key, lambda here: self._pictured(here, key, card, picture))
            return
        instead = address.pressed if card.replaces else None
        await self._at(address, key, lambda here: self._show(here, key, card, instead, Urgency.ANSWER))

    async def ask(self, address: Address, action: str, question: str, placeholder: str = "", words: str = "") -> str:
        """Ask for the words that `action` still misses; the question's reference. Raises `DeliveryFault`.

        `placeholder` stands in the empty input; `words` are those that stand there now, shown so that a tap copies them.
        """
        page = asking(question, words)

        async def ask(here: Address) -> str:
            posted = await self._sheets.ask(here, f"ask {action}", page, placeholder, _wish(here))
            await self._notes.mean(posted, action)
            return posted

        return await self._following(address, ask)

    async def room(self, address: Address) -> int | None:
        """Largest file there, in bytes."""
        return self._line.wire.room

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """The card becomes the clip; its reference. Harmless to repeat. Raises `DeliveryFault`, `TooLarge` among them."""
        return await self._at(address, key, lambda here: self._deliver(here, key, card, parts, posted))

    async def fetch(self, attachment: str, into: Path) -> None:
        """Bring in what a member attached. Raises `AttachmentGone`, `ImageTooLarge`, or `DeliveryFault` (try again)."""
        await fetched(self._line.bot, self._line.wire, attachment.removeprefix(f"{PLATFORM}:"), into)

    async def close(self) -> None:
        """Let go of connections; what still waits to be sent is left to the sweep."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._line.close()

    async def _at(self, address: Address, key: str, do: Callable[[Address], Awaitable[str]]) -> str:
        """One thing at a time for each key."""
        lock = self._busy.get(key)
        if lock is None:
            lock = self._busy[key] = asyncio.Lock()
        async with lock:
            return await self._following(address, do)

    async def _following(self, address: Address, do: Callable[[Address], Awaitable[str]]) -> str:
        """Do it where the chat is now; once more when it turns out to have moved meanwhile."""
        try:
            return await do(self._now_at(address))
        except Moved:
            return await do(self._now_at(address))

    def _now_at(self, address: Address) -> Address:
        chat = self._line.where(address.chat)
        return address if chat == address.chat else replace(address, chat=chat, message=None, pressed=None)

    async def _show(self, here: Address, key: str, card: Card, posted: str | None, urgency: Urgency) -> str:
        at = await self._notes.card(key, here.chat, posted)
        if at is not None and await self._edited(here, at, key, card, urgency):
            return at
        return await self._post(here, key, card, Urgency.ANSWER, gone=at)

    async def _pictured(self, here: Address, key: str, card: Card, picture: Path) -> str:
        """The card under its picture; as words alone where the place takes no pictures, or not this one."""
        at = await self._notes.card(key, here.chat, None)
        if at is not None:
            return at
        try:
            return await self._post(here, key, card, Urgency.ANSWER, page=captioned(card, here.locale, picture))
        except Refused as refused:
            if refused.kind not in (Kind.WRONG_FILE, Kind.BAD, Kind.TOO_LARGE):
                raise
            log.info("telegram: an answer went without its picture", reason=refused.reason)
            return await self._post(here, key, card, Urgency.ANSWER)

    async def _bundled(self, here: Address, key: str, card: Card, file: Path) -> str:
        """The card under a file to take home. Raises `TooLarge`."""
        at = await self._notes.card(key, here.chat, None)
        if at is not None:
            return at
        try:
            return await self._post(here, key, card, Urgency.ANSWER, page=bundled(card, here.locale, file))
        except Refused as refused:
            if refused.kind is not Kind.TOO_LARGE:
                raise
            raise TooLarge(min(self._line.wire.room, int(size_of(file) * 0.8))) from None

    async def _edited(self, here: Address, at: str, key: str, card: Card, urgency: Urgency) -> bool:
        """False where there is nothing to edit any more."""
        try:
            await self._sheets.edit(at, key, card, here.locale, urgency)
        except Refused as refused:
            if refused.kind is not Kind.GONE:
                raise
            return False
        return True

    async def _post(
        self,
        here: Address,
        key: str,
        card: Card,
        urgency: Urgency,
        *,
        gone: str | None = None,
        page: Page | None = None,
    ) -> str:
        """A new message for that key, unless another process has just posted one."""
        reply = _wish(here) if not (here.direct and card.take) else None
        page = page or message(card, here.locale)
        quiet = bool(card.take) or card.tone is Tone.ROLLING  # the line below what comes of it notifies
        posted = await self._sheets.post(here, key, page, urgency, reply=reply, quiet=quiet)
        holds = await self._notes.claim(key, posted, _meaning(card), gone)
        if holds != posted:
            await self._sheets.remove(posted, key)
        return holds

    async def _deliver(self, here: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        if not parts:
            at = await self._show(here, key, card, posted, Urgency.CLIP)
        elif len(parts) == 1:
            at = await self._clip(here, key, card, parts[0], posted, whole=True)
        else:
            at = await self._clip(here, key, part_card(card, 1, len(parts), here.locale), parts[0], posted, whole=False)
        for number, part in enumerate(parts[1:], 2):
            further = part_card(card, number, len(parts), here.locale)
            await self._clip(here, f"{key}.{number}", further, part, None, whole=False)
        self._tell(here, key, card, at)
        return at

    async def _clip(self, here: Address, key: str, card: Card, part: Path, posted: str | None, *, whole: bool) -> str:
        """Only a card becomes a clip: where there is none, it is posted first, and remembered before it becomes one."""
        if size_of(part) > self._line.wire.room:
            raise TooLarge(self._line.wire.room)
        at = await self._notes.card(key, here.chat, posted)
        if at is None:
            at = await self._post(here, key, card, Urgency.CLIP)
        try:
            await self._become(here, at, key, card, part, whole=whole)
        except Refused as refused:
            if refused.kind is not Kind.GONE:
                raise
            at = await self._post(here, key, card, Urgency.CLIP, gone=at)
            await self._become(here, at, key, card, part, whole=whole)
        return at

    async def _become(self, here: Address, at: str, key: str, card: Card, part: Path, *, whole: bool) -> None:
        """By the file_id that Telegram gave the clip before, if it did; else by its bytes."""
        assert card.clip is not None
        known = await self._notes.file(card.clip.digest) if whole else None
        if known and await self._by_file_id(here, at, key, card, known):
            return
        file_id = await self._sheets.become(at, key, card, part, here.locale)
        if file_id and whole:
            await self._notes.keep_file(card.clip.digest, file_id)

    async def _by_file_id(self, here: Address, at: str, key: str, card: Card, file_id: str) -> bool:
        """False where Telegram does not take it (any more)."""
        try:
            await self._sheets.become(at, key, card, file_id, here.locale)
        except Refused as refused:
            if refused.kind not in (Kind.WRONG_FILE, Kind.BAD):
                raise
            return False
        return True

    def _tell(self, here: Address, key: str, card: Card, at: str) -> None:
        """Say that it is ready, which an edit does not; lost or doubled is no harm."""
        task = asyncio.create_task(self._ready(here, key, card, at), name=f"ready {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ready(self, here: Address, key: str, card: Card, at: str) -> None:
        page = Page(say("telegram.ready", here.locale, slate=card.title))
        try:
            posted = await self._sheets.post(here, f"{key} ready", page, Urgency.READY, reply=message_of(at))
            await self._notes.mean(posted, _meaning(card))
        except DeliveryFault as fault:
            log.info("telegram: the line below a clip was left out", reason=fault.reason)
        except Exception:  # the clip is there; nothing that happens to this line may be heard of elsewhere
            log.exception("telegram: the line below a clip was left out")


def _wish(address: Address) -> int | None:
    """The message that the wish came with."""
    return message_of(address.message) if address.message else None


def _meaning(card: Card) -> str:
    return card.reply_means
