"""Foreign hosts, foreign pages and strangers are turned away; our own page is not."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.chat.web.guard import Guard, is_loopback
from bot.errors import TokenNeeded
from bot.text import say
from tests.adapters.chat.web.stage import TOKEN, Stage, staged

OWN = {"Sec-Fetch-Site": "same-origin"}


def session(stage: Stage, **headers: str) -> aiohttp.ClientSession:
    jar = aiohttp.CookieJar(unsafe=True)  # keeps the cookies of an address too
    return aiohttp.ClientSession(stage.studio.url, headers=headers, cookie_jar=jar)


async def help_wish(stage: Stage, **headers: str) -> int:
    async with session(stage, **headers) as own, own.post("/api/wish", json={"text": "/help"}) as answer:
        return answer.status


# ------------------------------------------------------------ hosts


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8484", "127.0.0.1.evil.example", "", "localhost.evil"])
@pytest.mark.parametrize("path", ["/", "/api/view", "/static/main.js", "/healthz", "/api/events"])
async def test_a_foreign_host_name_gets_nothing(stage: Stage, host: str, path: str) -> None:
    async with session(stage, Host=host) as stranger, stranger.get(path) as answer:
        assert answer.status == 421
        assert "Throughline" not in await answer.text()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8484", "::1"])
async def test_this_machines_own_names_are_known(host: str) -> None:
    assert Guard("127.0.0.1", None).knows_host(host)


async def test_a_name_in_front_of_a_proxy_has_to_be_told(stage: Stage) -> None:
    assert not Guard("127.0.0.1", "t").knows_host("studio.example")
    assert Guard("127.0.0.1", "t", ["studio.example"]).knows_host("studio.example:443")


async def test_listening_everywhere_lets_addresses_in_but_no_foreign_name() -> None:
    everywhere = Guard("0.0.0.0", TOKEN)
    assert everywhere.knows_host("192.168.1.20:8484")
    assert everywhere.knows_host("[fd00::1]:8484")
    assert everywhere.knows_host(socket.gethostname())
    assert not everywhere.knows_host("evil.example")


# ------------------------------------------------------------ origins


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_wish_from_a_foreign_page_is_not_taken(stage: Stage, headers: dict[str, str]) -> None:
    assert await help_wish(stage, **headers) == 403
    assert await stage.wishes() == []


async def test_a_wish_from_our_own_page_is_taken(stage: Stage) -> None:
    assert await help_wish(stage, **OWN) == 202
    assert await help_wish(stage, Origin=stage.studio.url) == 202


async def test_a_foreign_page_reads_no_cards(stage: Stage) -> None:
    async with session(stage, **{"Sec-Fetch-Site": "cross-site"}) as page, page.get("/api/feed") as answer:
        assert answer.status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_wish_is_json_or_multipart(stage: Stage, kind: str) -> None:
    headers = {**OWN, "Content-Type": kind}
    async with session(stage) as own, own.post("/api/wish", data=b'{"text": "/help"}', headers=headers) as answer:
        assert answer.status == 415
    assert await stage.wishes() == []


# ------------------------------------------------------------ headers


@pytest.mark.parametrize(
    "path", ["/", "/api/view", "/static/main.js", "/nowhere", "/healthz", f"/clips/{'a' * 64}.mp4"]
)
async def test_every_answer_is_hardened(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Server"] == "Throughline"


# ------------------------------------------------------------ the token


async def test_beyond_loopback_a_token_is_needed(tmp_path: Path) -> None:
    with pytest.raises(TokenNeeded):
        async with staged(tmp_path, host="0.0.0.0"):
            pass
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("studio.example")
    assert is_loopback("::1")


@pytest.fixture
async def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("adapters.chat.web.serve.WRONG_TOKEN_SECONDS", 0.05)
    async with staged(tmp_path, token=TOKEN) as stage:
        yield stage


@pytest.mark.parametrize("path", ["/api/view", "/api/feed", "/api/events", f"/clips/{'a' * 64}.mp4"])
async def test_without_the_token_nothing_is_told(locked: Stage, path: str) -> None:
    async with session(locked) as stranger, stranger.get(path) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"]["key"] == "token_missing"


async def test_without_the_token_the_page_asks_for_it(locked: Stage) -> None:
    async with session(locked) as stranger, stranger.get("/") as answer:
        assert answer.status == 401
        assert 'name="token"' in await answer.text()
    async with session(locked) as stranger, stranger.get("/healthz") as answer:
        assert answer.status == 200


async def test_a_wrong_token_is_not_taken_however_it_comes(locked: Stage) -> None:
    assert await help_wish(locked, **OWN, Authorization="Bearer wrong") == 401
    assert await help_wish(locked, **OWN, Cookie="throughline=wrong") == 401
    assert await help_wish(locked, **OWN, Cookie=f"throughline={TOKEN.replace(' ', '')}") == 401
    assert await help_wish(locked, **OWN, Authorization=f"Basic {TOKEN}") == 401
    assert await locked.wishes() == []


async def test_the_token_in_a_header_opens(locked: Stage) -> None:
    assert await help_wish(locked, Authorization=f"Bearer {TOKEN}") == 202
    assert await help_wish(locked, Authorization=f"Bearer {TOKEN}", Origin="https://evil.example") == 403


async def test_logging_in_sets_a_cookie_that_does_not_tell_the_token(
    locked: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="adapters")
    async with session(locked, **OWN) as page:
        async with page.post("/login", data={"token": TOKEN}, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.headers["Set-Cookie"]
        async with page.get("/api/view") as answer:
            assert answer.status == 200
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert TOKEN not in caplog.text


async def test_a_wrong_token_at_the_door_is_said_and_slow_even_in_parallel(locked: Stage) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def guess(n: int) -> str:
        async with session(locked, **OWN) as page, page.post("/login", data={"token": f"guess {n}"}) as answer:
            assert answer.status == 401
            assert "Set-Cookie" not in answer.headers
            return await answer.text()

    pages = await asyncio.gather(*(guess(n) for n in range(4)))
    assert all("not this studio" in page for page in pages)
    assert loop.time() - began >= 4 * 0.05


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_foreign_page_cannot_log_in(locked: Stage, headers: dict[str, str]) -> None:
    async with session(locked, **headers) as page, page.post("/login", data={"token": TOKEN}) as answer:
        assert answer.status == 403


async def test_sentences_are_json_that_says_a_key(stage: Stage) -> None:
    async with session(stage) as page, page.get("/nowhere") as answer:
        assert json.loads(await answer.text()) == {
            "error": {"key": "not_found", "text": say("web_error.not_found", "en")},
        }
