"""What can be completed while a member types: takes, ready spines, spine fields, backends, productions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.asking import Desk
from bot.film import Production, Take
from bot.offering import capabilities_of
from bot.people import Address, Member
from bot.ports import Work
from bot.rewording import own_words
from bot.session import company_of
from bot.spine import FIELDS, presets
from bot.states import Job
from bot.takecard import backend_name, price_line
from bot.text import say

MOST: Final = 25
"""Discord shows no more: `discord-api-docs`, application command option choices."""
LONGEST: Final = 100
"""Characters of a value and of a label, the same source."""
LOOKED_AT: Final = 100
"""Takes that are searched for what was typed."""


@dataclass(frozen=True)
class Suggestion:
    """One completion: what is put into the option, and how it is shown (at most 100 characters each)."""

    value: str
    label: str


@dataclass(frozen=True)
class Typing:
    """Who types, and where."""

    desk: Desk
    member: Member
    address: Address

    @property
    def locale(self) -> str:
        """The language of the labels."""
        return self.address.locale


async def suggest(w: Work, option: str, typed: str, typing: Typing) -> Sequence[Suggestion]:
    """The completions that contain what was typed, best first; none for an option that has none."""
    source = _SOURCES.get(option)
    if source is None:
        return ()
    return _matching(await source(w, typing), typed)


def _matching(found: Iterable[Suggestion], typed: str) -> tuple[Suggestion, ...]:
    wanted = typed.strip().casefold()
    hits = [each for each in found if wanted in each.label.casefold() or wanted == each.value.casefold()]
    return tuple(Suggestion(each.value, _cut(each.label)) for each in hits[:MOST])


def _cut(label: str) -> str:
    line = " ".join(label.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


async def _takes(w: Work, typing: Typing) -> Iterable[Suggestion]:
    """The member's own takes in this place, newest first; the value is the take's id."""
    takes = await w.takes.newest(typing.member.id, typing.address.place, LOOKED_AT)
    jobs = await w.jobs.of_takes([take.id for take in takes])
    return [Suggestion(take.id, _take_label(take, jobs, typing.locale)) for take in takes]


def _take_label(take: Take, jobs: Mapping[str, Job], locale: str) -> str:
    job = jobs.get(take.id)
    state = say(f"state.{job.state.value}", locale) if job else ""
    return " · ".join(filter(None, (str(take.slate), state, own_words(take)[:400])))


async def _presets(w: Work, typing: Typing) -> Iterable[Suggestion]:
    return [
        Suggestion(name, " · ".join(dict.fromkeys((name, say(f"preset.{name}", typing.locale), spine.render()))))
        for name, spine in presets().items()
    ]


async def _cast(w: Work, typing: Typing) -> Iterable[Suggestion]:
    """Everybody whom the member may name there."""
    everybody = (await company_of(w, typing.member.id, typing.address)).everybody
    return [Suggestion(who.name, f"{who.name} · {who.description[:400]}") for who in everybody]


async def _fields(w: Work, typing: Typing) -> Iterable[Suggestion]:
    return [Suggestion(name, say(f"spine.{name}", typing.locale)) for name in FIELDS]


async def _models(w: Work, typing: Typing) -> Iterable[Suggestion]:
    """The backends that members may name, with what a second costs."""
    return [
        Suggestion(name, " · ".join(filter(None, (backend_name(name, typing.locale), await _price(name, typing)))))
        for name in typing.desk.offered
    ]


async def _price(name: str, typing: Typing) -> str:
    backends = typing.desk.backends
    return price_line(await capabilities_of(backends, name), typing.locale) if backends else ""


async def _titles(w: Work, typing: Typing) -> Iterable[Suggestion]:
    """The member's productions here, newest first; by id where the title is too long, or there are two of it."""
    found = await w.productions.of(typing.member.id, typing.address.place)
    titles = [each.title.casefold() for each in found]
    return [Suggestion(_title_value(each, titles), each.title) for each in found]


def _title_value(production: Production, titles: Sequence[str]) -> str:
    plain = len(production.title) <= LONGEST and titles.count(production.title.casefold()) == 1
    return production.title if plain else production.id


_SOURCES: Final[Mapping[str, Callable[[Work, Typing], Awaitable[Iterable[Suggestion]]]]] = {
    "take": _takes,
    "from": _takes,
    "name": _cast,
    "preset": _presets,
    "field": _fields,
    "model": _models,
    "title": _titles,
}
