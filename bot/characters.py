"""The answer to "shall that backend make a character of the clip?": kept, refused, or never known (`bot.likeness`)."""

from __future__ import annotations

from dataclasses import replace

from bot.asking import Answer, Ask, Desk
from bot.cards import Card, Tone
from bot.cast import CastMember
from bot.casting import by_id, next_version, show_card
from bot.errors import NotYourCast
from bot.likeness import ASKED, MADE, NOT_MADE, buttons, can_be_made, source_of
from bot.looks import Character
from bot.ports import Work
from bot.takecard import backend_name
from bot.text import say


async def character(desk: Desk, w: Work, ask: Ask, wish: Character) -> Answer:
    """What came of it, which `likeness.made` found out before. Raises `NotYourCast`, `UnknownCast`."""
    who = await by_id(w, ask, wish.cast)
    if who.by != ask.member.id:
        raise NotYourCast(name=who.name)
    backend = source_of(who)
    told = {"name": who.name, "backend": backend_name(backend, ask.locale)}
    if not wish.agreed:
        return await _shown(w, ask, replace(who, remote=""), say("cast.character_left", ask.locale, **told))
    if not can_be_made(who, ask.capabilities):
        return await _shown(w, ask, who)
    if wish.made and wish.made.startswith(MADE):
        known = replace(who, ids={**who.ids, backend: wish.made.removeprefix(MADE)})
        known = next_version(replace(known, consent="yes", consent_at=ask.now), ask)
        await w.cast.save(known)
        return await _shown(w, ask, known, say("cast.character_made", ask.locale, **told))
    return Answer(_failed(ask, who, wish.made, told))


def _failed(ask: Ask, who: CastMember, made: str | None, told: dict[str, str]) -> Card:
    key = "character_unclear" if made == ASKED else "character_refused" if made else "character_gone"
    reason = (made or "").removeprefix(NOT_MADE)
    sentence = say(f"cast.{key}", ask.locale, **told, reason=reason)
    again = buttons(who, ask.locale) if made else ()
    return Card(title=who.name, tone=Tone.FAILED, lines=(sentence,), buttons=again, replaces=True)


async def _shown(w: Work, ask: Ask, who: CastMember, *lines: str) -> Answer:
    return Answer(replace(await show_card(w, ask, who, *lines), replaces=True))
