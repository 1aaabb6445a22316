"""Pages, feed, view, clips; starting and stopping."""

import asyncio
import socket
import time
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from bot.cards import Card
from bot.errors import PortTaken
from tests.adapters.chat.web.props import Reel, until
from tests.adapters.chat.web.stage import Stage, staged


async def test_the_page_is_served_with_its_language_and_an_etag(tmp_path: Path) -> None:
    async with staged(tmp_path, locale="zh-Hans") as stage, aiohttp.ClientSession(stage.studio.url) as client:
        async with client.get("/") as first:
            assert first.status == 200
            assert '<html lang="zh-Hans">' in await first.text()
        async with client.get("/", headers={"If-None-Match": first.headers["ETag"]}) as again:
            assert (again.status, await again.read()) == (304, b"")


async def test_static_files_have_their_types(client: aiohttp.ClientSession) -> None:
    for name, kind in (("main.js", "text/javascript"), ("card.css", "text/css"), ("mark.svg", "image/svg+xml")):
        async with client.get(f"/static/{name}") as answer:
            assert (answer.status, answer.content_type) == (200, kind)
    async with client.get("/static/fonts/courier-prime-latin-400-normal.woff2") as answer:
        assert answer.content_type == "font/woff2"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../serve.py",
        "/static/%2e%2e/serve.py",
        "/static/..%2f..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/",
        "/static/fonts",
        "/static/login.html",
        "/static/main.js%00.css",
        "/clips/../../etc/passwd",
        "/clips/..%2f..%2fetc%2fpasswd.mp4",
        f"/clips/{'a' * 63}.mp4",
        f"/clips/{'A' * 64}.mp4",
        f"/clips/{'a' * 64}.html",
        f"/clips/{'c' * 64}.mp4",
        f"/clips/{'a' * 64}.mp4/..",
    ],
)
async def test_what_is_not_ours_to_show_does_not_exist(stage: Stage, path: str) -> None:
    """By hand, since a client library would tidy the path up before sending it."""
    host, port = stage.studio.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b" 404 " in answer.splitlines()[0] or b" 400 " in answer.splitlines()[0]


async def test_a_clip_is_served_whole_or_in_part_for_ever(client: aiohttp.ClientSession, reel: Reel) -> None:
    async with client.get(f"/clips/{reel.digest}.mp4") as whole:
        data = await whole.read()
        assert (whole.status, whole.content_type) == (200, "video/mp4")
        assert "immutable" in whole.headers["Cache-Control"]
    async with client.get(f"/clips/{reel.digest}.mp4", headers={"Range": "bytes=100-199"}) as part:
        assert (part.status, await part.read()) == (206, data[100:200])
    async with client.get(f"/clips/{reel.poster}.jpg") as poster:
        assert poster.content_type == "image/jpeg"


async def test_a_stored_file_is_never_served_as_a_page(client: aiohttp.ClientSession, stage: Stage) -> None:
    (stage.clips.folder / f"{'e' * 64}.html").write_text("<script>alert(1)</script>")
    async with client.get(f"/clips/{'e' * 64}.mp4") as answer:
        assert answer.content_type == "video/mp4"


@pytest.mark.parametrize(
    ("slate", "name"),
    [("1A-2", "1A-2.mp4"), ("2b-3", "2B-3.mp4"), ('"\r\nX: y', "throughline.mp4"), ("../../x", "throughline.mp4")],
)
async def test_a_download_is_named_by_its_slate(
    client: aiohttp.ClientSession, reel: Reel, slate: str, name: str
) -> None:
    async with client.get(f"/clips/{reel.digest}.mp4?download=1&slate={quote(slate)}") as answer:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("?download=1&name=The-Lamp", "The-Lamp.zip"),
        ("", "throughline.zip"),
        ("?name=" + quote('../"x\r\nX: y'), "x-X-y.zip"),
    ],
)
async def test_a_zip_is_taken_home_under_its_name(
    client: aiohttp.ClientSession, stage: Stage, asked: str, name: str
) -> None:
    (stage.clips.folder / f"{'f' * 64}.zip").write_bytes(b"PK, a film")
    async with client.get(f"/clips/{'f' * 64}.zip{asked}") as answer:
        assert (answer.status, answer.content_type) == (200, "application/zip")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


async def test_a_clip_is_no_zip_and_a_zip_no_clip(client: aiohttp.ClientSession, stage: Stage, reel: Reel) -> None:
    (stage.clips.folder / f"{'f' * 64}.zip").write_bytes(b"PK, a film")
    for name in (f"{'f' * 64}.mp4", f"{reel.digest}.zip"):
        async with client.get(f"/clips/{name}") as answer:
            assert answer.status == 404


async def test_the_feed_gives_the_last_posts_and_then_those_before(client: aiohttp.ClientSession, stage: Stage) -> None:
    for n in range(60):
        await stage.post(f"k{n}", Card(title=str(n)))
    async with client.get("/api/feed") as answer:
        page = await answer.json()
    assert [post["card"]["title"] for post in page["posts"]] == [str(n) for n in range(10, 60)]
    assert page["more"]
    async with client.get("/api/feed", params={"before": str(page["posts"][0]["at"])}) as answer:
        page = await answer.json()
    assert [post["card"]["title"] for post in page["posts"]][-1] == "9"
    assert not page["more"]


@pytest.mark.parametrize(
    "query", ["/api/feed?before=x", "/api/feed?before=-1", "/api/events?after=1e9", "/api/events?after=nan"]
)
async def test_a_cursor_that_is_no_number_is_one_sentence(client: aiohttp.ClientSession, query: str) -> None:
    async with client.get(query) as answer:
        assert (answer.status, (await answer.json())["error"]["key"]) == (400, "unreadable")


async def test_the_view_is_the_sessions_with_the_commands(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/view") as answer:
        view = await answer.json()
    assert view["production"]["title"] == "No Return Address"
    assert view["local"] is True
    assert view["version"] == "0.1.0"
    assert {"name": "help", "help": "what to do next"} in view["commands"]
    assert "drop" not in [command["name"] for command in view["commands"]]


async def test_a_failure_inside_is_one_sentence_without_its_reason(
    client: aiohttp.ClientSession, stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(digest: str) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(stage.clips, "path", broken)
    async with client.get(f"/clips/{'a' * 64}.mp4") as answer:
        assert answer.status == 500
        assert "swordfish" not in await answer.text()
    assert "a request failed" in caplog.text


async def test_a_wish_that_breaks_leaves_the_studio_running(
    client: aiohttp.ClientSession, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with client.post("/api/wish", json={"action": "circle:nowhere"}) as answer:
        assert answer.status == 202
    await until(lambda: "could not be handled" in caplog.text)
    async with client.get("/healthz") as answer:
        assert answer.status == 200


async def test_a_taken_port_is_said_with_its_number(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as taken:
            async with staged(tmp_path, port=port):
                pass
    assert taken.value.params == {"host": "127.0.0.1", "port": port}


async def test_stopping_is_quick_with_streams_open_and_wishes_in_hand(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, aiohttp.ClientSession(stage.studio.url) as client:
        stage.crew.hold.set()
        async with client.get("/api/events") as stream:
            await stream.content.readline()
            async with client.post("/api/wish", json={"text": "a fox"}, headers={"Sec-Fetch-Site": "same-origin"}):
                began = time.monotonic()
                await stage.studio.stop()
        assert time.monotonic() - began < 2
        assert len(await stage.wishes()) == 1


async def test_the_address_for_people(tmp_path: Path) -> None:
    async with staged(tmp_path, host="0.0.0.0", token="long enough for a test") as stage:
        assert stage.studio.url.startswith("http://127.0.0.1:")
