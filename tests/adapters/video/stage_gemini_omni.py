"""A world for Gemini Omni: the Interactions API on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.gemini_omni import KEY, SECRET, URL, GeminiOmni, build
from tests.adapters.video.contract import Stage
from tests.adapters.video.faulty import Faulty
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.gemini_server import GeminiServer

WEBHOOK = "whsec_dGhyb3VnaGxpbmUtdGVzdA=="


@asynccontextmanager
async def talking_to(server: GeminiServer, *, at: str = "", **table: Any) -> AsyncIterator[GeminiOmni]:
    """The backend as an operator would set it up for that server."""
    backend = build(BackendSettings({URL: at or server.url, KEY: server.key, SECRET: WEBHOOK}, table))
    try:
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """See `contract`."""
    async with GeminiServer(film_seconds=0.2) as server, talking_to(server) as backend:
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
    where = ("GET", r"/interactions/")
    async with (
        GeminiServer(film_seconds=0.05) as server,
        FaultProxy(server.url) as proxy,
        talking_to(server, at=proxy.url, **waits) as backend,
    ):
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(server.interactions),
            submit=("POST", r"/interactions$"),
            status=where,
            content=("GET", r"/files/"),
            looks=False,
            strange=lambda answer: {**answer, "status": "marinating"},
            stuck=lambda answer: {**answer, "status": "in_progress"},
            failed=lambda answer: {**answer, "status": "failed", "error": {"code": 13, "message": "It broke."}},
            refusals={
                "prompt": Fault("POST", status=400, body=_said("The prompt violates our policy on safety.")),
                "image": Fault("POST", status=400, body=_said("The input image violates our content policy.")),
                "result": Fault(*where, reaches=True, change=_words_for_a_video),
            },
            picture=picture,
            quota={
                "error": {"code": 429, "message": "You exceeded your current quota, please check your plan and billing"}
            },
        )


def _said(message: str) -> dict[str, Any]:
    return {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}


def _words_for_a_video(answer: Any) -> Any:
    """Google's way to refuse a result: completed, and only words in it."""
    words = [{"type": "model_output", "content": [{"type": "text", "text": "I can't help with that."}]}]
    return {**answer, "steps": words} if answer.get("status") == "completed" else answer
