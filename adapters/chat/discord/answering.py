"""Answers that made no take: to the member alone while the interaction lives, else as an ordinary message."""

from __future__ import annotations

import logging
from typing import Any, Final

import discord

from adapters.chat.discord.landing import Parcel, Spot
from adapters.chat.discord.library import Hook
from adapters.chat.discord.out import Out, split_reference, uploads_of
from adapters.chat.discord.render import EPHEMERAL, Native
from adapters.chat.discord.rest import Json
from bot.cards import Card
from bot.people import Address

log = logging.getLogger("throughline.discord")

KIND: Final = "answer"


class Answering:
    """Answers wishes."""

    def __init__(self, out: Out) -> None:
        self._out = out

    async def answer(self, address: Address, key: str, card: Card) -> None:
        """Answer it in the place that is nearest to the member. Raises `DeliveryFault`."""
        hook = self._out.hook(address)
        if card.replaces and address.pressed and await self._replaced(address, hook, card, address.pressed):
            return
        if hook is not None and await self._by_hook(hook, self._out.draw(card, address, alone=True)):
            return
        reference = await self._out.landing.land(address, self._parcel(address, key, card))
        if card.take:
            await self._out.notes.means(reference, f"remix:{card.take}")

    async def _by_hook(self, hook: Hook, native: Native) -> bool:
        """Whether the interaction's token still took it."""
        try:
            if hook.follow:
                await self._out.rest.follow(hook, native.body(EPHEMERAL), uploads_of(native))
            else:
                await self._out.rest.answer(hook, native.body(), uploads_of(native))
        except discord.HTTPException as refusal:
            log.info("not answered by the hook: %d/%d", refusal.status, refusal.code)
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

    def _parcel(self, address: Address, key: str, card: Card) -> Parcel:
        native, replying = self._out.draw(card, address), reply_to(address)

        def body(spot: Spot) -> Json:
            if spot.direct:
                return self._out.draw(card, address, alone=True).body() | (replying if address.direct else {})
            return native.body() | (replying if spot.channel in (address.thread, address.chat) else {})

        return Parcel(KIND, key, body, uploads_of(native))


def reply_to(address: Address) -> Json:
    """As a reply to the message that the wish was; nothing where it was a command or a button."""
    if address.hook or not address.message:
        return {}
    message, channel = address.message.rsplit("/", 1)[-1], address.thread or address.chat
    about: dict[str, Any] = {"message_id": message, "channel_id": channel, "fail_if_not_exists": False}
    return {"message_reference": about}
