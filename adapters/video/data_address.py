"""A picture inside an address (RFC 2397), for APIs that take no files."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Final

from bot.errors import BadOrder

LARGEST: Final = 20 << 20
"""Bytes of the picture; inside an address it grows by a third."""
TYPES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


async def data_of(picture: Path) -> tuple[str, str]:
    """Its media type and its bytes as base64. Raises `BadOrder`."""
    try:
        raw = await asyncio.to_thread(picture.read_bytes)
    except OSError as error:
        raise BadOrder(f"the picture cannot be read: {error.strerror}") from None
    if len(raw) > LARGEST:
        raise BadOrder("the picture is larger than 20 MB")
    kind = next((kind for magic, kind in TYPES.items() if raw.startswith(magic)), "image/png")
    return kind, base64.b64encode(raw).decode()


async def data_address(picture: Path) -> str:
    """``data:image/png;base64,…``. Raises `BadOrder`."""
    kind, data = await data_of(picture)
    return f"data:{kind};base64,{data}"
