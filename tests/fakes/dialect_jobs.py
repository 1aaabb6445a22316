"""The jobs of the fake dialect server: accepted once, written down durably, then only a matter of time."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Fields = dict[str, Any]


@dataclass
class Quirks:
    """How this server differs from the book. The defaults are the book."""

    id_form: str = "video_{n}"
    milliseconds: bool = False
    prompts: bool = True
    """Objects carry the prompt."""
    words: dict[str, str] = field(default_factory=dict)
    """Other words for a status, ``{"in_progress": "processing"}``."""
    failed_status: int = 200
    """HTTP status of a failed job's object (vLLM-Omni: not 200)."""
    lists: bool = True
    remix: bool = True
    edits: bool = False
    """It has edits, extensions and characters."""
    cancels: bool = False
    """DELETE stops a job that is not finished."""
    content: str = "bytes"
    """``bytes``, ``redirect``, ``json`` (200 with the object), ``detail`` (400 with an address), ``none`` (404)."""
    elsewhere: str = ""
    """Where the clip lies for ``redirect`` and ``detail``, and as ``url`` in finished objects if set."""
    models: tuple[str, ...] = ()
    """If set, another model is a bad order."""


@dataclass
class Job:
    """One accepted order. `at`: epoch seconds; `fate`: the error it will end with, None for a clip."""

    id: str
    at: float
    fields: Fields
    remix_of: str | None = None
    fate: Any = None
    stopped: bool = False


class JobBook:
    """All accepted jobs, oldest first; with `log`, each is on disk before it is answered."""

    def __init__(self, quirks: Quirks, film_seconds: float, log: Path | None) -> None:
        self.quirks, self.film_seconds, self._log = quirks, film_seconds, log
        self.jobs: list[Job] = []
        self._places: dict[str, int] = {}
        if log is not None and log.exists():
            for line in log.read_text(encoding="utf-8").splitlines():
                self._keep(Job(**json.loads(line)))

    def accept(self, fields: Fields, remix_of: str | None = None, fate: Any = None) -> Job:
        """A new job, durable from here on."""
        job = Job(self.quirks.id_form.format(n=len(self.jobs) + 1), time.time(), fields, remix_of, fate)
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as out:
                out.write(json.dumps(asdict(job)) + "\n")
                out.flush()
                os.fsync(out.fileno())
        self._keep(job)
        return job

    def _keep(self, job: Job) -> None:
        self._places[job.id] = len(self.jobs)
        self.jobs.append(job)

    def get(self, job_id: str) -> Job | None:
        """The job of that id."""
        place = self._places.get(job_id)
        return None if place is None else self.jobs[place]

    def forget(self) -> None:
        """What a restart does to a server that keeps its jobs in memory."""
        self.jobs.clear()
        self._places.clear()

    def page(self, limit: int, after: str | None, *, newest_first: bool = True) -> tuple[list[Job], bool]:
        """Up to `limit` jobs after that id, and whether there are more."""
        if newest_first:
            end = len(self.jobs) if after is None else self._places.get(after, 0)
            return self.jobs[max(end - limit, 0) : end][::-1], end - limit > 0
        start = 0 if after is None else self._places.get(after, len(self.jobs)) + 1
        return self.jobs[start : start + limit], start + limit < len(self.jobs)

    def status(self, job: Job) -> tuple[str, int]:
        """The book's word and the progress in percent."""
        share = (time.time() - job.at) / self.film_seconds if self.film_seconds else 1.0
        if job.stopped:
            return "cancelled", 0
        if share >= 1:
            return ("completed", 100) if job.fate is None else ("failed", 37)
        return ("queued", 0) if share < 0.2 else ("in_progress", int(share * 100))

    def object(self, job: Job) -> dict[str, Any]:
        """The Video object."""
        status, progress = self.status(job)
        unit = 1000 if self.quirks.milliseconds else 1
        finished = int((job.at + self.film_seconds) * unit) if status in ("completed", "failed") else None
        video = {
            "id": job.id,
            "object": "video",
            "model": job.fields.get("model", "house-model"),
            "status": self.quirks.words.get(status, status),
            "progress": progress,
            "created_at": int(job.at * unit),
            "completed_at": finished,
            "expires_at": None,
            "prompt": job.fields.get("prompt") if self.quirks.prompts else None,
            "size": job.fields.get("size", "1280x720"),
            "seconds": str(job.fields.get("seconds", "4")),
            "remixed_from_video_id": job.remix_of,
            "error": job.fate if status == "failed" else None,
            "quality": "standard",
        }
        if status == "completed" and self.quirks.elsewhere:
            video["url"] = self.quirks.elsewhere
        return video
