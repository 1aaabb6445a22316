"""Where a card goes, when a progress edit is worth its cost, and how a clip reaches the chat exactly once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.cards import Card
from bot.errors import DeliveryFault
from bot.ports import Clips, Clock, Poster, Readers, Work, WorkFactory
from bot.states import Job, State
from bot.takecard import TakeView, take_card

log = logging.getLogger("throughline.delivery")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the member saw last of a job; the card itself only as a hash, since a thousand of them may wait."""

    card: int
    state: State
    at: float


@dataclass
class Delivery:
    """Shows jobs as cards through the poster of their platform. Progress may be dropped; an end and a clip may not."""

    work: WorkFactory
    clips: Clips
    posters: Mapping[str, Poster]
    clock: Clock
    readers: Readers = field(default_factory=dict)
    _shown: dict[str, _Shown] = field(default_factory=dict)

    async def open(self, job_id: str) -> None:
        """Show the first card of a job, or how it ended if it already has. Raises `DeliveryFault`."""
        async with self.work() as w:
            job = await w.jobs.get(job_id)
        if job is None or job.state is State.DONE:
            return
        if job.state.ended:
            await self.ended(job)
        elif job.posted is None:
            await self._show(job)

    async def progress(self, job: Job) -> None:
        """Show how the job goes, if something visible changed and the platform's pace allows it."""
        poster = self.posters.get(job.address.platform)
        shown = self._shown.get(job.id)
        if poster is None or (shown and shown.state is job.state and self.clock.now() - shown.at < poster.pace):
            return
        try:
            await self._show(job)
        except DeliveryFault as fault:
            log.info("job %s: progress not shown: %s", job.id, fault.reason)

    async def ended(self, job: Job) -> bool:
        """Tell the member how it ended without a clip; what could not be told now is told by the sweep."""
        try:
            await self._show(job)
        except DeliveryFault as fault:
            log.warning("job %s: its end could not be told yet: %s", job.id, fault.reason)
            return False
        async with self.work() as w:
            await w.jobs.note(job.id, job.state, told=True)
        self._shown.pop(job.id, None)
        return True

    async def clip(self, job: Job) -> str:
        """Post the finished clip; the message's reference. Raises `DeliveryFault`."""
        card, posted = await self._card(replace(job, state=State.DONE, revision=job.revision + 1))
        path = await self.clips.path(card.clip.digest) if card.clip else None
        if path is None:
            raise DeliveryFault("the clip's file is gone", final=True)
        reference = await self._poster(job).deliver(job.address, job.take, card, (path,), posted)
        self._shown.pop(job.id, None)
        return reference

    async def refresh(self, job: Job) -> None:
        """Show the card of a job anew after something about its take changed (circled, a chip removed)."""
        card, posted = await self._card(job)
        try:
            await self._poster(job).show(job.address, job.take, card, posted)
        except DeliveryFault as fault:
            log.info("job %s: card not refreshed: %s", job.id, fault.reason)

    async def _card(self, job: Job) -> tuple[Card, str | None]:
        """The card as it would be shown now, and where it was posted."""
        async with self.work() as w:
            view = await take_view(w, job, self.readers)
            row = await w.jobs.get(job.id)
        return take_card(view, self.clock.now(), job.address.locale), row.posted if row else None

    async def _show(self, job: Job) -> None:
        card, posted = await self._card(job)
        shown, look = self._shown.get(job.id), hash(replace(card, revision=0))
        if shown and shown.card == look:
            return
        reference = await self._poster(job).show(job.address, job.take, card, posted)
        self._shown[job.id] = _Shown(look, job.state, self.clock.now())
        if posted is None:
            await self._remember(job.id, reference)

    async def _remember(self, job_id: str, reference: str) -> None:
        async with self.work() as w:
            row = await w.jobs.get(job_id)
            if row is not None and row.posted is None:
                await w.jobs.note(job_id, row.state, posted=reference)

    def _poster(self, job: Job) -> Poster:
        poster = self.posters.get(job.address.platform)
        if poster is None:
            raise DeliveryFault(f"no poster for {job.address.platform} in this process")
        return poster


async def take_view(w: Work, job: Job, readers: Readers) -> TakeView:
    """Read all that a take's card needs."""
    take = await w.takes.get(job.take)
    assert take is not None  # made in the same transaction as the job
    shot = await w.productions.shot(take.shot)
    source = await w.takes.get(take.made_from) if take.made_from else None
    own, others = await w.jobs.ahead(job) if job.state.waiting else (0, 0)
    return TakeView(
        take=take,
        job=job,
        words=take.change or (shot.words if shot else ""),
        source=str(source.slate) if source else "",
        ahead_own=own,
        ahead_others=others,
        usual=await w.jobs.usual_seconds(job.backend, job.model),
        kept_now=frozenset(kind.value for kind, _ in shot.facts.items()) if shot else frozenset(),
        reading=readers[job.backend].reading(take.brief) if job.backend in readers else None,
    )
