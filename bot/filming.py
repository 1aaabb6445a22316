"""The commands that film, and those about one take: generate, remix, retake, extend, circle, drop, cancel.

Filming happens at once: shot, take, brief, job, reservation and the engine's ticket are made in the one transaction that the
handler is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot import budget, continuity, lint_card, offering
from bot.appearing import appearing, known_there, twice_named
from bot.asking import Answer, Ask, Desk, find_take, latest, must_own, production_in_hand
from bot.backends import split_choice
from bot.booking import Booking, book, let_go
from bot.brief import Brief, compile_brief
from bot.capabilities import Capabilities, Tier
from bot.cast import CastMember, named_in
from bot.commands import Cancel, Circle, Drop, Edit, Extend, Generate, Remix, Retake, Scene, Stage, TakeUp
from bot.continuity import Facts, Kind
from bot.errors import (
    ExtendNotOffered,
    NothingToCancel,
    NothingToRemix,
    UnknownField,
)
from bot.film import Production, Shot, Take, chance_of, new_id
from bot.levels import Look
from bot.noticing import noticed
from bot.picks import joined
from bot.pictures import in_words, left_out
from bot.ports import Work
from bot.remixing import base_of, facts_remixed, remixed
from bot.rewording import facts_after, is_remix, own_words, reworded, words_of
from bot.session import Company, company_of, credited, frozen_first, look_of
from bot.states import UNDERWAY, Job, State

LINEAGE_MAX: Final = 50
"""So many takes are followed back."""


@dataclass(frozen=True)
class Plan:
    """What a wish would send now, and what it would leave to the next shot; nothing of it is stored."""

    backend: str
    """A choice: the backend, or one of its models (`bot.backends`)."""
    brief: Brief
    facts: Facts
    last: Shot | None
    """The shot made last in the production in hand."""
    words: str
    """The member's words as they are sent and shown."""


@dataclass(frozen=True)
class Before:
    """What a shot goes on from: look and company of its member there, and the shot made last in the production in hand."""

    look: Look
    company: Company
    last: Shot | None
    unstored: tuple[Shot, ...] = ()
    """Shots up to the last that are only planned (`bot.storyboards`)."""


async def so_far(w: Work, ask: Ask) -> Before:
    """What the next shot of the production in hand goes on from."""
    session = await w.sessions.get(ask.member.id, ask.place)
    last = await w.productions.last_shot(session.production) if session.production else None
    member, address = ask.member.id, ask.address
    return Before(await look_of(w, member, address), await company_of(w, member, address), last)


async def planned(desk: Desk, w: Work, ask: Ask, wish: Generate, after: Before | None = None) -> Plan:
    """The next shot of the production in hand as it would be filmed now. Raises what is wrong with it."""
    backend = desk.films(wish.stage, wish.model)
    after = after or await so_far(w, ask)
    last, company = after.last, after.company
    chained = last if last and wish.carry and wish.scene is not Scene.NEW else None
    here = appearing(wish.prompt, company.everybody, chained.facts if chained else Facts())
    brief = compile_brief(
        here.words,
        spine=after.look.spine,
        cast=here.cast,
        undressed=here.undressed,
        kept=here.carried.kept,
        seconds=wish.seconds,
        shape=wish.shape,
        seed=wish.seed,
        reference=wish.image,
    )
    caps = ask.capabilities[backend]
    brief = known_there(ask.capabilities, backend, brief, here.cast)
    brief = offering.with_options(caps, brief, wish.resolution or _tier(desk, wish, caps), wish.sound)
    offering.must_film(ask.capabilities, backend, brief, ask.now)
    clashes = await noticed(w, chained, here.words, after.unstored)
    told = (*ask.told, *twice_named(here.cast, company.shared), *clashes)
    brief = offering.noted(caps, replace(brief, notes=told), wish.prompt)
    return Plan(backend, brief, here.carried.facts, last, here.words)


def _tier(desk: Desk, wish: Generate, caps: Capabilities) -> Tier | None:
    """The tier of finals, where the member names none."""
    final = wish.stage is Stage.FINAL and desk.final_resolution in caps.resolutions
    return Tier(desk.final_resolution) if final else None


async def generate(
    desk: Desk, w: Work, ask: Ask, wish: Generate, *, posted: str | None = None, agreed: bool = False
) -> Answer:
    """The next shot of the production in hand. `posted`: the message that becomes the take's card; `agreed`: see `Booking`."""
    plan = await planned(desk, w, ask, wish)
    booking = replace(await next_shot(w, ask, plan, wish), posted=posted, agreed=agreed)
    return Answer(job=(await book(desk, w, ask, booking)).id)


async def next_shot(w: Work, ask: Ask, plan: Plan, wish: Generate) -> Booking:
    """The next shot of the production in hand, made, and a take of it to be booked."""
    _, production = await production_in_hand(w, ask)
    new_scene = wish.scene is Scene.NEW
    shot = await add_shot(
        w, production, plan.last, new_scene=new_scene, words=plan.words, facts=plan.facts, now=ask.now
    )
    stage = wish.stage if wish.stage is Stage.FINAL else None
    return Booking(production=production, shot=shot, brief=plan.brief, backend=plan.backend, stage=stage)


async def remix(desk: Desk, w: Work, ask: Ask, wish: Remix) -> Answer:
    """The same shot with one change. Somebody else's take comes with its own spine, into the remixer's production."""
    source = await find_take(w, ask, wish.take) if wish.take else await latest(w, ask)
    cast = await _cast_for(w, ask, source)
    named = named_in(joined(wish.change, wish.picks, words_of(source.brief)), cast)
    brief = remixed(source.brief, named.words, named.cast)
    return await _again(desk, w, ask, source, brief, change=named.words, cast=cast)


async def edit(desk: Desk, w: Work, ask: Ask, wish: Edit) -> Answer:
    """The same shot with other words, as a new take: `bot.rewording` says which words they replace.

    A picture that was refused is left out: words are the road that remains.
    """
    source = await find_take(w, ask, wish.take)
    before = in_words(source.brief, await w.jobs.of_take(source.id))
    cast = await _cast_for(w, ask, source)
    brief = reworded(before, wish.prompt, cast, await _remixed_from(w, source))
    return await _again(desk, w, ask, source, brief, change=named_in(wish.prompt, cast).words, cast=cast)


async def take_up(desk: Desk, w: Work, ask: Ask, wish: TakeUp) -> Answer:
    """The same shot with one of the linter's offers put in, as a new take. Raises `OfferGone`."""
    source = await find_take(w, ask, wish.take)
    job = await w.jobs.of_take(source.id)
    offers = lint_card.offers_of(source, job.seconds if job else source.brief.seconds)
    words, offer = lint_card.put_in(own_words(source), offers, wish.offer)
    before = in_words(source.brief, job)
    before = replace(before, seconds=offer.seconds) if offer.seconds else before
    cast = await _cast_for(w, ask, source)
    brief = reworded(before, words, cast, await _remixed_from(w, source))
    return await _again(desk, w, ask, source, brief, change=named_in(words, cast).words, cast=cast)


async def _remixed_from(w: Work, take: Take) -> Brief | None:
    """What a remix was made of, however often it was taken again or put otherwise since; None where that cannot be told."""
    ancestors: list[Take] = []
    above = take.made_from
    while above is not None and len(ancestors) < LINEAGE_MAX and above not in {each.id for each in ancestors}:
        found = await w.takes.get(above)
        ancestors += [found] if found else []
        above = found.made_from if found else None
    return base_of(take.brief, take.change, [each.brief for each in ancestors]) if is_remix(take.brief) else None


async def retake(desk: Desk, w: Work, ask: Ask, wish: Retake) -> Answer:
    """The same brief again, also in another shape; a fresh throw of the dice."""
    source = await find_take(w, ask, wish.take) if wish.take else await latest(w, ask)
    brief = replace(source.brief, seed=None, shape=wish.shape or source.brief.shape)
    films = await films_again(desk, w, source)
    return await _again(desk, w, ask, source, brief, change=source.change, films=films)


async def extend(desk: Desk, w: Work, ask: Ask, wish: Extend) -> Answer:
    """The shot after a clip, going on from its last frame: same words, same chance, the clock running on."""
    source = await find_take(w, ask, wish.take) if wish.take else await latest(w, ask)
    job = await w.jobs.of_take(source.id)
    shot = await w.productions.shot(source.shot)
    if source.clip is None or job is None or shot is None:
        raise NothingToRemix
    backend, stage = await films_again(desk, w, source)
    caps = ask.capabilities[backend]
    if not caps.extends or split_choice(backend)[0] != job.backend:
        raise ExtendNotOffered(backend=backend)
    said = replace(source.brief, seconds=wish.seconds or source.brief.seconds)
    brief = replace(
        offering.adapted(caps, said, length=wish.seconds is None),
        seed=chance_of(job.id) if source.brief.seed is None else source.brief.seed,
        starts_at=source.brief.starts_at + source.clip.seconds,
    )
    offering.must_film(ask.capabilities, backend, brief, ask.now)
    _, production = await production_in_hand(w, ask)
    last = await w.productions.last_shot(production.id)
    following = await add_shot(w, production, last, new_scene=False, words=shot.words, facts=shot.facts, now=ask.now)
    return await _roll(
        desk,
        w,
        ask,
        production=production,
        shot=following,
        brief=brief,
        backend=backend,
        stage=stage,
        made_from=source,
        change=source.change,
    )


async def circle(desk: Desk, w: Work, ask: Ask, wish: Circle) -> Answer:
    """Choose the take for its shot, or let it go; one circled take a shot."""
    take = await find_take(w, ask, wish.take)
    must_own(ask, take)
    for other in await w.takes.of_shot(take.shot):
        if other.circled and other.id != take.id:
            await w.takes.circle(other.id, False)
    await w.takes.circle(take.id, not take.circled)
    return Answer()


async def drop(desk: Desk, w: Work, ask: Ask, wish: Drop) -> Answer:
    """Take one thing out of what the take's shot hands on to the next."""
    take = await find_take(w, ask, wish.take)
    must_own(ask, take)
    if wish.kind not in {kind.value for kind in Kind}:
        raise UnknownField(field=wish.kind, fields=", ".join(Kind))
    shot = await w.productions.shot(take.shot)
    if shot is not None:
        await w.productions.save_shot(replace(shot, facts=continuity.without(shot.facts, Kind(wish.kind))))
    return Answer()


async def cancel(desk: Desk, w: Work, ask: Ask, wish: Cancel) -> Answer:
    """Stop a take: at once if it waits, else by a flag that its driver sees within two seconds."""
    job = await _job_to_cancel(w, ask, wish)
    if job.state is State.AWAITING_APPROVAL and await let_go(w, job, ask.now):
        return Answer(job=job.id)
    if job.state is State.RESERVED:
        moved = await w.jobs.move(job.id, job.state, State.CANCELLED, ended_at=ask.now)
        if moved:
            await budget.close(w, moved, ask.now)
            return Answer(job=moved.id)
    await w.jobs.ask_cancel(job.id)
    return Answer(job=job.id)


# ---------------------------------------------------------------- steps


async def add_shot(
    w: Work, production: Production, last: Shot | None, *, new_scene: bool, words: str, facts: Facts, now: float
) -> Shot:
    """The shot after the last one, or the first of the next scene."""
    shot = shot_after(last, production.id, new_scene=new_scene, words=words, facts=facts, now=now)
    await w.productions.add_shot(shot)
    return shot


def shot_after(last: Shot | None, production: str, *, new_scene: bool, words: str, facts: Facts, now: float) -> Shot:
    """The same, not stored."""
    scene, number = (1, 0) if last is None else (last.scene, last.number + 1)
    if last is not None and new_scene:
        scene, number = last.scene + 1, 0
    return Shot(new_id(), production, scene, number, words, facts, now)


async def _roll(desk: Desk, w: Work, ask: Ask, **wanted: Any) -> Answer:
    """Take and job, rolling at once or waiting for a tap on the price; see `booking.Booking`."""
    job = await book(desk, w, ask, Booking(**wanted))
    return Answer(job=job.id)


async def _again(
    desk: Desk,
    w: Work,
    ask: Ask,
    source: Take,
    brief: Brief,
    *,
    change: str,
    cast: Sequence[CastMember] = (),
    films: tuple[str, Stage | None] | None = None,
) -> Answer:
    """A further take of the source's shot; `change` is what it differs by from the shot's first words.

    `films`: choice and stage, where it is not simply the choice that filmed the source.
    """
    backend, stage = films or (await same_backend(desk, w, source), None)
    caps = ask.capabilities[backend]
    if brief.cast:
        brief = known_there(ask.capabilities, backend, brief, await credited(w, brief))
    brief = offering.noted(caps, offering.adapted(caps, brief), change if change != source.change else "")
    brief = left_out(source.brief, brief)
    offering.must_film(ask.capabilities, backend, brief, ask.now)
    production, shot = await shot_of(w, ask, source)
    if change != source.change:
        await _note_words(w, shot, source, brief, change, cast=cast)
    return await _roll(
        desk,
        w,
        ask,
        production=production,
        shot=shot,
        brief=brief,
        backend=backend,
        stage=stage,
        made_from=source,
        change=change,
    )


async def _cast_for(w: Work, ask: Ask, source: Take) -> tuple[CastMember, ...]:
    """Whom a change of the take may name: those in it as it describes them, then everybody else of the member's."""
    company = await company_of(w, ask.member.id, ask.address)
    return frozen_first(await credited(w, source.brief), company)


async def films_again(desk: Desk, w: Work, source: Take) -> tuple[str, Stage | None]:
    """The choice and the stage for the source's brief once more: of a final the final model, where there is one."""
    job = await w.jobs.of_take(source.id)
    if job is not None and job.stage == Stage.FINAL and desk.final:
        return desk.choose_final(), Stage.FINAL
    return await same_backend(desk, w, source), None


async def same_backend(desk: Desk, w: Work, source: Take) -> str:
    """The choice that filmed the source, while it is still offered; else its backend; else the default.

    Something new is a draft again, whatever it is made from.
    """
    job = await w.jobs.of_take(source.id)
    return desk.again(job.choice, job.wanted) if job and job.stage != Stage.FINAL else desk.default


async def shot_of(w: Work, ask: Ask, source: Take) -> tuple[Production, Shot]:
    """The source's own shot, if it is the member's; else a new shot of the member's production."""
    shot = await w.productions.shot(source.shot)
    assert shot is not None  # a take never outlives its shot
    if source.member == ask.member.id and source.place == ask.place:
        production = await w.productions.get(shot.production)
        assert production is not None
        return production, shot
    _, production = await production_in_hand(w, ask)
    last = await w.productions.last_shot(production.id)
    return production, await add_shot(
        w, production, last, new_scene=False, words=words_of(source.brief), facts=shot.facts, now=ask.now
    )


async def _note_words(
    w: Work, shot: Shot, source: Take, brief: Brief, words: str, *, cast: Sequence[CastMember]
) -> None:
    """What the shot hands on follows the words of its newest take."""
    remix = is_remix(brief)
    facts = (
        facts_remixed(shot.facts, words, source.brief) if remix else facts_after(shot.facts, source.brief, words, cast)
    )
    if facts != shot.facts:
        await w.productions.save_shot(replace(shot, facts=facts))


async def _job_to_cancel(w: Work, ask: Ask, wish: Cancel) -> Job:
    if wish.take:
        take = await find_take(w, ask, wish.take)
        must_own(ask, take)
        job = await w.jobs.of_take(take.id)
        if job is None or job.state.ended or not (job.state.underway or job.state.waiting):
            raise NothingToCancel
        return job
    mine = await w.jobs.of_member(ask.member.id, (State.AWAITING_APPROVAL, *UNDERWAY))
    here = [job for job in mine if job.address.place == ask.place]
    if not here:
        raise NothingToCancel
    return here[-1]
