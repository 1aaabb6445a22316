"""OpenRouter's video API: one key, many models, each with its capabilities, its prices and, afterwards, its real cost.

``POST /videos`` (JSON, 202) · ``GET /videos/{id}`` · ``GET /videos/{id}/content?index=0`` · ``GET /videos/models``; it
lists no jobs and stops none. Sources: openrouter.ai/docs, api_reference/videos and cookbook/video-generation, as read on
2026-11-20. An order whose answer was lost cannot be looked for, so it is parked.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.video import BackendSettings
from adapters.video.data_address import data_address
from adapters.video.dialect import known_word, progress_of
from adapters.video.http import Api, read_key, read_site
from adapters.video.openrouter_models import cards
from adapters.video.table import Table
from adapters.video.trouble import trouble_of
from adapters.video.wire import read_json
from bot.capabilities import Capabilities, Follow, Frame, Handover, ModelCard, Pictures
from bot.errors import BadOrder, NotGenuine, TurnedDown, Unreachable
from bot.paperwork import Finding, Order, Phase, Report, Search
from bot.prices import micros

URL, KEY, SECRET = "OPENROUTER_BASE_URL", "OPENROUTER_API_KEY", "OPENROUTER_WEBHOOK_SECRET"
HOME: Final = "https://openrouter.ai/api/v1"
CARDS_SECONDS: Final = 3600.0
"""How long what the models can do is believed."""
CARDS_WAIT: Final = 5.0
HOOK_SECONDS: Final = 300.0
"""How old a call may be, and how far our clocks may differ."""
_SIGNATURE = re.compile(r"t=(\d{1,12}),\s*v1=([0-9a-fA-F]{64})")

log = structlog.get_logger()


def configured(setting: BackendSettings) -> bool:
    """A key is set."""
    return bool(setting.options.get(KEY, "").strip())


def build(setting: BackendSettings) -> OpenRouter:
    """The backend. Raises `BadSetting`."""
    table = Table(setting.table, "openrouter")
    api = Api(
        read_site(setting, url=URL, key=KEY, default=HOME, allowed_hosts=table.hosts("allowed_hosts")),
        question_seconds=table.positive("question_seconds") or 30.0,
        order_seconds=table.positive("order_seconds") or 180.0,
        fetch_seconds=table.positive("fetch_seconds") or 1800.0,
        clip_bytes_max=int(table.positive("clip_bytes_max") or 1 << 30),
    )
    secret = read_key(SECRET, setting.options.get(SECRET, ""))
    return OpenRouter(api, table, secret=secret, hook=setting.hook if secret else None)


class OpenRouter:
    """A `Backend` that offers models and takes signed webhooks."""

    name = "openrouter"

    def __init__(self, api: Api, table: Table, *, secret: str = "", hook: str | None = None) -> None:
        self._api, self._secret, self._hook = api, secret, hook
        self._wanted = table.words("models")
        self._usual = table.positive("usual_seconds")
        self._cards: list[ModelCard] = []
        self._cards_at = float("-inf")
        self._learning = asyncio.Lock()
        self._strange: set[str] = set()

    def __repr__(self) -> str:
        return f"OpenRouter({self._api!r})"

    # ------------------------------------------------------------ what it can do

    async def capabilities(self) -> Capabilities:
        """Of the model that films when none is named; careful guesses until the list was read once."""
        cards = self._offered()
        if cards:
            return cards[0].capabilities
        return Capabilities(
            model=self._wanted[0] if self._wanted else None,
            images=True,
            frame=Frame.RATIO,
            pictures=Pictures(handover=frozenset({Handover.DATA})),
            follow=Follow(every=5.0),
            usual_seconds=self._usual,
        )

    async def models(self) -> Sequence[ModelCard]:
        """Those that the operator names, in that order; else all, as OpenRouter lists them."""
        async with self._learning:
            if time.monotonic() - self._cards_at > CARDS_SECONDS:
                await self._learn()
        return self._offered()

    async def _learn(self) -> None:
        try:
            async with asyncio.timeout(CARDS_WAIT):
                answer = await self._api.ask("GET", "videos", "models")
        except (Unreachable, TimeoutError):
            log.info("the list of models could not be read", backend=self.name)
            return
        found = cards(answer.data, datetime.now(UTC).date(), self._hook is not None) if answer.ok else []
        if found:
            self._cards, self._cards_at = found, time.monotonic()

    def _offered(self) -> list[ModelCard]:
        if not self._wanted:
            return self._cards
        known = {each.id: each for each in self._cards}
        return [known[name] for name in self._wanted if name in known]

    # ------------------------------------------------------------ the order

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `ports.Backend.submit`."""
        body = await self._body(order, reference)
        answer = await self._api.order("videos", json=body)
        found = answer.data.get("id") if isinstance(answer.data, dict) else None
        if answer.ok and isinstance(found, str) and 0 < len(found) <= 500 and found.isprintable() and "/" not in found:
            return found
        raise self._api.verdict(answer, image=reference is not None)

    async def _body(self, order: Order, reference: Path | None) -> dict[str, Any]:
        brief = order.brief
        model = order.model or (await self.capabilities()).model
        if model is None:
            raise BadOrder("no model is named, and OpenRouter's list of models could not be read")
        frames = [("first_frame", reference), ("last_frame", order.files.get(brief.last_frame or ""))]
        said = {
            "model": model,
            "prompt": brief.text,
            "duration": brief.seconds,
            "resolution": _spelt(brief.resolution),
            "aspect_ratio": brief.shape.label if brief.shape else None,
            "seed": brief.seed,
            "generate_audio": brief.sound,
            "frame_images": [await _frame(kind, path) for kind, path in frames if path is not None] or None,
            "input_references": [await _image(order.files[each]) for each in brief.references if each in order.files]
            or None,
            "callback_url": self._hook,
        }
        return {name: value for name, value in said.items() if value is not None}

    async def search(self, order: Order, since: float) -> Search:
        """It lists nothing, so nothing can be known."""
        return Search()

    # ------------------------------------------------------------ questions

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        job = await self._job(remote_id)
        return Report(Phase.LOST) if job is None else self._read(job)

    async def _job(self, remote_id: str) -> dict[str, Any] | None:
        job = await self._api.known("videos", remote_id)
        if job is not None and not isinstance(job.get("status"), str):
            raise Unreachable("the answer says nothing of the job")
        return job

    def _read(self, job: Mapping[str, Any]) -> Report:
        phase = known_word(job["status"])
        if phase is None and (said := self._api.clean(job["status"], 40)) not in self._strange:
            self._strange.add(said)
            log.warning("unknown status counts as rolling", backend=self.name, status=said)
        phase = phase or Phase.ROLLING
        cost = _cost(job)
        if phase not in (Phase.FAILED, Phase.REFUSED):
            done = phase is Phase.FINISHED
            return Report(
                phase, 1.0 if done else progress_of(job.get("progress")), cost=cost, url=_link(job) if done else None
            )
        trouble = trouble_of(job.get("error"))
        reason = self._api.clean(trouble.message) if trouble.message else ""
        if phase is Phase.REFUSED or trouble.by_rules:
            return Report(Phase.REFUSED, gate="image" if trouble.of_own_image else "result", reason=reason, cost=cost)
        return Report(Phase.FAILED, reason=reason, cost=cost)

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`: ours by key first, then by the signed address."""
        try:
            url = self._api.url("videos", remote_id, "content").copy_merge_params({"index": "0"})
            await self._api.clip(url, into)
        except (Unreachable, TurnedDown):
            job = await self._job(remote_id)
            link = None if job is None else _link(job)
            if link is None:
                raise
            await self._api.clip(self._api.at(link), into)

    async def cancel(self, remote_id: str) -> bool:
        """It has no way to stop a job."""
        return False

    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        """See `bot.backends.TakesHooks`. ``X-OpenRouter-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t,body">``."""
        found = _SIGNATURE.fullmatch(headers.get("x-openrouter-signature", "").strip())
        if not self._secret or found is None:
            raise NotGenuine("no signature that could be checked")
        if abs(time.time() - int(found.group(1))) > HOOK_SECONDS:
            raise NotGenuine("the signature is too old")
        expected = hmac.new(self._secret.encode(), found.group(1).encode() + b"," + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, found.group(2).lower()):
            raise NotGenuine("the signature does not fit")
        said = read_json(body)
        data = said.get("data") if isinstance(said, dict) else None
        remote_id = data.get("id") if isinstance(data, dict) else None
        return (remote_id,) if isinstance(remote_id, str) else ()

    async def examine(self) -> Sequence[Finding]:
        """See `ports.Examinable`."""
        self._cards_at = float("-inf")
        await self.models()
        if self._cards_at == float("-inf"):
            return [Finding(self.name, "error", await self._why_no_models())]
        known = {each.id for each in self._cards}
        found = [
            Finding(f"{self.name}/{name}", "error", f"there is no such model: look at [backends.{self.name}] models")
            for name in self._wanted
            if name not in known
        ]
        if self._hook is None:
            needs = f"{'THROUGHLINE_PUBLIC_URL' if self._secret else SECRET} is not set"
            found.append(Finding(self.name, "ok", f"jobs are polled; no webhook, since {needs}"))
        return [*found, Finding(self.name, "ok", f"answers, with {len(known)} video models")]

    async def _why_no_models(self) -> str:
        """What stands in the way of its list of models, and what to do."""
        try:
            answer = await self._api.ask("GET", "videos", "models")
        except Unreachable as fault:
            return f"cannot be reached: look at the network, and at {URL} if it is set. {fault.reason}"
        if answer.status in (401, 403):
            return f"{KEY} is not accepted. {self._api.words(answer)}"
        return f"its list of models cannot be read: {URL} should end as in {HOME}. {self._api.words(answer)}"

    async def close(self) -> None:
        """Let go of all connections."""
        await self._api.close()


def _spelt(tier: str | None) -> str | None:
    """Its own spelling: 480p, 720p, 1080p, 2K, 4K."""
    return tier.upper() if tier in ("2k", "4k") else tier


def _cost(job: Mapping[str, Any]) -> int | None:
    usage = job.get("usage")
    return micros(usage.get("cost")) if isinstance(usage, dict) else None


def _link(job: Mapping[str, Any]) -> str | None:
    for name in ("urls", "unsigned_urls"):
        links = job.get(name)
        if isinstance(links, list) and links and isinstance(links[0], str) and 0 < len(links[0]) <= 8000:
            return links[0]
    return None


async def _frame(kind: str, picture: Path) -> dict[str, Any]:
    return {**await _image(picture), "frame_type": kind}


async def _image(picture: Path) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": await data_address(picture)}}
