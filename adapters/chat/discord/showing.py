"""A take's card: posted once, edited in place, its progress paced."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import discord

from adapters.chat.discord.landing import Avoided, Parcel, Spot, made_at
from adapters.chat.discord.lanes import Urgency
from adapters.chat.discord.library import reference
from adapters.chat.discord.out import REMEMBERED, Out, Seen, clip_names, look_of, split_reference, uploads_of
from adapters.chat.discord.pace import GAP, Pacer
from adapters.chat.discord.refusals import LOST, MESSAGE_GONE, SHUT, TOO_OLD, as_fault
from adapters.chat.discord.render import Native
from adapters.chat.discord.rest import Json
from adapters.chat.discord.turns import Turns
from bot.cards import Card
from bot.errors import DeliveryFault
from bot.people import Address

log = logging.getLogger("throughline.discord")

EDITABLE_SECONDS: Final = 55 * 60
"""Messages older than an hour take very few edits (error 30046), so progress ends a little earlier."""
KIND: Final = "card"


@dataclass(frozen=True)
class News:
    """Progress that waits for its turn."""

    address: Address
    card: Card
    posted: str


class Showing:
    """Shows cards; `moved` tells where a card went that could not stay."""

    def __init__(self, out: Out, turns: Turns, gap: float = GAP) -> None:
        self._out, self._turns = out, turns
        self.seen = Seen()
        self.pacer = Pacer(self._progress, gap)
        self._moved: dict[str, str] = {}
        self._deaf = Avoided()

    def now_at(self, posted: str) -> str:
        """Where a card stands that was posted there."""
        while posted in self._moved:
            posted = self._moved[posted]
        return posted

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Post it, or edit what stands there; the reference. The key's turn is held. Raises `DeliveryFault`."""
        self.pacer.drop(key)
        if posted is None:
            note = await self._out.notes.read(KIND, key)
            posted = note.reference if note else None
        if not posted:
            stands = await self._first(address, key, card)
        elif self.seen.newer(key, card):
            return self.now_at(posted)
        else:
            stands = await self._change(address, key, card, self.now_at(posted))
        self.seen.note(key, card)
        return stands

    def offer(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Show progress when there is room. Returns at once."""
        posted = self.now_at(posted)
        channel, _ = split_reference(posted)
        if self.seen.newer(key, card) or posted in self._deaf:
            return
        if not self._old(posted):
            self.pacer.offer(channel, key, News(address, card, posted))

    async def _first(self, address: Address, key: str, card: Card) -> str:
        """A new message; in a guest's place the interaction's own answer, which only the member sees."""
        if address.guest:
            return await self._by_hook(address, key, card) or await self._told(address, key, card)
        return await self._out.landing.land(address, self._parcel(address, key, card))

    async def _told(self, address: Address, key: str, card: Card) -> str:
        return await self._out.landing.tell(address, self._parcel(address, key, card))

    def _parcel(self, address: Address, key: str, card: Card) -> Parcel:
        native = self._out.draw(card, address)

        def body(spot: Spot) -> Json:
            return self._out.draw(card, address, alone=True).body() if spot.direct else native.body()

        return Parcel(KIND, key, body, uploads_of(native), Urgency.CARD, card.take, lasting=True)

    async def _by_hook(self, address: Address, key: str, card: Card) -> str:
        """The reference; empty where the token no longer works."""
        hook = self._out.hook(address)
        if hook is None or hook.follow:
            return ""
        native = self._out.draw(card, address, alone=True)
        try:
            said = await self._out.rest.answer(hook, native.body(), uploads_of(native))
        except discord.HTTPException as refusal:
            log.info("the hook of %s is over: %d/%d", key, refusal.status, refusal.code)
            return ""
        return reference(address.chat, said["id"])

    async def _change(self, address: Address, key: str, card: Card, posted: str) -> str:
        """Edit what stands there, or put it somewhere else."""
        channel, _ = split_reference(posted)
        if address.guest and channel == address.chat:
            return await self._by_hook(address, key, card) or await self._anew(address, key, card, posted)
        note = await self._out.notes.read("clip", key) if card.clip else None
        carries = note is not None and note.reference == posted
        files = note.files if note and carries else 0
        if self._old(posted) and not carries:
            return await self._successor(address, key, card, posted)
        try:
            await self._edit(posted, self._native(address, card, posted, files))
        except discord.HTTPException as refusal:
            return await self._otherwise(address, key, card, posted, refusal)
        return posted

    def _old(self, posted: str) -> bool:
        return self._out.now() - made_at(split_reference(posted)[1]) >= EDITABLE_SECONDS

    def _native(self, address: Address, card: Card, posted: str, files: int) -> Native:
        """As a message, with the `files` that its clip has."""
        alone = split_reference(posted)[0] not in (address.thread, address.chat)
        return self._out.draw(card, address, alone=alone, clips=clip_names(card, files))

    async def _edit(self, posted: str, native: Native, urgency: Urgency = Urgency.CARD) -> None:
        channel, message = split_reference(posted)
        await self._out.rest.edit(channel, message, native.body(), uploads_of(native), urgency)

    async def _otherwise(
        self, address: Address, key: str, card: Card, posted: str, refusal: discord.HTTPException
    ) -> str:
        """What cannot be edited is posted anew: a message opens an archived thread again, an edit does not."""
        channel, _ = split_reference(posted)
        if refusal.code not in LOST | SHUT | {MESSAGE_GONE, TOO_OLD}:
            raise as_fault(refusal) from None
        if refusal.code in LOST:
            self._out.landing.avoided.add(channel)
        note = await self._out.notes.read("clip", key)
        if note is not None and note.reference == posted:
            raise DeliveryFault("the clip's message cannot be changed any more", final=True)
        if refusal.code in SHUT | {TOO_OLD}:
            return await self._successor(address, key, card, posted)
        return await self._anew(address, key, card, posted)

    async def _successor(self, address: Address, key: str, card: Card, posted: str) -> str:
        """A new message; then the old card goes, if it can."""
        stands = await self._anew(address, key, card, posted)
        try:
            await self._out.rest.delete(*split_reference(posted))
        except (discord.HTTPException, DeliveryFault) as fault:
            log.info("an old card stays: %s", type(fault).__name__)
        return stands

    async def _anew(self, address: Address, key: str, card: Card, posted: str) -> str:
        """A new message in place of one that cannot be edited; found again by a name of its own."""
        name = f"{key}:{split_reference(posted)[1]}"
        note = await self._out.notes.read(KIND, name)
        if note is not None and note.reference:
            stands = await self._change(address, key, card, note.reference)
        elif address.guest:
            stands = await self._told(address, name, card)
        else:
            stands = await self._out.landing.land(address, self._parcel(address, name, card))
        if stands != posted:
            if len(self._moved) >= REMEMBERED:
                self._moved.clear()
            self._moved[posted] = stands
        return stands

    async def _progress(self, key: str, news: News) -> None:
        """One paced edit. Nothing is shown while something better of that key is on its way."""
        if self._turns.busy(key):
            return
        async with self._turns.turn(key):
            native = self._out.draw(news.card, news.address)
            if self.seen.same(key, look_of(native)):
                return
            try:
                await self._step(news, native)
                self.seen.note(key, news.card, look_of(native))
            except discord.HTTPException as refusal:
                self._deaf.add(news.posted)
                log.info("progress of %s no longer shown: %d/%d", key, refusal.status, refusal.code)
            except DeliveryFault as fault:
                log.info("progress of %s not shown: %s", key, fault.reason)

    async def _step(self, news: News, native: Native) -> None:
        if news.address.guest:
            if hook := self._out.hook(news.address):
                await self._out.rest.answer(hook, native.body())
            return
        await self._edit(news.posted, native, Urgency.PROGRESS)
