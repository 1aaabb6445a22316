"""The commands that answer without filming: session, dailies, shot, queue, help. For style see `styling`, for cast `casting`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import ledger, promotion, trying
from bot.asking import Answer, Ask, Desk, find_take, open_production, production_in_hand
from bot.cards import Button, Card, PromptPart, Row
from bot.casting import cast_row
from bot.commands import (
    COMMANDS,
    FIRST,
    Dailies,
    Help,
    Queue,
    SessionAction,
    SessionCommand,
    ShotStory,
    Start,
    action,
)
from bot.delivery import take_view
from bot.drawing import lineage_of
from bot.errors import UnknownProduction, UnknownTake
from bot.film import Production, Shot, Take
from bot.helping import Topic
from bot.ports import Work
from bot.rewording import own_words
from bot.session import company_of, look_of
from bot.states import PARKED, UNDERWAY, State
from bot.styling import chips
from bot.takecard import backend_name, price_line, take_card
from bot.text import duration, say

DAILIES_SHOWN = 10


async def session(desk: Desk, w: Work, ask: Ask, wish: SessionCommand) -> Answer:
    """What is in hand; start, list or switch productions."""
    if wish.action is SessionAction.NEW:
        title = wish.title or say("session.first_title", ask.locale)
        await _take_in_hand(w, ask, await open_production(w, ask, title.strip()))
    elif wish.action is SessionAction.SWITCH:
        await _take_in_hand(w, ask, await _named_production(w, ask, wish.title or ""))
    elif wish.action is SessionAction.LIST:
        return Answer(await _productions_card(w, ask))
    return Answer(await _session_card(w, ask))


async def _take_in_hand(w: Work, ask: Ask, production: Production) -> None:
    current = await w.sessions.get(ask.member.id, ask.place)
    takes = await w.takes.of_production(production.id)
    newest = max(takes, key=lambda take: take.created_at, default=None)
    await w.sessions.save(replace(current, production=production.id, last_take=newest.id if newest else None))


async def _named_production(w: Work, ask: Ask, name: str) -> Production:
    for production in await w.productions.of(ask.member.id, ask.place):
        if name == production.id or name.strip().casefold() == production.title.casefold():
            return production
    raise UnknownProduction(production=name[:80] or "?")


async def _productions_card(w: Work, ask: Ask) -> Card:
    found = await w.productions.of(ask.member.id, ask.place)
    rows = tuple(Row(each.title, action=action("session", "switch", each.id)) for each in found[:25])
    return Card(
        title=say("session.list", ask.locale), rows=rows, lines=() if rows else (say("session.none", ask.locale),)
    )


async def _session_card(w: Work, ask: Ask) -> Card:
    in_hand, production = await production_in_hand(w, ask)
    if in_hand.production != production.id:
        await w.sessions.save(replace(in_hand, production=production.id))
    shots = await w.productions.shots(production.id)
    look, company = await look_of(w, ask.member.id, ask.address), await company_of(w, ask.member.id, ask.address)
    rendered = look.spine.render()
    last = await w.takes.get(in_hand.last_take) if in_hand.last_take else None
    lines = [say("session.shots", ask.locale, shots=len(shots), scenes=shots[-1].scene if shots else 0)]
    if last is not None:
        lines.append(say("session.last", ask.locale, take=str(last.slate)))
    takes = await w.takes.of_production(production.id)
    return Card(
        title=production.title,
        lines=tuple(lines),
        spine=chips(look, ask.locale),
        rows=(*_ledger_rows(shots, ask.locale), *(cast_row(who, takes, ask.locale) for who in company.everybody[:25])),
        prompt=(PromptPart(say("part.spine", ask.locale), rendered, "spine"),) if rendered else (),
        buttons=(Button(say("button.productions", ask.locale), action("session", "list")),),
    )


async def dailies(desk: Desk, w: Work, ask: Ask, wish: Dailies) -> Answer:
    """The member's takes in this place, newest first."""
    takes = await w.takes.newest(ask.member.id, ask.place, DAILIES_SHOWN)
    rows = [await _take_row(w, take, ask.locale) for take in takes]
    lines = () if rows else (say("dailies.none", ask.locale),)
    return Answer(Card(title=say("dailies.title", ask.locale), rows=tuple(rows), lines=lines))


async def _take_row(w: Work, take: Take, locale: str) -> Row:
    job = await w.jobs.of_take(take.id)
    words = own_words(take)
    note = say(f"state.{job.state.value}", locale) if job else ""
    if job and job.state is State.DONE and take.clip:
        note = duration(take.clip.seconds, locale)
    return Row(str(take.slate), words, note, action("shot", take.id), take.clip.poster if take.clip else None)


async def shot(desk: Desk, w: Work, ask: Ask, wish: ShotStory) -> Answer:
    """One take's whole story."""
    take = await _asked_or_last(w, ask, wish.take)
    job = await w.jobs.of_take(take.id)
    assert job is not None  # made in the same transaction as the take
    view = await take_view(w, job, desk.readers)
    if take.clip is not None:
        view = replace(view, above=promotion.offer(desk, ask.capabilities, take, job, ask.now))
    card = take_card(view, ask.now, ask.locale)
    lineage = await _lineage(w, take, ask.locale)
    times = _times_row(job.created_at, job.submitted_at, job.ended_at, ask.locale)
    return Answer(
        replace(
            card,
            title=say("shot.title", ask.locale, take=str(take.slate)),
            rows=(*times, *await _news_rows(w, take, ask.locale), *lineage),
            progress=None,
            picture=lineage_of(take),
            revision=0,
        )
    )


async def _news_rows(w: Work, take: Take, locale: str) -> tuple[Row, ...]:
    """What its shot says otherwise than the one before it; what it only keeps stands there as chips."""
    shot = await w.productions.shot(take.shot)
    news = ledger.news(shot, await w.productions.shots(shot.production)) if shot else ()
    return tuple(Row(say(f"kind.{kind.value}", locale), words, say("ledger.new", locale)) for kind, words in news)


def _ledger_rows(shots: Sequence[Shot], locale: str) -> tuple[Row, ...]:
    """What the next shot finds: a row a kind, in whose words, since which shot."""
    return tuple(
        Row(
            say(f"kind.{entry.kind.value}", locale),
            entry.words,
            say("ledger.remixed" if entry.remixed else "ledger.since", locale, shot=ledger.name(entry.since)),
        )
        for entry in ledger.entries(shots)
    )


def _times_row(created: float, submitted: float | None, ended: float | None, locale: str) -> tuple[Row, ...]:
    rows = []
    if submitted:
        rows.append(Row(say("shot.waited", locale), duration(submitted - created, locale)))
    if submitted and ended:
        rows.append(Row(say("shot.worked", locale), duration(ended - submitted, locale)))
    return tuple(rows)


async def _lineage(w: Work, take: Take, locale: str) -> tuple[Row, ...]:
    """Where the take came from, back to the first."""
    rows: list[Row] = []
    current: Take | None = take
    met: set[str] = set()
    while current is not None and current.made_from and current.id not in met and len(rows) < 20:
        met.add(current.id)
        source = await w.takes.get(current.made_from)
        if source is not None:
            said_ = current.change if current.change != source.change else say("shot.same_brief", locale)
            rows.append(Row(say("shot.from", locale, take=str(source.slate)), said_, action=action("shot", source.id)))
        current = source
    return tuple(rows)


async def _asked_or_last(w: Work, ask: Ask, name: str | None) -> Take:
    if name:
        return await find_take(w, ask, name)
    newest = await w.takes.newest(ask.member.id, ask.place, 1)
    if not newest:
        raise UnknownTake(take="-")
    return newest[0]


async def queue(desk: Desk, w: Work, ask: Ask, wish: Queue) -> Answer:
    """What of the member's waits, rolls or is parked, and how many come before."""
    mine = await w.jobs.of_member(ask.member.id, (State.AWAITING_APPROVAL, *UNDERWAY, *PARKED))
    rows = []
    for job in mine[:20]:
        card = take_card(await take_view(w, job, desk.readers), ask.now, ask.locale)
        left = card.progress.seconds_left if card.progress else None
        note = say("queue.left", ask.locale, time=duration(left, ask.locale)) if left else " ".join(card.lines)
        rows.append(Row(card.title, card.quote, f"{card.status}. {note}".strip(". ") + ".", action("shot", job.take)))
    lines = () if rows else (say("queue.none", ask.locale),)
    return Answer(Card(title=say("queue.title", ask.locale), rows=tuple(rows), lines=lines))


async def help_(desk: Desk, w: Work, ask: Ask, wish: Help) -> Answer:
    """What to do next, in this place; or ideas to try in it."""
    if wish.topic is Topic.IDEAS:
        return await trying.first_ideas(desk, w, ask)
    return Answer(await _help_card(desk, w, ask))


async def start(desk: Desk, w: Work, ask: Ask, wish: Start) -> Answer:
    """The same after a greeting, and how ideas go where one talks to the bot alone."""
    card = await _help_card(desk, w, ask)
    greeting = [say("start.greeting", ask.locale)]
    greeting += [say("start.ideas", ask.locale)] if ask.address.direct else []
    return Answer(replace(card, title="Throughline", lines=(*greeting, *card.lines)))


async def _help_card(desk: Desk, w: Work, ask: Ask) -> Card:
    listed = [kind for kind in COMMANDS.values() if kind.listed][:FIRST]
    rows = tuple(Row(f"/{kind.name}", say(f"help.{kind.name}", ask.locale)) for kind in listed)
    price = price_line(ask.capabilities[desk.default], ask.locale)
    line = say("help.films_with", ask.locale, backend=backend_name(desk.default, ask.locale), price=price)
    return Card(title=say("help.title", ask.locale), lines=(await _next_step(w, ask), line), rows=rows)


async def _next_step(w: Work, ask: Ask) -> str:
    """One sentence, by how the member's newest take in this place stands."""
    newest = await w.takes.newest(ask.member.id, ask.place, 1)
    job = await w.jobs.of_take(newest[0].id) if newest else None
    if job is None:
        return say("help.first", ask.locale)
    key = "ready" if job.state is State.DONE else "failed" if job.state.ended else "rolling"
    return say(f"help.{key}", ask.locale, take=str(newest[0].slate))


def said(command: Mapping[str, Any]) -> str:
    """What the member said, to head an answer: the words of the command as it was stored."""
    values = command.get("values", {})
    for name in ("prompt", "change", "look"):
        if values.get(name):
            return str(values[name])
    return f"/{command.get('name', '')}"
