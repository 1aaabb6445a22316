"""From a card that asks for a picture to one that has it: drawn outside transactions, kept in the clip store, once per content.

A card as a handler leaves it says *what* is to be drawn (``lineage:<take>``, ``shot_card:<take>``, ``palette:<take>``), which
survives a crash with the stored answer; as it is posted, it names the picture by its digest. Where none can be drawn, the
words go alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import verdicts
from bot.asking import Answer, Ask, Desk, find_take
from bot.camera import camera_of
from bot.cards import Card
from bot.drawings import Lineage, ShotCard
from bot.errors import MediaFault, TakeNotFinished, ThroughlineError
from bot.film import Shape, Take
from bot.lineage import drawn, family_of, may_see
from bot.paperwork import Wish
from bot.ports import Clips, Drawing, Work, WorkFactory
from bot.rewording import own_words
from bot.states import Job
from bot.swatches import named
from bot.takecard import backend_name
from bot.text import duration, say

log = logging.getLogger("throughline.drawing")

LINEAGE: Final = "lineage"
PALETTE: Final = "palette"
SHOT_CARD: Final = verdicts.ShotCard.name
PATIENCE: Final = 20.0
"""Seconds after which the words go without the picture."""
KEPT: Final = 500
"""So many pictures are remembered as drawn."""
EDITION: Final = 1
"""Raised when the same content is drawn in another way."""
SUFFIX: Final = ".jpg"
NEARLY: Final = 0.03
"""How far a clip may be from a shape that it is said to have."""


def lineage_of(take: Take) -> str:
    """What `Card.picture` says to have the take's lineage drawn."""
    return f"{LINEAGE}:{take.id}"


def palette_of(take: Take) -> str:
    """What `Card.picture` says to have the colours of the take's clip drawn; nothing where it has none."""
    return f"{PALETTE}:{take.id}" if take.clip else ""


async def shot_card(desk: Desk, w: Work, ask: Ask, wish: verdicts.ShotCard) -> Answer:
    """The take on one card, a picture of few words. Raises `TakeNotFinished` while there is nothing to show."""
    take = await find_take(w, ask, wish.take)
    if take.clip is None:
        raise TakeNotFinished(take=str(take.slate))
    return Answer(Card(title=str(take.slate), picture=f"{SHOT_CARD}:{take.id}", take=take.id))


@dataclass
class DrawingBoard:
    """Has pictures drawn for cards."""

    work: WorkFactory
    clips: Clips
    drawing: Drawing
    _drawn: OrderedDict[str, str] = field(default_factory=OrderedDict)
    """Content → digest of its picture."""

    async def finished(self, wish: Wish, card: Card) -> tuple[Card, Path | None]:
        """The wish's answer with its picture, and where that lies; the words alone where there is none. Never raises."""
        digest, path = "", None
        try:
            async with asyncio.timeout(PATIENCE):
                digest = await self._picture(wish, card.picture)
                path = await self.clips.path(digest) if digest else None
        except (ThroughlineError, TimeoutError) as fault:
            log.warning("%s was not drawn: %s", card.picture, str(fault) or "it took too long")
        except Exception:
            log.exception("%s was not drawn", card.picture)
        return replace(card, picture=digest if path else ""), path

    async def _picture(self, wish: Wish, asked: str) -> str:
        kind, _, take_id = asked.partition(":")
        async with self.work() as w:
            take = await w.takes.get(take_id)
            if take is None or not may_see(take, wish.member, wish.address):
                return ""
            content = await self._content(w, kind, take, wish)
        clip = take.clip.digest if take.clip and kind != LINEAGE else ""
        plain = content if isinstance(content, str) else content.to_dict()
        key = hashlib.sha256(json.dumps([EDITION, kind, plain, clip]).encode()).hexdigest()
        return await self._known(key) or await self._store(key, content, clip)

    async def _known(self, key: str) -> str:
        """The digest of a picture of this content that is still there."""
        digest = self._drawn.get(key, "")
        return digest if digest and await self.clips.path(digest) else ""

    async def _content(self, w: Work, kind: str, take: Take, wish: Wish) -> ShotCard | Lineage | str:
        """What is drawn, as data; of a palette, whose colours only its clip knows, the language of their names."""
        if kind == PALETTE:
            return wish.address.locale
        return await (self._card if kind == SHOT_CARD else self._lineage)(w, take, wish)

    async def _store(self, key: str, content: ShotCard | Lineage | str, clip: str) -> str:
        async with self.clips.scratch() as folder:
            into = folder / f"drawn{SUFFIX}"
            await self._draw(content, await self.clips.path(clip) if clip else None, into)
            digest = await self.clips.store(into, SUFFIX)
        self._drawn[key] = digest
        if len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return digest

    async def _draw(self, content: ShotCard | Lineage | str, clip: Path | None, into: Path) -> None:
        if isinstance(content, ShotCard):
            await self.drawing.shot_card(content, clip, into)
        elif isinstance(content, Lineage):
            wanted = {branch.still for branch in content.branches if branch.still}
            stills = {digest: path for digest in wanted if (path := await self.clips.path(digest))}
            await self.drawing.lineage(content, stills, into)
        elif clip is None:
            raise MediaFault("the clip is gone")
        else:
            await self.drawing.palette_strip(named(await self.drawing.palette(clip), content), into)

    async def _lineage(self, w: Work, take: Take, wish: Wish) -> Lineage:
        return drawn(await family_of(w, take, wish.member, wish.address), wish.address.locale)

    async def _card(self, w: Work, take: Take, wish: Wish) -> ShotCard:
        locale = wish.address.locale
        shot = await w.productions.shot(take.shot)
        production = await w.productions.get(shot.production) if shot else None
        job = await w.jobs.of_take(take.id)
        return ShotCard(
            slate=str(take.slate),
            circled=take.circled,
            title=production.title if production else "",
            words=own_words(take),
            moments=(say("shot_card.first", locale), say("shot_card.middle", locale), say("shot_card.last", locale)),
            looked=_looked(take, locale),
            facts=(filmed_by(job, locale), _measures(take, job.filmed_at if job else None, locale)),
            comma=say("list.comma", locale),
            ratio=take.clip.width / take.clip.height if take.clip else 16 / 9,
        )


def _looked(take: Take, locale: str) -> tuple[tuple[str, str], ...]:
    camera, comma = camera_of(take.brief), say("list.comma", locale)
    named = (("spine.lens", camera.lens), ("spine.light", camera.light), ("shot_card.move", camera.move))
    return tuple((say(key, locale), comma.join(pieces)) for key, pieces in named if pieces)


def filmed_by(job: Job | None, locale: str) -> str:
    """How far it is on the way to the film, and what filmed it: ``final, sora-2-pro``; an animatic is its own stage."""
    if job is None:
        return ""
    model = (job.model or backend_name(job.backend, locale)).rpartition("/")[2]
    stage = say(f"choice.{job.stage}", locale) if job.stage else ""
    return say("list.comma", locale).join(dict.fromkeys(filter(None, (stage, model))))


def _measures(take: Take, filmed_at: float | None, locale: str) -> str:
    """Length, shape and day."""
    seconds = take.clip.seconds if take.clip else take.brief.seconds
    facts = (duration(seconds, locale) if seconds else "", _shape(take), day(filmed_at or take.created_at, locale))
    return say("list.comma", locale).join(filter(None, facts))


def _shape(take: Take) -> str:
    """The shape asked for, else the one that the clip has, if it has one of them."""
    if take.brief.shape or take.clip is None:
        return take.brief.shape.label if take.brief.shape else ""
    ratio = take.clip.width / take.clip.height
    return next((shape.label for shape in Shape if abs(shape.ratio[0] / shape.ratio[1] / ratio - 1) < NEARLY), "")


def day(at: float, locale: str) -> str:
    """The day of a time (seconds since the epoch) in UTC: ``20 Nov 2026``."""
    when = datetime.fromtimestamp(at, UTC)
    months = say("date.months", locale).split()
    return say("date.short", locale, day=when.day, month=months[when.month - 1], year=when.year)
