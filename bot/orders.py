"""Orders: what a backend will be told, made from a job's row, frozen there, and the files that go with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.brief import Brief, brief_from_dict
from bot.capabilities import Capabilities, Edit, Extension, Size
from bot.crew import Crew
from bot.errors import MediaFault
from bot.film import Take
from bot.offering import capabilities_of
from bot.paperwork import Order
from bot.ports import Backend, FitsPictures
from bot.remixing import is_one_change
from bot.states import Job, State

LONGEST: Final = 2048
"""Pixels of the longer side of a picture that a backend takes in any size; no model looks closer."""


def order_to_text(order: Order) -> str:
    """The order as it is frozen in the job's row; what few orders have is left out where it is empty."""
    plain = {
        "job": order.job,
        "brief": order.brief.to_dict(),
        "model": order.model,
        "slate": order.slate,
        "remix_of": order.remix_of,
    }
    rare = {"extend_of": order.extend_of, "source": order.source, "change": order.change}
    plain |= {name: value for name, value in rare.items() if value}
    return json.dumps(plain, ensure_ascii=False)


def order_from_text(text: str) -> Order:
    """The order back from the job's row."""
    plain = json.loads(text)
    return Order(
        plain["job"],
        brief_from_dict(plain["brief"]),
        plain.get("model"),
        plain.get("slate", ""),
        plain.get("remix_of"),
        plain.get("extend_of"),
        plain.get("source"),
        plain.get("change", ""),
    )


async def order_for(crew: Crew, job: Job) -> Order:
    """The order as the job's backend would get it now."""
    caps = await capabilities_of(crew.backends, job.choice)
    async with crew.work() as w:
        take = await w.takes.get(job.take)
        assert take is not None  # made in the same transaction as the job
        order = Order(job.id, take.brief, job.model or caps.model, str(take.slate))
        before = await w.takes.get(take.made_from) if take.made_from else None
        source = await w.jobs.of_take(before.id) if before else None
    if before is None or source is None or source.backend != job.backend or source.state is not State.DONE:
        return order
    return _made_from(order, take, before, source, caps)


def _made_from(order: Order, take: Take, before: Take, source: Job, caps: Capabilities) -> Order:
    """The order with the clip that it goes on from, where its backend can."""
    clip = before.clip.digest if before.clip else None
    if caps.extends and take.brief.starts_at > before.brief.starts_at:
        return replace(order, extend_of=source.remote_id, source=clip)
    if caps.remixes and is_one_change(before.brief, take.brief, take.change):
        return replace(order, remix_of=source.remote_id, source=clip, change=take.change)
    return order


async def with_files(
    crew: Crew, order: Order, backend: Backend, choice: str, folder: Path
) -> tuple[Order, Path | None]:
    """The order with local copies of all it names, and its first frame. Raises `MediaFault` where one is gone."""
    caps = await capabilities_of(crew.backends, choice)
    size = _frame_size(backend, caps, order.brief)
    first = await _picture(crew, order.brief.reference, size, folder / "reference.png")
    last = await _picture(crew, order.brief.last_frame, size, folder / "last.png")
    files = {digest: await _bare(crew, digest, folder / f"{digest}.png") for digest in order.brief.references}
    if order.brief.last_frame is not None and last is not None:
        files[order.brief.last_frame] = last
    if order.source is not None and _uploads_source(order, caps):
        files[order.source] = await _there(crew, order.source)
    return replace(order, files=files), first


def _uploads_source(order: Order, caps: Capabilities) -> bool:
    if order.extend_of is not None:
        return caps.extension is Extension.BY_UPLOAD
    return order.remix_of is not None and caps.edit is Edit.BY_UPLOAD


def _frame_size(backend: Backend, caps: Capabilities, brief: Brief) -> Size | None:
    """The size that a frame has to have; None: any will do."""
    if isinstance(backend, FitsPictures):
        return backend.size_for(brief)
    return caps.size(brief.shape, brief.resolution) if caps.pictures.exact else None


async def _picture(crew: Crew, digest: str | None, size: Size | None, fitted: Path) -> Path | None:
    if digest is None:
        return None
    path = await _there(crew, digest)
    await crew.gate.fit(path, *(size or await _own_size(crew, path)), fitted)
    return fitted


async def _own_size(crew: Crew, path: Path) -> Size:
    """The picture's own size as shown, at most `LONGEST` a side: what is written anew is upright and has lost what a camera
    writes beside a picture, the place where it was taken among it.
    """
    found = await crew.gate.picture(path)
    share = min(1.0, LONGEST / max(found.width, found.height))
    return max(1, round(found.width * share)), max(1, round(found.height * share))


async def _bare(crew: Crew, digest: str, into: Path) -> Path:
    path = await _there(crew, digest)
    await crew.gate.fit(path, *await _own_size(crew, path), into)
    return into


async def _there(crew: Crew, digest: str) -> Path:
    path = await crew.clips.path(digest)
    if path is None:
        raise MediaFault("a picture of the order is gone")
    return path
