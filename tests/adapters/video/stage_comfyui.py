"""Two worlds for ComfyUI: its own routes on loopback, and the real ``comfy-api-proxy`` in front of them."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from adapters.video import BackendSettings
from adapters.video.comfyui import KEY, URL, ComfyUI, build
from tests.adapters.video.contract import Stage
from tests.adapters.video.faulty import Faulty
from tests.fakes.comfyui_server import ComfyUIServer
from tests.fakes.fault_proxy import Change, Fault, FaultProxy
from tests.needs import require

TOKEN: Final = "comfy-test-0123456789abcdef"
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + bytes(64)


@asynccontextmanager
async def filming(url: str, folder: Path, *, key: str = "", **table: Any) -> AsyncIterator[ComfyUI]:
    """The backend as an operator would set it up for that server, its door already found."""
    backend = build(BackendSettings({URL: url, KEY: key}, table, folder / "backends"))
    await backend.models()
    try:
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def proxied(server: ComfyUIServer, token: str = "") -> AsyncIterator[str]:
    """The address of the real proxy before that server, in this process."""
    require(importlib.util.find_spec("comfy_api_proxy") is not None, "comfy-api-proxy")
    from comfy_api_proxy.app import make_app
    from comfy_api_proxy.auth import make_bearer_auth_middleware

    app = make_app(server.url, middlewares=[make_bearer_auth_middleware(token)] if token else [])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """See `contract`: ComfyUI itself, behind something that asks for a key."""
    async with (
        ComfyUIServer(film_seconds=0.1, key=TOKEN) as server,
        filming(server.url, folder, key=TOKEN) as backend,
    ):
        yield Stage(backend, patience=10, secret=TOKEN)


@asynccontextmanager
async def stage_v2(folder: Path) -> AsyncIterator[Stage]:
    """The same behind the proxy."""
    async with (
        ComfyUIServer(film_seconds=0.1) as server,
        proxied(server, TOKEN) as url,
        filming(url, folder, key=TOKEN) as backend,
    ):
        yield Stage(backend, patience=10, secret=TOKEN)


WAITS: Final[dict[str, Any]] = {
    "order_seconds": 1.0,
    "question_seconds": 1.0,
    "fetch_seconds": 2.0,
    "clip_bytes_max": 16 << 20,
}


@asynccontextmanager
async def faulty(folder: Path) -> AsyncIterator[Faulty]:
    """See `tests.adapters.video.faulty`: ComfyUI itself."""
    where = ("GET", r"/api/jobs|/queue|/history")
    async with (
        ComfyUIServer(film_seconds=0.05) as server,
        FaultProxy(server.url) as proxy,
        filming(proxy.url, folder, **WAITS) as backend,
    ):
        broke = {"node_type": "KSampler", "exception_message": "Allocation on device 0 would exceed allowed memory."}
        hosted = {"node_type": "SoraNode", "exception_message": "Rejected: violates the content policy"}
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(server.jobs),
            submit=("POST", r"/prompt$"),
            status=where,
            content=("GET", r"/view"),
            strange=_told(status="marinating"),
            stuck=_told(status="in_progress"),
            failed=_told(status="failed", execution_error=broke),
            refusals={
                **_gates(r"/prompt$", r"/upload/image", {"type": "invalid"}),
                "result": Fault(*where, reaches=True, change=_told(status="failed", execution_error=hosted)),
            },
            picture=_picture(folder),
        )


@asynccontextmanager
async def faulty_v2(folder: Path) -> AsyncIterator[Faulty]:
    """The same with the proxy between the faults and ComfyUI."""
    where = ("GET", r"/api/v2/jobs(\?|/(?!0000)[^/]*$)")
    async with (
        ComfyUIServer(film_seconds=0.05) as server,
        proxied(server) as url,
        FaultProxy(url) as proxy,
        filming(proxy.url, folder, **WAITS) as backend,
    ):
        broke = {"code": "node_execution_error", "message": "Allocation on device 0 would exceed allowed memory."}
        hosted = {"code": "node_execution_error", "message": "Rejected: violates the content policy"}
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(server.jobs),
            submit=("POST", r"/api/v2/jobs$"),
            status=where,
            content=("GET", r"/assets/.*/content"),
            strange=_told(status="marinating"),
            stuck=_told(status="running", progress={"value": 0.99}),
            millis=_told(created_at=1_780_000_000_000),
            failed=_told(status="failed", error=broke),
            refusals={
                **_gates(r"/api/v2/jobs$", r"/api/v2/assets$", {"code": "invalid_request"}),
                "result": Fault(*where, reaches=True, change=_told(status="failed", error=hosted)),
            },
            picture=_picture(folder),
            quota={"error": {"code": "insufficient_credits", "message": "Out of credits.", "details": None}},
            quota_status=402,
            too_many={"error": {"code": "queue_full", "message": "The queue is full.", "details": None}},
            broken={"error": {"code": "upstream_error", "message": "Something broke.", "details": None}},
        )


def _told(**words: Any) -> Change:
    """An answer about one job, or about many, with those words in every job; one that tells of no job stays as it is."""

    def change(answer: Any) -> Any:
        if isinstance(answer, dict) and isinstance(answer.get("jobs"), list):
            return {**answer, "jobs": [{**job, **words} for job in answer["jobs"]]}
        return {**answer, **words} if isinstance(answer, dict) and "status" in answer else answer

    return change


def _gates(prompt: str, picture: str, kind: dict[str, str]) -> dict[str, Fault]:
    def says(message: str) -> dict[str, Any]:
        return {"error": {**kind, "message": message}}

    return {
        "prompt": Fault("POST", prompt, status=400, body=says("This prompt violates our content policy.")),
        "image": Fault("POST", picture, status=400, body=says("The input image violates our content policy.")),
    }


def _picture(folder: Path) -> Path:
    picture = folder / "picture.png"
    picture.write_bytes(PICTURE)
    return picture
