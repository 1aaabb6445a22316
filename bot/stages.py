"""From animatic to draft to final with the same brief; several takes of one idea at once; and the tap that a price waits for.

Nothing here spends money unasked: a final, and whatever costs more than the operator's line, is booked as waiting for its
member's word (`bot.booking`), and several takes are an idea (`bot.ideas`) until the tap on their whole price.
"""

from __future__ import annotations

from dataclasses import replace

from bot import budget, filming, offering, promotion
from bot.appearing import known_there
from bot.asking import Answer, Ask, Desk, find_take, latest, must_own
from bot.backends import split_choice
from bot.booking import Booking, agree, book, is_over, known_price, let_go
from bot.brief import Brief
from bot.cards import Card
from bot.commands import Stage, Takes
from bot.delivery import take_view
from bot.errors import BackendPaused, FinalAlready, NothingToApprove, NotYoursToFilm, UnknownBackend
from bot.film import Slate, Take
from bot.ports import Work
from bot.session import credited
from bot.states import Job, State
from bot.takecard import take_card
from bot.text import money, say
from bot.verdicts import Approve, Draft, Final

SEEDS = 2**31


async def final(desk: Desk, w: Work, ask: Ask, wish: Final) -> Answer:
    """The take's brief on the final model, once its price is agreed to; asked for twice, it is the same question."""
    choice = desk.choose_final()
    source = await find_take(w, ask, wish.take) if wish.take else await latest(w, ask)
    must_own(ask, source)
    waiting = await _asked_already(w, source)
    if waiting is not None:
        view = await take_view(w, waiting, desk.readers)
        return Answer(replace(take_card(view, ask.now, ask.locale), revision=0))
    job = await w.jobs.of_take(source.id)
    if job is not None and job.stage == Stage.FINAL and (job.state is State.DONE or not job.state.ended):
        raise FinalAlready(take=str(source.slate))
    return await _promote(desk, w, ask, source, (choice, Stage.FINAL))


async def draft(desk: Desk, w: Work, ask: Ask, wish: Draft) -> Answer:
    """The take's brief on the default model: its price was on the button."""
    source = await find_take(w, ask, wish.take)
    must_own(ask, source)
    return await _promote(desk, w, ask, source, (desk.choose(None), Stage.DRAFT))


async def approve(desk: Desk, w: Work, ask: Ask, wish: Approve) -> Answer:
    """Film what waits for its member's word; tapped twice, or by two at once, it is filmed once."""
    take = await find_take(w, ask, wish.take)
    if take.member != ask.member.id:
        raise NotYoursToFilm(take=str(take.slate))
    job = await w.jobs.of_take(take.id)
    assert job is not None  # made in the same transaction as the take
    if job.state is not State.AWAITING_APPROVAL:
        if job.state.ended and job.state is not State.DONE:
            raise NothingToApprove(take=str(take.slate))
        return Answer(job=job.id)
    if is_over(job, ask.now):
        await let_go(w, job, ask.now, unanswered=True)
        return Answer(job=job.id)
    price = _price_now(desk, ask, job, take.brief)
    if price == job.price:
        await agree(desk, w, job, ask.now)
        return Answer(job=job.id)
    await w.jobs.note(job.id, State.AWAITING_APPROVAL, price=price)
    changed = say("approve.changed", ask.locale, price=money(price, ask.locale))
    return Answer(Card(lines=(changed,)), job.id)


async def film_takes(desk: Desk, w: Work, ask: Ask, wish: Takes) -> Answer:
    """All of them, of one new shot, or none: each with a chance of its own. The idea's card says that they are on their way."""
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now, wish.count)
    plan = await filming.planned(desk, w, ask, wish)
    first = replace(await filming.next_shot(w, ask, plan, wish), agreed=True, batch=wish.count)
    each = [replace(first, brief=_with_chance(plan.brief, nth)) for nth in range(wish.count)]
    jobs = [await book(desk, w, ask, booking) for booking in each]
    slate = Slate(first.shot.scene, first.shot.number)
    told = say("takes.filming", ask.locale, count=wish.count, shot=str(slate))
    return Answer(Card(lines=(told,), replaces=True), jobs[0].id)


def _with_chance(brief: Brief, nth: int) -> Brief:
    """A chance that the member set is counted on from; one that nobody set is every job's own."""
    return brief if brief.seed is None else replace(brief, seed=(brief.seed + nth) % SEEDS)


async def _promote(desk: Desk, w: Work, ask: Ask, source: Take, to: tuple[str, Stage]) -> Answer:
    choice, stage = to
    caps = ask.capabilities[choice]
    brief = promotion.brief_for(desk, stage, caps, source.brief)
    if brief.cast:
        brief = known_there(ask.capabilities, choice, brief, await credited(w, brief))
    told = tuple(note for note in ask.told if note not in brief.notes)
    brief = offering.noted(caps, replace(brief, notes=(*told, *brief.notes)), "")
    offering.must_film(ask.capabilities, choice, brief, ask.now)
    production, shot = await filming.shot_of(w, ask, source)
    booking = Booking(
        production=production,
        shot=shot,
        brief=brief,
        backend=choice,
        stage=stage,
        made_from=source,
        change=source.change,
    )
    return Answer(job=(await book(desk, w, ask, booking)).id)


async def picture_of(desk: Desk, w: Work, ask: Ask, wish: Final | Draft) -> tuple[str | None, str]:
    """The picture that the take would start from, and where it would be sent. Raises as the commands themselves do."""
    source = await find_take(w, ask, wish.take) if wish.take else await latest(w, ask)
    choice = desk.choose_final() if isinstance(wish, Final) else desk.choose(None)
    return source.brief.reference, choice


async def _asked_already(w: Work, source: Take) -> Job | None:
    """The final of this take that waits for its member's word, or the take itself if that is what it is."""
    takes = [take for take in await w.takes.of_shot(source.shot) if source.id in (take.id, take.made_from)]
    jobs = await w.jobs.of_takes([take.id for take in takes])
    waiting = (job for job in jobs.values() if job.state is State.AWAITING_APPROVAL and job.stage == Stage.FINAL)
    return next(waiting, None)


def _price_now(desk: Desk, ask: Ask, job: Job, brief: Brief) -> int | None:
    """What was booked, as it would be filmed now. Raises what stands in its way meanwhile."""
    backend, _ = split_choice(job.choice)
    if backend not in ask.capabilities:
        raise UnknownBackend(backend=job.choice, backends=", ".join(desk.offered))
    if backend in desk.paused:
        raise BackendPaused(backend=job.choice, backends=", ".join(desk.offered))
    offering.must_film(ask.capabilities, job.choice, brief, ask.now)
    return known_price(desk, ask, job.choice, brief)
