"""REST as it comes over the wire: reading, faults, the token, rate limits, the spec, the answer."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.faults import AFTER, BEFORE, HANG, HANG_AFTER, Fault
from tests.fakes.discord.limits import Limited, refusal_headers
from tests.fakes.discord.messages import Upload, Uploads
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.routes import Ask, Route, TooFast, find_route
from tests.fakes.discord.world import Call, World

BASE = "/api/v10"
PART = re.compile(r"^files\[(\d+)\]$")
FAULTY = frozenset({50006, 50008, 50035, 50109})
"""Codes that say the request itself was wrong: these are broken rules, not misfortunes."""


class Cut(Exception):
    """The connection breaks off."""


class Rest:
    """The endpoints over HTTP."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request, noted in `world.calls`."""
        path = request.path.removeprefix(BASE)
        call = Call(request.method, path, at=time.monotonic(), query=dict(request.query))
        self._world.calls.append(call)
        try:
            status, body, headers = await self._answer(request, call)
        except Cut:
            assert request.transport
            request.transport.abort()
            return web.Response(status=500)
        call.status, call.took = status, time.monotonic() - call.at
        if status >= 400 and isinstance(body, dict):
            call.code = int(body.get("code", 0))
        self._count(call, headers)
        return as_response(status, body, headers)

    def _count(self, call: Call, headers: dict[str, str]) -> None:
        if call.status in (401, 403) or (call.status == 429 and headers.get("X-RateLimit-Scope") != "shared"):
            self._world.limits.invalid += 1
        self._world.stir()

    async def _answer(self, request: web.Request, call: Call) -> tuple[int, Any, dict[str, str]]:
        fault = self._world.faults.take(call.method, call.route)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        await stop_at(fault, BEFORE, HANG)
        try:
            body, uploads = await self._read(request, call)
        except ValueError:
            self._world.broke(f"{call.method} {call.route}: no JSON")
            return 400, Refused(50109).body, {}
        if fault and isinstance(fault.what, int):
            return as_fault(fault)
        status, answer, headers = self._do(request, call, body, uploads)
        await stop_at(fault, AFTER, HANG_AFTER)
        return status, answer, headers

    def _do(self, request: web.Request, call: Call, body: Any, uploads: Uploads) -> tuple[int, Any, dict[str, str]]:
        found = find_route(call.method, call.route)
        if found is None:
            self._world.broke(f"no such endpoint here: {call.method} {call.route}")
            return 404, {"message": "404: Not Found", "code": 0}, {}
        route, at = found
        if not route.free and request.headers.get("Authorization") != f"Bot {self._world.token}":
            return 401, {"message": "401: Unauthorized", "code": 0}, {}
        headers, limited = self._world.limits.take(call.method, route.path, place_of(at))
        if limited:
            return too_fast(limited)
        status, answer, more = self._decide(route, Ask(self._world, at, call.query, body, uploads), call)
        return status, answer, {**headers, **more}

    def _decide(self, route: Route, ask: Ask, call: Call) -> tuple[int, Any, dict[str, str]]:
        if call.json is not None:
            self._world.unexamined.append((call.method, route.path, call.json))
        try:
            return (*route.answer(ask), {})
        except Refused as no:
            if no.code in FAULTY:
                self._world.broke(f"{call.method} {call.route}: {json.dumps(no.body)}")
            return no.status, no.body, {}
        except TooFast as no:
            return too_fast(no.limited)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
            self._world.broke(f"{call.method} {call.route}: a body that makes no sense: {fault!r}")
            return 400, {"message": "Invalid Form Body", "code": 50035}, {}

    async def _read(self, request: web.Request, call: Call) -> tuple[Any, Uploads]:
        uploads: Uploads = {}
        if request.content_type.startswith("multipart/"):
            raw, uploads = await read_parts(request)
        else:
            raw = await request.read()
            if raw and request.headers.get("Content-Type") != "application/json":
                self._world.broke(f"{call.method} {call.route}: Content-Type {request.headers.get('Content-Type')}")
        call.files = {upload.name: len(upload.data) for upload in uploads.values()}
        body = json.loads(raw) if raw else None
        call.json = body
        return ({} if body is None else body), uploads


async def read_parts(request: web.Request) -> tuple[bytes, Uploads]:
    """A form of ``payload_json`` and ``files[n]``."""
    raw, uploads = b"", {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        if part.name == "payload_json":
            raw = data
        elif found := PART.match(part.name or ""):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[int(found[1])] = Upload(part.filename or "file", data, guess(part.filename or "", kind))
    return raw, uploads


def guess(name: str, kind: str) -> str:
    """The media type by the name's ending, as Discord does it."""
    endings = {
        ".mp4": "video/mp4",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".webp": "image/webp",
        ".webm": "video/webm",
    }
    return next((known for ending, known in endings.items() if name.lower().endswith(ending)), kind)


async def stop_at(fault: Fault | None, cut: str, hang: str) -> None:
    """Break off, or never answer, where the fault says so."""
    if fault and fault.what == cut:
        raise Cut
    if fault and fault.what == hang:
        fault.holds = True
        await asyncio.Event().wait()


def as_fault(fault: Fault) -> tuple[int, Any, dict[str, str]]:
    """A fault that is a status."""
    status, body = fault.answer()
    return status, body, {"Via": "1.1 fake", "Retry-After": str(fault.retry_after)} if status == 429 else {}


def too_fast(limited: Limited) -> tuple[int, Any, dict[str, str]]:
    """A 429 with all it carries."""
    return 429, limited.body(), refusal_headers(limited)


def place_of(at: dict[str, str]) -> str:
    """What a bucket belongs to besides its route: a channel, a guild, a webhook."""
    return at.get("channel") or at.get("guild") or at.get("token") or ""


def as_response(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    """JSON with exactly that type: anything behind it confuses clients, as it would at the real one."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={**headers, "Content-Type": "application/json"}
    )
