"""The picture a member attached, brought into the house: fetched, looked at, stored by its digest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.errors import DeliveryFault
from bot.ports import Attachments, Clips, Gate

SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_ours(image: str) -> bool:
    """Whether it is in the clip store already: a digest, not an address on a platform."""
    return _DIGEST.fullmatch(image) is not None


async def bring_in(address: str, attachments: Mapping[str, Attachments], gate: Gate | None, clips: Clips | None) -> str:
    """The digest of what is attached at ``<platform>:<what the platform needs>``.

    Raises `AttachmentGone`, `NotAnImage`, `ImageTooLarge`, or `DeliveryFault` where it may be had later, or elsewhere.
    """
    platform = address.partition(":")[0]
    source = attachments.get(platform)
    if source is None or gate is None or clips is None:
        raise DeliveryFault(f"nothing brings in what was attached on {platform} in this process")
    async with clips.scratch() as folder:
        file = folder / "attached"
        await source.fetch(address, file)
        found = await gate.picture(file)
        return await clips.store(file, SUFFIXES.get(found.media_type, ".img"))
