"""The contact sheet of a film, as a picture in the chat."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from bot.bench import Bench
from bot.cards import Card, Tone
from bot.errors import MediaFault
from bot.film import Film
from bot.paperwork import Wish
from bot.text import say

log = logging.getLogger("throughline.editing")

SHEET: Final = "sheet"
SUFFIX: Final = ".jpg"


async def sheet(bench: Bench, wish: Wish, film_id: str) -> None:
    """Answer the wish with the film's contact sheet. Raises `DeliveryFault`, `ClipGone` and other `Declined`."""
    film, address = await bench.film(film_id), wish.address
    poster = bench.poster(address)
    try:
        async with bench.clips.scratch() as folder:
            into = folder / f"sheet{SUFFIX}"
            await drawn(bench, film, address.locale, into)
            digest = await bench.clips.store(into, SUFFIX)
    except MediaFault as fault:
        log.warning("no contact sheet of film %s: %s", film.id, fault.reason)
        await poster.answer(address, wish.id, Card(tone=Tone.FAILED, lines=(say("film.no_sheet", address.locale),)))
        return
    card = Card(title=say("film.sheet", address.locale, title=film.cut.title), picture=digest)
    await poster.answer(address, wish.id, card, await bench.clips.path(digest))


async def drawn(bench: Bench, film: Film, locale: str, into: Path) -> None:
    """Draw it. Raises `MediaFault`, `ClipGone`."""
    raise MediaFault("nothing draws contact sheets yet")
