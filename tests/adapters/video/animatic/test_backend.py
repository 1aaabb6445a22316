"""The animatic as a backend, with a renderer that is only a stand-in: orders, chance, the cache, the reference picture."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from adapters.video import BackendSettings, find_backends
from adapters.video.animatic.backend import Animatic, number_of, spec_of
from adapters.video.animatic.cache import Cache
from adapters.video.animatic.spec import ShotSpec
from adapters.video.animatic.worker import coloured, dominant
from bot.brief import Brief, Part, PartName
from bot.errors import BadOrder
from bot.film import Shape
from bot.paperwork import Order, Phase, Report
from bot.ports import Examinable

STAND_IN = Path(__file__).with_name("stand_in.py")
HOST = """
import asyncio, sys
from pathlib import Path
from adapters.video.animatic.backend import Animatic
from adapters.video.animatic.spec import ShotSpec
from bot.brief import Brief, Part, PartName
from bot.ports import Order

def read(brief, *, slate, seed, place_seed, voice):
    return ShotSpec(slate=slate, seed=seed, place_seed=place_seed, place="slow")

async def film():
    backend = Animatic(Path(sys.argv[1]), worker=(sys.argv[2],), read=read)
    await backend.submit(Order("longjob", Brief((Part(PartName.WORDS, "a long take"),), seconds=4)), None)
    while (await backend.report("longjob")).progress is None:
        await asyncio.sleep(0.01)
    print("rolling", flush=True)
    await asyncio.sleep(600)

asyncio.run(film())
"""


def read(brief: Brief, *, slate: str, seed: int, place_seed: int, voice: bool) -> ShotSpec:
    """A reader that knows places alone."""
    places = tuple(("place", word) for word in brief.text.split() if word in ("harbour", "Harbour", "quay", "slow"))
    return ShotSpec(
        seconds=float(brief.seconds or 2),
        slate=slate,
        seed=seed,
        place_seed=place_seed,
        voice=voice,
        place="slow" if "slow" in brief.text else "harbour",
        understood=places,
    )


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Animatic]:
    backend = Animatic(tmp_path / "animatic", at_once=2, worker=(str(STAND_IN),), read=read)
    yield backend
    await backend.close()


def order(job: str = "job1", words: str = "the harbour", slate: str = "1A-1", **brief: Any) -> Order:
    return Order(job, Brief((Part(PartName.WORDS, words),), **({"seconds": 2, "seed": 7} | brief)), slate=slate)


async def until(backend: Animatic, job: str, agreed: Callable[[Report], bool], seconds: float = 60) -> Report:
    deadline = time.monotonic() + seconds
    while not agreed(report := await backend.report(job)):
        assert time.monotonic() < deadline, f"{job}: {report}"
        await asyncio.sleep(0.01)
    return report


def ended(report: Report) -> bool:
    return report.phase not in (Phase.QUEUED, Phase.ROLLING)


async def film(backend: Animatic, wanted: Order, reference: Path | None = None) -> list[float]:
    """Have it filmed; every progress that was told."""
    told: list[float] = []
    await backend.submit(wanted, reference)

    def note(report: Report) -> bool:
        if report.phase is Phase.ROLLING and report.progress is not None:
            told.append(report.progress)
        return ended(report)

    assert (await until(backend, wanted.job, note)) == Report(Phase.FINISHED, 1.0)
    return told


async def title(backend: Animatic, job: str, into: Path) -> str:
    await backend.fetch(job, into)
    with av.open(str(into)) as clip:
        return clip.metadata["title"]


def kept(folder: Path) -> set[str]:
    return {clip.name for clip in (folder / "animatic" / "cache").iterdir()}


async def test_it_is_found_and_says_what_it_can_do(tmp_path: Path) -> None:
    module, setting = find_backends()["animatic"], BackendSettings(folder=tmp_path)
    assert module.configured(setting)
    backend = module.build(setting)
    can = await backend.capabilities()
    assert (can.seconds, can.shapes) == (tuple(range(2, 21)), tuple(Shape))
    assert (can.images, can.cancels, can.free, can.embedded, can.words_max) == (True, True, True, True, 32_000)
    assert backend.name == "animatic"


async def test_an_order_becomes_a_clip_and_tells_how_far_it_is(backend: Animatic, tmp_path: Path) -> None:
    told = await film(backend, order(words="slow harbour"))
    assert told == sorted(told)
    assert len(set(told)) > 5
    assert await title(backend, "job1", tmp_path / "clip.mp4") == "1A-1 () 2"


@pytest.mark.parametrize("seconds", [1, 21])
async def test_a_length_that_it_does_not_film_is_turned_down(backend: Animatic, seconds: int) -> None:
    with pytest.raises(BadOrder):
        await backend.submit(order(seconds=seconds), None)


async def test_the_same_picture_is_drawn_once(backend: Animatic, tmp_path: Path) -> None:
    await film(backend, order("first"))
    assert len(kept(tmp_path)) == 1
    assert await film(backend, order("second")) == []  # no worker ran
    await film(backend, order("third", slate="1A-2"))
    assert len(kept(tmp_path)) == 2
    await backend.fetch("first", tmp_path / "first.mp4")
    await backend.fetch("second", tmp_path / "second.mp4")
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


async def test_without_a_seed_each_job_has_its_own_chance() -> None:
    brief = Brief((Part(PartName.WORDS, "the harbour"),))
    first, again, other = (spec_of(brief, "1A-1", job, read=read) for job in ("first", "first", "other"))
    assert first == again
    assert first.seed != other.seed
    assert first.place_seed == other.place_seed


@pytest.mark.parametrize(
    ("words", "same"),
    [("Harbour at night", True), ("the harbour and its quay", True), ("the quay", False), ("slow harbour", False)],
)
def test_the_same_place_word_is_the_same_place_everywhere(words: str, same: bool) -> None:
    here = spec_of(Brief((Part(PartName.WORDS, "the harbour"),)), "1A-1", "one", read=read)
    there = spec_of(Brief((Part(PartName.WORDS, words),)), "7C-2", "two", read=read)
    assert (here.place_seed == there.place_seed) is same


def test_chance_is_the_same_on_every_machine() -> None:
    assert number_of("place", "harbour") == 1423167558
    assert 0 <= number_of("anything") < 2**31


async def test_the_reference_picture_gives_the_colours_and_is_another_clip(backend: Animatic, tmp_path: Path) -> None:
    reference = tmp_path / "reference.png"
    Image.new("RGB", (40, 30), (200, 40, 30)).save(reference)
    await film(backend, order("plain"))
    await film(backend, order("red", reference="0" * 64), reference)
    assert len(kept(tmp_path)) == 2
    assert await title(backend, "red", tmp_path / "clip.mp4") == "1A-1 ((200, 40, 30),) 2"


def test_dominant_colours_are_the_frequent_ones_and_the_words_come_first(tmp_path: Path) -> None:
    picture = Image.new("RGB", (90, 60), (20, 40, 160))
    picture.paste((230, 180, 60), (0, 0, 90, 20))
    picture.save(tmp_path / "reference.png")
    colours = dominant(tmp_path / "reference.png")
    assert len(colours) <= 5
    assert colours[:2] == ((20, 40, 160), (230, 180, 60))
    assert coloured(ShotSpec(palette=((1, 2, 3),)), tmp_path / "reference.png").palette[:2] == (
        (1, 2, 3),
        (20, 40, 160),
    )


async def test_cancelling_ends_it_at_once(backend: Animatic) -> None:
    await backend.submit(order(words="slow harbour", seconds=20), None)
    await until(backend, "job1", lambda report: (report.progress or 0) > 0)
    begun = time.monotonic()
    assert await backend.cancel("job1")
    assert time.monotonic() - begun < 1
    assert (await backend.report("job1")).phase is Phase.CANCELLED


async def test_an_order_outlives_the_process_that_took_it(tmp_path: Path) -> None:
    host = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST, str(tmp_path), str(STAND_IN), stdout=asyncio.subprocess.PIPE
    )
    assert host.stdout is not None
    assert await host.stdout.readline() == b"rolling\n"
    host.kill()
    await host.wait()
    backend = Animatic(tmp_path, worker=(str(STAND_IN),), read=read)
    assert (await until(backend, "longjob", ended)).phase is Phase.FINISHED
    await backend.close()


async def test_an_order_that_cannot_be_read_fails_once_and_for_all(tmp_path: Path) -> None:
    def stumble(brief: Brief, **_: Any) -> ShotSpec:
        raise ValueError(brief.text)

    backend = Animatic(tmp_path, worker=(str(STAND_IN),), read=stumble)
    await backend.submit(order(), None)
    report = await until(backend, "job1", ended)
    assert (report.phase, report.retryable) == (Phase.FAILED, False)
    assert "ValueError" in report.reason


async def test_it_can_say_whether_it_works(backend: Animatic) -> None:
    assert isinstance(backend, Examinable)
    assert [finding.level for finding in await backend.examine()] == ["ok", "ok"]


def test_the_cache_lets_go_of_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=250)
    for age, key in ((30, "a"), (20, "b")):
        clip = tmp_path / key
        clip.write_bytes(bytes(100))
        cache.take(key, clip)
        os.utime(tmp_path / "cache" / f"{key}.mp4", (time.time() - age, time.time() - age))
    assert cache.give("a", tmp_path / "again")
    (tmp_path / "c").write_bytes(bytes(100))
    cache.take("c", tmp_path / "c")
    assert {clip.name for clip in (tmp_path / "cache").iterdir()} == {"a.mp4", "c.mp4"}
    assert not cache.give("b", tmp_path / "never")
    assert (tmp_path / "again").read_bytes() == bytes(100)
