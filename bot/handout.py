"""What an editor takes home, a zip into the chat: as a file where the place takes one so large, else by a link, else without clips.

Which files lie in it `bot.exporting.bundle` says. The film is cut for it if it is not yet. Where the place takes files of any size
(the studio's own page, which serves them from the clip store), the zip is kept there, else only as long as it is posted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot import sheeting
from bot.bench import Account, Bench, account_of
from bot.cards import Button, Card, Tone
from bot.cast import CastMember
from bot.cut import Cut
from bot.errors import Declined, MediaFault, TooLarge
from bot.exporting.bundle import Entry, archive_name, entries
from bot.exporting.film_json import FilmFile, film_file
from bot.exporting.prompts import prompts
from bot.film import Film, Production, Shot
from bot.fitting import LINK_DAYS, fits
from bot.paperwork import Footage, Wish
from bot.ports import Work
from bot.text import duration, say

log = logging.getLogger("throughline.editing")

EXPORT: Final = "export"
ZIP: Final = ".zip"


@dataclass(frozen=True)
class Papers:
    """What the database knows of a film that is taken home."""

    film: Film
    production: Production
    shots: Sequence[Shot]
    account: Account
    cast: Sequence[CastMember]


async def export(bench: Bench, wish: Wish, film_id: str) -> None:
    """Answer the wish with the film's zip. Raises `DeliveryFault`, `ClipGone` and other `Declined`."""
    film = await bench.film(film_id)
    try:
        film = await bench.joined(film)
        async with bench.work() as w:
            papers = await _papers(w, film)
        async with bench.clips.scratch() as folder:
            await _hand_out(bench, wish, papers, folder)
    except MediaFault as fault:
        log.warning("film %s was not taken home: %s", film.id, fault.reason)
        await _answer(bench, wish, Card(tone=Tone.FAILED, lines=(say("export.failed", wish.address.locale),)))


async def _papers(w: Work, film: Film) -> Papers:
    production = await w.productions.get(film.production)
    assert production is not None  # a film never outlives its production
    account = await account_of(w, film)
    credited = {(credit.id, credit.version) for take in account.takes for credit in take.brief.cast}
    cast = [who for each in sorted(credited) if (who := await w.cast.get(*each))]
    return Papers(film, production, await w.productions.shots(production.id), account, cast)


async def _hand_out(bench: Bench, wish: Wish, papers: Papers, folder: Path) -> None:
    """From the whole to ever less of it, until the place takes it."""
    film, locale = papers.film, wish.address.locale
    files = await bench.files(film.cut)
    clips = {piece.clip: file for piece, file in zip(film.cut.pieces, files, strict=True)}
    whole = await _contents(bench, papers, clips, folder, locale)
    handing, card = Handing(bench, wish, folder / archive_name(film.cut.title)), _card(film, locale)
    if await handing.posted(card, whole):
        return
    if film.clip and await bench.fitter.link(film.clip.digest) is not None:
        await handing.linked(card, whole)
        return
    card = replace(card, lines=(*card.lines, say("export.without", locale)))
    texts = [entry for entry in whole if entry.file is None]
    for lighter in ([entry for entry in whole if entry.file not in clips.values()], texts):
        if await handing.posted(card, lighter):
            return
    await _answer(bench, wish, replace(card, tone=Tone.FAILED, lines=(say("export.too_large", locale),)))


async def _contents(
    bench: Bench, papers: Papers, clips: Mapping[str, Path], folder: Path, locale: str
) -> Sequence[Entry]:
    """The zip's files; what cannot be made, as the sound of a silent film, is left out."""
    film = papers.film
    cut = await _heard(bench, film.cut, clips)
    by_id = {take.id: take for take in papers.account.takes}
    takes = [by_id[piece.take] for piece in cut.pieces if piece.take in by_id]
    movie = await bench.clips.path(film.clip.digest) if film.clip else None
    sound, sheet = folder / "sound.wav", folder / "sheet.jpg"
    return entries(
        cut,
        clips,
        film=_in_words(papers, cut),
        prompts=prompts(cut.title, takes, papers.account.jobs, locale),
        movie=movie,
        sound=sound if movie and await _made(bench.cutting.extract_sound(movie, sound)) else None,
        sheet=sheet if await _made(sheeting.drawn(bench, film, locale, sheet)) else None,
        locale=locale,
    )


async def _heard(bench: Bench, cut: Cut, clips: Mapping[str, Path]) -> Cut:
    """The cut that knows which of its clips have sound: its lists name sound only where there is some."""
    looked = await asyncio.gather(*(bench.gate.footage(file) for file in clips.values()), return_exceptions=True)
    silent = {
        digest
        for digest, found in zip(clips, looked, strict=True)
        if isinstance(found, Footage) and not found.has_sound
    }
    return replace(cut, pieces=tuple(replace(each, has_sound=each.clip not in silent) for each in cut.pieces))


def _in_words(papers: Papers, cut: Cut) -> FilmFile | None:
    """``film.json``; None where the film has more shots than one such file takes."""
    takes = papers.account.takes
    try:
        return film_file(papers.production, papers.shots, takes, cut, cast=papers.cast, jobs=papers.account.jobs)
    except Declined as declined:
        log.warning("film %s has no film.json: %s", papers.film.id, declined)
        return None


async def _made(making: Awaitable[object]) -> bool:
    """Whether it could be made."""
    try:
        await making
    except MediaFault as fault:
        log.info("left out of an export: %s", fault.reason)
        return False
    return True


@dataclass(frozen=True)
class Handing:
    """Tries to get a zip into a chat; `file` is packed anew for each try, under the name that it has for people."""

    bench: Bench
    wish: Wish
    file: Path

    async def posted(self, card: Card, contents: Sequence[Entry]) -> bool:
        """Whether the place took it as a file. Raises `DeliveryFault`, `MediaFault`, `DiskFull`."""
        bench, wish, address = self.bench, self.wish, self.wish.address
        poster = bench.poster(address)
        room = await poster.room(address)
        if room is not None and await asyncio.to_thread(_media_bytes, contents) > room:
            return False
        await bench.cutting.pack(contents, self.file)
        if room is None:  # what it takes, it serves from the clip store
            kept = await self._kept()
            if path := await bench.clips.path(kept):
                await asyncio.to_thread(self.file.symlink_to, path)
            await poster.answer(address, wish.id, replace(card, file=kept), file=self.file)
            return True
        if not await asyncio.to_thread(fits, self.file, room):
            return False
        try:
            await poster.answer(address, wish.id, card, file=self.file)
        except TooLarge as fault:
            log.warning("an export was too large after all: %d bytes are taken there", fault.limit)
            return False
        return True

    async def linked(self, card: Card, contents: Sequence[Entry]) -> None:
        """Answer with a link to it, which expires."""
        locale = self.wish.address.locale
        await self.bench.cutting.pack(contents, self.file)
        url = await self.bench.fitter.link(await self._kept())
        assert url is not None  # the caller has looked
        lines = (*card.lines, say("export.linked", locale, days=LINK_DAYS))
        await _answer(
            self.bench,
            self.wish,
            replace(card, lines=lines, buttons=(Button(say("button.download", locale), "", url=url),)),
        )

    async def _kept(self) -> str:
        return await self.bench.clips.store(self.file, ZIP)


def _media_bytes(contents: Sequence[Entry]) -> int:
    """A zip of media is no smaller than they are."""
    return sum(entry.file.stat().st_size for entry in contents if entry.file)


def _card(film: Film, locale: str) -> Card:
    count, length = len(film.cut.pieces), duration(film.cut.seconds, locale)
    counted = say("film.one_shot", locale) if count == 1 else say("film.shots", locale, count=count)
    return Card(
        title=say("export.title", locale, title=film.cut.title),
        lines=(say("export.line", locale),),
        facts=(length, counted),
    )


async def _answer(bench: Bench, wish: Wish, card: Card) -> None:
    await bench.poster(wish.address).answer(wish.address, wish.id, card)
