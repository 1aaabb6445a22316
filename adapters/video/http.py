"""What a backend behind HTTP builds on: one server's JSON API, with everything settled that must be the same for all.

Timeouts, size caps, proxies from the environment, redaction and the credential that never leaves its origin are `wire`'s; the
fence round addresses that come from outside and the download are `download`'s; what a refusal means is `trouble`'s. Here they
are one thing, `Api`, which speaks in the errors of `ports.Backend`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.video import BackendSettings
from adapters.video.download import CLIP_BYTES, FETCH_SECONDS, Download, Fence, Resolve, other_media, resolve
from adapters.video.trouble import trouble_in, verdict
from adapters.video.wire import ORDER_SECONDS, QUESTION_SECONDS, Answer, NoAnswer, NoConnection, Redaction, Wire
from bot.errors import BackendFault, BadSetting, NeverMade, TurnedDown, Unclear, Unreachable

GONE: Final = frozenset({404, 410})


@dataclass(frozen=True)
class Site:
    """Where a server is, and what proves to it who we are. `headers` go to its origin and nowhere else."""

    base: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    redaction: Redaction = field(default_factory=Redaction)
    allowed_hosts: frozenset[str] = frozenset()
    """May hold clips although their addresses are not public."""


def read_site(
    setting: BackendSettings,
    *,
    url: str,
    key: str = "",
    default: str = "",
    header: str = "Authorization",
    scheme: str = "Bearer ",
    allowed_hosts: frozenset[str] = frozenset(),
) -> Site:
    """The server that the settings name. `url` and `key` are names of the environment, `default` an address.

    The key is sent as `header`, after `scheme`. Raises `BadSetting`.
    """
    secret = read_key(key, setting.options.get(key, ""))
    base = read_address(url, setting.options.get(url, "").strip() or default)
    if base.userinfo:
        raise BadSetting(name=url, reason="it must hold no user and no password")
    headers = {header: f"{scheme}{secret}"} if secret else {}
    return Site(base, headers, Redaction((secret,) if secret else ()), allowed_hosts)


def read_key(name: str, value: str) -> str:
    """A key without blanks at its ends. Raises `BadSetting`."""
    key = value.strip()
    if not key.isascii() or (key and not key.isprintable()):
        raise BadSetting(name=name, reason="it holds characters that no key has")
    return key


def read_address(name: str, address: str) -> httpx.URL:
    """A base address. Raises `BadSetting`."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise BadSetting(name=name, reason="it is not an address") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise BadSetting(name=name, reason="it has to begin with http:// or https:// and name a host")
    if url.query or url.fragment:
        raise BadSetting(name=name, reason="it must have no query and no fragment")
    return url


async def safe_address(
    url: httpx.URL, home: httpx.URL, allowed: frozenset[str] = frozenset(), lookup: Resolve = resolve
) -> str | None:
    """The IP address to connect to for an address that came from outside; None: as the name says (it is the server's own).

    Private, loopback and link-local addresses are only let through where the operator's base URL is itself there.
    Raises `TurnedDown`, or `Unreachable` for a name that cannot be resolved.
    """
    try:
        return await Fence(home, allowed, lookup).address(url)
    except NoConnection as fault:
        raise Unreachable(str(fault)) from None


class Api:
    """One server's API. Nothing is repeated in here; every answer is whole, and at most 32 MiB long."""

    def __init__(
        self,
        site: Site,
        *,
        question_seconds: float = QUESTION_SECONDS,
        order_seconds: float = ORDER_SECONDS,
        clip_bytes_max: int = CLIP_BYTES,
        fetch_seconds: float = FETCH_SECONDS,
    ) -> None:
        self.site = site
        self._wire = Wire(
            site.base, headers=site.headers, question_seconds=question_seconds, order_seconds=order_seconds
        )
        self._download = Download(self._wire, Fence(site.base, site.allowed_hosts), clip_bytes_max, fetch_seconds)

    def __repr__(self) -> str:
        return f"Api({self.site.base.host!r})"

    def clean(self, text: str, limit: int = 300) -> str:
        """The server's words, fit to be shown and logged."""
        return self.site.redaction.clean(text, limit)

    async def order(self, *path: str, **body: Any) -> Answer:
        """The paid POST, sent once; `body`: httpx's `json` or `files`, `params`, `headers`. Any status comes back.

        Raises `NeverMade` (nothing was sent) or `Unclear` (something may have been).
        """
        try:
            return await self._wire.order(*path, **body)
        except NoConnection as error:
            raise NeverMade(self.clean(str(error))) from None
        except NoAnswer as error:
            raise Unclear(self.clean(str(error))) from None

    def verdict(self, answer: Answer, *, image: bool = False) -> BackendFault:
        """To be raised for an order that was not answered with an id: what that means. `image`: a picture was sent."""
        if answer.ok:
            return Unclear("the order was answered without an id")
        return verdict(answer, self.site.redaction, image=image, now=time.time())

    async def ask(self, method: str, *path: str, params: Mapping[str, str | int] | None = None, **body: Any) -> Answer:
        """A question (or anything else that may be said twice). Any status comes back. Raises `Unreachable`."""
        try:
            return await self._wire.ask(method, *path, params=params, **body)
        except (NoConnection, NoAnswer) as error:
            raise Unreachable(self.clean(str(error))) from None

    async def known(self, *path: str, params: Mapping[str, str | int] | None = None) -> dict[str, Any] | None:
        """The JSON object that a GET is answered with; None: the server does not know it. Raises `Unreachable`."""
        answer = await self.ask("GET", *path, params=params)
        if answer.status in GONE:
            return None
        if not answer.ok or not isinstance(answer.data, dict):
            raise Unreachable(self.words(answer))
        return answer.data

    def words(self, answer: Answer) -> str:
        """What a refusal says, fit to be shown."""
        return self.clean(f"HTTP {answer.status}: {trouble_in(answer).message}".rstrip(": "))

    def url(self, *path: str) -> httpx.URL:
        """The base with more path, each piece quoted."""
        return self._wire.url(*path)

    def at(self, address: str) -> httpx.URL:
        """An address that the server named, relative to its own or whole. Raises `TurnedDown`."""
        try:
            return self.site.base.join(address)
        except (httpx.InvalidURL, ValueError):
            raise TurnedDown("the clip's address leads nowhere") from None

    async def clip(self, url: httpx.URL, into: Path) -> None:
        """Write the clip at `url` to `into`, all or nothing: only from public hosts, the server's own, and allowed ones.

        Raises `TurnedDown` (it will never be a clip), `Unreachable` (try again) or `DiskFull`.
        """
        try:
            answer = await self._download.fetch(url, into)
        except (NoConnection, NoAnswer) as error:
            raise Unreachable(self.clean(str(error))) from None
        except TurnedDown as fault:
            raise type(fault)(self.clean(fault.reason)) from None
        if answer is None:
            return
        if answer.ok and (kind := other_media(answer.body)):
            raise TurnedDown(f"instead of a clip came {kind}")
        # 404 too: a clip may be announced before the machine that hands it out has heard of it
        raise Unreachable(self.words(answer) if not answer.ok else "what came was no clip")

    async def close(self) -> None:
        """Let go of all connections; twice is fine."""
        await self._wire.close()
