"""How far a job at ComfyUI is, told live: a websocket at its own routes, server-sent events at the Comfy API v2.

Never the truth: a job is done when a question is answered so. What comes here only moves the bar, and where nothing comes the
bar stands. One websocket serves all jobs of this process, while some are open; of event streams the proxy allows eight.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import httpx
import structlog

from adapters.video.comfyui_template import Graph
from adapters.video.http import Api
from adapters.video.wire import NoAnswer, NoConnection, new_client, opened, read_json

AGAIN: Final = 5.0
"""Seconds before a lost connection is tried again."""
STREAMS: Final = 8
EVENT_BYTES: Final = 1 << 22
NODES_MOST: Final = 100
NEARLY: Final = 0.99
"""As far as anyone but an answer can bring a job."""

log = structlog.get_logger()


class Shares:
    """How far each job is, 0 to 1: never back, never quite done. Samplers take nearly all of the time, so they are counted."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        self._samplers: dict[str, frozenset[str]] = {}
        self._steps: dict[str, dict[str, float]] = {}

    def expect(self, remote_id: str, graph: Graph) -> None:
        """What was ordered."""
        self._samplers[remote_id] = frozenset(name for name, node in graph.items() if "Sampler" in node["class_type"])

    def share(self, remote_id: str) -> float | None:
        """None: nothing was told of it."""
        return self._shares.get(remote_id)

    def stepped(self, remote_id: str, node: str, value: Any, most: Any) -> None:
        """A node is at step `value` of `most`. Where we know no graph, every node that counts steps counts."""
        if not isinstance(value, int | float) or not isinstance(most, int | float) or not 0 <= value <= most < 1e9:
            return
        if most <= 1:
            return  # it merely ran
        samplers, steps = self._samplers.get(remote_id, frozenset()), self._steps.setdefault(remote_id, {})
        if (node in samplers or not samplers) and len(steps) < NODES_MOST:
            steps[node] = max(steps.get(node, 0.0), value / most)
            self.moved(remote_id, sum(steps.values()) / max(len(steps), len(samplers)))

    def moved(self, remote_id: str, share: float) -> None:
        """It is so far, as we are told."""
        self._shares[remote_id] = max(self._shares.get(remote_id, 0.0), min(max(share, 0.0), NEARLY))

    def forget(self, remote_id: str) -> None:
        """It has ended."""
        for known in (self._shares, self._samplers, self._steps):
            known.pop(remote_id, None)


class Listener:
    """Listens at ``/ws`` as long as jobs are open there. Events go to the client that ordered, so to `client` alone."""

    def __init__(self, api: Api, client: str) -> None:
        self._api, self._client = api, client
        self._shares = Shares()
        self._open: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def follow(self, remote_id: str, graph: Graph | None = None) -> None:
        """A job is open; `graph`: what was ordered, where we know it."""
        self._open.add(remote_id)
        if graph is not None:
            self._shares.expect(remote_id, graph)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen(), name="comfyui websocket")

    def share(self, remote_id: str) -> float | None:
        """See `Shares`."""
        return self._shares.share(remote_id)

    def forget(self, remote_id: str) -> None:
        """It has ended; without open jobs nobody listens any more."""
        self._shares.forget(remote_id)
        self._open.discard(remote_id)
        if not self._open and self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """Hang up."""
        self._open.clear()
        await _ended(self._task)

    async def _listen(self) -> None:
        import aiohttp  # a slow import, and only this door wants it

        where = self._api.url("ws").copy_merge_params({"clientId": self._client})
        address = str(where.copy_with(scheme={"http": "ws", "https": "wss"}[where.scheme]))
        async with aiohttp.ClientSession() as session:
            while self._open:
                with suppress(aiohttp.ClientError, OSError, TimeoutError):
                    headers = dict(self._api.site.headers)
                    async with session.ws_connect(
                        address, headers=headers, heartbeat=30, max_msg_size=1 << 25
                    ) as socket:
                        async for message in socket:
                            if message.type is aiohttp.WSMsgType.TEXT:
                                self.heard(read_json(message.data))
                await asyncio.sleep(AGAIN)

    def heard(self, message: Any) -> None:
        """One event, ``{"type": …, "data": …}``; what it does not understand it ignores."""
        data = message.get("data") if isinstance(message, dict) else None
        remote_id = data.get("prompt_id") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(remote_id, str) or remote_id not in self._open:
            return
        nodes = {str(data.get("node")): data} if message.get("type") == "progress" else data.get("nodes")
        for name, told in nodes.items() if isinstance(nodes, dict) else ():
            if isinstance(told, dict):
                self._shares.stepped(remote_id, name, told.get("value"), told.get("max"))


class Streams:
    """Listens to ``/api/v2/jobs/{id}/events`` of rolling jobs, few at a time."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._shares = Shares()
        self._client: httpx.AsyncClient | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resting = 0.0

    def expect(self, remote_id: str, graph: Graph) -> None:
        """See `Shares`."""
        self._shares.expect(remote_id, graph)

    def follow(self, remote_id: str) -> None:
        """A job rolls: listen to it if there is room."""
        self._tasks = {name: task for name, task in self._tasks.items() if not task.done()}
        if remote_id not in self._tasks and len(self._tasks) < STREAMS and time.monotonic() >= self._resting:
            self._tasks[remote_id] = asyncio.create_task(self._listen(remote_id), name="comfyui events")

    def share(self, remote_id: str) -> float | None:
        """See `Shares`."""
        return self._shares.share(remote_id)

    def forget(self, remote_id: str) -> None:
        """It has ended."""
        self._shares.forget(remote_id)
        if task := self._tasks.pop(remote_id, None):
            task.cancel()

    async def close(self) -> None:
        """Hang up."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            await _ended(task)
        if self._client is not None:
            await self._client.aclose()

    async def _listen(self, remote_id: str) -> None:
        self._client = self._client or new_client()
        url = self._api.url("api", "v2", "jobs", remote_id, "events")
        headers = {**self._api.site.headers, "Accept": "text/event-stream"}
        request = self._client.build_request("GET", url, headers=headers)
        try:
            async with opened(self._client, request) as response:
                if response.status_code == httpx.codes.OK:
                    async for name, data in _events(response):
                        self._heard(remote_id, name, data)
        except (NoAnswer, NoConnection):
            log.debug("an event stream broke off", backend="comfyui")
        self._resting = time.monotonic() + AGAIN

    def _heard(self, remote_id: str, name: str, data: Any) -> None:
        """Steps where they are told: the proxy's own share counts a loaded file like a sampled film."""
        if name != "progress" or not isinstance(data, dict) or remote_id not in self._tasks:
            return
        value = data.get("value")
        if data.get("steps") is not None:
            self._shares.stepped(remote_id, str(data.get("current_node")), data.get("step"), data["steps"])
        elif isinstance(value, int | float) and 0 < value <= 1:
            self._shares.moved(remote_id, float(value))


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """(event, JSON) of a stream of server-sent events; one that is too long is passed over."""
    name, data, size = "", "", 0
    async for line in response.aiter_lines():
        field, _, value = line.partition(":")
        size += len(line)
        if field == "event":
            name = value.strip()
        elif field == "data" and size < EVENT_BYTES:
            data += value.strip()
        elif not line:
            if data:
                yield name, read_json(data.encode())
            name, data, size = "", "", 0


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
