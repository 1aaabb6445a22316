"""Getting the clip: from wherever the server says it lies, with the credential at home and the fence up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.video.dialect_clip import ClipDesk
from adapters.video.download import Download, Fence, is_public
from adapters.video.openai_videos import OpenAIVideos
from adapters.video.wire import Answer, NoConnection, Redaction, Wire
from bot.brief import compile_brief
from bot.errors import RefusedByRules, ThroughlineError, TurnedDown, Unreachable
from bot.paperwork import Order, Phase, Report
from tests.adapters.video.stage_openai_videos import KEY, speaking_to
from tests.fakes.dialect_server import DialectServer, Fault, tiny_clip


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    async with DialectServer(key=KEY) as server:
        yield server


@pytest.fixture
async def elsewhere() -> AsyncIterator[DialectServer]:
    """Another origin: a bucket, a content network, or someone who collects keys."""
    async with DialectServer() as server:
        yield server


@pytest.fixture
async def backend(server: DialectServer) -> AsyncIterator[OpenAIVideos]:
    async with speaking_to(server, question_seconds=2) as backend:
        yield backend


async def fetched(backend: OpenAIVideos, folder: Path) -> bytes:
    """Order, and fetch the clip."""
    remote_id = await backend.submit(Order("job", compile_brief("a duel at dawn")), None)
    await backend.fetch(remote_id, folder / "clip")
    return (folder / "clip").read_bytes()


async def failed(backend: OpenAIVideos, folder: Path) -> ThroughlineError:
    """How fetching ends; nothing may be left on disk."""
    with pytest.raises(ThroughlineError) as caught:
        await fetched(backend, folder)
    assert list_of(folder) == []
    return caught.value


def list_of(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def files_of(server: DialectServer) -> str:
    return server.url.removesuffix("/v1") + "/files/clip.mp4"


async def test_takes_the_clip_and_never_says_which_variant(
    server: DialectServer, backend: OpenAIVideos, tmp_path: Path
) -> None:
    assert await fetched(backend, tmp_path) == tiny_clip()
    assert server.asked("content")[0].query == {}
    assert list_of(tmp_path) == ["clip"]


@pytest.mark.parametrize("way", ["redirect", "detail", "json", "none"])
async def test_a_clip_on_another_host_is_fetched_without_the_key(
    server: DialectServer, elsewhere: DialectServer, backend: OpenAIVideos, tmp_path: Path, way: str
) -> None:
    server.quirks.content, server.quirks.elsewhere = way, files_of(elsewhere) + "?sig=1"
    assert await fetched(backend, tmp_path) == tiny_clip()
    (asked,) = elsewhere.asked("file")
    assert "authorization" not in asked.headers
    assert asked.query == {"sig": "1"}


async def test_a_redirect_at_home_keeps_the_key(server: DialectServer, backend: OpenAIVideos, tmp_path: Path) -> None:
    server.quirks.content, server.quirks.elsewhere = "redirect", "/files/clip.mp4"
    assert await fetched(backend, tmp_path) == tiny_clip()
    assert server.asked("file")[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "video",
    [
        {"video_url": "{}"},
        {"outputs": {"cost": 0.28, "video_url": "{}"}},
        {"output": {"videos": [{"url": "{}"}]}},
        {"urls": ["{}"]},
        {"data": {"output": "{}"}},
        {"url": "s3://bucket/clip.mp4", "video_url": "{}"},
    ],
)
async def test_knows_where_relays_keep_their_addresses(
    server: DialectServer, elsewhere: DialectServer, backend: OpenAIVideos, tmp_path: Path, video: dict[str, Any]
) -> None:
    said = filled({"id": "v-1", "object": "video", "status": "completed", **video}, files_of(elsewhere))
    server.script("content", Fault(405, {"detail": "Method Not Allowed"}))
    server.script("get", Fault(200, said))
    assert await fetched(backend, tmp_path) == tiny_clip()


def filled(data: Any, address: str) -> Any:
    if isinstance(data, dict):
        return {name: filled(value, address) for name, value in data.items()}
    if isinstance(data, list):
        return [filled(value, address) for value in data]
    return address if data == "{}" else data


@pytest.mark.parametrize(
    ("content", "fault", "gate"),
    [
        (Fault(200, {"status": "in_progress", "message": "not ready"}), Unreachable, ""),
        (Fault(200, {"error": {"message": "Video is still processing"}}), Unreachable, ""),
        (Fault(200, {"error": {"message": "the file was deleted"}}), TurnedDown, ""),
        (Fault(200, {"error": {"message": "no", "code": "moderation_blocked"}}), RefusedByRules, "result"),
        (Fault(500, {"error": {"message": "blocked by content policy"}}), RefusedByRules, "result"),
        (Fault(200, text="<html>a proxy</html>", headers={"Content-Type": "video/mp4"}), Unreachable, ""),
        (Fault(200, text=""), Unreachable, ""),
        (Fault(200, text="GIF89a"), TurnedDown, ""),
        (Fault(500, {}), Unreachable, ""),
        (Fault(401, {}), Unreachable, ""),
        (Fault(302, {}, headers={"Location": "/v1/videos/video_1/content"}), Unreachable, ""),
        (Fault(302, {}, headers={"Location": "file:/etc/passwd"}), TurnedDown, ""),
        (Fault(cut=True), Unreachable, ""),
        (Fault(stall=True), Unreachable, ""),
        (Fault(stall=True, cut=True), Unreachable, ""),
    ],
)
async def test_what_is_no_clip_is_not_taken_for_one(
    server: DialectServer, tmp_path: Path, content: Fault, fault: type[ThroughlineError], gate: str
) -> None:
    server.quirks.content = "none"
    server.script("content", content)
    async with speaking_to(server, fetch_seconds=0.5) as backend:
        got = await failed(backend, tmp_path)
    assert type(got) is fault
    assert getattr(got, "gate", "") == gate


async def test_too_early_is_asked_again(server: DialectServer, backend: OpenAIVideos, tmp_path: Path) -> None:
    server.book.film_seconds = 60
    assert isinstance(await failed(backend, tmp_path), Unreachable)


async def test_a_failed_job_has_no_clip(server: DialectServer, backend: OpenAIVideos, tmp_path: Path) -> None:
    server.quirks.failed_status = 422
    server.fates += ["the model crashed", {"code": "moderation_blocked", "message": "no"}]
    assert type(await failed(backend, tmp_path)) is TurnedDown
    assert type(await failed(backend, tmp_path)) is RefusedByRules


async def test_a_vanished_clip_is_given_up_after_three_looks_over_20_seconds(
    server: DialectServer, tmp_path: Path
) -> None:
    wire, moments = Wire(httpx.URL(server.url), f"Bearer {KEY}"), iter([0.0, 5.0, 10.0, 21.0])

    async def ask(remote_id: str) -> Answer:
        return await wire.ask("GET", "videos", remote_id)

    def lost(_: Answer) -> Report:
        return Report(Phase.LOST)

    desk = ClipDesk(wire, Download(wire, Fence(wire.base)), Redaction(), ask, lost, now=lambda: next(moments))
    faults = []
    for _ in range(4):
        with pytest.raises(ThroughlineError) as caught:
            await desk.fetch("v-1", tmp_path / "clip")
        faults.append(type(caught.value))
    assert faults == [Unreachable, Unreachable, Unreachable, TurnedDown]
    await wire.close()


async def test_a_clip_without_end_is_cut_off(server: DialectServer, tmp_path: Path) -> None:
    wire = Wire(httpx.URL(server.url), f"Bearer {KEY}")
    server.book.accept({"prompt": "x"})
    download = Download(wire, Fence(wire.base), limit=1000)
    with pytest.raises(TurnedDown, match="larger than 1000 bytes"):
        await download.fetch(wire.url("videos", "video_1", "content"), tmp_path / "clip")
    assert list_of(tmp_path) == []
    await wire.close()


# ---------------------------------------------------------------- the fence


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.1/x", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/"],
)
async def test_our_own_network_is_not_visited_for_a_clip(
    server: DialectServer, backend: OpenAIVideos, tmp_path: Path, address: str
) -> None:
    server.quirks.content, server.quirks.elsewhere = "redirect", address
    fault = await failed(backend, tmp_path)
    assert type(fault) is TurnedDown
    assert "allowed_hosts" in str(fault)


class Names:
    """A resolver that answers from a table."""

    def __init__(self, **table: list[str]) -> None:
        self.table = {name.replace("_", "."): addresses for name, addresses in table.items()}

    async def __call__(self, host: str, port: int) -> list[str]:
        if host not in self.table:
            raise OSError("no such name")
        return self.table[host]


async def checked(address: str, *, home: str = "https://gate.example/v1", **names: list[str]) -> str | None:
    fence = Fence(httpx.URL(home), frozenset({"minio.lan"}), Names(**names))
    return await fence.address(httpx.URL(address))


async def test_who_may_pass_the_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert await checked("https://gate.example/x") is None
    assert await checked("http://minio.lan/x") is None
    assert await checked("https://93.184.216.34/x") is None
    assert await checked("https://cdn.example/x", cdn_example=["93.184.216.34"]) == "93.184.216.34"
    assert await checked("http://127.0.0.1/x", home="http://localhost:8091/v1") is None
    for address in ("http://127.0.0.1/x", "http://192.168.1.6/x", "http://0.0.0.0/x", "http://[::1]/"):
        with pytest.raises(TurnedDown):
            await checked(address)
    with pytest.raises(TurnedDown):  # one bad address spoils the name
        await checked("https://cdn.example/x", cdn_example=["93.184.216.34", "10.0.0.1"])
    with pytest.raises(TurnedDown):
        await checked("http://192.168.1.6/x", home="http://localhost:8091/v1")
    with pytest.raises(NoConnection):
        await checked("https://nowhere.example/x")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("64:ff9b::a00:1", False),
        ("2002:0a00:0001::1", False),
        ("not an address", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_checked_name_is_fetched_from_the_address_that_was_checked(
    elsewhere: DialectServer, tmp_path: Path
) -> None:
    port = httpx.URL(elsewhere.url).port
    wire = Wire(httpx.URL("http://localhost:1/v1"))
    download = Download(wire, Fence(wire.base, resolve=Names(cdn_example=["127.0.0.1"])))
    assert await download.fetch(httpx.URL(f"http://cdn.example:{port}/files/clip.mp4"), tmp_path / "clip") is None
    assert elsewhere.asked("file")[0].headers["host"] == f"cdn.example:{port}"
    await wire.close()
