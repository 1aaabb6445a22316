"""A backend in front of another: everything goes straight through, and what the inner one can beside it can be seen from outside.

Wrappers, not flags: pauses, limits, circuits, detours and prices are each one small class (`routing`, `detours`, `pricelist`).
Only ordering is affected by them; following, fetching and cancelling go through untouched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from bot.backends import Admits, MakesCharacters, OffersModels, TakesHooks
from bot.brief import Brief
from bot.capabilities import Capabilities, ModelCard, Size
from bot.errors import Unreachable
from bot.paperwork import Admission, Finding, Order, Reading, Report, Search
from bot.ports import Backend, Examinable, FitsPictures, ListsMany, ReadsWords

Kind = TypeVar("Kind", bound="Wrapped")


class Wrapped:
    """`bot.ports.Backend` over another one. `heard` and `unheard` are told what the backend answers; made by `wrap`."""

    def __init__(self, inner: Backend) -> None:
        self.inner = inner
        self.name = inner.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"

    async def capabilities(self) -> Capabilities:
        """The inner one's."""
        return await self.inner.capabilities()

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """See `bot.backends.Admits`."""
        if isinstance(self.inner, Admits):
            return await self.inner.admit(order, tries=tries, most=most)
        return Admission()

    def release(self, job: str) -> None:
        """See `bot.backends.Admits`."""
        if isinstance(self.inner, Admits):
            self.inner.release(job)

    async def submit(self, order: Order, reference: Path | None) -> str:
        """See `bot.ports.Backend.submit`."""
        return await self.inner.submit(order, reference)

    async def search(self, order: Order, since: float) -> Search:
        """See `bot.ports.Backend.search`."""
        return await self.inner.search(order, since)

    async def report(self, remote_id: str) -> Report:
        """See `bot.ports.Backend.report`."""
        try:
            report = await self.inner.report(remote_id)
        except Unreachable:
            self.unheard()
            raise
        self.heard({remote_id: report})
        return report

    async def fetch(self, remote_id: str, into: Path) -> None:
        """See `bot.ports.Backend.fetch`."""
        await self.inner.fetch(remote_id, into)

    async def cancel(self, remote_id: str) -> bool:
        """See `bot.ports.Backend.cancel`."""
        return await self.inner.cancel(remote_id)

    async def close(self) -> None:
        """Let the inner one go."""
        await self.inner.close()

    def heard(self, reports: Mapping[str, Report]) -> None:
        """The backend has answered a question."""

    def unheard(self) -> None:
        """It has not."""


class _Lists(Wrapped):
    @property
    def lists(self) -> bool:
        """See `bot.ports.ListsMany`."""
        return cast("ListsMany", self.inner).lists

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """See `bot.ports.ListsMany`."""
        try:
            reports = await cast("ListsMany", self.inner).reports(remote_ids)
        except Unreachable:
            self.unheard()
            raise
        self.heard(reports)
        return reports


class _Fits(Wrapped):
    def size_for(self, brief: Brief) -> Size | None:
        """See `bot.ports.FitsPictures`."""
        return cast("FitsPictures", self.inner).size_for(brief)


class _Reads(Wrapped):
    def reading(self, brief: Brief) -> Reading:
        """See `bot.ports.ReadsWords`."""
        return cast("ReadsWords", self.inner).reading(brief)


class _Examines(Wrapped):
    async def examine(self) -> Sequence[Finding]:
        """See `bot.ports.Examinable`."""
        return await cast("Examinable", self.inner).examine()


class _Offers(Wrapped):
    async def models(self) -> Sequence[ModelCard]:
        """See `bot.backends.OffersModels`."""
        return await cast("OffersModels", self.inner).models()


class _Hooks(Wrapped):
    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        """See `bot.backends.TakesHooks`."""
        return await cast("TakesHooks", self.inner).hook(headers, body)


class _Makes(Wrapped):
    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        """See `bot.backends.MakesCharacters`."""
        return await cast("MakesCharacters", self.inner).make_character(name, remote_id, clip)


TRAITS: Final[tuple[tuple[type[Any], type[Wrapped]], ...]] = (
    (ListsMany, _Lists),
    (FitsPictures, _Fits),
    (ReadsWords, _Reads),
    (Examinable, _Examines),
    (OffersModels, _Offers),
    (TakesHooks, _Hooks),
    (MakesCharacters, _Makes),
)


def wrap(kind: type[Kind], inner: Backend, *more: Any) -> Kind:
    """`kind` in front of `inner`, with every further ability that the inner one has; `more` goes to `kind`."""
    traits = tuple(trait for ability, trait in TRAITS if isinstance(inner, ability) and not _has(kind, trait))
    made: Any = type(kind.__name__, (kind, *traits), {}) if traits else kind
    return cast("Kind", made(inner, *more))


def _has(kind: type[Wrapped], trait: type[Wrapped]) -> bool:
    """Whether the wrapper itself does what the trait would hand through."""
    return any(name in vars(kind) for name in vars(trait) if not name.startswith("_"))


def innermost(backend: Backend) -> Backend:
    """The backend itself, without what stands in front of it."""
    while isinstance(backend, Wrapped):
        backend = backend.inner
    return backend
