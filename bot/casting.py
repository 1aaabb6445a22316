"""`/cast`: who is in one's own cast and in the server's; add, change, remove, propose, approve, lock; and consent for a picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot import likeness
from bot.asking import Answer, Ask, Desk, find_take
from bot.cards import Button, Card, PromptPart, Row, Tone
from bot.cast import CAST_MAX, DESCRIPTION_MAX, DETAIL_MAX, CastMember, Standing, check_name, folded
from bot.commands import COMMANDS, action
from bot.errors import (
    CastLocked,
    EmptyWords,
    ModeratorsOnly,
    NameTaken,
    NobodyThere,
    NothingShared,
    NotYourCast,
    TakeNotFinished,
    TooManyCast,
    UnknownCast,
)
from bot.film import Take, new_id
from bot.levels import Level, holder_of
from bot.looks import Canon, Cast, CastAction, Consent
from bot.pictures import is_ours
from bot.ports import Work
from bot.reference import undressed
from bot.session import Company, company_of
from bot.takecard import backend_name
from bot.text import languages, say
from bot.words import checked

YES, NO = "yes", "no"
SHOWN: Final = 5
"""So many proposals are decided on one card."""
_NOTHING: Final = frozenset({"-", "–", "—"})
"""What empties a wardrobe or a voice."""


async def cast(desk: Desk, w: Work, ask: Ask, wish: Cast) -> Answer:
    """What `wish.action` says."""
    return Answer(await _HANDLERS[wish.action](w, ask, wish))


async def consent(desk: Desk, w: Work, ask: Ask, wish: Consent) -> Answer:
    """Keep the picture that waits, or forget it; the answer is kept either way, with its time."""
    who = await by_id(w, ask, wish.cast)
    if who.by != ask.member.id:
        raise NotYourCast(name=who.name)
    if not who.pending:
        return Answer(await show_card(w, ask, who))
    kept = wish.image if wish.agreed and wish.image and is_ours(wish.image) else None
    said = YES if wish.agreed else NO
    changed = next_version(replace(who, image=kept, consent=said, consent_at=ask.now, pending=""), ask)
    await w.cast.save(changed)
    told = say("cast.consented" if kept else "cast.refused", ask.locale, name=who.name)
    return Answer(replace(await show_card(w, ask, changed, told), replaces=True))


async def canon(desk: Desk, w: Work, ask: Ask, wish: Canon) -> Answer:
    """A moderator takes a proposal into the server's cast, as a new version where there is one of that name; or does not."""
    if not ask.member.moderator:
        raise ModeratorsOnly
    proposal = await w.cast.get(wish.cast)
    if proposal is None or proposal.holder != _place(ask):
        raise UnknownCast(name="?", names="-")
    if proposal.standing is not Standing.PROPOSED:
        return Answer(Card(title=proposal.name, lines=(say("cast.settled", ask.locale),)))
    if wish.approved:
        await _take_in(w, ask, proposal)
    else:
        await w.cast.save(replace(proposal, standing=Standing.GONE))
    told = say("cast.approved" if wish.approved else "cast.declined", ask.locale, name=proposal.name)
    waiting = await w.cast.proposed(proposal.holder)
    buttons = tuple(button for who in waiting[:SHOWN] for button in _verdicts(who, ask.locale))
    return Answer(Card(title=proposal.name, lines=(told,), buttons=buttons, replaces=True))


async def picture_wanted(w: Work, command: Consent, member: str) -> str | None:
    """The address of the picture that a "yes" is about, to be fetched before it is handled; nothing is fetched before that."""
    who = await w.cast.get(command.cast)
    return who.pending if who and command.agreed and who.by == member and who.pending else None


# ---------------------------------------------------------------- one function an action


async def _list(w: Work, ask: Ask, wish: Cast) -> Card:
    company = await company_of(w, ask.member.id, ask.address)
    takes = await _takes(w, ask)
    waiting = await w.cast.proposed(_place(ask)) if ask.member.moderator and not ask.address.direct else ()
    shown = {None: company.everybody, Level.OWN: company.own}.get(wish.level, company.shared)
    buttons = tuple(button for who in waiting[:SHOWN] for button in _verdicts(who, ask.locale))
    rows = [cast_row(who, takes, ask.locale) for who in (*shown, *waiting)][:25]
    line = say("cast.line" if rows else "cast.none", ask.locale)
    return Card(title=say("cast.title", ask.locale), lines=(line,), rows=tuple(rows), buttons=buttons)


async def _show(w: Work, ask: Ask, wish: Cast) -> Card:
    if not wish.who:
        return await _list(w, ask, wish)
    if ask.member.moderator and not ask.address.direct:
        waiting = await w.cast.proposed(_place(ask))
        if proposal := next((each for each in waiting if each.id == wish.who), None):
            return replace(await show_card(w, ask, proposal), buttons=_verdicts(proposal, ask.locale))
    return await show_card(w, ask, await _named(w, ask, wish))


async def _add(w: Work, ask: Ask, wish: Cast) -> Card:
    holder = _holder(ask, wish)
    who = CastMember(
        new_id(), holder, ask.member.id, check_name(wish.who or "", _reserved()), "", by=ask.member.id, at=ask.now
    )
    await w.hold(f"cast {holder}")
    standing = await w.cast.of(holder)
    if any(each.key == who.key for each in standing):
        raise NameTaken(name=who.name)
    if len(standing) >= CAST_MAX:
        raise TooManyCast(limit=CAST_MAX)
    told: list[str] = []
    if wish.take:
        who, told = await _made_from(w, ask, who, wish.take)
    who = replace(_with(who, wish, ask), locked=who.shared)
    if not who.description:
        raise NobodyThere(take=wish.take) if wish.take else EmptyWords
    await w.cast.save(who)
    added = say("cast.added_shared" if who.shared else "cast.added", ask.locale, name=who.name)
    return await show_card(w, ask, who, added, *told)


async def _set(w: Work, ask: Ask, wish: Cast) -> Card:
    who = await _named(w, ask, wish)
    _must_change(ask, who)
    changed = _with(who, wish, ask)
    if changed == who:
        raise EmptyWords
    await w.cast.save(changed := next_version(changed, ask))
    return await show_card(w, ask, changed, say("cast.changed", ask.locale, name=who.name))


async def _remove(w: Work, ask: Ask, wish: Cast) -> Card:
    who = await _named(w, ask, wish)
    _must_own(ask, who)
    await w.cast.save(replace(who, standing=Standing.GONE, pending=""))
    return Card(title=who.name, lines=(say("cast.removed", ask.locale, name=who.name),))


async def _propose(w: Work, ask: Ask, wish: Cast) -> Card:
    place = _place(ask)
    mine = await w.cast.of(ask.member.id)
    who = _found(mine, wish.who)
    proposal = replace(
        who,
        id=new_id(),
        holder=place,
        owner=ask.member.id,
        standing=Standing.PROPOSED,
        version=1,
        pending="",
        at=ask.now,
    )
    waiting = await w.cast.proposed(place)
    if len(waiting) >= CAST_MAX:
        raise TooManyCast(limit=CAST_MAX)
    for earlier in waiting:  # a second one of the same member takes the place of the first
        if earlier.owner == ask.member.id and earlier.key == who.key:
            await w.cast.save(replace(earlier, standing=Standing.GONE))
    await w.cast.save(proposal)
    told = say("cast.proposal", ask.locale, name=who.name)
    return Card(
        title=who.name, lines=(told,), prompt=_parts(proposal, ask.locale), buttons=_verdicts(proposal, ask.locale)
    )


async def _lock(w: Work, ask: Ask, wish: Cast) -> Card:
    who = await _named(w, ask, wish, shared=True)
    _must_own(ask, who)
    locked = wish.action is CastAction.LOCK
    await w.cast.save(replace(who, locked=locked))
    return Card(title=who.name, lines=(say(f"cast.{wish.action.value}", ask.locale, name=who.name),))


_HANDLERS: Final[Mapping[CastAction, Callable[[Work, Ask, Cast], Awaitable[Card]]]] = {
    CastAction.LIST: _list,
    CastAction.SHOW: _show,
    CastAction.ADD: _add,
    CastAction.SET: _set,
    CastAction.REMOVE: _remove,
    CastAction.PROPOSE: _propose,
    CastAction.LOCK: _lock,
    CastAction.UNLOCK: _lock,
}


# ---------------------------------------------------------------- rules


def _holder(ask: Ask, wish: Cast) -> str:
    if wish.level in (None, Level.OWN):
        return ask.member.id
    place = _place(ask)
    if not ask.member.moderator:
        raise ModeratorsOnly
    return place


def _place(ask: Ask) -> str:
    place = holder_of(Level.SERVER, ask.member.id, ask.address)
    if place is None:
        raise NothingShared
    return place


def _must_own(ask: Ask, who: CastMember) -> None:
    if who.owner != ask.member.id and not (who.shared and ask.member.moderator):
        raise NotYourCast(name=who.name)


def _must_change(ask: Ask, who: CastMember) -> None:
    """What is locked is changed by its owner and by moderators; what the server shares unlocked, by everybody there."""
    if who.shared and not who.locked:
        return
    if who.shared and who.owner != ask.member.id and not ask.member.moderator:
        raise CastLocked(name=who.name)
    _must_own(ask, who)


def _reserved() -> frozenset[str]:
    """Words that a command line would take for something else."""
    spoken = {say(f"name.{kind.name}", tag) for kind in COMMANDS.values() if kind.listed for tag in languages()}
    return frozenset({*COMMANDS, *CastAction, *spoken})


# ---------------------------------------------------------------- who is meant


async def _named(w: Work, ask: Ask, wish: Cast, *, shared: bool = False) -> CastMember:
    """By name or id, of the level that is named; else one's own before the server's. Raises `UnknownCast`."""
    company = await company_of(w, ask.member.id, ask.address)
    server = shared or wish.level is Level.SERVER
    choice = company.shared if server else company.own if wish.level is Level.OWN else _all(company)
    return _found(choice, wish.who)


def _all(company: Company) -> Sequence[CastMember]:
    return (*company.own, *company.shared)


def _found(cast: Sequence[CastMember], name: str | None) -> CastMember:
    if not name or not name.strip():
        raise EmptyWords
    plain = name.strip().removeprefix("@")
    for who in cast:
        if plain == who.id or folded(plain) == who.key:
            return who
    raise UnknownCast(name=plain[:80], names=", ".join(who.name for who in cast[:20]) or "-")


async def by_id(w: Work, ask: Ask, cast_id: str) -> CastMember:
    """Somebody of one's own cast or the server's. Raises `UnknownCast`."""
    who = await w.cast.get(cast_id)
    mine = who is not None and who.holder in (ask.member.id, holder_of(Level.SERVER, ask.member.id, ask.address))
    if who is None or not mine or who.standing is not Standing.STANDING:
        raise UnknownCast(name="?", names="-")
    return who


# ---------------------------------------------------------------- steps


def _with(who: CastMember, wish: Cast, ask: Ask) -> CastMember:
    """The same with what the wish says. Raises `WordsTooLong` or `BadValue`."""
    who = likeness.known_as(who, wish.id, ask.capabilities) if wish.id else who
    return replace(
        who,
        description=_text(wish.description, DESCRIPTION_MAX, who.description),
        wardrobe=_text(wish.wardrobe, DETAIL_MAX, who.wardrobe),
        voice=_text(wish.voice, DETAIL_MAX, who.voice),
        pending=wish.image or who.pending,
    )


def _text(said: str | None, limit: int, known: str) -> str:
    if said is None:
        return known
    return "" if said.strip() in _NOTHING else checked(said, limit).strip()


def next_version(who: CastMember, ask: Ask) -> CastMember:
    """Changed by this member, now."""
    return replace(who, version=who.version + 1, by=ask.member.id, at=ask.now)


async def _take_in(w: Work, ask: Ask, proposal: CastMember) -> None:
    await w.hold(f"cast {proposal.holder}")
    known = next((each for each in await w.cast.of(proposal.holder) if each.key == proposal.key), None)
    if known is None:
        await w.cast.save(replace(proposal, standing=Standing.STANDING, locked=True))
        return
    await w.cast.save(replace(proposal, standing=Standing.GONE))
    await w.cast.save(
        next_version(
            replace(proposal, id=known.id, owner=known.owner, version=known.version, standing=known.standing), ask
        )
    )


async def _made_from(w: Work, ask: Ask, who: CastMember, name: str) -> tuple[CastMember, list[str]]:
    """Somebody of a finished take: identity and clothes from its words, and where a backend could make a character of it."""
    take = await find_take(w, ask, name)
    shot = await w.productions.shot(take.shot)
    if take.clip is None or shot is None:
        raise TakeNotFinished(take=str(take.slate))
    subject = shot.facts.subject
    plain = undressed(subject)
    worn = shot.facts.wardrobe or subject[len(plain) :].strip(" ,，")
    job = await w.jobs.of_take(take.id)
    remote = f"{job.backend}:{job.remote_id}" if job and job.remote_id else ""
    made = replace(who, description=plain, wardrobe=worn, made_from=take.id, remote=remote)
    return made, [say("cast.from", ask.locale, take=str(take.slate))]


async def _takes(w: Work, ask: Ask) -> Sequence[Take]:
    session = await w.sessions.get(ask.member.id, ask.place)
    return await w.takes.of_production(session.production) if session.production else ()


# ---------------------------------------------------------------- cards


def shots_of(who: CastMember, takes: Sequence[Take]) -> tuple[str, ...]:
    """The shots of these takes in which somebody appears, in their order, ``1A``."""
    return tuple(
        dict.fromkeys(take.slate.shot_name for take in takes if any(each.id == who.id for each in take.brief.cast))
    )


def cast_row(who: CastMember, takes: Sequence[Take], locale: str) -> Row:
    """Somebody in a list: name, description, whose it is, in which shots."""
    shots = ", ".join(shots_of(who, takes))
    notes = [_whose(who, locale), say("cast.shots", locale, shots=shots) if shots else ""]
    return Row(who.name, who.description, " · ".join(filter(None, notes)), action("cast", "show", who.id), who.image)


def _whose(who: CastMember, locale: str) -> str:
    if who.standing is Standing.PROPOSED:
        return say("cast.proposed", locale)
    return say("cast.shared" if who.shared else "cast.own", locale)


async def show_card(w: Work, ask: Ask, who: CastMember, *told: str) -> Card:
    """Somebody word for word, and the question about a picture that waits."""
    company = await company_of(w, ask.member.id, ask.address)
    wins = not who.shared and any(each.key == who.key for each in company.shared)
    lines = [*told]
    lines += [say("cast.wins", ask.locale, name=who.name)] if wins else []
    lines += [say("cast.image", ask.locale)] if who.image else []
    shots = ", ".join(shots_of(who, await _takes(w, ask)))
    facts = [_whose(who, ask.locale), say("cast.version", ask.locale, version=who.version)]
    facts += [say("cast.locked", ask.locale)] if who.shared and who.locked else []
    facts += [say("cast.shots", ask.locale, shots=shots)] if shots else []
    facts += [say("cast.known", ask.locale, backend=backend_name(each, ask.locale)) for each in sorted(who.ids)]
    card = Card(title=who.name, lines=tuple(lines), facts=tuple(facts), prompt=_parts(who, ask.locale))
    if who.pending:
        return _asking(card, who, ask.locale)
    return _offering(card, who, ask.locale) if likeness.can_be_made(who, ask.capabilities) else card


def _offering(card: Card, who: CastMember, locale: str) -> Card:
    told = say("cast.remote", locale, backend=backend_name(likeness.source_of(who), locale))
    return replace(card, tone=Tone.WAITING, lines=(*card.lines, told), buttons=likeness.buttons(who, locale))


def _asking(card: Card, who: CastMember, locale: str) -> Card:
    buttons = (
        Button(say("button.consent_yes", locale), action("consent", who.id, YES)),
        Button(say("button.consent_no", locale), action("consent", who.id, NO)),
    )
    return replace(card, tone=Tone.WAITING, lines=(*card.lines, say("cast.consent", locale)), buttons=buttons)


def _parts(who: CastMember, locale: str) -> tuple[PromptPart, ...]:
    said = {"description": who.description, "wardrobe": who.wardrobe, "voice": who.voice}
    return tuple(PromptPart(say(f"cast.{name}", locale), text, "cast") for name, text in said.items() if text)


def _verdicts(who: CastMember, locale: str) -> tuple[Button, ...]:
    return (
        Button(say("button.approve", locale, name=who.name), action("canon", who.id, YES)),
        Button(say("button.decline", locale, name=who.name), action("canon", who.id, NO)),
    )
