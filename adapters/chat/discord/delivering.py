"""A finished clip: a new message, once for ever; then the card that showed its progress gives way."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import discord

from adapters.chat.discord.landing import Parcel, Spot, Unreadable
from adapters.chat.discord.lanes import Urgency
from adapters.chat.discord.library import reference
from adapters.chat.discord.out import Out, clip_uploads, split_reference
from adapters.chat.discord.refusals import MESSAGE_GONE, as_fault, too_large
from adapters.chat.discord.rest import Json, Upload
from bot.cards import Card
from bot.errors import DeliveryFault, TooLarge
from bot.people import Address

log = logging.getLogger("throughline.discord")

KIND: Final = "clip"
JUMP: Final = "https://discord.com/channels/@me"


class Delivering:
    """Posts clips. The key's turn is held by who calls."""

    def __init__(self, out: Out) -> None:
        self._out = out

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """The reference of the one message that carries the clip. Raises `DeliveryFault`, `TooLarge`."""
        uploads = clip_uploads(card, parts)
        parcel = self._parcel(address, key, card, uploads, blind=posted is None)
        done = await self._out.notes.read(KIND, key)
        if done is not None and done.reference:
            return done.reference
        if not address.guest:
            await self._fits(address, uploads)
            return await self._landed(address, parcel, posted)
        try:
            return await self._out.landing.tell(address, parcel)
        except DeliveryFault as closed:
            if not closed.final:
                raise
            return await self._by_hook(address, key, card, uploads, closed)

    async def give_way(self, address: Address, card: Card, posted: str | None, clip: str) -> None:
        """The progress card is no longer needed. Best effort."""
        if posted is None or posted == clip:
            return
        channel, message = split_reference(posted)
        try:
            if address.guest and channel == address.chat:
                await self._point(address, card, clip)
            else:
                await self._out.rest.delete(channel, message)
        except discord.HTTPException as refusal:
            log.info("a card stays beside its clip: %d/%d", refusal.status, refusal.code)
        except DeliveryFault as fault:
            log.info("a card stays beside its clip: %s", fault.reason)

    def _parcel(self, address: Address, key: str, card: Card, uploads: Sequence[Upload], *, blind: bool) -> Parcel:
        names = [upload.name for upload in uploads]

        def body(spot: Spot) -> Json:
            return self._out.draw(card, address, alone=spot.direct, clips=names).body()

        return Parcel(KIND, key, body, uploads, Urgency.CLIP, card.take, lasting=True, blind=blind)

    async def _fits(self, address: Address, uploads: Sequence[Upload]) -> None:
        limit = await self._out.room.at(address)
        if any(upload.size > limit for upload in uploads):
            raise TooLarge(limit)

    async def _landed(self, address: Address, parcel: Parcel, posted: str | None) -> str:
        try:
            return await self._out.landing.land(address, parcel)
        except Unreadable:
            assert posted is not None  # without a card the parcel is sent blindly
            return await self._onto_card(address, parcel, posted)

    async def _onto_card(self, address: Address, parcel: Parcel, posted: str) -> str:
        """Nobody can tell whether the clip stands in the channel: an edit of the card may be made twice without harm."""
        channel, message = split_reference(posted)
        try:
            await self._out.rest.edit(channel, message, parcel.body(Spot(channel)), parcel.uploads, Urgency.CLIP)
        except discord.HTTPException as refusal:
            if refusal.code == MESSAGE_GONE:
                return await self._out.landing.land(address, replace(parcel, blind=True))
            if too_large(refusal):
                raise TooLarge(self._out.room.learn(address, max(each.size for each in parcel.uploads))) from None
            raise as_fault(refusal) from None
        await self._out.notes.done(KIND, parcel.key, posted, files=len(parcel.uploads), meaning=parcel.meaning)
        return posted

    async def _by_hook(
        self, address: Address, key: str, card: Card, uploads: Sequence[Upload], closed: DeliveryFault
    ) -> str:
        """A guest whose direct messages are closed: the clip takes the place of the interaction's own answer."""
        hook = self._out.hook(address)
        if hook is None or hook.follow:
            raise closed
        native = self._out.draw(card, address, alone=True, clips=[upload.name for upload in uploads])
        try:
            said = await self._out.rest.answer(hook, native.body(), uploads)
        except discord.HTTPException as refusal:
            if too_large(refusal):
                raise TooLarge(self._out.room.learn(address, max(each.size for each in uploads))) from None
            raise closed from None
        posted = reference(address.chat, said["id"])
        await self._out.notes.done(KIND, key, posted, files=len(uploads))
        return posted

    async def _point(self, address: Address, card: Card, clip: str) -> None:
        """In a guest's place the card says where the clip is."""
        hook = self._out.hook(address)
        if hook is None or card.clip is None or hook.follow:
            return
        channel, message = split_reference(clip)
        pointing = replace(card, clip=replace(card.clip, url=f"{JUMP}/{channel}/{message}"))
        await self._out.rest.answer(hook, self._out.draw(pointing, address, alone=True).body())
