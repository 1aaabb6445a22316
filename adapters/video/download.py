"""Fetching a clip from wherever a server says it lies, without becoming a tool against our own network.

Redirects are followed by hand: the credential stays at its origin, only http and https are spoken, and an address that
is not the server's own has to be public (every address that its name resolves to), unless the operator allows the host.
The address that was checked is the one connected to, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol
from urllib.request import getproxies, proxy_bypass

import httpx

from adapters.video.wire import PLAIN_HEADERS, Answer, NoAnswer, NoConnection, Wire, bare, new_client, opened
from bot.errors import DiskFull, TurnedDown

CLIP_BYTES: Final = 1024**3
FETCH_SECONDS: Final = 1800.0
REDIRECTS: Final = 5
CHUNK: Final = 512 * 1024
WEBM: Final = b"\x1a\x45\xdf\xa3"
OTHER_MEDIA: Final = {
    b"RIFF": "AVI or WebP",
    b"GIF8": "GIF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"OggS": "Ogg",
}


class Resolve(Protocol):
    """Name and port to IP addresses. Raises `OSError`."""

    async def __call__(self, host: str, port: int) -> list[str]: ...


async def resolve(host: str, port: int) -> list[str]:
    """By the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Fence:
    """Which hosts a clip may be fetched from."""

    home: httpx.URL
    allowed: frozenset[str] = frozenset()
    resolve: Resolve = field(default=resolve)

    async def address(self, url: httpx.URL) -> str | None:
        """The IP address to connect to, or None for "as the name says". Raises `TurnedDown`, `NoConnection`."""
        if url.scheme not in ("http", "https") or not url.host:
            raise TurnedDown(f"the clip lies at an address that is not fetched: {bare(url)[:200]}")
        host = url.host.lower()
        if host == self.home.host.lower() or host in self.allowed:
            return None
        if is_address(host):
            found = [host]
        elif proxied(url):
            return None  # the proxy resolves the name, by its own rules
        else:
            found = await self._addresses(url)
        if not found or not all(self._open(address) for address in found):
            raise TurnedDown(f"the clip lies at {host}, which is not public; allowed_hosts can allow it")
        return None if is_address(host) else found[0]

    async def _addresses(self, url: httpx.URL) -> list[str]:
        try:
            return await self.resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError):
            raise NoConnection(f"the name {url.host[:100]} cannot be resolved") from None

    def _open(self, address: str) -> bool:
        return is_public(address) or (is_loopback(address) and is_loopback(self.home.host))


def is_address(host: str) -> bool:
    """Whether it is an IP address, not a name."""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return False


def is_loopback(host: str) -> bool:
    """This machine, by address or by name."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def is_public(address: str) -> bool:
    """Whether anyone on the internet could reach it; IPv4 inside IPv6 counts as what it is."""
    with suppress(ValueError):
        ip = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(ip, ipaddress.IPv6Address):
            inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
            if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
                inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
            if inner is not None:
                return is_public(str(inner))
        return ip.is_global and not ip.is_multicast
    return False


def proxied(url: httpx.URL) -> bool:
    """Whether a proxy from the environment stands in between."""
    proxies = getproxies()
    return bool(proxies.get(url.scheme) or proxies.get("all")) and not proxy_bypass(url.host)


@dataclass(frozen=True)
class Download:
    """One clip on its way. `Answer` is what came instead of a clip."""

    wire: Wire
    fence: Fence
    limit: int = CLIP_BYTES
    """Bytes of the largest clip."""
    seconds: float = FETCH_SECONDS
    """For the whole of it."""

    async def fetch(self, url: httpx.URL, into: Path) -> Answer | None:
        """Write the clip to `into`, all or nothing; None, or the answer that was no clip.

        Raises `TurnedDown` (forbidden place, too large), `NoConnection`, `NoAnswer`, `DiskFull`.
        """
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(url, into)
        except TimeoutError:
            raise NoAnswer(f"the clip took longer than {self.seconds:g} s") from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(path=str(into.parent)) from None
            raise NoAnswer(f"the clip could not be written: {error.strerror}") from None

    async def _follow(self, url: httpx.URL, into: Path) -> Answer | None:
        for _ in range(REDIRECTS + 1):
            address = await self.fence.address(url)
            async with new_client(keep_connections=False) as client, opened(client, self._request(url, address)) as got:
                if not 300 <= got.status_code < 400:
                    return await self._take(got, into)
                url = self._next(url, got.headers.get("location", ""))
        raise TurnedDown("the clip's address leads in circles")

    def _request(self, url: httpx.URL, address: str | None) -> httpx.Request:
        """A GET to `address` in the name of the host; the certificate is still checked against the name."""
        headers = {**PLAIN_HEADERS, "Accept": "*/*", **self.wire.credential(url)}
        if address is None:
            return httpx.Request("GET", url, headers=headers)
        headers["Host"] = url.netloc.decode("ascii")
        extensions = {"sni_hostname": url.raw_host.decode("ascii")}
        return httpx.Request("GET", url.copy_with(host=address), headers=headers, extensions=extensions)

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            return url.join(location).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError):
            raise TurnedDown("the clip's address leads nowhere") from None

    async def _take(self, response: httpx.Response, into: Path) -> Answer | None:
        """The body into the file if it begins like a clip, else as an answer."""
        chunks = response.aiter_bytes(CHUNK)
        first = await anext(chunks, b"")
        if not response.is_success or not is_clip(first):
            return Answer(response.status_code, response.headers, first)
        part = into.with_name(into.name + ".part")
        try:
            size = await _append(part, first, fresh=True)
            async for chunk in chunks:
                self._must_fit(size + len(chunk))
                size += await _append(part, chunk)
            self._must_fit(size)
            await asyncio.to_thread(os.replace, part, into)
        finally:
            part.unlink(missing_ok=True)
        return None

    def _must_fit(self, size: int) -> None:
        if size > self.limit:
            raise TurnedDown(f"the clip is larger than {self.limit} bytes")


async def _append(file: Path, chunk: bytes, *, fresh: bool = False) -> int:
    def write() -> int:
        with file.open("wb" if fresh else "ab") as out:
            return out.write(chunk)

    return await asyncio.to_thread(write)


def is_clip(beginning: bytes) -> bool:
    """MP4 (or QuickTime) and WebM (or Matroska) by their first bytes; gateways label anything as video."""
    return beginning[4:8] == b"ftyp" or beginning.startswith(WEBM)


def other_media(beginning: bytes) -> str | None:
    """The name of another kind of media that will never turn into a clip by asking again."""
    return next((name for magic, name in OTHER_MEDIA.items() if beginning.startswith(magic)), None)
