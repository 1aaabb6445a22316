"""The shared HTTP rules: what may be shown, where a credential goes, how long and how much."""

from __future__ import annotations

import httpx
import pytest

from adapters.video.wire import ANSWER_BYTES, Answer, NoAnswer, Redaction, Wire, bare, origin, read_whole
from tests.fakes.dialect_server import DialectServer, Fault


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Incorrect API key provided: s3cret-key", "Incorrect API key provided: [key]"),
        ("Authorization: Bearer abcdefghijkl", "Authorization: [key]"),
        ("upstream used sk-proj-abcdefghijkl", "upstream used [key]"),
        ("see https://me:pw@host.example/a/b?sig=1#f now", "see https://host.example/a/b now"),
        ("two\nlines\x00\x1b[31m and a\u2028third", "two lines [31m and a third"),
        ("half \ud83d emoji", "half emoji"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_shows_other_peoples_words_in_one_harmless_line(said: str, shown: str) -> None:
    assert Redaction(("s3cret-key",)).clean(said) == shown


def test_an_address_in_the_log_has_no_secrets() -> None:
    assert bare(httpx.URL("https://me:pw@host:8443/v1/x?sig=1#f")) == "https://host:8443/v1/x"
    assert bare(httpx.URL("http://[::1]:8091/v1")) == "http://[::1]:8091/v1"


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("https://gate.example/elsewhere", True),
        ("https://GATE.example:443/v1", True),
        ("http://gate.example/v1", False),
        ("https://gate.example:8443/v1", False),
        ("https://gate.example.evil/v1", False),
    ],
)
def test_the_credential_stays_at_its_origin(address: str, ours: bool) -> None:
    wire = Wire(httpx.URL("https://gate.example/v1"), "Bearer key")
    assert bool(wire.credential(httpx.URL(address))) is ours
    assert (origin(httpx.URL(address)) == origin(wire.base)) is ours


def test_every_piece_of_a_path_is_quoted() -> None:
    wire = Wire(httpx.URL("http://host:8091/v1/"))
    assert str(wire.url("videos", "a/b?c#d%2F ü", "content")) == (
        "http://host:8091/v1/videos/a%2Fb%3Fc%23d%252F%20%C3%BC/content"
    )


async def test_an_endless_answer_is_not_swallowed() -> None:
    with pytest.raises(NoAnswer, match="longer than 10 bytes"):
        await read_whole(httpx.Response(200, content=b"12345678901"), 10)
    assert await read_whole(httpx.Response(200, content=b"1234567890"), 10) == b"1234567890"
    assert ANSWER_BYTES > 100 * 32_000 * 3


async def test_a_redirect_is_an_answer_like_any_other() -> None:
    async with DialectServer() as server, DialectServer() as other:
        server.script("models", Fault(302, headers={"Location": other.url + "/models"}))
        wire = Wire(httpx.URL(server.url), "Bearer key")
        assert (await wire.ask("GET", "models")).status == 302
        assert not other.seen
        await wire.close()


async def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with DialectServer() as server:
        wire = Wire(httpx.URL(server.url))
        assert (await wire.ask("GET", "models")).ok
        await wire.close()


def test_an_answer_that_is_no_json_has_no_data() -> None:
    assert Answer(200, httpx.Headers(), b"[" * 100_000).data is None
    assert Answer(200, httpx.Headers(), b"\xff\xfe").data is None
