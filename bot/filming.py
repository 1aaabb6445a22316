"""The commands that film, and those about one take: generate, remix, retake, extend, circle, drop, cancel.

Filming happens at once: shot, take, brief, job, reservation and the engine's ticket are made in the one transaction that the
handler is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot import budget, continuity, offering
from bot.asking import Answer, Ask, Desk, find_take, production_in_hand
from bot.backends import split_choice
from bot.brief import Brief, compile_brief, remixed
from bot.commands import Cancel, Circle, Drop, Edit, Extend, Generate, Remix, Retake, Scene, Stage
from bot.continuity import Facts, Kind
from bot.errors import (
    ExtendNotOffered,
    NothingToCancel,
    NothingToRemix,
    NotYours,
    PriceNotKnown,
    UnknownField,
)
from bot.film import Production, Shot, Slate, Take, chance_of, new_id
from bot.paperwork import Ticket
from bot.pictures import in_words, left_out
from bot.ports import Work
from bot.rewording import facts_after, is_remix, reworded, words_of
from bot.states import UNDERWAY, Job, State


@dataclass(frozen=True)
class Plan:
    """What a wish would send now, and what it would leave to the next shot; nothing of it is stored."""

    backend: str
    """A choice: the backend, or one of its models (`bot.backends`)."""
    brief: Brief
    facts: Facts
    last: Shot | None
    """The shot made last in the production in hand."""


async def planned(desk: Desk, w: Work, ask: Ask, wish: Generate) -> Plan:
    """The next shot of the production in hand as it would be filmed now. Raises what is wrong with it."""
    backend = desk.embedded if wish.stage is Stage.ANIMATIC else desk.choose(wish.model)
    session = await w.sessions.get(ask.member.id, ask.place)
    last = await w.productions.last_shot(session.production) if session.production else None
    chained = last if last and wish.carry and wish.scene is not Scene.NEW else None
    carried = continuity.carry(chained.facts if chained else Facts(), wish.prompt)
    brief = compile_brief(
        wish.prompt,
        spine=session.spine,
        kept=carried.kept,
        seconds=wish.seconds,
        shape=wish.shape,
        seed=wish.seed,
        reference=wish.image,
    )
    caps = ask.capabilities[backend]
    brief = offering.with_options(caps, brief, wish.resolution, wish.sound)
    offering.must_film(ask.capabilities, backend, brief, ask.now)
    brief = offering.noted(caps, replace(brief, notes=ask.told), wish.prompt)
    return Plan(backend, brief, carried.facts, last)


async def generate(desk: Desk, w: Work, ask: Ask, wish: Generate, *, posted: str | None = None) -> Answer:
    """The next shot of the production in hand. `posted`: the message that becomes the take's card."""
    plan = await planned(desk, w, ask, wish)
    _, production = await production_in_hand(w, ask)
    new_scene = wish.scene is Scene.NEW
    shot = await _add_shot(
        w, production, plan.last, new_scene=new_scene, words=wish.prompt, facts=plan.facts, now=ask.now
    )
    return await _roll(
        desk, w, ask, production=production, shot=shot, brief=plan.brief, backend=plan.backend, posted=posted
    )


async def remix(desk: Desk, w: Work, ask: Ask, wish: Remix) -> Answer:
    """The same shot with one change. Somebody else's take comes with its own spine, into the remixer's production."""
    source = await find_take(w, ask, wish.take) if wish.take else await _latest(w, ask)
    return await _again(desk, w, ask, source, remixed(source.brief, wish.change), change=wish.change)


async def edit(desk: Desk, w: Work, ask: Ask, wish: Edit) -> Answer:
    """The same shot with other words, as a new take: `bot.rewording` says which words they replace.

    A picture that was refused is left out: words are the road that remains.
    """
    source = await find_take(w, ask, wish.take)
    before = in_words(source.brief, await w.jobs.of_take(source.id))
    return await _again(desk, w, ask, source, reworded(before, wish.prompt), change=wish.prompt)


async def retake(desk: Desk, w: Work, ask: Ask, wish: Retake) -> Answer:
    """The same brief again, also in another shape; a fresh throw of the dice."""
    source = await find_take(w, ask, wish.take) if wish.take else await _latest(w, ask)
    brief = replace(source.brief, seed=None, shape=wish.shape or source.brief.shape)
    return await _again(desk, w, ask, source, brief, change=source.change)


async def extend(desk: Desk, w: Work, ask: Ask, wish: Extend) -> Answer:
    """The shot after a clip, going on from its last frame: same words, same chance, the clock running on."""
    source = await find_take(w, ask, wish.take) if wish.take else await _latest(w, ask)
    job = await w.jobs.of_take(source.id)
    shot = await w.productions.shot(source.shot)
    if source.clip is None or job is None or shot is None:
        raise NothingToRemix
    backend = await same_backend(desk, w, source)
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
    following = await _add_shot(w, production, last, new_scene=False, words=shot.words, facts=shot.facts, now=ask.now)
    return await _roll(
        desk,
        w,
        ask,
        production=production,
        shot=following,
        brief=brief,
        backend=backend,
        made_from=source,
        change=source.change,
    )


async def circle(desk: Desk, w: Work, ask: Ask, wish: Circle) -> Answer:
    """Choose the take for its shot, or let it go; one circled take a shot."""
    take = await find_take(w, ask, wish.take)
    _must_own(ask, take)
    for other in await w.takes.of_shot(take.shot):
        if other.circled and other.id != take.id:
            await w.takes.circle(other.id, False)
    await w.takes.circle(take.id, not take.circled)
    return Answer()


async def drop(desk: Desk, w: Work, ask: Ask, wish: Drop) -> Answer:
    """Take one thing out of what the take's shot hands on to the next."""
    take = await find_take(w, ask, wish.take)
    _must_own(ask, take)
    if wish.kind not in {kind.value for kind in Kind}:
        raise UnknownField(field=wish.kind, fields=", ".join(Kind))
    shot = await w.productions.shot(take.shot)
    if shot is not None:
        await w.productions.save_shot(replace(shot, facts=continuity.without(shot.facts, Kind(wish.kind))))
    return Answer()


async def cancel(desk: Desk, w: Work, ask: Ask, wish: Cancel) -> Answer:
    """Stop a take: at once if it waits, else by a flag that its driver sees within two seconds."""
    job = await _job_to_cancel(w, ask, wish)
    if job.state.waiting:
        moved = await w.jobs.move(job.id, job.state, State.CANCELLED, ended_at=ask.now)
        if moved:
            await budget.close(w, moved, ask.now)
            return Answer(job=moved.id)
    await w.jobs.ask_cancel(job.id)
    return Answer(job=job.id)


# ---------------------------------------------------------------- rules


def _must_own(ask: Ask, take: Take) -> None:
    if take.member != ask.member.id and not ask.member.moderator:
        raise NotYours(take=str(take.slate))


# ---------------------------------------------------------------- steps


async def _add_shot(
    w: Work, production: Production, last: Shot | None, *, new_scene: bool, words: str, facts: Facts, now: float
) -> Shot:
    scene, number = (1, 0) if last is None else (last.scene, last.number + 1)
    if last is not None and new_scene:
        scene, number = last.scene + 1, 0
    shot = Shot(new_id(), production.id, scene, number, words, facts, now)
    await w.productions.add_shot(shot)
    return shot


async def _roll(
    desk: Desk,
    w: Work,
    ask: Ask,
    *,
    production: Production,
    shot: Shot,
    brief: Brief,
    backend: str,
    made_from: Take | None = None,
    change: str = "",
    posted: str | None = None,
) -> Answer:
    """Take, job, reservation, ticket; the session remembers what was shown last."""
    await budget.check_caps(w, desk.caps, ask.member.id, ask.now)
    caps, (name, model) = ask.capabilities[backend], split_choice(backend)
    price = offering.price(ask.capabilities, backend, brief, ask.now)
    if price is None and desk.demand:
        raise PriceNotKnown(backend=backend)
    number = len(await w.takes.of_shot(shot.id)) + 1
    take = Take(
        id=new_id(),
        shot=shot.id,
        slate=Slate(shot.scene, shot.number, number),
        brief=brief,
        member=ask.member.id,
        place=ask.place,
        made_from=made_from.id if made_from else None,
        change=change,
        created_at=ask.now,
    )
    job = Job(
        id=new_id(),
        take=take.id,
        member=ask.member.id,
        address=ask.address,
        state=State.RESERVED,
        backend=name,
        created_at=ask.now,
        model=model or caps.model,
        price=price,
        posted=posted,
        seconds=brief.seconds or caps.usual_length,
    )
    await w.takes.add(take)
    await w.jobs.add(job)
    await budget.reserve(w, job, ask.now)
    session = await w.sessions.get(ask.member.id, ask.place)
    await w.sessions.save(replace(session, production=production.id, last_take=take.id))
    await w.enqueue(Ticket(job.id, job.run, job.member))
    return Answer(job=job.id)


async def _again(desk: Desk, w: Work, ask: Ask, source: Take, brief: Brief, *, change: str) -> Answer:
    """A further take of the source's shot; `change` is what it differs by from the shot's first words."""
    backend = await same_backend(desk, w, source)
    caps = ask.capabilities[backend]
    brief = offering.noted(caps, offering.adapted(caps, brief), change if change != source.change else "")
    brief = left_out(source.brief, brief)
    offering.must_film(ask.capabilities, backend, brief, ask.now)
    production, shot = await _shot_of(w, ask, source)
    if change != source.change:
        await _note_words(w, shot, source, brief, change)
    return await _roll(
        desk,
        w,
        ask,
        production=production,
        shot=shot,
        brief=brief,
        backend=backend,
        made_from=source,
        change=change,
    )


async def _latest(w: Work, ask: Ask) -> Take:
    """The take that was shown last. Raises `NothingToRemix`."""
    session = await w.sessions.get(ask.member.id, ask.place)
    take = await w.takes.get(session.last_take) if session.last_take else None
    if take is None:
        raise NothingToRemix
    return take


async def same_backend(desk: Desk, w: Work, source: Take) -> str:
    """The choice that filmed the source, while it is still offered; else its backend; else the default."""
    job = await w.jobs.of_take(source.id)
    return desk.again(job.choice, job.wanted) if job else desk.default


async def _shot_of(w: Work, ask: Ask, source: Take) -> tuple[Production, Shot]:
    """The source's own shot, if it is the member's; else a new shot of the member's production."""
    shot = await w.productions.shot(source.shot)
    assert shot is not None  # a take never outlives its shot
    if source.member == ask.member.id and source.place == ask.place:
        production = await w.productions.get(shot.production)
        assert production is not None
        return production, shot
    _, production = await production_in_hand(w, ask)
    last = await w.productions.last_shot(production.id)
    return production, await _add_shot(
        w, production, last, new_scene=False, words=words_of(source.brief), facts=shot.facts, now=ask.now
    )


async def _note_words(w: Work, shot: Shot, source: Take, brief: Brief, words: str) -> None:
    """What the shot hands on follows the words of its newest take."""
    facts = _facts_changed(shot.facts, words) if is_remix(brief) else facts_after(shot.facts, source.brief, words)
    if facts != shot.facts:
        await w.productions.save_shot(replace(shot, facts=facts))


def _facts_changed(facts: Facts, change: str) -> Facts:
    """What the change plainly names (night, snow, a lamp) is what the next shot has to keep, with all that it ends.

    "Golden hour" ends the night, "sunshine" the rain: the same rules as between two shots.
    """
    after = continuity.carry(facts, change).facts
    named: dict[str, Any] = {kind.value: getattr(after, kind.value) for kind in _CHANGED_BY_REMIX}
    return replace(facts, **named)


_CHANGED_BY_REMIX = frozenset({Kind.PLACE, Kind.TIME, Kind.WEATHER, Kind.LIGHT, Kind.DIRECTION, Kind.SOUND})


async def _job_to_cancel(w: Work, ask: Ask, wish: Cancel) -> Job:
    if wish.take:
        take = await find_take(w, ask, wish.take)
        _must_own(ask, take)
        job = await w.jobs.of_take(take.id)
        if job is None or job.state.ended or not (job.state.underway or job.state.waiting):
            raise NothingToCancel
        return job
    mine = await w.jobs.of_member(ask.member.id, (State.AWAITING_APPROVAL, *UNDERWAY))
    here = [job for job in mine if job.address.place == ask.place]
    if not here:
        raise NothingToCancel
    return here[-1]
