"""How takes came from one another: gathered in one transaction, cut to what one picture can hold, and put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.drawings import Branch, Lineage
from bot.film import Production, Take
from bot.people import Address, Member
from bot.ports import Work
from bot.rewording import own_words
from bot.states import Job
from bot.text import say

MOST: Final = 40
"""Takes in one picture."""
GATHERED: Final = 400
"""Takes that are looked at; of a larger family only these."""


@dataclass(frozen=True)
class Family:
    """A take with all it is related to, each behind what it was made from."""

    shown: Take
    takes: tuple[Take, ...]
    jobs: Mapping[str, Job]
    productions: Mapping[str, Production]
    """By shot."""


async def family_of(w: Work, take: Take, member: Member, address: Address) -> Family:
    """The takes of its shot, what they came from and what came of them, as far as this member may see them here."""
    found = {take.id: take} | {each.id: each for each in await w.takes.of_shot(take.shot)}
    for each in [*await _sources(w, take), *await _sources(w, min(found.values(), key=_age))]:
        found[each.id] = each
    await _add_descendants(w, found)
    seen = [each for each in found.values() if each.id == take.id or may_see(each, member, address)]
    takes = tuple(_in_order(seen))
    shots = {each.shot: await _production(w, each) for each in takes}
    jobs = await w.jobs.of_takes([each.id for each in takes])
    return Family(take, takes, jobs, {shot: production for shot, production in shots.items() if production})


def may_see(take: Take, member: Member, address: Address) -> bool:
    """A take of this place; of other places only the member's own, where nobody else reads along."""
    return take.place == address.place or (take.member == member.id and address.direct)


def drawn(family: Family, locale: str) -> Lineage:
    """The family as it is drawn, in the member's language."""
    kept = chosen(family)
    left_out = Counter(
        above for take in family.takes if take.id not in kept and (above := _kept_above(take, family, kept))
    )
    shown = [take for take in family.takes if take.id in kept]
    places = {take.id: place for place, take in enumerate(shown)}
    branches = [_branch(take, family, places, left_out, locale) for take in shown]
    production = family.productions.get(family.shown.shot)
    return Lineage(
        shot=family.shown.slate.shot_name,
        title=production.title if production else "",
        count=_counted(family.takes, locale),
        branches=tuple(branches),
    )


def chosen(family: Family) -> frozenset[str]:
    """Ids of the takes that are drawn: the one asked about, its line, the circled, what came of it, then the newest."""
    if len(family.takes) <= MOST:
        return frozenset(take.id for take in family.takes)
    line = [*_line(family.shown, family)]
    wanted = [family.shown, *line[-1:], *line[: MOST // 2]]
    wanted += [take for take in family.takes if take.circled]
    wanted += [take for take in family.takes if take.made_from == family.shown.id]
    wanted += sorted(family.takes, key=_age, reverse=True)
    return frozenset([*dict.fromkeys(take.id for take in wanted)][:MOST])


def _line(take: Take, family: Family) -> Iterator[Take]:
    """What it came from, nearest first."""
    known = {each.id: each for each in family.takes}
    met = {take.id}
    while take.made_from in known and take.made_from not in met:
        met.add(take.made_from)
        take = known[take.made_from]
        yield take


def _kept_above(take: Take, family: Family, kept: frozenset[str]) -> str | None:
    return next((each.id for each in _line(take, family) if each.id in kept), None)


def _branch(take: Take, family: Family, places: Mapping[str, int], left_out: Counter[str], locale: str) -> Branch:
    source = next((each for each in family.takes if each.id == take.made_from), None)
    repeated = source is not None and own_words(source) == own_words(take)
    above = _kept_above(take, family, frozenset(places))
    job = family.jobs.get(take.id)
    return Branch(
        parent=places[above] if above else None,
        slate=str(take.slate),
        words=say("shot.same_brief", locale) if repeated else own_words(take),
        verbatim=not repeated,
        note=_note(take, source, family, locale),
        more=say("lineage.more", locale, count=left_out[take.id]) if left_out[take.id] else "",
        state=say(f"state.{job.state.value}", locale) if job else "",
        shown=take.id == family.shown.id,
        circled=take.circled,
        still=take.clip.poster if take.clip else None,
    )


def _note(take: Take, source: Take | None, family: Family, locale: str) -> str:
    """In which other production it was made, or in what other shape."""
    here, home = family.productions.get(take.shot), family.productions.get(family.shown.shot)
    if here and home and here.id != home.id:
        return say("lineage.elsewhere", locale, title=here.title)
    if source is not None and take.brief.shape and take.brief.shape is not source.brief.shape:
        return take.brief.shape.label
    return ""


def _counted(takes: Sequence[Take], locale: str) -> str:
    circled = sum(take.circled for take in takes)
    count = say("lineage.one", locale) if len(takes) == 1 else say("lineage.takes", locale, count=len(takes))
    more = say("lineage.circled", locale, count=circled) if circled else ""
    return say("list.comma", locale).join(filter(None, (count, more)))


async def _sources(w: Work, take: Take) -> list[Take]:
    found: dict[str, Take] = {}
    above = take.made_from
    while above and above not in found and len(found) < GATHERED:
        source = await w.takes.get(above)
        if source is None:
            break
        found[above] = source
        above = source.made_from
    return [*found.values()]


async def _add_descendants(w: Work, found: dict[str, Take]) -> None:
    young = [*found]
    while young and len(found) < GATHERED:
        born = [take for take in await w.takes.made_from(young, GATHERED) if take.id not in found]
        found |= {take.id: take for take in born[: GATHERED - len(found)]}
        young = [take.id for take in born]


async def _production(w: Work, take: Take) -> Production | None:
    shot = await w.productions.shot(take.shot)
    return await w.productions.get(shot.production) if shot else None


def _in_order(takes: Iterable[Take]) -> Iterator[Take]:
    """Each behind what it was made from, brothers by age; without end only where the rows were, and there it stops."""
    known = {take.id: take for take in sorted(takes, key=_age)}
    below: dict[str | None, list[Take]] = {}
    for take in known.values():
        below.setdefault(take.made_from if take.made_from in known else None, []).append(take)
    waiting = below.get(None, [])[::-1]
    while waiting:
        take = waiting.pop()
        yield known.pop(take.id)
        waiting += below.get(take.id, [])[::-1]
    yield from known.values()


def _age(take: Take) -> tuple[float, str]:
    return take.created_at, take.id
