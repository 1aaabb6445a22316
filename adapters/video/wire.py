"""The one HTTP client of all video backends: timeouts, size caps, proxies, redirects and secrets are settled here.

Rules: nothing is repeated here; no redirect is followed; the credential goes to the origin it belongs to (scheme, host
and port) and nowhere else; proxies come from the environment, except towards this machine; an answer is read whole up
to a cap, within a deadline; what is said of it to people or logs passes through `Redaction`.

An order travels on a connection of its own: a kept one that the server is just closing would leave us in doubt
whether the order was taken, and doubt costs a member minutes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from math import isfinite
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import quote

import httpx

from bot.errors import ThroughlineError

QUESTION_SECONDS: Final = 30.0
ORDER_SECONDS: Final = 180.0
ANSWER_BYTES: Final = 32 * 1024 * 1024
"""A page of 100 jobs, each with a prompt of 32,000 characters of three bytes, is 10 MB."""
RETRY_AFTER_MOST: Final = 3600.0
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
PLAIN_HEADERS: Final = {"User-Agent": "Throughline", "Accept-Encoding": "identity"}
"""Nothing packed: a packed answer can be a thousand times longer than it looks."""
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_ADDRESS = re.compile(r"\b(https?://)(?:[^\s/?#\"'<>@]*@)?([^\s?#\"'<>]*)(?:[?#][^\s\"'<>]*)?", re.IGNORECASE)
_KEYLIKE = re.compile(r"\b(?:bearer\s+|sk-)[\w.~+/=*-]{8,}", re.IGNORECASE)


class NoConnection(Exception):
    """Nothing was sent: there was no connection to send it on."""


class NoAnswer(Exception):
    """Something may have been sent, but no whole answer came back."""


@dataclass(frozen=True)
class Redaction:
    """Takes secrets, query strings and control characters out of other people's words."""

    secrets: tuple[str, ...] = field(default=(), repr=False)

    def clean(self, text: str, limit: int = 300) -> str:
        """One line of at most `limit` characters that may be shown and logged."""
        for secret in self.secrets:
            text = text.replace(secret, "[key]")
        text = _KEYLIKE.sub("[key]", _ADDRESS.sub(r"\1\2", text))
        text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
        return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class Answer:
    """A whole answer. `body` is at most `ANSWER_BYTES` long."""

    status: int
    headers: httpx.Headers
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    @cached_property
    def data(self) -> Any:
        """The body as JSON; None if it is not."""
        return read_json(self.body)

    @property
    def text(self) -> str:
        """The beginning of the body as text."""
        return self.body[:4096].decode("utf-8", "replace")

    def retry_after(self, now: float) -> float | None:
        """Seconds to wait, as the server says, 0 to `RETRY_AFTER_MOST`.

        LiteLLM hands its provider's header on as ``llm_provider-retry-after``.
        """
        for name in ("retry-after", "llm_provider-retry-after"):
            seconds = _wait(self.headers.get(name, ""), now)
            if seconds is not None:
                return min(max(seconds, 0.0), RETRY_AFTER_MOST)
        return None

    @property
    def date(self) -> float | None:
        """The server's clock when it answered, epoch seconds."""
        return _http_date(self.headers.get("date", ""))


def read_json(body: bytes) -> Any:
    """The JSON in `body`; None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _wait(value: str, now: float) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        date = _http_date(value)
        return None if date is None else date - now
    return seconds if isfinite(seconds) else None


def _http_date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def bare(url: httpx.URL) -> str:
    """The address without user, password, query and fragment: what may be logged."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}{f':{url.port}' if url.port else ''}{url.path}"


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a credential belongs to."""
    return url.scheme, url.host.lower(), url.port or {"http": 80, "https": 443}.get(url.scheme)


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    return httpx.create_ssl_context()


def new_client(*, keep_connections: bool = True) -> httpx.AsyncClient:
    """A client with our rules and no credential; the caller closes it. Timeouts are per step, in seconds."""
    for noisy in ("httpx", "httpcore"):  # they write addresses with their signatures into the log
        logging.getLogger(noisy).setLevel(logging.WARNING)
    kept = 20 if keep_connections else 0
    return httpx.AsyncClient(
        verify=_trust(),
        follow_redirects=False,
        timeout=httpx.Timeout(connect=10, read=60, write=60, pool=10),
        limits=httpx.Limits(max_connections=50, max_keepalive_connections=kept, keepalive_expiry=4),
        headers=PLAIN_HEADERS,
        mounts={f"all://{host}": None for host in LOOPBACK},
    )


class Wire:
    """Asks one server questions and gives it orders. `base` has no user and password.

    `authorization` is that header, `headers` are others that belong to this server; none of them leaves its origin.
    """

    def __init__(
        self,
        base: httpx.URL,
        authorization: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        question_seconds: float = QUESTION_SECONDS,
        order_seconds: float = ORDER_SECONDS,
    ) -> None:
        self.base = base
        self._question_seconds, self._order_seconds = question_seconds, order_seconds
        self._credential = {**({"Authorization": authorization} if authorization else {}), **(headers or {})}
        self._questions = new_client()
        self._orders = new_client(keep_connections=False)

    def url(self, *path: str) -> httpx.URL:
        """The base with more path; each piece is quoted, whoever it comes from."""
        tail = "/".join(quote(piece, safe="") for piece in path)
        return self.base.copy_with(raw_path=f"{self.base.raw_path.decode().rstrip('/')}/{tail}".encode())

    def credential(self, url: httpx.URL) -> dict[str, str]:
        """The headers for that address: none anywhere but at home."""
        return self._credential if origin(url) == origin(self.base) else {}

    async def ask(
        self,
        method: str,
        *path: str,
        params: Mapping[str, str | int] | None = None,
        seconds: float | None = None,
        **body: Any,
    ) -> Answer:
        """A question, which may be asked again; `body`: httpx's `json`, `headers` …. Raises `NoConnection` or `NoAnswer`."""
        url = self.url(*path)
        if params:
            url = url.copy_merge_params(params)
        headers = {**self.credential(url), **body.pop("headers", {})}
        request = self._questions.build_request(method, url, headers=headers, **body)
        return await self._whole(self._questions, request, seconds or self._question_seconds)

    async def ask_at(self, url: httpx.URL, seconds: float) -> Answer:
        """`ask` for an address that is not below the base."""
        request = self._questions.build_request("GET", url, headers=self.credential(url))
        return await self._whole(self._questions, request, seconds)

    async def order(self, *path: str, **body: Any) -> Answer:
        """A POST that may cost money, sent once; `body`: httpx's `files` or `json`, `headers` …. Raises as `ask`."""
        url = self.url(*path)
        headers = {**self.credential(url), **body.pop("headers", {})}
        request = self._orders.build_request("POST", url, headers=headers, **body)
        return await self._whole(self._orders, request, self._order_seconds)

    async def _whole(self, client: httpx.AsyncClient, request: httpx.Request, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds), opened(client, request) as response:
                return Answer(response.status_code, response.headers, await read_whole(response, ANSWER_BYTES))
        except TimeoutError:
            raise NoAnswer(f"no answer within {seconds:g} s") from None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._questions.aclose()
        await self._orders.aclose()


@asynccontextmanager
async def opened(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    """The response with its body still to be read; httpx's errors as ours. Raises `NoConnection` or `NoAnswer`."""
    try:
        response = await client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()
    except (NoConnection, NoAnswer, TimeoutError, ThroughlineError):
        raise
    except _NOTHING_SENT as error:
        raise NoConnection(said(error)) from None
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise NoAnswer(said(error)) from None


def said(error: Exception) -> str:
    """httpx's words for it, without the request that it carries."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


async def read_whole(response: httpx.Response, limit: int) -> bytes:
    """The body up to `limit` bytes. Raises `NoAnswer` if it is longer."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise NoAnswer(f"the answer is longer than {limit} bytes")
    return bytes(body)
