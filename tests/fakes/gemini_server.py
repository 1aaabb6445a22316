"""Google's Interactions API on loopback, as far as Omni needs it: strict about its odd wire forms."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aiohttp import web

from tests.fakes.dialect_server import tiny_clip

MODELS: Final = ("gemini-omni-1.2-flash", "gemini-omni-1.1-flash")
MEMBERS: Final = {
    "model", "input", "background", "store", "previous_interaction_id", "response_format", "generation_config",
    "webhook_config",
}  # fmt: skip
TASKS: Final = {"text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"}


@dataclass
class Interaction:
    """One accepted order."""

    id: str
    body: dict[str, Any]
    made_at: float
    stopped: bool = False


@dataclass
class GeminiServer:
    """``async with GeminiServer() as server: … server.url`` (ends in ``/v1beta``)."""

    key: str = "AIza-test-0123456789abcdef"
    film_seconds: float = 0.0
    inline: bool = False
    """Videos come in the answer, not at an address."""
    refuses: str = ""
    """What it says instead of filming: completed, with words and no video."""
    interactions: dict[str, Interaction] = field(default_factory=dict)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20, middlewares=[self._guard])
        app.router.add_post("/v1beta/interactions", self._create)
        app.router.add_get("/v1beta/interactions/{id}", self._get)
        app.router.add_post("/v1beta/interactions/{id}/cancel", self._cancel)
        app.router.add_get("/v1beta/models/{name}", self._model)
        app.router.add_get("/v1beta/files/{id}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1beta"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("x-goog-api-key") != self.key or "Authorization" in request.headers:
            return _error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        wrong = self._wrong(body)
        if wrong:
            return _error(400, wrong, "INVALID_ARGUMENT")
        made = Interaction(f"v1_interaction{len(self.interactions) + 1}", body, time.time())
        self.interactions[made.id] = made
        return web.json_response({"id": made.id, "object": "interaction", "status": "in_progress", "steps": []})

    def _wrong(self, body: Any) -> str:
        if not isinstance(body, dict) or set(body) - MEMBERS:
            return "unknown member"
        if body.get("model") not in MODELS or body.get("background") is not True:
            return "unknown model, or not in the background"
        told = body.get("response_format", {})
        if told.get("type") != "video" or not re.fullmatch(r"\d+s", told.get("duration", "8s")):
            return "response_format.duration must be a string such as 8s"
        task = body.get("generation_config", {}).get("video_config", {}).get("task")
        before = body.get("previous_interaction_id")
        if task not in TASKS or (before is not None and before not in self.interactions):
            return "unknown task or previous interaction"
        return _wrong_input(body.get("input"), task)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        made = self.interactions.get(request.match_info["id"])
        if made is None:
            return _error(400, "Invalid interaction name.", "INVALID_ARGUMENT")
        return web.json_response(self.told(made, f"http://{request.host}"))

    def told(self, made: Interaction, home: str) -> dict[str, Any]:
        """The interaction as it stands."""
        done = time.time() - made.made_at >= self.film_seconds
        status = "cancelled" if made.stopped else "completed" if done else "in_progress"
        told: dict[str, Any] = {"id": made.id, "object": "interaction", "status": status, "steps": []}
        if status == "completed":
            told["steps"] = [
                {"type": "user_input", "content": [{"type": "text", "text": "…"}]},
                {"type": "model_output", "content": [self._content(made, home)]},
            ]
        return told

    def _content(self, made: Interaction, home: str) -> dict[str, Any]:
        if self.refuses:
            return {"type": "text", "text": self.refuses}
        if self.inline:
            return {"type": "video", "mime_type": "video/mp4", "data": base64.b64encode(tiny_clip()).decode()}
        return {"type": "video", "mime_type": "video/mp4", "uri": f"{home}/v1beta/files/{made.id}"}

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        made = self.interactions.get(request.match_info["id"])
        if made is None:
            return _error(400, "Invalid interaction name.", "INVALID_ARGUMENT")
        made.stopped = True
        return web.json_response({"id": made.id, "status": "cancelled"})

    async def _model(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        return (
            web.json_response({"name": f"models/{name}"}) if name in MODELS else _error(404, "not found", "NOT_FOUND")
        )

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("alt") != "media":
            return web.json_response({"name": "a file"})
        return web.Response(body=tiny_clip(), content_type="video/mp4")


def _wrong_input(said: Any, task: str) -> str:
    if isinstance(said, str):
        return "" if said else "input is empty"
    kinds = [each.get("type") for each in said] if isinstance(said, list) else []
    if not kinds or set(kinds) - {"text", "image"} or kinds[-1] != "text":
        return "input must be text, or pictures and text"
    if task == "text_to_video":
        return "text_to_video takes no pictures"
    return (
        ""
        if all(each["mime_type"].startswith("image/") for each in said if each["type"] == "image")
        else "not an image"
    )


def _error(status: int, message: str, word: str) -> web.Response:
    return web.json_response({"error": {"code": status, "message": message, "status": word}}, status=status)
