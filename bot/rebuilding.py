"""A film from its ``film.json`` again: every take of it booked once more, its brief word for word, on whatever backend is chosen.

What the chosen backend does not film (a length, a tier) goes to the nearest that it does, as with a retake elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import offering
from bot.asking import Ask, Desk, open_production
from bot.backends import split_choice
from bot.booking import TICK, Booking, book, known_price
from bot.brief import Brief
from bot.continuity import Facts
from bot.errors import Declined
from bot.errors_film import InShot
from bot.exporting.film_json import FilmFile, FilmShot, brief_of
from bot.film import Shot, Slate, new_id
from bot.ports import Work
from bot.states import Job
from bot.text import explain


@dataclass(frozen=True)
class Again:
    """One take of the file, as it would be filmed now."""

    shot: FilmShot
    brief: Brief
    price: int | None
    """Micro-dollars; None: nobody knows."""
    seconds: int | None


def quote(desk: Desk, ask: Ask, film: FilmFile) -> tuple[Again, ...]:
    """Every take of it once, with its price. Raises what is wrong, with the slate."""
    choice = desk.choose(None)
    return tuple(_again(desk, ask, choice, film, shot) for shot in film.shots)


def _again(desk: Desk, ask: Ask, choice: str, film: FilmFile, shot: FilmShot) -> Again:
    caps = ask.capabilities[choice]
    same = shot.filmed.backend == split_choice(choice)[0]
    brief = offering.adapted(caps, brief_of(film, shot, chance=same))
    try:
        offering.must_film(ask.capabilities, choice, brief, ask.now)
    except Declined as fault:
        raise InShot(shot=shot.slate, why=explain(fault, ask.locale)) from fault
    return Again(shot, brief, known_price(desk, ask, choice, brief), brief.seconds or caps.usual_length)


async def film(desk: Desk, w: Work, ask: Ask, board: str, wanted: FilmFile) -> Sequence[Job]:
    """Book all takes, in the order of the file, as a production of their own; `board`: what their jobs are known by together."""
    production = await open_production(w, ask, wanted.title.strip() or "film.json")
    choice = desk.choose(None)
    shots: dict[str, Shot] = {}
    jobs: list[Job] = []
    for nth, again in enumerate(quote(desk, ask, wanted)):
        slate = Slate.read(again.shot.slate)
        then = replace(ask, now=ask.now + TICK * nth)
        shot = shots.get(slate.shot_name)
        if shot is None:
            shot = Shot(new_id(), production.id, slate.scene, slate.shot, again.shot.words, Facts(), then.now)
            shots[slate.shot_name] = shot
            await w.productions.add_shot(shot)
        booking = Booking(
            production=production,
            shot=shot,
            brief=again.brief,
            backend=choice,
            change=again.shot.change,
            agreed=True,
            board=board,
        )
        jobs.append(await book(desk, w, then, booking))
    return jobs
