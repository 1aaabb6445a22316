"""Discord's REST interface through discord.py's own client, without a gateway connection: what posting needs, and no more.

discord.py keeps the rate limits and tries 500, 502, 504 and 524 again by itself; what it does not (503, a connection that
breaks, no answer) is tried again here. Every message is created with a nonce, so that is safe; hooks are only ever edited.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from adapters.chat.discord.lanes import Lanes, Meter, Urgency
from adapters.chat.discord.library import Hook, point
from bot.errors import DeliveryFault

log = logging.getLogger("throughline.discord")

PATIENCE: Final = 30.0
"""Seconds for a request without files."""
SLOWEST: Final = 64 * 1024
"""Bytes a second that an upload is given at least; the library's own limit is 300 s whatever the size."""
PAUSES: Final = (0.5, 1.0, 2.0)
ODD = (TypeError, ValueError, LookupError)
"""What the library raises where an answer does not have Discord's shape (a proxy's page, say)."""
BROKEN = (aiohttp.ClientError, OSError, TimeoutError)
ABREAST: Final = 2
"""Requests of one kind in one channel at once: a long upload does not hold up the rest, and discord.py's count of what a window
still takes stays right (with four, one in five was refused at the windows' edges)."""
QUIET_AFTER_REFUSAL: Final = 60.0
"""After a token was not accepted: 10,000 invalid requests in ten minutes would have our address banned."""
MESSAGES: Final = "/channels/{channel_id}/messages"
MESSAGE: Final = MESSAGES + "/{message_id}"
HOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file to send: from the disk, or a small one from memory."""

    name: str
    content: Path | bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


@dataclass(frozen=True)
class Ask:
    """One request. `urgency` None: it does not count towards the bot's limit over everything."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    uploads: Sequence[Upload] = ()
    query: Mapping[str, int] | None = None
    urgency: Urgency | None = Urgency.CARD

    @property
    def route(self) -> Route:
        """In discord.py's form, which keeps its limits by it."""
        return Route(self.method, self.path, **self.ids)

    @property
    def size(self) -> int:
        """Bytes to upload."""
        return sum(upload.size for upload in self.uploads)


class Rest:
    """One login for everything that is posted. Raises `discord.HTTPException` where Discord refuses, else `DeliveryFault`."""

    def __init__(
        self,
        token: str,
        api: str = "",
        gateway: str = "",
        *,
        patience: float = PATIENCE,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._token, self._api, self._gateway = token, api, gateway
        self._patience, self._pauses = patience, tuple(pauses)
        self._client: discord.Client | None = None
        self._login = asyncio.Lock()
        self._refused_until = 0.0
        self._meter, self._lanes = Meter(), Lanes(ABREAST)

    @property
    def refused(self) -> bool:
        """Whether the token was not accepted lately."""
        return time.monotonic() < self._refused_until

    async def me(self) -> int:
        """The bot's own user id."""
        user = (await self._logged_in()).user
        return user.id if user else 0

    async def create(
        self, channel: str, body: Json, uploads: Sequence[Upload] = (), urgency: Urgency = Urgency.CARD
    ) -> Json:
        """A new message; the more urgent goes first where a channel is busy."""
        async with self._lanes.turn(f"create {channel}", urgency):
            return await self._json(Ask("POST", MESSAGES, {"channel_id": channel}, body, uploads, urgency=urgency))

    async def edit(
        self, channel: str, message: str, body: Json, uploads: Sequence[Upload] = (), urgency: Urgency = Urgency.CARD
    ) -> Json:
        """Change a message; its files stay unless there are new ones."""
        ids = {"channel_id": channel, "message_id": message}
        async with self._lanes.turn(f"edit {channel}", urgency):
            return await self._json(Ask("PATCH", MESSAGE, ids, body, uploads, urgency=urgency))

    async def delete(self, channel: str, message: str) -> None:
        """Take a message away."""
        await self.ask(Ask("DELETE", MESSAGE, {"channel_id": channel, "message_id": message}, urgency=Urgency.PROGRESS))

    async def begin_thread(self, channel: str, message: str, name: str) -> Json:
        """A thread that begins at that message, and has its id."""
        ids = {"channel_id": channel, "message_id": message}
        return await self._json(Ask("POST", MESSAGE + "/threads", ids, {"name": name}))

    async def messages(self, channel: str, **query: int) -> list[Json]:
        """Up to 100 messages of a channel (`limit`, `after`, `before`), newest first."""
        found = await self.ask(Ask("GET", MESSAGES, {"channel_id": channel}, query=query, urgency=Urgency.CLIP))
        return [each for each in found if isinstance(each, dict)]

    async def direct(self, user: str) -> str:
        """The channel of direct messages with that user."""
        body = {"recipient_id": user}
        return str((await self._json(Ask("POST", "/users/@me/channels", body=body, urgency=Urgency.CLIP)))["id"])

    async def guild(self, guild: str) -> Json:
        """A server."""
        return await self._json(Ask("GET", "/guilds/{guild_id}", {"guild_id": guild}, urgency=Urgency.CLIP))

    async def answer(self, hook: Hook, body: Json, uploads: Sequence[Upload] = ()) -> Json:
        """Put it where the interaction's first answer stands."""
        plain = {"content": None, **body}
        return await self._json(Ask("PATCH", HOOK + "/messages/@original", _ids(hook), plain, uploads, urgency=None))

    async def follow(self, hook: Hook, body: Json, uploads: Sequence[Upload] = ()) -> Json:
        """A further answer to the interaction. It has no nonce: after a lost answer it may stand there twice."""
        return await self._json(Ask("POST", HOOK, _ids(hook), body, uploads, urgency=None))

    async def dismiss(self, hook: Hook) -> None:
        """Take the interaction's first answer away."""
        await self.ask(Ask("DELETE", HOOK + "/messages/@original", _ids(hook), urgency=None))

    async def close(self) -> None:
        """Let go of the connection."""
        async with self._login:
            client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _logged_in(self) -> discord.Client:
        async with self._login:
            if self._client is None:
                self._client = await self._log_in()
            return self._client

    async def _log_in(self) -> discord.Client:
        """Two requests, no gateway. Raises `DeliveryFault`."""
        if self.refused:
            raise DeliveryFault("Discord does not accept our token")
        point(self._api, self._gateway)
        client = quiet_client()
        try:
            async with asyncio.timeout(self._patience * 2):
                await client.login(self._token)
        except BaseException as fault:
            await client.close()
            if isinstance(fault, discord.LoginFailure):
                self._refuse()
            if isinstance(fault, (discord.DiscordException, *BROKEN, *ODD)):
                raise DeliveryFault(f"Discord did not let us in: {type(fault).__name__}") from None
            raise
        return client

    def _refuse(self) -> None:
        self._refused_until = time.monotonic() + QUIET_AFTER_REFUSAL
        log.error(
            "Discord does not accept our token: set DISCORD_TOKEN to the one shown under Bot in the developer portal"
        )

    async def _json(self, ask: Ask) -> Json:
        answer = await self.ask(ask)
        if not isinstance(answer, dict):
            raise DeliveryFault("Discord did not answer in JSON")
        return answer

    async def ask(self, ask: Ask) -> Any:
        """One request, tried again where that is safe."""
        client = await self._logged_in()
        for pause in (*self._pauses, None):
            if ask.urgency is not None:
                await self._meter.turn(ask.urgency)
            try:
                return await self._send(client, ask)
            except discord.RateLimited as slow:
                raise DeliveryFault(f"Discord asks for {slow.retry_after:.0f} s of quiet") from None
            except discord.HTTPException as refusal:
                if refusal.status == 401 and not ask.path.startswith(HOOK):
                    self._refuse()
                if refusal.status != 503 or pause is None:
                    raise
            except BROKEN as fault:
                if pause is None:
                    raise DeliveryFault(f"Discord could not be reached: {type(fault).__name__}") from None
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _send(self, client: discord.Client, ask: Ask) -> Any:
        timeout = aiohttp.ClientTimeout(total=self._patience + ask.size / SLOWEST)
        if not ask.uploads:
            body: Json = {} if ask.body is None else {"json": ask.body}
            return await client.http.request(ask.route, params=ask.query or {}, timeout=timeout, **body)
        files = [_opened(upload) for upload in ask.uploads]
        try:
            form = _form({**(ask.body or {}), "attachments": _listed(ask.uploads)}, files)
            return await client.http.request(ask.route, form=form, files=files, timeout=timeout)
        finally:
            for file in files:
                file.close()


def _ids(hook: Hook) -> dict[str, str]:
    return {"webhook_id": hook.application, "webhook_token": hook.token}


def quiet_client() -> discord.Client:
    """discord.py's client for REST alone: nobody pinged, long limits raised instead of slept through.

    Intents mean nothing without a gateway; without `guilds` the library would warn all the same.
    """
    for warning in ("warn_nacl", "warn_dave"):  # of voice, which nobody asked for
        setattr(discord.VoiceClient, warning, False)
    return discord.Client(
        intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none(), max_ratelimit_timeout=60
    )


def _opened(upload: Upload) -> discord.File:
    content = io.BytesIO(upload.content) if isinstance(upload.content, bytes) else upload.content
    return discord.File(content, filename=upload.name)


def _listed(uploads: Sequence[Upload]) -> list[Json]:
    return [{"id": at, "filename": upload.name} for at, upload in enumerate(uploads)]


def _form(body: Json, files: Sequence[discord.File]) -> list[Json]:
    """Multipart, as Discord's "Uploading Files" asks for it."""
    kind = "application/octet-stream"
    fields = [
        {"name": f"files[{at}]", "value": file.fp, "filename": file.filename, "content_type": kind}
        for at, file in enumerate(files)
    ]
    return [{"name": "payload_json", "value": json.dumps(body)}, *fields]
