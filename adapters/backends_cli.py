"""``throughline backends``: what films here, whether it answers, what it can and what it costs; ``probe`` films one short clip.

The table spends nothing. A probe shows its price first and asks; what it spends is not any member's and stands in no ledger.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from adapters.media.gate import MediaGate
from adapters.settings import Settings
from adapters.video import find_backends
from adapters.video.pricelist import cost_line
from adapters.video.roster import Roster
from adapters.video.several import missing
from bot import offering
from bot.backends import OffersModels, choice_of, split_choice
from bot.brief import compile_brief
from bot.capabilities import Capabilities, Characters, Sound
from bot.errors import BackendFault, ProbeFailed, ThroughlineError, UnknownBackend, Unreachable
from bot.film import Shape, new_id
from bot.paperwork import Finding, Order, Phase, Report
from bot.ports import Backend, Examinable
from bot.prices import Origin
from bot.text import money

WORDS: Final = "A red paper boat drifts slowly across a still pond, soft morning light."
LOOK_EVERY: Final = 2.0
LOOK_AT_HOME: Final = 0.2
PATIENCE: Final = 1800.0
HEADS: Final = ("backend", "state", "can", "costs")
WIDEST: Final = 44
"""Characters of a column before it is broken; names are not broken, they may be copied."""


@dataclass(frozen=True)
class Line:
    """One choice, for the table and for ``--json``."""

    choice: str
    configured: bool
    alive: bool | None
    """None: not asked, since it is not set up or cannot say."""
    state: str
    can: str = ""
    costs: str = ""
    offered: bool = False
    retires_on: str = ""


async def run(settings: Settings, *, probe: bool, name: str, sure: bool, as_json: bool) -> int:
    """The table, of `name` alone if it is not empty, or a probe of that choice. Raises `SetupFault`, `UnknownBackend`."""
    from adapters.bootstrap import build_backends

    roster = build_backends(settings)
    try:
        if probe:
            return await _probe(roster, name, sure=sure)
        lines = [each for each in await listed(roster, settings.backends) if _named(each.choice, name)]
    finally:
        await roster.backends.close()
    _say(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2) if as_json else as_table(lines))
    return 0


def _named(choice: str, name: str) -> bool:
    return not name or choice == name or choice.startswith(f"{name}/")


# ---------------------------------------------------------------- the table


async def listed(roster: Roster, tables: Mapping[str, Mapping[str, Any]] | None = None) -> list[Line]:
    """Every backend there is, with its models; those that are not set up come last, with what they wait for."""
    there = await asyncio.gather(*(_lines_of(roster, name) for name in roster.backends.names()))
    absent = sorted({*find_backends(), *(tables or {})} - set(roster.backends.names()))
    waiting = [Line(name, False, None, _not_set_up(missing(name, tables or {}))) for name in absent]
    return [*(line for lines in there for line in lines), *waiting]


def _not_set_up(needs: str) -> str:
    return f"not set up ({needs})" if needs else "not set up"


async def _lines_of(roster: Roster, name: str) -> list[Line]:
    backend = roster.backends.get(name)
    cards = await backend.models() if isinstance(backend, OffersModels) else ()
    choices = [choice_of(name, card.id) for card in cards] or [name]
    said = await backend.examine() if isinstance(backend, Examinable) else ()
    default, now = (await backend.capabilities()).model, time.time()
    cans = [await offering.capabilities_of(roster.backends, choice) for choice in choices]
    return [
        _line(roster, choice, can, said, default=default, now=now) for choice, can in zip(choices, cans, strict=True)
    ]


def _line(
    roster: Roster, choice: str, can: Capabilities, said: Sequence[Finding], *, default: str | None, now: float
) -> Line:
    name = split_choice(choice)[0]
    troubles = [each for each in said if each.level == "error" and _concerns(each.subject, name, choice)]
    alive = not troubles if said else None
    return Line(
        choice=choice,
        configured=True,
        alive=alive,
        state=_state(can, choice, alive, troubles, now),
        can=abilities(can),
        costs=_costs(can),
        offered=bool({choice, name if can.model == default else choice} & set(roster.offered)),
        retires_on=can.retires_on,
    )


def _concerns(subject: str, name: str, choice: str) -> bool:
    """What is said of the backend concerns all of its models; what is said of another model does not."""
    return subject == choice or not subject.startswith(f"{name}/")


def _state(can: Capabilities, choice: str, alive: bool | None, troubles: Sequence[Finding], now: float) -> str:
    try:
        offering.check_alive(can, choice, now)
    except ThroughlineError:
        return f"ended on {can.retires_on}"
    if can.paused:
        return "paused"
    if alive is False:
        return f"in trouble: {troubles[0].text}"
    ends = f", ends on {can.retires_on}" if can.retires_on else ""
    return f"{'answers' if alive else 'set up'}{ends}"


def abilities(can: Capabilities) -> str:
    """What it can, in few words; what is not known is not said."""
    if can.among:
        return f"picks one of {', '.join(can.among)}"
    said = [
        f"{offering.span(can.seconds)} s" if can.seconds else "",
        " ".join(shape.label for shape in can.shapes or ()),
        "-".join(dict.fromkeys((can.resolutions[0], can.resolutions[-1]))) if can.resolutions else "",
        "first frame" if can.images else "",
        "last frame" if can.pictures.last else "",
        f"{can.pictures.references} reference pictures" if can.pictures.references else "",
        "sound" if can.sound in (Sound.ALWAYS, Sound.OPTIONAL) else "",
        "seed" if can.seed else "",
        "remix" if can.remixes else "",
        "extend" if can.extends else "",
        "characters" if can.characters is not Characters.NONE else "",
        "cancel" if can.cancels else "",
    ]
    return ", ".join(filter(None, said))


def _costs(can: Capabilities) -> str:
    line = cost_line(can)
    if can.tariff is None or line in ("free", "unknown"):
        return line
    where = {Origin.OPERATOR: "yours", Origin.DISCOVERY: "as it says", Origin.TABLE: "table"}[can.tariff.origin]
    when = f", as of {can.tariff.as_of}" if can.tariff.as_of else ""
    return f"{line} ({where}{when})"


def as_table(lines: Sequence[Line]) -> str:
    """For people: aligned, a star before what members may name."""
    rows = [
        HEADS,
        *((f"{'*' if line.offered else ' '} {line.choice}", line.state, line.can, line.costs) for line in lines),
    ]
    rows[0] = (f"  {HEADS[0]}", *HEADS[1:])
    longest = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    widths = [longest[0], *(min(WIDEST, width) for width in longest[1:])]
    text = "\n".join(line for row in rows for line in _wrapped(row, widths))
    return f"{text}\n\n* members may name it"


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """A row as lines: what is long goes on under itself."""
    cells = [wrap(cell, WIDEST, break_on_hyphens=False) or [""] for cell in row[1:]]
    lines = zip_longest([row[0]], *cells, fillvalue="")
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


# ---------------------------------------------------------------- the probe


async def _probe(roster: Roster, choice: str, *, sure: bool) -> int:
    if split_choice(choice)[0] not in roster.backends.names():
        raise UnknownBackend(backend=choice, backends=", ".join(roster.backends.names()))
    can = await offering.capabilities_of(roster.backends, choice)
    if can.among:
        raise UnknownBackend(backend=choice, backends=", ".join(can.among))
    order = shortest(choice, can)
    price = offering.price_of(can, order.brief)
    length = f"{order.brief.seconds} s" if order.brief.seconds else "a clip of its own length"
    _say(f"{choice}: {length}, {money(price, 'en')}.")
    if not sure and not await _agreed():
        _say("Nothing was sent.")
        return 1
    backend = roster.backends.get(split_choice(choice)[0])
    file, report, took = await film(backend, order, choice, at_home=can.embedded)
    footage = await MediaGate().footage(file)
    spent = report.cost if report.cost is not None else price
    told = " (as it says)" if report.cost is not None else " (estimated)" if price else ""
    _say(
        f"{file}\n{footage.seconds:.1f} s, {footage.width} x {footage.height}, {file.stat().st_size:,} bytes, "
        f"{'with' if footage.has_sound else 'without'} sound; {money(spent, 'en')}{told}; filmed in {took:.0f} s."
    )
    return 0


def shortest(choice: str, can: Capabilities) -> Order:
    """The least that it films: its shortest length, its lowest tier."""
    brief = compile_brief(WORDS, seconds=can.seconds[0] if can.seconds else None)
    if can.shapes:
        brief = replace(brief, shape=Shape.WIDE if Shape.WIDE in can.shapes else can.shapes[0])
    if can.resolutions:
        brief = replace(brief, resolution=can.resolutions[0])
    offering.check(can, brief, choice)
    return Order(new_id(), brief, split_choice(choice)[1] or can.model, "1A-1")


async def film(backend: Backend, order: Order, choice: str, *, at_home: bool) -> tuple[Path, Report, float]:
    """Order once, follow, fetch: the file, the last report, the seconds it took. Raises `ProbeFailed`."""
    began = time.monotonic()
    file = await asyncio.to_thread(_fresh_file)
    try:
        remote_id = await backend.submit(order, None)
        report = await _followed(backend, remote_id, LOOK_AT_HOME if at_home else LOOK_EVERY)
        if report.phase is not Phase.FINISHED:
            raise ProbeFailed(backend=choice, reason=f"{report.phase.value}. {report.reason}".rstrip(". "))
        await backend.fetch(remote_id, file)
    except BackendFault as fault:
        raise ProbeFailed(backend=choice, reason=f"{_plain(fault.key)}. {fault.reason}".rstrip(". ")) from None
    return file, report, time.monotonic() - began


def _plain(key: str) -> str:
    return key.replace("_", " ")


def _fresh_file() -> Path:
    return Path(tempfile.mkdtemp(prefix="throughline-probe-")) / "clip.mp4"


async def _followed(backend: Backend, remote_id: str, every: float) -> Report:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                report = await backend.report(remote_id)
            except Unreachable:
                report = Report(Phase.QUEUED)
            if report.phase not in (Phase.QUEUED, Phase.ROLLING):
                return report
            await asyncio.sleep(every)


async def _agreed() -> bool:
    sys.stdout.write("Film it? [y/N] ")
    sys.stdout.flush()
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")


def _say(words: Any) -> None:
    sys.stdout.write(f"{words}\n")
