"""Google's Gemini Omni over the Interactions API: text, pictures, conversational edits and extensions, always with sound.

``POST /interactions`` (``background``: it answers at once) · ``GET /interactions/{id}`` · ``POST /interactions/{id}/cancel``;
nothing is listed. Sources: google-genai 3.3.0 (its interactions types) and ai.google.dev/gemini-api/docs, as read on
2026-11-20. A refusal may come as ``completed`` with words and no video, which is read as what it is; an unknown id is a 400.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.video import BackendSettings
from adapters.video.data_address import data_of
from adapters.video.http import GONE, Api, read_site
from adapters.video.standard_webhooks import check, secret_of
from adapters.video.table import Table
from adapters.video.trouble import trouble_of
from adapters.video.wire import read_json
from bot.capabilities import (
    Capabilities,
    Characters,
    Edit,
    Extension,
    Follow,
    Frame,
    Handover,
    Hook,
    ModelCard,
    Pictures,
    Sound,
    Stop,
    steps,
)
from bot.errors import TurnedDown, Unreachable
from bot.film import Shape
from bot.paperwork import Finding, Order, Phase, Report, Search

URL, KEY, SECRET = "GEMINI_BASE_URL", "GEMINI_API_KEY", "GEMINI_WEBHOOK_SECRET"
HOME: Final = "https://generativelanguage.googleapis.com/v1beta"
MODELS: Final = ("gemini-omni-1.2-flash", "gemini-omni-1.1-flash")
REFERENCES: Final = 6
PHASES: Final = {
    "queued": Phase.QUEUED,
    "in_progress": Phase.ROLLING,
    "requires_action": Phase.ROLLING,
    "requires_continuation": Phase.ROLLING,
    "completed": Phase.FINISHED,
    "incomplete": Phase.FAILED,
    "budget_exceeded": Phase.FAILED,
    "failed": Phase.FAILED,
    "cancelled": Phase.CANCELLED,
}

log = structlog.get_logger()


def configured(setting: BackendSettings) -> bool:
    """A key is set."""
    return bool(setting.options.get(KEY, "").strip())


def build(setting: BackendSettings) -> GeminiOmni:
    """The backend. Raises `BadSetting`."""
    table = Table(setting.table, "gemini_omni")
    api = Api(
        read_site(setting, url=URL, key=KEY, default=HOME, header="x-goog-api-key", scheme=""),
        question_seconds=table.positive("question_seconds") or 60.0,
        order_seconds=table.positive("order_seconds") or 180.0,
        fetch_seconds=table.positive("fetch_seconds") or 1800.0,
        clip_bytes_max=int(table.positive("clip_bytes_max") or 1 << 30),
    )
    return GeminiOmni(api, table, secret_of(SECRET, setting.options.get(SECRET, "")))


class GeminiOmni:
    """A `Backend` that edits in conversation."""

    name = "gemini_omni"

    def __init__(self, api: Api, table: Table, secret: bytes = b"") -> None:
        self._api, self._secret = api, secret
        self._models = table.words("models") or MODELS
        self._usual = table.positive("usual_seconds") or 60.0
        self._strange: set[str] = set()

    def __repr__(self) -> str:
        return f"GeminiOmni({self._api!r})"

    # ------------------------------------------------------------ what it can do

    async def capabilities(self) -> Capabilities:
        """As documented; prices come from the shipped table or the operator."""
        return self._card(self._models[0]).capabilities

    async def models(self) -> Sequence[ModelCard]:
        """Those that the operator names, else the ones known to be alive."""
        return [self._card(name) for name in self._models]

    def _card(self, name: str) -> ModelCard:
        capabilities = Capabilities(
            seconds=steps(3, 15),
            shapes=(Shape.WIDE, Shape.TALL),
            images=True,
            remixes=True,
            edit=Edit.CONVERSATION,
            extends=True,
            extension=Extension.BY_ID,
            extended_max=30,
            cancels=True,
            stop=Stop.RUNNING,
            usual_seconds=self._usual,
            model=name,
            resolutions=("360p", "720p", "1080p", "4k"),
            resolution="720p",
            frame=Frame.RATIO,
            pictures=Pictures(last=True, references=REFERENCES, handover=frozenset({Handover.DATA})),
            characters=Characters.PICTURES,
            sound=Sound.ALWAYS,
            seed=True,
            follow=Follow(hook=Hook.STANDARD if self._secret else Hook.NONE, every=3.0),
        )
        return ModelCard(name, capabilities)

    # ------------------------------------------------------------ the order

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `ports.Backend.submit`. An edit says the change alone, in the conversation that the clip came from."""
        body = await self._body(order, reference)
        answer = await self._api.order("interactions", json=body)
        found = answer.data.get("id") if isinstance(answer.data, dict) else None
        if (
            answer.ok
            and isinstance(found, str)
            and 0 < len(found) <= 1000
            and found.isprintable()
            and found.strip(" ./")
        ):
            return found
        raise self._api.verdict(answer, image=reference is not None or bool(order.brief.references))

    async def _body(self, order: Order, reference: Path | None) -> dict[str, Any]:
        brief = order.brief
        edits = order.remix_of is not None and bool(order.change)
        words = order.change if edits else brief.text
        pictures = [] if edits else [each async for each in _pictures(order, reference)]
        told: dict[str, Any] = {
            "type": "video",
            "delivery": "uri",
            "aspect_ratio": brief.shape.label if brief.shape else None,
            "resolution": brief.resolution,
            "duration": None if brief.seconds is None else f"{brief.seconds}s",
        }
        config = {"seed": brief.seed, "video_config": {"task": _task(order, reference, edits=edits)}}
        body = {
            "model": order.model or self._models[0],
            "input": [*pictures, {"type": "text", "text": words}] if pictures else words,
            "background": True,
            "store": True,
            "previous_interaction_id": order.extend_of or (order.remix_of if edits else None),
            "response_format": {name: value for name, value in told.items() if value is not None},
            "generation_config": {name: value for name, value in config.items() if value is not None},
        }
        return {name: value for name, value in body.items() if value is not None}

    async def search(self, order: Order, since: float) -> Search:
        """It lists nothing, so nothing can be known."""
        return Search()

    # ------------------------------------------------------------ questions

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        told = await self._interaction(remote_id)
        return Report(Phase.LOST) if told is None else self._read(told)

    async def _interaction(self, remote_id: str) -> dict[str, Any] | None:
        """The interaction; None: unknown. Unknown ids are 400s that say so; other 400s to a question are passing troubles."""
        answer = await self._api.ask("GET", "interactions", remote_id)
        if isinstance(answer.data, dict) and isinstance(answer.data.get("status"), str):
            return answer.data
        words = self._api.words(answer)
        if answer.status in GONE or (answer.status == 400 and "invalid interaction" in words.lower()):
            return None
        raise Unreachable(words)

    def _read(self, told: Mapping[str, Any]) -> Report:
        phase = PHASES.get(told["status"].lower())
        if phase is None and (said := self._api.clean(told["status"], 40)) not in self._strange:
            self._strange.add(said)
            log.warning("unknown status counts as rolling", backend=self.name, status=said)
        if phase is Phase.FINISHED and next(_videos(told), None) is None:
            reason = self._api.clean(" ".join(_words(told))) or "no video came back"
            return Report(Phase.REFUSED, gate="result", reason=reason)
        if phase is not Phase.FAILED:
            return Report(phase or Phase.ROLLING, 1.0 if phase is Phase.FINISHED else None)
        trouble = trouble_of(told.get("error") or " ".join(_words(told)) or told["status"])
        reason = self._api.clean(trouble.message)
        if trouble.by_rules:
            return Report(Phase.REFUSED, gate="image" if trouble.of_own_image else "result", reason=reason)
        return Report(Phase.FAILED, reason=reason)

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`: from the address it names, or out of the answer itself."""
        told = await self._interaction(remote_id)
        video = None if told is None else next(_videos(told), None)
        if video is None:
            raise TurnedDown("the interaction holds no video")
        if isinstance(uri := video.get("uri"), str) and uri:
            url = self._api.at(uri)
            await self._api.clip(url if "alt=" in uri else url.copy_merge_params({"alt": "media"}), into)
            return
        try:
            raw = base64.b64decode(str(video.get("data", "")), validate=True)
        except (binascii.Error, ValueError):
            raise Unreachable("the video in the answer cannot be read") from None
        if raw[4:8] != b"ftyp":
            raise TurnedDown("what came in the answer is no clip")
        await asyncio.to_thread(into.write_bytes, raw)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`."""
        answer = await self._api.ask("POST", "interactions", remote_id, "cancel")
        if answer.status >= 500:
            raise Unreachable(self._api.words(answer))
        return answer.ok

    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        """See `bot.backends.TakesHooks`: a static webhook of the project, signed by Standard Webhooks."""
        check(self._secret, headers, body, time.time())
        said = read_json(body)
        data = said.get("data") if isinstance(said, dict) else None
        remote_id = data.get("id") if isinstance(data, dict) else None
        return (remote_id,) if isinstance(remote_id, str) else ()

    async def examine(self) -> Sequence[Finding]:
        """See `ports.Examinable`: whether the key is good for the models, without spending anything."""
        found = []
        for name in self._models:
            try:
                answer = await self._api.ask("GET", "models", name)
            except Unreachable as fault:
                mend = f"look at the network, and at {URL} if it is set"
                return [Finding(self.name, "error", f"cannot be reached: {mend}. {fault.reason}")]
            if answer.status in (400, 401, 403) and name == self._models[0]:
                return [Finding(self.name, "error", f"{KEY} is not accepted. {self._api.words(answer)}")]
            if not answer.ok:
                mend = f"look at [backends.{self.name}] models"
                found.append(Finding(f"{self.name}/{name}", "error", f"there is no such model (any more): {mend}"))
        return found or [Finding(self.name, "ok", f"answers, with {', '.join(self._models)}")]

    async def close(self) -> None:
        """Let go of all connections."""
        await self._api.close()


def _task(order: Order, reference: Path | None, *, edits: bool) -> str:
    if edits:
        return "edit"
    if order.extend_of is not None:
        return "extend"
    if order.brief.references:
        return "reference_to_video"
    return "image_to_video" if reference is not None or order.brief.last_frame else "text_to_video"


async def _pictures(order: Order, reference: Path | None) -> Any:
    """What goes in beside the words; each picture behind the tag that names its role."""
    last = order.files.get(order.brief.last_frame or "")
    tagged = [("<FIRST_FRAME>", reference), ("<LAST_FRAME>", last)]
    tagged += [
        (f"<IMAGE_REF_{number}>", order.files.get(digest)) for number, digest in enumerate(order.brief.references, 1)
    ]
    for tag, path in tagged:
        if path is not None:
            kind, data = await data_of(path)
            yield {"type": "text", "text": tag}
            yield {"type": "image", "data": data, "mime_type": kind}


def _contents(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    steps_ = told.get("steps")
    for step in steps_ if isinstance(steps_, list) else ():
        content = step.get("content") if isinstance(step, dict) and step.get("type") == "model_output" else None
        yield from (each for each in (content if isinstance(content, list) else ()) if isinstance(each, dict))


def _videos(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in _contents(told) if each.get("type") == "video" and (each.get("uri") or each.get("data")))


def _words(told: Mapping[str, Any]) -> Iterator[str]:
    return (str(each.get("text", "")) for each in _contents(told) if each.get("type") == "text")
