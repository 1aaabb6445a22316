"""A whole Throughline in memory, spoken to as a member would: `await chat.says("/generate a fox")`.

The core is the real one; round it stand the fakes that implement its ports.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot import commands
from bot.asking import Desk
from bot.bench import Bench
from bot.budget import Caps
from bot.cards import Card
from bot.commands import Command, Generate
from bot.delivery import Delivery
from bot.drawing import DrawingBoard
from bot.editing import EditRoom
from bot.film import Take, new_id
from bot.fitting import Fitter
from bot.intake import Intake
from bot.jobs import Driver
from bot.paperwork import Ticket, Wish
from bot.people import Address, Member
from bot.ports import Backend
from bot.promotion import Promotion
from bot.reading import read
from bot.states import Job
from bot.studio import Studio
from bot.sweep import Sweep
from tests.fakes.cutting import FakeCutting
from tests.fakes.drawing import FakeDrawing
from tests.fakes.film_world import FakeBackend, FakeBackends, FakeClips, FakeClock, FakeGate, FakePoster
from tests.fakes.storage import FakeStore

INES = Member("chat:ines", "Ines")
MAREK = Member("chat:marek", "Marek")
MODERATOR = Member("chat:mod", "Mod", moderator=True)


@dataclass
class FakeEngine:
    """Runs a job as soon as its ticket is committed; `frozen` keeps the tickets instead, as a dead process would."""

    drive: Driver | None = None
    frozen: bool = False
    kept: list[Ticket] = field(default_factory=list)
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def took(self, ticket: Ticket) -> None:
        """A ticket was committed."""
        if self.frozen or self.drive is None:
            self.kept.append(ticket)
            return
        task = asyncio.ensure_future(self.drive(ticket.job))
        self.running[ticket.workflow_id] = task

    async def live(self) -> frozenset[str]:
        kept = {ticket.workflow_id for ticket in self.kept}
        return frozenset(kept | {name for name, task in self.running.items() if not task.done()})

    async def adopt_dead(self) -> int:
        return 0

    async def start(self, drive: object) -> None:
        """It always runs."""

    async def stop(self, grace: float = 0.0) -> None:
        """It always runs."""

    async def enqueue(self, connection: object, ticket: Ticket) -> None:
        """The store hands tickets over itself."""

    async def quiet(self) -> None:
        """Until nothing runs any more; a drive that failed fails the test."""
        while any(not task.done() for task in self.running.values()):
            await asyncio.gather(*self.running.values())
        await asyncio.gather(*self.running.values())


class Chat:
    """One chat with its members, and everything behind it."""

    def __init__(
        self,
        folder: Path,
        backend: FakeBackend | None = None,
        caps: Caps | None = None,
        others: Sequence[FakeBackend] = (),
        **desk: Any,
    ) -> None:
        """`others`: further backends, which keep the same time; `desk`: what `Desk` is given besides."""
        self.clock = backend.clock if backend else FakeClock()
        self.backend = backend or FakeBackend(clock=self.clock)
        self.store = FakeStore()
        self.poster = FakePoster(work=self.store.work)
        self.engine = FakeEngine()
        self.clips = FakeClips(folder)
        self.gate = FakeGate()
        self.drawing = FakeDrawing()
        self.cutting = FakeCutting()
        for other in others:
            other.clock = self.clock
        all_of_them: dict[str, Backend] = {each.name: each for each in (self.backend, *others)}
        backends = FakeBackends(all_of_them, self.backend.name, self.backend.name)
        posters = {"chat": self.poster}
        self.links: dict[str, str] = {}
        fitter = Fitter(self.clips, self.gate, self._link)
        chosen = Desk(self.backend.name, self.backend.name, (self.backend.name,), caps or Caps(), backends=backends)
        self.desk = replace(chosen, **desk)
        above = Promotion(self.desk, backends, self.clock)
        self.delivery = Delivery(self.store.work, self.clips, posters, self.clock, fitter, above=above)
        self.bench = Bench(
            self.store.work,
            backends,
            posters,
            self.clock,
            self.desk,
            self.clips,
            self.gate,
            self.cutting,
            self.drawing,
            fitter,
        )
        self.driver = Driver(self.store.work, backends, self.clips, self.gate, self.delivery, self.clock)
        self.studio = Studio(
            self.store.work,
            backends,
            self.delivery,
            posters,
            self.clock,
            self.desk,
            attachments={"chat": self.poster},
            gate=self.gate,
            clips=self.clips,
            board=DrawingBoard(self.store.work, self.clips, self.drawing),
            editing=EditRoom(self.bench, "this process"),
        )
        self.sweep = Sweep(self.store.work, self.engine, self.studio, self.delivery, self.clock)
        self.intake = Intake(self.store.work, self.studio.take_up, self.desk, self.clock)
        self.driver.tell = self.studio.take_up_once
        self.engine.drive = self.driver
        self.store.on_enqueue = self.engine.took

    async def says(self, text: str, member: Member = INES, place: str = "night-shoots") -> Card:
        """A member writes; plain words film. Returns the card that stands there when all is quiet."""
        command = read(text) if text.startswith("/") else Generate(prompt=text)
        return await self.wants(command, member, place)

    async def taps(
        self, label: str, card: Card, words: str | None = None, member: Member = INES, place: str = "night-shoots"
    ) -> Card:
        """A member taps a card's button, with words where it asks for them."""
        button = next(each for each in card.buttons if each.label == label)
        command = commands.from_action(button.action, words)
        return await self.wants(command, member, place, pressed=self.reference(card))

    async def replies(self, words: str, card: Card, member: Member = INES) -> Card:
        """A member replies with words to the message that shows the card."""
        meaning = await self.intake.meaning(self.reference(card) or "")
        assert meaning is not None, "a reply to that message means nothing"
        return await self.wants(commands.from_action(meaning, words), member)

    def reference(self, card: Card) -> str | None:
        """What the chat calls the message that shows the card."""
        keys = [key for key, shown in self.poster.messages.items() if card in shown]
        return self.poster.references[keys[-1]] if keys else None

    async def wants(
        self, command: Command, member: Member = INES, place: str = "night-shoots", *, pressed: str | None = None
    ) -> Card:
        """The same for a command that a platform built."""
        wish = await self.stored(command, member, place, pressed=pressed)
        await self.studio.take_up(wish.id)
        await self.engine.quiet()
        return await self.answer(wish.id)

    async def stored(
        self, command: Command, member: Member = INES, place: str = "night-shoots", *, pressed: str | None = None
    ) -> Wish:
        """Only the first half: the wish is stored, nobody has taken it up. A place ``direct…`` is a talk with one member."""
        self.clock.time += 0.001  # two wishes never come at the very same time
        direct = place.startswith("direct")
        address = Address("chat", place, member=member.id, direct=direct, pressed=pressed)
        wish = Wish(new_id(), member, address, commands.to_dict(command), self.clock.now())
        async with self.store.work() as w:
            await w.wishes.add(wish)
        return wish

    async def answer(self, wish_id: str) -> Card:
        """What stands in the chat for a wish now."""
        async with self.store.work() as w:
            wish = await w.wishes.get(wish_id)
            job = await w.jobs.get(wish.job) if wish and wish.job else None
        key = job.take if job else wish_id
        shown = self.poster.messages.get(key)
        return shown[-1] if shown else Card()

    async def job(self, card: Card) -> Job:
        """The job behind a take's card."""
        async with self.store.work() as w:
            job = await w.jobs.of_take(card.take)
        assert job is not None
        return job

    async def take(self, card: Card) -> Take:
        """The take behind its card."""
        async with self.store.work() as w:
            take = await w.takes.get(card.take)
        assert take is not None
        return take

    async def _link(self, digest: str) -> str | None:
        return self.links.get(digest) or self.links.get("*")

    @property
    def prompts(self) -> list[str]:
        """Every prompt that left for the backend, in order."""
        return [order.brief.text for order in self.backend.accepted.values()]
