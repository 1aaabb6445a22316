"""Every backend with what stands in front of it: price list, pause, circuit, limits, detours; and what members may name.

::

    [backends.openrouter]
    open = true              # members may name it although it is not the default
    models = ["google/veo-3.1", "kling/kling-4"]
    paused = false
    rate_a_minute = 10
    at_once = 2
    resolution = "720p"      # filmed, and asked for, when a member names none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.video.detours import Fallback, Router, Routes, Ways, read_routes
from adapters.video.pricelist import Priced, read_book
from adapters.video.registry import Registry
from adapters.video.routing import Breaker, Limited, Paused
from adapters.video.several import missing
from adapters.video.spooled import Spooled
from adapters.video.table import Table
from adapters.video.wrapped import wrap
from bot.backends import ROUTER, choice_of, split_choice
from bot.capabilities import Tier
from bot.errors import BadSetting
from bot.ports import Backend, Clock
from bot.prices import PriceBook
from bot.promotion import Stages

NO_STAGES: Final = Stages()


Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Door:
    """What the operator says of one backend, whichever it is."""

    models: tuple[str, ...] = ()
    open: bool = False
    paused: bool = False
    rate: int | None = None
    at_once: int | None = None
    resolution: str | None = None

    @property
    def plain(self) -> bool:
        """Nothing of it concerns orders."""
        return not (self.paused or self.rate or self.at_once or self.resolution)


def read_door(name: str, values: Mapping[str, Any]) -> Door:
    """The keys that every backend's table may have. Raises `BadSetting`."""
    table = Table(values, name)
    return Door(
        table.words("models"),
        table.flag("open", False),
        table.flag("paused", False),
        _whole(table, "rate_a_minute"),
        _whole(table, "at_once"),
        table.choice("resolution", ("", *Tier), "") or None,
    )


def _whole(table: Table, name: str) -> int | None:
    value = table.positive(name)
    if value is not None and value != int(value):
        raise table.bad(name, "a whole number")
    return None if value is None else int(value)


@dataclass(frozen=True)
class Roster:
    """What the house films with."""

    backends: Registry
    offered: tuple[str, ...]
    """The choices that members may name; the default first."""
    doors: Mapping[str, Door] = field(default_factory=dict)
    routes: Routes = field(default_factory=Routes)
    demand: bool = False
    """What has no price is not filmed."""

    @property
    def paused(self) -> frozenset[str]:
        """Those that rest, and for which nothing else would film."""
        if self.routes.fallback:
            return frozenset()
        return frozenset(name for name, door in self.doors.items() if door.paused)


def assemble(
    found: Mapping[str, Backend],
    default: str,
    embedded: str,
    clock: Clock,
    *,
    tables: Tables | None = None,
    routing: Mapping[str, Any] | None = None,
    prices: Mapping[str, Any] | None = None,
    stages: Stages = NO_STAGES,
) -> Roster:
    """Everything wrapped and checked. `default`: a choice, unless `stages` names another one for drafts. Raises `BadSetting`.

    What films finals is known, with its price, but not among what members may name.
    """
    _stages_must_be_there(found, stages, tables or {}, routed=bool((routing or {}).get("prefer")))
    default = stages.draft or default
    doors = {name: read_door(name, (tables or {}).get(name, {})) for name in found}
    routes, book = read_routes(routing or {}), read_book(prices or {})
    final, model = split_choice(stages.final)
    also = {final: (model,)} if model else {}
    inside = Registry(
        {name: _door(each, doors[name], book, clock, also.get(name, ())) for name, each in found.items()},
        default,
        embedded,
    )
    offered = _offered(doors, default, embedded, routes)
    _must_be_there(found, default, routes, tables or {})
    ways = Ways(inside, clock, routes.dearer)
    backends: dict[str, Backend] = {
        name: wrap(Fallback, door, ways, routes.fallback) if routes.fallback and name != embedded else door
        for name, door in inside.backends.items()
    }
    if routes.prefer:
        choices = [each for each in offered if _films(each, doors, embedded)]
        backends[ROUTER] = Router(ways, choices or [embedded], routes.prefer)
    return Roster(Registry(backends, default, embedded), offered, doors, routes, book.demand)


def _door(backend: Backend, door: Door, book: PriceBook, clock: Clock, also: Sequence[str] = ()) -> Backend:
    """The backend with its own price list, pause, circuit and limits; those of the house itself need none."""
    if isinstance(backend, Spooled) and door.plain:
        return backend
    listed = wrap(Priced, backend, book, clock, door.models, door.resolution)
    listed.knows(also)
    behind: Backend = wrap(Breaker, listed, clock)
    behind = wrap(Limited, behind, clock, door.rate, door.at_once)
    return wrap(Paused, behind) if door.paused else behind


def _offered(doors: Mapping[str, Door], default: str, embedded: str, routes: Routes) -> tuple[str, ...]:
    """The default, the house's own, what the operator opened, each with the models that were named, and ``auto``."""
    names = [split_choice(default)[0], embedded, *(name for name, door in doors.items() if door.open)]
    models = [choice_of(name, model) for name in names if name in doors for model in doors[name].models]
    router = [ROUTER] if routes.prefer else []
    return tuple(dict.fromkeys([default, *names, *models, *router]))


def _films(choice: str, doors: Mapping[str, Door], embedded: str) -> bool:
    """Whether the router may pick it: the bare name of a backend with models stands for one of them already."""
    name, model = split_choice(choice)
    return name in doors and name != embedded and (model is not None or not doors[name].models)


def _stages_must_be_there(found: Mapping[str, Backend], stages: Stages, tables: Tables, *, routed: bool) -> None:
    known = ", ".join(sorted(found))
    for stage, choice in (("draft", stages.draft), ("final", stages.final)):
        if choice and split_choice(choice)[0] not in found and not (routed and choice == ROUTER):
            raise BadSetting(name=f"stages.{stage}", reason=f"{_not_set_up(choice, tables)}; there are: {known}")


def _must_be_there(found: Mapping[str, Backend], default: str, routes: Routes, tables: Tables) -> None:
    known = ", ".join(sorted(found))
    if default != ROUTER and split_choice(default)[0] not in found:
        raise BadSetting(name="THROUGHLINE_BACKEND", reason=f"{_not_set_up(default, tables)}; there are: {known}")
    if default == ROUTER and not routes.prefer:
        raise BadSetting(
            name="THROUGHLINE_BACKEND", reason='auto needs [routing] prefer = "stability", "cost" or "speed"'
        )
    for choice in routes.fallback:
        if split_choice(choice)[0] not in found:
            raise BadSetting(name="routing.fallback", reason=f"{_not_set_up(choice, tables)}; there are: {known}")


def _not_set_up(choice: str, tables: Tables) -> str:
    """With what it waits for, where that is known."""
    needs = missing(split_choice(choice)[0], tables)
    return f"{choice} is not set up" + (f" ({needs} is missing)" if needs else "")
