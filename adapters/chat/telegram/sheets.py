"""One message at a time: a page posted, edited, or turned into a clip. Knows the API's methods, and nothing of jobs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from telegram import Bot, ForceReply, InputFile, LinkPreviewOptions, Message, MessageEntity, ReplyParameters, User
from telegram.error import BadRequest

from adapters.chat.telegram.faults import Kind, Refused, kind_of
from adapters.chat.telegram.library import reference
from adapters.chat.telegram.line import Call, Line
from adapters.chat.telegram.marked import head, units
from adapters.chat.telegram.notes import Recent, chat_of, message_of
from adapters.chat.telegram.pace import Urgency
from adapters.chat.telegram.parcels import file_id_of, handed, parcel, size_of
from adapters.chat.telegram.render import Page, caption, message
from adapters.chat.telegram.wire import Wire
from bot.cards import Card, CardClip, Tone
from bot.errors import DeliveryFault, TooLarge
from bot.people import Address

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
PLACEHOLDER: Final = 64


class Sheets:
    """Messages of ours in Telegram's chats. Everything raises `Refused`, `Moved` or another `DeliveryFault`."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._looks: Recent[str, int] = Recent()
        self._media: Recent[str, bool] = Recent()
        self._lost: Recent[str, bool] = Recent()
        """Messages that members have deleted: no progress for them."""

    async def post(
        self, address: Address, key: str, page: Page, urgency: Urgency, *, reply: int | None = None, quiet: bool = False
    ) -> str:
        """A new message, replying to another where that still stands; its reference. In the group itself if its topic is gone."""
        heavy = page.file is not None

        async def send(where: Address) -> Message:
            call = _sending(where, page, reply, quiet, self.line.wire)
            return await self.line.send(where.chat, key, urgency, call, heavy=heavy)

        try:
            sent = await send(address)
        except Refused as refused:
            if refused.kind is not Kind.NO_TOPIC or address.thread is None:
                raise
            sent = await send(replace(address, thread=None))
        return self._noted(reference(address.chat, sent.message_id), page, media=page.is_media)

    async def edit(self, posted: str, key: str, card: Card, locale: str, urgency: Urgency) -> None:
        """Make the message show the card: its text, or what stands under its clip."""
        under_clip = self._is_media(posted, card)
        try:
            await self._edit(posted, key, card, locale, urgency, under_clip=under_clip)
        except Refused as refused:
            if refused.kind not in (Kind.NO_TEXT, Kind.NO_CAPTION):
                raise
            self._media.put(posted, not under_clip)
            await self._edit(posted, key, card, locale, urgency, under_clip=not under_clip)

    async def _edit(
        self, posted: str, key: str, card: Card, locale: str, urgency: Urgency, *, under_clip: bool
    ) -> None:
        page = caption(card, locale) if under_clip else message(card, locale, files=False)
        if self._looks.get(posted) == page.look:
            return
        try:
            await self.line.edit(chat_of(posted), key, urgency, _change(posted, page, under_clip=under_clip))
        except Refused as refused:
            if refused.kind is not Kind.SAME:
                raise
        self._noted(posted, page, media=under_clip)

    def offer(self, posted: str, key: str, card: Card, locale: str) -> None:
        """The same when there is room for it, or never."""
        if self._media.get(posted) or self._lost.get(posted):
            return

        async def show(bot: Bot) -> None:
            page = message(card, locale, files=False)
            if self._looks.get(posted) == page.look:
                return
            try:
                await _change(posted, page, under_clip=False)(bot)
            except BadRequest as refused:
                self._lost.put(posted, kind_of(refused) is Kind.GONE)
                self._media.put(posted, kind_of(refused) is Kind.NO_TEXT)
                raise
            self._noted(posted, page, media=False)

        self.line.offer(chat_of(posted), key, show)

    async def become(self, posted: str, key: str, card: Card, part: Path | str, locale: str) -> str | None:
        """Put the clip into the message's place; its file_id. Repeating it changes nothing. Raises `TooLarge` too."""
        assert card.clip is not None
        page = caption(card, locale)
        place = _place(posted, part, card.clip, page, self.line.wire)
        try:
            placed = await self.line.edit(chat_of(posted), key, Urgency.CLIP, place, heavy=isinstance(part, Path))
        except Refused as refused:
            if refused.kind is Kind.TOO_LARGE and isinstance(part, Path):
                raise TooLarge(min(self.line.wire.room, int(size_of(part) * 0.8))) from None
            if refused.kind is not Kind.SAME:
                raise
            placed = True
        self._noted(posted, page, media=True)
        return file_id_of(placed)

    async def ask(self, address: Address, key: str, page: Page, placeholder: str, reply: int | None) -> str:
        """A question whose reply comes to us, in a group with privacy mode on as well; its reference.

        Whom it asks is told by the message that it replies to; where that is one of ours (a button was pressed), by a mention.
        """
        opened = ForceReply(selective=True, input_field_placeholder=head(placeholder, PLACEHOLDER) or None)
        page = replace(page, entities=(*_mention(address, page.text), *page.entities))
        send = _message(address, page, reply, quiet=False, markup=opened)
        sent = await self.line.send(address.chat, key, Urgency.ANSWER, send)
        return reference(address.chat, sent.message_id)

    async def remove(self, posted: str, key: str) -> None:
        """Take a message back, if it can be."""
        chat, number = int(chat_of(posted)), message_of(posted)
        try:
            await self.line.edit(str(chat), key, Urgency.END, lambda bot: bot.delete_message(chat, number))
        except DeliveryFault:
            return

    def _is_media(self, posted: str, card: Card) -> bool:
        """Whether the message is a clip by now; after a restart, whether it ought to be."""
        known = self._media.get(posted)
        if known is not None:
            return known
        return card.tone is Tone.READY and card.clip is not None and not card.clip.url

    def _noted(self, posted: str, page: Page, *, media: bool) -> str:
        self._looks.put(posted, page.look)
        self._media.put(posted, media)
        return posted


def _sending(address: Address, page: Page, reply: int | None, quiet: bool, wire: Wire) -> Call[Message]:
    """How a page of its kind is sent."""
    if page.file is not None:
        return _file(address, page, page.file, reply, wire)
    kind = _photo if page.photo else _document if page.document else _message
    return kind(address, page, reply, quiet)


def _message(
    address: Address, page: Page, reply: int | None, quiet: bool, markup: ForceReply | None = None
) -> Call[Message]:
    return lambda bot: bot.send_message(
        int(address.chat),
        page.text,
        entities=page.entities,
        reply_markup=markup or page.keyboard,
        link_preview_options=NO_PREVIEW,
        message_thread_id=_topic(address),
        reply_parameters=_replying(reply),
        disable_notification=quiet,
    )


def _document(address: Address, page: Page, reply: int | None, quiet: bool) -> Call[Message]:
    return lambda bot: bot.send_document(
        int(address.chat),
        InputFile(page.document, filename=page.name),
        caption=page.text,
        caption_entities=page.entities,
        reply_markup=page.keyboard,
        message_thread_id=_topic(address),
        reply_parameters=_replying(reply),
        disable_notification=quiet,
    )


def _file(address: Address, page: Page, file: Path, reply: int | None, wire: Wire) -> Call[Message]:
    async def send(bot: Bot) -> Message:
        with handed(file, wire) as document:
            return await bot.send_document(
                int(address.chat),
                document,
                caption=page.text,
                caption_entities=page.entities,
                reply_markup=page.keyboard,
                message_thread_id=_topic(address),
                reply_parameters=_replying(reply),
                disable_content_type_detection=True,
                read_timeout=wire.long,
                write_timeout=wire.long,
            )

    return send


def _photo(address: Address, page: Page, reply: int | None, quiet: bool) -> Call[Message]:
    async def send(bot: Bot) -> Message:
        assert page.photo is not None
        with page.photo.open("rb") as content:
            return await bot.send_photo(
                int(address.chat),
                InputFile(content, filename=page.photo.name, read_file_handle=False),
                caption=page.text,
                caption_entities=page.entities,
                reply_markup=page.keyboard,
                message_thread_id=_topic(address),
                reply_parameters=_replying(reply),
                disable_notification=quiet,
            )

    return send


def _change(posted: str, page: Page, *, under_clip: bool) -> Call[object]:
    chat, number = int(chat_of(posted)), message_of(posted)
    if under_clip:
        return lambda bot: bot.edit_message_caption(
            chat, number, caption=page.text, caption_entities=page.entities, reply_markup=page.keyboard
        )
    return lambda bot: bot.edit_message_text(
        page.text,
        chat,
        number,
        entities=page.entities,
        reply_markup=page.keyboard,
        link_preview_options=NO_PREVIEW,
    )


def _place(posted: str, part: Path | str, clip: CardClip, page: Page, wire: Wire) -> Call[Message | bool]:
    chat, number = int(chat_of(posted)), message_of(posted)

    async def place(bot: Bot) -> Message | bool:
        with parcel(part, clip, page, wire) as media:
            return await bot.edit_message_media(
                media, chat, number, reply_markup=page.keyboard, read_timeout=wire.long, write_timeout=wire.long
            )

    return place


def _topic(address: Address) -> int | None:
    return int(address.thread) if address.thread else None


def _replying(reply: int | None) -> ReplyParameters | None:
    return ReplyParameters(reply, allow_sending_without_reply=True) if reply else None


def _mention(address: Address, text: str) -> tuple[MessageEntity, ...]:
    if address.direct or not address.pressed or not address.member:
        return ()
    member = User(int(address.member.rpartition(":")[2]), first_name="", is_bot=False)
    return (MessageEntity(MessageEntity.TEXT_MENTION, 0, units(text.partition("\n")[0]), user=member),)
