"""How well the shots of a film match: measured once per clip, said in plain words, with what is off to be filmed again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.bench import Bench
from bot.cards import Card, Tone
from bot.cut import Cut
from bot.errors import MediaFault
from bot.film import Take
from bot.measures import EDITION, Measures
from bot.paperwork import Wish
from bot.ports import Work
from bot.text import say

log = logging.getLogger("throughline.editing")

CHECK: Final = "check"


@dataclass(frozen=True)
class Asked:
    """What is compared, as a stored answer says it (`Card.makes`)."""

    anchor: str
    """Id of the take that all are measured against; empty: each scene's first."""
    takes: tuple[str, ...]
    """In the order of the film."""

    @property
    def makes(self) -> str:
        """``check:<anchor>:<takes>``."""
        return f"{CHECK}:{self.anchor}:{','.join(self.takes)}"

    @classmethod
    def read(cls, what: str) -> Asked:
        """What stands behind ``check:``."""
        anchor, _, takes = what.partition(":")
        return cls(anchor, tuple(filter(None, takes.split(","))))


@dataclass(frozen=True)
class Verdict:
    """How a shot goes with its anchor."""

    name: str
    """``anchor``, ``matches``, ``slight`` or ``off``."""

    def word(self, locale: str) -> str:
        """The same, in a word."""
        return self.name


async def check(bench: Bench, wish: Wish, what: str) -> None:
    """Answer the wish with how well its shots match."""
    await bench.poster(wish.address).answer(
        wish.address, wish.id, Card(tone=Tone.FAILED, lines=(say("check.failed", wish.address.locale),))
    )


async def measured(bench: Bench, clips: Sequence[str]) -> Mapping[str, Measures]:
    """What is measured of these clips, by digest; each is measured once. What cannot be measured is not in it."""
    async with bench.work() as w:
        found = dict(await kept(w, clips))
    missing = [digest for digest in dict.fromkeys(clips) if digest not in found]
    fresh = await asyncio.gather(*(_measured(bench, digest) for digest in missing))
    return found | {digest: each for digest, each in zip(missing, fresh, strict=True) if each is not None}


async def kept(w: Work, clips: Sequence[str]) -> Mapping[str, Measures]:
    """Those that are measured already."""
    found = await w.measured.get(tuple(dict.fromkeys(clips)), EDITION)
    return {digest: Measures.from_dict(each) for digest, each in found.items()}


async def _measured(bench: Bench, digest: str) -> Measures | None:
    path = await bench.clips.path(digest)
    if path is None:
        return None
    try:
        found = await bench.cutting.measure(path)
    except MediaFault as fault:
        log.warning("a clip was not measured: %s", fault.reason)
        return None
    async with bench.work() as w:
        await w.measured.put(digest, EDITION, found.to_dict())
    return found


async def known(w: Work, cut: Cut) -> Mapping[int, Verdict]:
    """How the edits of a film go with their anchors, by number, as far as they are measured already."""
    return {}


async def found_off(w: Work, stored: Wish) -> Sequence[Take]:
    """The takes that a check found to be off, in the order of the film. Raises `UnknownCheck`."""
    return ()
