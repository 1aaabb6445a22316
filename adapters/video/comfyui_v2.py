"""Comfy API v2: one contract for ``comfy-api-proxy`` before one's own machine, for Comfy Cloud, and for serverless deployments.

``POST /api/v2/jobs`` with our job's id as Idempotency-Key, which a host rejects when it comes twice: an order can never be filmed
twice, and where jobs are listed a lost one is found by its label. Sources: docs.comfy.org/api-reference/v2, and comfy-api-proxy
0.1.6 on the wire, 2026-11-20.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.video.comfyui_native import in_words_of_nodes, picture_name, refused_upload
from adapters.video.comfyui_progress import Streams
from adapters.video.comfyui_results import PHASES, Result, ended, the_clip
from adapters.video.comfyui_template import Graph
from adapters.video.http import Api
from adapters.video.wire import Answer
from bot.errors import BackendFault, NeverMade, TurnedDown, Unclear, Unreachable
from bot.paperwork import Phase, Report, Search

JOBS: Final = ("api", "v2", "jobs")
PAGE: Final = 100
LABEL: Final = "throughline_job"
LABELS: Final = ("text", "map", "none")
"""How our job's id is written on a job: the proxy takes a text, a deployment a map, Comfy Cloud nothing."""
KEY_SECONDS: Final = 23 * 3600.0
"""How long a key is certainly remembered; it is kept for 24 hours."""
CLOCKS: Final = 60.0
"""How far our clocks may differ, seconds."""
NOBODY: Final = str(uuid.UUID(int=0))

log = structlog.get_logger()


def label_at(host: str) -> str:
    """The kind of label that a host takes, as far as its name tells."""
    if host == "cloud.comfy.org":
        return "none"
    return "map" if host.endswith(".run.comfy.app") else "text"


class V2:
    """The door to a host that speaks Comfy API v2."""

    label = "the Comfy API v2"

    def __init__(self, api: Api) -> None:
        self._api = api
        self._label = label_at(api.site.base.host)
        self.lists = self._label != "none"
        self._live = Streams(api)
        self._stopped: deque[str] = deque(maxlen=1000)
        self._claimed: deque[str] = deque(maxlen=1000)
        """Our jobs whose key is taken although we could not find a job for it."""
        self._strange: set[str] = set()

    # ------------------------------------------------------------ the order

    async def picture(self, picture: Path) -> Any:
        """Upload it; the value for a Load Image node. Raises `NeverMade`, `BadOrder` …"""
        name, raw, kind = await picture_name(picture)
        form = {"file_path": f"input/throughline-{name}", "content_type": kind}
        try:
            answer = await self._api.ask("POST", "api", "v2", "assets", files={"file": (name, raw, kind)}, data=form)
        except Unreachable as fault:
            raise NeverMade(fault.reason) from None
        found = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not answer.ok or not isinstance(found, str):
            raise refused_upload(self._api, answer)
        return {"__type": "core/ASSET", "info": {"id": found}}

    async def order(self, job: str, graph: Graph, *, image: bool) -> str:
        """The one call that films. See `ports.Backend.submit`."""
        await self._anybody_behind()
        labels: dict[str, dict[str, Any]] = {"text": {"metadata": job}, "map": {"metadata": {LABEL: job}}}
        headers = {"Idempotency-Key": job}
        answer = await self._api.order(*JOBS, json={"workflow": graph, **labels.get(self._label, {})}, headers=headers)
        found = answer.data.get("id") if isinstance(answer.data, dict) else None
        if answer.ok and isinstance(found, str) and 0 < len(found) <= 200 and found.isprintable() and "/" not in found:
            self._live.expect(found, graph)
            return found
        if code_of(answer) == "idempotency_key_reuse":
            return await self._made_before(job)
        raise self._verdict(answer, image)

    async def _anybody_behind(self) -> None:
        """The proxy keeps a key for good that it could not pass on, so it is asked first whether ComfyUI is there."""
        try:
            answer = await self._api.ask("GET", *JOBS, NOBODY)
        except Unreachable as fault:
            raise NeverMade(fault.reason) from None
        if code_of(answer) == "upstream_unreachable":
            raise NeverMade(self._api.words(answer))

    async def _made_before(self, job: str) -> str:
        """Its key was used before, so it was made, or may have been."""
        try:
            found = await self._labelled(job)
        except Unreachable as fault:
            if not self.lists:
                self._claimed.append(job)
            raise Unclear(fault.reason) from None
        if found.candidates:
            return found.candidates[0]
        self._claimed.append(job)
        raise Unclear("the order was taken before, but its job is not listed")

    def _verdict(self, answer: Answer, image: bool) -> BackendFault:
        message = self._api.words(answer)
        if answer.status in (400, 422) and "metadata" in message and self._label != LABELS[-1]:
            self._label = LABELS[LABELS.index(self._label) + 1]
            log.info("another kind of label is tried", backend="comfyui", label=self._label)
            return NeverMade(message, 0.0)  # what is not valid claims no key
        return in_words_of_nodes(self._api, answer, image=image)

    async def search(self, job: str, since: float) -> Search:
        """By its label; where nothing is listed, sending again is safe as long as a key is remembered. Not so once that key
        has been refused and no job was found for it. Raises `Unreachable`."""
        fresh = job not in self._claimed
        if self._label != "none":
            try:
                found = await self._labelled(job, since)
            except Unreachable:
                if self.lists:
                    raise
            else:
                return Search(found.candidates, found.complete and fresh)
        return Search(complete=fresh and time.time() - since < KEY_SECONDS)

    async def _labelled(self, job: str, since: float = 0.0) -> Search:
        """Jobs with our label; complete if the list reaches back to `since`."""
        jobs, whole = await self._list()
        found = [each["id"] for each in jobs if _label(each) == job]
        oldest = min((made for each in jobs if (made := moment(each)) is not None), default=since)
        return Search(tuple(reversed(found)), complete=whole or oldest < since - CLOCKS)

    async def _list(self) -> tuple[list[dict[str, Any]], bool]:
        """The newest jobs, and whether these are all. Raises `Unreachable`."""
        answer = await self._api.ask("GET", *JOBS, params={"limit": PAGE})
        if answer.status == 501:
            self.lists = False
        jobs = answer.data.get("jobs") if isinstance(answer.data, dict) else None
        if not answer.ok or not isinstance(jobs, list):
            raise Unreachable(self._api.words(answer))
        whole = len(jobs) < PAGE and answer.data.get("truncated") is not True
        return [each for each in jobs if isinstance(each, dict) and isinstance(each.get("id"), str)], whole

    # ------------------------------------------------------------ questions

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`.

        "Expired" is asked for twice: the proxy looks into ComfyUI's history first and into its queue after that, so a job that
        ends between the two looks is in neither.
        """
        report = await self._ask(remote_id)
        return await self._ask(remote_id) if report.phase is Phase.EXPIRED else report

    async def _ask(self, remote_id: str) -> Report:
        job = await self._api.known(*JOBS, remote_id)
        if job is None:
            self._live.forget(remote_id)
            return Report(Phase.CANCELLED if remote_id in self._stopped else Phase.LOST)
        if not isinstance(job.get("status"), str):
            raise Unreachable("the answer says nothing of the job")
        return self._read(remote_id, job)

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """See `ports.ListsMany`: the newest hundred; who is not among them, or has expired, is asked for by itself."""
        try:
            jobs, _ = await self._list()
        except Unreachable:
            if self.lists:
                raise
            return {}
        wanted = set(remote_ids)
        listed = [each for each in jobs if each["id"] in wanted and isinstance(each.get("status"), str)]
        return {each["id"]: self._read(each["id"], each) for each in listed if each["status"] != "expired"}

    def _read(self, remote_id: str, job: Mapping[str, Any]) -> Report:
        phase = PHASES.get(job["status"])
        if phase is None and (said := self._api.clean(job["status"], 40)) not in self._strange:
            self._strange.add(said)
            log.warning("unknown status counts as rolling", backend="comfyui", status=said)
        phase = phase or Phase.ROLLING
        if phase is Phase.QUEUED:
            place = job.get("queue_position")
            return Report(phase, place=place if type(place) is int and place > 0 else None)
        if phase is Phase.ROLLING:
            self._live.follow(remote_id)
            return Report(phase, self._live.share(remote_id) or _share(job))
        self._live.forget(remote_id)
        if phase is Phase.EXPIRED and remote_id in self._stopped:
            phase = Phase.CANCELLED  # the proxy's word for what was taken out of the queue
        return ended(phase, job.get("error"), results_of(job), self._api.site.redaction)

    # ------------------------------------------------------------ the clip, and stopping

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`. The address is asked for anew: on Comfy Cloud it is signed, and soon useless."""
        job = await self._api.known(*JOBS, remote_id)
        if job is None:
            raise TurnedDown("the host does not know the job any more")
        clip = the_clip(results_of(job), PHASES.get(str(job.get("status"))))
        await self._api.clip(self._api.at(clip.where["url"]), into)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`."""
        answer = await self._api.ask("POST", *JOBS, remote_id, "cancel")
        if answer.status in (404, 409, 410):
            return False
        if not answer.ok or not isinstance(answer.data, dict):
            raise Unreachable(self._api.words(answer))
        phase = PHASES.get(str(answer.data.get("status")))
        stopped = phase in (Phase.CANCELLED, Phase.EXPIRED, Phase.QUEUED, Phase.ROLLING)
        if stopped:
            self._stopped.append(remote_id)
        return stopped

    async def close(self) -> None:
        """Hang up."""
        await self._live.close()


def code_of(answer: Answer) -> str:
    """The code of an answer in the shape of the contract; empty if it is in none."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def results_of(job: Mapping[str, Any]) -> list[Result]:
    """The files that a job has saved. What counts is the content type: the proxy calls an MP4 an image."""
    outputs = job.get("outputs")
    return [
        Result(str(each.get("name") or ""), {"url": each["url"]}, str(each.get("content_type") or ""))
        for each in (outputs if isinstance(outputs, list) else ())
        if isinstance(each, dict) and isinstance(each.get("url"), str) and 0 < len(each["url"]) <= 8000
    ]


def moment(job: Mapping[str, Any]) -> float | None:
    """When it was made, epoch seconds."""
    try:
        return datetime.fromisoformat(str(job.get("created_at"))).timestamp()
    except (ValueError, OverflowError):
        return None


def _label(job: Mapping[str, Any]) -> Any:
    label = job.get("metadata")
    return label.get(LABEL) if isinstance(label, dict) else label


def _share(job: Mapping[str, Any]) -> float | None:
    """The share in a polled answer; the proxy's is always 0, which says nothing."""
    progress = job.get("progress")
    value = progress.get("value") if isinstance(progress, dict) else None
    return float(min(value, 1.0)) if isinstance(value, int | float) and value > 0 else None
