"""What every backend promises, whoever wrote it. A backend is tested by being found; nothing is registered.

One that needs no settings is built as it is. One that needs a world of its own (a server to speak to) has a module
``tests/adapters/video/stage_<name>.py`` with ``stage(folder) -> AbstractAsyncContextManager[Stage]`` beside this file.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time

import pytest

from adapters.video import BackendSettings, find_backends
from bot.brief import compile_brief
from bot.film import Shape, new_id
from bot.paperwork import Capabilities, Order, Phase, Report
from bot.ports import Backend, Examinable, ListsMany
from tests.needs import require

BACKENDS = sorted(find_backends())
WORDS = "a dalmatian deftly walks runs and hops his way through a complex obstacle course in burano italy"
UNKNOWN = "nobody-made-this"


@dataclass
class Stage:
    """A backend in a world where it works. `secret`: a key that must turn up nowhere."""

    backend: Backend
    patience: float = 60.0
    """Seconds that one take may need."""
    secret: str = ""


@asynccontextmanager
async def stage_for(name: str, folder: Path) -> AsyncIterator[Stage]:
    """The backend of that name, ready to film; skips where there is nothing to build it with."""
    if importlib.util.find_spec(f"tests.adapters.video.stage_{name}"):
        made: AbstractAsyncContextManager[Stage]
        made = importlib.import_module(f"tests.adapters.video.stage_{name}").stage(folder)
        async with made as stage:
            yield stage
        return
    module, setting = find_backends()[name], BackendSettings(folder=folder)
    require(module.configured(setting), f"a stage for the backend {name}")
    backend = module.build(setting)
    try:
        yield Stage(backend)
    finally:
        await backend.close()


@pytest.fixture(params=BACKENDS)
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage_for(request.param, tmp_path / "scratch") as stage:
        assert stage.backend.name == request.param
        yield stage


async def an_order(backend: Backend, words: str = WORDS) -> Order:
    """The smallest order that the backend offers."""
    offered = await backend.capabilities()
    seconds = offered.seconds[0] if offered.seconds else None
    shape = Shape.WIDE if offered.shapes and Shape.WIDE in offered.shapes else None
    return Order(new_id(), compile_brief(words, seconds=seconds, shape=shape), slate="2B-3")


async def filmed(stage: Stage, remote_id: str) -> list[Report]:
    """Every different report until the clip is there."""
    reports: list[Report] = []
    async with asyncio.timeout(stage.patience):
        while not reports or reports[-1].phase in (Phase.QUEUED, Phase.ROLLING):
            report = await stage.backend.report(remote_id)
            if not reports or report != reports[-1]:
                reports.append(report)
            await asyncio.sleep(0.02)
    return reports


async def test_says_what_it_can_do(stage: Stage) -> None:
    offered = await stage.backend.capabilities()
    assert isinstance(stage.backend, Backend)
    assert offered.words_max > 0
    assert offered.seconds is None or (list(offered.seconds) == sorted(set(offered.seconds)) and offered.seconds[0] > 0)
    assert offered.shapes is None or offered.shapes
    assert not (offered.free and offered.micros_per_second)
    assert _price_is_whole(offered)


def _price_is_whole(offered: Capabilities) -> bool:
    price = offered.price(4)
    return price is None or (type(price) is int and price >= 0)


async def test_films_an_order_and_hands_over_the_clip(stage: Stage, tmp_path: Path) -> None:
    remote_id = await stage.backend.submit(await an_order(stage.backend), None)
    reports = await filmed(stage, remote_id)
    assert reports[-1].phase is Phase.FINISHED, reports
    assert all(report.progress is None or 0 <= report.progress <= 1 for report in reports)
    for name in ("clip", "the same again"):
        await stage.backend.fetch(remote_id, tmp_path / name)
        beginning = (tmp_path / name).read_bytes()[:12]
        assert beginning[4:8] == b"ftyp" or beginning[:4] == b"\x1a\x45\xdf\xa3"
    assert {"clip", "the same again"} == {name for name in os.listdir(tmp_path) if name != "scratch"}  # noqa: PTH208


async def test_two_orders_are_two_jobs(stage: Stage) -> None:
    first = await stage.backend.submit(await an_order(stage.backend), None)
    second = await stage.backend.submit(await an_order(stage.backend), None)
    assert first != second
    await filmed(stage, first)
    await filmed(stage, second)


async def test_an_unknown_job_is_lost(stage: Stage) -> None:
    assert (await stage.backend.report(UNKNOWN)).phase is Phase.LOST


async def test_finds_an_order_again_or_says_that_it_cannot_know(stage: Stage) -> None:
    order, since = await an_order(stage.backend), time()
    remote_id = await stage.backend.submit(order, None)
    search = await stage.backend.search(order, since)
    assert remote_id in search.candidates or not search.complete
    await filmed(stage, remote_id)


async def test_finds_nothing_that_was_never_ordered(stage: Stage) -> None:
    search = await stage.backend.search(
        await an_order(stage.backend, "old professor talks in english then german"), time()
    )
    assert not search.candidates


async def test_lists_only_what_it_was_asked_for(stage: Stage) -> None:
    if not isinstance(stage.backend, ListsMany) or not stage.backend.lists:
        pytest.skip("this backend has no list")
    first = await stage.backend.submit(await an_order(stage.backend), None)
    second = await stage.backend.submit(await an_order(stage.backend), None)
    reports = await stage.backend.reports([first, UNKNOWN])
    assert set(reports) <= {first}
    await filmed(stage, first)
    await filmed(stage, second)


async def test_cancelling_what_nobody_made_changes_nothing(stage: Stage) -> None:
    assert await stage.backend.cancel(UNKNOWN) in (True, False)
    assert (await stage.backend.report(UNKNOWN)).phase is Phase.LOST


async def test_examines_itself_without_telling_its_key(stage: Stage) -> None:
    if not isinstance(stage.backend, Examinable):
        pytest.skip("this backend does not examine itself")
    findings = await stage.backend.examine()
    assert findings
    assert {finding.level for finding in findings} <= {"ok", "warning"}
    assert not stage.secret or stage.secret not in repr(findings) + repr(stage.backend)


async def test_may_be_closed_twice(stage: Stage) -> None:
    await stage.backend.close()
    await stage.backend.close()
