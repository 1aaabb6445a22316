"""A reverse proxy that stands between a backend and its fake server, and lets things go wrong as it is told.

It knows no dialect: a `Fault` says on which requests it strikes (method and a pattern of the path), how often, and what happens
to them. Everything else passes through untouched. ``async with FaultProxy(server.url) as proxy: … proxy.url``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self

import httpx
from aiohttp import ClientSession, ClientTimeout, WSMsgType, web

FOR_EVER: Final = 10**9
HOP_BY_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}

Change = Callable[[Any], Any]
"""A JSON answer → what becomes of it."""


@dataclass
class Fault:
    """One thing that goes wrong.

    With neither `status` nor anything else set, the request simply passes. `reaches`: the server gets the request, only its
    answer is tampered with or lost.
    """

    method: str = "*"
    path: str = ""
    """A regular expression, searched in the path with its query; empty: every path."""
    times: int = FOR_EVER
    skip: int = 0
    """So many matching requests pass first."""
    reaches: bool = False
    status: int | None = None
    body: Any = None
    """JSON, or bytes as they are."""
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    hang: bool = False
    change: Change | None = None
    cut: int | None = None
    """The answer breaks off after so many bytes."""
    endless: int = 0
    """The answer is so many bytes of nothing instead."""
    struck: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is one of those; counts it."""
        if self.method not in ("*", method) or not re.search(self.path, path) or self.struck >= self.skip + self.times:
            return False
        self.struck += 1
        return self.struck > self.skip


class FaultProxy:
    """Forwards to `upstream` (scheme, host and port; a path is kept in `url`)."""

    def __init__(self, upstream: str) -> None:
        self._upstream = httpx.URL(upstream)
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 28)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._session = ClientSession(timeout=ClientTimeout(total=None), auto_decompress=False)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        path = self._upstream.raw_path.decode().rstrip("/")
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{path}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    def asked(self, method: str, path: str) -> int:
        """How many requests of that method came for paths with that pattern."""
        return sum(made == method and bool(re.search(path, where)) for made, where in self.requests)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._bridge(request)
        self.requests.append((request.method, request.path_qs))
        fault = next((each for each in self.faults if each.strikes(request.method, request.path_qs)), None)
        if fault is None:
            return await self._forward(request, None)
        if not fault.reaches:
            return await self._answer(request, fault, b"")
        return await self._forward(request, fault)

    async def _forward(self, request: web.Request, fault: Fault | None) -> web.StreamResponse:
        assert self._session is not None
        url = f"{self._upstream.scheme}://{self._upstream.netloc.decode()}{request.path_qs}"
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self._session.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as got:
            kept = {name: value for name, value in got.headers.items() if name.lower() not in HOP_BY_HOP}
            if got.content_type == "text/event-stream" and fault is None:
                return await _stream(request, got.status, kept, got.content.iter_any())
            raw = await got.read()
            if fault is None:
                return web.Response(body=raw, status=got.status, headers=kept)
            if fault.change is not None:
                raw = json.dumps(fault.change(json.loads(raw))).encode()
            elif fault.status is None and fault.cut is None and not (fault.reset or fault.hang or fault.endless):
                return web.Response(body=raw, status=got.status, headers=kept)
            return await self._answer(request, fault, raw, got.status, kept)

    async def _answer(
        self, request: web.Request, fault: Fault, raw: bytes, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        if fault.hang:
            await asyncio.sleep(3600)
        if fault.reset:
            return _abort(request)
        if fault.endless:
            return await _endless(request, fault.endless, headers or {})
        if fault.cut is not None:
            return await _broken_off(request, raw, fault.cut, status, headers or {})
        if fault.change is not None:
            return web.Response(body=raw, status=fault.status or status, headers=headers)
        body, kind = fault.body, "application/json"
        if isinstance(body, bytes):
            kind = "application/octet-stream"
        else:
            body = json.dumps(body).encode()
        return web.Response(body=body, status=fault.status or 200, headers={"Content-Type": kind, **fault.headers})

    async def _bridge(self, request: web.Request) -> web.StreamResponse:
        """A websocket passes as it is."""
        assert self._session is not None
        here = web.WebSocketResponse()
        await here.prepare(request)
        url = f"ws://{self._upstream.netloc.decode()}{request.path_qs}"
        async with self._session.ws_connect(url) as there:

            async def pump(source: Any, target: Any) -> None:
                async for message in source:
                    if message.type is WSMsgType.TEXT:
                        await target.send_str(message.data)
                    elif message.type is WSMsgType.BINARY:
                        await target.send_bytes(message.data)

            tasks = [asyncio.create_task(pump(here, there)), asyncio.create_task(pump(there, here))]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        return here


def _abort(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    raise asyncio.CancelledError


async def _stream(
    request: web.Request, status: int, headers: dict[str, str], pieces: AsyncIterator[bytes]
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    with suppress(ConnectionError):
        async for piece in pieces:
            await response.write(piece)
    return response


async def _endless(request: web.Request, size: int, headers: dict[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": headers.get("Content-Type", "video/mp4")})
    response.content_length = size
    await response.prepare(request)
    piece = bytes(1 << 20)
    with suppress(ConnectionError):
        for _ in range(size >> 20):
            await response.write(piece)
    return response


async def _broken_off(
    request: web.Request, raw: bytes, cut: int, status: int, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = len(raw)
    await response.prepare(request)
    await response.write(raw[:cut])
    await asyncio.sleep(0.02)
    return _abort(request)
