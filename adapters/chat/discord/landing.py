"""Where a message lands: in its channel, else in its thread's channel, else as a direct message to who asked; and once.

Once: a nonce that follows from what is sent lets Discord itself refuse the second of two (for some minutes); before that a note
is written, and who finds such a note looks for the message in the chat before sending again.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import discord

from adapters.chat.discord.lanes import Urgency
from adapters.chat.discord.library import PLATFORM, reference
from adapters.chat.discord.notes import Note, Notes
from adapters.chat.discord.refusals import CLOSED, LOST, NO_REPLY, SHUT, as_fault, too_large
from adapters.chat.discord.rest import Json, Rest, Upload
from adapters.chat.discord.room import Room
from bot.errors import DeliveryFault, TooLarge
from bot.people import Address

log = logging.getLogger("throughline.discord")

NONCE_MOST: Final = 25
AVOIDED_SECONDS: Final = 600.0
REMEMBERED: Final = 5000
PAGE: Final = 100
PAGES: Final = 5
CLOCKS_APART: Final = 60.0
"""Seconds by which our clock and Discord's may differ."""
EPOCH: Final = 1_420_070_400_000
"""The first millisecond of Discord's ids (its reference, "Snowflakes")."""


@dataclass(frozen=True)
class Spot:
    """A channel to post in."""

    channel: str
    direct: bool = False


@dataclass(frozen=True)
class Parcel:
    """What is sent: `kind` and `key` name it for ever; `body` makes it for a spot (direct messages need no "for")."""

    kind: str
    key: str
    body: Callable[[Spot], Json]
    uploads: Sequence[Upload] = ()
    urgency: Urgency = Urgency.CARD
    take: str = ""
    """Id of the take it shows."""
    lasting: bool = False
    """Once for ever, with a note; else with a nonce alone, which holds for minutes. What shows a take always lasts."""
    blind: bool = True
    """Sent even where nobody can tell whether it stands there already; otherwise `Unreadable` is raised."""

    @property
    def meaning(self) -> str:
        """What a reply to it means."""
        return f"remix:{self.take}" if self.take else ""


class Unreadable(Exception):
    """What stands in the channel cannot be read, so nobody knows whether the message is there."""


class Avoided:
    """Channels and members that refused us lately; asking again at once would only be refused again."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        return self._until.get(name, 0.0) > self._now()

    def add(self, name: str) -> None:
        """Leave it alone for ten minutes."""
        if len(self._until) >= REMEMBERED:
            self._until.clear()
        self._until[name] = self._now() + AVOIDED_SECONDS


class Landing:
    """Posts parcels where they can stand. Everything raises `DeliveryFault`, `TooLarge` among them."""

    def __init__(self, rest: Rest, notes: Notes, room: Room) -> None:
        self._rest, self._notes, self._room = rest, notes, room
        self.avoided = Avoided()
        self._direct: dict[str, str] = {}

    async def land(self, address: Address, parcel: Parcel) -> str:
        """Post it at the address, or by direct message; the reference. Raises `Unreadable` too."""
        for spot in self._spots(address):
            try:
                return await self._post(address, spot, parcel)
            except discord.HTTPException as refusal:
                if refusal.code not in LOST | SHUT:
                    raise as_fault(refusal) from None
                log.info("channel %s is lost to us: %d", spot.channel, refusal.code)
                self.avoided.add(spot.channel)
        if address.direct:
            raise DeliveryFault("this conversation is closed to us", final=True)
        return await self.tell(address, parcel)

    async def tell(self, address: Address, parcel: Parcel) -> str:
        """Post it as a direct message to the member; the reference."""
        user = user_of(address)
        if not user or user in self.avoided:
            raise DeliveryFault("neither the channel nor direct messages are open to us", final=True)
        if any(upload.size > self._room.direct for upload in parcel.uploads):
            raise TooLarge(self._room.direct)
        try:
            return await self._post(address, Spot(await self._direct_with(user), direct=True), parcel)
        except discord.HTTPException as refusal:
            if refusal.code not in CLOSED:
                raise as_fault(refusal) from None
            self.avoided.add(user)
            raise DeliveryFault(f"direct messages are closed to us too ({refusal.code})", final=True) from None

    async def _direct_with(self, user: str) -> str:
        if user not in self._direct:
            if len(self._direct) >= REMEMBERED:
                self._direct.clear()
            self._direct[user] = await self._rest.direct(user)
        return self._direct[user]

    async def _post(self, address: Address, spot: Spot, parcel: Parcel) -> str:
        """Post it there, once for ever; the reference."""
        if not (parcel.take or parcel.lasting):
            return await self._send(address, spot, parcel)
        note = await self._notes.read(parcel.kind, parcel.key)
        if note is not None and note.reference:
            return note.reference
        found = await self._found(spot, parcel, note)
        if not found:
            await self._notes.begin(parcel.kind, parcel.key)
            found = await self._send(address, spot, parcel)
        await self._notes.done(parcel.kind, parcel.key, found, files=len(parcel.uploads), meaning=parcel.meaning)
        return found

    async def _send(self, address: Address, spot: Spot, parcel: Parcel) -> str:
        body = marked(parcel.body(spot), parcel) | {"nonce": nonce(parcel, spot), "enforce_nonce": True}
        try:
            try:
                said = await self._rest.create(spot.channel, body, parcel.uploads, parcel.urgency)
            except discord.HTTPException as refusal:
                if refusal.code != NO_REPLY or not body.pop("message_reference", None):
                    raise
                said = await self._rest.create(spot.channel, body, parcel.uploads, parcel.urgency)
        except discord.HTTPException as refusal:
            if not too_large(refusal):
                raise
            size = max((upload.size for upload in parcel.uploads), default=0)
            raise TooLarge(self._room.learn(address, size, direct=spot.direct)) from None
        return reference(spot.channel, said["id"])

    async def _found(self, spot: Spot, parcel: Parcel, note: Note | None) -> str:
        """The reference of the message if an earlier attempt got through; empty if it did not, or there was none."""
        if note is None:
            return ""
        try:
            return await self._standing(spot, parcel, note)
        except Unreadable:
            if not parcel.blind:
                raise
            return ""

    async def _standing(self, spot: Spot, parcel: Parcel, note: Note) -> str:
        """The reference of the message if it stands in the channel since that note; empty if not. Raises `Unreadable`."""
        me, after = str(await self._rest.me()), snowflake(note.at - CLOCKS_APART)
        for _ in range(PAGES):
            page = await self._page(spot, after)
            for said in page:
                if str(said["author"]["id"]) == me and is_marked(said, parcel):
                    return reference(spot.channel, said["id"])
            if len(page) < PAGE:
                break
            after = max(int(said["id"]) for said in page)
        return ""

    async def _page(self, spot: Spot, after: int) -> list[Json]:
        """Without the right to read history Discord answers with nothing at all, so nothing is asked about once more."""
        try:
            page = await self._rest.messages(spot.channel, limit=PAGE, after=after)
            if not page and not spot.direct and not await self._rest.messages(spot.channel, limit=1):
                raise Unreadable(spot.channel)
        except discord.HTTPException as refusal:
            if refusal.status != 403:
                raise
            raise Unreadable(spot.channel) from None
        return page

    def _spots(self, address: Address) -> list[Spot]:
        """Where to try, in order."""
        if address.guest:
            return []
        names = dict.fromkeys(name for name in (address.thread, address.chat) if name)
        return [Spot(name, address.direct) for name in names if name not in self.avoided]


def nonce(parcel: Parcel, spot: Spot) -> str:
    """At most 25 characters that follow from what is sent, and where."""
    digest = hashlib.sha256(f"{parcel.kind}\0{parcel.key}\0{spot.channel}".encode()).digest()
    return base64.b32encode(digest).decode()[:NONCE_MOST].lower()


def snowflake(at: float) -> int:
    """The smallest id of a message made at that time (epoch seconds)."""
    return max(0, int(at * 1000) - EPOCH) << 22


def made_at(message: str) -> float:
    """When the message of that id was made, epoch seconds."""
    return ((int(message) >> 22) + EPOCH) / 1000


def mark(parcel: Parcel) -> int:
    """What our message is known by in the chat: the `id` of its outermost component, a number of 31 bits that Discord keeps."""
    return int.from_bytes(hashlib.sha256(f"{parcel.kind}\0{parcel.key}".encode()).digest()[:4], "big") >> 1 or 1


def marked(body: Json, parcel: Parcel) -> Json:
    """The body with its mark."""
    frame, *rest = body["components"]
    return {**body, "components": [{**frame, "id": mark(parcel)}, *rest]}


def is_marked(said: Json, parcel: Parcel) -> bool:
    """Whether a message is the one of that parcel: by its mark, or because it has the take's buttons and the clip's files."""
    parts = every(said)
    if any(part.get("id") == mark(parcel) for part in parts):
        return True
    files = {str(file.get("filename")) for file in said.get("attachments") or ()}
    wanted = {upload.name for upload in parcel.uploads}
    subject = parcel.take or parcel.key
    return bool(wanted) and files == wanted and any(subject in str(part.get("custom_id", "")) for part in parts)


def every(part: Json) -> list[Json]:
    """A message's components, those inside others too."""
    inner = [each for each in part.get("components") or () if isinstance(each, dict)]
    return [found for each in inner for found in (each, *every(each))]


def user_of(address: Address) -> str:
    """Discord's id of the member; empty where it is not one."""
    user = address.member.removeprefix(f"{PLATFORM}:")
    return user if user.isdigit() else ""
