"""Reading the ``/v1/videos`` dialect as its many servers really speak it. Pure: data in, our words out, never an error.

The dialect is OpenAI's (API specification 2.3.0, ``VideoResource``); OpenAI left it on 2026-09-24, vLLM-Omni, SGLang,
FastVideo, LiteLLM, new-api and paid relays go on. They differ in the words of `status`, the kind of `progress`, the
unit of `created_at`, the form of `error` (see `trouble`) and the place of the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from adapters.video.trouble import Trouble, trouble_of
from bot.paperwork import Phase, Report

Video = Mapping[str, Any]
"""A Video object as the server sent it."""

_WORDS = {
    Phase.QUEUED: "queued pending submitted not_start not_started waiting accepted created in_queue queueing",
    Phase.ROLLING: "in_progress processing running generating rendering started starting",
    Phase.FINISHED: "completed complete succeeded success done finished",
    Phase.FAILED: "failed failure error errored",
    Phase.REFUSED: "refused rejected blocked moderated moderation_blocked content_filtered content_filter nsfw",
    Phase.CANCELLED: "cancelled canceled deleted aborted cancelling canceling",
    Phase.EXPIRED: "expired",
}
PHASES = {word: phase for phase, words in _WORDS.items() for word in words.split()}

_LINK = re.compile(r"https?://[^\s\"'<>]+")


def video_of(data: Any) -> Video | None:
    """The Video object in an answer: the answer itself, or under ``data`` as relays wrap it; None if there is none."""
    for candidate in (data, data.get("data") if isinstance(data, dict) else None):
        if isinstance(candidate, dict) and _is_video(candidate):
            return candidate
    return None


def _is_video(item: dict[str, Any]) -> bool:
    if item.get("object") in ("video", "video.deleted"):
        return True
    return isinstance(item.get("status"), str) and id_of(item) is not None and known_word(item["status"]) is not None


def id_of(video: Any) -> str | None:
    """The server's id of a job, if it is one that we can ask for again."""
    if not isinstance(video, dict):
        return None
    for name in ("id", "task_id"):
        value = video.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            value = str(value)
        if isinstance(value, str) and _usable(value):
            return value
    return None


def _usable(text: str) -> bool:
    """Fits a column and a path: not empty, not longer than 1,000, printable, no path of its own."""
    return 0 < len(text) <= 1000 and text.isprintable() and text.strip() == text and text not in (".", "..")


def known_word(status: str) -> Phase | None:
    """Our phase for the server's word; None if nobody has told us."""
    return PHASES.get(re.sub(r"[\s-]+", "_", status.strip().lower()))


def phase_of(video: Video) -> Phase | None:
    """Where the job stands; None for a word that nobody has told us."""
    if video.get("object") == "video.deleted" or video.get("deleted") is True:
        return Phase.CANCELLED
    status = video.get("status")
    return known_word(status) if isinstance(status, str) else None


def progress_of(value: Any) -> float | None:
    """0..1 from an int (percent), a float (percent, or a share if at most 1) or a string, with or without ``%``."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(%?)\s*", value, re.ASCII)
        if not found:
            return None
        number, percent = found.groups()
        return _share(float(number), percent=bool(percent) or "." not in number)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _share(value, percent=isinstance(value, int))


def _share(number: float, *, percent: bool) -> float | None:
    if not (percent or number > 1):
        return float(max(number, 0)) if isfinite(number) else None
    return float(min(max(number, 0), 100)) / 100


def moment_of(value: Any) -> float | None:
    """Epoch seconds from seconds or milliseconds, as number or digits."""
    if isinstance(value, str) and re.fullmatch(r"\d{9,14}(\.\d{1,9})?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e15:
        return None
    return value / 1000 if value > 1e11 else float(value)


def report_of(video: Video) -> Report:
    """What the Video object says, its reason not yet redacted. A word that nobody has told us counts as rolling."""
    phase, progress = phase_of(video) or Phase.ROLLING, progress_of(video.get("progress"))
    if phase not in (Phase.FAILED, Phase.REFUSED):
        return Report(phase, 1.0 if phase is Phase.FINISHED else progress)
    error = video.get("error")
    trouble = trouble_of(error or video.get("message"))
    if phase is Phase.REFUSED or trouble.by_rules:
        return Report(Phase.REFUSED, progress, _gate(trouble, progress), trouble.message)
    again = isinstance(error, dict) and error.get("retryable") is True
    return Report(Phase.FAILED, progress, reason=trouble.message, retryable=again)


def _gate(trouble: Trouble, progress: float | None) -> str:
    """Which gate closed: before anything was filmed there was no result to refuse."""
    if trouble.of_own_image:
        return "image"
    return "result" if progress else "prompt"


def links_of(video: Video) -> Iterator[str]:
    """Addresses where the clip may lie, likeliest first; they may be relative to the server's."""
    places: tuple[tuple[str | int, ...], ...] = (
        ("url",), ("video_url",), ("outputs", "video_url"), ("output", "videos", 0, "url"), ("output", "url"),
        ("video", "url"), ("urls", 0), ("data", "output"), ("data", "url"), ("data", 0, "url"),
    )  # fmt: skip
    for place in places:
        link = _at(video, place)
        if isinstance(link, str) and 0 < len(link) <= 8000:
            yield link


def _at(data: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and len(data) > step else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def link_in(text: str) -> str | None:
    """The first address in a sentence: SGLang names the clip's in a 400."""
    found = _LINK.search(text)
    return found.group().rstrip(".,;)") if found else None


@dataclass(frozen=True)
class Page:
    """One page of the list. `more`: None where the server does not say."""

    videos: tuple[dict[str, Any], ...]
    more: bool | None = None
    last: str | None = None


def page_of(data: Any) -> Page | None:
    """A page of ``GET /videos``; None if it is none."""
    if isinstance(data, list):
        data = {"data": data}
    if not isinstance(data, dict) or not isinstance(data.get("data"), list):
        return None
    videos = tuple(item for item in data["data"] if isinstance(item, dict) and id_of(item))
    more, last = data.get("has_more"), data.get("last_id")
    usable = isinstance(last, str) and _usable(last)
    return Page(
        videos, more if isinstance(more, bool) else None, last if usable else id_of(videos[-1]) if videos else None
    )
