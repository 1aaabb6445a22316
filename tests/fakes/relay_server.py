"""Three relays on loopback that share one book of tasks: the unified v2 form, the /v1/sora family, new-api's own form.

Strict: unknown members, wrong types and a wrong key are refused, each in its dialect's own form of error.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aiohttp import web

from tests.fakes.dialect_server import tiny_clip

Body = dict[str, Any]
DATA_ADDRESS: Final = re.compile(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*")


@dataclass
class Task:
    """One order that was accepted."""

    id: str
    body: Body
    made_at: float
    form: str
    stopped: bool = False


@dataclass
class Form:
    """What one relay's door takes: member → whether a value will do."""

    members: dict[str, Callable[[Any], bool]]
    needed: frozenset[str] = frozenset({"prompt"})


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 32_000


def _count(value: Any) -> bool:
    return type(value) is int and value > 0


def _picture(value: Any) -> bool:
    return isinstance(value, str) and bool(DATA_ADDRESS.fullmatch(value))


def _ratio(value: Any) -> bool:
    return value in ("16:9", "9:16")


FORMS: Final = {
    "v2": Form(
        {
            "prompt": _text,
            "model": _text,
            "aspect_ratio": _ratio,
            "duration": lambda value: value in (10, 15, 25),
            "hd": lambda value: isinstance(value, bool),
            "images": lambda value: isinstance(value, list) and bool(value) and all(map(_picture, value)),
        }
    ),
    "sora": Form(
        {
            "prompt": _text,
            "model": _text,
            "aspect_ratio": _ratio,
            "duration": _count,
            "size": lambda value: isinstance(value, str) and bool(re.fullmatch(r"\d+x\d+", value)),
            "image": _picture,
            "character_ids": lambda value: isinstance(value, list) and all(map(_text, value)),
            "reference_video": lambda value: isinstance(value, str) and value.startswith("http"),
            "strength": lambda value: isinstance(value, float) and 0 < value <= 1,
        }
    ),
    "newapi": Form(
        {
            "prompt": _text,
            "model": _text,
            "duration": _count,
            "width": _count,
            "height": _count,
            "seed": lambda value: type(value) is int,
            "image": _picture,
        }
    ),
}


class Refused(Exception):
    """`status` and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class RelayServer:
    """``async with RelayServer() as relay: … relay.url``."""

    key: str = "tl-test-0123456789abcdef"
    film_seconds: float = 0.0
    tasks: dict[str, Task] = field(default_factory=dict)
    characters: dict[str, str] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        for method, path, door in (
            ("POST", "/v2/videos/generations", self._submit("v2")),
            ("GET", "/v2/videos/generations/{id}", self._query(self._as_v2)),
            ("POST", "/v1/sora/generate", self._submit("sora")),
            ("GET", "/v1/sora/tasks/{id}", self._query(self._as_sora)),
            ("POST", "/v1/sora/characters/extract", self._extract),
            ("POST", "/v1/video/generations", self._submit("newapi")),
            ("GET", "/v1/video/generations/{id}", self._query(self._as_newapi)),
            ("GET", "/clips/{id}", self._clip),
        ):
            app.router.add_route(method, path, self._guarded(door))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def _guarded(
        self, door: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
            if not request.path.startswith("/clips/") and request.headers.get("Authorization") != f"Bearer {self.key}":
                return web.json_response(
                    {"error": {"message": "invalid api key", "code": "invalid_api_key"}}, status=401
                )
            try:
                return await door(request)
            except Refused as refused:
                return web.json_response({"error": {"message": str(refused)}}, status=refused.status)

        return serve

    def _submit(self, form: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def submit(request: web.Request) -> web.StreamResponse:
            body = await request.json()
            _check(FORMS[form], body)
            for name in body.get("character_ids", ()):
                if name not in self.characters or f"@{name}" not in body["prompt"]:
                    raise Refused(400, f"character {name} is unknown or not in the prompt")
            task = Task(f"task_{form}_{len(self.tasks) + 1}", body, time.time(), form)
            self.tasks[task.id] = task
            return web.json_response(
                {"code": 0, "data": {"task_id": task.id}} if form == "sora" else {"task_id": task.id}
            )

        return submit

    def _query(self, told: Callable[[Task, str], Body]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def query(request: web.Request) -> web.StreamResponse:
            task = self.tasks.get(request.match_info["id"])
            if task is None:
                raise Refused(404, "task not found")
            return web.json_response(told(task, f"http://{request.host}/clips/{task.id}"))

        return query

    def _share(self, task: Task) -> float:
        return min(1.0, (time.time() - task.made_at) / self.film_seconds) if self.film_seconds else 1.0

    def _as_v2(self, task: Task, link: str) -> Body:
        share = self._share(task)
        if share >= 1:
            return {"task_id": task.id, "status": "SUCCESS", "progress": "100%", "data": {"output": link}}
        return {
            "task_id": task.id,
            "status": "IN_PROGRESS",
            "progress": f"{share:.0%}",
            "submit_time": int(task.made_at),
        }

    def _as_sora(self, task: Task, link: str) -> Body:
        share = self._share(task)
        if share >= 1:
            return {"code": 0, "data": {"status": "completed", "progress": 100, "video_url": link}}
        return {"code": 0, "data": {"status": "processing", "progress": int(share * 100)}}

    def _as_newapi(self, task: Task, link: str) -> Body:
        done = self._share(task) >= 1
        return {"task_id": task.id, "status": "succeeded" if done else "processing", "url": link if done else ""}

    async def _extract(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if set(body) != {"task_id"} or body["task_id"] not in self.tasks:
            raise Refused(400, "no such task")
        name = f"char{len(self.characters) + 1}"
        self.characters[name] = body["task_id"]
        return web.json_response({"code": 0, "data": {"character_id": name}})

    async def _clip(self, request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers and request.match_info["id"].endswith("elsewhere"):
            raise Refused(400, "a credential went astray")
        return web.Response(body=tiny_clip(), content_type="video/mp4")


def _check(form: Form, body: Any) -> None:
    if not isinstance(body, dict) or not form.needed <= set(body):
        raise Refused(400, "prompt is required")
    for name, value in body.items():
        if name not in form.members:
            raise Refused(400, f"unknown parameter {name}")
        if not form.members[name](value):
            raise Refused(400, f"invalid value for {name}")
