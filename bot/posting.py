"""A finished clip, of a take or of a film, reaches its place: fitted to it, and again to what the place says when it refuses."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import fitting
from bot.cards import Card
from bot.errors import DeliveryFault, TooLarge
from bot.fitting import Fitter
from bot.people import Address
from bot.ports import Poster

log = logging.getLogger("throughline.delivery")

REFITS: Final = 2
"""So often a clip is fitted again after the place refused it as too large."""


@dataclass(frozen=True)
class Finished:
    """A clip that is to be posted."""

    address: Address
    key: str
    """What it is of: it is posted once per key."""
    card: Card
    """With its `clip`."""
    file: Path
    posted: str | None
    """The card that showed how it went."""


async def post_clip(fitter: Fitter, poster: Poster, done: Finished) -> str:
    """Post it; the message's reference. Raises `DeliveryFault` or `DiskFull`."""
    card, address = done.card, done.address
    assert card.clip is not None  # a clip is what this is about
    room = await poster.room(address)
    still = await fitter.clips.path(card.clip.poster) if card.clip.poster else None
    for _ in range(1 + REFITS):
        async with fitter.fitted(card.clip, done.file, room) as fit:
            told = fitting.told(card, fit, address.locale)
            try:
                async with fitter.with_stills(fit.parts, poster.still_pixels, still) as parts:
                    return await poster.deliver(address, done.key, told, parts, done.posted)
            except TooLarge as fault:
                room = fitting.after_refusal(fit, fault.limit)
                log.warning("%s: its clip was too large; it is fitted to %d bytes", done.key, room)
    raise DeliveryFault("the place refuses every size", final=True)
