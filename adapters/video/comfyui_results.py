"""What ComfyUI says of a job, read: its state, what went wrong in the words of its nodes, and which of its files is the clip.

Sources: ComfyUI ``comfy_execution/jobs.py`` and ``server.py`` (jobs, history, node errors); core Save Video puts its clip under
``images``, the Video Helper Suite under ``gifs``, others under ``video`` or ``videos``.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.video.trouble import trouble_of
from adapters.video.wire import Redaction
from bot.errors import TurnedDown, Unreachable
from bot.paperwork import Phase, Report

PHASES: Final = {
    "pending": Phase.QUEUED,
    "queued": Phase.QUEUED,
    "in_progress": Phase.ROLLING,
    "running": Phase.ROLLING,
    "canceling": Phase.ROLLING,
    "completed": Phase.FINISHED,
    "succeeded": Phase.FINISHED,
    "failed": Phase.FAILED,
    "cancelled": Phase.CANCELLED,
    "canceled": Phase.CANCELLED,
    "expired": Phase.EXPIRED,
}
"""The words of the native routes and of the Comfy API v2."""
CLIPS: Final = {".mp4": 3, ".m4v": 3, ".mov": 2, ".webm": 2, ".mkv": 1}
MOVING_PICTURES: Final = (".webp", ".gif", ".apng", ".png")
NO_CLIP: Final = "the workflow ended without saving a clip; it has to end in a Save Video node"


@dataclass(frozen=True)
class Result:
    """One file that a workflow saved. `where`: what is needed to fetch it."""

    name: str
    where: Mapping[str, str]
    kind: str = ""
    """Its media type, where the server tells one."""
    saved: bool = True
    """Saved for good, not a preview."""

    @property
    def worth(self) -> int:
        """How likely it is the clip that is wanted; 0: it is none."""
        ending = _ending(self.name) or (mimetypes.guess_extension(self.kind) or "")
        return CLIPS.get(ending, 1 if self.kind.startswith("video/") else 0)


def _ending(name: str) -> str:
    return f".{name.rsplit('.', 1)[1].lower()}" if "." in name else ""


def clip_among(results: list[Result]) -> Result | str:
    """The clip: saved before previewed, MP4 before others, the last of equals; or a sentence that says why there is none."""
    clips = [each for each in results if each.worth]
    if clips:
        return max(enumerate(clips), key=lambda each: (each[1].saved, each[1].worth, each[0]))[1]
    moving = next((each.name for each in results if _ending(each.name) in MOVING_PICTURES), None)
    if moving is None:
        return NO_CLIP
    return f"the workflow saved {moving[:80]}, which is a picture and no clip; let it end in Save Video (MP4 or WebM)"


def the_clip(results: list[Result], phase: Phase | None) -> Result:
    """`clip_among`, to be fetched. Raises `TurnedDown` for a job that ended without one, else `Unreachable`."""
    clip = clip_among(results)
    if isinstance(clip, Result):
        return clip
    raise TurnedDown(clip) if phase is Phase.FINISHED else Unreachable("the clip is not there")


def results_of(outputs: Any) -> list[Result]:
    """The files among a job's outputs, native routes: by node, then by kind, each a list."""
    return list(_results(outputs))


def _results(outputs: Any) -> Iterator[Result]:
    kinds = [node for node in outputs.values() if isinstance(node, dict)] if isinstance(outputs, dict) else []
    for node in kinds:
        for items in node.values():
            yield from (_result(item) for item in (items if isinstance(items, list) else ()) if _is_file(item))


def _is_file(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("filename"), str)


def _result(item: Mapping[str, Any]) -> Result:
    where = {name: item[name] for name in ("filename", "subfolder", "type") if isinstance(item.get(name), str)}
    kind = item.get("format")
    saved = where.setdefault("type", "output") == "output"
    return Result(item["filename"], where, kind if isinstance(kind, str) else "", saved)


def job_in(history: Any, remote_id: str) -> dict[str, Any] | None:
    """An entry of ``/history`` in the words of ``/api/jobs``; None: it is not in it."""
    entry = history.get(remote_id) if isinstance(history, dict) else None
    if not isinstance(entry, dict):
        return None
    status = entry.get("status")
    status = status if isinstance(status, dict) else {}
    messages = status.get("messages")
    events = {str(each[0]): each[1] for each in messages if _is_event(each)} if isinstance(messages, list) else {}
    word = "completed"
    if status.get("status_str") == "error":
        word = "cancelled" if "execution_interrupted" in events else "failed"
    return {"status": word, "outputs": entry.get("outputs"), "execution_error": events.get("execution_error")}


def _is_event(message: Any) -> bool:
    return isinstance(message, list) and len(message) == 2


def ended(phase: Phase, trouble: Any, results: list[Result], redaction: Redaction) -> Report:
    """The report of a job that rolls no more. A job that saved no clip has failed."""
    if phase is Phase.FINISHED:
        clip = clip_among(results)
        return Report(phase, 1.0) if isinstance(clip, Result) else Report(Phase.FAILED, reason=redaction.clean(clip))
    if phase is not Phase.FAILED:
        return Report(phase)
    reason = redaction.clean(_why(trouble))
    if trouble_of(reason).surely_by_rules:  # nodes that ask a hosted service have its gates
        return Report(Phase.REFUSED, gate="result", reason=reason)
    return Report(phase, reason=reason)


def _why(trouble: Any) -> str:
    """``KSampler: out of memory`` from an ``execution_error``, or from the error of a v2 job."""
    if not isinstance(trouble, dict):
        return ""
    node = next((trouble[name] for name in ("node_type", "class_type") if isinstance(trouble.get(name), str)), "")
    said = next((trouble[name] for name in ("exception_message", "message") if isinstance(trouble.get(name), str)), "")
    return ": ".join(part for part in (node, said.strip()) if part)


def refusal_of(data: Any) -> str:
    """What is wrong with an order in the words of its nodes; empty if the answer says nothing of nodes.

    Native: ``{"error": {…}, "node_errors": {id: {"errors": [{message, details}], "class_type"}}}``; v2 has them under
    ``error.details``, or beside its code.
    """
    if not isinstance(data, dict):
        return ""
    error = data.get("error")
    error = error if isinstance(error, dict) else {}
    details = error.get("details")
    nodes = data.get("node_errors") or error.get("node_errors")
    nodes = nodes or (details.get("node_errors") if isinstance(details, dict) else None)
    said = [words for name, node in nodes.items() if (words := _of_node(name, node))] if isinstance(nodes, dict) else []
    if said:
        return "; ".join(said[:3])
    kind = error.get("type")
    parts = [error.get("message"), details] if isinstance(kind, str) and "prompt" in kind + str(error) else []
    return ": ".join(part for part in dict.fromkeys(parts) if isinstance(part, str) and part)


def _of_node(name: str, node: Any) -> str:
    if not isinstance(node, dict) or not isinstance(node.get("errors"), list):
        return ""
    said = [
        ": ".join(str(each[key]) for key in ("message", "details") if each.get(key))
        for each in node["errors"][:2]
        if isinstance(each, dict)
    ]
    return f"node {name} ({node.get('class_type', '?')}): {', '.join(said)}"
