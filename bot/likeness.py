"""Somebody of the cast as a backend's own character: what is kept of it, whether it can be made, and having it made, once.

Making one may cost money, and no backend lets us look whether it was made. So the stored wish is the intent: before the call it is
marked as asked, after it with what came of it. A wish that is taken up again with the first mark alone is not asked again; its
member is told that it could not be confirmed, and that another tap may make, and cost, another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot import commands
from bot.backends import MakesCharacters
from bot.capabilities import Capabilities, Characters
from bot.cards import Button
from bot.cast import CastMember, Standing
from bot.errors import BadValue, NeverMade, RefusedByRules, ThroughlineError, TurnedDown
from bot.looks import Character
from bot.paperwork import Wish
from bot.ports import Backends, Clips, WorkFactory
from bot.text import explain, say

ASKED: Final = "?"
"""It was asked for, and nobody knows what came of it …"""
MADE: Final = "id:"
"""… it was made, with this id …"""
NOT_MADE: Final = "no:"
"""… or certainly was not, for this reason."""
ID_MAX: Final = 1_000
"""Characters; some servers write half an order into an id."""
_NOTHING: Final = frozenset({"-", "–", "—"})


def source_of(who: CastMember) -> str:
    """Name of the backend that filmed the take somebody was made from, where that was kept; else empty."""
    return who.remote.partition(":")[0]


def can_be_made(who: CastMember, offers: Mapping[str, Capabilities]) -> bool:
    """Whether that backend could make a character of the take, and has not yet."""
    caps = offers.get(source_of(who))
    return caps is not None and caps.characters is Characters.IDS and not caps.paused and source_of(who) not in who.ids


def buttons(who: CastMember, locale: str) -> tuple[Button, ...]:
    """Consent, and money that it may cost, in one tap; or not."""
    return (
        Button(say("button.character_yes", locale), commands.action("character", who.id, "yes")),
        Button(say("button.consent_no", locale), commands.action("character", who.id, "no")),
    )


def known_as(who: CastMember, said: str, offers: Mapping[str, Capabilities]) -> CastMember:
    """Somebody with the id that a member gives, ``backend:id``; ``backend:-`` forgets it. Raises `BadValue`."""
    backend, _, name = (part.strip() for part in said.partition(":"))
    able = [each for each, caps in offers.items() if caps.characters is Characters.IDS and "/" not in each]
    if backend not in able or not name or len(name) > ID_MAX or not name.isprintable() or " " in name:
        choice = ", ".join(f"{each}:…" for each in able) or "-"
        raise BadValue(option="id", value=said[:80], expected=choice)
    others = {each: known for each, known in who.ids.items() if each != backend}
    return replace(who, ids=others if name in _NOTHING else {**others, backend: name})


async def made(command: Character, wish: Wish, work: WorkFactory, backends: Backends, clips: Clips | None) -> Character:
    """The command with what came of asking the backend; as it is, where there is nothing to ask, or it was asked before."""
    who, clip = await _meant(command, wish, work, clips)
    if who is None or clip is None or source_of(who) not in backends.names():
        return command
    backend, _, remote = who.remote.partition(":")
    maker = backends.get(backend)
    if not isinstance(maker, MakesCharacters) or not can_be_made(who, {backend: await maker.capabilities()}):
        return command
    asked = await _noted(replace(command, made=ASKED), wish, work)
    try:
        told = f"{MADE}{await maker.make_character(who.name, remote, clip)}"
    except (NeverMade, TurnedDown, RefusedByRules) as fault:
        told = f"{NOT_MADE}{fault.reason or explain(fault, wish.address.locale)}"
    except ThroughlineError:
        return asked
    return await _noted(replace(command, made=told[: ID_MAX + len(MADE)]), wish, work)


async def _meant(
    command: Character, wish: Wish, work: WorkFactory, clips: Clips | None
) -> tuple[CastMember | None, Path | None]:
    """Who it is about and the clip that they were made from; nothing where nothing is to be asked."""
    if not command.agreed or command.made or clips is None:
        return None, None
    async with work() as w:
        who = await w.cast.get(command.cast)
        take = await w.takes.get(who.made_from) if who is not None and who.made_from else None
    if who is None or who.standing is not Standing.STANDING or who.by != wish.member.id:
        return None, None
    return who, await clips.path(take.clip.digest) if take is not None and take.clip is not None else None


async def _noted(command: Character, wish: Wish, work: WorkFactory) -> Character:
    async with work() as w:
        await w.wishes.amend(wish.id, commands.to_dict(command))
    return command
