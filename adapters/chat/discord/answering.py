"""Answers that made no take: to the member alone while the interaction lives, else as an ordinary message."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import discord

from adapters.chat.discord.landing import Parcel, Spot
from adapters.chat.discord.library import Hook
from adapters.chat.discord.out import Out, clip_uploads, file_upload, split_reference, uploads_of
from adapters.chat.discord.refusals import too_large
from adapters.chat.discord.render import EPHEMERAL, Native
from adapters.chat.discord.rest import Json, Upload
from bot.cards import Card
from bot.errors import TooLarge
from bot.people import Address

log = logging.getLogger("throughline.discord")

KIND: Final = "answer"


@dataclass(frozen=True)
class Sheet:
    """A card with the picture that was drawn for it, if one was, and with a file to take home."""

    card: Card
    picture: Path | None = None
    file: Path | None = None

    @property
    def uploads(self) -> list[Upload]:
        """The picture's file, named by the card's slate, and the other under its own name."""
        return [*self._pictures, *self._files]

    @property
    def _pictures(self) -> list[Upload]:
        return clip_uploads(self.card, [self.picture]) if self.picture else []

    @property
    def _files(self) -> list[Upload]:
        return [file_upload(self.file)] if self.file else []

    def drawn(self, out: Out, address: Address, *, alone: bool = False) -> Native:
        """The message that shows them."""
        clips, files = ([upload.name for upload in uploads] for uploads in (self._pictures, self._files))
        return out.draw(self.card, address, alone=alone, clips=clips, files=files)


class Answering:
    """Answers wishes."""

    def __init__(self, out: Out) -> None:
        self._out = out

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """Answer it in the place that is nearest to the member. Raises `DeliveryFault`, `TooLarge` among them."""
        hook = self._out.hook(address)
        if card.replaces and address.pressed and await self._replaced(address, hook, card, address.pressed):
            return
        sheet = Sheet(card, picture, file)
        if hook is not None and await self._by_hook(hook, address, sheet):
            return
        reference = await self._out.landing.land(address, self._parcel(address, key, sheet))
        if card.reply_means:
            await self._out.notes.means(reference, card.reply_means)

    async def _by_hook(self, hook: Hook, address: Address, sheet: Sheet) -> bool:
        """Whether the interaction's token still took it. Raises `TooLarge` for a file to take home."""
        native = sheet.drawn(self._out, address, alone=True)
        uploads = [*uploads_of(native), *sheet.uploads]
        try:
            if hook.follow:
                await self._out.rest.follow(hook, native.body(EPHEMERAL), uploads)
            else:
                await self._out.rest.answer(hook, native.body(), uploads)
        except discord.HTTPException as refusal:
            log.info("not answered by the hook: %d/%d", refusal.status, refusal.code)
            if sheet.file and too_large(refusal):
                raise TooLarge(self._out.room.learn(address, max(each.size for each in uploads))) from None
            return False
        return True

    async def _replaced(self, address: Address, hook: Hook | None, card: Card, pressed: str) -> bool:
        """Whether what was pressed could be edited: by the hook, which reaches what one member alone sees, or by us."""
        native = self._out.draw(card, address, alone=True)
        try:
            if hook is not None and hook.follow:
                await self._out.rest.answer(hook, native.body(), uploads_of(native))
                return True
            if address.guest:
                return False
            channel, message = split_reference(pressed)
            await self._out.rest.edit(channel, message, self._out.draw(card, address).body(), uploads_of(native))
        except discord.HTTPException as refusal:
            log.info("what was pressed cannot be edited: %d/%d", refusal.status, refusal.code)
            return False
        await self._dismiss(hook)
        return True

    async def _dismiss(self, hook: Hook | None) -> None:
        """Nothing more is said to the member alone."""
        try:
            if hook is not None:
                await self._out.rest.dismiss(hook)
        except discord.HTTPException as refusal:
            log.info("an acknowledgement stays: %d/%d", refusal.status, refusal.code)

    def _parcel(self, address: Address, key: str, sheet: Sheet) -> Parcel:
        native, replying = sheet.drawn(self._out, address), reply_to(address)

        def body(spot: Spot) -> Json:
            if spot.direct:
                return sheet.drawn(self._out, address, alone=True).body() | (replying if address.direct else {})
            return native.body() | (replying if spot.channel in (address.thread, address.chat) else {})

        return Parcel(KIND, key, body, [*uploads_of(native), *sheet.uploads])


def reply_to(address: Address) -> Json:
    """As a reply to the message that the wish was; nothing where it was a command or a button."""
    if address.hook or not address.message:
        return {}
    message, channel = address.message.rsplit("/", 1)[-1], address.thread or address.chat
    about: dict[str, Any] = {"message_id": message, "channel_id": channel, "fail_if_not_exists": False}
    return {"message_reference": about}
