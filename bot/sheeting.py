"""The contact sheet of a film, as a picture in the chat."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot import checking
from bot.bench import Account, Bench, account_of
from bot.cards import Card, Tone
from bot.checking import Checked
from bot.cut import RATE, Edit
from bot.drawing import day
from bot.drawings import ContactSheet, SheetShot
from bot.errors import MediaFault
from bot.film import Film
from bot.paperwork import Wish
from bot.text import duration, say

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
    """Draw it; a shot whose clip is gone has empty stills. Raises `MediaFault`, also for a film of too many shots."""
    async with bench.work() as w:
        account = await account_of(w, film)
    checked = await checking.known(bench.work, film.cut.pieces)
    clips = [await bench.clips.path(piece.clip) for piece in film.cut.pieces]
    await bench.drawing.contact_sheet(_laid_out(film, account, checked, locale), clips, into)


def _laid_out(film: Film, account: Account, checked: Mapping[int, Checked], locale: str) -> ContactSheet:
    cut, first = film.cut, film.cut.pieces[0]
    used = {piece.take for piece in cut.pieces}
    spines = Counter(take.brief.spine.render() for take in account.takes if take.id in used)
    counted = say("film.one_shot", locale) if len(cut.pieces) == 1 else say("film.shots", locale, count=len(cut.pieces))
    facts = (duration(cut.seconds, locale), counted, say("film.rate", locale, rate=RATE))
    return ContactSheet(
        title=cut.title,
        facts=(say("list.comma", locale).join(facts), day(film.created_at, locale)),
        spine=next((spine for spine, _ in spines.most_common(1)), ""),
        shots=tuple(_shot(edit, checked.get(edit.number - 1), locale) for edit in cut.edits),
        ratio=film.clip.width / film.clip.height if film.clip else first.width / first.height,
    )


def _shot(edit: Edit, found: Checked | None, locale: str) -> SheetShot:
    piece = edit.piece
    return SheetShot(
        slate=piece.slate,
        circled=piece.circled,
        words=piece.words,
        length=duration(piece.frames / RATE, locale),
        begins=edit.begins,
        frames=edit.frames,
        verdict=found.name if found else "",
        word=found.word(locale) if found else "",
    )
