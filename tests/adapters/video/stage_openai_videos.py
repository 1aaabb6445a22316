"""A world for the dialect backend: the fake server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.openai_videos import OpenAIVideos, build
from tests.adapters.video.contract import Stage
from tests.fakes.dialect_server import DialectServer

KEY = "tl-test-0123456789abcdef"


@asynccontextmanager
async def speaking_to(
    server: DialectServer, *, key: str = KEY, model: str = "", folder: Path = Path(), **table: Any
) -> AsyncIterator[OpenAIVideos]:
    """The backend as an operator would set it up for that server."""
    options = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": key, "THROUGHLINE_OPENAI_MODEL": model}
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
