"""A relay described by configuration alone: submit an order, ask for a task, fetch what its address leads to.

``TASK_RELAY_URL`` and ``TASK_RELAY_API_KEY`` say where and who; ``relay = "videos_v2"`` in ``[backends.task_relay]`` names the
description (`relay_description`). Relays of this family list nothing and take no key against doubling, unless a description
puts ``{job}`` into a header: an order whose answer was lost is parked, never sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from adapters.video import BackendSettings
from adapters.video.data_address import LARGEST, data_address
from adapters.video.dialect import progress_of
from adapters.video.http import GONE, Api, read_site
from adapters.video.relay_description import Description, Door, find
from adapters.video.relay_template import filled, pointed
from adapters.video.table import Table
from adapters.video.trouble import trouble_of
from bot.capabilities import TIERS, Capabilities, Characters, Frame, Handover, ModelCard, Pictures
from bot.errors import BadOrder, BadSetting, NeverMade, TurnedDown, Unreachable
from bot.paperwork import Finding, Order, Phase, Report, Search

URL, KEY = "TASK_RELAY_URL", "TASK_RELAY_API_KEY"

log = structlog.get_logger()


def configured(setting: BackendSettings) -> bool:
    """Its address is set."""
    return bool(setting.options.get(URL, "").strip())


def build(setting: BackendSettings) -> TaskRelay:
    """The backend. Raises `BadSetting`."""
    table = Table(setting.table, "task_relay")
    name = table.text("relay")
    if not name:
        raise BadSetting(name="task_relay.relay", reason="it has to name a description, as videos_v2")
    api = Api(
        read_site(setting, url=URL, key=KEY, allowed_hosts=table.hosts("allowed_hosts")),
        question_seconds=table.positive("question_seconds") or 30.0,
        order_seconds=table.positive("order_seconds") or 180.0,
        fetch_seconds=table.positive("fetch_seconds") or 1800.0,
        clip_bytes_max=int(table.positive("clip_bytes_max") or 1 << 30),
    )
    return TaskRelay(api, find(name, setting.folder), table)


class TaskRelay:
    """A `Backend` that does what its description says."""

    name = "task_relay"

    def __init__(self, api: Api, description: Description, table: Table) -> None:
        self._api, self._relay = api, description
        self._models = table.words("models") or description.offers.models
        self._usual = table.positive("usual_seconds")
        self._micros = table.micros("price_per_second")
        self._strange: set[str] = set()

    def __repr__(self) -> str:
        return f"TaskRelay({self._relay.name!r}, {self._api!r})"

    # ------------------------------------------------------------ what it can do

    async def capabilities(self) -> Capabilities:
        """From the description and the settings alone."""
        offers = self._relay.offers
        return Capabilities(
            seconds=offers.seconds,
            shapes=offers.shapes,
            images=offers.images,
            words_max=offers.words_max,
            remixes=offers.reference_video,
            cancels=self._relay.cancel is not None,
            micros_per_second=self._micros,
            usual_seconds=self._usual,
            model=self._models[0] if self._models else None,
            resolutions=offers.resolutions,
            frame=Frame.RATIO,
            pictures=Pictures(
                last=offers.last_frame,
                references=offers.references,
                handover=frozenset({Handover.DATA}),
                bytes_max=LARGEST,
            ),
            characters=Characters.IDS if offers.characters else Characters.NONE,
            characters_max=offers.characters or None,
        )

    async def models(self) -> Sequence[ModelCard]:
        """Those that the operator or the description names; they differ in name alone, as far as we know."""
        capabilities = await self.capabilities()
        return [ModelCard(name, capabilities) for name in self._models]

    # ------------------------------------------------------------ the order

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `ports.Backend.submit`."""
        values = {**await self._values(order, reference), **await self._source(order)}
        door = self._relay.submit
        headers = filled(dict(self._relay.headers), values) or {}
        answer = await self._api.order(
            *_steps(door.path, values), json=filled(door.body, values) or {}, headers=headers
        )
        remote_id = _usable(pointed(answer.data, door.answer["id"]))
        if remote_id is not None and answer.ok:
            return remote_id
        if answer.ok and (trouble := trouble_of(_error(answer.data, door))).message:
            raise TurnedDown(self._api.clean(trouble.message))  # 200 with an error inside, as relays like to answer
        raise self._api.verdict(answer, image=reference is not None)

    async def _values(self, order: Order, reference: Path | None) -> dict[str, Any]:
        brief, offers = order.brief, self._relay.offers
        characters = list(brief.characters_at(self.name))
        size = (
            (await self.capabilities()).size(brief.shape, brief.resolution) if brief.shape or brief.resolution else None
        )
        tier = brief.resolution
        return {
            "job": order.job,
            "prompt": _mentioned(brief.text, characters, offers.mention),
            "model": order.model or (self._models[0] if self._models else None),
            "seconds": brief.seconds,
            "seconds_text": None if brief.seconds is None else str(brief.seconds),
            "seconds_s": None if brief.seconds is None else f"{brief.seconds}s",
            "ratio": brief.shape.label if brief.shape else None,
            "width": size[0] if size else None,
            "height": size[1] if size else None,
            "size": f"{size[0]}x{size[1]}" if size else None,
            "resolution": tier,
            "hd": None if tier is None else TIERS[tier] >= TIERS[offers.hd_from],
            "seed": brief.seed,
            "sound": brief.sound,
            "image": await _address(reference),
            "last_frame": await _address(order.files.get(brief.last_frame or "")),
            "references": [await _address(order.files.get(digest)) for digest in brief.references],
            "characters": characters,
        }

    async def _source(self, order: Order) -> dict[str, Any]:
        """The clip that is to be changed, by its address. Without one the brief, which says everything, is filmed anew."""
        offers = self._relay.offers
        if order.remix_of is None or not offers.reference_video:
            return {}
        try:
            data = await self._task(order.remix_of)
        except Unreachable as fault:
            raise NeverMade(fault.reason) from None
        link = None if data is None else self._link(data)
        return {"reference_video": link, "strength": offers.strength} if link else {}

    async def search(self, order: Order, since: float) -> Search:
        """Nothing is listed, so nothing can be known."""
        return Search()

    # ------------------------------------------------------------ questions

    async def report(self, remote_id: str) -> Report:
        """See `ports.Backend.report`."""
        data = await self._task(remote_id)
        return Report(Phase.LOST) if data is None else self._read(data)

    async def _task(self, remote_id: str) -> Any:
        """What the relay says of a task; None: it does not know it. The body is believed before the status."""
        door = self._relay.query
        values = {"id": remote_id}
        body = filled(door.body, values)
        answer = await self._api.ask(door.method, *_steps(door.path, values), **({"json": body} if body else {}))
        if pointed(answer.data, door.answer["status"]) is not None:
            return answer.data
        if answer.status in GONE:
            return None
        raise Unreachable(self._api.words(answer))

    def _read(self, data: Any) -> Report:
        pointers = self._relay.query.answer
        word = pointed(data, pointers["status"])
        phase = self._relay.phase(word)
        if phase is None and (said := self._api.clean(str(word), 40)) not in self._strange:
            self._strange.add(said)
            log.warning("unknown status counts as rolling", backend=self.name, status=said)
        phase = phase or Phase.ROLLING
        progress = progress_of(pointed(data, pointers.get("progress", ())))
        if phase is Phase.FINISHED:
            return Report(phase, 1.0, url=self._link(data))
        if phase not in (Phase.FAILED, Phase.REFUSED):
            return Report(phase, progress)
        trouble = trouble_of(_error(data, self._relay.query))
        reason = self._api.clean(trouble.message) if trouble.message else ""
        if phase is Phase.REFUSED or trouble.by_rules:
            gate = "image" if trouble.of_own_image else "result" if progress else "prompt"
            return Report(Phase.REFUSED, progress, gate, reason)
        return Report(Phase.FAILED, progress, reason=reason)

    def _link(self, data: Any) -> str | None:
        link = pointed(data, self._relay.query.answer.get("url", ()))
        return link if isinstance(link, str) and 0 < len(link) <= 8000 else None

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `ports.Backend.fetch`. The address is asked for anew: it may have been signed for an hour."""
        data = await self._task(remote_id)
        link = None if data is None else self._link(data)
        if data is None:
            raise TurnedDown("the relay does not know the task any more")
        if link is None:
            raise Unreachable("the relay names no address for the clip")
        await self._api.clip(self._api.at(link), into)

    async def cancel(self, remote_id: str) -> bool:
        """See `ports.Backend.cancel`; only where the description has a door for it."""
        door = self._relay.cancel
        if door is None:
            return False
        values = {"id": remote_id}
        body = filled(door.body, values)
        answer = await self._api.ask(door.method, *_steps(door.path, values), **({"json": body} if body else {}))
        return answer.ok

    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        """See `bot.backends.MakesCharacters`; the relay goes by the task, it has the clip."""
        door = self._relay.characters
        if door is None:
            raise BadOrder("this relay makes no characters")
        answer = await self._api.order(*_steps(door.path, {}), json=filled(door.body, {"id": remote_id}) or {})
        found = _usable(pointed(answer.data, door.answer["id"]))
        if not answer.ok or found is None:
            raise self._api.verdict(answer)
        return found

    async def examine(self) -> Sequence[Finding]:
        """See `ports.Examinable`. Asks for a task that cannot exist: a relay that answers at all is alive."""
        relay = self._relay
        words = f"{relay.name} is made from documents alone: try it with throughline backends probe {self.name}"
        found = [] if relay.verified else [Finding(self.name, "warning", words)]
        try:
            await self._task("throughline-doctor")
        except Unreachable as fault:
            alive = fault.reason.startswith("HTTP 4") and not fault.reason.startswith(("HTTP 401", "HTTP 403"))
            if not alive:
                mend = f"is {KEY} right?" if fault.reason.startswith(("HTTP 401", "HTTP 403")) else f"is {URL} right?"
                return [*found, Finding(self.name, "error", f"no answer that we can use: {mend} {fault.reason}")]
        where = self._api.site.base.host
        return [*found, Finding(self.name, "ok", f"{relay.name} at {where} answers")]

    async def close(self) -> None:
        """Let go of all connections."""
        await self._api.close()


def _steps(path: str, values: Mapping[str, Any]) -> list[str]:
    """The path piece by piece; what is put in stays one piece, whatever it holds."""
    return [str(filled(piece, values)) for piece in path.strip("/").split("/")]


def _error(data: Any, door: Door) -> Any:
    return pointed(data, door.answer.get("error", ("/error", "/message")))


def _usable(value: Any) -> str | None:
    """An id that fits a path and a column."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= 1000 and text.isprintable() and text.strip(" .") == text else None


def _mentioned(words: str, characters: Sequence[str], mention: str) -> str:
    """The words, with those characters named in front that they do not name themselves."""
    if not mention:
        return words
    missing = [name for each in characters if (name := filled(mention, {"id": each})) not in words]
    return "\n".join((" ".join(missing), words)) if missing else words


async def _address(picture: Path | None) -> str | None:
    return None if picture is None else await data_address(picture)
