"""The session as the local studio's panel shows it: plain data, no platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import continuity
from bot.asking import Desk
from bot.commands import action
from bot.film import Production, Shot, Take
from bot.offering import capabilities_of
from bot.paperwork import Capabilities
from bot.people import Address, Member
from bot.ports import Backends, Work, WorkFactory
from bot.spine import FIELDS, Spine, presets
from bot.states import Job, State
from bot.takecard import backend_name
from bot.text import language, say


async def session_view(
    work: WorkFactory, backends: Backends, desk: Desk, member: Member, address: Address
) -> dict[str, Any]:
    """Production, spine, storyboard, what the next shot will keep, and what may be chosen for it."""
    caps = {name: await capabilities_of(backends, name) for name in desk.offered}
    locale = address.locale
    async with work() as w:
        session = await w.sessions.get(member.id, address.place)
        production = await w.productions.get(session.production) if session.production else None
        shots = await w.productions.shots(production.id) if production else ()
        takes = await w.takes.of_production(production.id) if production else ()
        jobs = await w.jobs.of_takes([take.id for take in takes])
        productions = await w.productions.of(member.id, address.place)
        carried = await _carried(w, production, takes, locale)
    return {
        "production": _production(production, shots, takes),
        "spine": _spine(session.spine, locale),
        "storyboard": [_panel(shot, takes, jobs) for shot in shots],
        "carried": carried,
        "options": _options(caps, desk, locale),
        "productions": [{"id": each.id, "title": each.title} for each in productions],
        "locale": language(locale),
    }


def _production(production: Production | None, shots: Sequence[Shot], takes: Sequence[Take]) -> dict[str, Any] | None:
    if production is None:
        return None
    chosen = [take for shot in shots if (take := _shown_take(shot, takes)) and take.clip]
    seconds = sum(take.clip.seconds for take in chosen if take.clip)
    return {
        "id": production.id,
        "title": production.title,
        "shots": len(shots),
        "scene": shots[-1].scene if shots else 0,
        "seconds": round(seconds, 1),
    }


def _spine(spine: Spine, locale: str) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": say(f"spine.{name}", locale),
            "value": spine.value(name),
            "placeholder": say(f"spine_hint.{name}", locale),
        }
        for name in FIELDS
    ]
    return {
        "text": spine.render(),
        "fields": fields,
        "anchors": list(spine.anchors()),
        "presets": list(presets()),
    }


def _shown_take(shot: Shot, takes: Sequence[Take]) -> Take | None:
    """The circled take of a shot, else its newest finished one, else its newest."""
    mine = [take for take in takes if take.shot == shot.id]
    for wanted in ([t for t in mine if t.circled], [t for t in mine if t.clip], mine):
        if wanted:
            return wanted[-1]
    return None


def _panel(shot: Shot, takes: Sequence[Take], jobs: Mapping[str, Job]) -> dict[str, Any]:
    take = _shown_take(shot, takes)
    job = jobs.get(take.id) if take else None
    return {
        "slate": str(take.slate) if take else "",
        "take": take.id if take else "",
        "poster": take.clip.poster if take and take.clip else None,
        "state": _state_word(job),
        "circled": bool(take and take.circled),
        "words": shot.words,
    }


def _state_word(job: Job | None) -> str:
    if job is None:
        return "none"
    if job.state is State.DONE:
        return "ready"
    if job.state.ended:
        return "failed"
    if job.state.waiting:
        return "waiting"
    return "parked" if job.state.parked else "rolling"


async def _carried(w: Work, production: Production | None, takes: Sequence[Take], locale: str) -> list[dict[str, str]]:
    """What the next shot keeps of the last one, before its own words are known."""
    last = await w.productions.last_shot(production.id) if production else None
    take = next((take for take in reversed(takes) if last and take.shot == last.id), None)
    if last is None or take is None:
        return []
    return [
        {
            "kind": kind.value,
            "label": say(f"kind.{kind.value}", locale),
            "words": words,
            "action": action("drop", take.id, kind.value),
        }
        for kind, words in continuity.carry(last.facts, "").kept
    ]


def _options(caps: Mapping[str, Capabilities], desk: Desk, locale: str) -> dict[str, Any]:
    """What may be chosen: of the default, and of each that may be named instead of it."""
    return {
        **_choices(caps[desk.default]),
        "backends": [
            {
                "name": name,
                "label": backend_name(name, locale),
                "free": each.free,
                "price_per_second": each.micros_a_second,
                "price": None if each.micros_a_second is not None else each.price(None),
                **_choices(each),
            }
            for name, each in caps.items()
        ],
        "default": desk.default,
    }


def _choices(can: Capabilities) -> dict[str, Any]:
    return {
        "shapes": [shape.value for shape in can.shapes] if can.shapes else [],
        "seconds": list(can.seconds) if can.seconds else None,
        "images": can.images,
    }
