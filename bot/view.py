"""The session as the local studio's panel shows it: plain data, no platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import continuity, palette
from bot.asking import Desk
from bot.cast import CastMember
from bot.casting import shots_of
from bot.checking import Checked
from bot.commands import Stage, action
from bot.cutting import Reel
from bot.film import Production, Shot, Take
from bot.filmview import actions_of, film_of, match_of, matches_of, matching_of, panel_of
from bot.levels import Level, Look
from bot.offering import capabilities_of
from bot.paperwork import Capabilities
from bot.people import Address, Member
from bot.ports import Backends, Work, WorkFactory
from bot.session import company_of, look_of
from bot.spine import FIELDS, Spine, presets
from bot.states import Job, State
from bot.styling import origin_label
from bot.takecard import backend_name
from bot.text import language, say


async def session_view(
    work: WorkFactory, backends: Backends, desk: Desk, member: Member, address: Address
) -> dict[str, Any]:
    """Production, spine, storyboard, what the next shot will keep, and what may be chosen for it."""
    named = dict.fromkeys((*desk.offered, *(choice for _, choice in _stage_choices(desk))))
    caps = {name: await capabilities_of(backends, name) for name in named}
    locale = address.locale
    async with work() as w:
        session = await w.sessions.get(member.id, address.place)
        production = await w.productions.get(session.production) if session.production else None
        shots = await w.productions.shots(production.id) if production else ()
        takes = await w.takes.of_production(production.id) if production else ()
        jobs = await w.jobs.of_takes([take.id for take in takes])
        productions = await w.productions.of(member.id, address.place)
        carried = await _carried(w, production, takes, locale)
        reel = Reel(production, shots, takes) if production else None
        film = await film_of(w, reel) if reel else None
        look, company = await look_of(w, member.id, address), await company_of(w, member.id, address)
    matches = await matches_of(work, reel)
    return {
        "production": _production(production, shots, takes),
        "spine": _spine(look, session.spine, locale),
        "cast": [_cast(who, takes, locale) for who in company.everybody],
        "storyboard": _strip(reel, jobs, matches, locale) if reel else [],
        "match": matching_of(reel, matches) if reel else None,
        "film": film,
        "film_actions": actions_of(reel) if reel else {},
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


def _spine(look: Look, own: Spine, locale: str) -> dict[str, Any]:
    """Field by field: `value` as shots are filmed with it, `own` as the member set it, `origin` the level it comes from."""
    anchors = look.spine.anchors()
    return {
        "text": look.spine.render(),
        "fields": [_field(name, look, own, locale) for name in FIELDS],
        "anchors": list(anchors),
        "colours": [palette.colour(each) for each in anchors],
        "presets": list(presets()),
        "preset_names": {name: say(f"preset.{name}", locale) for name in presets()},
    }


def _field(name: str, look: Look, own: Spine, locale: str) -> dict[str, Any]:
    label, origin = say(f"spine.{name}", locale), look.origins.get(name)
    return {
        "name": name,
        "label": label,
        "value": look.spine.value(name),
        "placeholder": say(f"spine_hint.{name}", locale),
        "own": own.value(name),
        "origin": origin.value if origin else "",
        "origin_label": origin_label(label, origin, locale) if origin else label,
    }


def _cast(who: CastMember, takes: Sequence[Take], locale: str) -> dict[str, Any]:
    """Somebody with where they appear, whose they are, and what was answered about their picture."""
    return {
        "id": who.id,
        "name": who.name,
        "description": who.description,
        "wardrobe": who.wardrobe,
        "voice": who.voice,
        "image": who.image,
        "level": (Level.SERVER if who.shared else Level.OWN).value,
        "level_label": say("cast.shared" if who.shared else "cast.own", locale),
        "version": who.version,
        "locked": who.shared and who.locked,
        "consent": {"answer": who.consent, "at": who.consent_at, "asked": bool(who.pending)},
        "shots": list(shots_of(who, takes)),
        "action": action("cast", "show", who.id),
    }


def _shown_take(shot: Shot, takes: Sequence[Take]) -> Take | None:
    """The circled take of a shot, else its newest finished one, else its newest."""
    mine = [take for take in takes if take.shot == shot.id]
    for wanted in ([t for t in mine if t.circled], [t for t in mine if t.clip], mine):
        if wanted:
            return wanted[-1]
    return None


def _strip(reel: Reel, jobs: Mapping[str, Job], matches: Mapping[str, Checked], locale: str) -> list[dict[str, Any]]:
    """The shots in the order of the film."""
    panels = []
    for shot in reel.arranged:
        take = _shown_take(shot, reel.takes)
        match = match_of(matches.get(take.id) if take else None, locale)
        panels.append(_panel(shot, take, jobs) | panel_of(reel, shot, take) | {"match": match})
    return panels


def _panel(shot: Shot, take: Take | None, jobs: Mapping[str, Job]) -> dict[str, Any]:
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
            {"name": name, "label": backend_name(name, locale), **_priced(caps[name])} for name in desk.offered
        ],
        "stages": [
            {"name": stage.value, "label": _stage_label(stage, locale), "backend": choice, **_priced(caps[choice])}
            for stage, choice in _stage_choices(desk)
        ],
        "default": desk.default,
    }


def _stage_choices(desk: Desk) -> list[tuple[Stage, str]]:
    """The stages by what films them, from the cheapest up; none where there is only one."""
    films = {Stage.ANIMATIC: desk.embedded, Stage.DRAFT: desk.default, Stage.FINAL: desk.final}
    found = [(stage, choice) for stage, choice in films.items() if choice]
    return found if len({choice for _, choice in found}) > 1 else []


def _stage_label(stage: Stage, locale: str) -> str:
    label = say(f"choice.{stage.value}", locale)
    return label[:1].upper() + label[1:]


def _priced(can: Capabilities) -> dict[str, Any]:
    return {
        "free": can.free,
        "price_per_second": can.micros_a_second,
        "price": None if can.micros_a_second is not None else can.price(None),
        **_choices(can),
    }


def _choices(can: Capabilities) -> dict[str, Any]:
    return {
        "shapes": [shape.value for shape in can.shapes] if can.shapes else [],
        "seconds": list(can.seconds) if can.seconds else None,
        "images": can.images,
    }
