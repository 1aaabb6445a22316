"""A world for OpenRouter: its API on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.openrouter import KEY, SECRET, URL, OpenRouter, build
from tests.adapters.video.contract import Stage
from tests.adapters.video.faulty import Faulty
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.openrouter_server import OpenRouterServer


@asynccontextmanager
async def asking(
    server: OpenRouterServer, *, at: str = "", hook: str | None = None, **table: Any
) -> AsyncIterator[OpenRouter]:
    """The backend as an operator would set it up for that server, its models already learned."""
    options = {URL: at or server.url, KEY: server.key, SECRET: server.secret}
    backend = build(BackendSettings(options, table, hook=hook))
    await backend.models()
    try:
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """See `contract`."""
    async with OpenRouterServer(film_seconds=0.2) as server, asking(server) as backend:
        yield Stage(backend, patience=10, secret=server.key)


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
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    where = ("GET", r"/videos/vid-\d+$")
    async with (
        OpenRouterServer(film_seconds=0.05) as server,
        FaultProxy(server.url) as proxy,
        asking(server, at=proxy.url, **waits) as backend,
    ):
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(server.jobs),
            submit=("POST", r"/videos$"),
            status=where,
            content=("GET", r"/content|/signed/"),
            looks=False,
            strange=lambda answer: {**answer, "status": "marinating"},
            stuck=lambda answer: {**answer, "status": "in_progress"},
            failed=lambda answer: {**answer, "status": "failed", "error": "It broke."},
            refusals={
                "prompt": Fault("POST", status=400, body=_said("Your prompt violates our content policy.")),
                "image": Fault("POST", status=400, body=_said("The input image violates our content policy.")),
                "result": Fault(
                    *where,
                    reaches=True,
                    change=lambda answer: {
                        **answer,
                        "status": "failed",
                        "error": "Output blocked by content moderation",
                    },
                ),
            },
            picture=picture,
            quota=_said("Insufficient credits"),
            quota_status=402,
        )


def _said(message: str) -> dict[str, Any]:
    return {"error": {"code": 400, "message": message}}
