"""A world for the relay backend: three relays on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.task_relay import KEY, URL, TaskRelay, build
from tests.adapters.video.contract import Stage
from tests.adapters.video.faulty import Faulty
from tests.fakes.fault_proxy import Fault, FaultProxy
from tests.fakes.relay_server import RelayServer


@asynccontextmanager
async def relayed_by(
    relay: RelayServer, /, *, at: str = "", folder: Path = Path("nowhere"), **table: Any
) -> AsyncIterator[TaskRelay]:
    """The backend as an operator would set it up for that relay."""
    setting = BackendSettings({URL: at or relay.url, KEY: relay.key}, {"relay": "videos_v2", **table}, folder)
    backend = build(setting)
    try:
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """See `contract`."""
    async with RelayServer(film_seconds=0.2) as relay, relayed_by(relay, folder=folder) as backend:
        yield Stage(backend, patience=10, secret=relay.key)


@asynccontextmanager
async def faulty(folder: Path) -> AsyncIterator[Faulty]:
    """See `tests.adapters.video.faulty`."""
    waits = {"order_seconds": 1.0, "question_seconds": 1.0, "fetch_seconds": 2.0, "clip_bytes_max": 16 << 20}
    picture = folder / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    where = ("GET", r"/generations/")
    async with (
        RelayServer(film_seconds=0.05) as relay,
        FaultProxy(relay.url) as proxy,
        relayed_by(relay, at=proxy.url, folder=folder, **waits) as backend,
    ):
        yield Faulty(
            backend=backend,
            proxy=proxy,
            accepted=lambda: len(relay.tasks),
            submit=("POST", r"/generations$"),
            status=where,
            content=("GET", r"/clips/"),
            looks=False,
            strange=lambda answer: {**answer, "status": "MARINATING"},
            stuck=lambda answer: {**answer, "status": "IN_PROGRESS", "progress": "99%"},
            failed=lambda answer: {**answer, "status": "FAILURE", "fail_reason": "It broke."},
            refusals={
                "prompt": Fault("POST", status=400, body={"error": {"message": "prompt violates our content policy"}}),
                "image": Fault(
                    "POST", status=400, body={"error": {"message": "the input image violates our content policy"}}
                ),
                "result": Fault(
                    *where,
                    reaches=True,
                    change=lambda answer: {
                        **answer,
                        "status": "FAILURE",
                        "progress": "100%",
                        "fail_reason": "blocked by moderation",
                    },
                ),
            },
            picture=picture,
        )
