"""Pictures in: what a member attached, from Discord's own file hosts and from nowhere else.

An attachment's address comes from an event, but it is stored and fetched later by another process, so it is not trusted: only
HTTPS, only the hosts of Discord's CDN (or of the API that an operator configured), no redirects, at most 30 MB.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

import aiohttp
import yarl

from adapters.chat.discord.library import PLATFORM
from bot.errors import AttachmentGone, DeliveryFault, ImageTooLarge

log = logging.getLogger("throughline.discord")

HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
LARGEST: Final = 30_000_000
SECONDS: Final = 60.0
CHUNK: Final = 1 << 20


def address_of(attachment: str, api: str = "") -> yarl.URL:
    """``discord:https://cdn.discordapp.com/…`` as an address that may be fetched. Raises `AttachmentGone` for any other."""
    platform, _, text = attachment.partition(":")
    try:
        url = yarl.URL(text)
        own = yarl.URL(api) if api else None
        allowed = url.scheme == "https" and url.host in HOSTS and url.port == 443
        if own is not None and own.host:
            allowed = allowed or (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port)
    except ValueError:
        allowed = False
    if platform != PLATFORM or not allowed or url.user or url.password:
        log.warning("an attachment was not fetched: its address is not one of Discord's")
        raise AttachmentGone
    return url


async def fetch(attachment: str, into: Path, api: str = "") -> None:
    """Write it to the file `into`. Raises `AttachmentGone`, `ImageTooLarge`, or `DeliveryFault` (try again)."""
    url = address_of(attachment, api)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status in (401, 403, 404, 410) or 300 <= answer.status < 400:
                raise AttachmentGone
            if answer.status != 200:
                raise DeliveryFault(f"Discord's file host said {answer.status}")
            await _write(answer, into)
    except (aiohttp.ClientError, OSError, TimeoutError) as fault:
        raise DeliveryFault(f"Discord's file host could not be reached: {type(fault).__name__}") from None


async def _write(answer: aiohttp.ClientResponse, into: Path) -> None:
    size = 0
    with await asyncio.to_thread(into.open, "wb") as file:
        async for chunk in answer.content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise ImageTooLarge(limit="30 MB")
            await asyncio.to_thread(file.write, chunk)
