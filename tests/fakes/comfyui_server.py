"""ComfyUI on loopback, its own routes and its websocket: strict about graphs, one job at a time, and forgetful when restarted.

``async with ComfyUIServer() as server: … server.url``. It renders a repeated ``prompt_id`` again, as the real one does, and tells
events to the client that ordered, and to nobody else.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.comfyui_nodes import Kind, info, kinds, refusal
from tests.fakes.dialect_server import tiny_clip

STEPS = 5
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X"


@dataclass
class Job:
    """One accepted order."""

    id: str
    number: float
    graph: dict[str, Any]
    extra: dict[str, Any]
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def row(self) -> list[Any]:
        """As the queue and the history show it."""
        return [self.number, self.id, self.graph, self.extra, []]


@dataclass
class ComfyUIServer:
    """`old`: a build before ``/api/jobs``; `own_ids`: one that does not let clients choose ids."""

    film_seconds: float = 0.0
    key: str = ""
    old: bool = False
    own_ids: bool = False
    mute: bool = False
    """It has no websocket."""
    version: str = "0.3.76"
    fate: str = ""
    """The error that coming jobs end with."""
    saves: str = "images"
    """The key under which the clip is told; ``webp`` or nothing for a workflow that saves no clip."""
    kinds: dict[str, Kind] = field(default_factory=kinds)
    jobs: list[Job] = field(default_factory=list)
    """Every order that was ever accepted."""
    pending: list[Job] = field(default_factory=list)
    running: Job | None = None
    history: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    sockets: dict[str, web.WebSocketResponse] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    interrupts: int = 0
    url: str = ""
    _runner: web.AppRunner | None = None
    _worker: asyncio.Task[None] | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20, middlewares=[self._guard])
        routes = [
            web.get("/system_stats", self._stats),
            web.get("/object_info/{kind}", self._object_info),
            web.post("/upload/image", self._upload),
            web.post("/prompt", self._prompt),
            web.get("/queue", self._queue),
            web.post("/queue", self._unqueue),
            web.post("/interrupt", self._interrupt),
            web.get("/history", self._all_history),
            web.get("/history/{id}", self._history),
            web.get("/view", self._view),
            web.get("/ws", self._socket),
        ]
        newer = [
            web.get("/api/jobs", self._list),
            web.get("/api/jobs/{id}", self._job),
            web.post("/api/jobs/{id}/cancel", self._cancel),
        ]
        app.add_routes(routes if self.old else [*routes, *newer])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._worker = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._worker is not None
        self._worker.cancel()
        with suppress(asyncio.CancelledError):
            await self._worker
        await self._runner.cleanup()

    def restart(self) -> None:
        """It comes up again and knows nothing of what it was asked before."""
        self.pending.clear()
        self.history.clear()
        if self.running is not None:
            self.running.stop.set()
        self.running = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": "who are you?"}, status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    # ------------------------------------------------------------ what it is

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response({"system": {"os": "posix", "comfyui_version": self.version}, "devices": []})

    async def _object_info(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        known = self.kinds.get(kind)
        return web.json_response({kind: info(kind, known, list(self.pictures))} if known else {})

    # ------------------------------------------------------------ orders

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image, folder = form.get("image"), str(form.get("subfolder", ""))
        if not isinstance(image, web.FileField) or form.get("type") != "input":
            return web.Response(status=400)
        raw = image.file.read()
        if raw[:4] not in (b"\x89PNG", b"RIFF") and raw[:3] != b"\xff\xd8\xff":
            return web.Response(status=400)
        self.pictures[f"{folder}/{image.filename}" if folder else image.filename] = raw
        return web.json_response({"name": image.filename, "subfolder": folder, "type": "input"})

    async def _prompt(self, request: web.Request) -> web.Response:
        body = await request.json()
        chosen = None if self.own_ids else body.get("prompt_id")
        if chosen is not None and not _is_uuid(chosen):
            error = {
                "type": "invalid_prompt_id",
                "message": "prompt_id must be a valid UUID",
                "details": "",
                "extra_info": {},
            }
            return web.json_response({"error": error, "node_errors": {}}, status=400)
        if not isinstance(body.get("client_id"), str):
            return web.json_response({"error": {"type": "no_client", "message": "client_id, please"}}, status=400)
        refused = refusal(body.get("prompt"), self.kinds, list(self.pictures))
        if refused is not None:
            return web.json_response(refused, status=400)
        extra = {**body.get("extra_data", {}), "client_id": body["client_id"], "create_time": int(time.time() * 1000)}
        job = Job(chosen or str(uuid.uuid4()), float(len(self.jobs)), body["prompt"], extra)
        self.jobs.append(job)
        self.pending.append(job)
        self._wake.set()
        return web.json_response({"prompt_id": job.id, "number": job.number, "node_errors": {}})

    async def _unqueue(self, request: web.Request) -> web.Response:
        gone = (await request.json()).get("delete", [])
        self.pending = [job for job in self.pending if job.id not in gone]
        return web.Response()

    async def _interrupt(self, request: web.Request) -> web.Response:
        wanted = (await request.json()).get("prompt_id") if request.can_read_body else None
        if self.running is not None and (self.old or wanted in (None, self.running.id)):
            self.interrupts += 1
            self.running.stop.set()
        return web.Response()

    async def _cancel(self, request: web.Request) -> web.Response:
        name, before = request.match_info["id"], len(self.pending)
        self.pending = [job for job in self.pending if job.id != name]
        running = self.running is not None and self.running.id == name
        if running:
            assert self.running is not None
            self.running.stop.set()
        return web.json_response({"cancelled": running or len(self.pending) < before})

    # ------------------------------------------------------------ filming

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self.pending:
                job = self.running = self.pending.pop(0)
                entry = await self._film(job)
                if self.running is job:  # else it was restarted meanwhile
                    self.history[job.id] = entry
                    self.running = None

    async def _film(self, job: Job) -> dict[str, Any]:
        messages: list[Any] = [["execution_start", {"prompt_id": job.id, "timestamp": int(time.time() * 1000)}]]
        sampler = next((name for name, node in job.graph.items() if "Sampler" in node["class_type"]), "?")
        for step in range(1, STEPS + 1):
            with suppress(TimeoutError):
                await asyncio.wait_for(job.stop.wait(), self.film_seconds / STEPS)
            if job.stop.is_set():
                messages.append(["execution_interrupted", {"prompt_id": job.id, "node_id": sampler}])
                return await self._ended(job, "error", messages, {})
            await self._tell(job, "progress", {"value": step, "max": STEPS, "node": sampler})
            nodes = {"loader": {"value": 1, "max": 1}, sampler: {"value": step, "max": STEPS, "state": "running"}}
            await self._tell(job, "progress_state", {"nodes": nodes})
        if self.fate:
            broke = {"prompt_id": job.id, "node_id": sampler, "node_type": "KSampler", "exception_message": self.fate}
            return await self._ended(job, "error", [*messages, ["execution_error", broke]], {})
        return await self._ended(
            job, "success", [*messages, ["execution_success", {"prompt_id": job.id}]], self._outputs(job)
        )

    async def _ended(self, job: Job, word: str, messages: list[Any], outputs: dict[str, Any]) -> dict[str, Any]:
        await self._tell(job, messages[-1][0], messages[-1][1])
        status = {"status_str": word, "completed": word == "success", "messages": messages}
        return {"prompt": job.row, "outputs": outputs, "status": status, "meta": {}}

    def _outputs(self, job: Job) -> dict[str, Any]:
        saver = next(name for name, node in job.graph.items() if self.kinds[node["class_type"]].saves)
        if not self.saves:
            return {}
        ending = "webp" if self.saves == "webp" else "mp4"
        file = {"filename": f"clip_{job.number:05.0f}_.{ending}", "subfolder": "throughline", "type": "output"}
        preview = {"filename": "preview_00001_.png", "subfolder": "", "type": "temp"}
        key = "images" if self.saves == "webp" else self.saves
        return {"preview": {"images": [preview]}, saver: {key: [file], "animated": [True]}}

    async def _tell(self, job: Job, kind: str, data: dict[str, Any]) -> None:
        socket = self.sockets.get(job.extra["client_id"])
        if socket is not None and not socket.closed:
            with suppress(ConnectionError):
                await socket.send_json({"type": kind, "data": {"prompt_id": job.id, **data}})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.mute:
            raise web.HTTPNotFound
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets[request.query["clientId"]] = socket
        await socket.send_json(
            {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": len(self.pending)}}}}
        )
        await socket.send_bytes(b"\x00\x00\x00\x01\x00\x00\x00\x01\xff\xd8\xff")
        async for _ in socket:
            pass
        return socket

    # ------------------------------------------------------------ questions

    async def _queue(self, _: web.Request) -> web.Response:
        running = [self.running.row] if self.running else []
        return web.json_response({"queue_running": running, "queue_pending": [job.row for job in self.pending]})

    async def _history(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        return web.json_response({name: self.history[name]} if name in self.history else {})

    async def _all_history(self, request: web.Request) -> web.Response:
        most = int(request.query.get("max_items", "10000"))
        return web.json_response(dict(list(self.history.items())[-most:]))

    async def _list(self, request: web.Request) -> web.Response:
        wanted = request.query.get("status", "pending,in_progress,completed,failed,cancelled").split(",")
        jobs = [job for name in self._known() if (job := self._told(name)) and job["status"] in wanted]
        for job in jobs:
            job.pop("outputs", None)
        return web.json_response({"jobs": jobs, "pagination": {"offset": 0, "total": len(jobs), "has_more": False}})

    async def _job(self, request: web.Request) -> web.Response:
        told = self._told(request.match_info["id"])
        return web.json_response({"error": "Job not found"}, status=404) if told is None else web.json_response(told)

    def _known(self) -> list[str]:
        return [*([self.running.id] if self.running else []), *(job.id for job in self.pending), *self.history]

    def _told(self, name: str) -> dict[str, Any] | None:
        job = next((job for job in (self.running, *self.pending) if job is not None and job.id == name), None)
        if job is not None:
            word = "in_progress" if job is self.running else "pending"
            return {"id": name, "status": word, "priority": job.number, "create_time": job.extra["create_time"]}
        entry = self.history.get(name)
        if entry is None:
            return None
        events = dict(entry["status"]["messages"])
        word = "completed" if entry["status"]["status_str"] == "success" else "failed"
        word = "cancelled" if "execution_interrupted" in events else word
        told = {"id": name, "status": word, "outputs": entry["outputs"]}
        return told | ({"execution_error": events["execution_error"]} if "execution_error" in events else {})

    async def _view(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("type") != "output" or query.get("subfolder") != "throughline" or "clip_" not in query["filename"]:
            return web.Response(status=404)
        if query["filename"].endswith(".webp"):
            return web.Response(body=WEBP, content_type="image/webp")
        return web.Response(body=tiny_clip(), content_type="video/mp4")


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False
