"""A world for the dialect backend: the fake server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.openai_videos import OpenAIVideos, build
from tests.adapters.video.contract import Stage
from tests.adapters.video.faulty import Faulty
from tests.fakes.dialect_server import DialectServer
from tests.fakes.fault_proxy import Fault, FaultProxy

KEY = "tl-test-0123456789abcdef"


@asynccontextmanager
async def speaking_to(
    server: DialectServer,
    *,
    key: str = KEY,
    model: str = "",
    folder: Path = Path(),
    at: str = "",
    webhook: str = "",
    **table: Any,
) -> AsyncIterator[OpenAIVideos]:
    """The backend as an operator would set it up for that server."""
    options = {"OPENAI_BASE_URL": at or server.url, "OPENAI_API_KEY": key, "THROUGHLINE_OPENAI_MODEL": model}
    options["OPENAI_WEBHOOK_SECRET"] = webhook
    backend = build(BackendSettings({name: value for name, value in options.items() if value}, table, folder))
    try:
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """See `contract`."""
    async with DialectServer(key=KEY, film_seconds=0.2) as server, speaking_to(server, folder=folder) as backend:
        yield Stage(backend, patience=10, secret=KEY)


@asynccontextmanager
async def faulty(folder: Path) -> AsyncIterator[Faulty]:
    """See `tests.adapters.video.faulty`."""
    waits: dict[str, Any] = {
        "order_seconds": 1.0,
        "question_seconds": 1.0,
        "fetch_seconds": 2.0,
        "clip_bytes_max": 16 << 20,
    }
    picture = folder / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(8) + (1280).to_bytes(4, "big") + (720).to_bytes(4, "big"))
    async with (
        DialectServer(key=KEY, film_seconds=0.05) as server,
        FaultProxy(server.url) as proxy,
        speaking_to(server, at=proxy.url, folder=folder, **waits) as backend,
    ):
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(server.book.jobs),
            submit=("POST", r"/videos$"),
            status=("GET", r"/videos(/[^/]+)?(\?.*)?$"),
            content=("GET", r"/content$"),
            strange=lambda answer: _each(answer, status="marinating"),
            stuck=lambda answer: _each(answer, status="in_progress", progress=99),
            millis=_in_millis,
            failed=lambda answer: _each(answer, status="failed", error={"code": "x", "message": "It broke."}),
            refusals={
                "prompt": Fault(
                    "POST", r"/videos$", status=400, body=_blocked("Your prompt was blocked by moderation.")
                ),
                "image": Fault("POST", r"/videos$", status=400, body=_blocked("The input image contains a face.")),
                "result": Fault(
                    "GET",
                    r"/videos(/[^/]+)?(\?.*)?$",
                    reaches=True,
                    change=lambda answer: _each(answer, status="failed", **_blocked("The output was blocked.")),
                ),
            },
            picture=picture,
        )


def _blocked(message: str) -> dict[str, Any]:
    return {"error": {"code": "moderation_blocked", "message": message}}


def _each(answer: Any, **changes: Any) -> Any:
    """The Video object, or every one in the list, changed."""
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        return {**answer, "data": [{**video, **changes} for video in answer["data"]]}
    return {**answer, **changes} if isinstance(answer, dict) and "status" in answer else answer


def _in_millis(answer: Any) -> Any:
    def times(video: dict[str, Any]) -> dict[str, Any]:
        return {key: value * 1000 if key.endswith("_at") and value else value for key, value in video.items()}

    if isinstance(answer.get("data"), list):
        return {**answer, "data": [times(video) for video in answer["data"]]}
    return times(answer)
