"""Cards reach every open page, once each, in order, and from where it left off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.chat.web.stream import STREAMS_MAX, Streams
from bot.cards import Card, Tone
from tests.adapters.chat.web.props import until
from tests.adapters.chat.web.stage import Stage, staged


class Ear:
    """One open stream, event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self, wanted: str = "post") -> dict[str, Any]:
        """The next event of that name, with its id."""
        event: dict[str, Any] = {}
        async with asyncio.timeout(5):
            while True:
                line = (await self._answer.content.readline()).decode().rstrip("\n")
                if not line and event.get("event") == wanted:
                    return {"id": event.get("id"), **json.loads(event["data"])}
                name, _, value = line.partition(": ")
                event = {**event, name: value} if line else {}

    async def line(self) -> str:
        async with asyncio.timeout(5):
            return (await self._answer.content.readline()).decode()


@asynccontextmanager
async def listening(client: aiohttp.ClientSession, after: int = 0, **headers: str) -> AsyncIterator[Ear]:
    async with client.get("/api/events", params={"after": after}, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
        yield Ear(answer)


async def test_a_new_card_arrives_with_its_cursor(client: aiohttp.ClientSession, stage: Stage) -> None:
    async with listening(client) as ear:
        await stage.post("k", Card(title="1A-1", quote="<b>@everyone</b>"))
        post = await ear.next()
    assert (post["key"], post["card"]["title"], post["card"]["quote"]) == ("k", "1A-1", "<b>@everyone</b>")
    assert post["id"] == str(post["cursor"])


async def test_a_page_that_comes_back_goes_on_from_its_cursor(client: aiohttp.ClientSession, stage: Stage) -> None:
    for n in range(3):
        await stage.post(f"k{n}", Card(title=str(n)))
    async with listening(client) as ear:
        first = await ear.next()
    async with listening(client, after=0, **{"Last-Event-ID": first["id"]}) as ear:
        assert [(await ear.next())["key"], (await ear.next())["key"]] == ["k1", "k2"]


async def test_a_card_from_another_process_is_found_without_a_bell(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, aiohttp.ClientSession(stage.studio.url) as client, listening(client) as ear:
        await ear.line()
        async with stage.store.work() as w:
            await w.posts.put(stage.address.place, "k", Card(title="from afar"), 1.0)
        assert (await ear.next())["card"]["title"] == "from afar"


async def test_the_view_is_announced_when_a_card_changes_its_state_not_its_share(
    client: aiohttp.ClientSession, stage: Stage
) -> None:
    async with listening(client) as ear:
        await stage.post("k", Card(tone=Tone.ROLLING, revision=1))
        await ear.next("view")
        await stage.post("k", Card(tone=Tone.ROLLING, revision=2))
        await ear.next("post")
        await stage.post("k", Card(tone=Tone.READY, revision=3))
        ready = await ear.next("post")
        await ear.next("view")
    assert ready["card"]["revision"] == 3


async def test_a_handled_wish_announces_the_view(client: aiohttp.ClientSession, stage: Stage) -> None:
    async with listening(client) as ear:
        await ear.line()
        stage.bell.ring(view=True)
        assert await ear.next("view") == {"id": None}


async def test_more_cards_than_a_page_arrive_all(client: aiohttp.ClientSession, stage: Stage) -> None:
    async with stage.store.work() as w:
        for n in range(450):
            await w.posts.put(stage.address.place, f"k{n}", Card(title=str(n)), float(n))
    async with listening(client) as ear:
        assert [(await ear.next())["key"] for _ in range(450)] == [f"k{n}" for n in range(450)]


async def test_a_quiet_stream_has_a_heartbeat(client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.chat.web.stream.HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("adapters.chat.web.stream.LOOK_SECONDS", 0.02)
    async with listening(client) as ear:
        heard = [await ear.line() for _ in range(6)]
    assert ": still here\n" in heard


async def test_one_window_too_many_is_told_so(client: aiohttp.ClientSession, stage: Stage) -> None:
    async with aiohttp.ClientSession(stage.studio.url, connector=aiohttp.TCPConnector(limit=0)) as crowd:
        answers = await asyncio.gather(*(crowd.get("/api/events") for _ in range(STREAMS_MAX)))
        async with crowd.get("/api/events") as refused:
            assert (refused.status, (await refused.json())["error"]["key"]) == (503, "too_many")
        for answer in answers:
            answer.close()
    async with asyncio.timeout(5):  # their seats are free again as soon as the studio notices
        while True:
            await stage.post("k", Card(title="knock"))
            async with client.get("/api/events") as answer:
                if answer.status == 200:
                    break


async def test_a_client_that_does_not_read_is_let_go(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    monkeypatch.setattr("adapters.chat.web.stream.SLOW_SECONDS", 0.2)
    host, port = stage.studio.url.removeprefix("http://").split(":")
    async with stage.store.work() as w:
        for n in range(400):
            await w.posts.put(stage.address.place, f"k{n}", Card(title="x" * 60_000), float(n))
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(f"GET /api/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    streams: Streams = stage.studio._streams
    await until(lambda: streams._open)
    await until(lambda: not streams._open)
    writer.close()
    assert not reader.at_eof()
