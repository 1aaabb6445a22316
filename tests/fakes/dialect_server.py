"""A server that speaks the ``/v1/videos`` dialect on loopback, strictly, and misbehaves as it is told.

It enforces the book (content type, required and unknown fields, values, the key), records what it was asked, and takes
one scripted `Fault` after another. As a process of its own, for tests that kill::

    python -m tests.fakes.dialect_server --port 8099 --log jobs.jsonl --film-seconds 2

There every accepted order is a line of the log before it is answered; ``POST /_faults`` scripts a fault
(``{"route": "create", "fault": {"status": 500, "accept": true}, "times": 1}``), ``GET /_state`` counts.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import re
import struct
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.fakes.dialect_jobs import Fields, Job, JobBook, Quirks

KNOWN = {"prompt", "model", "seconds", "size", "input_reference", "characters", "seed", "width", "height"}
SIZE = re.compile(r"[1-9]\d{1,3}x[1-9]\d{1,3}")
DONE = "completed"


@dataclass
class Fault:
    """One thing that goes wrong. `accept`: the job is made all the same; `cut`: the connection dies instead of an answer."""

    status: int = 500
    body: Any = None
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    accept: bool = False
    cut: bool = False
    stall: bool = False
    """The answer begins and never ends; with `cut` it breaks off."""


@dataclass
class Seen:
    """One request as it arrived. `files`: name to (media type, bytes)."""

    route: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    fields: Fields = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class Wrong(Exception):
    """A request against the book: `status` and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@lru_cache(maxsize=1)
def tiny_clip() -> bytes:
    """One second of grey, H.264 in MP4, a few kB."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        frame = av.VideoFrame(128, 72, "yuv420p")
        for plane in frame.planes:
            plane.update(b"\x80" * plane.buffer_size)
        for number in range(24):
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


class DialectServer:
    """``async with DialectServer() as server: … server.url`` (ends in ``/v1``)."""

    def __init__(
        self,
        *,
        key: str | None = None,
        film_seconds: float = 0.0,
        log: Path | None = None,
        clip: bytes | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        self.key, self.quirks = key, quirks or Quirks()
        self.book = JobBook(self.quirks, film_seconds, log)
        self.seen: deque[Seen] = deque(maxlen=5000)
        self.counts: Counter[str] = Counter()
        self.fates: deque[Any] = deque()
        """Errors that the next jobs will end with."""
        self.url = ""
        self._clip = clip
        self._faults: dict[str, deque[Fault]] = {}
        self._runner: web.AppRunner | None = None

    def script(self, route: str, *faults: Fault) -> None:
        """The next requests to `route` (create, list, get, content, remix, delete, models, openapi) go wrong like this."""
        self._faults.setdefault(route, deque()).extend(faults)

    def asked(self, route: str) -> list[Seen]:
        """All requests to that route."""
        return [seen for seen in self.seen if seen.route == route]

    @property
    def clip(self) -> bytes:
        """What every finished job is."""
        return self._clip if self._clip is not None else tiny_clip()

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def app(self) -> web.Application:
        """All routes."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        doors: list[tuple[str, str, str, Callable[[Seen], Awaitable[web.StreamResponse]]]] = [
            ("POST", "/v1/videos", "create", self._create),
            ("GET", "/v1/videos", "list", self._list),
            ("GET", "/v1/videos/{id}", "get", self._get),
            ("GET", "/v1/videos/{id}/content", "content", self._content),
            ("POST", "/v1/videos/edits", "edits", self._edit),
            ("POST", "/v1/videos/extensions", "extensions", self._edit),
            ("POST", "/v1/videos/characters", "characters", self._character),
            ("POST", "/v1/videos/{id}/remix", "remix", self._remix),
            ("DELETE", "/v1/videos/{id}", "delete", self._delete),
            ("GET", "/v1/models", "models", self._models),
            ("GET", "/openapi.json", "openapi", self._openapi),
        ]
        for method, path, route, handler in doors:
            app.router.add_route(method, path, self._door(route, handler))
        app.router.add_get("/files/{name}", self._file)
        app.router.add_post("/_faults", self._take_script)
        app.router.add_get("/_state", self._state)
        return app

    # ------------------------------------------------------------ every request

    def _door(
        self, route: str, handler: Callable[[Seen], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.counts[route] += 1
            try:
                seen = await self._read(request, route)
                faults = self._faults.get(route)
                return await self._go_wrong(request, seen, faults.popleft()) if faults else await handler(seen)
            except Wrong as wrong:
                kind = {401: "authentication_error", 404: "not_found_error"}.get(wrong.status, "invalid_request_error")
                error = {"message": str(wrong), "type": kind, "param": None, "code": None}
                return web.json_response({"error": error}, status=wrong.status)

        return serve

    async def _read(self, request: web.Request, route: str) -> Seen:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.match_info.get("id", "")
        seen = Seen(route, path, dict(request.query), headers)
        self.seen.append(seen)
        if request.method == "POST":
            await _read_body(request, seen)
        if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
            raise Wrong(401, f"Incorrect API key provided: {headers.get('authorization')}")
        return seen

    async def _go_wrong(self, request: web.Request, seen: Seen, fault: Fault) -> web.StreamResponse:
        if fault.accept:
            self._accept(seen)
        if fault.stall:
            response = web.StreamResponse(headers={"Content-Length": "1000000"})
            await response.prepare(request)
            await response.write(self.clip[:100])
            await asyncio.sleep(0.05 if fault.cut else 3600)
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
            raise asyncio.CancelledError
        if fault.text is not None:
            return web.Response(text=fault.text, status=fault.status, headers=fault.headers)
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)

    # ------------------------------------------------------------ the dialect

    def _accept(self, seen: Seen) -> Job:
        fate = self.fates.popleft() if self.fates else None
        return self.book.accept(seen.fields, seen.path or None, fate)

    async def _create(self, seen: Seen) -> web.StreamResponse:
        self._check(seen)
        return web.json_response(self.book.object(self._accept(seen)))

    def _check(self, seen: Seen) -> None:
        if unknown := ({*seen.fields, *seen.files} - KNOWN):
            raise Wrong(400, f"Unknown parameter: {min(unknown)!r}")
        prompt, seconds, size = (seen.fields.get(name) for name in ("prompt", "seconds", "size"))
        if not isinstance(prompt, str) or not 1 <= len(prompt) <= 32_000:
            raise Wrong(400, "Missing required parameter: 'prompt'")
        if seconds is not None and not (isinstance(seconds, str) and re.fullmatch(r"[1-9]\d*", seconds)):
            raise Wrong(400, "Invalid type for 'seconds': expected a string of digits")
        if size is not None and not (isinstance(size, str) and SIZE.fullmatch(size)):
            raise Wrong(400, "Invalid value: 'size'")
        if self.quirks.models and seen.fields.get("model") not in self.quirks.models:
            raise Wrong(400, "model mismatch")
        if "input_reference" in seen.files:
            _check_picture(*seen.files["input_reference"], size)

    async def _remix(self, seen: Seen) -> web.StreamResponse:
        if not self.quirks.remix:
            return web.json_response({"detail": "Not Found"}, status=404)
        if set(seen.fields) != {"prompt"} or seen.headers.get("content-type", "") != "application/json":
            raise Wrong(400, "remix takes a JSON object with 'prompt'")
        if self.book.status(self._job(seen))[0] != DONE:
            raise Wrong(400, "the source video is not completed")
        return web.json_response(self.book.object(self._accept(seen)))

    async def _edit(self, seen: Seen) -> web.StreamResponse:
        """Edits and extensions: JSON with the words, the clip's id, and for the latter a length."""
        if not self.quirks.edits:
            return web.json_response({"detail": "Not Found"}, status=404)
        source = seen.fields.get("video")
        members = {"prompt", "video"} | ({"seconds"} if seen.route == "extensions" else set())
        if set(seen.fields) - members or not isinstance(source, dict) or self.book.get(source.get("id", "")) is None:
            raise Wrong(400, f"{seen.route} takes a JSON object with 'prompt' and 'video': {{'id'}}")
        return web.json_response(self.book.object(self.book.accept(seen.fields, source["id"])))

    async def _character(self, seen: Seen) -> web.StreamResponse:
        if not self.quirks.edits:
            return web.json_response({"detail": "Not Found"}, status=404)
        name, film = seen.fields.get("name"), seen.files.get("video")
        if not isinstance(name, str) or not 0 < len(name) <= 80 or film is None or film[0] != "video/mp4":
            raise Wrong(400, "characters take a name and a video")
        return web.json_response({"id": f"char_{name}", "name": name, "created_at": 1_780_000_000})

    def _job(self, seen: Seen) -> Job:
        job = self.book.get(seen.path)
        if job is None:
            raise Wrong(404, f"Video {seen.path!r} not found")
        return job

    async def _get(self, seen: Seen) -> web.StreamResponse:
        video = self.book.object(self._job(seen))
        return web.json_response(video, status=self.quirks.failed_status if video["error"] else 200)

    async def _list(self, seen: Seen) -> web.StreamResponse:
        if not self.quirks.lists:
            raise Wrong(400, "list is not supported")
        limit = int(seen.query.get("limit", "20"))
        if not 0 < limit <= 100:
            raise Wrong(400, "limit must be between 1 and 100")
        jobs, more = self.book.page(limit, seen.query.get("after"), newest_first=seen.query.get("order") != "asc")
        ends = {"first_id": jobs[0].id if jobs else None, "last_id": jobs[-1].id if jobs else None}
        data = [self.book.object(job) for job in jobs]
        return web.json_response({"object": "list", "data": data, **ends, "has_more": more})

    async def _content(self, seen: Seen) -> web.StreamResponse:
        job = self._job(seen)
        if "variant" in seen.query:
            raise Wrong(404, "no such variant")
        if self.book.status(job)[0] != DONE:
            return web.json_response({"detail": "Generation is still in-progress"}, status=404)
        match self.quirks.content:
            case "redirect":
                return web.Response(status=302, headers={"Location": self.quirks.elsewhere})
            case "json":
                return web.json_response(self.book.object(job))
            case "detail":
                where = f"Video has been uploaded to cloud storage. Please use the cloud URL: {self.quirks.elsewhere}"
                return web.json_response({"detail": where}, status=400)
            case "none":
                return web.json_response({"detail": "Not Found"}, status=404)
        return web.Response(body=self.clip, content_type="video/mp4")

    async def _delete(self, seen: Seen) -> web.StreamResponse:
        job = self._job(seen)
        if not self.quirks.cancels:
            return web.json_response({"detail": "Method Not Allowed"}, status=405)
        job.stopped = self.book.status(job)[0] != DONE
        return web.json_response({"id": job.id, "object": "video.deleted", "deleted": True})

    async def _models(self, _: Seen) -> web.StreamResponse:
        cards = [
            {"id": name, "object": "model", "owned_by": "house"} for name in self.quirks.models or ("house-model",)
        ]
        return web.json_response({"object": "list", "data": cards})

    async def _openapi(self, _: Seen) -> web.StreamResponse:
        return web.json_response({"openapi": "3.1.0", "info": {"title": "house"}, "paths": {"/v1/videos": {}}})

    # ------------------------------------------------------------ beside the dialect

    async def _file(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen("file", request.match_info["name"], dict(request.query), headers))
        return web.Response(body=self.clip, content_type="video/mp4")

    async def _take_script(self, request: web.Request) -> web.StreamResponse:
        wish = await request.json()
        self.script(wish["route"], *[Fault(**wish["fault"])] * int(wish.get("times", 1)))
        return web.json_response({})

    async def _state(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"accepted": len(self.book.jobs), "requests": dict(self.counts)})


async def _read_body(request: web.Request, seen: Seen) -> None:
    if request.content_type == "application/json":
        data = json.loads(await request.text())
        if not isinstance(data, dict):
            raise Wrong(400, "expected an object")
        seen.fields.update(data)
    elif request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                seen.files[name] = (value.content_type, value.file.read())
            else:
                seen.fields[name] = value
    else:
        raise Wrong(400, f"unsupported content type {request.content_type}")


def _check_picture(media_type: str, picture: bytes, size: Any) -> None:
    if media_type not in ("image/png", "image/jpeg", "image/webp"):
        raise Wrong(400, "input_reference must be a JPEG, PNG or WebP image")
    if picture.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", picture[16:24])
        if size != f"{width}x{height}":
            raise Wrong(400, f"the image is {width}x{height}, it must match the requested size {size}")


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="a fake server of the /v1/videos dialect")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, help="file for accepted orders, one JSON object a line")
    parser.add_argument("--film-seconds", type=float, default=1.0)
    parser.add_argument("--clip", type=Path, help="the MP4 that every job becomes")
    parser.add_argument("--key")
    parser.add_argument("--quirks", type=json.loads, default={}, help="JSON object of Quirks")
    said = parser.parse_args()
    clip = said.clip.read_bytes() if said.clip else tiny_clip()
    quirks = Quirks(**said.quirks)
    server = DialectServer(key=said.key, film_seconds=said.film_seconds, log=said.log, clip=clip, quirks=quirks)
    web.run_app(server.app(), host="127.0.0.1", port=said.port, print=None, access_log=None, shutdown_timeout=0.1)


if __name__ == "__main__":
    main()
