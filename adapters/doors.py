"""Doors to the outside, each with a lock of its own: signed links to clips, and the webhooks of others.

``GET /clips/<digest>?until=…&sig=…`` serves one clip, or the zip of a film, to whoever holds its link, until the link expires.
``POST /hooks/<name>`` hands headers and body to the door that was registered under that name; what it answers is the status.

They stand in the studio's server, where its own token is not asked for, or alone on the same host and port where there is no
studio in this process.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.errors import BadSetting, PortTaken, SetupFault
from bot.fitting import LINK_DAYS
from bot.ports import Clips, Clock

log = logging.getLogger("throughline.doors")

Door = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""Takes the headers (their names in any case) and the body of a POST; the HTTP status to answer with."""

BODY_MOST: Final = 1 << 20
BODY_SECONDS: Final = 10.0
LINK_SECONDS: Final = LINK_DAYS * 24 * 3600
MEDIA: Final = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".zip": "application/zip",
}
TO_KEEP: Final = frozenset({".zip"})
"""What is taken home, not watched in place."""
_CLIP: Final = re.compile(r"/clips/([0-9a-f]{64})")
_HOOK: Final = re.compile(r"/hooks/([a-z][a-z0-9_-]{0,63})")
_UNTIL: Final = re.compile(r"[0-9]{1,12}")


@dataclass
class Signer:
    """Makes links that nobody else can make.

    `fetch_key`: the secret, which all processes share; asked for once. `public_url`: where the world reaches us.
    """

    fetch_key: Callable[[], Awaitable[bytes]]
    public_url: str
    clock: Clock
    _key: bytes | None = field(default=None, repr=False)

    async def link(self, digest: str) -> str | None:
        """A link to that clip which works for `LINK_SECONDS`. `ports.Link`."""
        until = str(int(self.clock.now()) + LINK_SECONDS)
        return f"{self.public_url}/clips/{digest}?until={until}&sig={await self._signature(digest, until)}"

    async def accepts(self, digest: str, until: str, signature: str) -> bool:
        """Whether we made that link, expired or not. Compared in constant time."""
        if not _UNTIL.fullmatch(until):
            return False
        made = await self._signature(digest, until)
        return hmac.compare_digest(made.encode(), signature.encode(errors="replace"))

    def expired(self, until: str) -> bool:
        """Whether the time of an accepted link is over."""
        return self.clock.now() > int(until)

    async def _signature(self, digest: str, until: str) -> str:
        self._key = self._key or await self.fetch_key()
        return hmac.new(self._key, f"clip {digest} until {until}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Doors:
    """What is open: links where there is a signer, hooks by name."""

    clips: Clips
    signer: Signer | None = None
    hooks: Mapping[str, Door] = field(default_factory=dict)

    @property
    def any_open(self) -> bool:
        """Whether there is anything to serve."""
        return self.signer is not None or bool(self.hooks)

    def middleware(self) -> Middleware:
        """Answers what comes to a door, before any check of the server it stands in; hands everything else on."""

        @web.middleware
        async def at_the_door(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await self._answer(request)
            return await handler(request) if answer is None else answer

        return at_the_door

    async def _answer(self, request: web.Request) -> web.StreamResponse | None:
        if self.signer is not None and request.method in ("GET", "HEAD") and (clip := _CLIP.fullmatch(request.path)):
            return await self._clip(request, clip[1], self.signer)
        if hook := _HOOK.fullmatch(request.path):
            return await self._hook(request, hook[1])
        return None

    async def _clip(self, request: web.Request, digest: str, signer: Signer) -> web.StreamResponse:
        until, signature = request.query.get("until", ""), request.query.get("sig", "")
        if not await signer.accepts(digest, until, signature):
            return _said(404, "There is nothing here.")
        if signer.expired(until):
            return _said(410, "This link has expired.")
        try:
            path = await self.clips.path(digest)
        except SetupFault as fault:
            log.error("a clip cannot be handed out: %s", fault)
            return _said(503, "It cannot be fetched at this moment. Please try again later.")
        if path is None or path.suffix not in MEDIA:
            return _said(404, "There is nothing here.")
        shown = "attachment" if path.suffix in TO_KEEP else "inline"
        headers = {
            "Content-Type": MEDIA[path.suffix],
            "Content-Disposition": f'{shown}; filename="throughline-{digest[:8]}{path.suffix}"',
            "Cache-Control": "private, max-age=3600",
            "Cross-Origin-Resource-Policy": "cross-origin",  # players of chat platforms show it on their own pages
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)

    async def _hook(self, request: web.Request, name: str) -> web.Response:
        door = self.hooks.get(name)
        if door is None:
            return _said(404, "There is nothing here.")
        if request.method != "POST":
            return _said(405, "Only POST.", Allow="POST")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return _said(408, "That took too long.")
        if body is None:
            return _said(413, "That is too large.")
        try:
            return web.Response(status=await door(request.headers, body))
        except Exception:
            log.exception("a hook failed: %s", name)
            return _said(500, "That did not work.")


async def _body(request: web.Request) -> bytes | None:
    """All of it; None where it is larger than `BODY_MOST` bytes."""
    if (request.content_length or 0) > BODY_MOST:
        return None
    body = bytearray()
    async for piece in request.content.iter_chunked(1 << 16):
        body += piece
        if len(body) > BODY_MOST:
            return None
    return bytes(body)


def _said(status: int, text: str, **headers: str) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers={"Cache-Control": "no-store", **headers})


class DoorServer:
    """A server with nothing but these doors."""

    def __init__(self, doors: Doors, host: str, port: int) -> None:
        self._doors, self._host, self.port = doors, host, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises `PortTaken`, or `BadSetting` for a bad address."""
        app = web.Application(middlewares=[self._doors.middleware()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError as taken:
            await self.stop()
            if taken.errno == errno.EADDRINUSE:
                raise PortTaken(host=self._host, port=self.port) from taken
            raise BadSetting(name="THROUGHLINE_WEB_HOST", reason=taken.strerror or str(taken)) from taken
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Quick, and harmless to repeat."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
