"""Keys and passwords: they reach the server they belong to, and turn up nowhere else, whatever the server echoes."""

from __future__ import annotations

import json
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.video import BackendSettings
from adapters.video.openai_videos import build
from bot.brief import compile_brief
from bot.errors import ThroughlineError, WrongKey
from bot.paperwork import Order
from tests.adapters.video.stage_openai_videos import KEY, speaking_to
from tests.fakes.dialect_server import DialectServer, Fault

ORDER = Order("job", compile_brief("figure skater performs a triple axle with a cat on her head"))
REMIX = replace(ORDER, remix_of="v-1")


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    async with DialectServer(key=KEY) as server:
        yield server


async def test_the_key_turns_up_nowhere(
    server: DialectServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    leak = f"no {KEY} and Bearer {KEY} and https://user:{KEY}@host/x?sig={KEY}"
    said: list[str] = []
    with capture_logs() as logged:
        for route in ("create", "remix", "list", "get", "content", "delete", "models"):
            server.quirks.lists = route != "models"
            answers = [
                Fault(status, {"error": {"message": leak, "code": leak}}, headers={"Retry-After": KEY})
                for status in range(400, 512, 3)
            ]
            odd = {"id": "x", "object": "video", "status": leak, "error": leak, "url": f"ftp://{KEY}/"}
            failed = {**odd, "status": "failed"}
            cuts = [Fault(cut=True), Fault(302, headers={"Location": f"http://10.0.0.1/?{KEY}"})]
            for fault in [*answers, Fault(200, odd), Fault(200, failed), Fault(200, text=leak), *cuts]:
                server.script(route, fault)
                async with speaking_to(server, cancel=True, question_seconds=5) as backend:
                    said += [await everything_about(backend, route, tmp_path), repr(backend), repr(vars(backend))]
    assert KEY not in "".join(said)
    assert KEY not in json.dumps(logged, default=repr)
    assert KEY not in caplog.text


async def everything_about(backend: Any, route: str, folder: Path) -> str:
    calls: dict[str, Any] = {
        "create": lambda: backend.submit(ORDER, None),
        "remix": lambda: backend.submit(REMIX, None),
        "list": lambda: backend.search(ORDER, 0.0),
        "get": lambda: backend.report("v-1"),
        "content": lambda: backend.fetch("v-1", folder / "clip"),
        "delete": lambda: backend.cancel("v-1"),
        "models": backend.examine,
    }
    try:
        return repr(await calls[route]())
    except ThroughlineError as fault:
        return "".join(traceback.format_exception(fault)) + repr(fault) + repr(fault.params)


async def test_a_password_in_the_address_is_a_key_too(server: DialectServer) -> None:
    address = httpx.URL(server.url).copy_with(username="me", password="open-sesame-1")
    backend = build(BackendSettings({"OPENAI_BASE_URL": str(address)}))
    with pytest.raises(WrongKey) as caught:
        await backend.submit(ORDER, None)
    assert server.asked("create")[0].headers["authorization"].startswith("Basic ")
    said = f"{caught.value} {await backend.examine()} {backend!r} {vars(backend)!r}"
    assert "open-sesame" not in said
    assert "bWU6" not in said
    await backend.close()
