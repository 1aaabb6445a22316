"""ComfyUI on a machine of one's own, or whatever speaks Comfy API v2: it films with workflow templates, one model each.

``COMFYUI_URL`` says where; which of the two doors is there is found out by knocking (`comfyui_native`, `comfyui_v2`), or set::

    [backends.comfyui]
    door = "auto"                        # "native", "v2"
    templates = ["wan22", "my_film"]     # which, and in what order; without it all, the operator's own first
    negative = "text, watermark"         # for templates that map it
    price_per_second = "0.002"           # your electricity, if you want it counted

A template is a graph and a map (`comfyui_template`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from adapters.video import BackendSettings
from adapters.video.comfyui_doctor import answers, exposed, lacking, of_template
from adapters.video.comfyui_native import Native
from adapters.video.comfyui_template import Graph, Template, find
from adapters.video.comfyui_v2 import V2, code_of, label_at
from adapters.video.http import Api, Site, read_site
from adapters.video.table import Table
from bot.capabilities import Capabilities, ModelCard, Repeat
from bot.errors import BadOrder, BadSetting, NeverMade, Unreachable
from bot.film import chance_of
from bot.paperwork import Finding, Order, Report, Search

URL, KEY = "COMFYUI_URL", "COMFYUI_API_KEY"
DOORS: Final = ("auto", "native", "v2")
LEARN_EVERY: Final = 600.0
"""Seconds for which what model files there are is believed."""
LEARN_WITHIN: Final = 4.0

log = structlog.get_logger()


def configured(setting: BackendSettings) -> bool:
    """Its address is set."""
    return bool(setting.options.get(URL, "").strip())


def build(setting: BackendSettings) -> ComfyUI:
    """The backend. Raises `BadSetting`, also for a template that is named and does not fit together."""
    table = Table(setting.table, "comfyui")
    site, door = _site(setting, table)
    api = Api(
        site,
        question_seconds=table.positive("question_seconds") or 30.0,
        order_seconds=table.positive("order_seconds") or 180.0,
        fetch_seconds=table.positive("fetch_seconds") or 1800.0,
        clip_bytes_max=int(table.positive("clip_bytes_max") or 1 << 30),
    )
    templates, wrong = find(table.words("templates"), setting.folder)
    if not templates:
        raise BadSetting(name="comfyui.templates", reason=f"no template can be used: {'; '.join(wrong)}")
    for each in wrong:
        log.warning("a template is left out", backend="comfyui", reason=each)
    return ComfyUI(api, table, templates, wrong, door)


def _site(setting: BackendSettings, table: Table) -> tuple[Site, str]:
    """The server without the path of an API that was copied with it, and the door that is wanted."""
    site = read_site(setting, url=URL, key=KEY, allowed_hosts=table.hosts("allowed_hosts"))
    door = table.choice("door", DOORS, "auto")
    path = site.base.path.rstrip("/")
    for ending, meant in (("/api/v2", "v2"), ("/api", "")):
        if path.endswith(ending):
            base = site.base.copy_with(path=path.removesuffix(ending) or "/")
            return replace(site, base=base), (meant or door) if door == "auto" else door
    return site, door


class Door(Protocol):
    """One way to speak to it; what it raises is what `ports.Backend` says."""

    label: str
    lists: bool

    async def picture(self, picture: Path) -> Any:
        """Upload it; the value for a Load Image node."""

    async def order(self, job: str, graph: Graph, *, image: bool) -> str: ...

    async def search(self, job: str, since: float) -> Search: ...

    async def report(self, remote_id: str) -> Report: ...

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]: ...

    async def fetch(self, remote_id: str, into: Path) -> None: ...

    async def cancel(self, remote_id: str) -> bool: ...

    async def close(self) -> None: ...


class ComfyUI:
    """A `Backend` that lists many, offers its templates as models, and examines itself."""

    name = "comfyui"

    def __init__(self, api: Api, table: Table, templates: Sequence[Template], wrong: Sequence[str], door: str) -> None:
        self._api, self._wrong, self._wanted_door = api, tuple(wrong), door
        self._templates = {template.name: template for template in templates}
        self._offered = tuple(templates)
        self._all = bool(table.words("templates"))
        self._negative = table.text("negative") or None
        self._micros = table.micros("price_per_second")
        self._usual = table.positive("usual_seconds")
        self._knocked: Door | None = None
        self._knocking, self._learning = asyncio.Lock(), asyncio.Lock()
        self._learned_at = float("-inf")

    def __repr__(self) -> str:
        return f"ComfyUI({self._api!r}, {', '.join(self._templates)})"

    # ------------------------------------------------------------ what it can do

    async def capabilities(self) -> Capabilities:
        """Of the template that films when none is named."""
        return self._can(self._offered[0])

    async def models(self) -> Sequence[ModelCard]:
        """The templates. Unless they are named in the settings, those that lack a model file at the server are left out."""
        async with self._learning:
            if time.monotonic() - self._learned_at > LEARN_EVERY:
                await self._learn()
        return [ModelCard(each.name, self._can(each), each.map.about) for each in self._offered]

    def _can(self, template: Template) -> Capabilities:
        can = template.map.can
        return replace(
            can,
            micros_per_second=self._micros,
            usual_seconds=self._usual or can.usual_seconds,
            repeat=Repeat.REJECTS if isinstance(self._knocked, V2) else Repeat.CHOSEN_ID,
        )

    async def _learn(self) -> None:
        try:
            async with asyncio.timeout(LEARN_WITHIN):
                door = await self._door()
                if isinstance(door, Native) and not self._all:
                    lacks = await lacking(self._api, tuple(self._templates.values()))
                    whole = tuple(each for each in self._templates.values() if not lacks[each.name])
                    self._offered = whole or tuple(self._templates.values())
        except (Unreachable, TimeoutError):
            log.info("what it can do could not be learned", backend=self.name)
            return
        self._learned_at = time.monotonic()

    # ------------------------------------------------------------ the two doors

    async def _door(self) -> Door:
        """The door that is there; found out once. Raises `Unreachable`."""
        async with self._knocking:
            if self._knocked is None:
                self._knocked = await self._knock()
                log.info("ComfyUI found", backend=self.name, door=self._knocked.label)
        return self._knocked

    async def _knock(self) -> Door:
        host = self._api.site.base.host
        if self._wanted_door != "auto":
            return Native(self._api) if self._wanted_door == "native" else V2(self._api)
        if label_at(host) != "text":
            return V2(self._api)
        stats = await self._api.ask("GET", "system_stats")
        if stats.ok and isinstance(stats.data, dict) and "system" in stats.data:
            return Native(self._api)
        jobs = await self._api.ask("GET", "api", "v2", "jobs", params={"limit": 1})
        if (jobs.ok and isinstance(jobs.data, dict) and "jobs" in jobs.data) or code_of(jobs):
            return V2(self._api)
        queue = await self._api.ask("GET", "queue")
        if queue.ok and isinstance(queue.data, dict) and "queue_running" in queue.data:
            return Native(self._api)
        raise Unreachable(f"at {host} neither ComfyUI nor the Comfy API v2 answers ({self._api.words(stats)})")

    # ------------------------------------------------------------ the order

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `ports.Backend.submit`."""
        template = self._templates.get(order.model) if order.model else self._offered[0]
        if template is None:
            raise BadOrder(f"there is no template {order.model}")
        try:
            door = await self._door()
        except Unreachable as fault:
            raise NeverMade(fault.reason) from None
        graph = template.filled(await self._values(door, template, order, reference))
        return await door.order(order.job, graph, image=reference is not None)

    async def _values(self, door: Door, template: Template, order: Order, reference: Path | None) -> dict[str, Any]:
        brief, read = order.brief, template.map
        asked = brief.shape or brief.resolution or (reference and read.can.pictures.exact)
        size = read.can.size(brief.shape, brief.resolution) if asked else None
        references = [order.files[digest] for digest in brief.references if digest in order.files]
        pictures = {"first_frame": reference, "last_frame": order.files.get(brief.last_frame or "")}
        return {
            "prompt": brief.text,
            "negative": self._negative,
            "seed": brief.seed if brief.seed is not None else chance_of(order.job),
            "width": size[0] if size else None,
            "height": size[1] if size else None,
            "seconds": brief.seconds,
            "frames": read.frames.of(brief.seconds) if read.frames and brief.seconds else None,
            "sound": brief.sound,
            "references": [await door.picture(each) for each in references],
            **{name: await door.picture(path) for name, path in pictures.items() if path and name in read.inputs},
        }

    async def search(self, order: Order, since: float) -> Search:
        """See `ports.Backend.search`."""
        return await (await self._door()).search(order.job, since)

    # ------------------------------------------------------------ questions

    @property
    def lists(self) -> bool:
        """See `ports.ListsMany`: everywhere but on Comfy Cloud."""
        return self._knocked is None or self._knocked.lists

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """See `ports.ListsMany`."""
        door = await self._door()
        return await door.reports(remote_ids) if door.lists else {}

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        return await (await self._door()).report(remote_id)

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`."""
        await (await self._door()).fetch(remote_id, into)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`."""
        return await (await self._door()).cancel(remote_id)

    async def examine(self) -> Sequence[Finding]:
        """See `ports.Examinable`: the door, the version, and what each template lacks."""
        found = [Finding(self.name, "warning", f"a template is left out: {each}") for each in self._wrong]
        found += exposed(self._api)
        templates = tuple(self._templates.values())
        try:
            door = await self._door()
            found.append(await answers(self._api, door.label, native=isinstance(door, Native)))
            lacks = await lacking(self._api, templates) if isinstance(door, Native) else None
        except Unreachable as fault:
            mend = f"is it started, and is {URL} right? {fault.reason}"
            return [*found, Finding(self.name, "error", f"ComfyUI does not answer: {mend}")]
        return [*found, *(line for each in templates for line in of_template(each, lacks))]

    async def close(self) -> None:
        """Let go of all connections."""
        if self._knocked is not None:
            await self._knocked.close()
        await self._api.close()
