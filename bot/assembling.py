"""The commands about a whole film: film, check, export, sheet, arrange, reshoot.

What takes time to make is only decided here, in the one transaction that the handler is given: the answer says what is to be made
(`Card.makes`), and `bot.editing` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot import checking, filming
from bot.asking import Answer, Ask, Desk, find_take
from bot.assembly import Arrange, Check, Export, Reshoot, Sheet
from bot.assembly import Film as FilmCommand
from bot.cards import Card
from bot.commands import Retake
from bot.cut import Cut
from bot.cutting import cut_of, made_before, reel_in_hand, reel_of, shots_named, takes_of
from bot.errors_film import NothingToCut, NotInFilm, OneShotOnly, UnknownCheck, UnknownFilm
from bot.film import Film, Take, new_id
from bot.paperwork import Wish
from bot.ports import Work
from bot.states import Job
from bot.text import say


async def film(desk: Desk, w: Work, ask: Ask, wish: FilmCommand) -> Answer:
    """The circled takes as one film; it costs nothing. Raises `NothingToCut`, `NotInFilm`, `FilmTooLong`."""
    reel = await reel_in_hand(w, ask)
    cut = cut_of(reel, takes_of(reel, wish.order), wish.transition)
    made = await _decided(w, ask, reel.production.id, cut)
    return Answer(Card(title=cut.title, makes=f"film:{made.id}"))


async def export(desk: Desk, w: Work, ask: Ask, wish: Export) -> Answer:
    """A film for an editor: that one, or the shots as they stand. Raises what `film` raises, and `UnknownFilm`."""
    if wish.film:
        return Answer(Card(makes=f"export:{(await find_film(w, ask, wish.film)).id}"))
    reel = await reel_in_hand(w, ask)
    cut = cut_of(reel, takes_of(reel), wish.transition)
    same = made_before(await w.films.of(reel.production.id), cut)
    made = same or await _decided(w, ask, reel.production.id, cut)
    return Answer(Card(title=cut.title, makes=f"export:{made.id}"))


async def sheet(desk: Desk, w: Work, ask: Ask, wish: Sheet) -> Answer:
    """The contact sheet of a film. Raises `UnknownFilm`."""
    return Answer(Card(makes=f"sheet:{(await find_film(w, ask, wish.film)).id}"))


async def arrange(desk: Desk, w: Work, ask: Ask, wish: Arrange) -> Answer:
    """Put shots of the production in hand into the order of the film; those that are not named follow by their slates.

    Raises `NothingToCut` where there is no production, `NotInFilm` for a name of no shot.
    """
    session = await w.sessions.get(ask.member.id, ask.place)
    production = await w.productions.get(session.production) if session.production else None
    if production is None or production.member != ask.member.id:
        raise NothingToCut
    await w.productions.arrange(production.id, shots_named(await reel_of(w, production), wish))
    return Answer()


async def check(desk: Desk, w: Work, ask: Ask, wish: Check) -> Answer:
    """How well the shots match. Raises `NothingToCut`, `OneShotOnly`, or `UnknownTake` and `NotInFilm` for the anchor."""
    reel = await reel_in_hand(w, ask)
    takes = list(takes_of(reel))
    anchor = await find_take(w, ask, wish.take) if wish.take else None
    if anchor is not None and anchor.id not in {take.id for take in takes}:
        if anchor.clip is None or anchor.shot not in {shot.id for shot in reel.shots}:
            raise NotInFilm(shot=str(anchor.slate))
        takes = [anchor if take.shot == anchor.shot else take for take in takes]
        takes = takes if anchor in takes else [anchor, *takes]
    if len(takes) < 2:
        raise OneShotOnly
    asked = checking.Asked(anchor.id if anchor else "", tuple(take.id for take in takes))
    return Answer(Card(title=reel.production.title, makes=asked.makes))


async def reshoot(desk: Desk, w: Work, ask: Ask, wish: Reshoot) -> Answer:
    """A retake of each take that a check found to be off; tapped twice it films once.

    What was filmed again since, and did not fail, is left alone. Raises `UnknownCheck`, and what a retake raises.
    """
    stored = await w.wishes.get(wish.check)
    if stored is None or stored.member.id != ask.member.id or stored.address.place != ask.place:
        raise UnknownCheck
    off = await checking.found_off(w, stored)
    if not off:
        return Answer(Card(lines=(say("reshoot.nothing", ask.locale),)))
    due = [take for take in off if not await _filmed_since(w, take, stored.at)]
    jobs = [(await filming.retake(desk, w, ask, Retake(take=take.id))).job for take in due]
    return Answer(job=jobs[0]) if jobs else Answer(Card(lines=(say("reshoot.underway", ask.locale),)))


async def reshot_with(w: Work, wish: Wish, job: Job) -> Sequence[Job]:
    """The jobs that one re-shoot booked, that one among them, in the order of the film."""
    stored = await w.wishes.get(str(wish.command["values"]["check"]))
    off = await checking.found_off(w, stored) if stored else ()
    again = await w.takes.made_from([take.id for take in off])
    jobs = await w.jobs.of_takes([take.id for take in again if take.created_at == job.created_at])
    return [jobs[take.id] for take in again if take.id in jobs] or [job]


async def find_film(w: Work, ask: Ask, name: str) -> Film:
    """A film by its id. Raises `UnknownFilm`; films elsewhere are unknown, but for a member's own in a direct conversation."""
    found = await w.films.get(name.strip())
    if found is None:
        raise UnknownFilm
    mine_alone = found.member == ask.member.id and ask.address.direct
    if found.place != ask.place and not mine_alone:
        raise UnknownFilm
    return found


async def _decided(w: Work, ask: Ask, production: str, cut: Cut) -> Film:
    made = Film(new_id(), production, ask.member.id, ask.place, cut, ask.now)
    await w.films.add(made)
    return made


async def _filmed_since(w: Work, take: Take, at: float) -> bool:
    """Whether there is a later take of its shot that is there, or on its way."""
    later = [each for each in await w.takes.of_shot(take.shot) if each.created_at > at and each.id != take.id]
    jobs = await w.jobs.of_takes([each.id for each in later])
    return any(each.clip or (job := jobs.get(each.id)) is None or not job.state.ended for each in later)
