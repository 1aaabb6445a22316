"""A chat platform on loopback: messages are made by POST and changed by PATCH, and it writes down every request.

Like the real ones it makes no second message for a nonce it remembers, and it remembers only the last few (`memory`):
a post repeated at once is recognised, one repeated later stands there twice. `ChatPoster` is the bot's side of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from aiohttp import web

from bot.cards import Card
from bot.errors import DeliveryFault
from bot.people import Address

CLIP = "clip "


class ChatPoster:
    """`ports.Poster` for the platform "chat": a card is one message, its clip another, both under a nonce made of the key."""

    platform = "chat"
    pace = 0.1
    still_pixels = 0

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, headers={"X-Process": str(os.getpid())}, trust_env=False)

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """A new message, or a change of the one that is there."""
        if posted is None:
            return await self._say("POST", "/messages", {"nonce": key, "card": card.to_dict()})
        return await self._say("PATCH", f"/messages/{posted}", {"card": card.to_dict()})

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """A change of the card; it may be lost."""
        with suppress(DeliveryFault):
            await self.show(address, key, card, posted)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """A new message."""
        await self.show(address, key, card, None)

    async def room(self, address: Address) -> int | None:
        """Any size."""
        return None

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """A new message with the clip."""
        (clip,) = parts
        film = hashlib.sha256(await asyncio.to_thread(clip.read_bytes)).hexdigest()
        return await self._say("POST", "/messages", {"nonce": CLIP + key, "card": card.to_dict(), "clip": film})

    async def _say(self, method: str, path: str, body: dict[str, Any]) -> str:
        try:
            answer = await self._client.request(method, path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DeliveryFault(f"{type(error).__name__} from the chat") from None
        return str(answer.json()["id"])


@dataclass
class Message:
    """What stands in the chat. `cards`: how it looked, in order."""

    nonce: str
    cards: list[dict[str, Any]]
    clip: str | None = None


@dataclass(frozen=True)
class Asked:
    """One request. `process`: who sent it; `nonce`: what for; `made`: whether a message came of it."""

    process: str
    nonce: str
    made: bool


@dataclass
class Chat:
    """``async with Chat() as chat: … chat.url``. `memory`: how many of the last nonces it knows; None: all."""

    memory: int | None = 3
    messages: list[Message] = field(default_factory=list)
    posts: list[Asked] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/messages", self._post)
        app.router.add_patch("/messages/{id}", self._change)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def of(self, nonce: str) -> list[Message]:
        """All messages made for that nonce."""
        return [message for message in self.messages if message.nonce == nonce]

    def asked(self, nonce: str) -> list[Asked]:
        """Every request to make that message."""
        return [post for post in self.posts if post.nonce == nonce]

    async def _post(self, request: web.Request) -> web.Response:
        said = await request.json()
        known = self._remembered(said["nonce"])
        self.posts.append(Asked(request.headers["X-Process"], said["nonce"], known is None))
        if known is None:
            known = len(self.messages)
            self.messages.append(Message(said["nonce"], [], said.get("clip")))
        self.messages[known].cards.append(said["card"])
        return web.json_response({"id": str(known)})

    async def _change(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        self.messages[number].cards.append((await request.json())["card"])
        return web.json_response({"id": str(number)})

    def _remembered(self, nonce: str) -> int | None:
        start = 0 if self.memory is None else max(0, len(self.messages) - self.memory)
        known = (number for number in range(start, len(self.messages)) if self.messages[number].nonce == nonce)
        return next(known, None)
