"""OpenRouter's video API on loopback: strict about what it is sent, and able to call back with a signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aiohttp import web

from tests.fakes.dialect_server import tiny_clip

VEO: Final = {
    "id": "google/veo-3.1-lite",
    "canonical_slug": "google/veo-3.1-lite",
    "name": "Veo 3.1 Lite",
    "created": 1700000000,
    "supported_durations": [4, 6, 8],
    "supported_resolutions": ["720p", "1080p"],
    "supported_aspect_ratios": ["16:9", "9:16"],
    "supported_frame_images": ["first_frame", "last_frame"],
    "supported_sizes": None,
    "generate_audio": True,
    "seed": True,
    "allowed_passthrough_parameters": [],
    "pricing_skus": {
        "duration_seconds_with_audio_720p": "0.05",
        "duration_seconds_without_audio_720p": "0.03",
        "duration_seconds_with_audio_1080p": "0.08",
        "duration_seconds_without_audio_1080p": "0.05",
    },
}
GEN: Final = {
    **VEO,
    "id": "runway/gen-4.5",
    "name": "Gen-4.5",
    "supported_durations": [5, 10],
    "supported_resolutions": ["720p"],
    "supported_frame_images": [],
    "generate_audio": False,
    "pricing_skus": {"cents_per_second_output": "12", "cents_per_image_input": "1"},
}
SEEDANCE: Final = {**VEO, "id": "bytedance/seedance", "pricing_skus": {"video_tokens": "0.0000012"}}
MEMBERS: Final = {
    "model", "prompt", "duration", "resolution", "aspect_ratio", "size", "seed", "generate_audio", "frame_images",
    "input_references", "callback_url", "previous_job_id", "provider",
}  # fmt: skip


@dataclass
class Job:
    """One accepted order."""

    id: str
    body: dict[str, Any]
    made_at: float
    error: str = ""


@dataclass
class OpenRouterServer:
    """``async with OpenRouterServer() as server: … server.url`` (ends in ``/api/v1``)."""

    key: str = "sk-or-v1-test-0123456789abcdef"
    secret: str = "whsec-test"
    film_seconds: float = 0.0
    models: list[dict[str, Any]] = field(default_factory=lambda: [VEO, GEN, SEEDANCE])
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fate: str = ""
    """The error that coming jobs end with."""
    cost: float = 0.2401
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20, middlewares=[self._guard])
        app.router.add_get("/api/v1/videos/models", self._models)
        app.router.add_post("/api/v1/videos", self._create)
        app.router.add_get("/api/v1/videos/{id}", self._get)
        app.router.add_get("/api/v1/videos/{id}/content", self._content)
        app.router.add_get("/signed/{id}", self._signed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if not request.path.startswith("/signed/") and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, "No auth credentials found")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _models(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"data": self.models})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        wrong = self._wrong(body)
        if wrong:
            return _error(400, wrong)
        job = Job(f"vid-{len(self.jobs) + 1}", body, time.time(), self.fate)
        self.jobs[job.id] = job
        told = {"id": job.id, "polling_url": f"{self.url}/videos/{job.id}", "status": "pending"}
        return web.json_response(told, status=202)

    def _wrong(self, body: Any) -> str:
        if not isinstance(body, dict) or not {"model", "prompt"} <= set(body):
            return "model and prompt are required"
        model = next((each for each in self.models if each["id"] == body["model"]), None)
        if model is None or set(body) - MEMBERS:
            return f"{body['model']} is not a valid model ID, or a key is not recognised"
        return _not_offered(model, body) or next(
            (wrong for frame in body.get("frame_images", ()) if (wrong := _wrong_frame(model, frame))), ""
        )

    def told(self, job: Job, host: str) -> dict[str, Any]:
        """The job as it stands."""
        done = time.time() - job.made_at >= self.film_seconds
        status = "failed" if done and job.error else "completed" if done else "in_progress"
        told: dict[str, Any] = {"id": job.id, "polling_url": f"{self.url}/videos/{job.id}", "status": status}
        if status == "failed":
            told["error"] = job.error
        if status == "completed":
            told |= {
                "urls": [f"http://{host}/signed/{job.id}?signature=abc"],
                "unsigned_urls": [f"http://{host}/api/v1/videos/{job.id}/content?index=0"],
                "usage": {"cost": self.cost, "is_byok": False},
            }
        return told

    async def _get(self, request: web.Request) -> web.StreamResponse:
        job = self.jobs.get(request.match_info["id"])
        return _error(404, "Job not found") if job is None else web.json_response(self.told(job, request.host))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["id"] not in self.jobs or request.query.get("index") != "0":
            return _error(404, "no such content")
        return web.Response(body=tiny_clip(), content_type="video/mp4")

    async def _signed(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=tiny_clip(), content_type="video/mp4")

    def call(
        self, remote_id: str, *, at: float | None = None, secret: str | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Headers (lower-case) and body of the call that it makes when a job ends."""
        body = json.dumps(
            {"type": "video.generation.completed", "data": {"id": remote_id, "status": "completed"}}
        ).encode()
        stamp = str(int(time.time() if at is None else at))
        made = hmac.new((secret or self.secret).encode(), f"{stamp},".encode() + body, hashlib.sha256).hexdigest()
        return {"x-openrouter-signature": f"t={stamp},v1={made}", "x-openrouter-idempotency-key": remote_id}, body


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"code": status, "message": message}}, status=status)


def _not_offered(model: dict[str, Any], body: dict[str, Any]) -> str:
    offers = {
        "duration": "supported_durations",
        "resolution": "supported_resolutions",
        "aspect_ratio": "supported_aspect_ratios",
    }
    return next(
        (f"invalid {name}" for name, key in offers.items() if name in body and body[name] not in model[key]), ""
    )


def _wrong_frame(model: dict[str, Any], frame: dict[str, Any]) -> str:
    if frame.get("type") != "image_url" or not frame["image_url"]["url"].startswith("data:image/"):
        return "invalid frame image"
    return "" if frame["frame_type"] in model["supported_frame_images"] else "frame type not supported"
