"""What a shot's words contradict of the shots before, noted on its brief so that its card can point it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import ledger
from bot.brief import Brief, Note
from bot.contradictions import find
from bot.film import Shot
from bot.ports import Work

WAS: Final = "was"
"""Key of that note: kind, what was, what these words make of it, the shot since which it was so."""
MOST: Final = 2
"""So many are pointed out."""


async def noticed(w: Work, last: Shot | None, words: str, unstored: Sequence[Shot] = ()) -> tuple[Note, ...]:
    """What these words contradict of the shot before; most often nothing, and then nothing is looked up.

    `unstored`: shots of the production up to the last that are only planned.
    """
    clashes = find(last.facts, words)[:MOST] if last is not None else ()
    if last is None or not clashes:
        return ()
    stored = [shot for shot in await w.productions.shots(last.production) if shot.created_at <= last.created_at]
    shots = [*stored, *unstored]
    said = ((clash, ledger.name(ledger.since(shots, clash.kind))) for clash in clashes)
    return tuple(
        Note(WAS, (("kind", clash.kind.value), ("old", clash.old), ("new", clash.new), ("shot", shot)))
        for clash, shot in said
    )


def contradicted(brief: Brief) -> Sequence[tuple[str, str]]:
    """(kind, what was) of everything that the take's card points out."""
    notes = (dict(note.params) for note in brief.notes if note.key == WAS)
    return tuple((str(note["kind"]), str(note["old"])) for note in notes)
