"""Every backend × every fault: a delivered clip or one clear sentence, never two accepted orders, never a job that hangs."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import resource
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.video import find_backends
from bot.asking import Desk
from bot.cards import Card
from bot.commands import Generate, to_dict
from bot.delivery import Delivery
from bot.film import new_id
from bot.fitting import Fitter
from bot.jobs import Driver
from bot.paperwork import Order, Search, Wish
from bot.people import Address
from bot.ports import Backend
from bot.states import Job, State
from bot.studio import Studio
from tests.adapters.video.faulty import CASES, Case, Faulty
from tests.dialogue import INES, FakeEngine
from tests.fakes.film_world import FakeBackends, FakeClips, FakeGate, FakePoster
from tests.fakes.leaping_clock import LeapingClock
from tests.fakes.storage import FakeStore

PATIENCE = 40.0
"""Real seconds after which a job counts as hanging for ever."""
MEMORY_BYTES = 64 << 20


def _stages() -> list[str]:
    """``<backend>`` or ``<backend>-<world>``, for every ``faulty…`` of its stage; those without a server (embedded ones) have
    nothing to go wrong with."""
    found = []
    for name in sorted(find_backends()):
        module = f"tests.adapters.video.stage_{name}"
        worlds = vars(importlib.import_module(module)) if importlib.util.find_spec(module) else {}
        found += [
            f"{name}{each.removeprefix('faulty').replace('_', '-')}" for each in worlds if each.startswith("faulty")
        ]
    return found


@pytest.fixture(params=_stages())
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Faulty]:
    name, _, which = request.param.partition("-")
    stage = importlib.import_module(f"tests.adapters.video.stage_{name}")
    async with getattr(stage, f"faulty_{which}" if which else "faulty")(tmp_path) as world:
        yield world


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_ends_well_or_with_one_clear_sentence(world: Faulty, case: Case, tmp_path: Path) -> None:
    faults = case.faults(world)
    if faults is None:
        return  # the dialect has no such thing
    world.proxy.faults += faults
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with asyncio.timeout(PATIENCE):
        job, card, clips = await _filmed(world, case, tmp_path)
    assert all(fault.struck > fault.skip for fault in faults), "nothing went wrong at all"
    assert job.state in (case.ends if world.looks else case.ends_blind or case.ends), (
        job.state,
        job.failure,
        job.reason,
    )
    assert world.accepted() <= 1
    if job.state is State.DONE:
        assert [clip[4:8] for clip in clips] == [b"ftyp"]
    else:
        assert not clips
        assert card.lines
        assert len(" ".join(card.lines)) < 600
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < MEMORY_BYTES


async def _filmed(world: Faulty, case: Case, folder: Path) -> tuple[Job, Card, list[bytes]]:
    """Film one shot with the real core round the backend; the job as it ended or was parked, its card, its clips."""
    clock, store, engine = LeapingClock(haste=case.haste), FakeStore(), FakeEngine()
    clips = FakeClips(_made(folder / "clips"))
    poster = FakePoster(work=store.work)
    backends = FakeBackends({world.backend.name: in_real_time(world.backend, clock)}, world.backend.name, "")
    delivery = Delivery(store.work, clips, {"chat": poster}, clock, Fitter(clips, FakeGate(), _no_link))
    driver = Driver(store.work, backends, clips, FakeGate(), delivery, clock)
    desk = Desk(world.backend.name, "", (world.backend.name,))
    studio = Studio(store.work, backends, delivery, {"chat": poster}, clock, desk)
    engine.drive, store.on_enqueue = driver, engine.took
    command = await _command(world, case, clips, folder)
    wish = Wish(new_id(), INES, Address("chat", "night-shoots", member=INES.id), to_dict(command), clock.now())
    async with store.work() as w:
        await w.wishes.add(wish)
    try:
        await studio.take_up(wish.id)
        await engine.quiet()
    finally:
        driver.close()
    async with store.work() as w:
        taken = await w.wishes.get(wish.id)
        job = await w.jobs.get(taken.job) if taken and taken.job else None
    assert job is not None, poster.messages
    shown = poster.messages[job.take][-1]
    return job, shown, poster.clips.get(job.take, [])


async def _command(world: Faulty, case: Case, clips: FakeClips, folder: Path) -> Generate:
    caps = await world.backend.capabilities()
    wish = Generate(prompt="a fox crosses a snowy forest", seconds=caps.seconds[0] if caps.seconds else None)
    if not case.image or world.picture is None:
        return wish
    copy = folder / "picture"
    shutil.copy(world.picture, copy)
    return replace(wish, image=await clips.store(copy, ".png"))


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


async def _no_link(digest: str) -> str | None:
    return None


def in_real_time(backend: Backend, clock: LeapingClock) -> Backend:
    """The backend, asked in real time for what was made since a time of the leaping clock."""
    search = backend.search

    async def translated(order: Order, since: float) -> Search:
        return await search(order, clock.real(since))

    setattr(backend, "search", translated)  # noqa: B010 - one method of one instance; protocols look for the rest
    return backend
