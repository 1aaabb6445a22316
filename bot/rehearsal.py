"""What a member's messages would film in an empty production: their briefs, one after the other. Pure; no studio, no job.

For pages and pictures that show what messages come to. The rules are those of the commands themselves (`bot.filming`,
`bot.remixing`, `bot.styling`, `bot.casting`); where no model is named, no model's limits apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.appearing import appearing
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

    spine: Spine = Spine()
    cast: tuple[CastMember, ...] = ()
    facts: Facts = Facts()
    last: Brief | None = None


def rehearse(commands: Iterable[Command]) -> tuple[Brief, ...]:
    """The briefs of all takes that these would film, in their order; what films nothing only sets up what follows."""
    now, filmed = _Set(), []
    for command in commands:
        for now in _after(now, command):
            filmed += [now.last] if now.last is not None else []
    return tuple(filmed)


def _after(now: _Set, command: Command) -> Iterator[_Set]:
    """What stands after each take of the command; once, with no take in it, after one that films none."""
    match command:
        case Style():
            look = preset(command.preset) if command.preset else now.spine
            yield replace(now, spine=look.set(**command.values()), last=None)
        case Cast():
            yield replace(now, cast=(*now.cast, _introduced(command, len(now.cast))), last=None)
        case Generate():
            count = command.count if isinstance(command, Takes) else 1
            filmed = _filmed(now, command)
            yield from (_dealt(filmed, number if count > 1 else None) for number in range(count))
        case Remix() if now.last is not None:
            yield _changed(now, now.last, command)
        case Retake() if now.last is not None:
            yield replace(now, last=replace(now.last, shape=command.shape or now.last.shape))
        case Extend() if now.last is not None:
            length = now.last.seconds or USUAL_SECONDS
            yield replace(now, last=replace(now.last, starts_at=now.last.starts_at + length))


def _introduced(command: Cast, number: int) -> CastMember:
    said = command.description or ""
    return CastMember(
        str(number), "", "", command.who or "", said, wardrobe=command.wardrobe or "", voice=command.voice or ""
    )


def _filmed(now: _Set, wish: Generate) -> _Set:
    """The next shot."""
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
    return replace(now, facts=here.carried.facts, last=brief)


def _dealt(now: _Set, number: int | None) -> _Set:
    """The same with a chance of its own, where there are several of one brief."""
    return now if number is None or now.last is None else replace(now, last=replace(now.last, seed=number))


def _changed(now: _Set, source: Brief, wish: Remix) -> _Set:
    named = named_in(joined(wish.change, wish.picks, words_of(source)), _those_first(now.cast, source))
    return replace(now, facts=facts_remixed(now.facts, named.words), last=remixed(source, named.words, named.cast))


def _those_first(cast: Sequence[CastMember], source: Brief) -> tuple[CastMember, ...]:
    there = {credit.id for credit in source.cast}
    return tuple(sorted(cast, key=lambda who: who.id not in there))
