"""ComfyUI's own routes: ``POST /prompt`` with an id of our choosing, ``/api/jobs``, ``/view``, a websocket for progress.

The id of a job is derived from ours, so an order whose answer was lost is simply asked for; sending it twice would film it twice,
which is why it is looked up first. Builds before ``/api/jobs`` are followed by ``/queue`` and ``/history``. Sources: ComfyUI
``server.py``, ``comfy_execution/jobs.py``, as read on 2026-11-20.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections import deque
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.video.comfyui_progress import Listener
from adapters.video.comfyui_results import PHASES, ended, job_in, refusal_of, results_of, the_clip
from adapters.video.comfyui_template import Graph
from adapters.video.data_address import TYPES
from adapters.video.http import GONE, Api
from adapters.video.wire import Answer
from bot.errors import BackendFault, BadOrder, NeverMade, TurnedDown, Unreachable
from bot.paperwork import Phase, Report, Search

OURS: Final = uuid.UUID("6f9bb0a5-6c0e-5d0c-9c1e-3f6a1a7d2b44")
"""The namespace of our jobs' ids."""
LABEL: Final = "throughline_job"
"""Where an order names our job, for builds that choose ids themselves."""
LOOK_BACK: Final = 200
"""So many finished jobs are looked through for a label."""

log = structlog.get_logger()


def id_of(job: str) -> str:
    """ComfyUI's id of our job: a UUID, always the same."""
    return str(uuid.uuid5(OURS, job))


async def picture_name(picture: Path) -> tuple[str, bytes, str]:
    """A name that follows from the content, the bytes, the media type. Raises `BadOrder`."""
    try:
        raw = await asyncio.to_thread(picture.read_bytes)
    except OSError as error:
        raise BadOrder(f"the picture cannot be read: {error.strerror}") from None
    kind = next((kind for magic, kind in TYPES.items() if raw.startswith(magic)), "image/png")
    return f"{hashlib.sha256(raw).hexdigest()[:32]}.{kind.removeprefix('image/')}", raw, kind


class Native:
    """The door to a ComfyUI itself."""

    label = "its own routes"
    lists = True

    def __init__(self, api: Api) -> None:
        self._api = api
        self._client = uuid.uuid4().hex
        self._live = Listener(api, self._client)
        self._stopped: deque[str] = deque(maxlen=1000)
        self._strange: set[str] = set()

    # ------------------------------------------------------------ the order

    async def picture(self, picture: Path) -> Any:
        """Upload it; the value for a Load Image node. Raises `NeverMade`, `BadOrder` …"""
        name, raw, kind = await picture_name(picture)
        form = {"type": "input", "subfolder": "throughline", "overwrite": "true"}
        try:
            answer = await self._api.ask("POST", "upload", "image", files={"image": (name, raw, kind)}, data=form)
        except Unreachable as fault:
            raise NeverMade(fault.reason) from None
        told = answer.data
        if not answer.ok or not isinstance(told, dict) or not isinstance(told.get("name"), str):
            raise refused_upload(self._api, answer)
        folder = told.get("subfolder")
        return f"{folder}/{told['name']}" if isinstance(folder, str) and folder else told["name"]

    async def order(self, job: str, graph: Graph, *, image: bool) -> str:
        """The one call that films. See `ports.Backend.submit`."""
        body = {"prompt": graph, "client_id": self._client, "prompt_id": id_of(job), "extra_data": {LABEL: job}}
        answer = await self._api.order("prompt", json=body)
        found = answer.data.get("prompt_id") if isinstance(answer.data, dict) else None
        if answer.ok and isinstance(found, str) and 0 < len(found) <= 100 and found.isprintable():
            self._live.follow(found, graph)
            return found
        raise in_words_of_nodes(self._api, answer, image=image)

    async def search(self, job: str, since: float) -> Search:
        """By its id; on older builds, which may choose the id themselves, by its label too. Raises `Unreachable`."""
        remote_id = id_of(job)
        answer = await self._api.ask("GET", "api", "jobs", remote_id)
        if _is_job(answer):
            return Search((remote_id,), complete=True)
        if _knows_jobs(answer):
            return Search(complete=True)
        return Search(tuple(await self._labelled(job)), complete=True)

    async def _labelled(self, job: str) -> list[str]:
        queue = await self._queue()
        answer = await self._api.ask("GET", "history", params={"max_items": LOOK_BACK})
        if not answer.ok or not isinstance(answer.data, dict):
            raise Unreachable(self._api.words(answer))
        told = [each.get("prompt") for each in answer.data.values() if isinstance(each, dict)]
        items = [*queue["queue_running"], *queue["queue_pending"], *told]
        return [item[1] for item in items if _is_item(item) and (item[1] == id_of(job) or _label(item) == job)]

    # ------------------------------------------------------------ questions

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        job = await self._job(remote_id)
        if job is None:
            self._live.forget(remote_id)
            return Report(Phase.CANCELLED if remote_id in self._stopped else Phase.LOST)
        phase = self._phase(job["status"])
        if phase in (Phase.QUEUED, Phase.ROLLING):
            return self._open(remote_id, phase, None)
        self._live.forget(remote_id)
        return ended(phase, job.get("execution_error"), results_of(job.get("outputs")), self._api.site.redaction)

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """See `ports.ListsMany`: what waits and what rolls, in one answer; what has ended is asked for by itself."""
        answer = await self._api.ask("GET", "api", "jobs", params={"status": "pending,in_progress"})
        jobs = answer.data.get("jobs") if isinstance(answer.data, dict) else None
        if answer.ok and isinstance(jobs, list):
            return self._listed([each for each in jobs if _has_id(each)], remote_ids)
        if answer.status not in GONE:
            raise Unreachable(self._api.words(answer))
        if _knows_jobs(answer):
            return {}
        queue = await self._queue()
        rolling = [{"id": item[1], "status": "in_progress"} for item in queue["queue_running"] if _is_item(item)]
        waiting = [
            {"id": item[1], "status": "pending", "priority": item[0]}
            for item in queue["queue_pending"]
            if _is_item(item)
        ]
        return self._listed([*rolling, *waiting], remote_ids)

    def _listed(self, jobs: list[dict[str, Any]], remote_ids: Collection[str]) -> dict[str, Report]:
        phases = [(job, self._phase(job.get("status"))) for job in jobs]
        waiting = sorted((_priority(job), job["id"]) for job, phase in phases if phase is Phase.QUEUED)
        places = {name: place for place, (_, name) in enumerate(waiting, 1)}
        wanted = set(remote_ids)
        return {
            job["id"]: self._open(job["id"], phase, places.get(job["id"]))
            for job, phase in phases
            if job["id"] in wanted and phase in (Phase.QUEUED, Phase.ROLLING)
        }

    def _open(self, remote_id: str, phase: Phase, place: int | None) -> Report:
        self._live.follow(remote_id)
        return Report(phase, self._live.share(remote_id) if phase is Phase.ROLLING else None, place=place)

    def _phase(self, word: Any) -> Phase:
        phase = PHASES.get(word) if isinstance(word, str) else None
        if phase is None and (said := self._api.clean(str(word), 40)) not in self._strange:
            self._strange.add(said)
            log.warning("unknown status counts as rolling", backend="comfyui", status=said)
        return phase or Phase.ROLLING

    async def _job(self, remote_id: str) -> dict[str, Any] | None:
        """What it says of a job; None: it does not know it."""
        answer = await self._api.ask("GET", "api", "jobs", remote_id)
        if _is_job(answer):
            return dict(answer.data)
        if _knows_jobs(answer):
            return None
        if answer.status not in GONE:
            raise Unreachable(self._api.words(answer))
        return await self._job_of_old(remote_id)

    async def _job_of_old(self, remote_id: str) -> dict[str, Any] | None:
        """The queue first: what has left it since is in the history by then."""
        queue = await self._queue()
        for name, word in (("queue_running", "in_progress"), ("queue_pending", "pending")):
            if any(_is_item(item) and item[1] == remote_id for item in queue[name]):
                return {"status": word}
        answer = await self._api.ask("GET", "history", remote_id)
        if not answer.ok or not isinstance(answer.data, dict):
            raise Unreachable(self._api.words(answer))
        return job_in(answer.data, remote_id)

    async def _queue(self) -> dict[str, list[Any]]:
        answer = await self._api.ask("GET", "queue")
        found = answer.data if answer.ok and isinstance(answer.data, dict) else {}
        if not all(isinstance(found.get(name), list) for name in ("queue_running", "queue_pending")):
            raise Unreachable(self._api.words(answer))
        return found

    # ------------------------------------------------------------ the clip, and stopping

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`."""
        job = await self._job(remote_id)
        if job is None:
            raise TurnedDown("ComfyUI does not know the job any more")
        clip = the_clip(results_of(job.get("outputs")), PHASES.get(str(job.get("status"))))
        await self._api.clip(self._api.url("view").copy_merge_params(clip.where), into)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`."""
        answer = await self._api.ask("POST", "api", "jobs", remote_id, "cancel")
        if isinstance(answer.data, dict) and isinstance(answer.data.get("cancelled"), bool):
            done: bool = answer.data["cancelled"]
        elif answer.status in (*GONE, 405):
            done = await self._cancel_at_old(remote_id)
        else:
            raise Unreachable(self._api.words(answer))
        if done:
            self._stopped.append(remote_id)
        return done

    async def _cancel_at_old(self, remote_id: str) -> bool:
        """Out of the queue; and interrupted only if it is ours that runs, since old builds interrupt whatever runs."""
        if await self._job_of_old(remote_id) is None:
            return False
        deleted = await self._api.ask("POST", "queue", json={"delete": [remote_id]})
        job = await self._job_of_old(remote_id)
        if job is not None and job["status"] == "in_progress":
            stopped = await self._api.ask("POST", "interrupt", json={"prompt_id": remote_id})
            return stopped.ok
        return deleted.ok and job is None

    async def close(self) -> None:
        """Hang up."""
        await self._live.close()


def _has_id(job: Any) -> bool:
    return isinstance(job, dict) and isinstance(job.get("id"), str)


def _is_job(answer: Answer) -> bool:
    return answer.ok and isinstance(answer.data, dict) and "status" in answer.data


def _knows_jobs(answer: Answer) -> bool:
    """A build with ``/api/jobs`` says "not found" as JSON; an older one has no such route, and its 404 is text."""
    return answer.status in GONE and isinstance(answer.data, dict)


def _is_item(item: Any) -> bool:
    """An entry of the queue: number, id, graph, extra data, outputs."""
    return isinstance(item, list) and len(item) > 1 and isinstance(item[1], str)


def _label(item: list[Any]) -> Any:
    return item[3].get(LABEL) if len(item) > 3 and isinstance(item[3], dict) else None


def _priority(job: Mapping[str, Any]) -> float:
    value = job.get("priority")
    return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else 0.0


def in_words_of_nodes(api: Api, answer: Answer, *, image: bool) -> BackendFault:
    """What a refusal of an order means; a graph that does not fit is told of in the words of its nodes."""
    verdict, words = api.verdict(answer, image=image), refusal_of(answer.data)
    return BadOrder(api.clean(words)) if words and isinstance(verdict, BadOrder) else verdict


def refused_upload(api: Api, answer: Answer) -> BackendFault:
    """A refused picture: nothing was ordered yet, so a server in trouble only means "again"."""
    if answer.status == 413:
        return BadOrder("the picture is larger than ComfyUI takes (--max-upload-size)")
    if 400 <= answer.status < 500:
        return api.verdict(answer, image=True)
    return NeverMade(api.words(answer))
