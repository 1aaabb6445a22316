"""The cutting bench: what lies on it, and how a stored film gets its clip. Outside transactions, once per content.

A film that was decided becomes a clip here: its takes are joined (`ports.CuttingRoom.film`), the clip is stored with a still, and
the film's row names it. Where another film of the production is the very same, its clip is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.asking import Desk
from bot.cut import Cut
from bot.cutting import made_before
from bot.errors import DeliveryFault
from bot.errors_film import ClipGone, UnknownFilm
from bot.film import Clip, Film, Take
from bot.fitting import Fitter
from bot.people import Address
from bot.ports import Backends, Clips, Clock, CuttingRoom, Drawing, Gate, Poster, Work, WorkFactory
from bot.states import Job

MP4: Final = ".mp4"


@dataclass(frozen=True)
class Bench:
    """All that is needed to make something of finished clips, and to post it."""

    work: WorkFactory
    backends: Backends
    posters: Mapping[str, Poster]
    clock: Clock
    desk: Desk
    clips: Clips
    gate: Gate
    cutting: CuttingRoom
    drawing: Drawing
    fitter: Fitter

    def poster(self, address: Address) -> Poster:
        """The poster of that platform. Raises `DeliveryFault` where this process has none."""
        poster = self.posters.get(address.platform)
        if poster is None:
            raise DeliveryFault(f"no poster for {address.platform} in this process")
        return poster

    async def film(self, film_id: str) -> Film:
        """As it is stored. Raises `UnknownFilm`."""
        async with self.work() as w:
            film = await w.films.get(film_id)
        if film is None:
            raise UnknownFilm
        return film

    async def files(self, cut: Cut) -> list[Path]:
        """The clips of its pieces, in their order. Raises `ClipGone`."""
        found = {piece.clip: await self.clips.path(piece.clip) for piece in cut.pieces}
        files: list[Path] = []
        for piece in cut.pieces:
            path = found[piece.clip]
            if path is None:
                raise ClipGone(take=piece.slate)
            files.append(path)
        return files

    async def joined(self, film: Film) -> Film:
        """The film with its clip, made now where it has none. Raises `ClipGone`, `MediaFault` or `DiskFull`."""
        if film.clip and await self.clips.path(film.clip.digest):
            return film
        clip = await self._clip_of_the_same(film) or await self._made(film)
        async with self.work() as w:
            await w.films.set_clip(film.id, clip)
        return replace(film, clip=clip)

    async def _clip_of_the_same(self, film: Film) -> Clip | None:
        async with self.work() as w:
            same = made_before(await w.films.of(film.production), film.cut)
        return same.clip if same and same.clip and await self.clips.path(same.clip.digest) else None

    async def _made(self, film: Film) -> Clip:
        files = await self.files(film.cut)
        async with self.clips.scratch() as folder:
            made, still = folder / f"film{MP4}", folder / "still.jpg"
            await self.cutting.film(film.cut, files, made)
            size = (await asyncio.to_thread(made.stat)).st_size
            footage = await self.gate.footage(made)
            await self.gate.poster(made, still)
            poster = await self.clips.store(still, ".jpg")
            digest = await self.clips.store(made, MP4)
        return Clip(digest, footage.media_type, size, footage.seconds, footage.width, footage.height, poster)


@dataclass(frozen=True)
class Account:
    """What a film is made of, and what that cost."""

    takes: Sequence[Take]
    """All takes of its shots, in the order of their slates."""
    jobs: Mapping[str, Job]
    """By take."""

    @property
    def cost(self) -> int | None:
        """Micro-dollars, retakes included; None where nobody knows."""
        spent = [job.spent for job in self.jobs.values()]
        return None if None in spent else sum(each or 0 for each in spent)


async def account_of(w: Work, film: Film) -> Account:
    """Read it."""
    takes = await w.takes.of_production(film.production)
    used = {piece.take for piece in film.cut.pieces}
    shots = {take.shot for take in takes if take.id in used}
    of_them = [take for take in takes if take.shot in shots]
    return Account(of_them, await w.jobs.of_takes([take.id for take in of_them]))
