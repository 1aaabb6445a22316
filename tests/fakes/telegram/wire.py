"""The wire: requests in, faults, the judges of the API's description, answers out."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.parcels import Parcel
from tests.fakes.telegram.refusals import Refusal, bad, flood, unauthorized
from tests.fakes.telegram.world import World
from tests.specs_telegram import Judge

HANG_SECONDS = 3600.0


class Wire:
    """Answers `…/bot<token>/<method>` and `…/file/bot<token>/<path>`."""

    def __init__(self, world: World, judge: Judge | None) -> None:
        self.world, self.judge = world, judge
        self.closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """For an aiohttp application."""
        return [
            web.route("*", r"/bot{token:[^/]*}/{method}", self.call),
            web.get(r"/file/bot{token:[^/]*}/{path:.+}", self.file),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One Bot API call."""
        world = self.world
        if request.match_info["token"] != world.token:
            return _refused(unauthorized())
        name = next((each for each in METHODS if each.lower() == request.match_info["method"].lower()), "")
        if not name:
            world.broken.append(f"{request.match_info['method']}: the fake has no such method")
            return _refused(Refusal(404, "Not Found: method not found"))
        call = Call(name, {}, at=world.now())
        try:
            raw, files = await self._read(request)
        except Refusal as refusal:
            return self._note(call, _refused(refusal), refusal.description)
        except ConnectionResetError:  # whoever asked has gone
            return web.Response(status=400)
        call = Call(name, raw, files, world.now())
        self._judge(call)
        return await self._answered(request, call, world.faults.next(name, call.chat))

    def _judge(self, call: Call) -> None:
        if self.judge is not None:
            self.world.broken += self.judge.objections(call.method, call.raw, tuple(call.files))

    async def _answered(self, request: web.Request, call: Call, fault: Fault | None) -> web.StreamResponse:
        if fault is not None and fault.what == "reset before":
            return await self._reset(request)
        if fault is not None and fault.what == "delay":
            await asyncio.sleep(fault.seconds)
        response, description = await self._acted(call) if fault is None or fault.acts else (None, "")
        if fault is None or fault.what == "delay":
            assert response is not None
            return self._note(call, response, description)
        return await self._spoilt(request, call, fault)

    async def _spoilt(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.what == 429:
            return self._note(call, _refused(flood(fault.retry_after)), "flood, scripted")
        if isinstance(fault.what, int):
            return self._note(call, _refused(Refusal(fault.what, "Internal Server Error")), f"{fault.what}, scripted")
        self._note(call, web.Response(status=200), fault.what)
        call.status = 0
        if fault.what.startswith("hang"):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), HANG_SECONDS)
        return await self._reset(request)

    async def _acted(self, call: Call) -> tuple[web.Response, str]:
        try:
            result = await METHODS[call.method](self.world, call)
        except Refusal as refusal:
            return _refused(refusal), refusal.description
        except (TypeError, AttributeError, KeyError, ValueError) as odd:
            self.world.broken.append(f"{call.method}: {odd!r} while reading {call.raw}")
            return _refused(bad("can't parse the request")), repr(odd)
        return web.json_response({"ok": True, "result": result}), ""

    def _note(self, call: Call, response: web.Response, description: str) -> web.Response:
        call.status, call.description, call.ended = response.status, description, self.world.now()
        self.world.calls.append(call)
        self.world.touch()
        return response

    @staticmethod
    async def _reset(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _read(self, request: web.Request) -> tuple[dict[str, str], dict[str, Parcel]]:
        raw: dict[str, str] = dict(request.query)
        files: dict[str, Parcel] = {}
        if request.content_type == "application/json":
            body: dict[str, Any] = json.loads(await request.read() or b"{}")
            raw |= {name: each if isinstance(each, str) else json.dumps(each) for name, each in body.items()}
        elif request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                if part.filename is not None:
                    files[part.name or ""] = await self.world.parcels.receive(part)
                else:
                    raw[part.name or ""] = (await part.read()).decode("utf-8")
        elif request.can_read_body:
            raw |= {name: str(value) for name, value in (await request.post()).items()}
        return raw, files

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A download."""
        if request.match_info["token"] != self.world.token:
            return _refused(unauthorized())
        fault = self.world.faults.next("file", None)
        if fault is not None and isinstance(fault.what, int):
            return web.Response(status=fault.what)
        media = self.world.parcels.by_id.get(request.match_info["path"].partition("/")[2])
        if fault is not None and fault.what == "reset before":
            return await self._reset(request)
        return web.FileResponse(media.path) if media else _refused(Refusal(404, "Not Found"))


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.to_json(), status=refusal.code)
