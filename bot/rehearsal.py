"""What a member's messages would film in an empty production: their briefs, one after the other. Pure; no studio, no job.

For pages and pictures that show what messages come to. The rules are those of the commands themselves (`bot.filming`,
`bot.remixing`, `bot.styling`, `bot.casting`); where no model is named, no model's limits apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from bot import storyboard_text
from bot.appearing import appearing
from bot.assembly import Storyboard
from bot.brief import Brief, compile_brief
from bot.cast import CastMember, named_in
from bot.commands import Command, Extend, Generate, Remix, Retake, Scene, Style, Takes
from bot.continuity import Facts
from bot.looks import Cast
from bot.picks import joined
from bot.remixing import facts_remixed, remixed
from bot.rewording import words_of
from bot.spine import Spine, preset

USUAL_SECONDS = 4
"""The length of a clip of which nobody says one."""


@dataclass(frozen=True)
class _Set:
    """What stands when the next message comes."""

    spine: Spine = field(default_factory=Spine)
    cast: tuple[CastMember, ...] = ()
    facts: Facts = field(default_factory=Facts)
    takes: tuple[Brief, ...] = ()


def rehearse(commands: Iterable[Command]) -> tuple[Brief, ...]:
    """The briefs of all takes that these would film, in their order; what films nothing only sets up what follows."""
    return reduce(_after, commands, _Set()).takes


def _after(now: _Set, command: Command) -> _Set:
    match command:
        case Style():
            look = preset(command.preset) if command.preset else now.spine
            return replace(now, spine=look.set(**command.values()))
        case Cast():
            return replace(now, cast=(*now.cast, _introduced(command, len(now.cast))))
        case Storyboard():
            return reduce(_filmed, _shots_of(command), now)
        case Generate():
            return _filmed(now, command)
    return _again(now, now.takes[-1], command) if now.takes else now


def _again(now: _Set, source: Brief, command: Command) -> _Set:
    """Another take of the last one."""
    match command:
        case Remix():
            return _changed(now, source, command)
        case Retake():
            return _taken(now, replace(source, shape=command.shape or source.shape))
        case Extend():
            return _taken(now, replace(source, starts_at=source.starts_at + (source.seconds or USUAL_SECONDS)))
    return now


def _taken(now: _Set, *takes: Brief) -> _Set:
    return replace(now, takes=(*now.takes, *takes))


def _shots_of(wish: Storyboard) -> Iterator[Generate]:
    for shot in storyboard_text.read(wish.text).shots:
        yield Generate(prompt=shot.words, seconds=shot.seconds, scene=Scene.NEW if shot.scene_new else None)


def _introduced(command: Cast, number: int) -> CastMember:
    said = command.description or ""
    return CastMember(
        str(number), "", "", command.who or "", said, wardrobe=command.wardrobe or "", voice=command.voice or ""
    )


def _filmed(now: _Set, wish: Generate) -> _Set:
    """The next shot; of several takes of it, each with a chance of its own."""
    before = now.facts if wish.carry and wish.scene is not Scene.NEW else Facts()
    here = appearing(wish.prompt, now.cast, before)
    brief = compile_brief(
        here.words,
        spine=now.spine,
        cast=here.cast,
        undressed=here.undressed,
        kept=here.carried.kept,
        seconds=wish.seconds,
        shape=wish.shape,
        seed=wish.seed,
    )
    many = range(wish.count) if isinstance(wish, Takes) else ()
    dealt = [replace(brief, seed=number) for number in many] or [brief]
    return _taken(replace(now, facts=here.carried.facts), *dealt)


def _changed(now: _Set, source: Brief, wish: Remix) -> _Set:
    named = named_in(joined(wish.change, wish.picks, words_of(source)), _those_first(now.cast, source))
    after = replace(now, facts=facts_remixed(now.facts, named.words))
    return _taken(after, remixed(source, named.words, named.cast))


def _those_first(cast: Sequence[CastMember], source: Brief) -> tuple[CastMember, ...]:
    there = {credit.id for credit in source.cast}
    return tuple(sorted(cast, key=lambda who: who.id not in there))
