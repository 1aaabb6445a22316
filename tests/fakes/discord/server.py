"""The fake on its socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any, Self

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.acts import Acts
from tests.fakes.discord.rest import BASE, Rest
from tests.specs_discord import Book

ID = re.compile(r"\b(?=\w*\d)\w{6,}\b")


def unlike(bodies: list[tuple[str, str, Any]]) -> list[tuple[str, str, Any]]:
    """Without those that differ from another only in ids and numbers of the same length."""
    different = {
        ID.sub(lambda found: f"<{len(found[0])}>", f"{method} {route} {json.dumps(body)}"): (method, route, body)
        for method, route, body in bodies
    }
    return list(different.values())


class FakeDiscord(Acts):
    """``async with FakeDiscord() as discord: …``; what it offers stands at the top of the package."""

    _runner: web.AppRunner | None = None

    @property
    def broken(self) -> list[str]:
        """Every rule that was broken so far, a sentence each; also what Discord's own description objects to.

        Bodies wait until someone asks, so that checking them costs no time while a crowd is being served.
        """
        waiting, self.unexamined = self.unexamined, []
        if book := Book.found():
            for method, route, body in unlike(waiting):
                self.problems += book.objections(method, route, body)
        return self.problems

    async def start(self, port: int = 0) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=2**30)
        rest = Rest(self)
        app.router.add_route("*", BASE + "/{rest:.*}", rest.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._attachment)
        self._more_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=2048)
        await site.start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def _more_routes(self, app: web.Application) -> None:
        """For what a process of its own offers besides."""

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._runner is not None:
            await self.gateway.drop(1001)
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _attachment(self, request: web.Request) -> web.Response:
        """A file by its signed address; 404 when the day is over, as at the real one."""
        file = self.files.get(int(request.match_info["file"]))
        until = int(request.query.get("ex", "0"), 16)
        signed = file is not None and request.query.get("hm") == f"{file.id:064x}"
        if file is None or not signed or self.now() > until:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.data, headers={"Content-Type": file.kind})

    @contextlib.contextmanager
    def pointed(self) -> Iterator[None]:
        """discord.py speaks to this fake, and afterwards to whom it spoke before."""
        before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api_url, yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    @contextlib.asynccontextmanager
    async def connected(self, client: discord.Client) -> Any:
        """The client logged in and on the gateway, its commands to be had; closed at the end."""
        with self.pointed():
            running = asyncio.create_task(client.start(self.token))
            try:
                await self.until(lambda: running.done() or (self.gateway.connected() and client.is_ready()), 10)
                if running.done():
                    running.result()
                yield client
            finally:
                await client.close()
                await asyncio.gather(running, return_exceptions=True)
