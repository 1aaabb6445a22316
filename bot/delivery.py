"""Where a card goes, when a progress edit is worth its cost, and how a clip reaches the chat exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final
from weakref import WeakValueDictionary

from bot import fitting, lint_card
from bot.cards import Card
from bot.errors import DeliveryFault, SetupFault
from bot.fitting import Fitter
from bot.ports import Clips, Clock, Poster, Readers, Work, WorkFactory
from bot.posting import Finished, post_clip
from bot.promotion import Above, nothing_above
from bot.states import Job, State
from bot.takecard import TakeView, take_card

log = logging.getLogger("throughline.delivery")

COUNTED_MOST: Final = 10_000
"""Takes whose shown votes are remembered; of one that is forgotten the card is shown once too often."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the member saw last of a job; the card itself only as a hash, since a thousand of them may wait."""

    card: int
    state: State
    at: float


@dataclass(frozen=True, slots=True)
class _Count:
    """The votes that a take's card shows, and since when."""

    votes: int
    at: float


@dataclass
class Delivery:
    """Shows jobs as cards through the poster of their platform. Progress may be dropped; an end and a clip may not."""

    work: WorkFactory
    clips: Clips
    posters: Mapping[str, Poster]
    clock: Clock
    fitter: Fitter
    readers: Readers = field(default_factory=dict)
    above: Above = nothing_above
    """What a finished take can become, and for how much."""
    _shown: dict[str, _Shown] = field(default_factory=dict)
    _counted: dict[str, _Count] = field(default_factory=dict)
    _counting: set[str] = field(default_factory=set)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def open(self, job_id: str) -> None:
        """Show the first card of a job, where its idea stood if it was one, or how it ended if it already has.

        Raises `DeliveryFault`.
        """
        async with self._turn(job_id):
            async with self.work() as w:
                job = await w.jobs.get(job_id)
            if job is None or job.state is State.DONE:
                return
            if not job.state.ended:
                await self._catch_up(job, await self._show(job))
                return
        await self.ended(job)

    async def _catch_up(self, job: Job, now: Job | None) -> None:
        """A first card may wait long for its turn in a chat: what happened meanwhile is shown now, not at the next change."""
        if now is not None and now.state is not job.state and not now.state.ended:
            await self.progress(now)

    async def progress(self, job: Job) -> None:
        """Show how the job goes, if something visible changed and the platform's pace allows it. Never waits for a chat.

        Before its first card stands there is nothing to change: that card is the wish's answer, `open` shows it.
        """
        poster = self.posters.get(job.address.platform)
        shown = self._shown.get(job.id)
        if poster is None or (shown and shown.state is job.state and self.clock.now() - shown.at < poster.pace):
            return
        card, posted = await self._card(job)
        if posted is not None and self._is_news(job, card):
            self._saw(job, card)
            await poster.progress(job.address, job.take, card, posted)

    async def ended(self, job: Job) -> bool:
        """Tell the member how it ended without a clip; what could not be told now is told by the sweep.

        Where the chat will never take it (it is gone, or we are), it counts as told: nobody is there to be told.
        """
        try:
            async with self._turn(job.id):
                await self._show(job)
        except DeliveryFault as fault:
            log.warning("job %s: its end could not be told%s: %s", job.id, "" if fault.final else " yet", fault.reason)
            if not fault.final:
                return False
        async with self.work() as w:
            await w.jobs.note(job.id, job.state, told=True)
        self._shown.pop(job.id, None)
        return True

    async def clip(self, job: Job) -> str:
        """Post the finished clip; the message's reference. Raises `DeliveryFault`."""
        async with self._turn(job.id):
            card, posted = await self._card(replace(job, state=State.DONE, revision=job.revision + 1))
            try:
                path = await self.clips.path(card.clip.digest) if card.clip else None
                if path is None:
                    raise DeliveryFault("the clip's file is gone", final=True)
                done = Finished(job.address, job.take, card, path, posted)
                reference = await post_clip(self.fitter, self._poster(job), done)
            except SetupFault as fault:  # a full disk, a store that is away: it goes when that is over
                raise DeliveryFault(str(fault)) from fault
            if job.batch:
                self._count(job, await self._votes(job))
        self._shown.pop(job.id, None)
        return reference

    async def refresh(self, job: Job) -> None:
        """Show the card of a job anew after something about its take changed (circled, a chip removed)."""
        try:
            card, posted = await self._card(job)
            poster = self._poster(job)
            await poster.show(job.address, job.take, await self._with_link(card, job, poster), posted)
        except (DeliveryFault, SetupFault) as fault:
            log.info("job %s: card not refreshed: %s", job.id, fault)

    async def recount(self, job: Job) -> None:
        """Show the card of a clip anew if its votes are others than those it shows, once in the platform's pace.

        Who comes while somebody waits for that is counted by the one who waits.
        """
        poster = self.posters.get(job.address.platform)
        if poster is None or job.state is not State.DONE or job.id in self._counting:
            return
        self._counting.add(job.id)
        try:
            shown = self._counted.get(job.id)
            if shown is not None:
                await self.clock.sleep(shown.at + poster.pace - self.clock.now())
        finally:
            self._counting.discard(job.id)
        async with self._turn(job.id):
            votes = await self._votes(job)
            if shown is None or shown.votes != votes:
                self._count(job, votes)
                await self.refresh(job)

    async def _votes(self, job: Job) -> int:
        async with self.work() as w:
            return (await take_view(w, job, self.readers)).votes

    def _count(self, job: Job, votes: int) -> None:
        self._counted.pop(job.id, None)
        self._counted[job.id] = _Count(votes, self.clock.now())
        while len(self._counted) > COUNTED_MOST:
            del self._counted[next(iter(self._counted))]

    async def _with_link(self, card: Card, job: Job, poster: Poster) -> Card:
        """A clip that had to be linked is linked anew."""
        path = await self.clips.path(card.clip.digest) if card.clip else None
        if card.clip is None or path is None:
            return card
        linked = await self.fitter.linked(card.clip, path, await poster.room(job.address))
        return fitting.told(card, linked, job.address.locale) if linked else card

    async def _card(self, job: Job) -> tuple[Card, str | None]:
        """The card as it would be shown now, and where it was posted."""
        async with self.work() as w:
            view = await take_view(w, job, self.readers)
            row = await w.jobs.get(job.id)
        if job.state in (State.DONE, State.UNDELIVERED):
            view = replace(view, above=await self.above(view.take, job))
        return take_card(view, self.clock.now(), job.address.locale), row.posted if row else None

    async def _show(self, job: Job) -> Job | None:
        """Only in the job's turn: who comes second has to find the message of the first.

        How the job stands by the time its first card does; None where that was not looked at.
        """
        card, posted = await self._card(job)
        if not self._is_news(job, card):
            return None
        reference = await self._poster(job).show(job.address, job.take, card, posted)
        self._saw(job, card)
        return await self._remember(job, reference) if posted is None else None

    def _is_news(self, job: Job, card: Card) -> bool:
        shown = self._shown.get(job.id)
        return shown is None or shown.card != hash(replace(card, revision=0))

    def _saw(self, job: Job, card: Card) -> None:
        self._shown[job.id] = _Shown(hash(replace(card, revision=0)), job.state, self.clock.now())

    async def _remember(self, job: Job, reference: str) -> Job | None:
        async with self.work() as w:
            row = await w.jobs.get(job.id)
            if row is not None and row.posted is None:
                await w.jobs.note(job.id, row.state, posted=reference)
        if row is not None and row.posted not in (None, reference):
            await self._leave_behind(row, reference)
        return row

    async def _leave_behind(self, job: Job, reference: str) -> None:
        """Another process has posted the clip meanwhile: our card says that it is done, and offers nothing."""
        card, _ = await self._card(job)
        left = replace(card, clip=None, buttons=())
        await self._poster(job).progress(job.address, job.take, left, reference)

    @asynccontextmanager
    async def _turn(self, job_id: str) -> AsyncIterator[None]:
        """What posts for one job goes one by one in this process."""
        turn = self._turns.get(job_id)
        if turn is None:
            turn = self._turns[job_id] = asyncio.Lock()
        async with turn:
            yield

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
        before=source.brief if source else None,
        ahead_own=own,
        ahead_others=others,
        usual=await w.jobs.usual_seconds(job.backend, job.model, job.seconds),
        kept_now=frozenset(kind.value for kind, _ in shot.facts.items()) if shot else frozenset(),
        reading=readers[job.backend].reading(take.brief) if job.backend in readers else None,
        votes=(await w.votes.of_shot(take.shot)).get(take.id, 0) if job.batch else 0,
        offers=lint_card.offers_of(take, job.seconds),
    )
