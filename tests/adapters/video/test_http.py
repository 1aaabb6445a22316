"""The shared client: where a server is, what is sent there and nowhere else, what its answers mean, which addresses are safe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from adapters.video import BackendSettings
from adapters.video.http import Api, Site, read_site, safe_address
from bot.errors import (
    BadOrder,
    BadSetting,
    NeverMade,
    OutOfQuota,
    RefusedByRules,
    TurnedDown,
    Unclear,
    Unreachable,
    WrongKey,
)

SECRET = "sk-" + "x" * 20
CLIP = b"\0\0\0\x18ftypmp42" + b"\0" * 500


def settings(**options: str) -> BackendSettings:
    return BackendSettings(options)


class TestSite:
    """Read from the operator's settings."""

    def test_address_key_and_header(self) -> None:
        site = read_site(settings(A_URL="https://a.example/v1", A_KEY=f" {SECRET} "), url="A_URL", key="A_KEY")
        assert str(site.base) == "https://a.example/v1"
        assert site.headers == {"Authorization": f"Bearer {SECRET}"}
        assert SECRET not in repr(site)

    def test_another_header_and_the_default_address(self) -> None:
        site = read_site(
            settings(A_KEY=SECRET), url="A_URL", key="A_KEY", default="https://a.example", header="x-key", scheme=""
        )
        assert (site.headers, site.base.host) == ({"x-key": SECRET}, "a.example")

    @pytest.mark.parametrize("address", ["", "ftp://a", "a.example", "https://a/?k=v", "https://me:pw@a"])
    def test_what_is_no_address_is_named_and_not_repeated(self, address: str) -> None:
        with pytest.raises(BadSetting, match="A_URL") as fault:
            read_site(settings(A_URL=address), url="A_URL")
        assert "pw" not in str(fault.value)

    def test_a_key_with_strange_characters_is_refused_unread(self) -> None:
        with pytest.raises(BadSetting, match="A_KEY") as fault:
            read_site(settings(A_URL="https://a", A_KEY="schlüssel"), url="A_URL", key="A_KEY")
        assert "schl" not in str(fault.value)


class TestAddresses:
    """What comes from outside leads only where anyone could go, or where the operator has sent us."""

    async def lookup(self, host: str, port: int) -> list[str]:
        return {"public.example": ["93.184.216.34"], "rebound.example": ["93.184.216.34", "10.0.0.7"]}.get(host) or []

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1/clip",
            "http://[::1]/clip",
            "http://10.1.2.3/clip",
            "http://169.254.169.254/latest/meta-data",
            "http://[fe80::1]/clip",
            "http://[::ffff:10.0.0.1]/clip",
            "http://0.0.0.0/clip",
            "https://rebound.example/clip",
            "file:" + "//" + "/etc/passwd",
            "gopher://public.example/",
        ],
    )
    async def test_private_ground_is_not_entered(self, address: str) -> None:
        with pytest.raises(TurnedDown):
            await safe_address(httpx.URL(address), httpx.URL("https://api.example"), lookup=self.lookup)

    async def test_public_ground_is_entered_by_the_address_that_was_checked(self) -> None:
        home = httpx.URL("https://api.example")
        assert await safe_address(httpx.URL("https://public.example/c"), home, lookup=self.lookup) == "93.184.216.34"

    async def test_where_the_operator_is_at_home_so_are_we(self) -> None:
        home = httpx.URL("http://127.0.0.1:8188")
        assert await safe_address(httpx.URL("http://127.0.0.1:9000/clip"), home) is None
        assert await safe_address(httpx.URL("http://10.0.0.9/c"), home, frozenset({"10.0.0.9"})) is None


@asynccontextmanager
async def server(*routes: web.RouteDef) -> AsyncIterator[httpx.URL]:
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield httpx.URL(f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()


def api(base: httpx.URL) -> Api:
    return Api(Site(base, {"x-key": SECRET}), question_seconds=5, order_seconds=5)


class TestAnswers:
    """In the errors of a backend."""

    @pytest.mark.parametrize(
        ("status", "body", "fault"),
        [
            (429, {"error": "slow down"}, NeverMade),
            (402, {"error": "pay"}, OutOfQuota),
            (401, {"error": "who?"}, WrongKey),
            (400, {"error": "seconds"}, BadOrder),
            (400, {"error": {"code": "moderation_blocked", "message": "no"}}, RefusedByRules),
            (500, {}, Unclear),
            (200, {}, Unclear),
        ],
    )
    async def test_what_a_refused_order_means(self, status: int, body: object, fault: type[Exception]) -> None:
        async def refuse(request: web.Request) -> web.Response:
            return web.json_response(body, status=status)

        async with server(web.post("/jobs", refuse)) as base:
            one = api(base)
            answer = await one.order("jobs", json={"prompt": "a fox"})
            assert isinstance(one.verdict(answer), fault)
            await one.close()

    async def test_nobody_there_is_never_made_for_orders_and_unreachable_for_questions(self) -> None:
        one = api(httpx.URL("http://127.0.0.1:1"))
        with pytest.raises(NeverMade):
            await one.order("jobs", json={})
        with pytest.raises(Unreachable):
            await one.ask("GET", "jobs")
        await one.close()
        await one.close()

    async def test_a_job_is_known_or_not_or_nobody_can_say(self) -> None:
        async def answer(request: web.Request) -> web.Response:
            assert request.headers["x-key"] == SECRET
            name = request.match_info["name"]
            if name == "there":
                return web.json_response({"status": "done"})
            return web.Response(status={"gone": 404, "html": 200}.get(name, 500), text=f"<p>{SECRET}</p>")

        async with server(web.get("/jobs/{name}", answer)) as base:
            one = Api(
                Site(base, {"x-key": SECRET}, read_site(settings(K=SECRET, U=str(base)), url="U", key="K").redaction)
            )
            assert await one.known("jobs", "there") == {"status": "done"}
            assert await one.known("jobs", "gone") is None
            for name in ("html", "broken"):
                with pytest.raises(Unreachable) as fault:
                    await one.known("jobs", name)
                assert SECRET not in str(fault.value)
            assert SECRET not in repr(one)
            await one.close()


class TestClips:
    """Brought home whole, or not at all."""

    async def test_a_clip_is_written_and_its_key_stays_at_home(self, tmp_path: Path) -> None:
        seen: list[str | None] = []

        async def elsewhere(request: web.Request) -> web.Response:
            seen.append(request.headers.get("x-key"))
            return web.Response(body=CLIP)

        async with server(web.get("/clip", elsewhere)) as other:

            async def sends_on(request: web.Request) -> web.Response:
                seen.append(request.headers.get("x-key"))
                return web.Response(status=302, headers={"Location": str(other.join("/clip"))})

            async with server(web.get("/jobs/1/content", sends_on)) as base:
                one = api(base)
                await one.clip(one.url("jobs", "1", "content"), tmp_path / "clip")
                await one.close()
        assert (tmp_path / "clip").read_bytes() == CLIP
        assert seen == [SECRET, None]

    @pytest.mark.parametrize(
        ("status", "body", "fault"),
        [
            (404, b"", Unreachable),
            (200, b"GIF89a", TurnedDown),
            (200, b"{}", Unreachable),
            (503, b"", Unreachable),
        ],
    )
    async def test_what_is_no_clip(self, tmp_path: Path, status: int, body: bytes, fault: type[Exception]) -> None:
        async def answer(request: web.Request) -> web.Response:
            return web.Response(status=status, body=body)

        async with server(web.get("/clip", answer)) as base:
            one = api(base)
            with pytest.raises(fault):
                await one.clip(one.at("/clip"), tmp_path / "clip")
            await one.close()
        assert list(tmp_path.iterdir()) == []

    async def test_more_than_a_clip_may_have_is_not_kept(self, tmp_path: Path) -> None:
        async def endless(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            try:
                await response.write(CLIP)
                for _ in range(400):
                    await response.write(b"\0" * 65536)
            except ConnectionError:
                pass
            return response

        async with server(web.get("/clip", endless)) as base:
            one = Api(Site(base), clip_bytes_max=1 << 20)
            with pytest.raises(TurnedDown, match="larger"):
                await one.clip(one.url("clip"), tmp_path / "clip")
            await one.close()
        assert list(tmp_path.iterdir()) == []
